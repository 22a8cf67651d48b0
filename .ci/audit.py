"""Known security holes in the packages installed here, asked of PyPI with pip-audit.

pip-audit has an environment of its own, so that nothing it needs is among what the tests run on.
Ends with an error only where a hole is known; where nobody can be asked, it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOME = ROOT / ".venv-audit"
WANTED = "pip-audit==2.10.1"
PATIENCE = 120


def main() -> int:
    """Ask, and say what came of it."""
    try:
        if not (HOME / "bin" / "pip-audit").exists():
            subprocess.run([sys.executable, "-m", "venv", str(HOME)], check=True, timeout=PATIENCE)
            pip = [str(HOME / "bin" / "pip"), "install", "-q", "--disable-pip-version-check"]
            subprocess.run([*pip, WANTED], check=True, timeout=PATIENCE, stderr=subprocess.DEVNULL)
        frozen = subprocess.run(
            [sys.executable, "-m", "pip", "freeze", "--disable-pip-version-check"],
            check=True,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        ).stdout
        with tempfile.TemporaryDirectory() as folder:
            listed, found = Path(folder, "installed.txt"), Path(folder, "found.json")
            listed.write_text(frozen, "utf-8")
            asked = [str(HOME / "bin" / "pip-audit"), "--no-deps", "--disable-pip"]
            asked += ["-r", str(listed), "-f", "json", "-o", str(found), "--timeout", "10"]
            asked += ["--progress-spinner", "off"]
            subprocess.run(asked, check=False, timeout=PATIENCE, stderr=subprocess.DEVNULL)
            packages = json.loads(found.read_text("utf-8"))["dependencies"]
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        print(f"audit: nobody could be asked ({type(error).__name__}); nothing is known")
        return 0
    known = [p for p in packages if "skip_reason" not in p]
    print(f"audit: {len(known)} packages looked up, {len(packages) - len(known)} not found there")
    holes = [(p, hole) for p in known for hole in p["vulns"]]
    for package, hole in holes:
        better = ", ".join(hole["fix_versions"]) or "no version yet"
        print(f"  {package['name']} {package['version']}: {hole['id']}; mended in {better}")
    return 1 if holes else 0


if __name__ == "__main__":
    sys.exit(main())
