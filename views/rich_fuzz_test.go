package views

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"surrealm/store/signal"
)

// Whatever people write, a browser that reads what became of it finds elements and attributes of the list, and links that lead nowhere odd.
func FuzzRichText(f *testing.F) {
	for _, text := range []string{
		`<script>alert(1)</script>`, `<a href=" java&#10;script:alert(1)" hx-get="/logout" hx-trigger=load onclick=x id=toasts>x</a>`,
		`<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></mglyph></table></mtext></math>`, "[x](javascript:alert(1))", "# a\n\n- [x] b",
		`<svg><p><style><a id="</style><img src=1 onerror=alert(1)>">`, "|a|b|\n|-|-|\n|<b>|`|`|", "```\n</code></pre><script>\n```", `<noscript><p title="</noscript><img src=x onerror=alert(1)>">`,
	} {
		f.Add(text, uint8(0))
		f.Add(text, uint8(1))
	}
	elements := strings.Fields(`html head body h1 h2 h3 h4 h5 h6 article aside section figure figcaption blockquote br div hr p span wbr pre a abbr cite code dfn em
		mark q s samp strong sub sup var b i small strike tt u bdi bdo rp rp rt ruby del ins kbd time details summary ol ul li dl dt dd table caption col colgroup
		tbody td tfoot th thead tr`)
	attributes := strings.Fields("href rel dir lang title datetime start type value align valign summary width height span rowspan colspan scope abbr axis headers nowrap cite")
	f.Fuzz(func(t *testing.T, text string, format uint8) {
		if len(text) > 4000 {
			return
		}
		shown := rich(t, signal.Formats[int(format)%len(signal.Formats)], text)
		root, err := html.Parse(strings.NewReader("<body>" + shown))
		if err != nil && strings.Contains(err.Error(), "exceeds 512 nodes") {
			return // so deep in quotes of quotes that this parser gives up; browsers do not
		}
		if err != nil {
			t.Fatal(err)
		}
		for n := range root.Descendants() {
			if n.Type == html.CommentNode {
				t.Fatalf("%q became %q, with a comment", text, shown)
			}
			if n.Type != html.ElementNode {
				continue
			}
			if !slices.Contains(elements, n.Data) || n.Namespace != "" {
				t.Fatalf("%q became %q, with the element %s", text, shown, n.Data)
			}
			for _, a := range n.Attr {
				if !slices.Contains(attributes, a.Key) {
					t.Fatalf("%q became %q, with the attribute %s", text, shown, a.Key)
				}
				if a.Key != "href" && a.Key != "cite" {
					continue
				}
				if to, err := url.Parse(a.Val); err != nil || !slices.Contains([]string{"", "http", "https", "mailto"}, to.Scheme) {
					t.Fatalf("%q became %q, with a link to %q", text, shown, a.Val)
				}
			}
		}
	})
}
