#!/bin/bash
# usage: scripts/inside.sh [--clang] [--over DIR] RELEASE COMMAND...
#
# Runs COMMAND in a chroot of another Debian release (trixie), with its compilers: the kernels of
# a release need them. The first call makes the chroot by mmdebstrap in the cache, from the mirror
# that this machine's apt uses; remove $CACHE/debian to get newer packages. The cache and this
# tree have the same paths inside; all else that COMMAND writes stays in the chroot, or in DIR, which
# overlies it. --clang: in another chroot, which has clang 19, too. Needs root.

. "$(dirname "$0")/lib.sh"

over='' clang=''
[ "${1:-}" != --clang ] || { clang=-clang && shift; }
[ "${1:-}" != --over ] || { over=${2:?} && shift 2; }
[ $# -ge 2 ] || usage
release=$1
shift
[ "$(id -u)" -eq 0 ] || die "a chroot of Debian $release needs root"
"$TOP/scripts/deps.sh" release || exit 1

# What builds modules, and what builds kernels from linux-source.
packages=make,gcc,bc,flex,bison,libelf-dev,libssl-dev,xz-utils,perl,python3-minimal,cpio,kmod${clang:+,clang-19,lld-19,llvm-19}
key=$(printf '%s' "$packages" | cksum | cut -d' ' -f1)
root=$CACHE/debian/$release$clang-$key
log=$CACHE/debian/$release$clang.log

# Prints the sources of RELEASE: the mirrors are those of this machine.
sources() {
	local main security

	main=$(mirror Debian) && security=$(mirror Debian-Security) || return 1
	printf 'deb %s main\n' "$main $release" "$main $release-updates" "$main $release-backports" \
		"$security $release-security"
}
# shellcheck disable=SC2016 # apt's variables
mirror() {
	apt-get indextargets --format '$(LABEL) $(REPO_URI)' 'Created-By: Packages' |
		awk -v l="$1" '$1 == l { print $2; found = 1; exit } END { exit !found }'
}

if [ ! -e "$root/.complete" ]; then
	mkdir -p "$CACHE/debian"
	lock "debian-$release$clang"
	if [ ! -e "$root/.complete" ]; then
		sources >"$CACHE/debian/$release$clang.list" || die "this machine's apt has no Debian mirror with security updates"
		rm -rf "${CACHE:?}/debian/$release$clang"-[0-9]*
		undo "[ -e '$root/.complete' ] || rm -rf '$root'"
		progress "making a Debian $release${clang:+ with clang}" "$log" mmdebstrap --format=directory --variant=apt \
			--skip=cleanup/apt/lists --dpkgopt=force-unsafe-io --include="$packages" \
			"$release" "$root" "$CACHE/debian/$release$clang.list" ||
			die_of "$log" "no chroot of Debian $release can be made"
		touch "$root/.complete"
	fi
	unlock
fi

# The mount namespace ends with the command. bash and not sh, which drops exported functions.
# shellcheck disable=SC2016
exec env "CACHE=$CACHE" "TOP=$TOP" unshare --mount --fork --kill-child bash -euc '
	root=$1 over=$2 && shift 2
	if [ -n "$over" ]; then
		mkdir -p "$over"/{upper,work,root}
		mount -t overlay -o "lowerdir=$root,upperdir=$over/upper,workdir=$over/work" overlay "$over/root"
		root=$over/root
	fi
	cat /etc/resolv.conf >"$root/etc/resolv.conf"
	for d in /proc /dev "$CACHE" "$TOP"; do
		mkdir -p "$root$d"
		mount --rbind "$d" "$root$d"
	done
	exec chroot "$root" "$@"' bash "$root" "$over" env "PATH=/usr/sbin:/usr/bin:/sbin:/bin" "$@"
