// oracle: leak class=resource kind="C memory" line=21 func=Count rate=6 bytes=62 driver=call entries=TestCount
//
// A C library makes a list of the words of a text, and the list is freed only where there are many of them: what
// leaks is allocated by C, in a call from Go.

package clibrary

// #include <stdlib.h>
// #include "words.h"
import "C"

import "unsafe"

const many = 5

// Count returns the number of words in a text; of long texts it returns -1.
func Count(text string) int {
	c := C.CString(text)
	defer C.free(unsafe.Pointer(c))

	list := C.words_of(c) // culprit
	n := int(C.words_count(list))
	if n > many {
		C.words_free(list)
		return -1
	}
	return n
}
