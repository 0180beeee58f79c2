module example.org/leaks/backoff_good

go 1.23

require github.com/lestrrat-go/backoff/v2 v2.0.8

require github.com/lestrrat-go/option v1.0.0 // indirect
