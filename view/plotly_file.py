"""The chart library for pictures to take along: the one the installed plotly package carries.

Streamlit draws charts with a copy of its own that pages cannot reach. This one is loaded when
somebody asks for a picture, from this server, under a name that browsers may keep for good.
"""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import plotly

FILE: Final = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
#: Relative to the document of any page.
PATH: Final = f"picture/plotly-{hashlib.sha256(FILE.read_bytes()).hexdigest()[:12]}.js"


@cache
def compressed() -> bytes:
    """The file compressed, once for all visitors."""
    return gzip.compress(FILE.read_bytes(), 9, mtime=0)
