"""A drawing as PNG, by resvg: no browser, no font of this machine."""

from __future__ import annotations

import resvg_py

from view.light import fonts


def png(svg: str) -> bytes:
    """The picture in the size that the drawing has. Raises ValueError where it cannot be drawn."""
    found = resvg_py.svg_to_bytes(
        svg_string=svg,
        font_files=[str(fonts.REGULAR), str(fonts.BOLD)],
        skip_system_fonts=True,
        sans_serif_family=fonts.FAMILY,
        font_family=fonts.FAMILY,
    )
    return bytes(found)
