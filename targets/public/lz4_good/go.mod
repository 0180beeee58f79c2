module example.org/leaks/lz4_good

go 1.23

require github.com/pierrec/lz4/v4 v4.1.33
