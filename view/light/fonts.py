"""The characters of our pictures, so that they look alike on every machine.

``python -m view.light.fonts FONT.ttc BOLD.ttc`` makes the subsets anew from Noto Sans CJK (SIL Open
Font License 1.1), with every character of our words and presets in three languages. It needs
fontTools (requirements-dev.txt); what it makes lies in the project, and a test says when it is old.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

from view.words.words import traditional

_ROOT: Final = Path(__file__).resolve().parents[2]
FOLDER: Final = Path(__file__).with_name("fonts")
REGULAR: Final = FOLDER / "regular.otf"
BOLD: Final = FOLDER / "bold.otf"
#: What it is called in a picture.
FAMILY: Final = "Noto Sans CJK SC"


#: Rooms whose words stand in no picture: a browser writes them in a font of its own.
UNDRAWN = frozenset({"room", "teach", "kit"})


def characters() -> set[str]:
    """Every character that a picture may show."""
    found = {chr(code) for code in (*range(0x20, 0x7F), *range(0xA0, 0x100))}
    found |= set("–—‘’“”…·≈÷−√∞←↑↓‰①②③½¼•×≥≤→⁰¹²³⁴⁵⁶⁷⁸⁹，。、；：？！（）《》「」『』％￥")
    patterns = (("view", "*.po"), ("view", "*.py"), ("presets", "*.toml"), ("model", "*.toml"))
    for folder, pattern in patterns:
        for path in (_ROOT / folder).rglob(pattern):
            if UNDRAWN.intersection(path.parts):
                continue
            text = path.read_text("utf-8")
            found |= set(text) | set(traditional(text))
    return {sign for sign in found if sign.isprintable()}


def _made(source: str, target: Path) -> None:
    from fontTools import subset  # type: ignore[import-untyped]
    from fontTools.ttLib import TTCollection  # type: ignore[import-untyped]

    fonts = TTCollection(source).fonts
    font = next(f for f in fonts if f["name"].getDebugName(1) == FAMILY)
    options = subset.Options(layout_features=[], hinting=False, desubroutinize=False)
    options.name_IDs, options.notdef_outline = [0, 1, 2, 3, 4, 6, 13, 14], True
    subsetter = subset.Subsetter(options)
    subsetter.populate(text="".join(sorted(characters())))
    subsetter.subset(font)
    font.flavor = None
    font.save(target)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for given, made in zip(sys.argv[1:3], (REGULAR, BOLD), strict=True):
        _made(given, made)
        sys.stdout.write(f"{made.relative_to(_ROOT)}: {made.stat().st_size} bytes\n")
