// oracle: leak class=goroutine kind="chan send" line=18 func=Replicate rate=1 driver=call entries=TestReplicate
//
// The channel for errors has room for one; of three writers that fail, one is heard, one fits, and one waits
// for ever.

package smallerrbuffer

// A Replica stores a record.
type Replica interface {
	Store(record string) error
}

// Replicate stores a record at all replicas, and returns at the first error or when all have stored it.
func Replicate(replicas []Replica, record string) error {
	errs := make(chan error, 1)
	stored := make(chan struct{}, len(replicas))
	for _, replica := range replicas {
		go func() { // culprit
			if err := replica.Store(record); err != nil {
				errs <- err
				return
			}
			stored <- struct{}{}
		}()
	}
	for range replicas {
		select {
		case err := <-errs:
			return err
		case <-stored:
		}
	}
	return nil
}
