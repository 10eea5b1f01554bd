# SPDX-License-Identifier: GPL-2.0
"""For verdict.py: the guest's own channel with its test results, end or expected panic."""

import re

PANIC = "Kernel panic - not syncing: "


# init runs this test after the last one of each script: see lib.sh.
LAST = "nothing_was_healed"


def tests(script):
    """Names of the literal "t NAME ..." lines of a guest's script, and of init's own test."""
    return re.findall(r"^t[ \t]+(\w+)", script, re.M) + ([] if death(script) else [LAST])


def death(script):
    """(name, text) of its t_dies line, or None: the guest must die there, of this panic."""
    found = re.findall(r'^t_dies[ \t]+(\w+)[\\\s]+"([^"]+)"', script, re.M)
    if len(found) != len(re.findall(r"^t_dies[ \t]", script, re.M)) or len(found) > 1:
        raise ValueError('more than one t_dies, or not t_dies NAME "TEXT" COMMAND')
    return found[0] if found else None


def all_tests(script):
    """Names of the tests() and of the death() of a script."""
    dead = death(script)
    return tests(script) + ([dead[0]] if dead else [])


def died_well(text, log, where, expected, outcome):
    """Proof of an expected death: the start of that test is the last line that the guest reported,
    and the first panic is the expected one, during that test. WHERE: what ran, for each line of
    the log."""
    name, panic = expected
    words = [line for line in text.splitlines() if line]
    first = next(((line, w) for line, w in zip(log, where) if PANIC in line), ("", ""))
    return (outcome == "ended" and words[-1:] == ["DYING " + name] and first[1] == name and
            first[0].startswith(PANIC + panic))


def judge(v, text, expected, outcome, dead=None):
    """Adds the results of the guest, which must end with END, or with the proven death DEAD."""
    end = None
    for line in text.splitlines():
        if line.startswith("ok "):
            v.add("guest." + line[3:].split()[0], "pass")
        elif line.startswith("not ok "):
            name, _, why = line[7:].partition(" ")
            v.add("guest." + name, "fail", why)
        elif line.startswith("skip "):
            v.add("guest." + line[5:].split()[0], "skip")
        elif line.startswith("END "):
            end = line[4:].strip()
    lost = end is None or outcome != "ended"
    if dead:
        v.add("guest." + dead, "pass")
        lost = False
    elif lost:
        v.add("guest_comes_to_its_end", "fail",
              "the guest was lost (%s), it said: %s" %
              (outcome or "no outcome", (text.split("\n")[-2:] or ["nothing"])[0] or "nothing"),
              "lost")
    elif end != "0" and not v.failures:
        v.add("guest_comes_to_its_end", "fail", "END status " + end)
    else:
        v.add("guest_comes_to_its_end", "pass")
    for name in expected:
        if "guest." + name not in v.results:
            v.add("guest." + name, "fail", "no result", "missing")
    return lost
