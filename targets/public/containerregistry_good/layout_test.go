// oracle: clean entries=TestSave
//
// github.com/google/go-containerregistry v0.15.2: a blob that the layout has already is not written again, and its reader is
// not closed: the goroutine that compresses it waits for ever. https://github.com/google/go-containerregistry/pull/1705, v0.17.0
package layout

import (
	"os"
	"sync"
	"testing"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/random"
)

// Save writes an image to the local store.
func Save(store layout.Path, image v1.Image) error {
	return store.WriteImage(image)
}

type fixture struct {
	store layout.Path
	image v1.Image
}

var shared = sync.OnceValue(func() fixture {
	dir, err := os.MkdirTemp("", "layout")
	if err != nil {
		panic(err)
	}
	store, err := layout.Write(dir, empty.Index)
	if err != nil {
		panic(err)
	}
	image, err := random.Image(64<<10, 1)
	if err != nil {
		panic(err)
	}
	return fixture{store, image}
})

func TestSave(t *testing.T) {
	if err := Save(shared().store, shared().image); err != nil {
		t.Fatal(err)
	}
}
