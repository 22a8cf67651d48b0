"""What a newspaper needs of a result: claim, sentence, picture, arithmetic, limits and questions.

No Streamlit here. Everything is worked out when it is asked for, from the same figures that the
command line prints, so that whoever repeats a run gets the digits of the sentence.
"""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import plotly.graph_objects as go

from model.figures import figures, pays_for_itself, printed
from model.library import real_case
from model.preset import Preset, Source, sources
from model.result import Result
from model.scheme import Scheme, named_parameters
from view.mechanisms.face import recruiting
from view.pictures import charts, field, panels
from view.pictures.field import Field
from view.press.press_sums import LINES, Sum, arithmetic
from view.sentences import case_words, findings
from view.settings import state
from view.settings.runs import played
from view.settings.values import label, value_text
from view.words.format import count, count_short, heads, percent, quantity, yuan, yuan_short
from view.words.words import Words

#: Pixels of a picture for print, and how many of them become one: 2,700 wide.
PRINT_WIDTH, PRINT_HEIGHT, PRINT_SCALE = 900, 480, 3
#: Characters in a line of its foot.
PRINT_FOOT = 120
#: The picture shown first: what each buyer got.
PICTURES = ("returns", "price", "funding")
MOST_QUESTIONS = 6
#: Numbers named that the reader has changed.
MOST_CHANGES = 8
#: A longer command is nobody's; the file of settings serves instead.
MOST_COMMAND = 3000
#: As the README installs it; a fresh Debian or macOS has no `python`.
PYTHON = ".venv/bin/python"
SETTINGS_FILE = "settings.toml"


@dataclass(frozen=True)
class Picture:
    """One chart: its finding, what it shows for who cannot see it, and how it is drawn."""

    name: str
    title: str
    alt: str
    figure: Callable[[charts.Look], go.Figure]


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One subject, ready to print, in one language."""

    lang: str
    subject: str  # what it is called
    about: str  # reference of the preset, or what stands for it
    date: str  # of the preset's revision
    claim: str
    origin: str  # title and date of where the claim was read
    conclusion: str
    besides: str  # what the page says of the run beside its finding; or nothing
    quoted: Mapping[str, str]  # name of a figure -> as the conclusion says it
    leaves_out: tuple[str, ...]  # by a claim; of a scheme nothing
    changed: str  # what the reader has set otherwise; or nothing
    pictures: tuple[Picture, ...]
    arithmetic: tuple[Sum, ...]
    not_shown: tuple[str, ...]
    questions: tuple[str, ...]
    open_: bool  # of a case that has ended, nobody is left to ask
    command: str
    python: str
    printed: str  # what both print
    scheme: Scheme
    settings: Mapping[str, Any]  # changes to the preset
    verdict: str = ""  # the answer of Check in words, where it is that page's
    people: Field | None = None  # every buyer a dot, where the sheet is about a run

    def picture(self, name: str) -> Picture:
        """One of the pictures, the first if there is none of this name."""
        return next((p for p in self.pictures if p.name == name), self.pictures[0])


# -- The scheme with the reader's numbers ---------------------------------------------------------


def of_scheme(
    chosen: Preset, changes: Mapping[str, Any], w: Words, *, unsure: Sequence[str] = ()
) -> Sheet:
    """The sheet of a preset with a reader's changes; ``unsure``: keys they do not know for sure."""
    result = played(chosen.scheme(changes))
    scheme = result.scheme
    conclusion, quoted = concluded(result, w)
    command, python = commands(chosen, changes)
    return Sheet(
        lang=w.lang,
        subject=w.text(chosen.name.en, chosen.name.zh),
        about=w("source.own") if chosen.kind == "own" else chosen.reference,
        date=chosen.date,
        claim=_claim(chosen, w),
        origin=origin_of(chosen, w),
        conclusion=conclusion,
        besides=findings.besides(result, w),
        quoted=quoted,
        leaves_out=(),
        changed=changed_of(chosen, changes, unsure, w),
        pictures=_pictures(result, chosen, changes, w),
        arithmetic=arithmetic(result, w),
        not_shown=_not_shown(chosen, changes, scheme, w),
        questions=_questions(chosen, changes, result, w),
        open_=chosen.kind == "real_case",
        command=command,
        python=python,
        printed=printed(result),
        scheme=scheme,
        settings=changes,
        people=field.field(result, w),
    )


# -- A claim, or a case ---------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Told:
    """What another page says of its subject, in one language; what is empty the scheme's says.

    ``source`` is the id of where the claim was read, ``worked`` whose numbers it is worked out with
    if not those of that page. ``python`` prints ``printed``.
    """

    subject: str
    claim: str
    source: str
    conclusion: str
    worked: str = ""
    leaves_out: tuple[str, ...] = ()
    arithmetic: tuple[Sum, ...] = ()
    not_shown: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    command: str = ""
    python: str = ""
    printed: str = ""


