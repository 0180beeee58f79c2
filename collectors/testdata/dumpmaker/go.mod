module dumpmaker

go 1.23
