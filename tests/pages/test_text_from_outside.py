"""Markup, formulas and marks of direction through every way in: shown as text, or not at all."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from google.protobuf.descriptor import FieldDescriptor
from streamlit.testing.v1 import AppTest

from model.library import preset, presets
from model.preset import Preset
from model.preset_file import FileError, written
from model.scheme import named_parameters
from tests.pages.visit import SCRIPTS, boxes, opened, working
from view.check import check
from view.claims import claims_page
from view.money import live, money, rules_file
from view.pages import PAGES, ROOT
from view.parts import context, notices, share
from view.press import press_data, press_sheet
from view.sentences import findings
from view.serving.document import document
from view.settings import state
from view.settings.runs import played
from view.settings.values import label
from view.words.words import LANGS, words

assert context  # registers the parameters' English words
#: Stands in everything that is sent, and in nothing of ours.
MARK = "zqz"
SENT = (
    f"{MARK}[a](http://{MARK}.example/x)",
    f"![{MARK}](http://{MARK}.example/i.png)",
    f"<img src={MARK} onerror=alert(1)>",
    f"<script>{MARK}</script>",
    f"<svg onload={MARK}>",
    f"$ {MARK}^2 $ \\({MARK}\\)",
    f":red[{MARK}] :material/{MARK}: :{MARK}:",
    f"`{MARK}` **{MARK}** <b>{MARK}</b>",
    f"{MARK}\u202e\u2066\u200f",
    f"http://{MARK}.example www.{MARK}.example {MARK}@{MARK}.example",
    f"=HYPERLINK({MARK})",
    f"\"'{MARK}%s{{0}}{{{{{MARK}}}}}",
)
OWN = {"check": check.OWN, "money": money.OWN, "claims": claims_page.OWN}
UNSEEN = {*map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)), "\u200e", "\u200f"}


class Read(HTMLParser):
    """The tags of a piece of HTML with what stands in them, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {attrs}")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.tags.append(data)


def only_text(html: str) -> None:
    """What was sent is in no tag, and nothing turns the direction of what follows it."""
    read = Read(html)
    assert not [tag for tag in read.tags if MARK in tag]
    assert not UNSEEN & set(read.text.replace("\u2068", "").replace("\u2069", ""))


