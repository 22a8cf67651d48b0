"""Every number of every page belongs to a named figure, and no odds stand without an assumption.

Each preset is read once with its own numbers and once with random ones, in one language each;
between them all languages are.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from model import presets, simulate
from model.claims import CLAIMS
from model.library import preset
from model.outlay import outlay
from model.preset import Preset, SchemeError
from model.result import Result
from model.scheme import Scheme, named_parameters
from model.standing import standing, worth_of_goods
from tests.view import named_figures as named_
from tests.view.named_figures import Named, by_page, lines_of, strangers, tokens, unconditional
from view.check import offer
from view.claims import claims_text, law, sound
from view.mechanisms.points_pool import charts as points_charts
from view.money import compare, people, whose_said
from view.money.measured import measure
from view.money.whose_said import per_100
from view.pages import PAGES, PageEntry
from view.parts import context, numbers
from view.pictures import charts, panels
from view.press import press_sheet
from view.sentences import answers, findings, takes
from view.serving.document import document
from view.settings.state import Settings, written
from view.sources import sources
from view.words.words import LANGS, Words

assert context  # registers the parameters' English words
ENTRIES = {page.id: page for page in PAGES}
#: Ticks of a run.
DAYS = 40
#: A reader's place in the line, and pace.
BEFORE, PER_DAY = 321, 77
#: What a claim's note has counted on the sales page.
PRINTED = {"an-agent-earns-every-month": ("13", "11")}
#: Numbers of no sentence in question, or that only some presets may have.
LEFT_ALONE = ("horizon", "tick", "demand.kind", "demand.orders", "order.packages")


def settings(name: str, seed: int) -> dict[str, Any]:
    """Some numbers of a preset, moved at random to what a slider allows; 0: its own."""
    chosen, found = preset(name), {"horizon": DAYS}
    if not seed:
        return found
    chance = random.Random(f"{name} {seed}")
    known = {
        key: p
        for key, p in named_parameters(chosen.parts).items()
        if key not in LEFT_ALONE and p.unit in {"share", "yuan", "multiple", "orders"}
    }
    for key in chance.sample(sorted(known), k=min(8, len(known))):
        value = chosen.scheme().get(key)
        if not isinstance(value, int | float):
            continue
        moved = chance.choice((0.5, 0.8, 1.25, 2.0)) * value or chance.choice((0.01, 0.05, 0.3))
        digits = 3 if moved < 1 else 2
        try:
            chosen.scheme({**found, key: round(moved, digits)})
        except SchemeError:
            continue  # more than there may be of it
        found[key] = round(moved, digits)
    return found


CASES = [
    (name, seed, LANGS[(number + seed) % len(LANGS)])
    for number, name in enumerate(presets())
    for seed in (0, 1)
]


def money(result: Result, w: Words) -> Iterator[str]:
    """Follow the money: its sentences from the top, as they stand below one another."""
    yield findings.finding(result, w)
    yield findings.assumption(result.scheme, w)
    yield findings.halted(result, w)
    yield findings.besides(result, w)
    for panel in panels.panels(result, charts.Look(w=w), foot=""):
        yield panel.title


def sheet(made: press_sheet.Sheet) -> Iterator[str]:
    """What a sheet for journalists works out."""
    yield made.conclusion
    yield made.besides
    for line in made.arithmetic:
        yield line.text
        yield line.meaning
    yield from made.not_shown
    yield from made.questions


def check(scheme: Scheme, chosen: Preset, changes: dict[str, Any], w: Words) -> Iterator[str]:
    """The answer to an offer, for a reader who knows all its numbers."""
    judged = answers.offer(scheme, chosen, changes)
    yield answers.headline(judged, w)
    for value, text in answers.facts(judged, w):
        yield f"{value} {text}"
    for before in (None, BEFORE):
        for value, text in offer.more_facts(judged, w, before=before):
            yield f"{value} {text}"
        yield from takes.lines(judged, w, before=before, per_day=PER_DAY)
    yield from takes.lines(judged, w, before=None, per_day=None)


def before_scripts(page: PageEntry, lang: str, query: dict[str, str]) -> str:
    """A page's document without its panels, and without the flags, whose numbers are others'."""
    html = document(page, lang, query).split('id="wp-panels"')[0]
    first, fold, rest = html.partition('<details class="wp-more" id="flags">')
    assert bool(fold) == (page.id == "check")
    # Of each flag there is one fold more inside.
    return (
        first
        + (
            re.split(r"</details>\s*<details class=\"wp-more\">", rest, maxsplit=1)
            if fold
            else [""]
        )[-1]
    )


def read(name: str, seed: int, lang: str) -> tuple[dict[str, list[str]], Named, Result]:
    """The pages about one scheme, and the figures that they may name."""
    chosen, changes, w = preset(name), settings(name, seed), Words(lang, strict=True)
    result = simulate(chosen.scheme(changes))
    scheme, named = result.scheme, Named(lang)
    named_.of_settings(named, scheme)
    named_.of_preset(named, chosen)
    named_.of_run(named, result)
    named_.of_sheet(named, result)
    if result.points is not None and (middle := points_charts.middle(result)) is not None:
        worth = points_charts.worth(result, middle)
        known = worth[np.isfinite(worth)]
        named.yuan(middle_buyer_s_points=float(known[-1]) if len(known) else 0.0)
    # A preview names the source, with its date.
    for token in tokens(press_sheet.origin_of(chosen, w)):
        named.printed[token] = "a source's date"
    package = answers.offer(scheme, chosen, changes).package
    for per_day in (PER_DAY, scheme.demand.orders_per_tick):
        for before in (BEFORE, 0, max(round(per_day), 1)):
            named_.of_offer(named, scheme, package, before=before, per_day=per_day)
    query = {key: written(value) for key, value in changes.items()}
    query |= {"lang": lang, "scheme": chosen.reference}
    painted = {
        f"{page} before any script": lines_of(before_scripts(ENTRIES[page], lang, query))
        for page in ("money", "check")
    }
    pages = {
        "money": [*money(result, w)],
        "press": [*sheet(press_sheet.of_scheme(chosen, changes, w))],
        "check": [*check(scheme, chosen, changes, w)],
        **painted,
    }
    return pages, named, result


def speaking(monkeypatch: pytest.MonkeyPatch, lang: str) -> None:
    """The views that ask for the language of a visit, without one."""
    for module in (whose_said, compare, people):
        monkeypatch.setattr(module, "lang", lambda: lang)
        monkeypatch.setattr(module, "words", lambda: Words(lang, strict=True))
        monkeypatch.setattr(module, "w", Words(lang, strict=True))


def other_views(result: Result, named: Named, w: Words) -> dict[str, list[str]]:
    """Whose money, Compare and People: what they say above their pictures."""
    scheme, stands = result.scheme, standing(result)
    pages = {
        "whose": [
            whose_said.finding(result, outlay(result)),
            whose_said.standing_said(result, stands),
            whose_said.top_said(stands),
            whose_said.goods_said(result, stands),
            findings.assumption(scheme, w),
        ]
    }
    counted = standing(result, goods=worth_of_goods(result)[0]).parts
    counts = {name: part.orders for name, part in counted.items()}
    named.count(enough=counts["more"] + counts["same"], less=counts["less"] + counts["nothing"])
    named.count(short=counts["waiting"])
    named.yuan(all_gains=sum(part.received for part in stands.parts.values()))
    one = measure(result, name=scheme.id, reference=scheme.id)
    named.yuan(mean=one.mean, limit=one.limit)
    named.share(kept=one.kept)
    gone = per_100(outlay(result))
    named.yuan(to_buyers=gone["others"] + gone["back"])
    pages["compare"] = [compare.finding([one]), compare.assumption(scheme)]
    if people.applies(scheme):
        drawn = people.measured(scheme, 1, 0.3)
        if drawn is not None:
            named.count(
                nobody=drawn.by_recruits["members"].iloc[0],
                top=drawn.by_back["members"].iloc[0],
                even=drawn.paid_back,
                members=drawn.members,
                seed=1,
            )
            for table in (drawn.by_recruits, drawn.by_back):
                row = table.iloc[0]
                named.share(rate=row["received"] / row["paid"] if row["paid"] else 0.0)
            named.share(pull=0.3)
            pages["people"] = [people.finding(drawn, scheme), people.assumption(scheme, 0.3, 1)]
    return pages


@pytest.mark.part(3)
@pytest.mark.parametrize(("name", "seed", "lang"), CASES)
def test_every_number_is_a_figure_s_and_every_odds_has_its_assumption(
    monkeypatch, name, seed, lang
):
    speaking(monkeypatch, lang)
    pages, named, result = read(name, seed, lang)
    pages |= other_views(result, named, Words(lang, strict=True))
    assert by_page(pages, named) == []


@pytest.mark.parametrize("number", range(len(CLAIMS)))
def test_every_number_of_a_claim_is_in_its_conclusion(number):
    claim, lang = list(CLAIMS.values())[number], LANGS[number % len(LANGS)]
    w = Words(lang, strict=True)
    fitting = [None, *(name for name in presets() if claim.fits(preset(name).scheme()))]
    for name in fitting[:: max(1, len(fitting) - 1)][:2]:
        scheme = None if name is None else preset(name).scheme(settings(name, 1))
        if scheme is not None and not claim.fits(scheme):
            continue
        told, named = claims_text.tell(claim, w, scheme), Named(lang)
        named_.of_claim(named, claim, told.found)
        named_.of_settings(named, scheme or preset(claim.home).scheme())
        named_.of_claim_s_words(named, told.found, w)
        named_.of_preset(named, preset(claim.home if scheme is None else scheme.id))
        for token in PRINTED.get(claim.id, ()):
            named.printed[token] = "counted on the page"
        fact = [told.fact, told.assumed, told.page]
        reasons = [line for reason in told.leaves_out for line in (reason, "")]
        pages = {f"claim {claim.id}": fact, "reasons": reasons, "page": [told.note]}
        assert by_page(pages, named) == []


@pytest.mark.parametrize("lang", LANGS)
def test_pages_about_all_schemes_name_what_they_count(lang):
    w, named = Words(lang, strict=True), Named(lang)
    rows = [row for claim in CLAIMS.values() for row in claim.reproduced() if not row[0].worked]
    named.count(
        claims=len(CLAIMS),
        pages=len({claim.source for claim in CLAIMS.values()}),
        open=sum(bool(claim.conclude().held) for claim in CLAIMS.values()),
        figures=len(rows),
        agree=sum(agrees for _, _, agrees in rows),
    )
    values = [value for name in presets() for value in preset(name).value]
    published = [row for name in presets() for row in numbers.figures_of(name)]
    named.count(
        numbers=len(values),
        schemes=len(presets()),
        assumed=sum(value.quality == "assumed" for value in values),
        published=len(published),
        reproduced=sum(agrees for _, _, agrees in published),
        warnings=len(law.WARNINGS),
        rules=len(law.about(law.RULES)),
        programmes=len(sound.PROGRAMMES),
    )
    named.printed[min(fact.date[:4] for fact in law.about(law.WARNINGS))] = "the first warning"
    kept = [sound.kept(name, sales) for name in sound.PROGRAMMES for sales in sound.SALES]
    total = sum(one.own + one.later + one.other for one in kept)
    own, later = sum(one.own for one in kept), sum(one.later for one in kept)
    named.yuan(own=100 * own / total, later=100 * later / total)
    pages = {
        "sources": [sources.finding(w)],
        "sound": [sound.finding(w), w("sound.assume")],
        "law": [law.finding(w)],
        "claims": [claims_text.finding(Settings(preset(presets()[0]), {}, {}), w)],
    }
    for page, entry in ENTRIES.items():
        html = document(entry, lang, {"lang": lang})
        pages[f"{page}: title and preview"] = lines_of(html.split("<body>")[0])
        if page in {"claims", "sources"}:
            pages[f"{page} before any script"] = lines_of(html)
    assert by_page(pages, named) == []


# -- it can fail -----------------------------------------------------------------------------------


def test_an_invented_number_belongs_to_nothing():
    pages, named, _ = read("wine-points", 0, "en")
    said = "After 40 days, 12,345 of 40,000 buyers have been paid at least what they spent."
    assert strangers([said], named) == [(said, "12,345")]
    # Near is not enough: a figure is printed as the formats print it.
    right = next(line for line in pages["money"] if "¥" in line)
    token = next(token for token in tokens(right) if "." in token and "¥" in token)
    wrong = token[:-1] + str((int(token[-1]) + 1) % 10)
    assert strangers([right.replace(token, wrong)], named)


def test_odds_without_an_assumption_are_found():
    """As the first paint once had them: the finding, and nothing below it."""
    pages, _, result = read("local-life-points", 0, "en")
    scheme = result.scheme
    odds = "After 365 days, 2,640 of 6.97 million buyers (1 in 2,640) have been paid out."
    assert unconditional([odds, "Loading the calculator …"]) == [odds]
    assert unconditional([odds, findings.assumption(scheme, Words("en", strict=True))]) == []
    factor = "A late buyer gets there once there are 6,940× as many orders as before."
    assert unconditional([factor]) == [factor]
    assert unconditional([f"If nobody sells early: {factor}"]) == []
    assert unconditional(pages["money"]) == []


@pytest.mark.parametrize("lang", LANGS)
def test_a_first_paint_without_its_assumption_is_found(lang):
    """The odds of a whole year, with the line below them and as they once stood, without it."""
    query = {"lang": lang, "scheme": "local-life-points"}
    html = document(ENTRIES["money"], lang, query).split('id="wp-panels"')[0]
    assert unconditional(lines_of(html)) == []
    bare = re.sub('<p class="wp-assume">.*?</p>', "", html)
    assert len(unconditional(lines_of(bare))) == 1
