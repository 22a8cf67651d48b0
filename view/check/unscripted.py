"""Check before any script, and without: every screen as links and forms.

A form gives what was typed in parts of the address that begin with :data:`TYPED`, beside the
settings it started from. :func:`received` reads them as the boxes of the page do
(``view/words/typed.py``) and gives the address that the page itself would have written.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from model.figures import usual_package
from model.library import preset, presets
from model.scheme import scheme_parameters
from view.check import cash_back, choosing, offer, other, paid, worked
from view.check.address import (
    MOST_ORDERS,
    STEPS,
    askable,
    focus_of,
    judge,
    step_of,
    steps_of,
    unsure_of,
)
from view.light.html import drawn
from view.mechanisms.face import faces
from view.sentences import answers, cases
from view.sentences.judged import Offer
from view.sentences.verdict import told
from view.settings import state
from view.settings.state import Settings
from view.settings.values import label
from view.words import typed, typed_said
from view.words.format import multiple, yuan
from view.words.typed import Allowed, TypedError
from view.words.words import Words

#: How a part of the address begins that was typed into a form; which form; and its other button.
TYPED: Final = "in."
FORM: Final = "form"
SKIP: Final = "skip"
NOT_SURE: Final = "unsure."
_PRICE, _GOODS = "order.spend", "order.goods_value"
#: Longer than any number.
_MOST: Final = 80
Own = Mapping[str, tuple[str, ...]]


# -- What a form gives ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Received:
    """An address after its form was read.

    query: the address the page would have written. refused: by the name of a box, what was typed
    and could not be used, with one sentence on it. form: whether there was one.
    """

    query: Mapping[str, str]
    refused: Mapping[str, tuple[str, str]]
    form: bool


def received(query: Mapping[str, str], own: Own, w: Words) -> Received:
    """Read what a form gave; an address without one is given back as it is."""
    form = query.get(FORM, "")
    if form not in {*STEPS[1:-1], "other"}:
        return Received(query, {}, form=False)
    texts = {k[len(TYPED) :]: v[:_MOST] for k, v in query.items() if k.startswith(TYPED)}
    rest = {k: v for k, v in query.items() if k not in {FORM, SKIP} and not k.startswith(TYPED)}
    settings = state.parse(rest, page=own)
    chosen = texts.pop(state.PRESET, settings.preset.id)
    if form == "offer" and chosen != settings.preset.id and chosen in presets():
        # Another scheme's numbers are another's; the price typed goes along.
        taken = choosing.example(chosen)
        page = {**settings.page, "package": "", "unsure": ""}
        settings = replace(taken, page=page)
    if form == "other":
        return _other_received(settings, texts, own, w)
    skipped = query.get(SKIP) == "1"
    found, refused = _typed(settings, form, texts, w, skipped=skipped)
    steps = steps_of(found)
    at = steps.index(form) if form in steps else 0
    onward = form if refused else steps[min(at + 1, len(steps) - 1)]
    return Received(_address(found, own, w, step=onward), refused, form=True)


def _other_received(settings: Settings, texts: Mapping[str, str], own: Own, w: Words) -> Received:
    box = Allowed(unit="count", low=2, high=other.MOST_EACH, whole=True, empty=True)
    page, refused = dict(settings.page), {}
    try:
        each = typed.read(texts.get("each", ""), box)
        page["each"] = "" if each is None else str(each)
    except TypedError as error:
        refused["each"] = (texts["each"], _refusal(error, texts["each"], w("other.each"), box, w))
    found = replace(settings, page=page)
    return Received(_address(found, own, w, step="other"), refused, form=True)


def _typed(
    settings: Settings, form: str, texts: Mapping[str, str], w: Words, *, skipped: bool
) -> tuple[Settings, dict[str, tuple[str, str]]]:
    """The settings with what was typed on one screen, and what of it could not be used."""
    refused: dict[str, tuple[str, str]] = {}
    given: dict[str, Mapping[str, Any]] = {}
    page = dict(settings.page)
    open_ = dict.fromkeys(filter(None, page.get("unsure", "").split(",")))
    package = texts.get("package", "")
    if package.isascii() and package.isdigit():
        page["package"] = "" if int(package) == usual_package(settings.scheme()) else package
    for box in boxes(settings, form, w):
        text = texts.get(box.name, "")
        if skipped or (box.sure and texts.get(NOT_SURE + box.name) == "1"):
            if box.own:
                page[box.name] = ""
            elif box.name == _GOODS:
                given[box.name] = {_GOODS: None}
            else:
                open_[box.name] = None
            continue
        if box.name not in texts:
            continue
        open_.pop(box.name, None)
        try:
            value = box.read(text)
        except TypedError as error:
            refused[box.name] = (text, _refusal(error, text, box.label, box.allowed, w))
            continue
        if box.own:
            page[box.name] = "" if value is None else str(value)
        else:
            given[box.name] = box.settings(settings, value)
    page["unsure"] = ",".join(open_)
    changes = _together(settings, given)
    for name, wanted in given.items():
        if any(changes.get(key) != value for key, value in wanted.items()):
            refused[name] = (texts.get(name, ""), w("url.combination"))
    return replace(settings, changes=state.changed(settings.preset, changes), page=page), refused


def _together(settings: Settings, given: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """The changes with those of a form: all if they hold together, else as many as do in turn."""
    found = dict(settings.changes)
    whole = {**found, **{key: value for one in given.values() for key, value in one.items()}}
    if state.holds(settings.preset, whole):
        return whole
    for one in given.values():
        if state.holds(settings.preset, {**found, **one}):
            found |= one
    return found


def _refusal(error: TypedError, text: str, name: str, box: Allowed, w: Words) -> str:
    unread = None if error.readable or not text.strip() else text
    return typed_said.refusal(name, box, w, unread=unread)


def _address(settings: Settings, own: Own, w: Words, *, step: str) -> dict[str, str]:
    page = {**settings.page, "step": step, "for": ""}
    return state.address(
        settings.preset, settings.changes, page=page, defaults=own, keep={state.LANGUAGE: w.lang}
    )


# -- The boxes of a form -------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Box:
    """One number asked for. ``own``: of the page and not of the scheme. ``sure``: may be open.

    value: in the box's own unit, percent for shares. stops: what may be chosen, where it is a
    choice; None among them: never.
    """

    name: str
    label: str
    help: str
    allowed: Allowed
    value: float | None
    own: bool = False
    sure: bool = False
    unsure: bool = False
    stops: tuple[float | None, ...] = ()
    cash_back: bool = False
    percent: bool = False

    def read(self, text: str) -> float | int | None:
        """The number typed; raises TypedError."""
        if self.stops and text == "none":
            return None
        return typed.read(text, self.allowed)

    def settings(self, settings: Settings, value: float | None) -> Mapping[str, Any]:
        """What it sets."""
        part = value / 100 if self.percent and value is not None else value
        if self.cash_back:
            return cash_back.following(settings.scheme(), self.name, part or 0.0)
        return {self.name: part}

    @property
    def text(self) -> str:
        """What stands in the box."""
        return typed.written(self.value)


def boxes(settings: Settings, form: str, w: Words) -> Iterator[Box]:
    """What a screen asks for, in its order."""
    judged = judge(settings)
    if form == "offer":
        yield _of_scheme(settings, _PRICE, w)
        if answers.speaks_of(judged) not in answers.NO_GOODS:
            yield _of_scheme(settings, _GOODS, w, help_=w("wizard.goods.help"))
    elif form == "numbers":
        sure = askable(settings.scheme(), judged.focus)
        unsure = unsure_of(settings)
        for key in answers.questions(settings.scheme(), judged.focus):
            if judged.focus == "cashback":
                yield _cash_back(settings, key, w)
            else:
                box = _of_scheme(settings, key, w)
                yield replace(box, sure=key in sure, unsure=key in unsure)
    elif form == "place":
        if answers.speaks_of(judged) not in {"daily", "ads"}:
            yield _of_page(settings, "before", 0, w("check.before"), w("check.before.help"))
        yield _of_page(settings, "per_day", 1, w("check.per_day"), w("check.per_day.help"))


def _of_page(settings: Settings, name: str, least: int, said: str, help_: str) -> Box:
    allowed = Allowed(unit="count", low=least, high=MOST_ORDERS, whole=True, empty=True)
    given = settings.page.get(name, "")
    value = float(given) if given else None
    return Box(name=name, label=said, help=help_, allowed=allowed, value=value, own=True)


def _cash_back(settings: Settings, key: str, w: Words) -> Box:
    return Box(
        name=key,
        label=w("cash_back.part"),
        help=w("cash_back.help"),
        allowed=cash_back.BOX,
        value=round(100 * float(settings.scheme().get(key)), 6),
        cash_back=True,
        percent=True,
    )


def _of_scheme(settings: Settings, key: str, w: Words, *, help_: str = "") -> Box:
    scheme = settings.scheme()
    parameter = scheme_parameters(scheme)[key]
    value = scheme.get(key)
    is_share = parameter.unit == "share"
    shown = round(float(value) * 100, 8) if is_share and value is not None else value
    allowed = typed_said.allowed(parameter)
    said = label(settings.preset, key, w)
    unit = "" if allowed.whole else w(f"unit.{parameter.unit}")
    return Box(
        name=key,
        label=w("control.unit", label=said, unit=unit) if unit else said,
        help=help_,
        allowed=allowed,
        value=shown,
        stops=_stops(settings, key, value),
        percent=is_share,
    )


def _stops(settings: Settings, key: str, value: float | None) -> tuple[float | None, ...]:
    """The values that may be chosen, where "never" is one of them."""
    name, _, field = key.rpartition(".")
    mechanism = settings.scheme().mechanism(name)
    stops = faces()[mechanism.kind].stops.get(field, ()) if mechanism is not None else ()
    if None not in stops:
        return ()
    numbers = sorted({stop for stop in (*stops, value) if stop is not None})
    return (*numbers, None)


# -- The screens ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Screen:
    """What every screen is drawn from."""

    settings: Settings
    own: Own
    w: Words
    refused: Mapping[str, tuple[str, str]]

    def to(self, **page: str) -> str:
        """The address of another screen with the same numbers."""
        settings = self.settings
        return self.at(replace(settings, page={**settings.page, "for": "", **page}))

    def at(self, settings: Settings) -> str:
        """The address of these settings, from the page's own."""
        query = state.address(
            settings.preset,
            settings.changes,
            page=settings.page,
            defaults=self.own,
            keep={state.LANGUAGE: self.w.lang},
        )
        return f"./?{urlencode(query, safe='@:,')}"

    def kept(self) -> list[tuple[str, str]]:
        """What a form sends along unseen."""
        query = _address(self.settings, self.own, self.w, step="")
        query.pop("step", None)
        return list(query.items())

    def shown(self, name: str, **values: object) -> str:
        """A screen from its template."""
        return drawn(f"check/{name}.html", s=self, w=self.w, **values)


