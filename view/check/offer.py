"""The rest of an answer: what is at risk, red flags, questions to ask, one page. No Streamlit."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from model import flags
from model.claims.parts import the
from model.mechanisms.refund_queue import RefundQueue
from model.preset import Preset, sources
from model.verdict import EVERYBODY
from view.mechanisms.face import faces
from view.mechanisms.points_pool import crowd
from view.mechanisms.refund_queue import turns
from view.sentences import answers, cases, stated, takes
from view.sentences.judged import Offer, Span, never_whole
from view.sentences.verdict import told
from view.words.format import count, count_short, multiple, percent, significant, yuan, yuan_short
from view.words.words import Words

#: More questions than this nobody asks.
MOST_ASKED = 6


# -- Two more figures ----------------------------------------------------------------------------


def at_risk(judged: Offer) -> Span | None:
    """Yuan of the buyer's money that the goods do not cover; both ends where nobody knows.

    None where the offer is about something else than a buyer's money.
    """
    if answers.speaks_of(judged) in answers.NO_GOODS:
        return None
    goods = judged.scheme.order.goods_value
    if goods is None:
        return Span(0.0, judged.spend)
    # A package's goods are not known from one order's: in proportion.
    worth = goods * judged.spend / judged.scheme.order.spend
    left = max(judged.spend - worth, 0.0)
    return Span(left, left)


def more_facts(
    judged: Offer, w: Words, *, before: int | None, printed: bool = False
) -> list[tuple[str, str]]:
    """What is at risk and how many buyers after this one, as figures with their sentence.

    What rests on a number of ours says so; what rests on one that the reader could not state is not
    printed.
    """
    found = []
    risk = at_risk(judged)
    if risk is not None:
        key = "offer.risk" if risk.known else "offer.risk_unknown"
        shown = risk.text(lambda x: yuan(x, w.lang), w)
        found.append((shown, w(key, spend=yuan(judged.spend, w.lang)), "answer.goods"))
    after = _after(judged, w, before=before)
    told = []
    for value, text, key in (*found, *([(*after, "")] if after else [])):
        rests = takes.rests_on(judged, key)
        if not (printed and any(each in judged.unsure for each in rests)):
            told.append((value, stated.tagged(text, answers.noted(judged, rests, w), w)))
    return told


def _after(judged: Offer, w: Words, *, before: int | None) -> tuple[str, str] | None:
    what = answers.speaks_of(judged)
    if what in {"points", "queue", "dividends", "several"}:
        return _followers(judged, w, what, before=before)
    if what in {"daily", "ads"}:
        growth = takes.span_of(judged, "growth")
        if growth.high <= 0:
            return None
        if math.isinf(growth.low):
            return w("offer.after.none"), w("offer.growth_none")
        shown = growth.text(lambda x: percent(x, w.lang) if x < math.inf else w("take.no_end"), w)
        return shown, w("offer.growth")
    return None


def _followers(judged: Offer, w: Words, what: str, *, before: int | None) -> tuple[str, str] | None:
    """How many orders must follow until the buyer is there."""
    if judged.most is not None and judged.most.high <= 0:
        return None
    if what == "dividends" and never_whole(judged):
        return None
    if what == "points":
        each = Span(judged.crowd.low - 1, judged.crowd.high - 1)
        if before is not None and judged.known:
            exact = crowd.orders_after(judged.scheme, before + 1)
            each, before = Span(exact, exact), -1
    elif what == "queue":
        pairs = [(scheme, the(RefundQueue, scheme)) for scheme in judged.schemes]
        if any(turns.turns_lack_money(scheme, queue) for scheme, queue in pairs):
            return None
        if before is not None:
            each, before = turns.queue_after(judged, before), -1
        else:
            factors = turns.queue_factors(judged)
            each = Span(min(factors) - 1, max(factors) - 1)
            if each.high <= 0:
                return None
    elif takes.too_many(judged):
        return None
    else:
        back = takes.span_of(judged, "back")
        each = Span(back.low - 1, back.high - 1)
    if before is not None and before > 0:
        each, before = Span(each.low * before, each.high * before), -1
    total = before == -1
    if each.low > EVERYBODY:
        return w("offer.after.none"), w("offer.after.never")

    def many(n: float) -> str:
        if n > EVERYBODY:
            return w("offer.after.unbounded")
        if n < 10:
            return w("offer.after.count", n=f"{n:.2g}")
        # As exact as the sentences below it.
        exact = total and what in {"points", "queue"} and n <= crowd.PLAYED
        return w("offer.after.count", n=count_short(n if exact else significant(n), w.lang))

    if what in {"points", "queue"}:
        said = w("offer.after.total") if total else w("offer.after.each")
    else:  # dividends first bring back the price, and more only later
        said = w("offer.after.total_back") if total else w("offer.after.each_back")
    return each.text(many, w), said


# -- Red flags -----------------------------------------------------------------------------------


def said_of(text: str) -> dict[str, str]:
    """What the reader says of the flags, from the address: ``dearer.yes,recruits.no``."""
    found = {}
    for item in text.split(",")[:20]:
        flag, _, answer = item.partition(".")
        if flag in flags.flags() and answer in flags.ANSWERS:
            found[flag] = answer
    return found


def is_said(item: str) -> bool:
    """Whether an address may say this of a flag."""
    return bool(said_of(item))


def written(said: Mapping[str, str]) -> str:
    """The other way round."""
    return ",".join(f"{flag}.{answer}" for flag, answer in said.items() if answer)


def _number(unit: str, value: float, lang: str) -> str:
    if unit == "yuan":
        return yuan_short(value, lang)
    if unit == "share":
        return percent(value, lang)
    return multiple(value, lang) if unit == "multiple" else count(value, lang)


#: The sentence of each reason.
REASONS = {
    "depends_on_later": "flag.depends_on_later",
    "depends_on_later.no_limit": "flag.depends_on_later.no_limit",
    "cash_back": "flag.cash_back",
    "cash_back.no_limit": "flag.cash_back.no_limit",
    "multiple": "flag.multiple",
    "instalments.points": "flag.instalments.points",
    "instalments.release": "flag.instalments.release",
    "instalments.dividends": "flag.instalments.dividends",
    "only_rises": "flag.only_rises",
    "forced_exit.points": "flag.forced_exit.points",
    "forced_exit.dividends": "flag.forced_exit.dividends",
    "terms_raised.from": "flag.terms_raised.from",
    "terms_raised.fee": "flag.terms_raised.fee",
    "terms_raised.minimum": "flag.terms_raised.minimum",
    "recruits.release": "flag.recruits.release",
    "recruits.own": "flag.recruits.own",
    "recruits.advance": "flag.recruits.advance",
    "recruits.units": "flag.recruits.units",
    "recruits.commission": "flag.recruits.commission",
    "territory": "flag.territory",
    "dearer": "flag.dearer",
    "dearer.circle": "flag.dearer.circle",
    "ranges": "flag.ranges",
    "said": "flag.said",
}


def reason(finding: flags.Finding, w: Words, *, before_fee: bool = False) -> str:
    """Why a flag is met, in one sentence with its number; ``before_fee``: no fee was stated."""
    values = {name: _number(*value, w.lang) for name, value in finding.values.items()}
    why = w(REASONS[finding.reason], **values)
    counted = finding.reason in {"depends_on_later", "cash_back"}
    return w("flag.before_fee", why=why) if before_fee and counted else why


def listed(texts: Iterable[str]) -> str:
    """Sentences as a list of HTML."""
    return '<ul class="wp-answer">' + "".join(f"<li>{escape(x)}</li>" for x in texts) + "</ul>"


def source_text(said: flags.Flag | flags.Advice, w: Words) -> str:
    """Who said it, when, and the source's grade, in one line."""
    source = sources()[said.source]
    date = w("source.undated") if said.date == "undated" else said.date
    title, grade = w.text(source.title.en, source.title.zh), w(GRADES[source.grade])
    if source.kind == "own":
        return w("offer.source_own", title=title)
    return w("offer.source", title=title, date=date, grade=grade)


