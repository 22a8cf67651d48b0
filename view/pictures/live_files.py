"""The files of the live panels, under names that carry a hash of what is in them.

The chart library is the one in the installed plotly package: no second copy, no other host.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

import plotly

_ASSETS: Final = Path(__file__).resolve().parents[1] / "assets"
#: Where they are served, below wherever the app is mounted.
FOLDER: Final = "live"
#: Where a moving hand is answered.
MOVE: Final = f"/{FOLDER}/move"


class Served(NamedTuple):
    """A file to be kept by browsers for good: its name on the wire, and what it holds."""

    name: str
    body: bytes

    @property
    def path(self) -> str:
        """Relative to the document of any page."""
        return f"{FOLDER}/{self.name}"


def _served(stem: str, body: bytes) -> Served:
    return Served(f"{stem}-{hashlib.sha256(body).hexdigest()[:12]}.js", body)


PLOTLY: Final = _served(
    "plotly", (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()
)
SCRIPT: Final = _served(
    "live", (_ASSETS / "live.js").read_bytes().replace(b"PLOTLY_FILE", PLOTLY.name.encode())
)
STYLE: Final = (_ASSETS / "live.css").read_text("utf-8")
FILES: Final = {file.name: file for file in (PLOTLY, SCRIPT)}
