#!/bin/bash
# usage: scripts/kernel.sh NAME      build (or fetch) a kernel of scripts/kernels.txt
#        scripts/kernel.sh --source linux-source-X     only unpack a source
#
# Prints shell assignments to eval: KIMAGE (the kernel that QEMU boots), KDIR (the directory to build modules
# against), KTREE (the source, empty for a stock kernel). KSRC=DIR in the environment replaces
# Debian's source. Results are kept in the cache; progress goes to stderr.

. "$(dirname "$0")/lib.sh"

# Raise it if this script changes what it builds from the same input.
RECIPE=1

# Unpacks a linux-source package once and sets $tree: printing it would need a subshell, which
# has no traps.
source_tree() {
	local pkg=$1 tar=/usr/src/$1.tar.xz version dir

	[ -f "$tar" ] || die "$tar is missing: install the package $pkg, or give KSRC="
	version=$(dpkg-query -W -f '${Version}' "$pkg" 2>/dev/null || stat -c %Y "$tar")
	dir=$CACHE/src/$pkg-$version
	lock "src-$pkg"
	if [ ! -e "$dir/.complete" ]; then
		rm -rf "$dir" "$CACHE/src/$pkg"-*
		mkdir -p "$dir"
		undo "[ -e '$dir/.complete' ] || rm -rf '$dir'"
		progress "unpacking $pkg $version" "$CACHE/src/$pkg.log" \
			tar -xf "$tar" -C "$dir" --strip-components=1 || die_of "$CACHE/src/$pkg.log" "cannot unpack $tar"
		touch "$dir/.complete"
	fi
	unlock
	tree=$dir
}

# The same for a package of the release whose chroot builds the kernel: it is not installed.
release_tree() {
	local pkg=$1 get

	tree=$CACHE/src/$K_RELEASE-$pkg
	# shellcheck disable=SC2016
	get='cd "$1" && apt-get -q download "$2" && dpkg-deb --fsys-tarfile "$2"_*.deb |
		tar -xf - -O "./usr/src/$2.tar.xz" | tar -xJf - --strip-components=1 && rm "$2"_*.deb'
	lock "src-$K_RELEASE-$pkg"
	if [ ! -e "$tree/.complete" ]; then
		rm -rf "$tree"
		mkdir -p "$tree"
		undo "[ -e '$tree/.complete' ] || rm -rf '$tree'"
		progress "source of $pkg in Debian $K_RELEASE (160 MB)" "$tree.log" \
			"${K_IN[@]}" bash -o pipefail -euc "$get" bash "$tree" "$pkg" ||
			die_of "$tree.log" "no source $pkg of Debian $K_RELEASE"
		touch "$tree/.complete"
	fi
	unlock
}

# Every option of the fragments must have its value; a later fragment overrides an earlier one.
check_config() {
	local config=$1

	shift
	awk -v config="$config" '
		/^#\? CONFIG_/ { allowed[$2] = 1 }
		/^CONFIG_/ { split($0, a, "="); want[a[1]] = substr($0, length(a[1]) + 2) }
		/^# CONFIG_.* is not set/ { want[$2] = "n" }
		END {
			while ((getline line < config) > 0)
				if (line ~ /^CONFIG_/) {
					split(line, a, "=")
					have[a[1]] = substr(line, length(a[1]) + 2)
				}
			for (o in want) {
				h = (o in have) ? have[o] : "n"
				if (h == want[o])
					continue
				printf "%s: wanted %s, is %s%s\n", o, want[o], h, \
				       (o in allowed) ? " (allowed)" : ""
				bad += !(o in allowed)
			}
			exit bad > 0
		}' "$@" >&2
}

