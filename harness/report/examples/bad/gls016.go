package bad

import "net/http"

func fetch(request *http.Request) (*http.Response, error) {
	client := http.Client{Transport: &http.Transport{}} // its connection is kept, and never used again
	return client.Do(request)
}
