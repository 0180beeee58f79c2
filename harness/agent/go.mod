module goleakstress/agent

go 1.23
