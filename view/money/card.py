"""The finding of a run as a card."""

from __future__ import annotations

from collections.abc import Mapping

from model.result import Result
from model.scheme import scheme_parameters
from view.light import figure
from view.light.card import Card
from view.money import live
from view.money.money import OWN
from view.parts import knobs
from view.parts.controls import from_widget
from view.press import carded
from view.press.press_sums import arithmetic
from view.sentences import findings
from view.settings import limits, state
from view.settings.runs import RUNS
from view.settings.state import Settings
from view.words.words import Words

#: What of the address says only how it is shown.
_SCREEN = ("for", "picture", "zoom", "knobs")
#: Sums shown.
_SUMS = 3


def settings_of(query: Mapping[str, str]) -> Settings:
    """What an address says of a run, however it is shown."""
    return state.parse({k: v for k, v in query.items() if k not in _SCREEN}, page=OWN)


def query_of(settings: Settings) -> Mapping[str, str]:
    """The one address of these settings, as the page writes it."""
    return state.address(
        settings.preset, settings.changes, page=settings.page, defaults=OWN, keep={}
    )


def offered(settings: Settings, w: Words) -> list[figure.Offered]:
    """The headline knobs with their stops, in the model's units."""
    scheme = settings.scheme()
    found: list[figure.Offered] = []
    for key in knobs.headline(scheme):
        parameter, told = scheme_parameters(scheme)[key], live.knob(scheme, key, w)
        values = [from_widget(parameter, value) for value in told["values"]]
        found.append((key, told["label"], [*zip(values, told["texts"], strict=True)]))
    return found


def card(settings: Settings, w: Words) -> Card:
    """What the run comes to, with what it rests on."""
    wanted = settings
    settings = limits.bounded(settings)
    result: Result = RUNS.of(settings)
    first, _, rest = findings.finding(result, w).partition("\n")
    notes = (rest, limits.said(settings, w), findings.halted(result, w))
    return Card(
        page="money",
        lang=w.lang,
        finding=first,
        rest=findings.together(w, *notes).replace("\n", " "),
        assumption=findings.assumption(result.scheme, w),
        numbers=tuple((each.text, each.meaning) for each in arithmetic(result, w)[:_SUMS]),
        figure=lambda: figure.figure(settings, result, offered(settings, w), w),
        query=query_of(wanted),
        **carded.of_scheme(settings, result, w),
    )
