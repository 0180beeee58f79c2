module fuzzy

go 1.23

require goleakstress/agent v0.0.0

replace goleakstress/agent => ../../../agent
