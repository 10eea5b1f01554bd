#!/bin/bash
# usage: scripts/install-test.sh     (part of make check-all)
#
# Does installing work as docs/install.md says? In a clean Debian, made by mmdebstrap in the
# cache, with the headers of two kernels: the packages alone are installed, a client is
# compiled against them, the packages are upgraded and removed, and nothing is left; the same
# with make install and with DKMS alone. Then Debian's own kernel boots with what had been
# installed there. Prints "ok install: NAME" or "not ok install: NAME"; exit status.

# shellcheck disable=SC2016,SC2154 # a $ for the shell inside; variables of chroot.sh

. "$(dirname "$0")/lib.sh"
. "$TOP/scripts/chroot.sh"

[ $# -eq 0 ] || usage
if [ "$(id -u)" -ne 0 ]; then
	echo "skip install: needs root, for a Debian of its own"
	exit 0
fi
"$TOP/scripts/deps.sh" install || exit 1

packages() {
	local version newer

	version=$(sed -n '1s/.*(\(.*\)).*/\1/p' "$TOP/debian/changelog")
	newer=$version.1
	tree "$work/newer" "$newer"
	mkdir -p "$root/tmp/debs"
	if ! "$TOP/scripts/deb.sh" >"$log" || ! SRC=$work/newer "$TOP/scripts/deb.sh" >>"$log"; then
		echo "not ok install: packages are built, and lintian is content"
		status=1
		return
	fi
	echo "ok install: packages are built, and lintian is content"
	grep '\.deb$' "$log" | xargs cp -t "$root/tmp/debs"

	check "packages install" "apt-get -q install -y /tmp/debs/*_${version}_all.deb"
	check "DKMS installs the module for both kernels" "
		for k in $kernels; do
			dkms install wq-compat/$version -k \$k
			[ \"\$(modinfo -k \$k -F version wq_compat)\" = $version ]
			modinfo -k \$k -F vermagic wq_compat | grep -q \"^\$k \"
			[ -n \"\$(modinfo -k \$k -F signer wq_compat)\" ]
			test -s /var/lib/dkms/wq-compat/kernel-\$k-x86_64/Module.symvers
		done"
	client /usr/share/wq-compat '/var/lib/dkms/wq-compat/kernel-$k-x86_64/Module.symvers' \
		/usr/share/doc/wq-compat-dev/examples/samples
	check "tools and examples are there" "
		wqc-top -1 2>&1 | grep -q 'is wq_compat loaded'
		for t in wqc-top wqc-trace; do test -s /usr/share/man/man8/\$t.8.gz; done
		modprobe -S ${kernels%% *} --show-depends \
			\$(grep -v '^#' /usr/share/doc/wq-compat-dkms/examples/modules-load.d/wq_compat.conf)
		cp /usr/share/doc/wq-compat-dkms/examples/modprobe.d/wq_compat.conf /etc/modprobe.d/
		modprobe -c | grep -q '^options wq_compat max_threads_rt=256'"
	boot "${kernels%% *}"
	check "an upgrade replaces the module" "
		apt-get -q install -y /tmp/debs/*_${newer}_all.deb
		for k in $kernels; do
			dkms install wq-compat/$newer -k \$k
			[ \"\$(modinfo -k \$k -F version wq_compat)\" = $newer ]
		done
		! dkms status | grep -F '/$version,' && ! test -e /usr/src/wq-compat-$version"
	check "packages are removed" "
		rm -r /etc/modprobe.d/wq_compat.conf /lib/modules/*/hello
		apt-get -q purge -y wq-compat-dkms wq-compat-dev"
	same_as_before "removed packages leave nothing"
}

# client HEADERS SYMVERS SAMPLES: as docs/install.md says
client() {
	check "a client is compiled for both kernels" "
		for k in $kernels; do
			rm -rf /root/hello && mkdir /root/hello && cd /root/hello
			cp $3/wqc_hello.c hello.c
			printf 'obj-m += hello.o\nccflags-y += -I$1\n' >Kbuild
			make -C /lib/modules/\$k/build M=\$PWD KBUILD_EXTRA_SYMBOLS=$2
			make -C /lib/modules/\$k/build M=\$PWD INSTALL_MOD_DIR=hello modules_install
			depmod \$k
			modprobe -S \$k --show-depends hello | grep wq-compat
		done
		rm -rf /root/samples && cp -r $3 /root/samples && cd /root/samples
		make -C /lib/modules/\$k/build M=\$PWD WQC_INCLUDE=$1 KBUILD_EXTRA_SYMBOLS=$2"
	expect "a client under another license is refused" \
		"ERROR: modpost: GPL-incompatible module hello.ko uses GPL-only symbol 'wqc_driver_load'" "
		cd /root/hello && k=${kernels%% *} && sed -i 's/MODULE_LICENSE(.*)/MODULE_LICENSE(\"MS-PL\")/' hello.c
		make -C /lib/modules/\$k/build M=\$PWD KBUILD_EXTRA_SYMBOLS=$2"
}

# Debian's image of that kernel, and from what was installed: what modprobe and the tools need.
boot() {
	local k=$1 tree=$work/tree name="Debian's kernel boots and modprobe loads the client" out

	inside "cd /tmp && { apt-get -q download linux-image-$k || apt-get -q download linux-image-$k-unsigned; }" \
		>"$log" 2>&1 || { cat "$log"; echo "not ok install: $name"; status=1; return; }
	rm -rf "$tree" "$work/image" "$work/guest"
	dpkg-deb -x "$root"/tmp/linux-image-"$k"*.deb "$work/image"
	mkdir -p "$tree/lib/modules/$k" "$tree/etc" "$work/empty"
	cp -r "$root/lib/modules/$k"/{updates,hello,modules.*} "$tree/lib/modules/$k/"
	cp -r "$root/etc/modprobe.d" "$tree/etc/"
	sed -i 's/^options wq_compat max_threads_rt=.*/options wq_compat max_threads_rt=32/' \
		"$tree/etc/modprobe.d/wq_compat.conf"
	inside 'cp -L --parents /usr/sbin/wqc-* /usr/sbin/modprobe $(ldd /usr/sbin/modprobe | grep -o "/[^ ]*") /tmp/tree/' \
		>"$log" 2>&1 || :
	cp -r "$root/tmp/tree/." "$tree/"
	KIMAGE=$work/image/boot/vmlinuz-$k MODULES=$work/empty GUEST_TREE=$tree \
		"$TOP/scripts/guest.sh" 6.1-stock installed "$work/guest" || :
	if out=$("$PYTHON" "$TOP/scripts/verdict.py" "$work/guest" "$TOP/tests/guest/installed.sh" \
		--tests "$TOP/tests" --kunit-py none); then
		echo "ok install: $name"
	else
		echo "$out"
		echo "not ok install: $name (console log: $work/guest/console.log)"
		status=1
	fi
}

by_hand() {
	local version k=${kernels%% *}

	version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")
	rm -rf "$root/root/"* && tree "$root/root/wq_compat"
	check "make install" "
		cd /root/wq_compat && make install KVER=$k
		[ \"\$(modinfo -k $k -F filename wq_compat)\" = /lib/modules/$k/updates/wq-compat/wq-compat.ko ]
		test -x /usr/local/sbin/wqc-top"
	kernels=$k client /usr/local/share/wq-compat '/usr/local/share/wq-compat/$k/Module.symvers' \
		/usr/local/share/doc/wq-compat/examples/samples
	check "make uninstall" "
		rm -r /lib/modules/$k/hello
		cd /root/wq_compat && make uninstall KVER=$k && depmod $k"
	same_as_before "make uninstall leaves nothing"
	check "DKMS without packages" "
		cd /root/wq_compat && make clean KVER=$k && PREFIX=/usr scripts/install.sh source
		for k in $kernels; do
			dkms install wq-compat/$version -k \$k
			[ \"\$(modinfo -k \$k -F version wq_compat)\" = $version ]
		done
		dkms remove wq-compat/$version --all && rm -r /usr/src/wq-compat-$version"
	same_as_before "DKMS leaves nothing"
}

fresh_debian
kernels=$(basename -a "$root"/lib/modules/* | sort -V | xargs)
say "kernels: $kernels"
# What apt and DKMS make when they are first used is not ours.
inside 'apt-get -q update; dkms status' >"$log" 2>&1 || die "apt-get update failed, see $log"
inventory >"$work/before"
packages
by_hand
exit "$status"
