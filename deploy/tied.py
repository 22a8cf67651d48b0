"""Become a command that ends with whoever started it: ``python -m deploy.tied 9 1234 sleep 99``.

The signal to end with and the process that has to live are named first. However that process dies,
nothing it started stays behind to hold a port. Only Linux can do this; elsewhere the command is
started all the same.
"""

from __future__ import annotations

import ctypes
import os
import sys

#: From linux/prctl.h; survives that the process becomes another command.
PR_SET_PDEATHSIG = 1


def main() -> None:
    """The command."""
    number, parent, *command = sys.argv[1:]
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, int(number), 0, 0, 0)
        if os.getppid() != int(parent):  # it has ended before it could be asked for
            raise SystemExit(1)
    os.execvp(command[0], command)


if __name__ == "__main__":
    main()
