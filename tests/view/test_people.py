"""What the view "People" says of a draw, and its figures."""

from __future__ import annotations

import re

import plotly.graph_objects as go
import pytest

from model import people as model
from model.library import own_preset, preset, presets
from model.people import spread
from view.money import people
from view.pictures import charts, charts_people
from view.words.words import LANGS, Words, traditional

APPLIES = [id_ for id_ in presets() if people.applies(preset(id_).scheme())]


@pytest.fixture(params=LANGS)
def lang(request, monkeypatch):
    monkeypatch.setattr("view.parts.context.lang", lambda: request.param)
    monkeypatch.setattr(people, "lang", lambda: request.param)
    monkeypatch.setattr(people, "words", lambda: Words(request.param, strict=True))
    return request.param


in_each_language = pytest.mark.usefixtures("lang")


def test_it_applies_where_it_matters():
    for id_ in presets():
        scheme = preset(id_).scheme()
        assert people.applies(scheme) == model.matters(scheme)


@in_each_language
@pytest.mark.parametrize("id_", APPLIES)
def test_what_is_said_is_of_the_draw(id_):
    scheme = preset(id_).scheme({"horizon": 90})
    found = people.measured(scheme, 1, 0.0)
    said = people.finding(found, scheme)
    assert people._rate(found.by_recruits, 0) in said
    assert people._rate(found.by_back, 0) in said
    for pull in (0.0, 0.4, 1.0):
        assumed = people.assumption(scheme, pull, 12)
        assert "12" in assumed
        assert ("40%" in assumed) == (pull == 0.4)
    assert all(people.how(scheme))
    table = people.table_html(found)
    assert table.count("wp-band") == 3
    heads = table.count("scope='col'")
    assert heads == (5 if len(scheme.order.choices) == 1 else 6)
    rows = re.findall(r"<tr><th scope='row'>.*?</tr>", table)
    assert {row.count("<td>") for row in rows} == {heads}


def test_traditional_is_not_simplified(lang):
    if lang == "zh-Hant":
        scheme = preset("green-points").scheme()
        said = people.assumption(scheme, 0.5, 1)
        assert said == traditional(said)


@in_each_language
def test_nobody_is_paid():
    scheme = preset("green-points").scheme({"horizon": 1})
    found = people.measured(scheme, 1, 0.0)
    assert "0" not in people.finding(found, scheme).replace("100", "")
    assert people.measured(scheme.model_copy(update={"horizon": 1}), 1, 0.0) is found
    empty = preset("green-points").scheme({"demand.orders_per_tick": 0.001, "horizon": 5})
    assert people.measured(empty, 1, 0.0) is None


@in_each_language
def test_half_bring_nobody_is_said_where_it_is_so():
    scheme = preset("green-points").scheme()
    assert "50%" in people.always(people.measured(scheme, 1, 0.0))
    assert "67%" in people.always(people.measured(scheme, 1, 1.0))
    # All on the first day: nobody was there to bring them.
    first = preset("green-points").scheme({"demand.stop_tick": 1})
    assert people.always(people.measured(first, 1, 0.0)) == ""


def test_a_scheme_that_pays_recruits_what_it_has_comes_out_sound():
    """Three yuan of a hundred to the recruiter, out of a part set aside for it."""
    sound = own_preset("commission").scheme(
        {
            "order.parts.distribution": 0.05,
            "commission.direct": 0.03,
            "commission.indirect": 0.0,
            "commission.merchant": 0.0,
        }
    )
    found = spread(sound)
    assert found.total == pytest.approx(0.03 * found.paid.sum() * found.weight, rel=0.02)


@in_each_language
def test_small_amounts_are_said_to_be_small():
    assert people.money(0.0) == "¥0"
    assert people.money(0.004).endswith("¥0.01")
    assert people.money(0.004) != "¥0.01"
    assert people.money(8.904) == "¥8.90"


def test_names_of_the_groups():
    found = people.measured(preset("green-points").scheme({"horizon": 60}), 1, 0.0)
    assert people.brought_names(found.by_recruits) == ["0", "1", "2", "3–4", "5–9", "10+"]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("tag", LANGS)
def test_figures_are_plotlys(tag, dark):
    groups = [
        charts_people.Group(name=str(k), people="7", back={"own": 10.0 * k, "ranks": 30.0})
        for k in range(6)
    ]
    look = charts.Look(w=Words(tag, strict=True), dark=dark)
    figure = charts_people.back_by_group(
        groups,
        look,
        kinds={"own": "own order", "ranks": "rank pots"},
        money=lambda x: f"¥{x:g}",
        foot="foot<br>source",
    )
    checked = go.Figure(figure.to_dict())  # Plotly's own checks
    assert [list(trace.x) for trace in checked.data][1] == [30.0] * 6
    texts = [note.text for note in checked.layout.annotations]
    assert "¥80" in texts
    assert set(charts_people.FILLS) == set(model.KINDS) == set(people.KINDS)
