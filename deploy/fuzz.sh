#!/bin/sh
# Runs every fuzz target of the module for FUZZTIME each, some of them at once, with what earlier runs found (in Go's cache) to go on from.
# Input that fails is written below testdata/fuzz of its package: mend the code and commit the file, which is a test from then on.
# Called by make fuzz, and by make test for ten seconds each. Needs GO and FUZZTIME. With QUICK set, packages that need the whole program are
# not built anew with coverage, which takes longer than ten seconds of guided input are worth.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
module=$($GO list -m)
grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n1 dirname | sort -u | while read -r dir; do
	binary=$work/$(echo "$dir" | tr -c 'a-z0-9\n' '_')
	guided=-fuzz=Fuzz
	if [ -n "${QUICK:-}" ] && $GO list -deps -test "$dir" | grep -q '/pgx/v5$'; then guided=; fi
	$GO test -c $guided -o "$binary" "$dir"
	for target in $(grep -h '^func Fuzz' "$dir"/*_test.go | sed 's/^func \(Fuzz[A-Za-z0-9_]*\).*/\1/'); do
		echo "$dir $binary $target"
	done
done >"$work/targets"
[ -s "$work/targets" ] || { echo "fuzz: no targets" >&2; exit 1; }
cat >"$work/one" <<'EOF'
#!/bin/sh
cd "$1"
if "$2" -test.run='^$' -test.fuzz="^$3\$" -test.fuzztime="$FUZZTIME" -test.parallel=1 -test.fuzzcachedir="$CACHE/$1" >"$2.$3.log" 2>&1; then
	echo "ok   fuzz $1 $3: $(grep -o 'execs: [0-9]*' "$2.$3.log" | tail -1)"
else
	cat "$2.$3.log"
	echo "FAIL fuzz $1 $3"
	exit 1
fi
EOF
CACHE=$($GO env GOCACHE)/fuzz/$module
export CACHE FUZZTIME
# One more at a time than there are cores: a target often waits for its own coordinator.
xargs -P $(($(nproc 2>/dev/null || echo 2) + 1)) -n 3 sh "$work/one" <"$work/targets"
