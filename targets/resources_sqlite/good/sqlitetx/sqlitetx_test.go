package sqlitetx

import (
	"fmt"
	"os"
	"testing"
)

var bank *Bank

func TestMain(m *testing.M) {
	dir, err := os.MkdirTemp("", "bank")
	if err == nil {
		bank, err = Open(dir)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

func TestRefused(t *testing.T) {
	if err := bank.Pay(1000); err != errBalance {
		t.Error(err)
	}
}

func TestPay(t *testing.T) {
	if err := bank.Pay(10); err != nil {
		t.Error(err)
	}
}
