# The program of client-includes.sh, which describes what it does.

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

function make(name, path) {
	write(shadow "/" name, "#include \"" path "\"\n")
}

# Writes a file, unless it has this text already.
function write(file, text,    dir, old, line) {
	while (sub(/\/[^\/]*\/\.\.\//, "/", file))
		;
	old = ""
	while ((getline line <file) > 0)
		old = old line "\n"
	close(file)
	if (old == text)
		return
	dir = file
	sub(/\/[^\/]*$/, "", dir)
	system("mkdir -p " quote(dir))
	printf "%s", text >file
	close(file)
}

# The length of an integer with a suffix of MSVC at the start of s, or 0.
function suffixed(s) {
	if (!match(s, /^(0[xX][0-9a-fA-F]+|[0-9]+)[uU]?[iI](8|16|32|64)/))
		return 0
	return substr(s, RLENGTH + 1, 1) ~ /[A-Za-z0-9_]/ ? 0 : RLENGTH
}

# Without the suffix, or with that of Linux. An i8, i16 or i32 is an int.
function converted(number,    u, wide) {
	wide = number ~ /64$/
	sub(/[iI](8|16|32|64)$/, "", number)
	u = sub(/[uU]$/, "", number)
	return number (u ? "U" : "") (wide ? "LL" : "")
}

# The rewritten text of a file. Only looks at code, not at comments and strings. A __leave jumps to
# a label at the end of the innermost __try: "tries" is the stack of their numbers and depths.
function rewrite(file,    text, line, out, i, c, n, word, mode, depth, tries, number, level, pending) {
	text = ""
	while ((getline line <file) > 0)
		text = text line "\n"
	close(file)
	out = "#line 1 \"" file "\"\n"
	mode = ""
	depth = level = pending = 0
	for (i = 1; i <= length(text); i += n) {
		c = substr(text, i, 1)
		n = 1
		if (mode == "/*") {
			if (substr(text, i, 2) == "*/") {
				mode = ""
				n = 2
			}
		} else if (mode == "//") {
			if (c == "\n")
				mode = ""
		} else if (mode != "") {
			if (c == "\\")
				n = 2
			else if (c == mode || c == "\n")
				mode = ""
		} else if (substr(text, i, 2) == "/*" || substr(text, i, 2) == "//") {
			mode = substr(text, i, 2)
			n = 2
		} else if (c == "\"" || c == "\047") {
			mode = c
		} else if (c == "{") {
			depth++
			if (pending) {
				pending = 0
				tries[++level] = ++labels
				number[level] = depth
				used[level] = 0
			}
		} else if (c == "}") {
			if (level && number[level] == depth) {
				if (used[level])
					out = out "wqc_leave_" tries[level] ":;"
				level--
			}
			depth--
		} else if (c ~ /[A-Za-z_]/) {
			match(substr(text, i), /^[A-Za-z_0-9]+/)
			n = RLENGTH
			word = substr(text, i, n)
			if (word == "__try" || word == "try") {
				pending = 1
			} else if (word == "__leave" && level) {
				used[level] = 1
				out = out "goto wqc_leave_" tries[level]
				continue
			}
		} else if (c ~ /[0-9]/) {
			n = suffixed(substr(text, i))
			if (n) {
				out = out converted(substr(text, i, n))
				continue
			}
			match(substr(text, i), /^[A-Za-z_0-9.]+/)
			n = RLENGTH
		}
		out = out substr(text, i, n)
	}
	return out
}

# Copies all files of a source: those that include a rewritten header must find the copy.
function copy(file,    f, to) {
	for (f in seen) {
		to = shadow "/copies" f
		write(to, rewrite(f))
	}
	print "copy:" source ":" shadow "/copies" file
}

# FUNC Name{...}(...) in the comments of a begin_wpp config.
function trace(line) {
	if (line ~ /begin_wpp[ \t]+config/)
		wpp = 1
	else if (line ~ /end_wpp/)
		wpp = 0
	else if (wpp && match(line, /FUNC[ \t]+[A-Za-z_][A-Za-z_0-9]*/)) {
		line = substr(line, RSTART, RLENGTH)
		sub(/^FUNC[ \t]+/, "", line)
		traced[line] = 1
	}
}

# A trace header for all files of a source. Functions of ETW and of the default WPP are macros, too.
function make_tmh(    name, text, f) {
	text = "#ifndef WQC_TMH\n#define WQC_TMH\n" \
		"#define WPP_INIT_TRACING(...) ((VOID)0)\n#define WPP_CLEANUP(...) ((VOID)0)\n" \
		"#define WPP_SYSTEMCONTROL(...)\n#define WPP_SYSTEMCONTROL2(...)\n" \
		"#define DoTraceMessage(...) ((VOID)0)\n#define DoTraceMessageEx(...) ((VOID)0)\n" \
		"#define DoDebugTrace(...) ((VOID)0)\n"
	for (f in traced)
		text = text "#undef " f "\n#define " f "(...) ((VOID)0)\n"
	text = text "#endif\n"
	for (name in tmh)
		write(shadow "/" name, text)
}

function scan(file, parents,    line, name, dir, quoted, path, i, n, list, wanted, count) {
	if (file in seen)
		return
	seen[file] = 1
	dir = file
	sub(/\/[^\/]*$/, "", dir)
	count = 0
	wpp = 0
	tries_in[file] = 0
	while ((getline line <file) > 0) {
		sub(/\r$/, "", line)
		trace(line)
		if (line ~ /finally/)
			tries_in[file] = 1
		if (line ~ /__leave/ || (line ~ /[0-9a-fA-F][uU]?[iI](8|16|32|64)/ &&
		    line ~ /(^|[^A-Za-z0-9_"%])(0[xX][0-9a-fA-F]+|[0-9]+)[uU]?[iI](8|16|32|64)([^A-Za-z0-9_]|$)/))
			copied = 1
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
		if (tolower(name) ~ /(^|[\/\\])(wdf|storport|wsk|tdikrnl|usb|usbdi|usbdlib)\.h$/)
			print "unusable:" source ":" name
		path = find(name, quoted ? dir " " parents : "")
		if (path == "" && name ~ /\.tmh$/)
			tmh[name] = 1
		if (path != "" && index(path, own) != 1 && path !~ /\.tmh$/)
			scan(path, dir " " parents)
	}
}

# Searches as the compiler does, then as Windows does: also in the directories of the files that
# include the including file, the innermost first.
function find(name, chain,    base, near, count, nears, i, plain, path) {
	count = split(dirs, base, " ")
	nears = split(chain, near, " ")
	if (nears && name !~ /\\/ && has(near[1] "/" name))
		return near[1] "/" name
	for (i = 1; i <= count; i++)
		if (name !~ /\\/ && has(base[i] "/" name))
			return base[i] "/" name
	plain = name
	gsub(/\\/, "/", plain)
	path = ""
	for (i = 1; i <= nears && path == ""; i++)
		path = resolve(near[i], plain)
	for (i = 1; i <= count && path == ""; i++)
		path = resolve(base[i], plain)
	if (path != "") {
		make(name, path)
		if (plain != name)
			make(plain, path)
	}
	return path
}

BEGIN {
	for (arg = 1; arg < ARGC; arg++) {
		source = ARGV[arg]
		mixed = copied = 0
		split("", seen)
		scan(src "/" source, "")
		for (file in seen) {
			print "header:" source ":" file
			if (tries_in[file])
				leaves(file, source)
		}
		if (mixed)
			print "linux:" source
		if (copied)
			copy(src "/" source)
	}
	make_tmh()
}
