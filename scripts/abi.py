#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/abi.py [--check]

Writes docs/abi/testing/: the files that the modules give to user space, in the form of the kernel's
Documentation/ABI. A parameter's text is the comment before its module_param(), that of a file in
debugfs the comment before its NAME_show(), that of a trace event its kernel-doc. It is an error if
one of them has no text, or if a value that it prints has none. Exit status: see generated.py.
"""

import os
import re
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import read, run, sources            # noqa: E402
from installed import parameters                    # noqa: E402

COMMENT = r"^/\*\*?\n((?: \*[^\n]*\n)+?) \*/\n"


def words(comment):
    """(paragraphs, {name: text}) of a comment that describes values as "@name: text"."""
    text, values, last = "", {}, None
    for line in re.sub(r"^ \* ?", "", comment, flags=re.M).split("\n"):
        value = re.match(r"@(\w+): (.*)", line)
        if value:
            last, values[value[1]] = value[1], value[2]
        elif last and line:
            values[last] += " " + line.strip()
        else:
            last = None
            text += line + "\n"
    return text.strip(), values


def entry(what, said, values, users=()):
    limits = [re.search(r'^BUILD_EXCLUSIVE_KERNEL_%s="(\d+\.\d+)' % end, read("dkms.conf"), re.M)[1]
              for end in ("MIN", "MAX")]
    lines = ["What:\t\t" + what, "KernelVersion:\t%s to %s" % tuple(limits), "Description:"]
    for part in [*re.split(r"\n{2,}", said), *("- %s: %s" % v for v in values.items())]:
        lines += textwrap.wrap(" ".join(part.split()), 96, initial_indent="\t\t", break_on_hyphens=False,
                               subsequent_indent="\t\t  " if part[0] == "-" else "\t\t")
        lines += [""] if part[0] != "-" else []
    while not lines[-1]:
        lines.pop()
    return "\n".join(lines + ["Users:\t\t" + ", ".join(users)] * bool(users)) + "\n"


def users_of(pattern):
    return [t for t in ("wqc-top", "wqc-trace") if re.search(pattern, read("scripts", t))]


def parameter_pages(files, wrong):
    text = "".join(files.values())
    for name, default, said, _ in sorted(parameters(files, [], wrong)):
        kind = re.search(r"^(?:module_param\(%s, |__MODULE_PARM_TYPE\(%s, \")(\w+)" % (name, name),
                         text, re.M)[1]
        yield entry("/sys/module/wq_compat/parameters/" + name, "(%s, %s, default %s) %s" % (
            "RW" if said.startswith("(*) ") else "RO", kind, default, said.replace("(*) ", "")), {})


def printed(text, name):
    """The values, NAME=, that the function NAME_show() of debugfs prints, itself or by a call."""
    def body(function):
        found = re.search(r"^[\w *]*\b%s\([^;{]*\)\n\{\n(.*?)^\}" % function, text, re.M | re.S)
        return found[1] if found else ""
    code = body(name + "_show")
    code += "".join(body(f) for f in re.findall(r"\b(wqc_\w+_show)\(", code))
    lines = re.sub(r"seq_puts\(.*?\);", "", code, flags=re.S)
    return {*re.findall(r"(\w+)=%", lines), *re.findall(r"wqc_show_hist\(m, \"(\w+)\"", lines)}


def file_pages(files, wrong):
    text = "".join(files.values())
    made = re.findall(r"^\t*(?:\w+ = )?debugfs_create_(?!dir)\w+\(\"(\w+)\"", text, re.M)
    if len(made) != len(re.findall(r"debugfs_create_(?!dir)\w+\(", text)) or not made:
        raise ValueError("not each call of debugfs_create_...() is understood")
    for name in sorted(made):
        comment = re.search(COMMENT + r"static int %s_show\(" % name, text, re.M)
        said, values = words(comment[1]) if comment else ("", {})
        if not said or set(values) != printed(text, name):
            wrong.append("debugfs %s: the comment before %s_show() is not that of %s" % (
                name, name, sorted(printed(text, name)) or "a file"))
        yield entry("/sys/kernel/debug/wq_compat/" + name, said or "-", values, users_of(
            r"\$files/%s\b|for file in [a-z ]*\b%s\b" % (name, name)))


def event_pages(files, wrong):
    text = "".join(files.values())
    defined = re.findall(r"^(?:TRACE|DEFINE)_EVENT\((?:\w+, )?(\w+),\n\tTP_PROTO.*\n\tTP_ARGS\((.*?)\)",
                         text, re.M)
    if len(defined) != len(re.findall(r"\b(?:TRACE|DEFINE)_EVENT\w*\(", text)) or not defined:
        raise ValueError("not each trace event is understood")
    for name, arguments in sorted(defined):
        comment = re.search(COMMENT + r"(?:TRACE|DEFINE)_EVENT\((?:\w+, )?%s," % name, text, re.M)
        said, values = words(comment[1]) if comment else ("", {})
        if set(values) != set(arguments.split(", ")) or not said.startswith(name + " - "):
            wrong.append("trace event %s: no kernel-doc, or not that of (%s)" % (name, arguments))
        said = re.sub(r"^\w+ - (.)([^\n]*)", lambda m: m[1].upper() + m[2] + ".", said)
        yield entry("/sys/kernel/tracing/events/wq_compat/" + name, said or "-", values,
                    users_of(r"\b%s\b" % name))


def generate(wrong):
    files = sources()
    return {"docs/abi/testing/%s-wq_compat" % kind: "\n".join(pages(files, wrong))
            for kind, pages in (("sysfs-module", parameter_pages), ("debugfs", file_pages),
                                ("tracefs", event_pages))}


if __name__ == "__main__":
    run(generate)
