package agent

// Called by the worker around each call of a run, call counting from 0; nil unless the process takes part in fuzzing
// (coverage.go).
var callBegins, callEnds func(call uint64)