GRADES = {"A": "grade.A", "B": "grade.B", "own": "grade.own", "pitch": "grade.pitch"}


def flags_title(found: tuple[flags.Finding, ...], w: Words) -> str:
    """How many of the flags are met."""
    met = sum(finding.met is True for finding in found)
    # What the reader is asked here is no open number.
    open_ = sum(f.met is None and flags.flags()[f.flag].question is None for f in found)
    if not met and open_:
        return w("flag.title_open", open=str(open_), all=str(len(found)))
    if not met:
        return w("flag.title_none", all=str(len(found)))
    return w("flag.title", n=str(met), all=str(len(found)))


def flags_html(found: tuple[flags.Finding, ...], w: Words, *, before_fee: bool = False) -> str:
    """The flags that are met: what, why, and who named it where and when."""
    items = []
    for finding in found:
        if not finding.met:
            continue
        flag = flags.flags()[finding.flag]
        title, why = w.text(flag.title.en, flag.title.zh), reason(finding, w, before_fee=before_fee)
        says, source = w.text(flag.says.en, flag.says.zh), source_text(flag, w)
        items.append(
            f"<li><details><summary><b>{escape(title)}</b> <span>{escape(why)}</span></summary>"
            f"<p>{escape(says)}</p><p class='wp-source'>{escape(source)}</p></details></li>"
        )
    return f"<ul class='wp-flags'>{''.join(items)}</ul>" if items else ""


def open_flags(found: tuple[flags.Finding, ...], asked: set[str], w: Words) -> str:
    """What the numbers leave open and no answer can settle; empty if nothing."""
    left = [flags.flags()[f.flag].title for f in found if f.met is None and f.flag not in asked]
    if not left:
        return ""
    return w("flag.open", which=w("flag.and").join(w.text(title.en, title.zh) for title in left))


