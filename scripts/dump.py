#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
"""usage: scripts/dump.py SOCKET FILE

Dumps the memory of a guest, with its virtual addresses, and ends it. SOCKET is QEMU's, of
-qmp unix:SOCKET,server=on,wait=off. Exit status: 0, 1 QEMU refused.
"""

import json
import socket
import sys


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    with socket.socket(socket.AF_UNIX) as qemu:
        qemu.connect(sys.argv[1])
        lines = qemu.makefile("rw")
        lines.readline()        # QEMU's greeting
        for name, words in (("qmp_capabilities", {}),
                            ("dump-guest-memory", {"paging": True, "protocol": "file:" + sys.argv[2]}),
                            ("quit", {})):
            lines.write(json.dumps({"execute": name, "arguments": words}))
            lines.flush()
            answer = {}
            while not {"return", "error"} & set(answer):    # events come in between
                answer = json.loads(lines.readline())
            if "error" in answer:
                sys.exit("dump.py: %s: %s" % (name, answer["error"]["desc"]))


if __name__ == "__main__":
    try:
        main()
    except (OSError, ValueError) as error:
        sys.exit("dump.py: %s" % error)
