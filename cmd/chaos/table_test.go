package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestTheTableSumsUpEachFault(t *testing.T) {
	t.Parallel()
	var sums table
	sums.add("serve-killed", outcome{writes: 10, repeats: 3, recovery: 400 * time.Millisecond})
	sums.add("serve-killed", outcome{writes: 5, repeats: 1, recovery: 100 * time.Millisecond})
	sums.add("disk-full", outcome{skipped: "mounting is not allowed here"})
	if code := exitCode(sums.lost(), nil); code != 0 {
		t.Errorf("with nothing lost it exits with %d", code)
	}
	sums.add("serve-killed", outcome{writes: 7, recovery: 200 * time.Millisecond, problems: []string{"1 acknowledged writes are gone", "transactions left open: 2"}})
	var out strings.Builder
	sums.print(&out)
	want := `
fault         times  writes  sent again  back after, median  worst  lost
serve-killed  3      22      4           200ms               400ms  2
disk-full     0                                                     mounting is not allowed here
`
	if out.String() != want {
		t.Errorf("the table is\n%s", out.String())
	}
	if code := exitCode(sums.lost(), nil); code != 1 {
		t.Errorf("with writes lost it exits with %d", code)
	}
	var broken table
	broken.add("serve-killed", outcome{broken: errors.New("it does not start")})
	if !broken.lost() || exitCode(false, errors.New("no seed")) != 1 {
		t.Error("what could not be found out passes for well")
	}
}

func TestALineTellsHowAFaultWent(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]outcome{
		"lock-held              12 writes,    3 sent again, back after 1.234s": {writes: 12, repeats: 3, recovery: 1234 * time.Millisecond},
		"lock-held            skipped: no":                                     {skipped: "no", problems: nil},
		"lock-held            LOST: a; b":                                      {writes: 12, problems: []string{"a", "b"}},
	} {
		if got := o.line("lock-held"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestFaultsAreChosenByName(t *testing.T) {
	t.Parallel()
	if all, err := chosenFaults(nil); err != nil || len(all) != len(faults) {
		t.Errorf("%d of %d, %v", len(all), len(faults), err)
	}
	if one, err := chosenFaults([]string{"disk-full"}); err != nil || len(one) != 1 || one[0].name != "disk-full" {
		t.Errorf("%v, %v", one, err)
	}
	if _, err := chosenFaults([]string{"disk"}); err == nil {
		t.Error("half of a name is a fault")
	}
}
