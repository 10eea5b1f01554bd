# shellcheck shell=bash disable=SC2034 # status is used by install-test.sh
# Sourced by install-test.sh: a clean Debian in the cache, and checks that run in it.

work=$CACHE/install
root=$work/root
log=$work/log
status=0

# Packages of a machine that boots, with DKMS and the headers of a second kernel.
packages=linux-image-amd64,initramfs-tools,systemd-sysv,udev,kmod,dkms,openssl,make,gcc
packages+=,linux-headers-amd64,linux-headers-6.12-amd64
# An initrd with the modules for every kind of disk takes minutes to make and to boot.
# shellcheck disable=SC2016 # mmdebstrap's shell knows $1
small_initrd='cd "$1" && mkdir -p etc/initramfs-tools/conf.d usr/share/initramfs-tools/modules.d &&
	echo MODULES=list >etc/initramfs-tools/conf.d/small &&
	printf "%s\n" virtio_pci virtio_blk ext4 >usr/share/initramfs-tools/modules.d/small'
base=$work/base-$(printf '%s' "$packages" | cksum | cut -d' ' -f1).tar
make_base() {
	progress "making a clean Debian" "$work/mmdebstrap.log" mmdebstrap \
		--format=tar --variant=apt --essential-hook="$small_initrd" \
		--include="$packages" bookworm "$base.new" ||
		die "cannot make a Debian for the test, see $work/mmdebstrap.log"
	mv "$base.new" "$base"
}

# Runs in a mount namespace, so that no mount is left behind after an error.
inside() {
	# shellcheck disable=SC2016
	unshare --mount --fork sh -c 'mount -t proc proc "$0/proc" && exec chroot "$@"' \
		"$root" "$root" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
		LC_ALL=C DEBIAN_FRONTEND=noninteractive sh -euc "$1"
}

# check NAME COMMANDS: they must succeed in the Debian. expect NAME TEXT COMMANDS: and print TEXT.
check() {
	local verdict=ok

	inside "$2" >"$log" 2>&1 || verdict="not ok"
	[ "$verdict" = ok ] || { tail -n 30 "$log"; status=1; }
	echo "$verdict install: $1"
}
expect() {
	local verdict=ok

	inside "$3" >"$log" 2>&1 || :
	grep -q -F -e "$2" "$log" || { verdict="not ok"; tail -n 30 "$log"; status=1; }
	echo "$verdict install: $1"
}

# Prints commands that install a package of headers for Linux VERSION, which fails like Debian's if
# a hook fails. The headers are those of another kernel, or have a Makefile that fails.
# shellcheck disable=SC2016
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
	inside 'apt-get -q update; dkms status' >"$log" 2>&1 || die "apt-get update failed, see $log"
	inventory >"$work/before"
}
