# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # a $ for the shell inside; variables of install-test.sh
# Sourced by install-test.sh: a clean Debian in the cache, and checks that run in it.

work=$CACHE/install
root=$work/root
log=$work/log
status=0

# Packages of a machine that boots, with DKMS and the headers of a second kernel, and what the packages
# of the project depend on, so that it does not stay when they are removed.
packages=linux-image-amd64,initramfs-tools,systemd-sysv,udev,kmod,dkms,openssl,make,gcc,python3
packages+=,linux-headers-amd64,linux-headers-6.12-amd64
# An initrd with the modules for every kind of disk takes minutes to make and to boot.
small_initrd='cd "$1" && mkdir -p etc/initramfs-tools/conf.d usr/share/initramfs-tools/modules.d &&
	echo MODULES=list >etc/initramfs-tools/conf.d/small &&
	printf "%s\n" virtio_pci virtio_blk ext4 >usr/share/initramfs-tools/modules.d/small'
base=$work/base-$(printf '%s' "$packages" | cksum | cut -d' ' -f1).tar
make_base() {
	progress "making a clean Debian" "$work/mmdebstrap.log" mmdebstrap \
		--format=tar --variant=apt --essential-hook="$small_initrd" \
		--include="$packages" bookworm "$base.new" ||
		die_of "$work/mmdebstrap.log" "cannot make a Debian for the test"
	mv "$base.new" "$base"
}

# Runs in a mount namespace, so that no mount is left behind after an error.
inside() {
	unshare --mount --fork sh -c 'mount -t proc proc "$0/proc" && exec chroot "$@"' \
		"$root" "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C DEBIAN_FRONTEND=noninteractive sh -euc "$1"
}

# check NAME COMMANDS: they must succeed in the Debian. expect NAME TEXT COMMANDS: and print TEXT.
check() {
	local verdict=ok

	inside "$2" >"$log" 2>&1 || verdict="not ok"
	[ "$verdict" = ok ] || { tail -n 30 "$log"; status=1; }
	echo "$verdict install: $1$([ "$verdict" = ok ] || echo " ($(matters "$log"))")"
}
expect() {
	local verdict=ok

	inside "$3" >"$log" 2>&1 || :
	grep -q -F -e "$2" "$log" || { verdict="not ok"; tail -n 30 "$log"; status=1; }
	echo "$verdict install: $1"
}

# Prints commands that install a package of headers for Linux VERSION, which fails like Debian's if
# a hook fails. The headers are those of another kernel, or have a Makefile that fails.
headers() { # headers VERSION good|broken
	local build='ln -s "$(echo /lib/modules/*/build | cut -d" " -f1)" build'

	[ "$2" = good ] || build='mkdir -p build/include && echo "all modules clean:; false" >build/Makefile'
	cat <<-END
		d=/tmp/headers-$1
		mkdir -p \$d/DEBIAN \$d/lib/modules/$1 && cd \$d/lib/modules/$1 && $build && cd \$d/DEBIAN
		echo 'Package: linux-headers-$1' >control
		echo 'Version: 1' >>control
		echo 'Architecture: amd64' >>control
		echo 'Maintainer: nobody <nobody@localhost>' >>control
		echo 'Description: headers of another kernel' >>control
		echo '#!/bin/sh' >postinst && chmod 755 postinst
		echo 'exec run-parts --report --exit-on-error --arg=$1 /etc/kernel/header_postinst.d' >>postinst
		dpkg-deb -b \$d \$d.deb && apt-get -q install -y \$d.deb
	END
}

# Lists every file with its size and time (reading the contents takes minutes), except the
# databases of packages and modules.
inventory() {
	(cd "$root" && find . -xdev \( -path ./proc -o -path ./tmp -o -path ./var/log -o -path ./var/cache \
		-o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./root \) -prune -o \
		-type f ! -path './lib/modules/*/modules.*' ! -path './usr/lib/modules/*/modules.*' \
		! -name 'mok.*' -printf '%p %m %s %T@\n' -o -type d -print -o -type l -printf '%p -> %l\n') | sort
}
same_as_before() {
	inventory >"$work/after"
	if diff "$work/before" "$work/after" >"$log"; then
		echo "ok install: $1"
	else
		head -n 30 "$log"
		echo "not ok install: $1"
		status=1
	fi
}

# Copies the tree as make deb does; sets another version if one is given.
tree() {
	local to=$1 version=${2:-}

	rm -rf "$to" && mkdir -p "$to"
	copy_tree "$TOP" "$to"
	[ -z "$version" ] || (cd "$to" && sed -i "s/^MODULE_VERSION(\".*\")/MODULE_VERSION(\"$version\")/" \
		main.c nt/main.c &&
		sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$version\"/" dkms.conf &&
		sed -i "1s/(.*)/($version)/" debian/changelog)
}

