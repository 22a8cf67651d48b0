"""What the dashboard is made of, as a CycloneDX document: ``make sbom`` writes ``sbom.json``.

Everything is listed that is installed in this environment, with versions and licences.
"""

from __future__ import annotations

import subprocess
import sys

from tools import PATIENCE, ROOT, tool


def main() -> int:
    """Write the document."""
    target = ROOT / "sbom.json"
    command = [tool("cyclonedx-py"), "environment", "--output-reproducible", "--of", "JSON"]
    command += ["--output-file", str(target), sys.executable]
    subprocess.run(command, check=True, cwd=ROOT, timeout=PATIENCE)
    print(f"{target.name}: {target.stat().st_size / 1e3:.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
