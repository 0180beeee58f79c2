// oracle: leak class=goroutine kind="chan receive" line=28 func=Service.Watch rate=1 driver=call note="half an hour on the clock costs the token, many calls after the first jump" entries=TestWatch
//
// A service is logged in to once, for half an hour, and nobody logs in again. Each call that is let in leaves a goroutine behind.

package token

import (
	"errors"
	"time"
)

var errExpired = errors.New("the token has expired")

const life = 30 * time.Minute

// Service lets in who has a token.
type Service struct{ until time.Time }

// LogIn gets a token.
func LogIn() *Service { return &Service{time.Now().Add(life)} }

// Watch waits for news in the background.
func (s *Service) Watch() error {
	if time.Now().After(s.until) {
		return errExpired
	}
	news := make(chan string)
	go func() { // culprit
		<-news
	}()
	return nil
}