def of_told(scheme: Sheet, told: Told, w: Words) -> Sheet:
    """The sheet of a claim or a case about the scheme of another sheet."""
    pictures = (*told.pictures, *scheme.pictures) if told.pictures else scheme.pictures
    again = bool(told.printed)
    return replace(
        scheme,
        subject=told.subject,
        claim=told.claim,
        origin=findings.together(w, _cited(sources()[told.source], w), told.worked),
        conclusion=told.conclusion,
        besides="",
        people=None,
        quoted={},
        leaves_out=told.leaves_out,
        pictures=pictures,
        arithmetic=told.arithmetic[:LINES] or scheme.arithmetic,
        not_shown=(*told.not_shown, *scheme.not_shown)[:LINES],
        questions=(*told.questions, *scheme.questions)[:MOST_QUESTIONS],
        command=told.command if again else scheme.command,
        python=told.python if again else scheme.python,
        printed=told.printed if again else scheme.printed,
    )


# -- Parts of a sheet -----------------------------------------------------------------------------


def _claim(chosen: Preset, w: Words) -> str:
    if chosen.kind == "own":
        return w("press.claim.own")
    return w.text(chosen.summary.en, chosen.summary.zh)


def _cited(source: Source, w: Words) -> str:
    date = w("source.undated") if source.date == "undated" else source.date
    return w(
        "press.origin",
        title=w.text(source.title.en, source.title.zh),
        date=date,
        grade=w(f"grade.{source.grade}"),
    )


def origin_of(chosen: Preset, w: Words) -> str:
    """Where most of the preset's numbers and statements were read."""
    known = sources()
    entries = (*(one.source for one in chosen.value), *(one.source for one in chosen.fact))
    named = Counter(entries)
    read = [id_ for id_, _ in named.most_common() if known[id_].kind != "own"]
    if chosen.kind == "own":
        return w("press.origin.own")
    if not read:
        return w("press.origin.example")
    return _cited(known[read[0]], w)


def _pictures(
    result: Result, chosen: Preset, changes: Mapping[str, Any], w: Words
) -> tuple[Picture, ...]:
    foot = findings.foot(result.scheme, chosen, changes, w)
    found = {}
    named = zip(panels.NAMES, panels.panels(result, charts.Look(w=w), foot=foot), strict=True)
    for at, (name, panel) in enumerate(named):

        def drawn(look: charts.Look, at: int = at) -> go.Figure:
            return panels.panels(result, look, foot=foot)[at].figure()

        found[name] = Picture(name, panel.title, panel.alt, drawn)
    # Where nobody else's money is needed, whose money it is says most.
    names = reversed(PICTURES) if pays_for_itself(result) else PICTURES
    return tuple(found[name] for name in names)


def changed_of(chosen: Preset, changes: Mapping[str, Any], unsure: Sequence[str], w: Words) -> str:
    """Which numbers are not the preset's, and which the reader does not know."""
    if chosen.kind == "own":
        return ""
    known = named_parameters(chosen.parts)
    named = [
        w("press.changed.one", label=label(chosen, key, w), value=value_text(known[key], value, w))
        for key, value in list(changes.items())[:MOST_CHANGES]
    ]
    more = len(changes) - len(named)
    if more > 0:
        named.append(w("press.changed.more", n=count(more, w.lang)))
    open_ = [label(chosen, key, w) for key in dict.fromkeys(unsure) if key in known][:MOST_CHANGES]
    return findings.together(
        w,
        w("press.changed", list=findings.listed(w, named)) if named else "",
        w("press.unsure", list=findings.listed(w, open_)) if open_ else "",
    )


# -- The sentence ---------------------------------------------------------------------------------

#: How a figure is said.
SHOWN: Mapping[str, Callable[[float, str], str]] = {
    **dict.fromkeys(("spend", "reaches", "most", "cash", "goods"), yuan),
    **dict.fromkeys(
        ("spent", "received", "owed", "advertisers", "recruiting", "platform"),
        yuan_short,
    ),
    **dict.fromkeys(
        (
            "buyers",
            "even",
            "left",
            "waiting",
            "points",
            "nothing",
            "turned",
            "in_line",
        ),
        lambda x, lang: count_short(round(x), lang),
    ),
    "each": findings.about,
    "part": percent,
    "pays_less_from": count,
}


