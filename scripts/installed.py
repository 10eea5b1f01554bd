#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/installed.py [--check]

Writes what is installed from the sources: etc/modprobe.conf and the table of parameters in
README.md or a page of docs/, the modules that dkms.conf lists, and the version in each place,
which is that of CHANGELOG.md. A parameter's text in etc/modprobe.conf is the comment before its
module_param(), in the table its MODULE_PARM_DESC(). Each exported symbol must be in a header
that is installed, or be used by nt-compat. Exit status: see generated.py.
"""

import glob
import os
import re
import sys
import textwrap

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from generated import TOP, read, replace_table, run, sources    # noqa: E402

PARAM = re.compile(r"(?:^/\*((?:(?!\*/).)*)\*/\n)?^module_param(?:_cb|_named)?\((\w+),([^;]*)\);\n"
                   r"MODULE_PARM_DESC\(\w+,\s*\"(.*?)\"\);", re.M | re.S)
HEAD = "| parameter | default | what |"
VERSIONS = {"dkms.conf": r'^PACKAGE_VERSION="(.*)"', "debian/changelog": r"^wq-compat \((.*?)\)"}


def built(directory=""):
    """(directory, module) of each obj-m, also of the Kbuilds below; but not of tests."""
    text = re.sub(r"^ifeq \(\$\(WQC_TESTS\),1\)$.*?^endif$", "", read(directory, "Kbuild"),
                  flags=re.M | re.S)
    for words in re.findall(r"^obj-m\s*[+:]?=\s*(.*)$", text, re.M):
        for word in words.split():
            if word.endswith("/"):
                yield from built(os.path.join(directory, word))
            else:
                yield directory.rstrip("/") or ".", word[:-2]


def dkms(text):
    """dkms.conf with three lines for each module."""
    lines = "".join('BUILT_MODULE_NAME[%d]="%s"\nBUILT_MODULE_LOCATION[%d]="%s"\n'
                    'DEST_MODULE_LOCATION[%d]="/updates/dkms"\n' % (i, m, i, d, i)
                    for i, (d, m) in enumerate(built()))
    return re.sub(r"^(?:(?:BUILT|DEST)_MODULE_.*\n)+", lines, text, flags=re.M)


def parameters(files, known, wrong):
    """[(name, default, explanation, description), ...] as known is ordered, new ones last."""
    found = {}
    for path, text in files.items():
        for comment, name, rest, words in PARAM.findall(text):
            default = re.search(r"^static \w[\w ]*\b%s(?: = ([^;]+))?;" % name, text, re.M)
            value = default[1] if default and default[1] else "0"
            value = {"true": "Y", "false": "N"}.get(value, value)
            comment = " ".join(re.sub(r"^[ \t]*\* ?", "", comment, flags=re.M).split())
            said = re.search(r"default (\w+)", words)
            if not comment or not said or {"on": "Y", "off": "N"}.get(said[1], said[1]) != value:
                wrong.append("%s: %s lacks a comment, or \"default %s\"" % (path, name, value))
            words = re.sub(r" ?\(default \w+\)|default \w+[,;] ", "", words)
            words = re.sub(r"\w+\*", r"`\g<0>`", words)
            found[name] = (name, value, ("(*) " if "0644" in rest else "") + comment, words)
    if not found:
        raise ValueError("no parameters")
    return sorted(found.values(), key=lambda p: known.index(p[0]) if p[0] in known else 99)


def modprobe_conf(text, params):
    """The head of the file as it is, then a paragraph for each parameter."""
    return text[:text.index("\n\n") + 1] + "".join(
        "\n%s\noptions wq_compat %s=%s\n" % (textwrap.fill(
            said, 96, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False),
            name, value) for name, value, said, _ in params)


def check_symbols(files, wrong):
    words = re.search(r"^headers=\((.*?)\)", read("scripts", "install.sh"), re.M | re.S)[1].split()
    public = "".join(read(p) for word in words for pattern in (word, word + "/**/*.h")
                     for p in glob.glob(pattern, root_dir=TOP, recursive=True) if p[-2:] == ".h")
    nt_compat = "".join(text for path, text in files.items() if path.startswith("nt/"))
    exports = [(e, public + ("" if path.startswith("nt/") else nt_compat))
               for path, text in files.items()
               for e in re.findall(r"^EXPORT_SYMBOL\w*\((\w+)", text, re.M)]
    if not exports:
        raise ValueError("no exported symbols")
    wrong += ["%s is exported, and neither in a header that is installed nor used by nt-compat" % e
              for e, users in exports if not re.search(r"\b%s\b" % e, users)]


def generate(wrong):
    files = sources()
    check_symbols(files, wrong)
    conf = read("etc", "modprobe.conf")
    params = parameters(files, re.findall(r"^options \w+ (\w+)=", conf, re.M), wrong)
    new = {"etc/modprobe.conf": modprobe_conf(conf, params), "dkms.conf": dkms(read("dkms.conf"))}
    page = next(p for p in ["README.md", *glob.glob("docs/*.md", root_dir=TOP)] if HEAD in read(p))
    new[page] = replace_table(read(page), HEAD, [("`%s`" % n, v, w) for n, v, _, w in params])
    version = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.M)[1]
    places = dict(VERSIONS, **{p: r'^MODULE_VERSION\("(.*)"\)' for p, text in files.items()
                               if "MODULE_VERSION" in text})
    for path, place in places.items():
        text = new.get(path) or read(path)
        found = re.search(place, text, re.M)
        new[path] = text[:found.start(1)] + version + text[found.end(1):]
    return new


if __name__ == "__main__":
    run(generate)
