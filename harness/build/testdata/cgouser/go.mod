module example.com/cgouser

go 1.23
