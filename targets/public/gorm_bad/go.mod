module example.org/leaks/gorm_bad

go 1.23

require gorm.io/gorm v1.25.8

require (
	github.com/jinzhu/inflection v1.0.0 // indirect
	github.com/jinzhu/now v1.1.5 // indirect
)