def strings(message: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a message of Streamlit's, with the names of the fields it stands in."""
    for field, value in message.ListFields():
        name = f"{path}.{field.name}"
        for each in value if field.is_repeated else [value]:
            if field.type == FieldDescriptor.TYPE_MESSAGE:
                if hasattr(each, "ListFields"):
                    yield from strings(each, name)
                else:
                    yield name, str(each)
            elif field.type in {FieldDescriptor.TYPE_STRING, FieldDescriptor.TYPE_BYTES}:
                yield name, each if isinstance(each, str) else each.decode("utf-8", "replace")


def elements(node: Any) -> Iterator[Any]:
    """Every element and block of a page."""
    yield node
    for child in getattr(node, "children", {}).values():
        yield from elements(child)


def shown(at: AppTest) -> list[str]:
    """What a page repeats of what was sent; fails where that is not text."""
    found = []
    for element in elements(at._tree):
        proto = getattr(element, "proto", None)
        if proto is None:
            continue
        for name, value in strings(proto):
            if element.type == "html" and name == ".body":
                only_text(value)
                if MARK in value:
                    assert value.startswith('<p class="wp-notice'), value
                    found.append(value)
            elif name not in ENTERED:
                assert MARK not in value, (element.type, name, value)
    return found


#: What a box itself holds is the reader's own text, and is shown as such by the box.
ENTERED = {".value", ".set_value"}


# -- the address -------------------------------------------------------------------------------


def addresses(own: dict[str, tuple[str, ...]]) -> Iterator[dict[str, str]]:
    """One address for each key, and every text for some."""
    keys = [*own, state.LANGUAGE, *SENT]
    for at, key in enumerate(keys):
        yield {key: SENT[at % len(SENT)]}
    for text in SENT:
        yield {state.PRESET: text}
        yield {state.PRESET: f"wine-points@{text}"}
        yield {state.PRESET: f"own:points_pool.{text}+commission"}
        yield {"order.rest": text, "unsure": f"{text},order.goods_value", "with": text}
    seen = set[str]()
    for name in presets():
        for key in sorted(named_parameters(preset(name).parts).keys() - seen):
            seen.add(key)
            yield {state.PRESET: name, key: SENT[len(seen) % len(SENT)]}


@pytest.mark.parametrize("page", OWN)
def test_an_address_is_repeated_in_sentences_alone(page):
    w = words("en")
    for query in addresses(OWN[page]):
        found = state.parse(query, page=OWN[page])
        assert found.problems or not any(state.ours(key, OWN[page]) for key in query), query
        kept = state.address(
            found.preset, found.changes, page=found.page, defaults=OWN[page], keep={}
        )
        assert MARK not in json.dumps(kept), query
        for problem in found.problems:
            values = dict(problem.values)
            if "param" in values:
                values["param"] = label(found.preset, values["param"], w)
            only_text(notices.html(w(problem.key, **values), "warning"))


VISITS = {
    "check": ({"step": "answer", "promise": SENT[0], "before": SENT[1], "unsure": SENT[2]},),
    "claims": ({"claim": SENT[0], SENT[1]: "1", "case_growth": SENT[5], "scheme": SENT[9]},),
    "money": (
        {"view": SENT[0], "lang": SENT[3], "points_pool.fee": SENT[9], SENT[4]: SENT[4]},
        {"for": "press", "picture": SENT[6], "order.rest": SENT[1], SENT[8]: SENT[8]},
        {"view": "compare", "with": SENT[9], "scheme": f"own:points_pool.{SENT[0]}"},
    ),
    "teach": ({"scheme": SENT[0], SENT[1]: SENT[2]},),
    "sources": ({"scheme": SENT[0], SENT[1]: SENT[2]},),
}


@pytest.mark.parametrize(
    ("page", "query"), [(page, query) for page, all_ in VISITS.items() for query in all_]
)
def test_a_page_shows_what_the_address_says_as_text(page, query):
    at = opened(page, query, live=True)
    said = shown(at)
    if page not in {"sources", "teach"}:
        assert len(said) == len(boxes(at))
        assert said


def test_what_is_there_twice_is_named_once():
    at = AppTest.from_file(ROOT / "view" / "serving" / "frame.py", default_timeout=30)
    at.query_params["view"] = ["steps", "rules"]
    at.query_params["points_pool.fee"] = ["0.1", "0.2", "0.3"]
    at.switch_page(str(SCRIPTS["money"]))
    at.run()
    working(at)
    (said,) = boxes(at)
    assert said == words("en")("url.twice", key="view")
    assert at.session_state["money:settings"].changes["points_pool.fee"] == 0.3


@pytest.mark.parametrize("at", range(len(PAGES)), ids=lambda at: PAGES[at].id)
def test_the_document_repeats_nothing(at):
    page, text = PAGES[at], SENT[at]
    query = dict.fromkeys(OWN.get(page.id, {}), text) | {text: text, "order.rest": text}
    assert MARK not in document(page, LANGS[at % len(LANGS)], query, browser=text)


# -- files and boxes ---------------------------------------------------------------------------


def file_of(chosen: Preset) -> str:
    return written(chosen.scheme(), name=chosen.name, summary=chosen.summary)


def test_a_file_is_repeated_in_a_sentence_alone():
    """Every string of a file in turn, and every key."""
    lines = file_of(preset("wine-points")).splitlines()
    accepted = 0
    # Every value that follows has the fields of the first ones.
    for at, line in enumerate(lines[:60]):
        key, equals, value = line.partition("=")
        if not equals:
            continue
        text = json.dumps(SENT[at % len(SENT)])
        there = f"{{ en = {text}, zh = {text} }}" if "{" in value else text
        for change in (f"{key}= {there}", f"{text} = {value}"):
            data = "\n".join([*lines[:at], change, *lines[at + 1 :]]).encode()
            try:
                settings = rules_file.opened(data)
            except FileError as error:
                only_text(notices.html(rules_file.file_problem(error), "warning"))
                continue
            accepted += 1
            assert MARK not in settings.preset.model_dump_json()
            assert MARK not in json.dumps(dict(settings.changes))
    # Its name and what it is about are read and dropped.
    assert accepted >= 4


def test_a_box_of_lines_is_repeated_as_text():
    at = opened("money", {"view": "rules", "scheme": "cyclic-packages"})
    at.text_area(key="money|order.packages~lines").set_value(SENT[9]).run()
    working(at)
    (said,) = shown(at)
    assert "www." in said


def test_an_advertisement_is_not_repeated():
    at = opened("check", {"step": "paste"})
    at.text_area[0].set_value("\n".join((*SENT, "返 30% 三倍 出局 10 天"))).run()
    at.button[0].click().run()
    working(at)
    assert shown(at) == []


def test_what_is_taken_along_repeats_nothing():
    """The zip of a sheet, names and all, with its link, its charts and the table's file."""
    query = {"horizon": "30", "unsure": f"{SENT[9]},order.goods_value", "with": SENT[0]}
    settings = state.parse({**query, "order.rest": SENT[10], SENT[1]: SENT[2]}, page=check.OWN)
    w, chosen, changes = words("en"), settings.preset, settings.changes
    unsure = settings.page["unsure"].split(",")
    sheet = press_sheet.of_scheme(chosen, changes, w, unsure=unsure)
    kept = state.address(chosen, changes, page=settings.page, defaults=check.OWN, keep={})
    series = share.csv(played(sheet.scheme), [findings.source_line(chosen, changes, w), str(kept)])
    data = press_data.packed([sheet], links=[str(kept)], series=series)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = archive.namelist()
        texts = [archive.read(name).decode("utf-8-sig") for name in names]
    assert len(names) >= 4
    assert MARK not in "".join([*names, *texts])
    for text in texts[1:]:
        rows = [line for line in text.splitlines() if not line.startswith("#")]
        assert not [row for row in rows if row.startswith(("=", "+", "@", "\t"))]


# -- live --------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", SENT[:4])
def test_a_move_repeats_nothing(text):
    kept = {"query": f"scheme=wine-points@1&{text}={text}&order.rest={text}", "lang": "en"}
    kept |= {"dark": False, "height": 310}
    values = {"points_pool.share": text, text: 1}
    message = {"seq": 1, "scheme": "wine-points@1", "values": values, "page": kept}
    try:
        answer = live.answer(json.dumps(message).encode()).decode()
    except live.RefusedError as error:
        answer = str(error)
    assert MARK not in answer
