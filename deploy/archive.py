"""Results frozen for good: ``python -m deploy.archive add ADDRESS``, and ``check``.

An entry holds the card as page, picture, table and data, the figure where there is one, and the
settings. Its manifest names the hash of every file and of the manifest before it, so that nothing
can be changed or taken out without being seen. Nothing is ever written to an entry again; what
the same settings give today is said by the server that shows it (``view/serving/archive.py``).
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from view.light.card import PAGE
from view.pages import PAGES, ROOT
from view.serving import cards

FOLDER: Final = ROOT / "archive"
MANIFEST: Final = "manifest.json"
#: The forms of a result: what each is called in an entry.
FORMS: Final = {
    "html": "index.html",
    "png": "card.png",
    "svg": "card.svg",
    "csv": "card.csv",
    "json": "card.json",
    "figure": "figure.html",
}


class ArchiveError(Exception):
    """Something is wrong; says in one sentence what."""


def query_of(address: str) -> dict[str, str]:
    """The settings that an address of the dashboard, or of one of its cards, says."""
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    last = "/" + parts.path.rpartition("/")[2]
    pages = {page.path: page.id for page in PAGES if page.id in cards.WINGS}
    if last in pages:
        query[PAGE] = pages[last]
    elif last not in {"/card", "/embed", "/figure"}:
        raise ArchiveError(
            f"{address}: give the address of a page that has a result, or of a card."
        )
    asked = cards.asked_of(query)
    if asked.problems:
        raise ArchiveError(f"{address}: {cards.card_of(asked).finding}")
    return dict(parse_qsl(cards.canonical(asked, "html"), keep_blank_values=True))


def entries(folder: Path = FOLDER) -> list[Path]:
    """The folders of all entries, as they follow one another."""
    found = [path.parent for path in folder.glob(f"*/*/{MANIFEST}")]
    return sorted(found, key=lambda entry: int(_manifest(entry)["number"]))


def _manifest(entry: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((entry / MANIFEST).read_text("utf-8"))
    return found


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def add(address: str, *, folder: Path = FOLDER, day: dt.date | None = None) -> Path:
    """Freeze what an address shows; gives the entry's folder."""
    query, day = query_of(address), day or dt.datetime.now(dt.UTC).date()
    before = entries(folder)
    files = {name: cards.made(form, {**query}) for form, name in FORMS.items() if form != "figure"}
    if cards.card_of(cards.asked_of(query)).figure() is not None:
        files[FORMS["figure"]] = cards.made("figure", query)
    manifest = {
        "number": len(before) + 1,
        "date": day.isoformat(),
        "settings": query,
        "finding": json.loads(files["card.json"])["finding"],
        "files": {name: _hash(body) for name, body in files.items()},
        "before": _hash((before[-1] / MANIFEST).read_bytes()) if before else "",
    }
    told = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"
    entry = folder / day.isoformat() / _hash(told)[:12]
    if entry.exists():
        raise ArchiveError(f"{entry}: there is such an entry already.")
    entry.mkdir(parents=True)
    for name, body in {**files, MANIFEST: told}.items():
        (entry / name).write_bytes(body)
    return entry


def problems(folder: Path = FOLDER) -> list[str]:
    """What is not as it was frozen, one sentence each; nothing if all is."""
    found, before = [], ""
    for number, entry in enumerate(entries(folder), 1):
        body = (entry / MANIFEST).read_bytes()
        manifest = json.loads(body)
        name = f"{entry.parent.name}/{entry.name}"
        if entry.name != _hash(body)[:12] or entry.parent.name != manifest["date"]:
            found.append(f"{name}: its manifest is not the one it was made with.")
        if manifest["number"] != number or manifest["before"] != before:
            found.append(f"{name}: the entry before it is not the one it names.")
        here = {path.name for path in entry.iterdir()} - {MANIFEST}
        if here != set(manifest["files"]):
            found.append(f"{name}: files were added or taken out.")
        for file, wanted in manifest["files"].items():
            if file in here and _hash((entry / file).read_bytes()) != wanted:
                found.append(f"{name}/{file}: it was changed.")
        before = _hash(body)
    return found


def rewritten(root: Path = ROOT) -> list[str]:
    """Files of entries that any known commit has changed, moved or taken out."""
    command = [
        "git",
        "log",
        "--diff-filter=MDRT",
        "--name-only",
        "--format=",
        "--",
        "archive/*/*/*",
    ]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=60)
    return sorted({line for line in told.stdout.splitlines() if line})


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m deploy.archive", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add", help="freeze what an address shows").add_argument("address")
    commands.add_parser("check", help="say what is not as it was frozen")
    given = parser.parse_args(argv)
    try:
        if given.command == "add":
            entry = add(given.address)
            sys.stdout.write(f"{entry.relative_to(ROOT)}\n")
            return 0
    except ArchiveError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    wrong = [*problems(), *(f"{file}: it was changed." for file in rewritten())]
    sys.stdout.write(
        "".join(f"{line}\n" for line in wrong) or f"{len(entries())} entries, all whole\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
