// oracle: leak class=resource kind="C memory" line=22 func=Hash rate=1 bytes=4096 driver=call entries=TestHash
//
// A text is copied to C for its hash and the copy is never freed: memory that no Go profile shows.

package cmemory

/*
#include <stdlib.h>

static unsigned hash(const char *s) {
	unsigned h = 2166136261u;
	for (; *s; s++) {
		h = (h ^ (unsigned char)*s) * 16777619u;
	}
	return h;
}
*/
import "C"

// Hash returns the hash of a text, computed by C.
func Hash(text string) uint32 {
	c := C.CString(text) // culprit
	return uint32(C.hash(c))
}