def page(
    settings: Settings,
    query: Mapping[str, str],
    own: Own,
    w: Words,
    refused: Mapping[str, tuple[str, str]],
) -> str:
    """The whole screen that an address asks for."""
    step = step_of(settings, query)
    screen = Screen(settings, own, w, refused)
    judged = judge(settings)
    if step == "start":
        return _start(screen, judged)
    if step in {"offer", "numbers", "place"}:
        steps = steps_of(settings)
        return _question(screen, judged, step if step in steps else steps[-2])
    if step == "paid":
        back = screen.to(step=step_of(replace(settings, page={**settings.page, "step": ""}), {}))
        return screen.shown("paid", html=paid.html(w), back=back)
    if step == "other":
        return _other(screen)
    if step == "print":
        parts = worked.one_page(settings, judged, w, link=screen.to(step="answer"))
        html = offer.page_html(parts)
        return screen.shown("print", heading=told(judged, w).heading, html=html)
    if step == "paste":
        return screen.shown("paste")
    return _answer(screen, judged)


def _text(said: Any, w: Words) -> str:
    return w.text(said.en, said.zh)


def _start(screen: Screen, judged: Offer) -> str:
    w, settings = screen.w, screen.settings
    choices = []
    for promise in choosing.CHOICES:
        fitting = () if promise in other.KINDS else answers.presets_of(promise)
        if not fitting:
            to = screen.to(other=promise, step="other")
        else:
            mine = choosing.example(
                settings.preset.id if settings.preset.id in fitting else fitting[0]
            )
            own = "" if promise == answers.main_promise(mine.preset) else promise
            to = screen.at(replace(mine, page={"promise": own, "mine": "1", "step": "offer"}))
        choices.append((to, w(choosing.CHOICE_WORDS[promise])))
    return screen.shown(
        "start",
        choices=choices,
        example=w("wizard.example", summary=_text(settings.preset.summary, w)),
        verdict=told(judged, w),
    )


