#!/bin/bash
# usage: scripts/deps.sh demo|demo-arm64|check|check-all|coverage|formats|lint|models|bench|pictures|deb|htmldocs|install|release
#
# Installs the Debian packages that a command needs and this machine lacks, as root or with a
# sudo that needs no password. Otherwise prints the command to run and fails. Prints nothing if
# no package is missing.

. "$(dirname "$0")/lib.sh"

[ $# -eq 1 ] || usage

# "package" or "package:command": the package is not needed if the command exists.
run="qemu-system-x86:qemu-system-x86_64 busybox-static cpio:cpio python3:python3
	binutils:strip kmod:insmod make:make gcc:gcc"
arm64="qemu-system-arm:qemu-system-aarch64 gcc-12-aarch64-linux-gnu:aarch64-linux-gnu-gcc-12"
kernels="linux-source-6.12 linux-source-6.1 bc:bc flex:flex bison:bison libelf-dev libssl-dev
	xz-utils:xz perl:perl"
lint="sparse:sparse clang:clang lld:ld.lld llvm:llvm-nm shellcheck:shellcheck pyflakes3:pyflakes3
	codespell:codespell git:git gcc-mingw-w64-x86-64-win32:x86_64-w64-mingw32-gcc
	mingw-w64-x86-64-dev dwarves:pahole"
formats="gcc:gcc libc6-dev"
deb="build-essential debhelper lintian:lintian"
models="spin:spin gcc:gcc"
case $1 in
demo) want="$run linux-headers-amd64" ;;
demo-arm64) want="$arm64 cpio:cpio python3:python3 make:make gcc:gcc" ;;
bench) want="$run gnuplot-nox:gnuplot linux-headers-amd64 linux-headers-6.12-amd64" ;;
pictures) want="$run gnuplot-nox:gnuplot python3-rich linux-headers-amd64" ;;
check) want="$run $arm64 $kernels $lint $formats $models patch:patch linux-headers-amd64" ;;
check-all)
	want="$run $arm64 $kernels $lint $formats $models patch:patch linux-headers-amd64 linux-headers-cloud-amd64
		linux-headers-rt-amd64 linux-headers-6.12-amd64 clang-19:clang-19 lld-19:ld.lld-19 llvm-19:llvm-nm-19"
	;;
coverage) want="$run $kernels lcov:lcov" ;;
models) want="$kernels $models" ;;
lint) want="$kernels $lint make:make gcc:gcc" ;;
formats) want="$formats" ;;
deb) want="$deb" ;;
htmldocs) want="python3-sphinx python3-myst-parser linux-source-6.12 xz-utils:xz perl:perl" ;;
install) want="$run $deb mmdebstrap:mmdebstrap git:git" ;;
release) want="mmdebstrap:mmdebstrap" ;;
*) usage ;;
esac
# A kernel or source that is given in a variable needs no package.
[ -z "${KSRC:-}" ] || for w in $want; do case $w in linux-source-*) want=${want/"$w"/} ;; esac; done
[ -z "${KDIR:-}" ] || for w in $want; do case $w in linux-headers-*) want=${want/"$w"/} ;; esac; done

debian=1
command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || debian=

missing=
for w in $want; do
	pkg=${w%%:*}
	case $w in
	*:*) PATH=$PATH:/usr/sbin:/sbin command -v "${w#*:}" >/dev/null && continue ;;
	busybox-static)
		# The guest has no shared libraries.
		b=$(command -v busybox) && ! ldd "$b" >/dev/null 2>&1 && continue
		;;
	*)
		[ -n "$debian" ] || continue
		dpkg-query -W -f '${Status}' "$pkg" 2>/dev/null | grep -q 'ok installed' && continue
		;;
	esac
	missing+=" $pkg"
done

if [ -z "$debian" ]; then
	[ -z "$missing" ] || say "Missing here (names of Debian's packages):$missing"
	case $1 in
	demo* | bench | pictures)
		[ -n "${KERNEL_IMAGE:+${KDIR:-}}" ] ||
			die "this is not a Debian: give KERNEL_IMAGE= (a bzImage, 6.1 or later) and KDIR= (its build directory, as /lib/modules/VERSION/build)"
		;;
	formats) ;;
	*)
		[ -n "${KSRC:-}" ] ||
			die "this is not a Debian: give KSRC= (a Linux source tree, 6.1 or later)"
		;;
	esac
	[ -z "$missing" ] || exit 1
	exit 0
fi
[ -n "$missing" ] || exit 0

install="apt-get install -y --no-install-recommends$missing"
if [ "$(id -u)" -eq 0 ]; then
	as_root=()
elif sudo -n true 2>/dev/null; then
	as_root=(sudo -n)
else
	die "packages are missing; as root run:
  $install"
fi

mkdir -p "$CACHE"
log=$CACHE/apt.log
apt() {
	local label=$1

	shift
	progress "$label" "$log" ${as_root[@]+"${as_root[@]}"} env DEBIAN_FRONTEND=noninteractive \
		apt-get -q -o DPkg::Lock::Timeout=300 "$@"
}
say "installing:$missing"
lock apt
lists=(/var/lib/apt/lists/*Packages*)
[ -e "${lists[0]}" ] || apt "apt-get update" update || die_of "$log" "apt-get update failed"
# shellcheck disable=SC2086 # words are meant
get() { apt "apt-get install" install -y --no-install-recommends $missing; }
# A stale package list names removed versions: update the list and try again.
get || { apt "apt-get update" update && get; } || {
	say "the command was: $install"
	die_of "$log" "the packages were not installed"
}
