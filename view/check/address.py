"""What an address says of an offer: which screen, which promise, which numbers are open."""

from __future__ import annotations

from collections.abc import Mapping

from model.figures import usual_package
from model.library import preset, presets
from model.scheme import Scheme, scheme_parameters
from view.sentences import answers
from view.sentences.judged import Offer
from view.settings import state

#: How many orders may have come before, and a day: as many as there are people on Earth.
MOST_ORDERS = 8_000_000_000
#: The screens: at most four questions, then the answer. Without one, an address that says nothing
#: opens on the first question, and any other on the answer.
STEPS = ("start", "offer", "numbers", "place", "answer")
#: May be open though nobody is asked for it here: an advertisement may say it.
FEES = ("platform.withdrawal_fee",)


def focus_of(settings: state.Settings) -> str:
    """What the reader was promised: as chosen, where the scheme shown promises it."""
    asked = settings.page.get("promise", "")
    chosen = settings.preset
    if chosen.kind == "own":
        fits = asked == "several" or asked in answers.promises_of(settings.scheme())
    else:
        fits = asked in answers.PROMISES and chosen.id in answers.presets_of(asked)
    return asked if fits else answers.main_promise(chosen)


def askable(scheme: Scheme, focus: str) -> tuple[str, ...]:
    """The questions that "not sure" is an answer to: all."""
    return answers.questions(scheme, focus)


def unsure_of(settings: state.Settings) -> list[str]:
    """The parameters the reader is not sure of."""
    scheme = settings.scheme()
    fitting = {*askable(scheme, focus_of(settings)), *answers.numbers(scheme), *FEES}
    named = dict.fromkeys(settings.page.get("unsure", "").split(","))
    return [key for key in named if key in fitting and key in scheme_parameters(scheme)]


def package_of(settings: state.Settings, scheme: Scheme) -> int:
    """Which package, counted from 0."""
    number = whole(settings.page.get("package", ""))
    size = len(scheme.order.choices)
    return number if number is not None and number < size else usual_package(scheme)


def step_of(settings: state.Settings, query: Mapping[str, str]) -> str:
    """The screen an address opens on; old addresses, which name none, on the answer."""
    if settings.page.get("for") == "print":
        return "print"
    if settings.page.get("for"):
        return "answer"
    if step := settings.page.get("step"):
        return step
    own = any(text for key, text in settings.page.items() if key not in {"step", "for"})
    first = settings.preset.reference == preset(presets()[0]).reference
    if own or settings.changes or not first or state.PRESET in query:
        return "answer"
    return "start"


def steps_of(settings: state.Settings) -> tuple[str, ...]:
    """The screens that have something to ask of this offer, the answer last."""
    judged = judge(settings)
    asked = bool(answers.questions(judged.scheme, judged.focus))
    # Where one stands matters only to what others pay.
    placed = judged.focus != "cashback" and answers.speaks_of(judged) not in answers.NO_GOODS
    skipped = {*(() if asked else ("numbers",)), *(() if placed else ("place",))}
    return tuple(step for step in STEPS if step not in skipped)


def judge(settings: state.Settings) -> Offer:
    """The answer before any behaviour, for what the address says."""
    scheme = settings.scheme()
    return answers.offer(
        scheme,
        settings.preset,
        settings.changes,
        unsure_of(settings),
        focus=focus_of(settings),
        package=package_of(settings, scheme),
        mine=bool(settings.page.get("mine")),
    )


def whole(text: str) -> int | None:
    """A whole number as an address writes it, or None."""
    digits = text.isascii() and text.isdigit() and len(text) < 20
    return min(int(text), MOST_ORDERS) if digits else None
