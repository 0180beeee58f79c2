package good

const mostPages = 1000

var pages = map[string]string{}

func page(url string, load func(string) string) string {
	if text, known := pages[url]; known {
		return text
	}
	if len(pages) == mostPages {
		clear(pages) // crude, but bounded; better: the least recently used
	}
	pages[url] = load(url)
	return pages[url]
}