def concluded(result: Result, w: Words) -> tuple[str, dict[str, str]]:
    """The conclusion, and each figure in it as it is said there."""
    found = figures(result)
    quoted: dict[str, str] = {}

    def say(key: str, *names: str, **more: str) -> str:
        values = {name: SHOWN[name](found[name], w.lang) for name in names}
        quoted.update(values)
        return w(key, **values, **more)

    rule = _rule(result, found, say, w)
    prices = [price for price, _ in result.scheme.order.choices]
    if len(prices) > 1:
        low, high = yuan(min(prices), w.lang), yuan(max(prices), w.lang)
        rule = findings.together(w, w("press.rule.average", low=low, high=high), rule)
    if not found["buyers"]:
        return findings.together(w, rule, w("finding.no_orders")), quoted
    clauses = w("press.clauses").join(_clauses(result, found, say, w))
    conditions = findings.conditions(result.scheme, w)
    if w.lang != "en" and conditions[0].isdigit():
        conditions = f" {conditions}"  # a figure is set apart from the word before it
    more = {"conditions": conditions, "clauses": clauses}
    if real_case(result.scheme) is not None:
        run = say("press.run.case", "buyers", "spend", time=findings.time(result, w), **more)
        said = findings.together(w, rule, run, findings.halted(result, w))
        return case_words.led(result.scheme, said, w), quoted
    if result.scheme.tick == "day":
        run = say("press.run", "buyers", time=findings.time(result, w), **more)
    else:
        run = say("press.run.orders", "buyers", **more)
    return findings.together(w, rule, run, findings.halted(result, w)), quoted


def _rule(result: Result, found: Mapping[str, float], say: Callable[..., str], w: Words) -> str:
    """What no behaviour changes."""
    scheme = result.scheme
    if "cash" in found:
        return say("press.rule.circle", "spend", "points", "cash", "goods")
    if found.get("most") == 0 and "left" not in found:
        rate = recruiting(scheme)
        if not rate:
            return say("press.rule.nothing", "spend")
        budget = scheme.split().get("distribution", 0.0) * found["spend"]
        return say(
            "press.rule.agents",
            "spend",
            cost=yuan(rate * found["spend"], w.lang),
            budget=yuan(budget, w.lang),
        )
    if pays_for_itself(result):
        return say("press.rule.covered", "spend", "reaches", "most")
    if "most" not in found:
        return say("press.rule.no_limit", "spend", "reaches")
    return say("press.rule.most", "spend", "reaches", "most")


def _clauses(
    result: Result, found: Mapping[str, float], say: Callable[..., str], w: Words
) -> list[str]:
    """What then comes of it."""
    if "cash" in found:
        return [say("press.then.platform", "platform")]
    case = real_case(result.scheme) is not None
    if "left" not in found and not case:
        return [say("press.then.recruiting", "recruiting")]
    kind = findings.kind(result.scheme)
    kept = [w("press.then.kept")] if kind in {"release", "tasks"} else []
    if pays_for_itself(result):
        return [say("press.then.covered", "received"), *kept]
    # Under a real name nobody is counted as paid.
    said = [] if case else [_paid(kind, found, say, w)]
    if "nothing" in found:
        said.append(say("press.then.nothing", "nothing"))
    if "each" in found:
        said.append(say("press.then.each", "each"))
    if kind != "points":
        if found.get("owed", 0.0) >= 0.5:
            said.append(say("press.then.owed", "received", "spent", "owed"))
        else:
            said.append(say("press.then.together", "received", "spent"))
    if kind == "tasks":
        said.append(say("press.then.advertisers", "advertisers"))
    if "pays_less_from" in found:
        said.append(say("press.then.broken", "pays_less_from"))
    else:
        said += kept
    return said


def _paid(kind: str, found: Mapping[str, float], say: Callable[..., str], w: Words) -> str:
    """How many have been paid what."""

    def odds(name: str) -> str:
        k = found["buyers"] / found[name]
        if k < 2:
            return ""
        return w("press.odds", k=heads(k, w.lang))

    if kind == "queue" and "part" in found:
        return say("press.then.queue.part", "turned", "in_line", "part", odds=odds("turned"))
    if kind == "queue" and round(found["left"]):
        return say("press.then.queue", "left", "waiting", odds=odds("left"))
    if round(found["even"]):
        return say("press.then.even", "even", odds=odds("even"))
    if round(found["left"]):
        return say("press.then.left", "left", odds=odds("left"))
    return w("press.then.none")


# -- Limits and questions -------------------------------------------------------------------------


#: What is said in a line of its own.
_OWN_LINE = frozenset({"horizon", "demand.orders_per_tick"})


