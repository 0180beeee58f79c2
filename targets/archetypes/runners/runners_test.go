package runners

import "testing"

func TestBoth(*testing.T) { listen(); relock() }

func TestListen(*testing.T) { listen() }

func TestPark(*testing.T) { park() }

func TestDone(*testing.T) { done() }
