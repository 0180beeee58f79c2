package good

import "context"

func (s *server) handle(work func(context.Context)) {
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	work(ctx)
}

type server struct{ ctx context.Context }
