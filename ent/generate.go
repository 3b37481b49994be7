// Package ent is the database as Go types: schema/ is written by hand, everything else is generated from it.
package ent

//go:generate go tool ent generate --feature sql/upsert,sql/modifier,sql/execquery,sql/lock --template ./template ./schema

// enttest needs the automatic migrations, which the client does not have: see template/client.tmpl.
//go:generate rm -r enttest
