// A target of the fuzz engine's own test: serves deep.Leak through the agent, as a patched testing package would serve a
// FuzzXxx, but without one: the test then needs nothing of the build room.
package main

import (
	"fuzzy/deep"
	"os"

	"goleakstress/agent"
)

func main() {
	entry := func(v []any) (failed, skipped bool, text string) {
		deep.Leak(v[0].(string), v[1].(uint32), v[2].([]byte))
		return false, false, ""
	}
	seeds := [][]any{{"get", uint32(7), []byte(`{"op":"list","tags":["a"]}`)}}
	if len(os.Args) > 1 && os.Args[1] == "shallow" {
		entry = func(v []any) (failed, skipped bool, text string) {
			deep.Shallow(v[0].(string))
			return false, false, ""
		}
		seeds = [][]any{{"hello"}}
	}
	agent.Serve(seeds[0], seeds, entry)
}
