module example.org/leaks/lz4_bad

go 1.23

require github.com/pierrec/lz4/v4 v4.1.28
