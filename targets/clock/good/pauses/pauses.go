// oracle: clean entries=TestSend,TestSendOverHTTP,TestSendTooLate
//
// As in bad/pauses, but the last letter alone is remembered.

package pauses

import (
	"context"
	"errors"
	"time"
)

const pause = 400 * time.Millisecond // between two tries

// Mailer sends letters.
type Mailer struct {
	deliver func(ctx context.Context, letter string) error
	sent    map[int]string
}

// NewMailer makes a mailer that delivers so.
func NewMailer(deliver func(ctx context.Context, letter string) error) *Mailer {
	return &Mailer{deliver: deliver, sent: map[int]string{}}
}

// Send tries until the letter is delivered or the context is done.
func (m *Mailer) Send(ctx context.Context, letter string) error {
	for {
		if err := m.deliver(ctx, letter); err == nil {
			break
		}
		select {
		case <-time.After(pause):
		case <-ctx.Done():
			return errors.Join(ctx.Err(), errors.New("not delivered"))
		}
	}
	m.sent[0] = letter
	return nil
}
