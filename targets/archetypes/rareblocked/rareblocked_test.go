package rareblocked

import "testing"

func TestAskOnce(t *testing.T) { Ask(once()) }

func TestAskAgain(t *testing.T) { Ask(false) }
