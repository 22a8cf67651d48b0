"""Every package with its hashes, for every system and Python we support: ``make lock``.

``requirements.txt`` and its like say what we ask for; the lock files beside them say exactly what
is installed, so that a package that was changed on its way is refused. Versions stay as they are
where they can; ``--upgrade`` takes the newest of what others need.
"""

from __future__ import annotations

import subprocess
import sys

from tools import PATIENCE, ROOT, tool

OLDEST = "3.11"
#: What is asked for, and what holds already; a later one agrees with those before it.
LISTS = (
    ("requirements.txt", None),
    ("requirements-dev.txt", "requirements.lock"),
    (".ci/tools.txt", None),
)
HEAD = "# Made from {source} by `make lock`; not to be changed by hand.\n"


def main() -> int:
    """Write the lock files."""
    uv = tool("uv") if (ROOT / ".ci" / "tools.lock").exists() else "uv"
    for source, agreed in LISTS:
        target = ROOT / source.replace(".txt", ".lock")
        command = [uv, "pip", "compile", "--universal", "--python-version", OLDEST]
        command += ["--generate-hashes", "--no-header", "--quiet", "--no-config"]
        command += ["--output-file", str(target), *sys.argv[1:]]
        command += ["--constraint", agreed] if agreed else []
        subprocess.run([*command, source], check=True, cwd=ROOT, timeout=PATIENCE)
        target.write_text(HEAD.format(source=source) + target.read_text("utf-8"), "utf-8")
        print(f"{target.relative_to(ROOT)}: {target.read_text('utf-8').count('==')} packages")
    return 0


if __name__ == "__main__":
    sys.exit(main())
