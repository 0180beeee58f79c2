// oracle: clean entries=TestReplicate
//
// The channel has room for every writer's error.

package smallerrbuffer

// A Replica stores a record.
type Replica interface {
	Store(record string) error
}

// Replicate stores a record at all replicas, and returns at the first error or when all have stored it.
func Replicate(replicas []Replica, record string) error {
	errs := make(chan error, len(replicas))
	stored := make(chan struct{}, len(replicas))
	for _, replica := range replicas {
		go func() {
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
