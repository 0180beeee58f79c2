// oracle: clean entries=TestReload
//
// The repaired twin of bad/reload: the watcher of the load before is closed.

package reload

import "syscall"

// Store holds settings.
type Store struct {
	watcher int
}

// Reload reads the settings and watches them from now on.
func (s *Store) Reload(dir string) error {
	fd, err := syscall.InotifyInit1(syscall.IN_CLOEXEC | syscall.IN_NONBLOCK)
	if err != nil {
		return err
	}
	if _, err := syscall.InotifyAddWatch(fd, dir, syscall.IN_CREATE|syscall.IN_DELETE); err != nil {
		syscall.Close(fd)
		return err
	}
	if s.watcher >= 0 {
		syscall.Close(s.watcher)
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
