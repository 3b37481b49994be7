package config

import "reflect"

// variable is one variable of the environment.
type variable struct{ field, name, fallback, help string }

func variables() []variable {
	t := reflect.TypeFor[Config]()
	list := make([]variable, 0, t.NumField())
	for f := range t.Fields() {
		list = append(list, variable{f.Name, f.Tag.Get("env"), f.Tag.Get("envDefault"), f.Tag.Get("help")})
	}
	return list
}

func variableOf(field string) string {
	for _, v := range variables() {
		if v.field == field {
			return v.name
		}
	}
	return field
}
