// oracle: clean entries=TestFiles,TestBodies
//
// The callers of a helper close what it returns.

package helper

import (
	"net/http"
	"os"
)

func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return f, nil
}

func readConfig() error {
	f, err := open(os.DevNull)
	if err == nil {
		f.Close()
	}
	return err
}

func readHosts() error {
	f, err := open(os.DevNull)
	if err == nil {
		defer f.Close()
	}
	return err
}

func get(url string) (*http.Response, error) { return http.Get(url) }

func status(url string) (int, error) {
	r, err := get(url)
	if err != nil {
		return 0, err
	}
	defer r.Body.Close()
	return r.StatusCode, nil
}

func length(url string) (int64, error) {
	r, err := get(url)
	if err != nil {
		return 0, err
	}
	r.Body.Close()
	return r.ContentLength, nil
}