def _question(screen: Screen, judged: Offer, step: str) -> str:
    w, settings = screen.w, screen.settings
    steps = steps_of(settings)
    at = steps.index(step)
    focus = focus_of(settings)
    claim, kinds, packages = "", [], []
    if step == "offer":
        if settings.preset.kind != "own":
            claim = w("check.claim", summary=_text(settings.preset.summary, w))
        fitting = answers.presets_of(focus)
        if len(fitting) > 1 and settings.preset.id in fitting:
            kinds = [(id_, _text(preset(id_).name, w)) for id_ in fitting]
        choices = settings.scheme().order.choices
        if len(choices) > 1:
            packages = [(str(k), yuan(price, w.lang)) for k, (price, *_) in enumerate(choices)]
    return screen.shown(
        "question",
        step=step,
        progress=w("wizard.progress", n=str(at + 1), all=str(len(steps) - 1)),
        heading=w(choosing.ASKED[step]),
        lead={"numbers": w("wizard.numbers.help"), "place": w("wizard.place.help")}.get(
            step, claim
        ),
        kinds=kinds,
        packages=packages,
        package=str(judged.package),
        boxes=list(boxes(settings, step, w)),
        stop=lambda m: w("control.never") if m is None else multiple(m, w.lang),
        written=typed.written,
        back=screen.to(step=steps[at - 1]),
        onward=w("wizard.answer") if steps[at + 1] == "answer" else w("wizard.next"),
    )


