"""The environment of the tools that look after our packages: ``.venv-audit``, made when needed.

It is apart, so that nothing they need is among what the dashboard and its tests run on; what is in
it is named with its hashes in ``tools.lock``.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-audit"
LOCK = ROOT / ".ci" / "tools.lock"
#: Seconds for any one command.
PATIENCE = 300
_BIN = HOME / ("Scripts" if os.name == "nt" else "bin")


def tool(name: str) -> str:
    """The path of a tool, installed if it is not yet; raises OSError or SubprocessError."""
    done = HOME / ".installed"
    if not done.exists() or done.read_text("utf-8") != LOCK.read_text("utf-8"):
        made = [sys.executable, "-m", "venv", "--clear", str(HOME)]
        subprocess.run(made, check=True, timeout=PATIENCE)
        pip = [str(_BIN / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run(
            [*pip, "--require-hashes", "-r", str(LOCK)],
            check=True,
            timeout=PATIENCE,
            stderr=subprocess.PIPE,
            text=True,
        )
        done.write_text(LOCK.read_text("utf-8"), "utf-8")
    return str(_BIN / name)
