"""``make room``: class rooms for phones in the same network, without the internet.

Starts the dashboard for every computer that can reach this one, and says where: an address and a
code to scan for the teacher. Options are Streamlit's, as of ``python -m view``.
"""

from __future__ import annotations

import os
import socket
import sys
from typing import Final

import segno

from view.__main__ import main as serve

PORT: Final = 8501


def own_address() -> str | None:
    """This computer's address in its network; None where it is in none. Nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            # An address that is nobody's (RFC 5737): only the way there is looked up.
            probe.connect(("192.0.2.1", 9))
            found = str(probe.getsockname()[0])
        except OSError:
            return None
    return None if found.startswith(("127.", "0.")) else found


def port_of(options: list[str]) -> int:
    """The port that the options name."""
    for number, option in enumerate(options):
        name, _, value = option.partition("=")
        if name == "--server.port":
            text = value or (options[number + 1] if number + 1 < len(options) else "")
            if text.isdigit() and 0 < int(text) < 65536:
                return int(text)
    return PORT


def told(base: str) -> str:
    """What the teacher reads in the terminal."""
    lines = [
        "",
        f"  Start a class room (teacher):  {base}/room/new",
        f"  Join (pupils type the code):   {base}/room",
        "",
        "  Phones have to be in the same network as this computer. Ctrl-C ends it;",
        "  rooms that are open go on when it is started again.",
        "",
    ]
    return "\n".join(lines)


def main(*options: str) -> int:
    """Say where, then serve until somebody stops it."""
    address = own_address()
    if address is None:
        sys.stderr.write(
            "This computer is in no network: join one, or open a hotspot on a phone, and start "
            "again.\n"
        )
        return 2
    base = f"http://{address}:{port_of(list(options))}"
    os.environ.setdefault("WHO_PAYS_ADDRESS", base)
    sys.stdout.write(told(base))
    if sys.stdout.isatty():
        segno.make(f"{base}/room/new").terminal(compact=True)
    sys.stdout.flush()
    port = ("--server.port", str(port_of(list(options))))
    return serve("--server.address", "0.0.0.0", "--server.headless", "true", *port)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
