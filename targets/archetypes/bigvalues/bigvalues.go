// oracle: leak class=cache kind=map line=27 or=23 func=Render rate=1 bytes=131072 driver=key entries=FuzzRender
// oracle: leak class=cache kind=map line=27 or=23 func=Render rate=1 bytes=131072 driver=call entries=TestNewTile
//
// Values of 128 KiB in a map that is never emptied: a few thousand calls fill the memory.

package bigvalues

import "sync"

const tileSize = 128 << 10

var (
	mu    sync.Mutex
	tiles = map[uint32][]byte{}
)

// Render returns the tile of a map.
func Render(number uint32) []byte {
	mu.Lock()
	defer mu.Unlock()
	tile, ok := tiles[number]
	if !ok {
		tile = make([]byte, tileSize) // also right
		for i := 0; i < tileSize; i += 4096 {
			tile[i] = byte(number)
		}
		tiles[number] = tile // culprit
	}
	return tile
}
