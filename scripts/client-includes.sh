#!/bin/sh
# usage: scripts/client-includes.sh SHADOW SRC "DIR..." SOURCE...     (from client.mk)
#
# Windows finds "..\inc\Public.h" as inc/public.h; a compiler on Linux does not. Follows the
# includes of each SOURCE (relative to SRC). For a name with backslashes or in another case, it
# makes a file with exactly that name in SHADOW that includes the right one, and one with
# slashes, because clang converts backslashes. SHADOW is several directories deep, so that
# "../.." does not lead out of it. Prints, for client.mk, "header:SOURCE:PATH" for each such
# header, and "linux:SOURCE" for a source that includes headers of Linux.

shadow=$1 src=$2 dirs=$3
shift 3
own=$(cd "$(dirname "$0")/.." && pwd)/include/
mkdir -p "$shadow" || exit 1
exec awk -v own="$own" -v shadow="$shadow" -v src="$src" -v dirs="$dirs" '
function quote(s) {
	gsub(/\047/, "\047\\\047\047", s)
	return "\047" s "\047"
}

# Returns the entry of a directory with this name in any case, or "".
function entry(dir, name,    line, cmd) {
	if (!(dir in listed)) {
		listed[dir] = 1
		cmd = "ls -a " quote(dir) " 2>/dev/null"
		while ((cmd | getline line) > 0) {
			exact[dir, line] = line
			folded[dir, tolower(line)] = line
		}
		close(cmd)
	}
	if ((dir, name) in exact)
		return name
	return folded[dir, tolower(name)]
}

function resolve(base, name,    part, n, i, found) {
	n = split(name, part, "/")
	if (name ~ /^\//)
		base = ""
	for (i = 1; i <= n; i++) {
		if (part[i] == "" || part[i] == ".")
			continue
		found = entry(base == "" ? "/" : base, part[i])
		if (found == "")
			return ""
		base = base "/" found
	}
	return base
}

function has(path,    line, status) {
	status = (getline line <path)
	close(path)
	return status >= 0
}

function make(name, path,    file, dir, old) {
	file = shadow "/" name
	while (sub(/\/[^\/]*\/\.\.\//, "/", file))
		;
	if ((getline old <file) > 0 && old == "#include \"" path "\"") {
		close(file)
		return
	}
	close(file)
	if (name ~ /\//) {
		dir = file
		sub(/\/[^\/]*$/, "", dir)
		system("mkdir -p " quote(dir))
	}
	print "#include \"" path "\"" >file
	close(file)
}

function scan(file,    line, name, dir, quoted, path, i, n, list, wanted, count) {
	if (file in seen)
		return
	seen[file] = 1
	dir = file
	sub(/\/[^\/]*$/, "", dir)
	count = 0
	while ((getline line <file) > 0) {
		sub(/\r$/, "", line)
		if (line !~ /^[ \t]*#[ \t]*include[ \t]*["<]/)
			continue
		sub(/^[ \t]*#[ \t]*include[ \t]*/, "", line)
		wanted[++count] = line
	}
	close(file)
	for (n = 1; n <= count; n++) {
		quoted = wanted[n] ~ /^"/
		name = substr(wanted[n], 2)
		sub(/[">].*/, "", name)
		if (name ~ /^(linux|asm|asm-generic|uapi|net|crypto|kunit)\//) {
			mixed = 1
			continue
		}
		path = find(name, quoted ? dir : "")
		if (path != "" && index(path, own) != 1)
			scan(path)
	}
}

# Searches as the compiler does, then as Windows does.
function find(name, dir,    base, count, i, plain, path) {
	count = split(dirs, base, " ")
	if (dir != "" && name !~ /\\/ && has(dir "/" name))
		return dir "/" name
	for (i = 1; i <= count; i++)
		if (name !~ /\\/ && has(base[i] "/" name))
			return base[i] "/" name
	plain = name
	gsub(/\\/, "/", plain)
	path = dir == "" ? "" : resolve(dir, plain)
	for (i = 1; i <= count && path == ""; i++)
		path = resolve(base[i], plain)
	if (path != "") {
		make(name, path)
		if (plain != name)
			make(plain, path)
		print "header:" source ":" path
	}
	return path
}

BEGIN {
	for (arg = 1; arg < ARGC; arg++) {
		source = ARGV[arg]
		mixed = 0
		split("", seen)
		scan(src "/" source)
		if (mixed)
			print "linux:" source
	}
}' "$@"
