// oracle: clean entries=TestHash
//
// The copy is freed.

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

import "unsafe"

// Hash returns the hash of a text, computed by C.
func Hash(text string) uint32 {
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))
	return uint32(C.hash(c))
}
