#!/bin/sh
# Installs what Surrealm needs and the machine has not got: a PostgreSQL server
# and pgvector. With the argument "test" also what only the tests need: Chromium
# and a C compiler (for Go's race detector). Says nothing when nothing is to do.
#
#   sh deploy/setup.sh [test]
#
# It installs with apt (Debian, Ubuntu); on other systems it says what is missing.
# It starts no server: Surrealm runs a private one, see store/pgserver.
set -eu

oldest_postgres=15 # of the PostgreSQL server
oldest_vector=0.7  # of pgvector: the first with halfvec

say() { echo "setup: $*"; }
fail() {
	echo "setup: $*" >&2
	exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# postgres_bin prints the folder of the newest PostgreSQL server that is new enough.
postgres_bin() {
	{
		ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV
		if have postgres; then dirname "$(command -v postgres)"; fi
		if have pg_config; then pg_config --bindir; fi
	} | while read -r bin; do
		if [ -x "$bin/postgres" ] && [ -x "$bin/initdb" ] && [ "$(major "$bin")" -ge "$oldest_postgres" ]; then
			echo "$bin"
			break
		fi
	done
}

# major prints the major version of the PostgreSQL server in the folder $1.
major() { "$1/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

# vector_is_there tells whether the PostgreSQL in the folder $1 has a pgvector that is new enough.
vector_is_there() {
	config="$1/pg_config"
	[ -x "$config" ] || config=pg_config
	control="$("$config" --sharedir 2>/dev/null)/extension/vector.control"
	[ -r "$control" ] || return 1
	not_older "$(sed -n "s/^default_version *= *'\(.*\)'.*/\1/p" "$control")" "$oldest_vector"
}

# not_older tells whether the version $1 is $2 or newer.
not_older() { [ "$(printf '%s\n%s\n' "$1" "$2" | sort -V | head -n 1)" = "$2" ]; }

chromium_is_there() { have chromium || have chromium-browser || have google-chrome; }

# missing prints what is missing, one thing a line.
missing() {
	bin=$(postgres_bin)
	if [ -z "$bin" ]; then
		echo "the server of PostgreSQL $oldest_postgres or newer"
	fi
	if [ -z "$bin" ] || ! vector_is_there "$bin"; then
		echo "pgvector $oldest_vector or newer"
	fi
	if [ "$for_tests" = yes ]; then
		have cc || echo "a C compiler"
		chromium_is_there || echo "Chromium"
	fi
}

apt() { DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 "$@"; }

# install installs packages and shows apt's words only when that fails.
install() {
	say "installing $*"
	if ! apt -y --no-install-recommends install "$@" >"$tmp/apt.log" 2>&1 </dev/null; then
		cat "$tmp/apt.log" >&2
		fail "apt could not install $*; its words are above"
	fi
}

# candidate prints the version of the package $1 that apt would install, if there is one.
candidate() { apt-cache policy "$1" | sed -n 's/^  Candidate: *//p' | grep -v '(none)' || true; }

# install_postgres installs the distribution's PostgreSQL server, and keeps its packages
# from making and starting a server of their own, which nobody here needs.
install_postgres() {
	version=$(apt-cache depends postgresql 2>/dev/null | sed -n 's/.*Depends: postgresql-\([0-9][0-9]*\)$/\1/p' | head -n 1)
	[ "${version:-0}" -ge "$oldest_postgres" ] ||
		fail "this system offers PostgreSQL ${version:-none}; install the server of PostgreSQL $oldest_postgres or newer (the PostgreSQL project has packages), then run this again"

	config=/etc/postgresql-common/createcluster.conf
	ours=no
	if [ ! -e "$config" ]; then
		ours=yes
		mkdir -p "${config%/*}"
		echo 'create_main_cluster = false' >"$config"
	fi
	install "postgresql-$version"
	# Later installations by the owner of this machine shall behave as usual.
	if [ "$ours" = yes ] && [ -r /usr/share/postgresql-common/createcluster.conf ]; then
		cp /usr/share/postgresql-common/createcluster.conf "$config"
	fi
}

# install_vector installs the distribution's pgvector, or builds that of its next release.
install_vector() {
	version=$(major "$1")
	offered=$(candidate "postgresql-$version-pgvector")
	if [ -n "$offered" ] && not_older "$offered" "$oldest_vector"; then
		install "postgresql-$version-pgvector"
	else
		build_vector "$version"
	fi
	vector_is_there "$1" || fail "pgvector was installed, but not for the PostgreSQL in $1"
}

# build_vector builds pgvector for the PostgreSQL version $1 from the source package of
# the next release of this distribution. The source comes from the archive this machine
# already uses, signed by the keys it already trusts, and through lists of our own, so
# that what apt knows about this machine stays as it is.
build_vector() {
	. /etc/os-release
	case "$ID $VERSION_ID" in
	"debian 12") next=trixie components="main" ;;
	"ubuntu 24.04") next=resolute components="main universe" ;;
	*) fail "this system offers no pgvector $oldest_vector for PostgreSQL $1; install it, then run this again" ;;
	esac
	archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Release: $VERSION_CODENAME" 'Component: main' | head -n 1)
	[ -n "$archive" ] || fail "apt's configuration names no archive for $VERSION_CODENAME, so pgvector could not be fetched"

	install gcc libc6-dev make "postgresql-server-dev-$1"
	say "building pgvector from the source package of $ID $next"
	keyring=/usr/share/keyrings/$ID-archive-keyring.gpg
	trust=
	[ ! -r "$keyring" ] || trust="[signed-by=$keyring]"
	mkdir -p "$tmp/lists/partial" "$tmp/cache/archives/partial" "$tmp/source"
	echo "deb-src $trust $archive $next $components" >"$tmp/next.list"
	# Without OPTFLAGS the library would run on this kind of processor only.
	# Without with_llvm=no it would need clang, which only serves just-in-time inlining.
	make_vector() { make -s OPTFLAGS= with_llvm=no PG_CONFIG="/usr/lib/postgresql/$1/bin/pg_config" "$2"; }
	(
		cd "$tmp/source" &&
			apt_next update &&
			apt_next --download-only --tar-only source pgvector &&
			tar -xzf pgvector_*.orig.tar.gz --strip-components=1 &&
			make_vector "$1" all &&
			make_vector "$1" install
	) >"$tmp/build.log" 2>&1 || {
		cat "$tmp/build.log" >&2
		fail "pgvector could not be built; what was said is above"
	}
}

