"""A claim in words: the fact, what the claim leaves out, and its arithmetic. No Streamlit here."""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping
from dataclasses import dataclass

from model import rounding
from model.claims import CLAIMS, GROUPS, Claim, Conclusion, Figure, Number, Step, evaluate
from model.claims.base import parsed
from model.claims.money import HARDLY
from model.library import preset
from model.preset import sources
from model.scheme import Scheme
from view.sentences.findings import assumption, together
from view.settings import state
from view.words.format import count, count_short, multiple, percent, quantity, yuan, yuan_short
from view.words.words import Words

#: Keys of the page's address that hold a claim's own numbers begin with this.
INPUT = "claim."
#: The value of the key ``claim`` while none is open.
NONE = "all"
#: From here on a sentence says a number in words; Chinese counts in ten thousands.
LONG = 1e6
LONG_CHINESE = 1e5
#: A word joiner: no line ends here.
JOINED = "\u2060"
#: Numbers that the model has found and no line of arithmetic gives, shown where they come in.
FOUND = (
    "end_price",
    "price",
    "price_first",
    "points_first",
    "points_end",
    "pool_end",
    "paid_out",
    "middle_paid",
    "last_paid",
    "all_paid",
    "second",
    "year",
    "second_units",
    "orders_first",
    "factor",
    "all_factor",
    "growth",
    "growth_all",
    "short_day",
    "empty_day",
    "half_days",
    "rule_growth",
    "rule_short",
    "rule_empty",
    "price_last_order",
    "price_later",
    "pool_later",
    "points_later",
)
#: Claims whose fact tells of a run over the settings' whole time.
RUN = frozenset(
    {
        "price-only-rises",
        "fewer-and-fewer-points",
        "the-pool-backs-every-point",
        "twice-your-money-back",
    }
)
#: ... or over days that it names itself.
NAMED_DAYS = frozenset({"a-unit-pays-every-day", "the-market-lifts-it-every-day"})


def own_keys() -> dict[str, tuple[str, ...]]:
    """The keys of the address that are the claims' own, with their allowed values."""
    bounds: dict[str, tuple[int, int]] = {}
    for each in (each for claim in CLAIMS.values() for each in claim.inputs):
        low, high = bounds.get(each.name, (each.least, each.most))
        bounds[each.name] = min(low, each.least), max(high, each.most)
    return {
        "claim": (NONE, *CLAIMS),
        "group": ("", *GROUPS),
        **{INPUT + name: state.whole(low, high) for name, (low, high) in bounds.items()},
    }


def opened(settings: state.Settings) -> Claim | None:
    """The claim that the address opens."""
    return CLAIMS.get(settings.page.get("claim", NONE))


def fitted(settings: state.Settings, query: Mapping[str, str]) -> state.Settings:
    """The settings with a scheme that the open claim is about: the claim's own if need be.

    ``query``: the address they are from; what it says of that scheme counts.
    """
    claim = opened(settings)
    if claim is None or claim.fits(settings.scheme()):
        return settings
    changes = state.parse({**query, state.PRESET: claim.home}, page={}).changes
    return state.Settings(preset(claim.home), changes, settings.page, settings.problems)


def inputs_of(claim: Claim, settings: state.Settings) -> dict[str, int]:
    """The claim's own numbers as the address has them, else as the sales page has them."""
    found = {}
    for wanted in claim.inputs:
        text = settings.page.get(INPUT + wanted.name, "")
        whole = text.isascii() and text.isdigit() and len(text) < 16
        number = int(text) if whole else wanted.default
        found[wanted.name] = min(max(number, wanted.least), wanted.most)
    return found


