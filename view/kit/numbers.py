"""The numbers that the kit's sentences want, as people read them, by name.

Those of the lesson as they are called there, those of its paper game with ``g_`` before them, those
of the new offer on the ticket with ``t_``. Nothing is worked out here beside sums of two numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from math import ceil
from typing import Any, Final

from model import load, rounding
from model import relay as relays
from view.kit.games import Cell, game
from view.teach.facts import facts
from view.words import format as fmt
from view.words.words import words

#: What the class room's lesson takes its offer from; its sound programme is the lesson's.
ROOM: Final = "room"
OFFER: Final = "price"


def said(cell: Cell, lang: str) -> str:
    """A number in words."""
    return _SAID[cell.unit](cell.value, lang)


def _money(value: float, lang: str) -> str:
    # People keep three digits of a sum in mind.
    return fmt.yuan(fmt.significant(value) if value >= 100 and value % 1 else value, lang)


def _count(value: float, lang: str) -> str:
    return fmt.quantity(value, lang) if value % 1 else fmt.count_short(value, lang)


_SAID: Final[Mapping[str, Callable[[float, str], str]]] = {
    "yuan": _money,
    "whole": lambda value, lang: fmt.yuan(float(rounding.rounded(value, 0)), lang),
    "count": _count,
    "times": lambda value, lang: fmt.multiple(fmt.significant(value), lang),
    "percent": lambda value, lang: fmt.percent(fmt.significant(value), lang),
    "days": fmt.days,
    "none": lambda _value, _lang: fmt.NOTHING,
}


def numbers(lesson: str, lang: str) -> Mapping[str, str]:
    """All of a lesson, or of the class room, by name; raises KeyError for another one."""
    return _numbers(lesson, lang)


@lru_cache(maxsize=32)
def _numbers(lesson: str, lang: str) -> Mapping[str, str]:
    cells = {
        **_TOLD[lesson](),
        **{f"g_{name}": cell for name, cell in game(lesson).numbers.items()},
        **{f"t_{name}": cell for name, cell in _TICKETS[lesson]().items()},
    }
    found, w = game(lesson), words(lang)
    lists = {f"g_{name}": _listed(groups, lang) for name, groups in found.lists.items()}
    between = ", " if lang == "en" else "、"
    shares = (
        w("kit.game.share", n=fmt.count(seat, lang), amount=fmt.yuan(amount, lang))
        for seat, amount in found.whose
    )
    lists["g_whose"] = between.join(shares)
    return {**{name: said(cell, lang) for name, cell in cells.items()}, **lists}


def _listed(groups: tuple[tuple[int, ...], ...], lang: str) -> str:
    """Numbers in groups: ``1, 2 · 3 · –``."""
    told = (", ".join(fmt.count(number, lang) for number in group) for group in groups)
    return " · ".join(text or fmt.NOTHING for text in told)


def _of(lesson: str, **units: str) -> dict[str, Cell]:
    """Numbers of a lesson's facts by their names there, each with its unit."""
    found = facts(lesson).numbers
    return {name: Cell(found[name], unit) for name, unit in units.items()}


# -- of the lessons --------------------------------------------------------------------------------


def _room() -> dict[str, Cell]:
    offer, sound = facts(OFFER).numbers, facts("sound").numbers
    return {
        **_price(),
        "rest": Cell(offer["spend"] - offer["into_pool"], "yuan"),
        **{f"sound_{name}": Cell(sound[name], "yuan") for name in ("spend", "aside", "promised")},
    }


def _price() -> dict[str, Cell]:
    found = facts("price").numbers
    return {
        **_of("price", spend="yuan", each="yuan", price="times", days="days", orders="count"),
        "into": Cell(found["into_pool"], "yuan"),
    }


def _place() -> dict[str, Cell]:
    found = facts("place").numbers
    money = dict.fromkeys(("spend", "mean", "middle", "first", "last"), "yuan")
    return {**_of("place", **money, above="percent"), "into": Cell(found["into_pool"], "yuan")}


def _stop() -> dict[str, Cell]:
    found = facts("stop").numbers
    return {
        **_of("stop", spend="yuan", worth_end="yuan", entry="count", day="count", factor="times"),
        "then": Cell(found["orders_then"]),
        "needed": Cell(fmt.significant(found["orders_needed"])),
        "into": Cell(float(_share("thousand-yuan-points", "points_pool")), "yuan"),
    }


def _queue() -> dict[str, Cell]:
    found = facts("queue").numbers
    return {
        **_of("queue", spend="yuan", refund="yuan", newcomers="count", day="count"),
        "into": Cell(_share("three-in-one-out", "refund_queue"), "yuan"),
        "first": Cell(found["first_waits"]),
        "waits": Cell(found["last_waits"]),
        "refunded": Cell(found["refunded"], "percent"),
    }


def _daily() -> dict[str, Cell]:
    found = facts("daily").numbers
    return {
        **_of("daily", spend="yuan", a_day="yuan", days="count"),
        "into": Cell(found["into_pool"], "yuan"),
        "own_days": Cell(found["into_pool"] / found["a_day"], "days"),
        "full": Cell(found["full_days"]),
        "last": Cell(found["last"] / 100, "percent"),
    }


