package rarekeys

import (
	"fmt"
	"sync/atomic"
	"testing"
)

func FuzzVisit(f *testing.F) {
	f.Add("/")
	f.Fuzz(func(t *testing.T, url string) { Visit(url) })
}

var pages atomic.Int64

func TestNewPage(t *testing.T) { Visit(fmt.Sprint("/page/", pages.Add(1))) }
