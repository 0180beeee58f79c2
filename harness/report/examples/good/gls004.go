package good

type log struct {
	lines [100]string
	next  int
}

func (l *log) add(line string) {
	l.lines[l.next%len(l.lines)] = line // the oldest goes
	l.next++
}
