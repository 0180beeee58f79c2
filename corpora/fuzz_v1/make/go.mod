module goldens

go 1.23
