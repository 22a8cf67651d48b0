"""Whether the dashboard answers on a port of this computer: ``python deploy/probe.py 8080``.

The end of the command says it: 0 where it does, 1 where it does not. For health checks.
"""

from __future__ import annotations

import sys
import urllib.request

PATIENCE = 4  # seconds


def main() -> int:
    """The command."""
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 8080
    try:
        with urllib.request.urlopen(
            f"http://127.0.0.1:{port}/_stcore/health", timeout=PATIENCE
        ) as answer:
            return 0 if answer.status == 200 else 1
    except OSError:
        return 1


if __name__ == "__main__":
    sys.exit(main())
