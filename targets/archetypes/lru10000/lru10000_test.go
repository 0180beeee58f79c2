package lru10000

import "testing"

var key int

func TestNewKey(*testing.T) { key++; Put(key) }
func TestRing(*testing.T)   { Log(make([]byte, 64)) }
