#!/bin/bash
# usage: scripts/stock-inside.sh RELEASE [backports]
#
# Like stock.sh, for the kernel of another Debian release or of its backports: installs the
# headers in the chroot of inside.sh, and unpacks the image that belongs to them in the cache.
# The printed KDIR is a path in the chroot.

. "$(dirname "$0")/lib.sh"

case "$#${2:-}" in 1 | 2backports) ;; *) usage ;; esac
suite=$1${2:+-$2}
in=("$TOP/scripts/inside.sh" "$1")
dir=$CACHE/kernels/stock-$suite
log=$dir.log
mkdir -p "$CACHE/kernels"

# Installs what the headers need, and unpacks the headers: they may depend on the image, whose
# installation makes an initrd. The last thing that it writes to DIR is abi, the kernel's version.
# shellcheck disable=SC2317 # called through progress
fetch() { # fetch SUITE DIR
	local abi

	depends() { apt-cache show "$1" | sed -n '0,/^Depends: /s///p' | grep -o -E "$2"; }
	abi=$(depends "linux-headers-amd64/$1" 'linux-headers-[^ ,]*' | sed 's/linux-headers-//')
	[ -n "$abi" ] || { echo "no package linux-headers-amd64 in $1"; return 1; }
	# shellcheck disable=SC2046 # words are meant
	apt-get -q -y install --no-install-recommends \
		$(depends "linux-headers-$abi" 'linux-(headers|kbuild)-[^ ,]*')
	cd "$2"
	apt-get -q download "linux-headers-$abi"
	dpkg-deb --fsys-tarfile linux-*.deb | tar -xf - --keep-directory-symlink -C /
	rm linux-*.deb
	# From 7.2 on the kernel is not in linux-image but in a package on which that depends.
	apt-get -q download "linux-binary-$abi" || apt-get -q download "linux-image-$abi"
	dpkg-deb -x linux-*.deb root
	mv "$(find root -name 'vmlinuz*' -type f)" bzImage
	rm -r linux-*.deb root
	echo "$abi" >abi
}
export -f fetch

# Makes the chroot, unless there is one.
"${in[@]}" true || exit 1
lock "debian-$1"
# A new chroot has no headers.
if ! abi=$(cat "$dir/abi" 2>/dev/null) || ! "${in[@]}" test -e "/lib/modules/$abi/build/Makefile"; then
	undo "[ -e '$dir/abi' ] || rm -rf '$dir'"
	get() {
		rm -rf "$dir"
		mkdir -p "$dir"
		progress "headers and image of the kernel of $suite" "$log" \
			"${in[@]}" bash -euc 'fetch "$@"' bash "$suite" "$dir"
	}
	# A stale package list names a removed version.
	get || { progress "apt-get update" "$log" "${in[@]}" apt-get -q update && get; } ||
		die_of "$log" "no kernel of Debian $suite"
	abi=$(cat "$dir/abi")
fi
unlock
printf "KIMAGE='%s' KDIR='%s' KTREE=''\n" "$dir/bzImage" "/lib/modules/$abi/build"
