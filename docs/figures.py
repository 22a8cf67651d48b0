"""A gallery that any static host can serve: ``python -m docs.figures [FOLDER]``.

One file for each preset and language, with the rules in it where the figure has them and else the
card, and a page that lists them.
"""

from __future__ import annotations

import gzip
import sys
from html import escape
from pathlib import Path

from model.library import preset, presets
from view.light import embeds
from view.serving import cards
from view.words.words import LANGS, NAMES, words

FOLDER = Path(__file__).resolve().parent / "figures"


def files() -> dict[str, bytes]:
    """What is in the folder, by name."""
    found: dict[str, bytes] = {}
    for lang in LANGS:
        for name in presets():
            query = {"page": "money", "scheme": name, "lang": lang}
            found[f"{name}.{lang}.html"] = cards.made("figure", query)
    found["index.html"] = _index().encode()
    return found


def _index() -> str:
    parts = []
    for lang in LANGS:
        w = words(lang)
        items = "".join(
            f'<li><a href="./{name}.{lang}.html">'
            f"{escape(w.text(preset(name).name.en, preset(name).name.zh))}</a></li>"
            for name in presets()
        )
        parts.append(
            f'<section lang="{lang}"><h2>{escape(NAMES[lang])}</h2><ul>{items}</ul></section>'
        )
    title = escape(words("en")("app.name_full"))
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>'
        f'{title}</title><meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{embeds.STYLE}</style></head><body><main><h1>{title}</h1>{''.join(parts)}"
        "</main></body></html>"
    )


def main() -> None:
    """Write them."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    made = files()
    for name, body in made.items():
        (folder / name).write_bytes(body)
    packed = [len(gzip.compress(body, 9)) for body in made.values()]
    sys.stdout.write(f"{len(made)} files, at most {max(packed)} bytes gzipped\n")


if __name__ == "__main__":
    main()
