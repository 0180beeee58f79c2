module goleakstress/examples

go 1.23
