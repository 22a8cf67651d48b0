"""HTML from templates: whatever is put in is escaped but where a template says that it is HTML."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_VIEW: Final = Path(__file__).resolve().parent.parent


@cache
def _templates() -> Environment:
    """The templates, which lie beside what fills them: named by their path below ``view/``."""
    return Environment(
        loader=FileSystemLoader(_VIEW),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def drawn(name: str, **values: object) -> str:
    """The template ``name`` with ``values`` in it. Raises where one that it wants is missing."""
    return _templates().get_template(name).render(**values)


def source_hash(text: str) -> str:
    """By what a content security policy knows an inline script or style."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