@dataclass(frozen=True)
class Told:
    """A claim with its conclusion, ready to be said."""

    claim: Claim
    found: Conclusion
    w: Words
    #: Whose numbers, where they are not those of the page that says it; or nothing.
    worked: str = ""
    #: The scheme it is worked out with; None: the claim's own.
    scheme: Scheme | None = None

    def say(self, part: str) -> str:
        """The claim's words for ``part`` with its numbers in them."""
        key = f"claims.{self.claim.id}.{part}"
        return self.w(key, **{name: self.number(name) for name in self.w.wants(key)})

    def number(self, name: str) -> str:
        """A number of the conclusion; ``stated_...``: as the sales page prints it."""
        if name.startswith("stated_"):
            wanted = name.removeprefix("stated_")
            figure = next(f for f in self.claim.figures if f.name == wanted)
            # Other rules may have no such number; what the page prints has its unit all the same.
            like = self.found.values.get(wanted) or self.claim.conclude().values[wanted]
            return stated(figure, like, self.w)
        return shown(self.found.values[name], self.w)

    @property
    def fact(self) -> str:
        """The fact in one sentence: the one that is true of these rules."""
        case = self.found.case
        return self.say(f"fact.{case}" if case else "fact")

    @property
    def leaves_out(self) -> list[str]:
        """One sentence for each reason that holds, and what stands beside the claim."""
        lines = [self.say(f"reason.{reason.name}") for reason in self.found.held]
        return lines or [self.w("claims.nothing_left_out")]

    @property
    def note(self) -> str:
        """What else the page says about it, or nothing."""
        if not self.w.has(f"claims.{self.claim.id}.note"):
            return ""
        return self.w("claims.note", note=self.say("note"))

    def label(self, name: str) -> str:
        """What a number is called."""
        return self.w(f"claims.value.{name}")

    @property
    def lines(self) -> list[tuple[str, str]]:
        """The arithmetic: (what it is, numbers and result), in the order it is worked out."""
        steps = {step.name: step for step in self.found.steps}
        found = []
        for name, number in self.found.values.items():
            if name in steps:
                found.append((self.label(name), arithmetic(steps[name], self.w)))
            elif name in FOUND and name not in {i.name for i in self.claim.inputs}:
                value = exact(number, self.w)
                found.append((self.label(name), self.w("claims.from_model", value=value)))
        return found

    @property
    def figures(self) -> list[str]:
        """The numbers that the sales page prints, beside ours."""
        rows, own = [], {wanted.name for wanted in self.claim.inputs}
        for figure, ours, agrees in self.claim.reproduced():
            if figure.worked or figure.name in own:
                continue
            unit = self.found.values[figure.name].unit
            rows.append(
                self.w(
                    "claims.figure.same" if agrees else "claims.figure.differs",
                    label=self.label(figure.name),
                    stated=_in_yuan(stated(figure, Number(ours, unit), self.w), unit),
                    ours=_in_yuan(ours_of(figure, ours, unit, self.w), unit),
                )
            )
        return rows

    @property
    def page(self) -> str:
        """The sales page that says it, and whose numbers it is worked out with here if not its."""
        w, title = self.w, sources()[self.claim.source].title
        said = w("claims.said_on", page=w.text(title.en, title.zh))
        return together(w, said, self.worked)

    @property
    def assumed(self) -> str:
        """What the run behind the fact assumes; nothing where the fact says itself what it assumes.

        Who sells or leaves, and how many order.
        """
        if self.claim.id not in RUN | NAMED_DAYS:
            return ""
        w = self.w
        scheme = preset(self.claim.home).scheme() if self.scheme is None else self.scheme
        demand, days = scheme.demand, w("format.days", n=count(scheme.horizon, w.lang))
        first = demand.orders[0] if demand.kind == "list" and demand.orders else None
        orders = quantity(demand.orders_per_tick if first is None else first, w.lang, short=True)
        course = w(f"demand.{demand.kind}")
        if demand.kind == "growing":
            course = w("claims.run.growing", growth=percent(demand.growth, w.lang))
        said = {"orders": orders, "course": course}
        if self.claim.id in NAMED_DAYS:
            run = w("claims.run.orders", **said)
        elif scheme.tick == "order":
            run = w("claims.run.single", orders=count(scheme.horizon, w.lang))
        else:
            run = w("claims.run", days=days, **said)
        return together(w, assumption(scheme, w), run)

    @property
    def read_on(self) -> str:
        """Where the claim was read, whose numbers these are, and where its facts are from."""
        w = self.w
        named = []
        for id_ in (self.claim.source, *self.claim.also):
            source = sources()[id_]
            date = w("source.undated") if source.date == "undated" else source.date
            named.append(
                w(
                    "claims.source",
                    title=w.text(source.title.en, source.title.zh),
                    date=date,
                    grade=w(f"grade.{source.grade}"),
                )
            )
        listed = "; ".join(named) if w.lang == "en" else "；".join(named)
        return together(w, w("claims.read_on", sources=listed), self.worked)


