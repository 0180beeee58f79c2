package upgrade

import "testing"

func FuzzSubscribe(f *testing.F) {
	f.Add("news")
	f.Fuzz(func(t *testing.T, topic string) { Subscribe(topic) })
}

func FuzzUpgrade(f *testing.F) {
	f.Add(1)
	f.Add(2)
	f.Fuzz(func(t *testing.T, version int) { Upgrade(version) })
}

func FuzzClose(f *testing.F) {
	f.Add([]byte("bye"))
	f.Fuzz(func(t *testing.T, reason []byte) { Close() })
}