def _other(screen: Screen) -> str:
    w, page_ = screen.w, screen.settings.page
    kind = page_.get("other") or "none"
    each = int(page_["each"]) if page_.get("each", "").isdigit() else None
    allowed = Allowed(unit="count", low=2, high=other.MOST_EACH, whole=True, empty=True)
    box = Box(
        name="each",
        label=w("other.each"),
        help=w("other.each.help"),
        allowed=allowed,
        value=each,
        own=True,
    )
    return screen.shown(
        "other",
        heading=other.heading(kind, w),
        lines=other.lines(kind, w),
        box_=box if kind in other.RECRUITS else None,
        needed=list(other.needed(min(max(each, 2), other.MOST_EACH), w)) if each else [],
        asked=[w(key) for key in other.QUESTIONS],
    )


def _answer(screen: Screen, judged: Offer) -> str:
    w, settings = screen.w, screen.settings
    verdict = told(judged, w)
    asked = worked.asked_of(settings, judged, w)
    found = worked.found_flags(settings, judged)
    money = state.address(
        settings.preset, settings.changes, page={}, defaults={}, keep={state.LANGUAGE: w.lang}
    )
    return screen.shown(
        "answer",
        verdict=verdict,
        card=answers.card(judged, w),
        claim=worked.claim_html(settings, judged, w),
        next=worked.next_step(verdict, asked, w),
        field=worked.field_html(settings, judged, w, dark=False),
        asked=asked,
        flags_title=offer.flags_title(found, w),
        flags=offer.flags_html(found, w, before_fee=cases.fee_open(judged)),
        headline=answers.headline(judged, w),
        more=worked.more_card(settings, judged, w),
        lines=worked.lines_of(settings, judged, w),
        split="" if judged.unsure else answers.split(judged, w, dark=False),
        split_title=w("split.alt", amount=yuan(judged.spend, w.lang)),
        first=screen.to(step="offer"),
        cardlink=screen.to().replace("./?", "./card?", 1),
        money=f"./money?{urlencode(money, safe='@:,')}",
    )
