package bad

import "net/http"

func status(url string) (string, error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", err
	}
	return resp.Status, nil // a connection and two goroutines wait for its body to be read
}
