module profilemaker

go 1.23