def _recruiters() -> dict[str, Cell]:
    return _of(
        "recruiters",
        spend="yuan",
        a_recruit="yuan",
        needed="count",
        none="percent",
        whole="percent",
    )


def _relay() -> dict[str, Cell]:
    found = facts("relay").numbers
    rule = relays.consign_relay().relay
    return {
        **_of("relay", worth="yuan", gain="percent", fee="percent"),
        "first": Cell(found["first_price"], "yuan"),
        "next": Cell(relays.price_after(rule, 1), "yuan"),
    }


def _sound() -> dict[str, Cell]:
    found = facts("sound").numbers
    money = dict.fromkeys(("spend", "goods", "aside", "promised", "shop"), "yuan")
    return {**_of("sound", **money), "earned": Cell(found["aside"] + found["shop"], "yuan")}


_TOLD: Final[Mapping[str, Callable[[], dict[str, Cell]]]] = {
    ROOM: _room,
    "price": _price,
    "place": _place,
    "stop": _stop,
    "queue": _queue,
    "daily": _daily,
    "recruiters": _recruiters,
    "relay": _relay,
    "sound": _sound,
}


def split(lesson: str) -> tuple[float, float] | None:
    """(price of an order, what of it is there to be paid from), yuan; None: no pool is told of."""
    told = _TOLD[lesson]()
    part = told.get("into") or told.get("aside")
    return (told["spend"].value, part.value) if part is not None else None


# -- of the new offers -----------------------------------------------------------------------------


def _share(name: str, mechanism: str) -> float:
    """What of one order of a preset reaches the pool, yuan."""
    scheme = load(name)
    return float(scheme.get(f"{mechanism}.share")) * scheme.order.mean_spend


def _points_offer(name: str) -> dict[str, Cell]:
    return {
        "spend": Cell(load(name).order.mean_spend, "yuan"),
        "into": Cell(_share(name, "points_pool"), "yuan"),
    }


def _thousand_ticket() -> dict[str, Cell]:
    return _points_offer("thousand-yuan-points")


#: Buyers that a ticket speaks of, and orders that stand before one's own.
_MANY, _AHEAD = 100, 10


def _wine_ticket() -> dict[str, Cell]:
    told = _points_offer("wine-points")
    return {**told, "many": Cell(_MANY), "all": Cell(_MANY * told["into"].value, "yuan")}


def _queue_ticket() -> dict[str, Cell]:
    name = "guild-queue"
    scheme = load(name)
    spend, into = scheme.order.mean_spend, _share(name, "refund_queue")
    refund = float(scheme.get("refund_queue.refund")) * spend
    # Mine is one of them; what arithmetic adds must not ask for one order more.
    total = ceil((_AHEAD + 1) * refund / into - 1e-9)
    return {
        "spend": Cell(spend, "yuan"),
        "into": Cell(into, "yuan"),
        "refund": Cell(refund, "yuan"),
        "orders": Cell(refund / into),
        "ahead": Cell(_AHEAD),
        "total": Cell(total),
        "after": Cell(total - _AHEAD - 1),
    }


def _daily_ticket() -> dict[str, Cell]:
    scheme = load("green-points")
    # The smallest package: the one that is advertised first.
    spend = float(scheme.order.spend)
    multiple = float(_first(scheme.get("scheduled_release.package_multiples")))
    return {
        "spend": Cell(spend, "yuan"),
        "into": Cell(float(scheme.get("scheduled_release.share")) * spend, "yuan"),
        "promised": Cell(multiple * spend, "yuan"),
    }


def _first(values: Any) -> float:
    return float(values[0])


def _recruiters_ticket() -> dict[str, Cell]:
    scheme = load("lifetime-points")
    spend, direct = float(scheme.order.spend), float(scheme.get("commission.direct"))
    return {
        "spend": Cell(spend, "yuan"),
        "a_recruit": Cell(direct * spend, "yuan"),
        "needed": Cell(ceil(1 / direct - 1e-9)),
        "members": Cell(_MANY),
        "brought": Cell(_MANY - 1),
    }


#: After how many sales the ticket's buyer is asked.
_SALES: Final = 20


def _relay_ticket() -> dict[str, Cell]:
    rule = relays.consign_relay().relay
    price = relays.price_after(rule, _SALES)
    return {
        "rise": Cell(rule.rise, "percent"),
        "price": Cell(price, "whole"),
        "worth": Cell(rule.worth, "yuan"),
        "loss": Cell(relays.ended(rule, sales=_SALES).price - rule.worth, "whole"),
    }


def _sound_ticket() -> dict[str, Cell]:
    scheme = load("cash-back-card")
    spend = scheme.order.mean_spend
    return {
        "spend": Cell(spend, "yuan"),
        "aside": Cell(_share("cash-back-card", "scheduled_release"), "yuan"),
        "promised": Cell(float(scheme.get("scheduled_release.gift_multiple")) * spend, "yuan"),
    }


_TICKETS: Final[Mapping[str, Callable[[], dict[str, Cell]]]] = {
    ROOM: _thousand_ticket,
    "price": _thousand_ticket,
    "place": _wine_ticket,
    "stop": _queue_ticket,
    "queue": _queue_ticket,
    "daily": _daily_ticket,
    "recruiters": _recruiters_ticket,
    "relay": _relay_ticket,
    "sound": _sound_ticket,
}
