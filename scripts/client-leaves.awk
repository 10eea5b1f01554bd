# A part of client-includes.sh: where __try is left by a jump, so that its __finally does not run.

# A line without comments and the text of strings.
function code(line,    out, at) {
	out = ""
	while (line != "") {
		if (in_comment) {
			at = index(line, "*/")
			if (!at)
				return out
			in_comment = 0
			line = substr(line, at + 2)
		} else if (match(line, /\/\*|\/\/|"|\047/)) {
			out = out substr(line, 1, RSTART - 1) " "
			if (substr(line, RSTART, 2) == "//")
				return out
			in_comment = substr(line, RSTART, 2) == "/*"
			at = RSTART + (in_comment ? 2 : 1)
			if (!in_comment && match(line, /"([^"\\]|\\.)*"|\047([^\047\\]|\\.)*\047/))
				at = RSTART + RLENGTH
			line = substr(line, at)
		} else {
			return out line
		}
	}
	return out
}

# A jump out of each open __try, the outermost first, in whose body its target is not. @loop: what
# the target is, for break and continue.
function jump(word, target, loop,    l, k, inside) {
	for (l = 1; l <= level; l++) {
		inside = 0
		for (k = 1; k <= loops; k++)
			if (loop && loop_depth[k] >= body[l] && (word == "break" || loop_kind[k] != "switch"))
				inside = 1
		if (!inside)
			left[l] = left[l] row " " word " " target "\n"
	}
}

# Behind the body of the __try of level l comes __finally.
function skipped(l, file,    list, part, n, i) {
	n = split(left[l], list, "\n")
	for (i = 1; i < n; i++) {
		split(list[i], part, " ")
		if (part[2] != "goto" || !((l, part[3]) in label_in))
			told[file ":" part[1] ":" part[2]] = 1
	}
}

function token(word, file) {
	if (ended) {
		if (word == "__finally" || word == "finally")
			skipped(ended, file)
		ended = 0
	}
	# The end of a statement. An "else" continues that of a loop without braces.
	if (closed && word != "else")
		while (loops && loop_depth[loops] == depth)
			loops--
	closed = 0
	if (target_next) {
		jump("goto", word, 0)
		target_next = 0
	} else if (word == "{") {
		depth++
		if (pending) {
			body[++level] = depth
			left[level] = ""
		}
		pending = 0
	} else if (word == "}") {
		while (loops && loop_depth[loops] >= depth)
			loops--
		if (level && body[level] == depth)
			ended = level--
		closed = 1
		if (--depth <= 0)
			depth = level = loops = 0
	} else if (word == "(") {
		parens++
	} else if (word == ")") {
		parens--
	} else if (word == ";" && !parens) {
		closed = 1
	} else if (word == ":") {
		for (l = 1; l <= level; l++)
			label_in[l, before] = 1
	} else if (word == "__try" || word == "try") {
		pending = 1
		for (l in label_in)
			if (index(l, level + 1 SUBSEP) == 1)
				delete label_in[l]
	} else if (word ~ /^(for|while|do|switch)$/) {
		loop_depth[++loops] = depth
		loop_kind[loops] = word
	} else if (word == "return" || word == "break" || word == "continue") {
		jump(word, "", word != "return")
	} else if (word == "goto") {
		target_next = 1
	}
	before = word
}

# Prints "leaves:SOURCE:FILE:LINE:WORD" for each jump of the file.
function leaves(file, source,    line, directive, name) {
	in_comment = directive = depth = parens = level = loops = pending = ended = closed = row = 0
	target_next = 0
	split("", label_in)
	split("", told)
	name = index(file, src "/") == 1 ? substr(file, length(src) + 2) : file
	while ((getline line <file) > 0) {
		row++
		sub(/\r$/, "", line)
		line = code(line)
		if (directive || line ~ /^[ \t]*#/) {
			directive = line ~ /\\$/
			continue
		}
		while (match(line, /[A-Za-z_][A-Za-z_0-9]*|[{}();:]/)) {
			word = substr(line, RSTART, RLENGTH)
			line = substr(line, RSTART + RLENGTH)
			token(word, name)
		}
	}
	close(file)
	for (line in told)
		print "leaves:" source ":" line
}
