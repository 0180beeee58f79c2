package failedconstructor

import "testing"

func use(name string) error {
	topic, err := NewTopic(name)
	if err != nil {
		return err
	}
	defer topic.Close()
	topic.Publish("hello")
	return nil
}

func FuzzName(f *testing.F) {
	f.Add("orders")
	f.Fuzz(func(t *testing.T, name string) { use(name) })
}

func TestBadName(t *testing.T) {
	if err := use("bad name"); err != errName {
		t.Errorf("NewTopic: %v", err)
	}
}

func TestGoodName(t *testing.T) {
	if err := use("orders"); err != nil {
		t.Errorf("NewTopic: %v", err)
	}
}
