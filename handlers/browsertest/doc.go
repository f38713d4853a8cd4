// Package browsertest drives the program in a real Chromium. It holds tests
// only: they look at every page in both themes and at two widths, and walk the
// main job from the first click to the last.
package browsertest
