package quota

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"docsquare/internal/cache"
	"docsquare/internal/limit/ratelimit"
	"docsquare/internal/viewer"
)

// field is a field at the root of operations.
type field struct{ object, name string }

// limit is one @rateLimit of a field.
type limit struct {
	rate     ratelimit.Rate
	by       string
	argument []string // the way to the value
}

// limitsOf reads the limits of all fields. Only those at a root can have one.
func limitsOf(schema *ast.Schema) (map[field][]limit, error) {
	limits := map[field][]limit{}
	var problems []error
	for _, def := range schema.Types {
		for _, f := range def.Fields {
			for _, d := range f.Directives.ForNames("rateLimit") {
				l, err := limitIn(d)
				if def != schema.Query && def != schema.Mutation && def != schema.Subscription {
					err = errors.Join(err, errors.New("only fields at a root can have a limit"))
				}
				if err != nil {
					problems = append(problems, fmt.Errorf("@rateLimit of %s.%s: %w", def.Name, f.Name, err))
				}
				at := field{def.Name, f.Name}
				limits[at] = append(limits[at], l)
			}
		}
	}
	return limits, errors.Join(problems...)
}

func limitIn(d *ast.Directive) (l limit, err error) {
	value := func(name string) string {
		if a := d.Arguments.ForName(name); a != nil {
			return a.Value.Raw
		}
		return ""
	}
	l.by = value("by")
	if l.rate, err = ratelimit.ParseRate(value("limit") + "/" + value("window")); err != nil {
		return l, err
	}
	if path := value("argument"); path != "" {
		l.argument = strings.Split(path, ".")
	}
	if (l.by == "ARGUMENT") != (l.argument != nil) {
		return l, errors.New("an argument belongs to by: ARGUMENT, and to nothing else")
	}
	return l, nil
}

// Root lets a field at the root be resolved unless one of its limits is reached.
func (e *Extension) Root(ctx context.Context, next graphql.RootResolver) graphql.Marshaler {
	if e.limiter == nil {
		return next(ctx)
	}
	f := graphql.GetRootFieldContext(ctx)
	limits := e.fields[field{f.Field.ObjectDefinition.Name, f.Field.Name}]
	if len(limits) == 0 {
		return next(ctx)
	}
	cache.Untracked(ctx) // the limits count executions: no answer is kept
	args := f.Field.ArgumentMap(graphql.GetOperationContext(ctx).Variables)
	if err := take(ctx, e.limiter, f.Field.Name, limits, viewer.From(ctx), args); err != nil {
		refused := toGraphQL(err)
		refused.Path = ast.Path{ast.PathName(f.Field.Alias)}
		graphql.AddError(ctx, refused)
		return graphql.Null
	}
	return next(ctx)
}

// take counts one execution of a field.
func take(ctx context.Context, l *ratelimit.Limiter, name string, limits []limit, v viewer.Viewer, args map[string]any) error {
	buckets := make([]ratelimit.Bucket, len(limits))
	for i, l := range limits {
		buckets[i] = ratelimit.Bucket{Key: "field:" + name + ":" + l.subject(v, args), Rate: l.rate}
	}
	if _, err := l.Take(ctx, 1, buckets...); err != nil {
		return refused(err, name)
	}
	return nil
}

// FieldLimit returns a function that counts an execution of a mutation which a client has requested by another way than GraphQL. It has the
// errors of Take. Without a limiter it does nothing.
func FieldLimit(l *ratelimit.Limiter, schema *ast.Schema, mutation string) (func(ctx context.Context, v viewer.Viewer) error, error) {
	at := schema.Mutation.Fields.ForName(mutation)
	if at == nil {
		return nil, fmt.Errorf("there is no mutation %s", mutation)
	}
	var limits []limit
	for _, d := range at.Directives.ForNames("rateLimit") {
		one, err := limitIn(d)
		if err != nil {
			return nil, err
		}
		limits = append(limits, one)
	}
	return func(ctx context.Context, v viewer.Viewer) error {
		if l == nil {
			return nil
		}
		return take(ctx, l, mutation, limits, v, nil)
	}, nil
}

// subject is who shares the limit.
func (l limit) subject(v viewer.Viewer, args map[string]any) string {
	switch l.by {
	case "USER":
		if !v.Guest() {
			return "user:" + v.UserID.String()
		}
		return "address:" + v.Address
	case "ADDRESS":
		return "address:" + v.Address
	case "ARGUMENT":
		return "value:" + l.valueIn(args)
	}
	return "everybody"
}

// valueIn is the value of the limit's argument, in one case of letters.
func (l limit) valueIn(args map[string]any) string {
	var at any = args
	for _, step := range l.argument {
		fields, _ := at.(map[string]any)
		at = fields[step]
	}
	if text, ok := at.(string); ok {
		return strings.ToLower(strings.TrimSpace(text))
	}
	return strconv.Quote(fmt.Sprint(at))
}
