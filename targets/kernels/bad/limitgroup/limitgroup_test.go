package limitgroup

import "testing"

func TestCrawl(t *testing.T) {
	Crawl(NewGroup(2), "A", "B")
}
