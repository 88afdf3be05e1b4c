"""Types keys on a pseudo-terminal: `keys.py MARK KEYS [MARK KEYS ...] -- PROGRAM [ARGUMENT ...]`.

Waits until MARK is shown, types KEYS (`\\r`, `\\x03` and the like are read), and goes on to the next. Prints all
that was shown and exits as the program did; 128 and the number of the signal, if one ended it.
"""

import os
import pty
import select
import sys

SECONDS = 60


def shown(terminal):
    """What the program shows next; nothing at its end."""
    if not select.select([terminal], [], [], SECONDS)[0]:
        sys.exit(f"nothing was shown for {SECONDS} s")
    try:
        return os.read(terminal, 4096)
    except OSError:
        return b""


def main():
    split = sys.argv.index("--")
    steps, program = sys.argv[1:split], sys.argv[split + 1 :]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(program[0], program)
    whole, new = b"", b""
    for mark, keys in zip(steps[::2], steps[1::2]):
        while mark.encode() not in new:
            part = shown(terminal)
            if not part:
                sys.exit(f"ended before `{mark}`:\n{(whole + new).decode(errors='replace')}")
            new += part
        whole, new = whole + new, b""
        os.write(terminal, keys.encode().decode("unicode_escape").encode())
    while part := shown(terminal):
        new += part
    sys.stdout.write((whole + new).decode(errors="replace"))
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    sys.exit(status if status >= 0 else 128 - status)


main()
