// oracle: leak class=resource kind=file line=26 func=readConfig rate=1 driver=call entries=TestFiles id=config
// oracle: leak class=resource kind=file line=34 func=readHosts rate=1 driver=call entries=TestFiles id=hosts
// oracle: leak class=resource kind="http response body" line=44 func=status rate=1 driver=call entries=TestBodies id=status
// oracle: leak class=resource kind="http response body" line=52 func=length rate=1 driver=call entries=TestBodies id=length
//
// Two callers of one helper forget to close what it returns: two leaks at two lines.

package helper

import (
	"net/http"
	"os"
)

var config, hosts []*os.File

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func readConfig() error {
	f, err := open(os.DevNull) // culprit: config
	if err == nil {
		config = append(config, f)
	}
	return err
}

func readHosts() error {
	f, err := open(os.DevNull) // culprit: hosts
	if err == nil {
		hosts = append(hosts, f)
	}
	return err
}

func get(url string) (*http.Response, error) { return http.Get(url) }

func status(url string) (int, error) {
	r, err := get(url) // culprit: status
	if err != nil {
		return 0, err
	}
	return r.StatusCode, nil
}

func length(url string) (int64, error) {
	r, err := get(url) // culprit: length
	if err != nil {
		return 0, err
	}
	return r.ContentLength, nil
}
