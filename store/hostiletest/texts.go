// Package hostiletest is input that nobody means well: what tests send through forms, files, queries and paths, and what they put behind
// every page. It is one corpus for all of them, so that what one test learnt the others try as well.
//
// Whatever of a text becomes an element or an attribute of a page is called mk-something, which no page of ours knows; what it would load
// or send for is /mk-something here, or at mk.example, which does not exist.
package hostiletest

import (
	"slices"
	"strings"
)

// Markup would be a part of a page that takes it for one: an element, an attribute, a script, a style, or what opens a dialog.
var Markup = []string{
	`<mk-e>`, `" mk-a="1" x="`, `' mk-a='1' x='`, `</textarea><mk-e>`, `</title></style></script><mk-e>`, `--><mk-e><!--`, `]]><mk-e>`,
	`<script mk-a>alert(1)</script>`, `"><img src=//mk.example/x onerror=alert(1)>`, `' autofocus onfocus='alert(1)`, `<svg/onload=alert(1) mk-a>`,
	`<style mk-a>*{background:url(//mk.example)}</style>`, `<iframe mk-a srcdoc="<script>alert(1)</script>">`, `<base mk-a href=//mk.example>`,
	`<meta http-equiv=refresh content="0;url=/mk-meta">`, `<form mk-a action=//mk.example><input name=password>`, `<input mk-a form=confirm>`,
	`<math><mtext><style><img src=x onerror=alert(1) mk-a>`, `<noscript><p title="</noscript><mk-e>">`, `&lt;mk-e&gt;&amp;amp;`, `\u003cmk-e\u003e`,
	`<h1 id=main mk-a>x</h1>`, `<template><mk-e>`, `<a mk-a href="javascript:alert(1)">x</a>`, `</a></li></ul></main><mk-e>`,
}

// Htmx would send a request with the rights of whoever reads it, or put a piece of a page where it does not belong.
var Htmx = []string{
	`<div hx-post="/mk-post" hx-trigger="load">x</div>`, `<b data-hx-get="/mk-get" data-hx-trigger=load>`, `"><i hx-get="/mk-get" hx-trigger="load">`,
	`<p id="toasts" hx-swap-oob="true" mk-a>`, `<p hx-on::load="alert(1)" mk-a>`, `" hx-get="/mk-get" hx-trigger="load" mk-a="`,
}

// Templates are what template engines and format verbs would fill in.
var Templates = []string{`{{.Slug}}{{constructor.constructor('alert(1)')()}}`, `${7*7}#{7*7}<%= 7*7 %>`, `%s%d%n%!`, `$1 \1 $& {0}`}

// SQL are pieces of statements, patterns and search queries.
var SQL = []string{
	`'; drop table people; --`, `' or '1'='1`, `1) union select null, null--`, `$$; select pg_sleep(9); $$`, `%_\%`, `a & | ! <-> :* (`, `"a" -b OR`, `\`, `[1,2,3]`, `{a,"b}`,
}

// Formulas are cells that a spreadsheet would work out.
var Formulas = []string{`=1+cmd|' /C calc'!A0`, `@SUM(1+1)`, `+1-1=2`, "\t=1", `-2+3|'x'!A`}

// Unicode is what turns the direction of writing, looks like something else, cannot be seen, or is not one character.
var Unicode = []string{
	"\u202egnp.exe", "\u2066\u2067\u202bx", "a\u200bb\u00adc\u2060d", "\u0430dm\u0456n", "\uff0e\uff0e/", "e\u0301 \U0001f9ea \U0001d54f", "\u0645\u0631\u062d\u0628\u0627 1",
	"\U0001f468\u200d\U0001f469\u200d\U0001f467", "z" + strings.Repeat("\u0335", 20), "\ufeffx\ufffd", "\u0130\u0131\u017f\u1e9e", "\u2028x\u2029",
}

// Controls are bytes that a text, a line of a header or a line of a log cannot hold.
var Controls = []string{"a\x00b", "\xff\xfe\xc0\xaf", "x\r\nX-Injected: 1", "x\nlevel=ERROR msg=made-up", "\x1b[31mx\x07\x7f", "a\tb\vc\fd"}

// Links are addresses that lead elsewhere or do something.
var Links = []string{`javascript:alert(1)//`, `[mk](javascript:alert(1) "x") ![x](//mk.example/y.png)`, `//mk.example`, `data:text/html,<mk-e>`, `..\..\etc/passwd`, `../../../etc/passwd`}

// Data are pieces of other formats, and what is so deep that a parser might not come back.
var Data = []string{`a=b&c=d;e`, `{"a":[1]}`, `---` + "\n" + `a: &a [*a]`, `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>&e;`,
	strings.Repeat(`<b title="`, 15), strings.Repeat(`[{"a":`, 25)}

// Texts are all that somebody may type into a field that takes text: it is refused, or it is there again as it was.
var Texts = slices.Concat(Markup, Htmx, Templates, SQL, Formulas, Unicode, Controls, Links, Data)

// Kept is what becomes of a text that is taken: it is valid UTF-8 without NUL.
func Kept(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, "\ufffd"), "\x00", "")
}

// Odd are values for what takes no free text: numbers, times, ids, choices, cursors.
var Odd = []string{
	"", " ", "0", "-1", "1", "2147483648", "-9223372036854775809", "99999999999999999999", "1e9", "1e999", "NaN", "-Infinity", "0x10", "\u0661", "true", "null", "[]", "{}", "[[[[[[[[",
	"00000000-0000-0000-0000-000000000000", "not-an-id", "2026-02-30", "9999999-01-01", "0000-00-00T99:99", "eyJhIjoxfQ", "after:", "into:x", "after:nothing",
	strings.Repeat("x", 20000), strings.Repeat("\u00e4", 6000),
}

// Values are for any field of a form, a query or a path.
var Values = slices.Concat(Odd, Texts)

// Slugs are addresses that look like a given one or lead elsewhere; none of them may be taken as it stands.
func Slugs(like string) []string {
	return []string{
		strings.Replace(like, "o", "\u043e", 1), strings.Replace(like, "-", "\u2011", 1), strings.Replace(like, "-", "\u00ad-", 1), strings.Replace(like, "-", "_", 1),
		strings.ToUpper(like), like + "\u200b", "\u202e" + like, like + ".", like + "/", like + "%2f", like + "\x00", like + " ", like + "-", "xn--" + like, "xn--rg-xja",
		"\uff4f\uff52\uff47-1", "org--1", "-org", "org-", "../org", "admin", "\u0430dm\u0456n", strings.Repeat("o", 49), "o\u0433", "\U0001f9ea\U0001f9ea\U0001f9ea", "\u0131nfo", "stra\u00dfe",
	}
}
