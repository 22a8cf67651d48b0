"""The view "People", drawn on a page of its own."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from streamlit.testing.v1 import AppTest

from model.library import preset, presets
from tests.pages.visit import TIMEOUT, boxes, figures, finding, html, working
from view.money import people
from view.words.words import LANGS

#: A day has its part of them; SEARCH=10 has all.
pytestmark = pytest.mark.part(2)

APPLIES = [id_ for id_ in presets() if people.applies(preset(id_).scheme())]
ELSEWHERE = [id_ for id_ in presets() if id_ not in APPLIES]


def script() -> None:
    import streamlit as st

    from view.money import people
    from view.parts.controls import Page

    def draw() -> None:
        page = Page("money", own={"view": ("people",), **people.OWN})
        page.notices()
        people.draw(page)
        st.session_state["test:scheme"] = page.scheme
        page.finish()

    st.fragment(draw)()


def opened(query: Mapping[str, str] | None = None, *, lang: str = "en") -> AppTest:
    at = AppTest.from_function(script, default_timeout=TIMEOUT)
    for key, value in {"view": "people", "lang": lang, **(query or {})}.items():
        at.query_params[key] = value
    at.session_state["money|people-how"] = True
    at.run()
    working(at)
    return at


def query(at: AppTest) -> dict[str, str]:
    return {
        key: (value if isinstance(value, str) else value[0])
        for key, value in at.query_params.items()
    }


def button(at: AppTest, key: str) -> object:
    return next(one for one in at.button if one.key == f"money|{key}")


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("id_", APPLIES)
def test_every_scheme_where_recruits_matter(id_, lang):
    at = opened({"scheme": id_}, lang=lang)
    assert "¥" in finding(at)
    assert len(figures(at)) == 2
    assert "wp-people" in html(at)
    assert boxes(at) == []
    assert "seed" not in query(at)
    assert "pull" not in query(at)


@pytest.mark.parametrize("lang", LANGS)
def test_where_they_do_not_the_others_are_offered(lang):
    at = opened({"scheme": ELSEWHERE[0]}, lang=lang)
    assert figures(at) == []
    assert finding(at)
    assert len(at.button) == len(APPLIES)
    button(at, "people-green-points").click().run()
    working(at)
    assert query(at)["scheme"] == "green-points@1"
    assert len(figures(at)) == 2


def test_another_draw_and_the_pull_are_kept_in_the_address():
    at = opened({"scheme": "green-points"})
    before = finding(at)
    button(at, "people-again").click().run()
    working(at)
    assert query(at)["seed"] == "2"
    assert finding(at) != before
    at.select_slider[0].set_value(100).run()
    working(at)
    assert query(at)["pull"] == "100"
    assert "67%" in html(at)
    again = opened(query(at))
    assert finding(again) == finding(at)
    assert again.select_slider[0].value == 100
    at.select_slider[0].set_value(0).run()
    assert "pull" not in query(at)


@pytest.mark.parametrize(
    ("pull", "seed"),
    [("x", "x"), ("-1", "-1"), ("999", "99999999999"), ("33", "0"), ("²", "²"), ("", "")],
)
def test_whatever_the_address_says(pull, seed):
    at = opened({"scheme": "green-points", "pull": pull, "seed": seed, "horizon": "20"})
    assert "¥" in finding(at)


def test_no_orders_at_all():
    at = opened({"scheme": "green-points", "demand.orders_per_tick": "0.001", "horizon": "5"})
    assert figures(at) == []
    assert len(boxes(at, "info")) == 1


def test_orders_one_by_one():
    at = opened({"scheme": "green-points", "tick": "order", "horizon": "300"})
    assert "300 orders" in finding(at)
    assert len(figures(at)) == 2


def test_all_of_them_only_on_a_button(monkeypatch):
    """A smaller draw is shown at once; the button runs the rest, within its bound."""
    asked = []
    spread = people.people.spread

    def counted(scheme, **settings):
        asked.append(settings.get("members"))
        return spread(scheme, **settings)

    monkeypatch.setattr(people.people, "spread", counted)
    monkeypatch.setattr(people, "MAX_MEMBERS", 60_000)
    people.measured.cache_clear()
    at = opened({"scheme": "local-life-points"})
    assert asked == [None]
    assert "50,000" in html(at)
    button(at, "people-run").click().run()
    working(at)
    assert asked == [None, 60_000]
    assert "60,000" in html(at)
    # It stays while nothing changes, and goes when something does.
    assert [one for one in at.button if one.key == "money|people-run"] == []
    at.run()
    assert asked == [None, 60_000]
    button(at, "people-again").click().run()
    assert asked == [None, 60_000, None]
    assert "50,000" in html(at)


def test_one_large_run_at_a_time():
    at = opened({"scheme": "local-life-points"})
    assert people._large.acquire(blocking=False)
    try:
        button(at, "people-run").click().run()
        working(at)
        assert len(boxes(at, "info")) == 1
    finally:
        people._large.release()
    # It is free again after a run.
    button(at, "people-run").click().run()
    working(at)
    assert boxes(at, "info") == []
    assert people._large.acquire(blocking=False)
    people._large.release()
