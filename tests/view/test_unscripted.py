"""Check as links and forms: complete without a script, and what is typed is read as on the page."""

from __future__ import annotations

import gzip
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.library import preset, presets
from view.check import check, choosing, other, unscripted
from view.check.address import judge, steps_of
from view.pages import PAGES
from view.sentences.verdict import told
from view.serving.document import document
from view.settings import state
from view.words.words import LANGS, words

HOME = PAGES[0]
MOST_BYTES = 20_000
NAMES = [*presets(), "own:points_pool+commission", "own:refund_queue+dividend_pool.yearly"]


class Reader(HTMLParser):
    """A browser that runs no script: links, and forms with what stands in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: list[dict[str, str]] = []
        self.buttons: list[dict[str, str]] = []
        self.text = ""
        self.heading = ""
        self._in: list[str] = []
        self._choice = ""
        self.feed(html[html.index("<main>") : html.index("</main>")])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        self._in.append(tag)
        if tag == "a":
            self.links.append(told["href"])
        elif tag == "form":
            assert told["method"] == "get"
            self.forms.append({})
        elif tag == "input":
            kind = told.get("type", "text")
            if kind in {"text", "hidden"} or "checked" in told:
                self.forms[-1][told["name"]] = told["value"]
        elif tag == "select":
            self._choice = told["name"]
        elif tag == "option" and "selected" in told:
            self.forms[-1][self._choice] = told["value"]
        elif tag == "button":
            self.buttons.append(told)

    def handle_data(self, data: str) -> None:
        self.text += data
        if "h1" in self._in[-3:] and self._in[-1] == "h1":
            self.heading += data

    def handle_endtag(self, tag: str) -> None:
        while self._in and self._in.pop() != tag:
            pass


def query_of(link: str) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(link).query, keep_blank_values=True))


def screen(query: dict[str, str], lang: str = "en") -> Reader:
    html = document(HOME, lang, {"lang": lang, **query})
    assert len(gzip.compress(html.encode(), 6)) <= MOST_BYTES
    return Reader(html)


def settings_of(query: dict[str, str], lang: str = "en") -> state.Settings:
    got = unscripted.received(query, check.OWN, words(lang))
    assert not got.refused
    return state.parse(got.query, page=check.OWN)


@pytest.mark.parametrize("lang", LANGS)
def test_every_choice_can_be_walked_to_its_answer(lang):
    start = screen({}, lang)
    choices = start.links[: len(choosing.CHOICES)]
    for promise, link in zip(choosing.CHOICES, choices, strict=True):
        query, seen = query_of(link), 1
        while True:
            here = screen(query, lang)
            seen += 1
            if not here.forms or "form" not in here.forms[0] or here.forms[0]["form"] == "other":
                break
            query = here.forms[0]
        # The page itself calls the verdict the same.
        if promise in other.KINDS:
            assert here.heading == other.heading(promise, words(lang))
            continue
        settings = settings_of(query, lang)
        assert here.heading == told(judge(settings), words(lang)).heading
        assert seen <= len(steps_of(settings)) <= 5
        assert settings.page["mine"] == "1"


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("step", ["offer", "numbers", "place"])
def test_a_form_left_alone_changes_nothing(name, step):
    if step not in steps_of(state.parse({"scheme": name}, page=check.OWN)):
        return
    here = screen({"scheme": name, "step": step})
    (form,) = here.forms
    settings = settings_of(form)
    assert settings.problems == ()
    assert settings.scheme() == preset(name).scheme()
    assert not settings.page.get("unsure")
    # Not knowing any of it is an answer to every question.
    skipped = settings_of({**form, "skip": "1"})
    asked = list(unscripted.boxes(settings, step, words("en")))
    assert asked
    for box in asked:
        if box.own:
            assert not skipped.page.get(box.name)
        elif box.name == "order.goods_value":
            assert skipped.scheme().order.goods_value is None
        else:
            assert box.cash_back or box.name in skipped.page.get("unsure", "").split(",")


def test_what_is_typed_is_read_as_on_the_page():
    (form,) = screen({"scheme": "local-life-points", "step": "offer"}).forms
    settings = settings_of({**form, "in.order.spend": "3千", "in.order.goods_value": "2,400.5元"})
    assert settings.scheme().order.spend == 3000
    assert settings.scheme().order.goods_value == 2400.5
    assert settings.page["step"] == "numbers"
    (form,) = screen({"scheme": "local-life-points", "step": "numbers"}).forms
    typed = {"in.points_pool.share": "一成六", "in.points_pool.exit_multiple": "none"}
    settings = settings_of({**form, **typed, "in.unsure.points_pool.fee": "1"})
    pool = settings.scheme().mechanisms[0]
    assert (pool.share, pool.exit_multiple) == (0.16, None)
    assert settings.page["unsure"] == "points_pool.fee"


def test_another_scheme_takes_only_the_price_along():
    (form,) = screen({"scheme": "local-life-points", "mine": "1", "step": "offer"}).forms
    typed = {"in.scheme": "wine-points", "in.order.spend": "250"}
    settings = settings_of({**form, "points_pool.share": "0.3", **typed})
    assert settings.preset.id == "wine-points"
    assert settings.scheme().order.spend == 250
    assert "points_pool.share" not in settings.changes


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "text", ["<b>many</b>", "-5", "1e999", "", "half of it", "9" * 30, "１２ or ３"]
)
def test_what_cannot_be_read_stays_with_a_sentence(text, lang):
    query = {"form": "offer", "scheme": "wine-points", "in.order.spend": text}
    html = document(HOME, lang, query)
    assert "<b>many" not in html
    assert " data-held>" in html
    assert "data-address" not in html
    here = Reader(html)
    assert here.forms[0]["in.order.spend"] == text
    assert here.forms[0]["form"] == "offer"
    assert words(lang).label("order.spend") in here.text
    assert document(HOME, lang, {**query, "in.order.spend": "100"}).count('wp-refused"') == 0


def test_numbers_that_do_not_fit_together_are_said_to():
    query = {"form": "numbers", "scheme": "guild-queue", "in.refund_queue.share": "101"}
    got = unscripted.received(query, check.OWN, words("en"))
    assert "101" in got.refused["refund_queue.share"][0]
    name = "own:points_pool+refund_queue"
    query = {"form": "numbers", "scheme": name, "promise": "several"}
    both = {"in.points_pool.share": "80", "in.refund_queue.share": "80"}
    got = unscripted.received({**query, **both}, check.OWN, words("en"))
    assert [*got.refused] == ["refund_queue.share"]
    assert got.query["points_pool.share"] == "0.8"


@given(
    form=st.sampled_from(["offer", "numbers", "place", "other", "answer", ""]),
    name=st.sampled_from([*NAMES, "nobody's"]),
    texts=st.dictionaries(
        st.sampled_from(
            [
                "scheme",
                "package",
                "each",
                "before",
                "per_day",
                "order.spend",
                "order.goods_value",
                "points_pool.share",
                "points_pool.exit_multiple",
                "scheduled_release.share",
                "refund_queue.share",
                "unsure.points_pool.fee",
                "order.packages",
            ]
        ),
        st.text(max_size=12) | st.sampled_from(["1", "50", "1000", "none", "一成"]),
        max_size=6,
    ),
    skip=st.sampled_from(["", "1"]),
)
def test_whatever_a_form_gives_is_answered(form, name, texts, skip):
    query = {"form": form, "scheme": name, "skip": skip}
    query |= {f"in.{key}": text for key, text in texts.items()}
    w = words("zh-Hans")
    got = unscripted.received(query, check.OWN, w)
    settings = state.parse(got.query, page=check.OWN)
    if got.form:
        assert settings.problems == ()
        again = unscripted.received(got.query, check.OWN, w)
        assert again.query == got.query
    assert "<h1>" in unscripted.page(settings, got.query, check.OWN, w, got.refused)
