package main

import (
	"strings"

	"github.com/alecthomas/kong"
)

// environment gives flags the values of their variables. kong could read the process's own environment itself; this way
// it reads the one that run was given, and a variable that is set but empty counts as not set.
type environment struct {
	values map[string]string
	names  map[*kong.Value]string
}

func newEnvironment(environ []string) environment {
	e := environment{values: map[string]string{}, names: map[*kong.Value]string{}}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		e.values[name] = value
	}
	return e
}

func (e environment) get(name string) string { return e.values[name] }

// adopt takes the names of the variables over from kong and leaves them in the help text.
func (e environment) adopt(parser *kong.Kong) error {
	return kong.Visit(parser.Model, func(node kong.Visitable, next kong.Next) error {
		if flag, ok := node.(*kong.Flag); ok && len(flag.Tag.Envs) > 0 {
			name := flag.Tag.Envs[0]
			e.names[flag.Value] = name
			flag.Help = strings.TrimSuffix(flag.Help, ".") + " ($" + name + ")."
			flag.Envs, flag.Tag.Envs = nil, nil
		}
		return next(nil)
	})
}

// Validate is part of kong.Resolver.
func (e environment) Validate(*kong.Application) error { return nil }

// Resolve returns the variable's value for a flag that was not given.
func (e environment) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	if value := e.values[e.names[flag.Value]]; value != "" {
		return value, nil
	}
	return nil, nil
}
