"""The answer of Check as a card."""

from __future__ import annotations

from collections.abc import Mapping

from view.check.address import judge
from view.check.check import OWN
from view.light.card import Card
from view.press import carded
from view.queueing.heavy import heavy
from view.sentences import answers, findings, stated
from view.sentences.verdict import told
from view.settings import state
from view.settings.runs import RUNS
from view.settings.state import Settings
from view.words.words import Words

#: What of the address says only which screen is shown.
_SCREEN = ("step", "for", "picture", "said", "leave", "other", "each", "before", "per_day")


def settings_of(query: Mapping[str, str]) -> Settings:
    """What an address says of an offer, whatever screen it shows."""
    return state.parse({k: v for k, v in query.items() if k not in _SCREEN}, page=OWN)


def query_of(settings: Settings) -> Mapping[str, str]:
    """The one address of these settings, as the page writes it."""
    return state.address(
        settings.preset, settings.changes, page=settings.page, defaults=OWN, keep={}
    )


def card(settings: Settings, w: Words) -> Card:
    """The verdict, what it rests on, and the two figures that no behaviour changes."""
    judged = judge(settings)
    verdict = told(judged, w)
    open_ = judged.unsure or not judged.known
    runs = not open_ and not heavy(settings.scheme())
    result = RUNS.of(settings) if runs else None
    assumed = [verdict.condition]
    found = carded.of_scheme(settings, result, w, unsure=judged.unsure)
    if found["picture"] is not None:
        assumed += [findings.assumption(settings.scheme(), w), w("field.ours")]
    return Card(
        page="check",
        lang=w.lang,
        finding=verdict.heading,
        rest=verdict.goods,
        assumption=stated.joined(filter(None, assumed), w),
        numbers=answers.facts(judged, w),
        query=query_of(settings),
        **found,
    )
