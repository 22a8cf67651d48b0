"""What a lesson says: seven screens, each a heading and a few words, and its axes and stops.

Nothing is worked out here: numbers are those of :mod:`view.teach.facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

from model.library import preset
from model.preset import Source, Value, sources
from model.relay import consign_relay
from view.teach.facts import Facts, facts
from view.words import format as fmt
from view.words.words import Words, words

#: Of every lesson, in their order.
SCREENS: Final = ("offer", "draw", "play", "reveal", "why", "heard", "think")


class Said(NamedTuple):
    """A screen in words. ``below``: what it rests on."""

    head: str
    text: str
    below: str = ""


class Told(NamedTuple):
    """A lesson in one language.

    screens: by name. stops: what each stop of the knob gives, and ``values`` where it stands.
    x, y: a place on an axis in words. besides: of each stop, what the second line comes to.
    """

    screens: Mapping[str, Said]
    knob: str
    values: tuple[str, ...]
    stops: tuple[str, ...]
    x: Callable[[float], str]
    y: Callable[[float], str]
    y_name: str
    besides: tuple[str, ...] = ()


class _Numbers:
    """The numbers of a lesson, or of one of its stops, in words."""

    def __init__(self, numbers: Mapping[str, float], lang: str) -> None:
        self._numbers, self._lang = numbers, lang

    def yuan(self, name: str) -> str:
        """Money; long sums in short."""
        return fmt.yuan_short(self._rounded(name), self._lang)

    def _rounded(self, name: str) -> float:
        # People keep three digits of a sum in mind.
        value = self._numbers[name]
        return fmt.significant(value) if value >= 100 and value != int(value) else value

    def percent(self, name: str) -> str:
        """A share."""
        return fmt.percent(fmt.significant(self._numbers[name]), self._lang)

    def count(self, name: str) -> str:
        """How many."""
        return fmt.count_short(self._numbers[name], self._lang)

    def days(self, name: str) -> str:
        """A stretch of time."""
        return fmt.days(self._numbers[name], self._lang)

    def times(self, name: str) -> str:
        """A factor."""
        return fmt.multiple(fmt.significant(self._numbers[name]), self._lang)


#: A lesson in a list: its title and one line on it.
_LISTED: Final = {
    "price": ("lesson.price.title", "lesson.price.line"),
    "place": ("lesson.place.title", "lesson.place.line"),
    "stop": ("lesson.stop.title", "lesson.stop.line"),
    "queue": ("lesson.queue.title", "lesson.queue.line"),
    "daily": ("lesson.daily.title", "lesson.daily.line"),
    "recruiters": ("lesson.recruiters.title", "lesson.recruiters.line"),
    "relay": ("lesson.relay.title", "lesson.relay.line"),
    "sound": ("lesson.sound.title", "lesson.sound.line"),
}


def listed(lesson: str, w: Words) -> tuple[str, str]:
    """Title and line of a lesson: no run is needed for them."""
    title, line = _LISTED[lesson]
    return w(title), w(line)


def told(lesson: str, lang: str) -> Told:
    """A lesson in words; raises KeyError for one that does not exist."""
    return _told(lesson, lang)


@lru_cache(maxsize=32)
def _told(lesson: str, lang: str) -> Told:
    return _TELLERS[lesson](facts(lesson), words(lang))


def _said(text: str, below: str = "") -> Said:
    head, _, rest = text.partition("\n")
    return Said(head, rest, below)


def _each(found: Facts, w: Words) -> list[_Numbers]:
    return [_Numbers(stop.numbers, w.lang) for stop in found.stops]


def _texts(found: Facts, said: Callable[[float], str]) -> tuple[str, ...]:
    return tuple(said(stop.value) for stop in found.stops)


def _percent(share: float, w: Words) -> str:
    return fmt.percent(fmt.significant(share), w.lang)


def _of_hundred(found: float, w: Words) -> str:
    return fmt.percent(fmt.significant(found / 100), w.lang)


def _short(amount: float, w: Words) -> str:
    return fmt.yuan(fmt.significant(amount) if amount >= 100 else amount, w.lang)


def _price(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    gap = fmt.yuan(found.numbers["spend"] - found.numbers["each"], w.lang)
    ends = {"days": n.days("days"), "price": n.times("price"), "each": n.yuan("each")}
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.price.offer",
                    spend=n.yuan("spend"),
                    days=n.days("days"),
                    price=n.times("price"),
                    into=n.yuan("into_pool"),
                )
            ),
            "draw": _said(w("lesson.price.draw")),
            "play": _said(w("lesson.price.play")),
            "reveal": _said(
                w("lesson.price.reveal", spend=n.yuan("spend"), **ends),
                w("lesson.price.assumed", orders=n.count("orders")),
            ),
            "why": _said(w("lesson.price.why", into=n.yuan("into_pool"))),
            "heard": _said(w("lesson.price.heard", price=n.times("price"), each=n.yuan("each"))),
            "think": _said(w("lesson.price.think", gap=gap)),
        },
        knob=w("lesson.knob.orders"),
        values=_texts(found, lambda value: fmt.count(value, w.lang)),
        stops=tuple(
            w(
                "lesson.price.stop",
                orders=one.count("orders"),
                days=one.days("days"),
                price=one.times("price"),
                each=one.yuan("each"),
            )
            for one in _each(found, w)
        ),
        x=lambda x: w("lesson.axis.day", n=fmt.count(x, w.lang)),
        y=lambda y: _short(y, w),
        y_name=w("lesson.y.pool"),
        besides=tuple(w("lesson.series.price", end=one.times("price")) for one in _each(found, w)),
    )


def _place(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.place.offer",
                    spend=n.yuan("spend"),
                    into=n.yuan("into_pool"),
                    days=n.days("days"),
                    orders=n.count("orders"),
                )
            ),
            "draw": _said(w("lesson.place.draw")),
            "play": _said(w("lesson.place.play")),
            "reveal": _said(
                w(
                    "lesson.place.reveal",
                    mean=n.yuan("mean"),
                    spend=n.yuan("spend"),
                    middle=n.yuan("middle"),
                    above=n.percent("above"),
                ),
                w("lesson.place.assumed", a_day=n.count("a_day"), fee=n.percent("fee")),
            ),
            "why": _said(w("lesson.place.why", into=n.yuan("into_pool"))),
            "heard": _said(
                w("lesson.place.heard", whole=n.percent("whole"), days=n.days("days")),
                w("lesson.place.assumed", a_day=n.count("a_day"), fee=n.percent("fee")),
            ),
            "think": _said(w("lesson.place.think", mean=n.yuan("mean"))),
        },
        knob=w("lesson.knob.days"),
        values=_texts(found, lambda value: fmt.days(value, w.lang)),
        stops=tuple(
            w(
                "lesson.place.stop",
                days=one.days("days"),
                first=one.yuan("first"),
                middle=one.yuan("middle"),
                last=one.yuan("last"),
            )
            for one in _each(found, w)
        ),
        x=lambda x: w("lesson.axis.tenth", n=fmt.count(x, w.lang)),
        y=lambda y: _short(y, w),
        y_name=w("lesson.y.has"),
    )


def _stop(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    needed = {"needed": n.count("orders_needed")}
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.stop.offer",
                    spend=n.yuan("spend"),
                    entry=n.count("entry"),
                    worth_then=n.yuan("worth_then"),
                    day=n.count("day"),
                    worth_stop=n.yuan("worth_stop"),
                )
            ),
            "draw": _said(w("lesson.stop.draw", day=n.count("day"), end=n.count("end"))),
            "play": _said(w("lesson.stop.play")),
            "reveal": _said(
                w("lesson.stop.reveal", worth_end=n.yuan("worth_end"), spend=n.yuan("spend")),
                w("lesson.stop.assumed", a_day=n.count("a_day"), day=n.count("day")),
            ),
            "why": _said(
                w(
                    "lesson.stop.why",
                    spend=n.yuan("spend"),
                    factor=n.times("factor"),
                    entry=n.count("entry"),
                    then=n.count("orders_then"),
                    **needed,
                )
            ),
            "heard": _said(
                w("lesson.stop.heard", a_day=n.count("a_day"), time=n.days("days_needed"), **needed)
            ),
            "think": _said(w("lesson.stop.think")),
        },
        knob=w("lesson.knob.last"),
        values=_texts(found, lambda value: w("lesson.axis.day", n=fmt.count(value, w.lang))),
        stops=tuple(
            w(
                "lesson.stop.stop",
                day=one.count("day"),
                end=one.count("end"),
                worth_end=one.yuan("worth_end"),
            )
            for one in _each(found, w)
        ),
        x=lambda x: w("lesson.axis.day", n=fmt.count(x, w.lang)),
        y=lambda y: _short(y, w),
        y_name=w("lesson.y.worth"),
    )


def _queue(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    refunded = found.numbers["refunded"]
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.queue.offer",
                    spend=n.yuan("spend"),
                    newcomers=n.count("newcomers"),
                    refund=n.yuan("refund"),
                    first=n.count("first_waits"),
                )
            ),
            "draw": _said(w("lesson.queue.draw", orders=n.count("orders"), day=n.count("day"))),
            "play": _said(w("lesson.queue.play")),
            "reveal": _said(
                w(
                    "lesson.queue.reveal",
                    day=n.count("day"),
                    waits=n.count("last_waits"),
                    one_in=fmt.odds(1 / refunded, w.lang),
                ),
                w("lesson.queue.assumed", orders=n.count("orders")),
            ),
            "why": _said(
                w(
                    "lesson.queue.why",
                    day=n.count("day"),
                    ahead=n.count("ahead"),
                    after=n.count("after"),
                )
            ),
            "heard": _said(
                w(
                    "lesson.queue.heard",
                    newcomers=n.count("newcomers"),
                    still=_percent(1 - refunded, w),
                )
            ),
            "think": _said(w("lesson.queue.think")),
        },
        knob=w("lesson.knob.growth"),
        values=_texts(found, lambda value: fmt.percent(value, w.lang)),
        stops=tuple(
            w(
                "lesson.queue.stop",
                growth=fmt.percent(stop.value, w.lang),
                day=one.count("day"),
                waits=one.count("last_waits"),
                end=one.count("end"),
                waiting=one.count("waiting"),
            )
            for stop, one in zip(found.stops, _each(found, w), strict=True)
        ),
        x=lambda x: w("lesson.axis.joined", n=fmt.count(x, w.lang)),
        y=lambda y: w("lesson.axis.waits", n=fmt.count(y, w.lang)),
        y_name=w("lesson.y.wait"),
    )


def _daily(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    seen, days = fmt.count(found.seen, w.lang), n.count("days")
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.daily.offer",
                    spend=n.yuan("spend"),
                    a_day=n.yuan("a_day"),
                    seen=seen,
                    into=n.yuan("into_pool"),
                )
            ),
            "draw": _said(w("lesson.daily.draw", seen=seen, days=days)),
            "play": _said(w("lesson.daily.play")),
            "reveal": _said(
                w(
                    "lesson.daily.reveal",
                    full=n.count("full_days"),
                    days=days,
                    last=_of_hundred(found.numbers["last"], w),
                ),
                w("lesson.daily.assumed", orders=n.count("orders")),
            ),
            "why": _said(
                w(
                    "lesson.daily.why",
                    promised=n.yuan("promised"),
                    into=n.yuan("into_pool"),
                    waiting=n.count("waiting"),
                )
            ),
            "heard": _said(w("lesson.daily.heard", full=n.count("full_days"))),
            "think": _said(w("lesson.daily.think")),
        },
        knob=w("lesson.knob.growth"),
        values=_texts(found, lambda value: fmt.percent(value, w.lang)),
        stops=tuple(
            w(
                "lesson.daily.stop",
                growth=fmt.percent(stop.value, w.lang),
                full=one.count("full_days"),
                days=days,
                owed=one.yuan("owed"),
            )
            for stop, one in zip(found.stops, _each(found, w), strict=True)
        ),
        x=lambda x: w("lesson.axis.day", n=fmt.count(x, w.lang)),
        y=lambda y: _of_hundred(y, w),
        y_name=w("lesson.y.paid"),
    )


def _recruiters(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.recruiters.offer",
                    direct=n.percent("direct"),
                    spend=n.yuan("spend"),
                    a_recruit=n.yuan("a_recruit"),
                    needed=n.count("needed"),
                )
            ),
            "draw": _said(w("lesson.recruiters.draw", most=fmt.count(found.asked[-1], w.lang))),
            "play": _said(w("lesson.recruiters.play")),
            "reveal": _said(
                w(
                    "lesson.recruiters.reveal",
                    none=n.percent("none"),
                    whole=n.percent("whole"),
                    needed=n.count("needed"),
                ),
                w("lesson.recruiters.assumed", members=n.count("members")),
            ),
            "why": _said(
                w(
                    "lesson.recruiters.why",
                    mean_commission=n.yuan("mean_commission"),
                    spend=n.yuan("spend"),
                )
            ),
            "heard": _said(
                w("lesson.recruiters.heard", needed=n.count("needed"), rounds=n.count("rounds"))
            ),
            "think": _said(w("lesson.recruiters.think", a_recruit=n.yuan("a_recruit"))),
        },
        knob=w("lesson.knob.pull"),
        values=_texts(found, lambda value: fmt.percent(value, w.lang)),
        stops=tuple(
            w(
                "lesson.recruiters.stop",
                pull=fmt.percent(stop.value, w.lang),
                none=one.percent("none"),
                whole=one.percent("whole"),
                needed=one.count("needed"),
            )
            for stop, one in zip(found.stops, _each(found, w), strict=True)
        ),
        x=lambda x: w("lesson.axis.recruits", n=fmt.count(x, w.lang)),
        y=lambda y: fmt.percent(fmt.significant(y / 100, 2), w.lang),
        y_name=w("lesson.y.brought"),
    )


def _relay(found: Facts, w: Words) -> Told:
    n = _Numbers(found.numbers, w.lang)
    exact = {
        name: fmt.yuan(found.numbers[name], w.lang)
        for name in ("loss", "first_sale", "fees", "gains")
    }
    # To the yuan, because the next screen adds them up.
    ends = {name: exact[name] for name in ("loss", "fees", "gains")}
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.relay.offer",
                    first=n.yuan("first_price"),
                    rise=n.percent("rise"),
                    gain=n.percent("gain"),
                    fee=n.percent("fee"),
                    worth=n.yuan("worth"),
                )
            ),
            "draw": _said(
                w(
                    "lesson.relay.draw",
                    seen=fmt.count(found.seen, w.lang),
                    sales=n.count("sales"),
                )
            ),
            "play": _said(w("lesson.relay.play")),
            "reveal": _said(
                w(
                    "lesson.relay.reveal",
                    sales=n.count("sales"),
                    loss=ends["loss"],
                    gains=ends["gains"],
                ),
                w("lesson.relay.assumed", first=n.yuan("first_price"), worth=n.yuan("worth")),
            ),
            "why": _said(w("lesson.relay.why", **exact)),
            "heard": _said(w("lesson.relay.heard", eaten=n.count("eaten"))),
            "think": _said(w("lesson.relay.think")),
        },
        knob=w("lesson.knob.sales"),
        values=_texts(found, lambda value: fmt.count(value, w.lang)),
        stops=tuple(
            w(
                "lesson.relay.stop",
                sales=one.count("sales"),
                fees=one.yuan("fees"),
                gains=one.yuan("gains"),
                loss=one.yuan("loss"),
            )
            for one in _each(found, w)
        ),
        x=lambda x: w("lesson.axis.sale", n=fmt.count(x, w.lang)),
        y=lambda y: _short(y, w),
        y_name=w("lesson.y.loss"),
    )


def _sound(found: Facts, w: Words) -> Told:
    n, other = _Numbers(found.numbers, w.lang), _Numbers(facts("daily").numbers, w.lang)
    seen, days = fmt.count(found.seen, w.lang), n.count("days")
    promise = {"promised": n.yuan("promised"), "aside": n.yuan("aside")}
    return Told(
        screens={
            "offer": _said(
                w(
                    "lesson.sound.offer",
                    spend=n.yuan("spend"),
                    goods=n.yuan("goods"),
                    shop=n.yuan("shop"),
                    **promise,
                )
            ),
            "draw": _said(w("lesson.sound.draw", seen=seen, days=days)),
            "play": _said(w("lesson.sound.play")),
            "reveal": _said(
                w(
                    "lesson.sound.reveal",
                    days=days,
                    last=_of_hundred(found.numbers["last"], w),
                    owed=n.yuan("owed"),
                    pool=n.yuan("pool"),
                ),
                w("lesson.sound.assumed"),
            ),
            "why": _said(w("lesson.sound.why")),
            "heard": _said(
                w(
                    "lesson.sound.heard",
                    other_aside=other.yuan("into_pool"),
                    other_promised=other.yuan("promised"),
                    **promise,
                )
            ),
            "think": _said(w("lesson.sound.think")),
        },
        knob=w("lesson.knob.promised"),
        values=_texts(found, lambda value: fmt.yuan(value * found.numbers["spend"], w.lang)),
        stops=tuple(
            w(
                "lesson.sound.stop",
                promised=one.yuan("promised"),
                aside=one.yuan("aside"),
                days=days,
                last=_of_hundred(stop.numbers["last"], w),
            )
            for stop, one in zip(found.stops, _each(found, w), strict=True)
        ),
        x=lambda x: w("lesson.axis.day", n=fmt.count(x, w.lang)),
        y=lambda y: _of_hundred(y, w),
        y_name=w("lesson.y.kept"),
    )


_TELLERS: Final[Mapping[str, Callable[[Facts, Words], Told]]] = {
    "price": _price,
    "place": _place,
    "stop": _stop,
    "queue": _queue,
    "daily": _daily,
    "recruiters": _recruiters,
    "relay": _relay,
    "sound": _sound,
}


def values_of(lesson: str) -> tuple[Value, ...]:
    """The numbers a lesson begins with, each with its source."""
    found = facts(lesson)
    return preset(found.preset).value if found.money else consign_relay().value


def source_of(lesson: str) -> Source:
    """Where the rule was read: the source that states most of it, or this project."""
    names = [item.source for item in values_of(lesson)]
    known = sources()
    outside = [name for name in names if known[name].kind != "own"] or names
    # Of two that state as much, the first.
    return known[max(dict.fromkeys(outside), key=outside.count)]