def tell(
    claim: Claim, w: Words, scheme: Scheme | None = None, inputs: Mapping[str, int] | None = None
) -> Told:
    """A claim with what the numbers say of it."""
    return Told(claim, claim.conclude(scheme, inputs=inputs), w, _worked(claim, scheme, w), scheme)


def _worked(claim: Claim, scheme: Scheme | None, w: Words) -> str:
    """Whose numbers a claim is worked out with, where another page says it."""
    if scheme is None or claim.said_of(scheme):
        return ""
    if scheme.id == "own":
        return w("claims.worked.own")
    name = preset(scheme.id).name
    return w("claims.worked", name=w.text(name.en, name.zh))


def told_of(claim: Claim, settings: state.Settings, w: Words) -> Told:
    """The same for what an address says; the claim's own scheme where that is another's."""
    scheme = settings.scheme()
    return tell(claim, w, scheme if claim.fits(scheme) else None, inputs_of(claim, settings))


def finding(settings: state.Settings, w: Words) -> str:
    """The sentence at the top: the open claim's fact, or what all of them leave out."""
    claim = opened(settings)
    if claim is not None:
        return told_of(claim, settings, w).fact
    rows = [(f, ok) for c in CLAIMS.values() for f, _, ok in c.reproduced() if not f.worked]
    return w(
        "claims.finding",
        claims=len(CLAIMS),
        pages=len({claim.source for claim in CLAIMS.values()}),
        open=sum(bool(claim.conclude().held) for claim in CLAIMS.values()),
        figures=len(rows),
        agree=sum(ok for _, ok in rows),
    )


# -- numbers -----------------------------------------------------------------------------------


def shown(number: Number, w: Words) -> str:
    """A number as a sentence says it."""
    x, unit, lang = number.value, number.unit, w.lang
    if not math.isfinite(x):
        return w(f"claims.never.{unit}")
    long = abs(x) >= (LONG if lang == "en" else LONG_CHINESE)
    if unit == "yuan":
        # A sign stays with its number at the end of a line.
        return (yuan_short(x, lang) if long else yuan(x, lang)).replace("−", f"−{JOINED}")
    if unit == "price":
        return yuan(x, lang) if abs(x) >= 10 else _price(x, lang)
    if unit == "share":
        return f"{100 * x:.1g}%" if 1e-6 < x < 1e-4 else percent(x, lang)
    if unit == "rate":
        return f"{_plain(100 * x, 2 if abs(x) >= 1e-3 or not x else _digits(100 * x))}%"
    if unit == "multiple":
        near = abs(x - 1)
        # As many digits as tell it from one.
        close = 1e-7 < near < HARDLY
        return w("format.multiple", x=_plain(x, _digits(near))) if close else multiple(x, lang)
    if long:
        return count_short(x, lang)
    if abs(x) >= 100:
        return count(x, lang)
    return _plain(x, 1) if abs(x) >= 0.1 or not x else _tiny(x)


def _digits(x: float) -> int:
    """Decimals that leave two significant digits of a number under 1, at most nine."""
    return min(9, max(2, 1 - math.floor(math.log10(abs(x)))))


def _tiny(x: float) -> str:
    """A number near nought that is not nought: two significant digits, or less than that."""
    return _plain(x, _digits(x)) if abs(x) >= 1e-6 else "<0.000001"


def exact(number: Number, w: Words) -> str:
    """A number as arithmetic needs it: with the digits to redo it."""
    x, unit, lang = number.value, number.unit, w.lang
    if not math.isfinite(x):
        return w(f"claims.never.{unit}")
    if abs(x) >= 1e15:
        return yuan(x, lang) if unit in {"yuan", "price"} else count(x, lang)
    if unit == "yuan":
        sign = f"−{JOINED}" if rounding.rounded(x, 4) < 0 else ""
        return f"{sign}¥{_money(abs(x))}"
    if unit == "price":
        return _price(x, lang)
    if unit in {"share", "rate"}:
        return f"{_plain(100 * x, 2 if abs(x) >= 0.01 else 4)}%"
    if unit == "multiple":
        # Two decimals while they are seen: ``2,623.26 − 1 = 2,622.26``.
        return _plain(x, 4 if abs(x) < 1000 else 2 if abs(x) < 1e5 else 0)
    if unit == "points":
        return _plain(x, 4 if abs(x) < 1000 else 0)
    return _plain(x, 2)


