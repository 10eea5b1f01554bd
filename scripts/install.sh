#!/bin/bash
# usage: [DESTDIR=] [PREFIX=/usr/local] [KVER=] [KDIR=] scripts/install.sh PART...
#
# Installs files for "make install" and the Debian packages; docs/install.md lists them.
#
#   module   the modules, already built for the kernel of KDIR, and their Module.symvers
#   dev      headers, wqc-port, wqc-new, samples, pages
#   tools    wqc-top, wqc-trace, wqc-bpf, wqc-crash, examples, pages
#   source   the sources that DKMS builds, in PREFIX/src, and the hook that calls DKMS for a new kernel
#   remove   removes what module installed for KVER, and what dev and tools installed if no other
#            kernel has the module

. "$(dirname "$0")/lib.sh"

cd "$TOP"
[ $# -gt 0 ] || usage
PREFIX=${PREFIX:-/usr/local}
KVER=${KVER:-$(uname -r)}
KDIR=${KDIR:-/lib/modules/$KVER/build}
root=${DESTDIR:-}
version=$(sed -n 's/^MODULE_VERSION("\(.*\)");/\1/p' main.c)
share=$root$PREFIX/share/wq-compat
doc=$root$PREFIX/share/doc/${DOCNAME:-wq-compat}
# Below updates, which modprobe prefers to the modules of the kernel.
modules=updates/wq-compat
# The include path of clients, and client.mk with its scripts. The directories are those of this
# tree, so that the files find each other.
headers=(wq_compat.h wq_types.h include wq_compat.mk client.mk
	nt/client_entry.c nt/client_calls.h nt/absent.h samples/wqc_hello.c
	scripts/client-includes.sh scripts/client-includes.awk scripts/client-leaves.awk
	scripts/client-calls.sh)

tools=(wqc-top wqc-trace wqc-bpf wqc-crash)

# copy TO FILE...: copies with directories and modes, without files that git ignores
copy() {
	local to=$1 f

	shift
	for f in "$@"; do
		find "$f" -type f ! -name '*.o' ! -name '*.ko' ! -name '*.mod*' ! -name '.*' \
			! -name '*.order' ! -name '*.symvers' | while read -r file; do
			install -D -m "$([ -x "$file" ] && echo 755 || echo 644)" "$file" "$to/$file"
		done
	done
}

part_module() {
	make --no-print-directory modules_install "KVER=$KVER" "KDIR=$KDIR" \
		"INSTALL_MOD_PATH=$root" "INSTALL_MOD_DIR=$modules"
	# The kernel's modules_install skips depmod if the kernel image is not installed.
	[ -n "$root" ] || depmod "$KVER"
	install -D -m 644 Module.symvers "$share/$KVER/Module.symvers"
}

part_dev() {
	local t

	copy "$share" "${headers[@]}"
	copy "$doc/examples" samples
	part_pages
	for t in wqc-port wqc-new; do
		install -D -m 755 "scripts/$t" "$root$PREFIX/bin/$t"
		install -D -m 644 "docs/$t.1" "$root$PREFIX/share/man/man1/$t.1"
		install -D -m 644 etc/bash-completion "$root$PREFIX/share/bash-completion/completions/$t"
	done
}

# All pages, because they refer to each other.
part_pages() { copy "$doc" README.md CHANGELOG.md docs/*.md docs/img docs/abi; }

part_tools() {
	local t

	part_pages
	for t in "${tools[@]}"; do
		install -D -m 755 "scripts/$t" "$root$PREFIX/sbin/$t"
		install -D -m 644 "docs/$t.8" "$root$PREFIX/share/man/man8/$t.8"
		install -D -m 644 etc/bash-completion "$root$PREFIX/share/bash-completion/completions/$t"
	done
	install -D -m 644 etc/modprobe.conf "$doc/examples/modprobe.d/wq_compat.conf"
	install -D -m 644 etc/modules-load.conf "$doc/examples/modules-load.d/wq_compat.conf"
}

# Copies every directory that is compiled, and no other.
part_source() {
	local to=$root$PREFIX/src/wq-compat-$version d

	copy "$to" Kbuild Makefile dkms.conf ./*.c ./*.h
	for d in */; do
		case $d in debian/ | docs/ | etc/ | samples/ | scripts/ | tests/) ;; *) copy "$to" "$d" ;; esac
	done
	copy "$to" scripts/keep-symvers
	for d in postinst.d header_postinst.d; do
		install -D -m 755 scripts/dkms-hook "$root/etc/kernel/$d/wq-compat"
	done
}

part_remove() {
	local t

	rm -rf "$root/lib/modules/$KVER/$modules" "${share:?}/$KVER"
	rmdir --ignore-fail-on-non-empty "$root/lib/modules/$KVER/updates" 2>/dev/null || :
	if ! compgen -G "$share/*/Module.symvers" >/dev/null; then
		rm -rf "$share" "$doc" "$root$PREFIX"/bin/wqc-{port,new} \
			"$root$PREFIX"/share/man/man1/wqc-{port,new}.1 \
			"$root$PREFIX"/share/bash-completion/completions/wqc-{port,new,top,trace,bpf,crash}
		for t in "${tools[@]}"; do
			rm -f "$root$PREFIX/sbin/$t" "$root$PREFIX/share/man/man8/$t.8"
		done
		rmdir --ignore-fail-on-non-empty "$root$PREFIX/share/doc" \
			"$root$PREFIX/share/man"/man[18] "$root$PREFIX/share/bash-completion/completions" \
			"$root$PREFIX/share/bash-completion" 2>/dev/null || :
	fi
	[ -n "$root" ] || depmod "$KVER"
}

for part in "$@"; do
	case $part in
	module | dev | tools | source | remove) "part_$part" ;;
	*) usage ;;
	esac
done
