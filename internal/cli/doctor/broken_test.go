package doctor_test

import (
	"slices"
	"strings"
	"testing"

	"docsquare/internal/cli/doctor"
)

// wanted is a finding, by what it must say among others.
type wanted struct {
	part, check string
	state       doctor.State
	says        string
	remedy      string
}

// TestBroken breaks a set-up in one way each, and wants it named together with the remedy.
func TestBroken(t *testing.T) {
	for name, c := range map[string]struct {
		breaks func(t *testing.T, o *doctor.Options)
		wants  []wanted
	}{
		"two bad values": {badValues, []wanted{
			{"Configuration", "REDIS_DB", doctor.Failure, "whole number", "set REDIS_DB"},
			{"Configuration", "SESSION_TTL", doctor.Failure, "such as 90s", "set SESSION_TTL"},
			{"Redis", "reachable", doctor.Note, "REDIS_DB cannot be used", "fix REDIS_DB"},
			{"Database", "schema", doctor.OK, "version", ""},
		}},
		"a database that does not answer": {deafDatabase, []wanted{{"Database", "reachable", doctor.Failure, "does not answer", "start PostgreSQL at 127.0.0.1:"}}},
		"a database that refuses": {noDatabase, []wanted{
			{"Database", "reachable", doctor.Failure, "does not exist", "CREATE DATABASE nowhere"},
		}},
		"pending migrations":      {pending, []wanted{{"Database", "schema", doctor.Warning, "migrations [6] are still to run", "docsquare migrate"}}},
		"an empty PostgreSQL":     {postgres, []wanted{{"Database", "schema", doctor.Warning, "migrations [1 2 3 4 5 6 7 8 9 10 11 12 13 14 15]", "docsquare migrate"}}},
		"a newer schema":          {newer, []wanted{{"Database", "schema", doctor.Failure, "version 9999", "newer docsquare"}}},
		"no database at all":      {noDatabaseFile, []wanted{{"Database", "reachable", doctor.Failure, "not a database", "restore a backup"}}},
		"a file as the directory": {fileAsDirectory, []wanted{{"Files", "directory", doctor.Failure, "is no directory", "set FILES_URL"}}},
		"a directory that takes no files": {func(_ *testing.T, o *doctor.Options) { o.Config.FilesURL = "file:///proc" }, []wanted{
			{"Files", "directory", doctor.Failure, "cannot be kept there", "set FILES_URL"},
		}},
		"a read-only PostgreSQL": {readOnlyPostgres, []wanted{
			{"Database", "writable", doctor.Failure, "default_transaction_read_only is on", "SET default_transaction_read_only = off"},
		}},
		"no Redis":                     {noRedis, []wanted{{"Redis", "reachable", doctor.Failure, "refused", "set REDIS_URL"}}},
		"a wrong password":             {wrongPassword, []wanted{{"Redis", "reachable", doctor.Failure, "WRONGPASS", "set REDIS_PASSWORD"}}},
		"no password":                  {noPassword, []wanted{{"Redis", "reachable", doctor.Failure, "NOAUTH", "set REDIS_PASSWORD"}}},
		"a Redis that evicts nothing":  {noEviction, []wanted{{"Redis", "memory", doctor.Warning, "noeviction", "CONFIG SET maxmemory-policy allkeys-lru"}}},
		"a full Redis":                 {fullRedis, []wanted{{"Redis", "writes", doctor.Failure, "OOM", "CONFIG SET maxmemory-policy allkeys-lru"}}},
		"a Redis without bounds":       {unbounded, []wanted{{"Redis", "memory", doctor.Note, "no maxmemory", "CONFIG SET maxmemory 1gb"}}},
		"a replica":                    {replica, []wanted{{"Redis", "writes", doctor.Failure, "READONLY", "set REDIS_URL to the master"}}},
		"a demo for everybody":         {demo, []wanted{{"Configuration", "ADDR", doctor.Warning, "demo account", "ADDR=127.0.0.1:8080"}}},
		"a developer's production":     {production, []wanted{{"Configuration", "PUBLIC_URL", doctor.Warning, "not https", "PUBLIC_URL"}, {"Configuration", "INTROSPECTION", doctor.Warning, "schema", "INTROSPECTION"}}},
		"a proxy that is not declared": {proxied, []wanted{{"Configuration", "TRUSTED_PROXIES", doctor.Warning, "one budget", "TRUSTED_PROXIES"}, {"Configuration", "REDIS_URL", doctor.Note, "several", "REDIS_URL"}}},
		"no bucket":                    {noBucket, []wanted{{"Files", "reachable", doctor.Failure, "no bucket missing", "set FILES_URL"}}},
		"a bucket that is away":        {farBucket, []wanted{{"Files", "reachable", doctor.Failure, "does not answer", "endpoint"}}},
	} {
		t.Run(name, func(t *testing.T) {
			o := healthy(t)
			c.breaks(t, o)
			found, report := examined(t, o)
			t.Logf("\n%s", report)
			for _, w := range c.wants {
				if !slices.ContainsFunc(found, w.is) {
					t.Errorf("not found: %+v", w)
				}
			}
		})
	}
}

func (w wanted) is(f doctor.Finding) bool {
	return f.Part == w.part && f.Check == w.check && f.State == w.state && strings.Contains(f.Says, w.says) && strings.Contains(f.Remedy, w.remedy)
}
