# SPDX-License-Identifier: GPL-2.0
"""For view.py: what the tools say to words that mean nothing, and that they lose no file then."""

import os
import shutil
import stat
import subprocess
import tempfile

from terminal import TOP, Files, one_line, read, run, same

EVENT = "task-7 [001] d..1 1.000001: item_queue: item=0000000011 routine=r [m] context=0 pool=1\n"
TMP = tempfile.TemporaryDirectory()


def tool(name):
    return os.path.join(TOP, "scripts", name)


def bad_words_are_one_line():
    files = Files()
    for words, text in (("-n 1.5", "-n needs a number"), ("-d 1.2.3", "-d needs a number"), ("-d", "-d needs"),
                        ("-n 12345678901234567890", "-n needs a smaller"), ("-d 1234567890", "-d needs a smaller"),
                        ("-s dz", "no column has the key z"), ("-s", "-s needs the keys"),
                        ("-o /tmp/x", "-o is for --prometheus"), ("--prometheus -o /tmp", "it is a directory"),
                        ("--prometheus -o", "-o needs the name"), ("--prometheus --json", "exclude each other"),
                        ("--prometheus -o /nowhere/x", "cannot write /nowhere/x")):
        one_line(run(*words.split(), files=files), text)
    one_line(run("-1"), "is wq_compat loaded")
    one_line(run("-12", files=files), "unknown option -12", 2)


def bad_words_of_the_other_tools_are_one_line():
    here = tempfile.mkdtemp(dir=TMP.name)
    empty = os.path.join(here, "empty")
    os.close(os.open(empty, os.O_CREAT))
    for name, words, text, status in (
            ("wqc-trace", "-s 1.2.3", "-s needs a number", 1), ("wqc-trace", "-s .", "-s needs a number", 1),
            ("wqc-trace", "-s 1234567890", "-s needs a smaller number", 1),
            ("wqc-trace", "-b 0", "-b needs a greater number", 1), ("wqc-trace", "-o", "-o needs the name", 1),
            ("wqc-trace", "-b 0.5", "-b needs a greater number", 1),
            ("wqc-trace", "-t", "-t needs the name", 1), ("wqc-trace", "-t /tmp", "it is a directory", 1),
            ("wqc-trace", "-w -o %s/no -t %s" % (here, os.path.join(TOP, "tests/harness/tools/trace.txt")),
             "has no event of the scheduler", 1),
            ("wqc-trace", "-t %s sleep 1" % empty, "no command is run", 1),
            ("wqc-trace", "-t %s -o /nowhere/x" % empty, "cannot write /nowhere/x\n", 1),
            ("wqc-trace", "no-such-command", "there is no command no-such-command", 1),
            ("wqc-trace", "--fast", "unknown option --fast", 2),
            ("wqc-bpf", "", "name latency or queued", 2), ("wqc-bpf", "latency 1.5", "a whole number", 1),
            ("wqc-bpf", "latency 1234567890", "a smaller number", 1), ("wqc-bpf", "both", "neither", 1),
            ("wqc-crash", "dump", "name a dump, a module and symbols", 1),
            ("wqc-new", "/proc/new", "cannot make /proc/new", 2)):
        one_line(run(*words.split(), tool=tool(name)), text, status)
    one_line(run("latency", "", tool=tool("wqc-bpf")), "a whole number")
    same(os.listdir(here), ["empty"], "files")


