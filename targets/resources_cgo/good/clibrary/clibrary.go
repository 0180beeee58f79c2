// oracle: clean entries=TestCount
//
// The list is freed on every path.

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

	list := C.words_of(c)
	defer C.words_free(list)
	n := int(C.words_count(list))
	if n > many {
		return -1
	}
	return n
}
