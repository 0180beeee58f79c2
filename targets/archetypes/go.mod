module example.com/archetypes

go 1.23
