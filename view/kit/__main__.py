"""Write the kit into a folder: ``python -m view.kit OUT [--lang LANG] [--only KIT]``.

One HTML file a part, to be printed with any browser, and an index. Everything is made before the
first file is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, NoReturn

from view.kit.html import files
from view.kit.kit import KITS
from view.words.words import LANGS

#: Who asks for what there is not reads one sentence.
WRONG: Final = 2


class _Reader(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One sentence, without the lines on usage."""
        self.exit(WRONG, f"{message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the files; returns 0, or exits with 2 and a sentence on what cannot be used."""
    reader = _Reader(prog="python -m view.kit", description="Write the teacher's kit.")
    reader.add_argument("out", type=Path, help="the folder to write into")
    reader.add_argument("--lang", action="append", choices=LANGS, help="a language; else all")
    reader.add_argument("--only", action="append", choices=KITS, help="a kit; else all")
    asked = reader.parse_args(arguments)
    folder: Path = asked.out
    if folder.exists() and not folder.is_dir():
        reader.error(f"{folder} is a file; a folder is wanted")
    made = files(_in_order(asked.lang, LANGS), _in_order(asked.only, KITS))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in made.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        reader.error(f"{folder} cannot be written: {error.strerror}")
    sys.stdout.write(f"{len(made)} files in {folder}\n")
    return 0


def _in_order(asked: list[str] | None, known: tuple[str, ...]) -> tuple[str, ...]:
    """Those asked for, once each and in our order; all where nothing is asked for."""
    return tuple(one for one in known if asked is None or one in asked)


if __name__ == "__main__":
    sys.exit(main())
