package wanderingload

import "testing"

func FuzzSubscribe(f *testing.F) {
	f.Add("news")
	f.Fuzz(func(t *testing.T, topic string) { Subscribe(topic) })
}

func TestSubscribe(t *testing.T) { Subscribe("news") }