# shellcheck disable=SC2317 # called through progress
build() {
	local src=$1 out=$2 cc=$3 mk

	shift 3
	arch_facts
	mk=(make -C "$src" "O=$out" "-j${JOBS:?}" "CC=$cc" "HOSTCC=gcc" ${A_MAKE[@]+"${A_MAKE[@]}"})
	case $cc in clang*) mk+=("$(llvm_of "$cc")" "HOSTCC=$cc") ;; esac
	"${mk[@]}" tinyconfig
	"$src/scripts/kconfig/merge_config.sh" -m -O "$out" "$out/.config" "$@"
	"${mk[@]}" olddefconfig
	check_config "$out/.config" "$@" || { echo "the configuration is not as asked for"; return 1; }
	if [ "$K_SUITES" = - ]; then
		"${mk[@]}" modules_prepare
	else
		"${mk[@]}" "$A_TARGET" modules
	fi
}
export -f build check_config llvm_of arch_facts

built() {
	local src=${KSRC:-} tree version key dir log f fragments=() cc=$K_CC

	[ -n "$K_RELEASE" ] || need "$cc"
	export K_SUITES K_NAME K_ARCH
	if [ -z "$src" ]; then
		if [ -z "$K_RELEASE" ]; then source_tree "$K_SOURCE"; else release_tree "$K_SOURCE"; fi
		src=$tree
	fi
	version=$(make -s -C "$src" kernelversion 2>/dev/null)
	[ -z "${KSRC:-}" ] || version=$version-$(cd "$src" && pwd | cksum | cut -d' ' -f1)
	for f in ${K_FRAGMENTS//,/ }; do
		fragments+=("$TOP/tests/configs/$f.config")
	done
	key=$({ echo "$RECIPE ${src##*/} $version"; ${K_IN[@]+"${K_IN[@]}"} "$cc" --version | head -n1; cat "${fragments[@]}"; } |
		sha256sum | cut -c1-12)
	dir=$CACHE/kernels/$K_NAME-$version-$key
	log=$CACHE/kernels/$K_NAME.log
	lock "kernel-$K_NAME"
	if [ ! -e "$dir/complete" ]; then
		say "building kernel $K_NAME ($version, $cc): once, some minutes"
		rm -rf "$dir"
		mkdir -p "$dir/build"
		undo "[ -e '$dir/complete' ] || rm -rf '$dir'"
		PROGRESS_COUNT='^  (CC|AS) ' PROGRESS_UNIT='files compiled' \
			progress "kernel $K_NAME" "$log" \
			${K_IN[@]+"${K_IN[@]}"} bash -euc 'build "$@"' build "$src" "$dir/build" "$cc" "${fragments[@]}" ||
			die_of "$log" "kernel $K_NAME was not built"
		grep -h 'wanted .* is .*(allowed)' "$log" >&2 || :
		touch "$dir/complete"
	fi
	unlock
	printf "KIMAGE='%s' KDIR='%s' KTREE='%s'\n" \
		"$dir/build/$A_IMAGE" "$dir/build" "$src"
}

[ $# -ge 1 ] || usage
case $1 in
--source)
	[ $# -eq 2 ] || usage
	source_tree "$2"
	printf '%s\n' "$tree"
	;;
-*)
	usage
	;;
*)
	kernel_row "$1"
	mkdir -p "$CACHE/kernels" "$CACHE/src"
	case $K_ARCH:$K_RELEASE:$K_SOURCE in
	x86::debian) "$TOP/scripts/stock.sh" ;;
	x86::debian-*) "$TOP/scripts/stock.sh" "${K_SOURCE#debian-}" ;;
	x86:*:debian) "$TOP/scripts/stock-inside.sh" "$K_RELEASE" ;;
	x86:*:debian-*) "$TOP/scripts/stock-inside.sh" "$K_RELEASE" "${K_SOURCE#debian-}" ;;
	*::debian) "$TOP/scripts/fetch.sh" "$K_ARCH" kernel ;;
	*:debian*) die "kernel $K_NAME: only 'debian' is known for $K_ARCH" ;;
	*) built ;;
	esac
	;;
esac
