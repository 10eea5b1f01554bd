# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/api.sh [--check]

Reads what kernel-doc -rst prints, with a line ".. file:: NAME" before each file, and writes
docs/api.md: the public functions and macros by module, family and name.
"""

import os
import re
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import run     # noqa: E402

PUBLIC = re.compile(r"_?(Ex|Io|Ob|Rx|Dbg|Ke|Kf|Ps|Rtl|Zw)[pf]?[A-Z]|WQC_")
FAMILIES = (
    (False, "Ex", "Executive work items: Ex"),
    (False, "Io|Ob", "I/O work items and objects: Io, Ob"),
    (False, "Rx|_Rx", "Mini-redirectors: Rx"),
    (False, "WQC_", "Drivers as modules"),
    (True, "Ke|Kf", "nt-compat: Ke"),
    (True, "Ex", "nt-compat: Ex"),
    (True, "Io|Ob|Ps|Zw", "nt-compat: Io, Ob, Ps, Zw"),
    (True, "Rtl", "nt-compat: Rtl"),
    (True, "Dbg", "nt-compat: Dbg"),
)
HEAD = """# API

`make docs` writes this page from the kernel-doc of the public functions. The calls of `wq-compat` are declared in
`wq_compat.h`, and those of `nt-compat` below in the Windows headers of `include/`. "Context" has the IRQL on Windows,
then the contexts here. "Follows" names the document that defines the call: DDI is Microsoft's reference of driver
interfaces. Macros and inline functions without kernel-doc, such as those of lists and interlocked operations, are in
the headers only. The rules that span calls are in [semantics.md](semantics.md); [porting.md](porting.md) names the
differences.
"""


def entries(text):
    """(file, prototype, body lines) of each function or macro."""
    name = ""
    for block in re.split(r"^\.\. (?=file::|c:\w+::)", text, flags=re.M)[1:]:
        kind, _, rest = block.partition(":: ")
        first, _, body = rest.partition("\n")
        if kind == "file":
            name = first.strip()
        elif kind == "c:function":
            yield name, first.strip(), body
        elif kind == "c:macro":
            call, body = re.match(r"\s*``(.*?)``\n(.*)", body, re.S).groups()
            yield name, call, body


def prose(lines):
    """reStructuredText of kernel-doc as Markdown."""
    out = []
    for line in textwrap.dedent("\n".join(lines)).strip().split("\n"):
        line = re.sub(r":c:\w+:`([^`<]*?)(?: <[^`]*)?`", r"``\1``", line.rstrip())
        parts = re.split(r"(``.*?``)", line)
        parts[::2] = [re.sub(r"<(?=\w)", "&lt;", re.sub(r"\*\*([^*]+)\*\*", r"`\1`", p))
                      for p in parts[::2]]
        out.append("".join(p.replace("``", "`") for p in parts))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(out))


def prototype(text):
    """The prototype in lines of limited length, broken between parameters."""
    text = re.sub(r"\b(__nocfi|NTAPI|__\w+) ", "", text)
    text = re.sub(r"(\*) (?=\w+ \()", r"\1", re.sub(r"(\w) \(", r"\1(", text, count=1))
    lines = [""]
    for part in re.split(r"(?<=,) ", text):
        if lines[-1] and len(lines[-1]) + len(part) > 95:
            lines.append("\t")
        lines[-1] += (" " if lines[-1].strip() else "") + part
    return "\n".join(lines)


def entry(name, proto, body):
    purpose, _, body = body.partition(".. container:: kernelindent")
    sections, last = {"": []}, ""
    for line in body.split("\n"):
        head = re.fullmatch(r"  \*\*(\w[\w ]*)\*\*", line)
        if head:
            last = head[1]
            sections[last] = []
        else:
            sections[last].append(line)
    purpose = prose(purpose.split("\n"))
    out = "### %s\n\n%s.\n\n```c\n%s\n```\n" % (
        name, purpose[0].upper() + purpose[1:], prototype(proto))
    params = re.findall(r"^  ``(.*?)``\n((?:    .*\n|\n(?=    ))*)",
                        "\n".join(sections.pop("Parameters", [])) + "\n", re.M)
    lines = ["* `%s`: %s\n" % (re.search(r"(\w+|\.\.\.)(?:\[.*\])?$", p)[1], "\n  ".join(
        prose(d.split("\n")).split("\n"))) for p, d in params if p != "void"]
    out += "\n" + "".join(lines) if lines else ""
    sections.pop("")
    for title in sorted(sections, key=lambda t: ("Description", "Context", "Return").index(t)):
        text = prose(sections[title])
        if text:
            out += "\n" + ("" if title == "Description" else "*%s:* " % title) + text + "\n"
    return out


def generate(_):
    found = {}
    for path, proto, body in entries(sys.stdin.read().replace("\1", "%").replace("\2", "&")):
        name = re.search(r"(\w+)\s*\(", proto)[1]
        if PUBLIC.match(name):
            found[name] = bool(re.match(r"nt/|include/", path)), entry(name, proto, body)
    out, used = HEAD, set()
    for nt, prefix, title in FAMILIES:
        names = sorted((n for n, (mine, _) in found.items()
                        if mine == nt and re.match("(?:%s)" % prefix, n)), key=lambda n: n.strip("_"))
        if not names or used & set(names):
            raise ValueError("no functions of their own: " + title)
        used |= set(names)
        out += "\n## %s\n\n" % title + "\n".join(found[n][1] for n in names)
    if used != set(found):
        raise ValueError("of no family: %s" % sorted(set(found) - used))
    print("%d functions and macros" % len(found))
    return {"docs/api.md": out}


if __name__ == "__main__":
    run(generate)
