// oracle: leak class=resource kind=inotify line=17 func=Store.Reload rate=0..1 driver=call note="the user has 128 of them" entries=TestReload
//
// Each load of the settings begins to watch their directory, and drops the watcher of the load before. Once the user has no more
// of them it is the next load that fails, while the one before it still went well: who fails is not who leaks.

package reload

import "syscall"

// Store holds settings.
type Store struct {
	watcher int
}

// Reload reads the settings and watches them from now on.
func (s *Store) Reload(dir string) error {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK) // culprit
	if err != nil {
		return err
	}
	if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE|syscall.IN_DELETE); err != nil {
		syscall.Close(fd)
		return err
	}
	s.watcher = fd
	return nil
}

// Load returns settings that are watched.
func Load(dir string) (*Store, error) {
	s := &Store{watcher: -1}
	return s, s.Reload(dir)
}

// Close ends watching.
func (s *Store) Close() error {
	if s.watcher < 0 {
		return nil
	}
	return syscall.Close(s.watcher)
}
