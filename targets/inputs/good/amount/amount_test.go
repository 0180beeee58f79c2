package amount

import "testing"

func FuzzPay(f *testing.F) {
	f.Add(int64(5), "USD", false)
	f.Fuzz(func(t *testing.T, amount int64, currency string, express bool) { Pay(amount, currency, express) })
}
