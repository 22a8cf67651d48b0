"""What a claim is, and how a conclusion follows: numbers, steps that can be redone, and reasons.

A conclusion is never written down. A claim's numbers are computed when it is asked; each *reason*
compares two of them, and the worst that a reason which holds brings is the verdict.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

from model.fields import plain
from model.library import load, preset
from model.preset import sources
from model.scheme import Scheme

Unit = Literal["yuan", "price", "points", "share", "rate", "count", "multiple", "days", "months"]
Verdict = Literal["right", "leaves_out", "endless_growth", "wrong"]
Sign = Literal["<", "<=", ">", ">=", "!="]
Group = Literal["price", "money", "lasting", "income", "names"]

#: From right to wrong; the worst that holds is the verdict.
VERDICTS: Final[tuple[Verdict, ...]] = ("right", "leaves_out", "endless_growth", "wrong")
#: In the order the page shows them.
GROUPS: Final[tuple[Group, ...]] = ("money", "price", "lasting", "income", "names")
#: Two numbers this close (relative) are the same: rounding decides nothing.
SAME: Final = 1e-9


@dataclass(frozen=True)
class Number:
    """A number with its unit; infinite: never, or without limit."""

    value: float
    unit: Unit


@dataclass(frozen=True)
class Step:
    """One line of the arithmetic: ``name`` = ``expression`` over named numbers."""

    name: str
    expression: str
    inputs: tuple[tuple[str, Number], ...]
    result: Number


@dataclass(frozen=True)
class Reason:
    """A comparison of two named numbers, and what the claim is (at least) where it holds."""

    name: str
    left: tuple[str, float]
    sign: Sign
    right: tuple[str, float]
    then: Verdict

    @property
    def holds(self) -> bool:
        """Whether the comparison is true; numbers that differ by rounding alone are equal."""
        a, b = self.left[1], self.right[1]
        same = a == b or math.isclose(a, b, rel_tol=SAME, abs_tol=1e-12)
        if self.sign == "!=":
            return not same
        if same:
            return self.sign in {"<=", ">="}
        return a < b if self.sign in {"<", "<="} else a > b

    def __str__(self) -> str:
        (left, a), (right, b) = self.left, self.right
        against = plain(b) if right == f"{b:g}" else f"{right} {plain(b)}"
        return f"{left} {plain(a)} {self.sign} {against}"


@dataclass(frozen=True)
class Conclusion:
    """What the numbers say of a claim, for one scheme and one set of inputs.

    case: where the rule has not what the fact speaks of (no forced exit, no fee, ...), which of the
    fact's other sentences is the true one; empty: the usual one.
    """

    values: Mapping[str, Number]
    steps: tuple[Step, ...]
    reasons: tuple[Reason, ...]
    case: str = ""

    @property
    def verdict(self) -> Verdict:
        """The worst that a reason which holds brings; right if none holds."""
        held = [reason.then for reason in self.reasons if reason.holds]
        return max(held, key=VERDICTS.index, default="right")

    @property
    def held(self) -> tuple[Reason, ...]:
        """The reasons that hold: what the claim leaves out with these numbers."""
        return tuple(reason for reason in self.reasons if reason.holds)

    def __getitem__(self, name: str) -> float:
        return self.values[name].value


# -- arithmetic that can be redone -------------------------------------------------------------

_OPERATORS: Final[Mapping[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., float]]] = {"min": min, "max": max, "exp": math.exp}


@lru_cache(maxsize=512)
def parsed(expression: str) -> ast.expr:
    """The syntax tree of an expression; raises SyntaxError."""
    return ast.parse(expression, mode="eval").body


def names_in(expression: str) -> tuple[str, ...]:
    """The numbers an expression is made of, in the order they stand there."""
    found = [node for node in ast.walk(parsed(expression)) if isinstance(node, ast.Name)]
    found.sort(key=lambda node: node.col_offset)
    return tuple(dict.fromkeys(n.id for n in found if n.id not in _FUNCTIONS))


def evaluate(expression: str, numbers: Mapping[str, float]) -> float:
    """``expression`` with + - * / ** min max exp over ``numbers``.

    What is divided by nought, or too large, is infinite ("never"); nought by nought is nought.
    Raises ValueError for anything else than arithmetic, KeyError for an unknown name.
    """
    return _value(parsed(expression), numbers)


def _value(node: ast.expr, numbers: Mapping[str, float]) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.Name):
        return numbers[node.id]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_value(node.operand, numbers)
    if isinstance(node, ast.BinOp):
        a, b = _value(node.left, numbers), _value(node.right, numbers)
        if isinstance(node.op, ast.Div):
            return _divided(a, b)
        if isinstance(node.op, ast.Pow):
            return _raised(a, b)
        if type(node.op) in _OPERATORS:
            return _number(_OPERATORS[type(node.op)](a, b))
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        return _number(_FUNCTIONS[node.func.id](*(_value(arg, numbers) for arg in node.args)))
    raise ValueError(f"not arithmetic: {ast.unparse(node)}")


def _number(value: float) -> float:
    return math.inf if math.isnan(value) else value


def _divided(a: float, b: float) -> float:
    if b == 0:
        return math.copysign(math.inf, a) if a else 0.0
    return _number(a / b)


def _raised(a: float, b: float) -> float:
    try:
        found = a**b
    except (OverflowError, ZeroDivisionError):
        return math.inf
    return _number(found) if isinstance(found, float | int) else math.inf


class Work:
    """A conclusion in the making: numbers that are given, steps from them, reasons over them."""

    def __init__(self) -> None:
        self.values: dict[str, Number] = {}
        self.steps: list[Step] = []
        self.reasons: list[Reason] = []
        self.case = ""

    def __getitem__(self, name: str) -> float:
        return self.values[name].value

    def given(self, unit: Unit, **numbers: float | None) -> None:
        """Numbers from the scheme, a run or the reader; None: no limit."""
        for name, value in numbers.items():
            number = math.inf if value is None else _number(float(value))
            self.values[name] = Number(number, unit)

    def step(self, unit: Unit, name: str, expression: str) -> float:
        """The next line: ``name`` from numbers that are already there; returns it."""
        inputs = tuple((n, self.values[n]) for n in names_in(expression))
        found = evaluate(expression, {n: number.value for n, number in inputs})
        self.values[name] = result = Number(found, unit)
        self.steps.append(Step(name, expression, inputs, result))
        return found

    def reason(self, name: str, left: str, sign: Sign, right: str | float, then: Verdict) -> None:
        """A comparison of two numbers that are there, or of one with a constant."""
        other = (right, self[right]) if isinstance(right, str) else (f"{right:g}", right)
        self.reasons.append(Reason(name, (left, self[left]), sign, other, then))

    def done(self) -> Conclusion:
        """What follows."""
        return Conclusion(dict(self.values), tuple(self.steps), tuple(self.reasons), self.case)


# -- claims ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Input:
    """A whole number of the claim's own that no rule of the scheme holds."""

    name: str
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class Figure:
    """A figure that must come out: ``stated`` with so many ``decimals`` (negative: tens, ...).

    ``worked``: not printed on the sales page; it was worked out by hand from what is.
    """

    name: str
    stated: float
    decimals: int
    worked: bool = False

    def agrees(self, ours: float) -> bool:
        """Whether our value rounds to the stated one."""
        half = 0.5 * 10.0**-self.decimals
        # A hair for decimal rounding.
        return abs(ours - self.stated) <= half * (1 + 1e-9) + 1e-12


