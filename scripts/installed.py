#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/installed.py

Does what is installed agree with the sources? The modules of Kbuild and those of dkms.conf;
the modules' parameters, the example etc/modprobe.conf (with the defaults, each explained)
and the table in README.md; the version in the modules, dkms.conf, CHANGELOG.md and
debian/changelog; and each exported symbol is GPL-only and in a header that is installed.
Exit status: 0, 1 something is wrong, 3 this check cannot work.
"""

import glob
import os
import re
import sys

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PARAM = re.compile(r"^module_param(_cb|_named)?\((\w+),([^;]*)\);", re.M)


def read(*path):
    with open(os.path.join(TOP, *path), encoding="utf-8") as f:
        return f.read()


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


def sources():
    dirs = {d for d, _ in built()} | {"core", "rx", "diag"}
    # client_entry.c is for modules of others: client.mk adds it to theirs.
    return {p: read(p) for d in dirs
            for p in sorted(glob.glob(os.path.join(TOP, d, "*.c")))
            if os.path.basename(p) != "client_entry.c"}


def check_modules(wrong):
    conf = read("dkms.conf")
    names = dict(re.findall(r'^BUILT_MODULE_NAME\[(\d+)\]="(.*)"$', conf, re.M))
    places = dict(re.findall(r'^BUILT_MODULE_LOCATION\[(\d+)\]="(.*?)/?"$', conf, re.M))
    known = {(places.get(i), n) for i, n in names.items()}
    made = set(built())
    if not made:
        raise ValueError("no modules in Kbuild")
    wrong += ["dkms.conf lacks %s/%s" % m for m in made - known]
    wrong += ["dkms.conf has %s/%s, which is not built" % m for m in known - made]


def parameters(files):
    """{name: default as text} of the modules' parameters."""
    found = {}
    for text in files.values():
        for _, name, _ in PARAM.findall(text):
            default = re.search(r"^static \w[\w ]*\b%s(?: = ([^;]+))?;" % name, text, re.M)
            value = default[1] if default and default[1] else "0"
            found[name] = {"true": "Y", "false": "N"}.get(value, value)
    return found


def check_parameters(files, wrong):
    params = parameters(files)
    if not params:
        raise ValueError("no parameters")
    lines = read("etc", "modprobe.conf").splitlines()
    options = {}
    for number, line in enumerate(lines):
        found = re.fullmatch(r"options (?:\w+) (\w+)=(\S+)", line)
        if found:
            options[found[1]] = found[2]
            if not lines[number - 1].startswith("#"):
                wrong.append("etc/modprobe.conf does not explain " + found[1])
    table = dict(re.findall(r"^\| `(\w+)` \| (\S+) \|", read("README.md"), re.M))
    for where, given in (("etc/modprobe.conf", options), ("README.md", table)):
        wrong += ["%s lacks %s" % (where, p) for p in params if p not in given]
        wrong += ["%s: %s is %s, and %s by default" % (where, p, given[p], v)
                  for p, v in params.items() if p in given and given[p] != v]
    wrong += ["etc/modprobe.conf: no such parameter: " + p for p in options if p not in params]


def check_versions(files, wrong):
    versions = {p: v for p, text in files.items()
                for v in re.findall(r'^MODULE_VERSION\("(.*)"\);', text, re.M)}
    if not versions:
        raise ValueError("no MODULE_VERSION")
    versions["dkms.conf"] = re.search(r'^PACKAGE_VERSION="(.*)"', read("dkms.conf"), re.M)[1]
    versions["CHANGELOG.md"] = re.search(r"^## (\S+)", read("CHANGELOG.md"), re.M)[1]
    versions["debian/changelog"] = re.match(r".*\((.*?)\)", read("debian", "changelog"))[1]
    if len(set(versions.values())) != 1:
        wrong.append("versions differ: %s" % versions)


def check_symbols(files, wrong):
    headers = [p for d in (("*.h",), ("include", "**", "*.h"))
               for p in glob.glob(os.path.join(TOP, *d), recursive=True)
               if not re.search(r"internal", p)]
    public = "".join(read(p) for p in headers)
    exports = [e for text in files.values()
               for e in re.findall(r"^EXPORT_SYMBOL(\w*)\((\w+)", text, re.M)]
    if not exports:
        raise ValueError("no exported symbols")
    wrong += ["%s is not exported as GPL-only" % s for kind, s in exports if kind != "_GPL"]
    wrong += ["%s is exported, and in no header that is installed" % s for _, s in exports
              if not re.search(r"\b%s\b" % s, public)]


def main():
    files, wrong = sources(), []
    check_modules(wrong)
    check_parameters(files, wrong)
    check_versions(files, wrong)
    check_symbols(files, wrong)
    for what in wrong:
        print(what)
    print("%d wrong" % len(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, ValueError, TypeError) as error:
        print("installed.py: cannot check: %s" % error)
        sys.exit(3)
