"""What a newspaper takes along: a zip of data, how to cite it, and the settings. No Streamlit."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from functools import lru_cache

import plotly.graph_objects as go

from model.preset import Text
from model.preset_file import written
from model.rounding import plain
from view.pages import ROOT
from view.pictures import charts
from view.press.press_sheet import SETTINGS_FILE, Sheet
from view.sentences import findings
from view.words.plain import cell
from view.words.words import Words, words

SERIES_FILE = "series.csv"
README_FILE = "README.md"
#: The same files give the same bytes.
_MOMENT = (2026, 1, 1, 0, 0, 0)


@lru_cache(maxsize=1)
def fields() -> Mapping[str, str]:
    """Title, version, date and authors from CITATION.cff, as plain text."""
    text = (ROOT / "CITATION.cff").read_text("utf-8")
    found = dict(re.findall(r'^(title|version|date-released): "?([^"\n]+?)"?$', text, re.MULTILINE))
    found["authors"] = ", ".join(re.findall(r'^  - name: "([^"\n]+)"$', text, re.MULTILINE))
    missing = {"title", "version", "date-released", "authors"} - set(filter(found.get, found))
    if missing:
        raise LookupError(f"CITATION.cff has no {', '.join(sorted(missing))}")
    return found


def citation(sheet: Sheet, link: str, w: Words) -> str:
    """How to cite a sheet: authors, title, version, preset with revision and date, and the link."""
    known = fields()
    return w(
        "press.cite",
        authors=known["authors"],
        year=known["date-released"][:4],
        title=known["title"],
        version=known["version"],
        about=sheet.about,
        date=sheet.date,
        link=link,
    )


def settings_file(sheet: Sheet) -> str:
    """The numbers of the run as a preset file that ``load()`` reads."""
    name = Text(en=sheet.subject[:600], zh=sheet.subject[:600])
    return written(sheet.scheme, name=name, summary=name, date=sheet.date)


def figure_csv(figure: go.Figure) -> str:
    """The points of a chart, one a row; the names of the axes carry their units."""
    layout = figure.to_dict()["layout"]

    def axis(name: str) -> str:
        title = layout.get(name, {}).get("title", {}).get("text", "")
        return re.sub(r"<[^>]*>", " ", title).strip() or name[0]

    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(["trace", cell(axis("xaxis")), cell(axis("yaxis")), "value"])
    for number, trace in enumerate(figure.data, 1):
        x, y = _list(trace.x), _list(trace.y)
        more = _list(getattr(trace, "customdata", None))
        name = cell(re.sub(r"<[^>]*>", " ", str(trace.name or f"trace {number}")))
        for at in range(max(len(x), len(y))):
            extra = more[at] if at < len(more) else ""
            extra = _said(extra) if _plain(extra) else ""
            rows.writerow([name, _said(_at(x, at)), _said(_at(y, at)), extra])
    return out.getvalue()


def _list(values: object) -> list[object]:
    if values is None:
        return []
    listed = values.tolist() if hasattr(values, "tolist") else list(values)  # type: ignore[call-overload]
    return list(listed)


def _at(values: Sequence[object], at: int) -> object:
    return values[at] if at < len(values) else ""


def _said(value: object) -> object:
    """A number without what binary arithmetic added to it; words that are no formula."""
    if isinstance(value, str):
        return cell(value)
    return plain(value) if isinstance(value, float) else value


def _plain(value: object) -> bool:
    return isinstance(value, int | float | str)


def readme(sheet: Sheet, link: str, w: Words) -> str:
    """What the files are, how to cite them, and what to print with them."""
    pictures = [
        w("press.readme.file.picture", file=_figure_file(at, picture.name), title=picture.title)
        for at, picture in enumerate(sheet.pictures, 1)
    ]
    parts = [
        f"# {w('press.heading', subject=sheet.subject)}",
        f"**{w('press.head.claim')}**: "
        + findings.together(w, sheet.claim, sheet.origin, _revised(sheet, w)),
        sheet.changed,
        f"**{w('press.head.conclusion')}**: "
        + findings.together(w, sheet.verdict, sheet.conclusion),
        sheet.besides,
        _bullets(*sheet.leaves_out),
        f"## {w('press.readme.cite')}",
        citation(sheet, link, w),
        f"## {w('press.readme.caveats')}",
        _bullets(
            w("press.readme.caveat.assumption"),
            w("press.readme.caveat.rule"),
            w("press.readme.caveat.advice"),
        ),
        f"## {w('press.head.not_shown')}",
        _bullets(*sheet.not_shown),
        f"## {w('press.readme.files')}",
        _bullets(
            w("press.readme.file.series", file=SERIES_FILE),
            *pictures,
            w("press.readme.file.settings", file=SETTINGS_FILE),
        ),
        f"## {w('press.head.again')}",
        w("press.again"),
        f"```sh\n{sheet.command}\n```" if sheet.command else "",
        f"```python\n{sheet.python}```",
        f"```\n{sheet.printed}```",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _revised(sheet: Sheet, w: Words) -> str:
    return w("press.revised", about=sheet.about, date=sheet.date)


def _bullets(*lines: str) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _figure_file(at: int, name: str) -> str:
    return f"chart-{at}-{name}.csv"


def packed(sheets: Sequence[Sheet], *, links: Sequence[str], series: bytes) -> bytes:
    """The zip of a subject: ``sheets`` and ``links`` in the reader's language, then in English."""
    first = sheets[0]
    told = zip(sheets, links, strict=True)
    texts = [readme(sheet, link, words(sheet.lang)) for sheet, link in told]
    files: dict[str, bytes] = {
        README_FILE: "\n---\n\n".join(texts).encode(),
        SERIES_FILE: series,
        SETTINGS_FILE: settings_file(first).encode(),
    }
    look = charts.Look(w=words(first.lang))
    for at, picture in enumerate(first.pictures, 1):
        # With a mark at its start, or spreadsheets take it for another encoding.
        files[_figure_file(at, picture.name)] = figure_csv(picture.figure(look)).encode("utf-8-sig")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
