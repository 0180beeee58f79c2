module example.com/vendored

go 1.23

require example.com/dependency v1.2.3
