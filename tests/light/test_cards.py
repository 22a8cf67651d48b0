"""Cards: one result, many forms, and what every one of them says."""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import struct
from html import unescape
from xml.etree import ElementTree

import pytest

from model.claims import CLAIMS
from model.library import presets
from tests.turns import in_turn
from view.light import card as cards_of
from view.light import drawing, embeds, fonts
from view.light.card import TITLE, Card, columns, cut
from view.pages import PAGES
from view.serving import cards
from view.serving.document import document
from view.settings.runs import RUNS
from view.words.words import LANGS

ENTRIES = {page.id: page for page in PAGES}
STATES = [
    *(("check", {"scheme": name}) for name in presets()),
    *(("money", {"scheme": name}) for name in presets()),
    *(("claims", {"claim": claim}) for claim in [*CLAIMS][::4]),
    *(("claims", {"view": view}) for view in ("claims", "cases", "sound", "law")),
    ("check", {"scheme": "wine-points", "unsure": "points_pool.share"}),
    ("money", {"scheme": "own:refund_queue+dividend_pool.yearly", "horizon": "30"}),
]


def card(page: str, query: dict[str, str], lang: str = "en") -> Card:
    return cards.card_of(cards.asked_of({"page": page, "lang": lang, **query}))


@pytest.mark.parametrize(("state", "lang"), in_turn(STATES, LANGS), ids=str)
def test_every_form_says_the_same(state, lang):
    page, query = state
    asked = {"page": page, "lang": lang, **query}
    told = card(page, query, lang)
    assert told.finding
    assert columns(told.title) <= TITLE
    html = cards.made("html", asked).decode()
    assert len(gzip.compress(html.encode(), 6)) <= 20_000
    data = json.loads(cards.made("json", asked))
    table = [*csv.reader(io.StringIO(cards.made("csv", asked).decode("utf-8-sig")))]
    svg = cards.made("svg", asked).decode()
    tree = ElementTree.fromstring(svg)
    text = unescape(html)
    for said in (told.finding, told.assumption, *told.sources, told.about, told.mark):
        assert said in text
        assert said in tree.attrib["aria-label"] or said == told.mark
    assert data["finding"] == told.finding
    assert ["finding", told.finding] in table
    for figure, meaning in told.numbers:
        assert figure in text
        assert {"figure": figure, "text": meaning} in data["numbers"]
    if told.picture is not None:
        whole, part, none = told.picture.counts
        assert [data["buyers"][k] for k in ("whole", "part", "nothing")] == [whole, part, none]
        assert sum(told.picture.counts) == round(
            RUNS.of(cards.asked_of(asked).settings).totals["buyers"]
        )
    # Nothing of a picture lies outside of it.
    size = drawing.SIZES["wide"]
    for mark in tree.iter("{http://www.w3.org/2000/svg}text"):
        assert drawing.MARGIN <= float(mark.attrib["x"]) < size.width
        assert 0 < float(mark.attrib["y"]) < size.height - 8
    # What it rests on is never cut.
    drawn = "".join("".join(mark.itertext()) for mark in tree.iter() if mark.tag.endswith("text"))
    plain = told.assumption.replace("“", '"').replace("”", '"').replace("’", "'")
    squeezed = "".join((plain if lang == "en" else told.assumption).split())
    assert squeezed in "".join(drawn.split())


@pytest.mark.parametrize("page", ["check", "money"])
def test_the_page_s_own_link_is_the_card(page):
    query = {"scheme": "wine-points", "points_pool.fee": "0.3"}
    told = card(page, query)
    head = unescape(document(ENTRIES[page], "en", query).split("<body>")[0])
    assert f"<title>{told.title}</title>" in head
    assert f'<meta property="og:title" content="{told.finding}">' in head
    assert f'<meta property="og:description" content="{told.description}">' in head


def test_an_offer_s_figure_is_that_of_its_run():
    query = {"scheme": "wine-points", "points_pool.fee": "0.3", "mine": "1", "lang": "en"}
    assert "./figure?" in cards.made("html", query).decode()
    assert "./figure?" not in cards.made("html", {**query, "unsure": "points_pool.share"}).decode()
    file = cards.made("figure", query).decode()
    assert "whoPays(" in file
    run = {"page": "money", "scheme": "wine-points", "points_pool.fee": "0.3", "lang": "en"}
    assert file == cards.made("figure", run).decode()


