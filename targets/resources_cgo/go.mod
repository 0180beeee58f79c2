module example.com/resources_cgo

go 1.23
