#!/bin/bash
# usage: scripts/apt.sh ARCH apt-get|apt-cache WORD...
#
# Runs apt for architecture ARCH (arm64) from this machine's sources, but with lists and a state
# of its own in the cache. This machine's apt and dpkg do not change and learn of no architecture.

. "$(dirname "$0")/lib.sh"

[ $# -ge 3 ] || usage
arch=$1 program=$2 dir=$CACHE/apt/$1
shift 2
command -v "$program" >/dev/null || die "there is no $program: packages of $arch need a Debian"
mkdir -p "$dir"/{lists,archives}/partial
[ -e "$dir/status" ] || : >"$dir/status"
exec "$program" -q -o "APT::Architecture=$arch" \
	-o "APT::Architectures=$arch,$(dpkg --print-architecture)" -o APT::Sandbox::User=root \
	-o "Dir::State::status=$dir/status" -o "Dir::State::lists=$dir/lists" \
	-o "Dir::State::extended_states=$dir/extended" -o "Dir::Cache::archives=$dir/archives" \
	-o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= "$@"
