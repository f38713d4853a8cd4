package views

import (
	"strings"
	"testing"

	"surrealm/store/signal"
)

func rich(t *testing.T, format signal.Format, content string) string {
	t.Helper()
	var out strings.Builder
	if err := richText(format, content).Render(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestRichTextOfPeopleIsHarmless(t *testing.T) {
	t.Parallel()
	attacks := []string{
		`<script>alert(1)</script>`, `<img src=x onerror=alert(1)>`, `<svg onload=alert(1)>`, `<a href="javascript:alert(1)">x</a>`,
		`<a href=" java&#10;script:alert(1)">x</a>`, `<a href="data:text/html,x">x</a>`, `<iframe src="//evil.example"></iframe>`, `<style>*{}</style>`,
		`<p style="position:fixed" class="alert" id="toasts" onclick="x()">x</p>`, `<form action="/logout" method=post><input name=a></form>`,
		`<div hx-get="/x" hx-trigger=load data-dialog="x">x</div>`, `<math><mtext><style><img src=x onerror=alert(1)></style></mtext></math>`,
		`<h1 onclick=alert(1)>x</h1>`, `<h1 <script>alert(1)</script>`, `<base href=//evil.example>`, `<meta http-equiv=refresh content=0>`, `<object data=x>`,
		"[x](javascript:alert(1))", "![x](javascript:alert(1))", "<javascript:alert(1)>", "[x]: javascript:alert(1)\n\n[x]", "<h1>\n<script>",
		"```html\n<script>alert(1)</script>\n```", `<a href="https://x.example" target="_blank" rel="opener">x</a>`,
	}
	for _, format := range append([]signal.Format{""}, signal.Formats...) {
		for _, attack := range attacks {
			shown := rich(t, format, attack)
			for _, never := range []string{"<script", "<img", "<svg", "<iframe", "<style", "<form", "<input", "<base", "<meta", "<object", "<math", "<h1", "rel=\"opener"} {
				if strings.Contains(shown, never) {
					t.Errorf("%s: %q became %q", format, attack, shown)
				}
			}
			for _, never := range []string{`href="javascript`, `href="data`, " onclick=\"", " onerror=\"", " id=\"", " class=\"", " style=\"", " hx-get=\"", " data-dialog=\""} {
				if strings.Contains(shown, never) {
					t.Errorf("%s: %q became %q", format, attack, shown)
				}
			}
		}
	}
}

func TestRichTextKeepsWhatPeopleMean(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		format     signal.Format
		text, want string
	}{
		{signal.Markdown, "# Big\n\n*a* **b** `c` ~~d~~", "<h2>Big</h2>\n<p><em>a</em> <strong>b</strong> <code>c</code> <del>d</del></p>\n"},
		{signal.Markdown, "- [x] done\n- [ ] open", "<ul>\n<li>☑ done</li>\n<li>☐ open</li>\n</ul>\n"},
		{signal.Markdown, "![the *valve*](https://x.example/v.png)", `<p><a href="https://x.example/v.png" rel="nofollow noreferrer">the <em>valve</em></a></p>` + "\n"},
		{signal.Markdown, "|a|b|\n|-|-|\n|1|2|", "<table>\n<thead>\n<tr>\n<th>a</th>\n<th>b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>1</td>\n<td>2</td>\n</tr>\n</tbody>\n</table>\n"},
		{signal.HTML, `<h1>Big</h1><h6>small</h6><a href="/o/x">y</a>`, `<h2>Big</h2><h6>small</h6><a href="/o/x" rel="nofollow noreferrer">y</a>`},
		{signal.Plain, "a < b & <b>c</b>\nd", "<p>a &lt; b &amp; &lt;b&gt;c&lt;/b&gt;\nd</p>"},
		{"", "# no heading", "<p># no heading</p>"},
	} {
		if got := rich(t, c.format, c.text); got != c.want {
			t.Errorf("%s %q is shown as %q, want %q", c.format, c.text, got, c.want)
		}
	}
}
