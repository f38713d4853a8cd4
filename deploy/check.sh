#!/bin/sh
# The gate before a change is handed in: format, vet, static analysis, generated files
# and known vulnerabilities. It goes through all of them before it fails.
#
#   sh deploy/check.sh
set -u

go=${GO:-go}
failed=

# step runs a check; its name is printed first, so that a failure has a heading.
step() {
	echo "check: $1"
	shift
	"$@" || failed=yes
}

formatted() {
	unformatted=$(git ls-files -z '*.go' | xargs -0 "$($go env GOROOT)/bin/gofmt" -l)
	[ -z "$unformatted" ] && return
	echo "not formatted, run make fmt:" "$unformatted"
	return 1
}

# generated writes the generated files anew. If that changes them, they were not current.
generated() {
	before=$(sums)
	$go tool templ generate >/dev/null 2>&1 || { $go tool templ generate; return 1; }
	[ "$(sums)" = "$before" ] && return
	echo "the generated files were not current; they are now: look at git diff and commit them"
	return 1
}
sums() { find . -name '*_templ.go' -print0 | sort -z | xargs -0 -r sha256sum; }

# unfinished looks for marks of work that was put off, and of merges.
unfinished() {
	! git grep -nIE 'TO[D]O|FIX[M]E|XX[X]|^<{7} |^>{7} ' -- . ':!static/vendor'
}

# vulnerabilities asks the public list of known vulnerabilities, when it can.
vulnerabilities() {
	if ! command -v govulncheck >/dev/null; then
		echo "not run: there is no govulncheck on the PATH"
		return
	fi
	report=$(govulncheck ./... 2>&1)
	case $? in
	0) ;;
	3) echo "$report" && return 1 ;; # something was found
	*) echo "not run: $(echo "$report" | tail -n 1)" ;;
	esac
}

step "format" formatted
step "go vet" $go vet ./...
step "static analysis" $go tool staticcheck ./...
step "generated files" generated
step "unfinished work" unfinished
step "known vulnerabilities" vulnerabilities

if [ -n "$failed" ]; then
	echo "check: failed"
	exit 1
fi
echo "check: all passed"
