package doctor

import (
	"context"
	"net"
	"regexp"
	"strings"
)

// variable is how the errors of a configuration begin.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9_]+`)

// problems takes joined errors apart.
func problems(err error) (list []error) {
	if err == nil {
		return nil
	}
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return []error{err}
	}
	for _, one := range joined.Unwrap() {
		list = append(list, problems(one)...)
	}
	return list
}

// variables is those that errors of a configuration name.
func variables(err error) map[string]bool {
	names := map[string]bool{}
	for _, p := range problems(err) {
		names[variable.FindString(p.Error())] = true
	}
	return names
}

// configuration reports what the start would refuse, and what it would accept with a warning.
func (e *examination) configuration(context.Context) {
	for _, p := range problems(e.Invalid) {
		name := variable.FindString(p.Error())
		if name == "" {
			e.fail("variables", "fix the environment: docsquare help config lists every variable", "%v", p)
			continue
		}
		e.fail(name, "set "+name+" to a valid value or unset it: docsquare help config describes it", "%s", strings.TrimPrefix(p.Error(), name+" "))
	}
	if e.Invalid == nil {
		e.ok("variables", "every variable can be used; the environment is %s", e.Config.Environment)
	}
	if e.Config.Development() {
		e.development()
		return
	}
	e.production()
}

func (e *examination) development() {
	host, _, err := net.SplitHostPort(e.Config.Addr)
	address := net.ParseIP(host)
	if err != nil || host == "localhost" || address != nil && address.IsLoopback() {
		return
	}
	e.warn("ADDR", "set ADDR=127.0.0.1:8080, or ENVIRONMENT=production",
		"%s can be reached from other machines, and in development everybody knows the password of the demo account", e.Config.Addr)
}

func (e *examination) production() {
	c, sound := e.Config, true
	advise := func(when bool, tell func(check, remedy, says string, args ...any), check, remedy, says string) {
		if when {
			sound = false
			tell(check, remedy, says)
		}
	}
	https := strings.HasPrefix(c.PublicURL, "https://")
	advise(c.PublicURL != "" && !https && !e.wrong["PUBLIC_URL"], e.warn, "PUBLIC_URL",
		"put a proxy that speaks TLS before the server, and set PUBLIC_URL to its https:// address",
		"it is not https: tokens and passwords go over the network for everybody to read")
	advise(https && c.TrustedProxies == 0, e.warn, "TRUSTED_PROXIES",
		"set TRUSTED_PROXIES to the number of proxies before the server, such as 1",
		"PUBLIC_URL is https, so a proxy speaks TLS; with 0 all clients have its address, and share one budget and its failed sign-ins")
	advise(c.Introspects(), e.warn, "INTROSPECTION", "leave INTROSPECTION out, or set it to off", "everybody can ask for the schema, in production")
	advise(!strings.HasPrefix(c.DatabaseURL, "sqlite://") && c.RedisURL == "", e.note, "REDIS_URL", "for several instances set REDIS_URL",
		"it is empty: fine for one instance; several instances on one PostgreSQL need it to see each other's writes")
	if sound {
		e.ok("advice", "nothing is set as only a developer's machine should have it")
	}
}
