package pauses

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

var tries int

var mailer = NewMailer(func(ctx context.Context, letter string) error {
	if tries++; tries%4 != 0 {
		return errors.New("busy")
	}
	return nil
})

func TestSend(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	begin := time.Now()
	if err := mailer.Send(ctx, "hello"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(begin); took < 3*pause || took > 3*pause+time.Second {
		t.Errorf("three pauses took %v", took)
	}
}

var post = NewMailer(func(ctx context.Context, letter string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, office.URL, strings.NewReader(letter))
	if err != nil {
		return err
	}
	answer, err := office.Client().Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.Copy(io.Discard, answer.Body)
	return err
})

// The office takes its time to read a letter.
var office = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	time.Sleep(700 * time.Millisecond)
	io.Copy(w, r.Body)
}))

func TestSendOverHTTP(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	if err := post.Send(ctx, "hello"); err != nil {
		t.Fatal(err)
	}
}

// The letter is delivered after a while, though not in time for the first context.
func TestSendTooLate(t *testing.T) {
	ready := make(chan bool)
	slow := NewMailer(func(ctx context.Context, letter string) error {
		select {
		case <-ready:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	})
	slow.sent = mailer.sent
	go func() {
		time.Sleep(2 * time.Second)
		close(ready)
	}()
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	if err := slow.Send(ctx, "hello"); !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("delivered too soon: %v", err)
	}
	if err := slow.Send(context.Background(), "hello"); err != nil {
		t.Fatal(err)
	}
}
