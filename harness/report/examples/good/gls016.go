package good

import (
	"net/http"
	"time"
)

var client = http.Client{Transport: &http.Transport{MaxConnsPerHost: 8, IdleConnTimeout: time.Minute}}

func fetchShared(request *http.Request) (*http.Response, error) { return client.Do(request) }
