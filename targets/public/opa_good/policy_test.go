// oracle: clean entries=FuzzAllowed
//
// github.com/open-policy-agent/opa v0.42.2: every regular expression that a policy ever matched stays in a global map.
// https://github.com/open-policy-agent/opa/pull/6846, v0.68.0
package policy

import (
	"context"
	"regexp"
	"sync"
	"testing"

	"github.com/open-policy-agent/opa/rego"
)

const policy = `package shop

allow { regex.match(input.pattern, input.path) }
`

var prepared = sync.OnceValue(func() rego.PreparedEvalQuery {
	query, err := rego.New(rego.Query("data.shop.allow"), rego.Module("shop.rego", policy)).PrepareForEval(context.Background())
	if err != nil {
		panic(err)
	}
	return query
})

// Allowed asks the policy whether a role, whose paths a pattern describes, may see a path.
func Allowed(ctx context.Context, pattern, path string) (bool, error) {
	input := map[string]any{"pattern": pattern, "path": path}
	query := prepared()
	result, err := query.Eval(ctx, rego.EvalInput(input))
	if err != nil {
		return false, err
	}
	return result.Allowed(), nil
}

func FuzzAllowed(f *testing.F) {
	f.Add("orders")
	f.Fuzz(func(t *testing.T, name string) {
		if _, err := Allowed(context.Background(), "^/"+regexp.QuoteMeta(name)+"/.*$", "/orders/1"); err != nil {
			t.Error(err)
		}
	})
}
