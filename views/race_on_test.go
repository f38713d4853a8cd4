//go:build race

package views_test

// slowness is how much longer work may take because of how the test was built.
const slowness = 15