# Both modules must exist for each kernel, and be signed.
dkms_has() {
	echo "for k in $kernels; do
		for m in wq_compat nt_compat; do
			[ \"\$(modinfo -k \$k -F version \$m)\" = $1 ]
			modinfo -k \$k -F vermagic \$m | grep -q \"^\$k \"
			modinfo -k \$k -F signer \$m | grep .
		done
		grep -q nt-compat /var/lib/dkms/wq-compat/kernel-\$k-x86_64/Module.symvers
	done"
}

# client HEADERS SYMVERS SAMPLES: compiles a client as docs/install.md says, and the Windows
# driver as docs/porting.md says.
client() {
	check "clients are compiled and installed" "
		for k in $kernels; do
			rm -rf /root/hello /root/journal && mkdir /root/hello
			cp $3/wqc_hello.c /root/hello/hello.c && cp -r $3/journal /root/
			printf 'obj-m += hello.o\ninclude $1/wq_compat.mk\n' >/root/hello/Kbuild
			cd /root/hello && make -C /lib/modules/\$k/build M=\$PWD
			make -C /lib/modules/\$k/build M=\$PWD INSTALL_MOD_DIR=hello modules_install
			cd /root/journal && make -C /lib/modules/\$k/build M=\$PWD
			make -C /lib/modules/\$k/build M=\$PWD INSTALL_MOD_DIR=hello modules_install
			depmod \$k
			modprobe -S \$k --show-depends hello | grep wq-compat
			modprobe -S \$k --show-depends journal | grep nt-compat
			rm -rf /root/first && wqc-new /root/first && make -C /root/first KDIR=/lib/modules/\$k/build
			test -e /root/first/first.ko
		done"
	check "samples are compiled" "
		rm -rf /root/samples && cp -r $3 /root/samples && cd /root/samples && k=${kernels%% *}
		make -C /lib/modules/\$k/build M=\$PWD WQC_INCLUDE=$1 KBUILD_EXTRA_SYMBOLS=$2"
	expect "a client under another license is refused" \
		"ERROR: modpost: GPL-incompatible module hello.ko uses GPL-only symbol 'wqc_driver_load'" "
		cd /root/hello && k=${kernels%% *} && sed -i 's/MODULE_LICENSE(.*)/MODULE_LICENSE(\"MS-PL\")/' hello.c
		make -C /lib/modules/\$k/build M=\$PWD"
}

# make dist, of a repository whose last commit is this tree: the same bytes from another clone, and
# what is in no commit is not in it. Sets $dist.
make_dist() {
	local name="make dist gives the files of a commit, each time the same bytes"

	dist=$work/dist/one/dist/wq_compat-$version.tar.gz
	rm -rf "$work"/{repo,clone,dist} && tree "$work/repo"
	undo "rm -rf '$work'/{repo,clone,dist,said,said2}"
	if (dist_twice) >"$work/said" 2>&1; then
		echo "ok install: $name"
	else
		cat "$work/said"
		echo "not ok install: $name"
		status=1
	fi
}
dist_twice() {
	cd "$work/repo" && git init -q && git add -A &&
		git -c user.name=a -c user.email=a@localhost commit -q -m a &&
		git clone -q "$work/repo" "$work/clone" && touch "$work/clone/untracked" &&
		(umask 077 && WQC_CACHE=$work/dist/one make -s dist) && sleep 1 &&
		WQC_CACHE=$work/dist/two make -s -C "$work/clone" dist &&
		cmp "$dist" "$work/dist/two/dist/${dist##*/}" &&
		diff <(git ls-files) <(tar -tf "$dist" | sed -n 's|^[^/]*/\(.*[^/]\)$|\1|p' | sort) &&
		! tar -tvf "$dist" | grep -v -E '^[-d]rw[x-]r-[x-]r-[x-] root/root ' &&
		echo >>README.md && ! scripts/dist.sh 2>"$work/said2" &&
		grep -x 'dist.sh: files differ from the last commit: .*' "$work/said2" &&
		rm -rf .git && ! scripts/dist.sh 2>"$work/said2" &&
		grep -x 'dist.sh: this tree is no git checkout, .*' "$work/said2"
}

# Unpacks a fresh Debian, and removes it at the end.
fresh_debian() {
	mkdir -p "$work"
	lock install
	[ -e "$base" ] || make_base
	rm -rf "$root" && mkdir "$root"
	undo "rm -rf '$root' '$work/newer'"
	progress "unpacking the Debian" "$log" tar -xf "$base" -C "$root" || die "cannot unpack $base"
	cp /etc/resolv.conf "$root/etc/"
	# Files that apt and DKMS create at their first use do not count as left behind.
	inside 'apt-get -q update; dkms status' >"$log" 2>&1 || die_of "$log" "apt-get update failed"
	inventory >"$work/before"
}
