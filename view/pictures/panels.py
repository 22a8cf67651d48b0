"""The three panels of a run: each picture with its finding, for every kind of rule.

No Streamlit here. A figure is built when it is asked for, so that the browser can draw one while
the next is made.
"""

from __future__ import annotations

import numpy as np

from model.figures import figures, pays_for_itself
from model.funding import payers
from model.library import real_case
from model.result import Result
from view.pictures import charts
from view.pictures.pictured import Panel, Pictured, pictured
from view.sentences import case_words, findings
from view.sentences.offered import offered
from view.words.format import count, count_short, yuan
from view.words.words import Words

#: Joining time of those who were paid is cut this finely for the third panel.
BINS = 24
NAMES = ("price", "returns", "funding")


def panels(result: Result, look: charts.Look, *, foot: str) -> tuple[Panel, Panel, Panel]:
    """What there was, what each buyer got, and who paid."""
    main = findings.only(result.scheme)
    if main is not None and (three := pictured(main).three(result, look, foot=foot)) is not None:
        return three
    w = look.w
    split = payers(result, bins=BINS)
    owed, hover = owed_words(result)
    one = _first(result, look, foot=foot)
    return (
        one._replace(title=case_words.title(result.scheme, one.title, w)),
        Panel(
            "returns",
            case_words.title(result.scheme, _returns_title(result, w), w),
            w("alt.returns" if owed == "chart.held.name" else "alt.promised"),
            lambda: charts.returns_by_joining(result, look, foot=foot, owed=owed, hover=hover),
        ),
        Panel(
            "funding",
            case_words.title(result.scheme, _funding_title(split, w), w),
            w(Pictured.funding_alt if main is None else pictured(main).funding_alt),
            lambda: charts.exit_funding(split, look, foot=foot),
        ),
    )


# -- what there was --------------------------------------------------------------------------


def _first(result: Result, look: charts.Look, *, foot: str) -> Panel:
    """Of several rules, the one that says most of them: a price, then what fails first."""
    paying = (pictured(each) for each in result.scheme.mechanisms if not offered(each).on_top)
    return min(paying, key=lambda each: each.place).shown(result, look, foot=foot)


# -- what each buyer got, and who paid ---------------------------------------------------------


def owed_words(result: Result) -> tuple[str, str]:
    """Words for what buyers have not been paid in cash."""
    alone = findings.only(result.scheme) is not None
    for mechanism in result.scheme.mechanisms:
        if (words := pictured(mechanism).owed) is not None:
            return words[0] if alone else words[1]
    return "chart.promised.name", "chart.promised.hover"


def _returns_title(result: Result, w: Words) -> str:
    totals, lang = result.totals, w.lang
    if not totals["buyers"]:
        return w("panel.returns.none")
    if real_case(result.scheme) is not None:
        first_day, first, day, middle = findings.typical(result)
        return w(
            "case.returns",
            first_day=count(first_day, lang),
            first=findings.about(first, lang),
            day=count(day, lang),
            middle=findings.about(middle, lang),
            spend=findings.spent(result.scheme, w),
        )
    if pays_for_itself(result):
        found = figures(result)
        return w(
            "panel.returns.sound", most=yuan(found["most"], lang), spend=yuan(found["spend"], lang)
        )
    even = totals["even"]
    if even >= 0.5:
        return w(
            "panel.returns.even",
            even=count_short(round(even), lang),
            buyers=count_short(totals["buyers"], lang),
        )
    most, spend = result.scheme.most_paid, result.scheme.order.mean_spend
    if most is not None and most < spend * (1 - 1e-9):
        return w("panel.returns.capped", most=yuan(most, lang), spend=yuan(spend, lang))
    said = w("panel.returns.nobody", buyers=count_short(totals["buyers"], lang))
    return findings.together(w, said, findings.best(result, w))


def _funding_title(split: dict[str, float], w: Words) -> str:
    total = sum(split.values())
    if not total:
        return w("panel.funding.none")
    exact = 100 * split["own"] / total
    # Whole yuan, but never nought for something.
    own = round(exact) or round(exact, 2)
    return w("panel.funding", own=yuan(own, w.lang), others=yuan(100 - own, w.lang))


# -- one buyer -------------------------------------------------------------------------------


def paid_so_far(result: Result, joined: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Yuan that one average buyer of a tick has been paid by the end of each tick."""
    so_far = np.zeros(result.ticks)
    if result.line.orders[joined - 1] > 0:
        so_far = result.paid_to(joined)
    return so_far