def _money(x: float) -> str:
    return _plain(x, 4) if x < 1 else rounding.written(x).removesuffix(".00")


def _price(x: float, lang: str) -> str:
    sign = "−" if x < 0 else ""
    if abs(x) >= LONG or 0 < abs(x) < 1e-3:
        return yuan(x, lang)
    return f"{sign}¥{_plain(abs(x), 4)}"


def _plain(x: float, decimals: int) -> str:
    text = rounding.written(x, decimals)
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return text.replace("-", "−")


def printed(x: float, decimals: int, unit: str) -> str:
    """With the decimals that the sales page prints."""
    if unit in {"share", "rate"}:
        return f"{_plain(100 * x, max(decimals - 2, 0))}%"
    return rounding.written(x, max(decimals, 0))


def stated(figure: Figure, like: Number, w: Words) -> str:
    """A figure as the sales page prints it; long ones as the language says them."""
    if _long(figure, like.unit):
        return count_short(figure.stated, w.lang)
    return printed(figure.stated, figure.decimals, like.unit)


def ours_of(figure: Figure, ours: float, unit: str, w: Words) -> str:
    """Our value in the same way; with all digits where it is another."""
    if _long(figure, unit) and figure.agrees(ours):
        return count_short(ours, w.lang)
    return printed(ours, figure.decimals, unit)


def _in_yuan(text: str, unit: str) -> str:
    """With its currency, where it is money: the claim says it in its own words."""
    return f"¥{text}" if unit in {"yuan", "price"} else text


def _long(figure: Figure, unit: str) -> bool:
    return unit not in {"share", "rate"} and figure.decimals <= 0 and figure.stated >= 10_000


# -- arithmetic --------------------------------------------------------------------------------

_SIGNS = {ast.Add: "+", ast.Sub: "−", ast.Mult: "×", ast.Div: "÷", ast.Pow: "^"}
_BINDS = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 3}


def arithmetic(step: Step, w: Words) -> str:
    """``¥100 × 30% = ¥30``: a step with its numbers in it."""
    inputs = dict(step.inputs)
    return f"{_written(parsed(step.expression), inputs, w)} = {exact(step.result, w)}"


def _written(node: ast.expr, inputs: Mapping[str, Number], w: Words) -> str:
    if isinstance(node, ast.Name):
        return exact(inputs[node.id], w)
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.UnaryOp):
        return f"−{_inside(node.operand, 3, inputs, w)}"
    if isinstance(node, ast.BinOp):
        binds = _BINDS[type(node.op)]
        left = _inside(node.left, binds, inputs, w)
        # What follows a minus or a division sign binds tighter.
        right = _inside(node.right, binds + isinstance(node.op, ast.Sub | ast.Div), inputs, w)
        if isinstance(node.op, ast.Pow):
            return (
                f"{left}^{right if _simple(node.right) else f'({_written(node.right, inputs, w)})'}"
            )
        return f"{left} {_SIGNS[type(node.op)]} {right}"
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        first = _written(node.args[0], inputs, w)
        if node.func.id == "exp":
            return f"e^({first})"
        # The bound is said only where it is what counts.
        bound = ast.unparse(node.args[1])
        numbers = {name: number.value for name, number in inputs.items()}
        free = evaluate(ast.unparse(node.args[0]), numbers)
        if free == evaluate(ast.unparse(node), numbers):
            return first
        key = "claims.at_least" if node.func.id == "max" else "claims.at_most"
        return w(key, expression=first, bound=bound)
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")


def _simple(node: ast.expr) -> bool:
    return isinstance(node, ast.Name | ast.Constant | ast.Call)


def _inside(node: ast.expr, binds: int, inputs: Mapping[str, Number], w: Words) -> str:
    text = _written(node, inputs, w)
    loose = isinstance(node, ast.BinOp) and _BINDS[type(node.op)] < binds
    return f"({text})" if loose or (isinstance(node, ast.UnaryOp) and binds > 1) else text
