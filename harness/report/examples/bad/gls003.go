package bad

var pages = map[string]string{}

func page(url string, load func(string) string) string {
	if text, known := pages[url]; known {
		return text
	}
	pages[url] = load(url) // one entry for every url there ever was
	return pages[url]
}
