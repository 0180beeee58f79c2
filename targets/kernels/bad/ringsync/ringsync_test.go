package ringsync

import (
	"context"
	"testing"
	"time"
)

func TestGossip(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	Gossip(ctx, []*Replica{NewReplica(1), NewReplica(2), NewReplica(3)})
}
