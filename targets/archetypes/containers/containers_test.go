package containers

import (
	"fmt"
	"sync/atomic"
	"testing"
)

var ids atomic.Uint32

// Spread over all numbers, each once, so that trees get no deeper than by chance.
func nextID() string { return fmt.Sprintf("record-%08x", ids.Add(1)*2654435761) }

func TestList(t *testing.T)    { KeepInList(nextID()) }
func TestChain(t *testing.T)   { KeepInChain(nextID()) }
func TestTree(t *testing.T)    { KeepInTree(nextID()) }
func TestSyncMap(t *testing.T) { KeepInSyncMap(nextID()) }
func TestNotes(t *testing.T)   { KeepNotes(nextID()) }

func TestListTrimmed(t *testing.T)    { KeepSome(nextID()) }
func TestSyncMapDeleted(t *testing.T) { Visit(nextID()) }
