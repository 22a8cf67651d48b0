"""Where the browser for the tests is; ``python -m tests.chromium`` says so or fails."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

#: Chromium without windows, which does the same with a third less of the processor; and with them.
SHELLS = ("chromium-headless-shell",)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Nothing a browser does of its own accord may look like a request of the page.
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find(*, whole: bool = False) -> str | None:
    """The path of a Chromium: the one asked for, one on the path, or Playwright's own.

    ``whole``: one that has windows, as readers have.
    """
    asked = os.environ.get("CHROMIUM")
    if asked:
        return shutil.which(asked)
    for name in NAMES if whole else SHELLS + NAMES:
        if found := shutil.which(name):
            return found
    with sync_playwright() as playwright:
        bundled = playwright.chromium.executable_path
    return bundled if Path(bundled).is_file() else None


if __name__ == "__main__":
    sys.exit(0 if find() else 1)
