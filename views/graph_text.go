package views

import (
	"strings"
	"unicode"
)

// interWidths are the advance widths of the printable ASCII characters in
// Inter, in thousandths of the font size. The server needs them to break the
// text of a drawing, because SVG text does not wrap.
var interWidths = [95]int{
	281, 287, 465, 633, 641, 981, 644, 299, 364, 364, 500, 661, 288, 459, 288, 360,
	630, 406, 609, 617, 645, 593, 620, 565, 618, 620, 288, 301, 661, 661, 661, 511,
	965, 689, 654, 730, 721, 601, 590, 746, 743, 268, 570, 671, 565, 903, 753, 764,
	638, 764, 643, 641, 645, 744, 689, 985, 682, 678, 628, 364, 360, 364, 471, 456,
	322, 561, 612, 571, 612, 583, 370, 613, 591, 242, 242, 548, 242, 875, 590, 599,
	612, 612, 376, 527, 327, 591, 562, 818, 545, 562, 552, 426, 332, 426, 661,
}

// allowance covers heavier weights, and the wider face that draws the text
// where Inter is not to be had.
const allowance = 1.07

// boldness is how much wider the weight of the labels is than the regular one.
const boldness = 1.025

// textWidth is how wide a line is at a font size, on the safe side.
func textWidth(text string, size float64) float64 {
	return drawnWidth(text, size) * allowance
}

// drawnWidth is how wide a line is in Inter.
func drawnWidth(text string, size float64) float64 {
	sum := 0
	for _, r := range text {
		switch {
		case r >= ' ' && r <= '~':
			sum += interWidths[r-' ']
		case unicode.Is(unicode.Mn, r):
			// A combining mark stands on the letter before it.
		case r >= 0x2E80:
			sum += 1000 // ideographs are square
		default:
			sum += 660
		}
	}
	return float64(sum) * size / 1000
}

// wrap breaks text into at most maxLines lines no wider than width. A word
// that is wider than a line is cut; what does not fit ends in an ellipsis.
func wrap(text string, size, width float64, maxLines int) []string {
	var lines []string
	line := ""
	for _, word := range splitWide(strings.Fields(text), size, width) {
		joined := strings.TrimPrefix(line+" "+word, " ")
		if line == "" || textWidth(joined, size) <= width {
			line = joined
			continue
		}
		lines = append(lines, line)
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	if len(lines) > maxLines {
		lines = lines[:maxLines]
		lines[maxLines-1] = shorten(lines[maxLines-1]+" …", size, width)
	}
	return lines
}

// splitWide cuts words that are wider than a line.
func splitWide(words []string, size, width float64) []string {
	var out []string
	for _, word := range words {
		part := []rune{}
		for _, r := range word {
			if len(part) > 0 && textWidth(string(part)+string(r), size) > width {
				out = append(out, string(part))
				part = part[:0]
			}
			part = append(part, r)
		}
		out = append(out, string(part))
	}
	return out
}

// shorten takes letters from before the ellipsis at the end until the line fits.
func shorten(line string, size, width float64) string {
	letters := []rune(strings.TrimSuffix(line, " …"))
	for len(letters) > 1 && textWidth(string(letters)+"…", size) > width {
		letters = letters[:len(letters)-1]
	}
	return strings.TrimRight(string(letters), " ,.;:") + "…"
}
