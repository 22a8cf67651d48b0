"""How long a page works out a scheme: what costs too much for one reader among many is cut short.

The model itself has no such limit; what a run costs is known before it is played (model.cost).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from model.cost import cost, longest, most_ticks
from model.library import preset, presets
from model.scheme import Scheme
from view.settings.state import Problem, Settings, holds
from view.words.format import count
from view.words.words import Words

#: What one run, with its tables and whose money it was, may cost on a page: work as in
#: :class:`model.cost.Cost`, and bytes. Every preset fits, to the end of its slider of days.
WORK: Final = 60.0
MEMORY: Final = 70e6


def fits(scheme: Scheme) -> bool:
    """Whether a page works out all of it."""
    found = cost(scheme)
    return found.work <= WORK and found.memory <= MEMORY


def most_days(scheme: Scheme) -> int:
    """The most ticks of ``scheme`` that a page works out, at most its horizon; 0: not even one."""
    return longest(scheme, work=WORK, memory=MEMORY)


def days_together(schemes: Callable[[int], Sequence[Scheme]], days: int) -> int:
    """The most ticks, at most ``days``, for which all these runs in turn keep to the budget of one.

    ``schemes``: the schemes of a number of ticks. Of each only the run is asked for, and not whose
    money it was. At least 1.
    """

    def fit(ticks: int) -> bool:
        found = [cost(scheme) for scheme in schemes(ticks)]
        most = max(one.kept for one in found)
        return sum(one.run for one in found) <= WORK and most <= MEMORY

    return max(most_ticks(fit, days), 1)


def shorter(scheme: Scheme) -> Scheme:
    """The scheme, for no more days than a page works out, but one at least."""
    most = max(most_days(scheme), 1)
    return scheme if most == scheme.horizon else scheme.model_copy(update={"horizon": most})


def bounded(settings: Settings) -> Settings:
    """The settings, with no more days than a page works out, and a sentence where that is fewer.

    Where they cannot be shortened, the scheme's own numbers instead, and a sentence on that.
    """
    scheme = settings.scheme()
    if fits(scheme):
        return settings
    most = most_days(scheme)
    changes = {**settings.changes, "horizon": most}
    if most and holds(settings.preset, changes):
        key = "url.heavy" if scheme.tick == "day" else "url.heavy.orders"
        problem = Problem(key, {"days": str(most)})
        return replace(settings, changes=changes, problems=(*settings.problems, problem))
    refused = (*settings.problems, Problem("url.too_heavy"))
    plain = replace(settings, changes={}, problems=refused)
    if settings.changes:
        return replace(bounded(replace(plain, problems=())), problems=refused)
    return replace(plain, preset=preset(presets()[0]))


def said(settings: Settings, w: Words) -> str:
    """What :func:`bounded` has to say of them, if anything."""
    key = ("url.heavy", "url.heavy.orders", "url.too_heavy")
    found = [problem for problem in settings.problems if problem.key in key]
    if not found:
        return ""
    values = {name: count(float(text), w.lang) for name, text in found[-1].values.items()}
    return w(found[-1].key, **values)
