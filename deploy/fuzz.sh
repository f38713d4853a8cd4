#!/bin/sh
# Runs every fuzz target of the module for FUZZTIME each, some of them at once, with what earlier runs found (in Go's cache) to go on from.
# Input that fails is written below testdata/fuzz of its package: mend the code and commit the file, which is a test from then on.
# Called by make fuzz, and by make test for ten seconds each. Needs GO and FUZZTIME. With QUICK set, only what takes little time to build is
# built anew to guide the input: not the libraries, and nothing where the whole program is needed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
module=$($GO list -m)
cat >"$work/one" <<'EOF'
#!/bin/sh
cd "$1"
log=$2.$3.log
for try in 1 2; do
	if "$2" -test.run='^$' -test.fuzz="^$3\$" -test.fuzztime="$FUZZTIME" -test.parallel=1 -test.fuzzcachedir="$CACHE/$1" >"$log" 2>&1; then
		echo "ok   fuzz $1 $3: $(grep -o 'execs: [0-9]*' "$log" | tail -1)"
		exit 0
	fi
	# Go before 1.27 now and then takes the end of the time for a failure (go.dev/issue/75804). The target runs again then, and has to pass.
	tail -n 2 "$log" | head -n 1 | grep -qx '    context deadline exceeded' && ! grep -q 'Failing input' "$log" || break
done
cat "$log"
echo "FAIL fuzz $1 $3"
exit 1
EOF
CACHE=$($GO env GOCACHE)/fuzz/$module
export CACHE FUZZTIME

# build prints a line for each target of a package whose program is ready.
build() {
	binary=$work/$(echo "$1" | tr -c 'a-z0-9\n' '_')
	guided=-fuzz=Fuzz
	if [ -n "${QUICK:-}" ]; then
		guided=-gcflags=$module/...=-d=libfuzzer
		if $GO list -deps -test "$1" | grep -q '/pgx/v5$'; then guided=; fi
	fi
	$GO test -c $guided -o "$binary" "$1" || return
	for target in $(grep -h '^func Fuzz' "$1"/*_test.go | sed 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do
		echo "$1 $binary $target" | tee -a "$work/targets"
	done
}
# The first targets run while the others are being built, two for each core: a target often waits for its own coordinator.
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do
	build "$dir" || echo "$dir" >>"$work/unbuilt"
done | xargs -P $(($(nproc 2>/dev/null || echo 2) * 2)) -n 3 sh "$work/one"
[ ! -e "$work/unbuilt" ] || { echo "fuzz: cannot be built:" $(cat "$work/unbuilt") >&2; exit 1; }
[ -s "$work/targets" ] || { echo "fuzz: no targets" >&2; exit 1; }
