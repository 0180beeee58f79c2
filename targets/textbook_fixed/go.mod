module example.com/textbook_fixed

go 1.23