# -- Questions to ask ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """What is known of the numbers beside the scheme itself."""

    unsure: tuple[str, ...]  # keys the reader is not sure of
    assumed: frozenset[str]  # keys the preset assumes and nobody has changed
    before: int | None

    @classmethod
    def of(
        cls,
        chosen: Preset,
        changes: Mapping[str, Any],
        unsure: list[str],
        before: int | None,
    ) -> Known:
        """What follows from the settings of a page."""
        assumed = {v.key for v in chosen.value if v.quality == "assumed" and v.key not in changes}
        return cls(tuple(unsure), frozenset(assumed), before)

    def open(self, name: str) -> bool:
        """Whether some mechanism's number of this name is not stated."""
        return any(key.rpartition(".")[2] == name for key in (*self.unsure, *self.assumed))


def questions(judged: Offer, known: Known, w: Words) -> list[str]:
    """What to ask the seller: first what is not stated, then what the rule leaves open."""
    lang, scheme = w.lang, judged.scheme
    # A price that nobody has stated is not asked about: of a hundred does as well.
    priced = "order.spend" not in (*judged.unsure, *judged.ours)
    spend = yuan(judged.spend if priced else 100.0, lang)
    later = any(flags.Case(s, judged.package).depends_on_later for s in judged.schemes)
    circle = answers.speaks_of(judged) == "circle"
    asked: list[str] = []
    if known.open("share"):
        asked.append(w("ask.share", spend=spend))
    if known.open("fee") or known.open("withdrawal_fee"):
        asked.append(w("ask.fee"))
    if known.open("spend"):
        asked.append(w("ask.price"))
    limits = (faces()[m.kind].limit for m in scheme.mechanisms)
    if later and (judged.most is None or any(name and known.open(name) for name in limits)):
        asked.append(w("ask.limit"))
    if scheme.order.goods_value is None or circle:
        asked.append(w("ask.goods"))
    if later:
        asked.append(w("ask.no_orders"))
    of_kinds = {
        (ask.place, ask.key)
        for m in scheme.mechanisms
        if (ask := faces()[m.kind].ask) is not None and ask.when(m, known.before)
    }
    asked += [w(key) for _, key in sorted(of_kinds)]
    rest = scheme.split().get("unstated", 0.0) * judged.spend
    if rest > 0.01 * judged.spend:
        if not priced or answers.divides(judged):
            asked.append(w("ask.rest_open"))
        else:
            asked.append(w("ask.rest", rest=yuan(rest, lang), spend=spend))
    asked += [w("ask.changed"), w("ask.return"), w("ask.writing")]
    return asked[:MOST_ASKED]


# -- One page ------------------------------------------------------------------------------------


def one_page(
    *,
    judged: Offer,
    claim: str,
    lines: list[str],
    found: tuple[flags.Finding, ...],
    asked: list[str],
    facts: list[tuple[str, str]],
    stand: str,
    link: str,
    w: Words,
) -> list[tuple[str, list[str]]]:
    """The answer below its heading, as headed lists of sentences: to print and to send as text."""
    parts: list[tuple[str, list[str]]] = [
        ("", [*told(judged, w).sentences[1:], *([claim] if claim else [])]),
        (w("offer.print.figures"), [w("offer.print.fact", value=v, text=t) for v, t in facts]),
        (w("answer.title"), [answers.headline(judged, w), *lines]),
        (
            flags_title(found, w),
            [
                w(
                    "offer.print.flag",
                    title=w.text(flag.title.en, flag.title.zh),
                    why=reason(f, w, before_fee=cases.fee_open(judged)),
                )
                for f in found
                if f.met
                for flag in (flags.flags()[f.flag],)
            ],
        ),
        (w("ask.title"), asked),
        ("", [stand, link, w("app.disclaimer")]),
    ]
    return [(head, body) for head, body in parts if body]


def page_text(parts: list[tuple[str, list[str]]], title: str) -> str:
    """The page as text."""
    blocks = [title]
    for head, body in parts:
        lines = [f"- {line}" for line in body] if head else body
        blocks.append("\n".join([head, *lines] if head else lines))
    return "\n\n".join(blocks)


def page_html(parts: list[tuple[str, list[str]]]) -> str:
    """The page as HTML."""
    blocks = []
    for head, body in parts:
        if head:
            items = "".join(f"<li>{escape(line)}</li>" for line in body)
            blocks.append(f"<h2>{escape(head)}</h2><ul>{items}</ul>")
        elif not blocks:
            blocks += [f"<p>{escape(line)}</p>" for line in body]
        else:
            blocks += [f"<p class='wp-source'>{escape(line)}</p>" for line in body]
    return f"<div class='wp-print'>{''.join(blocks)}</div>"
