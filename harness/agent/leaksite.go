//go:build goleakstress_coverage

package agent

import "runtime"

// Where goroutines wait, as numbers: cheap enough to be asked for after every recorded call that left some behind.

const maxSiteGoroutines = 4000 // beyond it a look takes milliseconds

var (
	siteCounts  = map[uint32]int{}
	siteRecords []runtime.StackRecord
)

// newSite returns the hash of the stack of which there are most more goroutines than at the last look; 0: none.
func newSite() uint32 {
	n := runtime.NumGoroutine()
	if n > maxSiteGoroutines {
		return 0
	}
	if len(siteRecords) < n+16 {
		siteRecords = make([]runtime.StackRecord, 2*n+64)
	}
	n, ok := runtime.GoroutineProfile(siteRecords)
	if !ok {
		return 0
	}
	counts := make(map[uint32]int, len(siteCounts)+1)
	for i := range siteRecords[:n] {
		counts[hashStack(siteRecords[i].Stack())]++
	}
	var site uint32
	most := 0
	for s, c := range counts {
		if more := c - siteCounts[s]; more > most || (more == most && more > 0 && s < site) {
			site, most = s, more
		}
	}
	siteCounts = counts
	return site
}

// hashStack is FNV-1a over the program counters, which a binary that is not relocated keeps from run to run.
func hashStack(stack []uintptr) uint32 {
	h := uint32(2166136261)
	for _, pc := range stack {
		for ; pc != 0; pc >>= 8 {
			h = (h ^ uint32(pc&0xff)) * 16777619
		}
	}
	return h
}
