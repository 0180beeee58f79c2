package retrycontext

import (
	"sync"
	"testing"
)

var queue = sync.OnceValue(NewQueue)

func TestSubmit(t *testing.T) { queue().Submit("job") }
