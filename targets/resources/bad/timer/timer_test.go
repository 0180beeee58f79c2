package timer

import "testing"

var accounts Accounts

func TestLogin(t *testing.T) {
	accounts.Schedule("ada")
	accounts.Login("ada")
}
