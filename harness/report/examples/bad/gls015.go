package bad

import "context"

func (s *server) handle(work func(context.Context)) {
	ctx, _ := context.WithCancel(s.ctx) // s.ctx keeps it for as long as the server lives
	work(ctx)
}

type server struct{ ctx context.Context }
