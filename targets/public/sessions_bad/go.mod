module example.org/leaks/sessions_bad

go 1.23

require github.com/gorilla/sessions v1.1.1

require (
	github.com/gorilla/context v1.1.1 // indirect
	github.com/gorilla/securecookie v1.1.1 // indirect
)