def test_pictures_are_named_absolutely_where_the_address_is_known(monkeypatch):
    told = card("check", {"scheme": "wine-points"})
    assert "og:image" not in cards.tags(told)
    monkeypatch.setattr(cards, "BASE", "https://pays.example/here")
    tags = unescape(cards.tags(told))
    assert f'content="https://pays.example/here/card.png?{told.address()}"' in tags
    assert "1200" in tags
    html = unescape(cards.made("html", {"scheme": "wine-points", "lang": "en"}).decode())
    assert f"https://pays.example/here/card?{told.address()}" in html
    assert '<iframe title="' in html


def test_two_states_never_look_the_same():
    """Whatever differs in the settings differs in what a preview says."""
    chance, known = random.Random(16), {}
    base = card("check", {"scheme": "wine-points"})
    fields = {name: getattr(base, name) for name in base.__dataclass_fields__}
    for _ in range(20_000):
        query = {
            "scheme": chance.choice(presets()),
            "points_pool.fee": f"{chance.random():.3f}",
            "order.spend": str(chance.randrange(1, 9999)),
        }
        page = chance.choice(["check", "money", "claims"])
        told = Card(**{**fields, "query": query, "page": page})
        assert known.setdefault(told.description, (page, query)) == (page, query)


@pytest.mark.parametrize("fmt", cards.TYPES)
@pytest.mark.parametrize(
    "query",
    [
        {"scheme": "nobody's"},
        {"page": "elsewhere"},
        {"size": "huge"},
        {"scheme": "wine-points", "points_pool.fee": "2"},
        {"scheme": "wine-points", "points_pool.fee": "<script>alert(1)</script>"},
        {"page": "money", "view": "sideways"},
    ],
    ids=str,
)
def test_an_address_that_nobody_can_read_says_so(fmt, query):
    asked = cards.asked_of({"lang": "en", **query})
    assert asked.problems
    told = cards.card_of(asked)
    assert told.picture is None
    assert told.numbers == ()
    assert told.finding.startswith("This address says something that cannot be used")
    body = cards.made(fmt, {"lang": "en", **query})
    assert b"<script>alert" not in body or fmt in {"csv", "json"}  # text, and no page


def test_a_picture_has_the_size_it_says():
    for name, size in drawing.SIZES.items():
        body = cards.made("png", {"scheme": "wine-points", "size": name, "lang": "zh-Hans"})
        assert body[:8] == b"\x89PNG\r\n\x1a\n"
        wide, high = struct.unpack(">II", body[16:24])
        assert (wide, high) == (size.width * size.scale, size.height * size.scale)
        assert len(body) < 400_000


def test_every_character_has_a_form():
    from fontTools.ttLib import TTFont

    for path in (fonts.REGULAR, fonts.BOLD):
        assert path.stat().st_size < 300_000
        known = TTFont(path)["cmap"].getBestCmap()
        # What Noto Sans itself does not have nobody can draw.
        missing = {sign for sign in fonts.characters() if ord(sign) not in known}
        assert not {sign for sign in missing if "\u4e00" <= sign <= "\u9fff"}, (
            "run view.light.fonts"
        )


def test_lines_are_broken_where_one_may():
    for text in (
        "拿不全。付了 ¥1,000，最多拿回 ¥960。“说法”，另一句。",
        "Only if, for each order so far, 3.8 more come in.",
    ):
        for most in (4.0, 9.5, 40.0):
            lines = drawing.wrapped(text, most)
            assert "".join("".join(lines).split()) == "".join(text.split())
            assert not any(line[0] in "，。、”" for line in lines)
    assert drawing.wrapped("一二三四五六七八", 3, lines=2)[-1].endswith("…")
    assert cut("一二三", 5) == "一二…"


def test_what_hosts_ask_for_is_bounded():
    assert embeds.within(None, 640) == 640
    assert embeds.within("99999", 640) == 640
    assert embeds.within("1", 640) == 200
    assert embeds.within("<b>", 640) == 640
    assert cards_of.PAGE == "page"


def test_drawings_are_kept_and_the_oldest_go(tmp_path):
    kept = cards.Kept(tmp_path / "cards", most=1000)
    assert kept.get("a") is None
    for number in range(12):
        kept.keep(f"{number}", bytes(150))
    kept.tidy()
    left = sorted(path.name for path in (tmp_path / "cards").iterdir())
    assert len(left) <= 6
    assert kept.get("11") == bytes(150)


def test_what_is_kept_is_named_by_everything_it_follows_from():
    assert cards.version() == cards.version()
    assert len(cards.version()) == 16
