module stackmaker

go 1.23
