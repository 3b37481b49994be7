package config

import (
	"fmt"
	"net/url"
	"os"
	"reflect"
	"strings"
	"time"
)

// Variable is one variable of the environment.
type Variable struct {
	Group   string // what it is about
	Name    string
	Default string
	Help    string

	field  string
	secret bool // its value is not shown
}

// Variables returns all variables, ordered by group, but those of the kinds of the cache.
func Variables() []Variable {
	t := reflect.TypeFor[Config]()
	list := make([]Variable, 0, t.NumField())
	group := ""
	for f := range t.Fields() {
		if g, ok := f.Tag.Lookup("group"); ok {
			group = g
		}
		if name := f.Tag.Get("env"); name != "-" {
			_, secret := f.Tag.Lookup("secret")
			list = append(list, Variable{group, name, f.Tag.Get("envDefault"), f.Tag.Get("help"), f.Name, secret})
		}
	}
	return list
}

func variableOf(field string) string {
	for _, v := range Variables() {
		if v.field == field {
			return v.Name
		}
	}
	return field
}

// TTLVariable returns the variable with the TTL of a kind of cache entries.
func TTLVariable(kind string) string { return strings.ToUpper(kind) + "_CACHE_TTL" }

// Setting is a variable with its value.
type Setting struct {
	Name  string `json:"name"`
	Value string `json:"value"`
	Set   bool   `json:"set"` // by the environment; otherwise the value is the default
}

// hidden is shown instead of a secret.
const hidden = "(hidden)"

// Settings returns the value of each variable, and of the TTLs of the kinds that the environment sets. Secrets are replaced, also those
// in addresses.
func (c Config) Settings(kinds []string) []Setting {
	var list []Setting
	fields := reflect.ValueOf(c)
	for _, v := range Variables() {
		value := text(fields.FieldByName(v.field).Interface())
		switch {
		case v.secret && value != "":
			value = hidden
		case strings.Contains(value, "://"):
			value = withoutPassword(value)
		}
		list = append(list, Setting{v.Name, value, os.Getenv(v.Name) != ""})
	}
	for _, kind := range kinds {
		if ttl, ok := c.CacheTTL[kind]; ok {
			list = append(list, Setting{TTLVariable(kind), text(ttl), true})
		}
	}
	return list
}

func text(value any) string {
	switch v := value.(type) {
	case []string:
		return strings.Join(v, ",")
	case time.Duration:
		return short(v)
	default:
		return fmt.Sprint(v)
	}
}

// short returns 1h for 1h0m0s.
func short(d time.Duration) string {
	text := d.String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(text, zero) {
			text = text[:len(text)-2]
		}
	}
	return text
}

// withoutPassword replaces the password of an address, and the whole of one that cannot be read.
func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return hidden
	}
	return u.Redacted()
}