# apt_next is apt with only the source packages of the next release in view.
apt_next() {
	apt -o Dir::Etc::sourcelist="$tmp/next.list" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$tmp/lists" -o Dir::Cache="$tmp/cache" "$@"
}

for_tests=no
case "${1-}" in
"") ;;
test) for_tests=yes ;;
*) fail "usage: sh deploy/setup.sh [test]" ;;
esac

missing=$(missing | paste -sd, - | sed 's/,/, /g')
[ -n "$missing" ] || exit 0
have apt-get || fail "please install: $missing (this script can do it on Debian and Ubuntu only)"
if [ "$(id -u)" != 0 ]; then
	have sudo || fail "missing: $missing. Only root can install it; run as root: sh $(realpath "$0") $*"
	say "missing: $missing; asking sudo to install it"
	exec sudo sh "$0" "$@"
fi

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
trap 'exit 1' INT TERM
chmod 755 "$tmp" # apt downloads as a user of its own

# Some other archive on the list may be out of reach; ours decide, below.
apt update >"$tmp/update.log" 2>&1 || say "apt-get update reported problems; going on with what it could fetch"

[ -n "$(postgres_bin)" ] || install_postgres
bin=$(postgres_bin)
vector_is_there "$bin" || install_vector "$bin"
if [ "$for_tests" = yes ]; then
	have cc || install gcc libc6-dev
	chromium_is_there || { [ -n "$(candidate chromium)" ] && install chromium; } || install chromium-browser
fi
say "done"
