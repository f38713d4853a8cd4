package views

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWrapBreaksBetweenWords(t *testing.T) {
	t.Parallel()
	lines := wrap("Start high-quality compressions without delay", 13, 120, 4)
	if len(lines) < 2 || strings.Join(lines, " ") != "Start high-quality compressions without delay" {
		t.Errorf("lines are %q", lines)
	}
}

func TestWrapCutsAWordThatIsTooWide(t *testing.T) {
	t.Parallel()
	lines := wrap("Rindfleischetikettierungsüberwachungsaufgabe", 13, 100, 10)
	if len(lines) < 3 || strings.Join(lines, "") != "Rindfleischetikettierungsüberwachungsaufgabe" {
		t.Errorf("lines are %q", lines)
	}
}

func TestWrapSaysThatTextIsMissing(t *testing.T) {
	t.Parallel()
	lines := wrap(strings.Repeat("many words ", 40), 13, 150, 3)
	if len(lines) != 3 || !strings.HasSuffix(lines[2], "…") {
		t.Errorf("lines are %q", lines)
	}
}

func TestWrapKeepsEveryLineWithinItsWidth(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringN(0, 120, -1).Draw(t, "text")
		width := rapid.Float64Range(30, 300).Draw(t, "width")
		most := rapid.IntRange(1, 5).Draw(t, "most")
		lines := wrap(text, 13, width, most)
		if len(lines) > most {
			t.Fatalf("%d lines, at most %d were allowed", len(lines), most)
		}
		for _, line := range lines {
			if utf8.RuneCountInString(line) > 2 && textWidth(line, 13) > width+1 {
				t.Fatalf("line %q is %g wide, %g were allowed", line, textWidth(line, 13), width)
			}
		}
	})
}

func TestEveryKindHasAShapeOfItsOwn(t *testing.T) {
	t.Parallel()
	shapes, classes, icons := map[string]bool{}, map[string]bool{}, map[string]bool{}
	for kind, style := range nodeStyles {
		if iconPaths[style.icon] == "" {
			t.Errorf("%s: there is no icon %s", kind, style.icon)
		}
		shapes[style.outline(228, 80)], classes[style.class], icons[style.icon] = true, true, true
	}
	if len(nodeStyles) != 9 || len(shapes) != 9 || len(classes) != 9 || len(icons) != 9 {
		t.Errorf("9 kinds have %d shapes, %d classes and %d icons", len(shapes), len(classes), len(icons))
	}
}
