module pprofserver

go 1.23