def help_needs_nothing():
    for name in ("wqc-top", "wqc-trace", "wqc-bpf", "wqc-crash", "wqc-new", "wqc-port"):
        for word in ("-h", "--help"):
            got = run(word, tool=tool(name))
            same((got.returncode, "usage: " + name in got.stdout, got.stderr), (0, True, ""), name + " " + word)
        with open("/dev/full", "w", encoding="utf-8") as full:
            got = subprocess.run([tool(name), "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        # Its own line, or that of a program that it runs.
        same((got.returncode != 0, got.stderr.count("\n")), (True, 1),
             "%s --help on a full disk: %r" % (name, got.stderr))


def what_is_no_file_is_not_replaced():
    files, here = Files(), tempfile.mkdtemp(dir=TMP.name)
    pipe, link, target, text = (os.path.join(here, n) for n in ("pipe", "link", "target", "text"))
    os.mkfifo(pipe)
    os.symlink("target", link)
    with open(text, "w", encoding="utf-8") as f:
        f.write(EVENT)
    for words, which in ((["--prometheus"], "wqc-top"), (["-t", text], "wqc-trace")):
        one_line(run(*words, "-o", pipe, files=files, tool=tool(which)), "it is no regular file")
        same(stat.S_ISFIFO(os.stat(pipe).st_mode), True, "a pipe stays")
        with open(target, "w", encoding="utf-8") as f:
            f.write("earlier\n")
        same(run(*words, "-o", link, files=files, tool=tool(which)).returncode, 0, "status for a link")
        same((os.path.islink(link), read(target) != "earlier\n"), (True, True), "a link stays, its file is written")


def recording_without_an_event_replaces_none():
    here = tempfile.mkdtemp(dir=TMP.name)
    text, out = os.path.join(here, "text"), os.path.join(here, "out")
    for path, content in ((text, "# tracer: nop\n" + EVENT.replace("item_queue", "sched_switch")), (out, "earlier\n")):
        with open(path, "w", encoding="utf-8") as f:
            f.write(content)
    one_line(run("-t", text, "-o", out, tool=tool("wqc-trace")), "has no event of wq_compat")
    same((read(out), sorted(os.listdir(here))), ("earlier\n", ["out", "text"]), "the files")
    with open(text, "a", encoding="utf-8") as f:
        f.write(EVENT)
    same(run("-t", text, "-o", out, tool=tool("wqc-trace")).returncode, 0, "status with an event")
    same("queue r [m]" in read(out), True, "the event")


def new_module_that_cannot_be_written_leaves_nothing():
    here = tempfile.mkdtemp(dir=TMP.name)
    for name in ("scripts", "samples"):
        os.mkdir(os.path.join(here, name))
    shutil.copy2(tool("wqc-new"), os.path.join(here, "scripts"))
    os.close(os.open(os.path.join(here, "wq_compat.mk"), os.O_CREAT))
    # The source that it copies is missing.
    one_line(run(os.path.join(here, "mine"), tool=os.path.join(here, "scripts", "wqc-new")), "cannot write", 2)
    same(os.path.exists(os.path.join(here, "mine")), False, "the directory")


def installed_tools_find_their_headers():
    here = tempfile.mkdtemp(dir=TMP.name)
    mine, opt = os.path.join(here, "mine"), os.path.join(here, "opt")
    subprocess.run([tool("install.sh"), "dev"], check=True, env=dict(os.environ, DESTDIR=here, PREFIX="/opt"))
    same(run(mine, tool=os.path.join(opt, "bin", "wqc-new")).returncode, 0, "status of wqc-new")
    same(read(os.path.join(mine, "Kbuild")), "obj-m += mine.o\ninclude %s/share/wq-compat/wq_compat.mk\n" % opt,
         "the Kbuild of wqc-new")
    for name in ("Kbuild", "Makefile"):
        os.remove(os.path.join(mine, name))
    # What is missing next are the headers of a kernel.
    one_line(run("--kdir=/nowhere", mine, tool=os.path.join(opt, "bin", "wqc-port")), "has no headers of a kernel", 2)


TESTS = [bad_words_are_one_line, bad_words_of_the_other_tools_are_one_line, help_needs_nothing,
         what_is_no_file_is_not_replaced, recording_without_an_event_replaces_none,
         new_module_that_cannot_be_written_leaves_nothing, installed_tools_find_their_headers]
