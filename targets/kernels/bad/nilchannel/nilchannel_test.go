package nilchannel

import "testing"

func TestGreet(t *testing.T) {
	c := Dial()
	c.Greet()
	c.Introduce("Ada")
	c.Close()
}
