package script_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"docsquare/internal/cli/importer/script"
)

// written returns a value as it is known: computed values are question marks.
func written(v script.Value) string {
	var parts []string
	switch v.Kind {
	case script.Text:
		if v.Quoted {
			return fmt.Sprintf("%q", v.Text)
		}
		return v.Text
	case script.List:
		for _, item := range v.Items {
			parts = append(parts, written(item))
		}
		return "[" + strings.Join(parts, " ") + "]"
	case script.Object:
		for _, f := range v.Fields {
			parts = append(parts, f.Name+":"+written(f.Value))
		}
		return "{" + strings.Join(parts, " ") + "}"
	}
	return "?"
}

// property returns the properties of a name.
func property(s script.Script, name string) (all []string) {
	s.Root.Walk(func(at script.Place, v script.Value) {
		if at.Name == name {
			all = append(all, written(v))
		}
	})
	return all
}

// TestParse lists scripts with what their properties x are.
func TestParse(t *testing.T) {
	for source, want := range map[string]string{
		`module.exports = { x: 'a' }`:                                                                                    `"a"`,
		`export default defineConfig({ y: [{ x: ["a", "b",] }] })`:                                                       `["a" "b"]`,
		"export default {\n  'x': { '/路径/': `密码`, \"b\": 1, c: true, d: null }\n} as Config":                             `{/路径/:"密码" b:1 c:true d:null}`,
		`{ "x": "\u4e2d\x61\n\u{1F512}" }`:                                                                               `"中a\n🔒"`,
		"x = {\n // x: 1\n /* x: 2 */ y: 'x: 3', x: 4 }":                                                                 `4`,
		`const a = '/a/' // it's` + "\n" + `export default { x: { [a]: 1, ['b']: 2 } }`:                                  `{:1 b:2}`,
		"const list = ['a', 'b']\nexport default { x: list }":                                                            `["a" "b"]`,
		"export const list: Array<string> = ['a']\nexport default { x: [...list, 'b'] }":                                 `["a" "b"]`,
		"const list = ['a']\nlist.push('b')\nexport default { x: list }":                                                 `?`,
		"let list = ['a']\nexport default { x: list }":                                                                   `?`,
		"const o = { a: 1 }\nexport default { x: { ...o, b: 2 } }":                                                       `{a:1 b:2}`,
		`export default { x: { ...other, b: 2 } }`:                                                                       `{:? b:2}`,
		`export default { x: [...other, 'b'] }`:                                                                          `[? "b"]`,
		"const { a = 1, b: [c = 2] } = d\nlet e: { f: string }\nfor (const g of h) { i = 1 }\nexport default { x: 'a' }": `"a"`,
		`export default { x, y }`:                                                                                        `?`,
		`export default { x: process.env.PATHS.split(',') }`:                                                             `?`,
		`export default { x: a ? ['b'] : ['c'] }`:                                                                        `?`,
		"export default { x: `a/${b}` }":                                                                                 `?`,
		`export default { x: ['a'].concat(b) }`:                                                                          `?`,
		`export default { x: /a'b{/g, y: 1 }`:                                                                            `?`,
		`export default { x: ('a') }`:                                                                                    `"a"`,
		`export default { x: { a: 1 } satisfies Options }`:                                                               `{a:1}`,
		"function f() {\n  if (a) return 1 / 2 / 3\n}\nexport default () => ({ x: 'a' })":                                `"a"`,
		"const a = { x: 1 }\nconst b = { x: 2 }\n":                                                                       `1, 2`,
		"import b from './b'\n\nexport default {\n  y: b,\n  x: [\n    'a', // eins\n  ],\n}":                            `["a"]`,
		"const a = [a]\nexport default { x: a }":                                                                         `*`,
		"export default { x: `a\\`b` }":                                                                                  "\"a`b\"",
		"\ufeff#!/usr/bin/env node\nmodule.exports = { x: 1 }":                                                           `1`,
	} {
		s := script.Parse(source)
		if got := strings.Join(property(s, "x"), ", "); got != want && want != "*" || s.Broken {
			t.Errorf("%s: %s, want %s, broken %v", source, got, want, s.Broken)
		}
	}
}

// TestBroken lists texts that are no scripts. None of them ends the import.
func TestBroken(t *testing.T) {
	for _, source := range []string{
		"{ x: 'a", "{ x: [ }", "x: `a", "{ x: 1 ))", "/* x", "x: '\\", "{ x: /a", "a: '\\u{zz}'", strings.Repeat("[", 5000), strings.Repeat("{a:", 5000),
	} {
		if s := script.Parse(source); !s.Broken {
			t.Errorf("%.20s: it is read", source)
		}
	}
}

// TestUses lists code that sets or reads a property x without writing out an object.
func TestUses(t *testing.T) {
	for source, want := range map[string]bool{
		"config.x = 1": true, "config['x'] = 1": true, "config?.x.y": true, "module.exports = { get x() { return 1 } }": true, "module.exports = { x() { return 1 } }": true,
		"crypto.x('a')": false, "module.exports = { x: 1 }": false, "// config.x = 1": false, "module.exports = { tags: ['x'], title: 'a.x' }": false, "import { x } from 'x'": false,
	} {
		if got := script.Parse(source).Uses("x"); got != want {
			t.Errorf("%s: %v", source, got)
		}
	}
}

func TestImports(t *testing.T) {
	s := script.Parse("import a from './a'\nimport './b.js'\nconst c = require(\"./c\"), d = await import(`./d`)\nexport * from '../e'\nconst f = 'from'\nx('./g')")
	if want := []string{"./a", "./b.js", "./c", "./d", "../e"}; !slices.Equal(s.Imports, want) {
		t.Errorf("%q", s.Imports)
	}
}

// TestPlace lists where properties are.
func TestPlace(t *testing.T) {
	s := script.Parse("export default { presets: [['classic', { docs: 1 }], [require.resolve('other'), { docs: 2 }]], theme: theme({ docs: 3 }), docs: 4 }")
	var got []string
	s.Root.Walk(func(at script.Place, v script.Value) {
		if at.Name == "docs" {
			got = append(got, at.Owner+" "+at.Before+" "+v.Text)
		}
	})
	if want := []string{"presets classic 1", "presets other 2", "theme  3", "  4"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("export default defineConfig({ x: ['a', `b${c}`], ...d, /* e */ f: /g/ })")
	f.Fuzz(func(_ *testing.T, source string) {
		script.Parse(source).Root.Walk(func(script.Place, script.Value) {})
	})
}