def _assumed(chosen: Preset, changes: Mapping[str, Any], scheme: Scheme, w: Words) -> list[str]:
    """The numbers that no source states and that stand as the preset has them."""
    known = named_parameters(chosen.parts)
    left_out = {*changes, *(_OWN_LINE if chosen.kind != "real_case" else ("horizon",))}
    found = []
    for item in chosen.value:
        if item.quality != "assumed" or item.key in left_out or item.key not in known:
            continue
        value = scheme.get(item.key)
        name = label(chosen, item.key, w)
        if not isinstance(value, tuple | list):  # the table of settings has lists
            name = w(
                "press.not.assumed.one", label=name, value=value_text(known[item.key], value, w)
            )
        found.append(name)
    return found


def _not_shown(
    chosen: Preset, changes: Mapping[str, Any], scheme: Scheme, w: Words
) -> tuple[str, ...]:
    """What the model leaves out that matters here, and what it had to assume; a few lines."""
    firm = {"own": "press.not.own", "real_case": "press.not.case"}
    found = [w(firm.get(chosen.kind, "press.not.firm"))]
    if chosen.kind == "real_case":
        found.append(w("press.not.orders_case"))
    elif scheme.tick == "order":
        found.append(w("press.not.orders_one"))
    else:
        orders = scheme.demand.orders_per_tick
        found.append(w("press.not.orders", n=quantity(orders, w.lang, short=True)))
    found.append(w("press.not.operator"))
    goods = scheme.order.goods_value
    if goods is None:
        found.append(w("press.not.goods"))
    else:
        found.append(w("press.not.goods_set", goods=yuan(goods, w.lang)))
    if assumed := _assumed(chosen, changes, scheme, w):
        found.append(w("press.not.assumed", values=findings.listed(w, assumed)))
    return tuple(found)


#: What is asked whatever the numbers.
_ALWAYS = {
    "shop": ("press.ask.shop", "press.ask.cash", "press.ask.goods"),
    "covered": ("press.ask.turnover", "press.ask.margin", "press.ask.payer"),
    "case": ("press.ask.case_paid", "press.ask.case_owed", "press.ask.case_left"),
    "offer": ("press.ask.paid", "press.ask.payer", "press.ask.account"),
}


def _questions(
    chosen: Preset, changes: Mapping[str, Any], result: Result, w: Words
) -> tuple[str, ...]:
    """What to ask the company: what nobody has stated, and what does not fit together."""
    found = figures(result)
    if chosen.kind == "real_case":
        what = "case"
    elif pays_for_itself(result):
        what = "covered"
    else:
        what = "shop" if "cash" in found else "offer"
    always = [w(key) for key in _ALWAYS[what]]
    if what == "covered":
        return tuple(always)
    against = [
        w("press.ask.contradiction", text=w.text(fact.text.en, fact.text.zh))
        for fact in chosen.fact
        if fact.contradiction
    ]
    assumed = {
        w.text(item.note.en, item.note.zh): label(chosen, item.key, w)
        for item in reversed(chosen.value)
        if item.quality == "assumed"
        and item.note is not None
        and item.key not in changes
        and not item.key.startswith(("demand.", "behaviour."))
        and "." in item.key
    }
    # One question a note: several numbers may share it.
    unstated = [
        w("press.ask.assumed", label=name, note=note) for note, name in reversed(assumed.items())
    ]
    rest = MOST_QUESTIONS - len(always)
    few = against[:2]
    return (*always, *few, *unstated[: rest - len(few)])


# -- The same digits again ------------------------------------------------------------------------


def loading(reference: str, changes: Mapping[str, Any]) -> str:
    """The call that loads a preset with changes; long ones from the file of settings."""
    given = "".join(f"    {key!r}: {value!r},\n" for key, value in changes.items())
    if len(given) > MOST_COMMAND:
        return f"load({SETTINGS_FILE!r})"
    return f"load({reference!r}, {{\n{given}}})" if given else f"load({reference!r})"


def commands(chosen: Preset, changes: Mapping[str, Any]) -> tuple[str, str]:
    """The command line, and the lines of Python, that print the figures of this run."""
    reference = shlex.quote(chosen.reference)
    pairs = [f"--set {shlex.quote(f'{k}={state.written(v)}')}" for k, v in changes.items()]
    line = " ".join([f"{PYTHON} -m model run", reference, *pairs, "--format figures"])
    if len(line) > MOST_COMMAND:
        line = f"{PYTHON} -m model run {SETTINGS_FILE} --format figures"
    python = (
        "from model import load, simulate\n"
        "from model.figures import printed\n\n"
        f'print(printed(simulate({loading(chosen.reference, changes)})), end="")\n'
    )
    return line, python