@lru_cache(maxsize=64)
def pitches(id_: str) -> frozenset[str]:
    """The sales pages that a preset's numbers and statements were read on; ids of sources."""
    chosen, known = preset(id_), sources()
    named = [item.source for item in chosen.value] + [fact.source for fact in chosen.fact]
    return frozenset(source for source in named if known[source].kind == "pitch")


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A claim heard about such offers.

    number: its place in the list of claims. presets: whose numbers it can be worked out with; the
    first has those of the page that says it. source: that page. also: other sources that a fact of
    it needs. knobs: parameters worth moving. figures: what must come out with the preset's own
    numbers. pinned and because: the verdict and the reasons that must hold then (a test and
    ``python -m model check`` hold the model to them; nothing is shown from here).
    """

    number: int
    id: str
    group: Group
    presets: tuple[str, ...]
    source: str
    work: Callable[[Scheme, Mapping[str, int]], Work]
    applies: Callable[[Scheme], bool]
    pinned: Verdict
    because: tuple[str, ...]
    knobs: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()
    figures: tuple[Figure, ...] = ()
    also: tuple[str, ...] = field(default=())

    @property
    def home(self) -> str:
        """The preset it is worked out with."""
        return self.presets[0]

    def fits(self, scheme: Scheme) -> bool:
        """Whether the claim can be worked out for ``scheme``, and is one about it."""
        return (scheme.id in self.presets or scheme.id == "own") and self.applies(scheme)

    def said_of(self, scheme: Scheme) -> bool:
        """Whether the page that says it is one that the scheme's numbers are from.

        A reader's own scheme is nobody's: what fits it was said of something else.
        """
        return scheme.id != "own" and self.source in pitches(scheme.id)

    def conclude(
        self, scheme: Scheme | None = None, *, inputs: Mapping[str, int] | None = None
    ) -> Conclusion:
        """What the numbers say; the home preset's, unless another scheme is given.

        ``inputs`` beyond their bounds are moved to the nearest. Raises LookupError where the scheme
        has not what the claim is about.
        """
        scheme = load(self.home) if scheme is None else scheme
        if not self.applies(scheme):
            raise LookupError(f"{self.id}: {scheme.id} has no such rule")
        given = inputs or {}
        own = {
            i.name: min(max(int(given.get(i.name, i.default)), i.least), i.most)
            for i in self.inputs
        }
        return self.work(scheme, own).done()

    def reproduced(self) -> tuple[tuple[Figure, float, bool], ...]:
        """Each figure, our value with the preset's own numbers, and whether it comes out."""
        found = self.conclude()
        return tuple((f, found[f.name], f.agrees(found[f.name])) for f in self.figures)
