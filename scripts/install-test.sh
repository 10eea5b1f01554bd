#!/bin/bash
# usage: scripts/install-test.sh     (part of make check-all)
#
# Tests the installation that docs/install.md describes, in a clean Debian, made by mmdebstrap
# in the cache, with the headers of two kernels: installs the packages, compiles a client against
# them, upgrades and removes the packages, and checks that no file is left; then the same with
# make install and with DKMS alone. In between it boots the Debian and loads the modules. Prints
# "ok install: NAME" or "not ok install: NAME"; exit status. WQC_INSTALL_PART: only "packages",
# "by_hand", "tarball" (of make dist, by DKMS) or "debian_13" (packages and tarball with the DKMS
# and the kernels of Debian 13).

# shellcheck disable=SC2016,SC2154 # a $ for the shell inside; variables of chroot.sh

. "$(dirname "$0")/lib.sh"
. "$TOP/scripts/chroot.sh"

[ $# -eq 0 ] || usage
cannot() { echo "skip install: $1"; exit 0; }
[ "$(id -u)" -eq 0 ] || cannot "needs root, for a Debian of its own"
command -v dpkg-query >/dev/null || cannot "this machine is not a Debian"
"$TOP/scripts/deps.sh" install || exit 1

timed "install-test${WQC_INSTALL_PART:+ $WQC_INSTALL_PART}"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' "$TOP/dkms.conf")

packages() {
	local newer

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

	check "packages install" "
		apt-get -q install -y /tmp/debs/*_${version}_all.deb
		dkms status wq-compat/$version | grep installed"
	skipped_and_failed "$version"
	check "DKMS installs the modules for both kernels" "$(dkms_has "$version")"
	client /usr/share/wq-compat '/var/lib/dkms/wq-compat/kernel-$k-x86_64/Module.symvers' \
		/usr/share/doc/wq-compat-dev/examples/samples
	check "tools and examples are there" "
		wqc-top -1 2>&1 | grep -q 'is wq_compat loaded'
		for t in wqc-top wqc-trace wqc-bpf wqc-crash; do test -s /usr/share/man/man8/\$t.8.gz; done
		cp /usr/share/doc/wq-compat-dkms/examples/modules-load.d/wq_compat.conf /etc/modules-load.d/
		cp /usr/share/doc/wq-compat-dkms/examples/modprobe.d/wq_compat.conf /etc/modprobe.d/
		modprobe -c | grep -q '^options wq_compat max_runners_rt=256'"
	boot "${kernels%% *}"
	check "an upgrade replaces the module" "
		apt-get -q install -y /tmp/debs/*_${newer}_all.deb
		$(dkms_has "$newer")
		! dkms status | grep -F '/$version,' && ! test -e /usr/src/wq-compat-$version"
	check "packages are removed" "
		rm -r /etc/mod*.d/wq_compat.conf /lib/modules/*/hello
		apt-get -q purge -y wq-compat-dkms wq-compat-dev"
	same_as_before "removed packages leave nothing"
}

# A kernel outside of the range of dkms.conf, and one for which the build fails, when the kernel
# is installed and when the package is: apt must go on.
skipped_and_failed() {
	local v apt='test -z "$(dpkg --audit)" && apt-get -q check'

	for v in 6.0.19-1-amd64 7.4.0-1-amd64; do
		expect "Linux ${v%%-*} is skipped" "wq-compat: skipped for Linux $v" "$(headers "$v" good)"
		check "a later apt call works" "$apt && test ! -e /lib/modules/$v/updates"
	done
	expect "a build that fails is reported" "wq-compat: NOT installed for Linux 6.2.0-1-amd64" \
		"$(headers 6.2.0-1-amd64 broken)"
	check "a later apt call works" "$apt"
	expect "the package says what it does not build" "wq-compat: NOT installed for Linux 6.2.0-1-amd64" \
		"apt-get -q install -y --reinstall /tmp/debs/wq-compat-dkms_$1_all.deb"
	check "the package is installed all the same" "$apt && dpkg -s wq-compat-dkms | grep 'Status:.* ok installed'
		apt-get -q purge -y linux-headers-6.0.19-1-amd64 linux-headers-7.4.0-1-amd64 linux-headers-6.2.0-1-amd64
		rm -rf /lib/modules/*-1-amd64"
}

# Boots the Debian from a disk, with its own kernel and an administrator's settings.
boot() {
	local k=$1 name="Debian boots, and loads what was installed" out

	sed -i -e 's/^\(options wq_compat max_runners_rt\)=.*/\1=32/' \
		-e 's/^\(options wq_compat verifier\)=.*/\1=0/' "$root/etc/modprobe.d/wq_compat.conf"
	rm -rf "$work/guest"
	KIMAGE=$root/boot/vmlinuz-$k GUEST_ROOT=$root GUEST_LIMIT=900 \
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
	local k=${kernels%% *}

	rm -rf "$root/root/"* && tree "$root/root/wq_compat"
	check "make install" "
		cd /root/wq_compat && make install KVER=$k >/tmp/said 2>&1 || { cat /tmp/said; exit 1; }
		if grep -i ssl /tmp/said; then exit 1; fi
		grep 'The modules are not signed' /tmp/said
		[ \"\$(modinfo -k $k -F filename wq_compat)\" = /lib/modules/$k/updates/wq-compat/wq-compat.ko ]
		test -x /usr/local/sbin/wqc-top && test -e /usr/local/share/doc/wq-compat/docs/porting.md"
	kernels=$k client /usr/local/share/wq-compat '/usr/local/share/wq-compat/$k/Module.symvers' \
		/usr/local/share/doc/wq-compat/examples/samples
	check "make uninstall keeps what another kernel uses" "
		install -D -m 644 -t /usr/local/share/wq-compat/other /usr/local/share/wq-compat/$k/Module.symvers
		cd /root/wq_compat && make uninstall KVER=$k
		test ! -e /lib/modules/$k/updates/wq-compat && test ! -e /usr/local/share/wq-compat/$k
		test -x /usr/local/sbin/wqc-top && test -e /usr/local/share/wq-compat/wq_compat.h"
	check "make uninstall" "
		rm -r /lib/modules/$k/hello /usr/local/share/wq-compat/other
		cd /root/wq_compat && make uninstall KVER=$k && depmod $k"
	same_as_before "make uninstall leaves nothing"
	check "DKMS without packages" "
		cd /root/wq_compat && make clean KVER=$k && PREFIX=/usr scripts/install.sh source
		for k in $kernels; do dkms install wq-compat/$version -k \$k; done
		$(dkms_has "$version")
		dkms remove wq-compat/$version --all
		rm -r /usr/src/wq-compat-$version /etc/kernel/*postinst.d/wq-compat"
	same_as_before "DKMS leaves nothing"
}

# The tarball of make dist: DKMS builds it, without anything else of the project, and so are clients.
tarball() {
	local new=${kernels##* } dir=/usr/src/wq-compat-$version

	check "DKMS builds the tarball for both kernels" "
		cd /tmp && tar -xf ${dist##*/} && dkms add ./wq_compat-$version && rm -r wq_compat-$version
		for k in $kernels; do
			dkms build wq-compat/$version -k \$k
			dkms install wq-compat/$version -k \$k
			rm -rf first && $dir/scripts/wqc-new first && make -C first KDIR=/lib/modules/\$k/build
		done
		rm -r first
		$(dkms_has "$version")"
	expect "DKMS skips a kernel that dkms.conf does not name" BUILD_EXCLUSIVE \
		"dkms build wq-compat/$version -k 7.4.0-1-amd64 --kernelsourcedir=/lib/modules/$new/build"
	check "DKMS builds it for a new kernel where it is told to" "
		dkms unbuild wq-compat/$version -k $new
		dkms autoinstall -k $new
		if modinfo -k $new wq_compat; then exit 1; fi
		echo AUTOINSTALL=yes >>$dir/dkms.conf
		dkms autoinstall -k $new
		$(dkms_has "$version")
		dkms remove wq-compat/$version --all && rm -r $dir"
}

# DKMS of Debian 13, which knows the limits of dkms.conf, and its kernels.
debian_13() {
	"$TOP/scripts/stock-inside.sh" trixie >"$log" && "$TOP/scripts/stock-inside.sh" trixie backports >"$log" || exit 1
	rm -rf "$work/over" && mkdir -p "$work/over"
	undo "rm -rf '$work/over'"
	inside() {
		"$TOP/scripts/inside.sh" --over "$work/over" trixie env DEBIAN_FRONTEND=noninteractive sh -euc "$1"
	}
	kernels=$(inside 'ls /lib/modules' | sort -V | xargs)
	make_dist
	inside "cp '$dist' /tmp/ && apt-get -q install -y --no-install-recommends openssl dkms" >"$log" 2>&1 ||
		die_of "$log" "no DKMS of Debian 13"
	tarball
	"$TOP/scripts/deb.sh" >"$log" || die_of "$log" "no packages"
	inside "mkdir -p /tmp/debs && cp $(grep '\.deb$' "$log" | xargs) /tmp/debs"
	check "packages install on Debian 13" "apt-get -q install -y --no-install-recommends /tmp/debs/*.deb"
	check "DKMS installs the modules for ${kernels// / and }" "$(dkms_has "$version")"
	skipped_and_failed "$version"
}

fresh_debian
kernels=$(basename -a "$root"/lib/modules/* | sort -V | xargs)
say "kernels: $kernels"
[ "${WQC_INSTALL_PART:-packages}" != packages ] || packages
[ "${WQC_INSTALL_PART:-by_hand}" != by_hand ] || by_hand
if [ "${WQC_INSTALL_PART:-tarball}" = tarball ]; then
	make_dist
	cp "$dist" "$root/tmp/" || die "there is no tarball"
	tarball
	same_as_before "the tarball leaves nothing"
fi
[ "${WQC_INSTALL_PART:-debian_13}" != debian_13 ] || debian_13
exit "$status"
