// oracle: leak class=goroutine kind=select line=33 func=Run rate=1 driver=call input="JSON with steps[i].run.background true and a command" entries=FuzzRun
//
// A job with a step that runs something in the background leaves the step's goroutine behind.

package nestedjson

import "encoding/json"

// Job is what a job looks like in JSON.
type Job struct {
	Name  string `json:"name"`
	Steps []struct {
		Run *struct {
			Command    string `json:"command"`
			Background bool   `json:"background"`
		} `json:"run"`
	} `json:"steps"`
}

// Run runs a job and returns the number of its steps.
func Run(text []byte) (int, error) {
	var job Job
	if err := json.Unmarshal(text, &job); err != nil {
		return 0, err
	}
	ended := make(chan struct{})
	output := make(chan string)
	for _, step := range job.Steps {
		if step.Run == nil || step.Run.Command == "" {
			continue
		}
		if step.Run.Background {
			go func() { // culprit
				select {
				case output <- step.Run.Command:
				case <-ended:
				}
			}()
		}
	}
	return len(job.Steps), nil
}
