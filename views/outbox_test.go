package views

import "testing"

func TestMailPartsLinkToThisServerOnly(t *testing.T) {
	t.Parallel()
	const base = "http://127.0.0.1:8080"
	for body, path := range map[string]string{
		"open\n" + base + "/reset/abc\nsoon":  "/reset/abc",
		"open " + base + "//evil.example/":    "",
		"open " + base + `/\evil.example/`:    "",
		"open http://127.0.0.1:80801/x":       "",
		"open https://evil.example/reset/abc": "",
		"no link":                             "",
	} {
		got, text := "", ""
		for _, part := range mailParts(body, base) {
			got, text = got+part.Path, text+part.Text
		}
		if got != path || text != body {
			t.Errorf("%q: path %q, text %q", body, got, text)
		}
	}
}
