"""Lessons as light pages: what an address means, and the page of it. No Streamlit here.

The address is all there is: lesson, screen, what was drawn, the knob's stop and the language. What
of it cannot be used is said in one sentence, on the nearest good screen.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from view.light.html import drawn as template
from view.light.html import source_hash
from view.sentences.facts import when
from view.settings.state import written
from view.teach import chart
from view.teach.facts import LESSONS, Facts, facts
from view.teach.said import SCREENS, Said, Told, listed, source_of, told
from view.words.plain import quoted
from view.words.words import LANGS, NAMES, Words, words

PATH: Final = "/lesson"
#: Parts of an address, in the order of the one that is canonical.
LANG, LESSON, SCREEN, DRAWN, STOP = "lang", "n", "screen", "drawn", "stop"
#: What a form without a script gives instead of a drawing: a height at the end, of so many.
END: Final = "end"
ENDS: Final = (0, 5, 10, 15, 20)
#: Who would not guess.
UNSURE: Final = "unsure"

_HERE: Final = Path(__file__).resolve().parent
STYLE: Final = (_HERE / "lesson.css").read_text("utf-8")
SCRIPT: Final = (_HERE / "lesson.js").read_text("utf-8")
STYLE_HASH: Final = f"'{source_hash(STYLE)}'"
SCRIPT_HASH: Final = f"'{source_hash(SCRIPT)}'"


class Asked(NamedTuple):
    """What an address says. ``drawn``: heights in steps, or nothing; ``problem``: one sentence."""

    lang: str
    lesson: str
    screen: int
    drawn: tuple[int, ...] = ()
    unsure: bool = False
    stop: int = 0
    problem: str = ""

    def query(self, **changed: Any) -> str:
        """The one address of it, or of another screen."""
        told_ = self._replace(**changed)
        pairs = {LANG: told_.lang, LESSON: told_.lesson, SCREEN: str(told_.screen)}
        if told_.drawn:
            pairs[DRAWN] = ".".join(str(height) for height in told_.drawn)
        elif told_.unsure:
            pairs[DRAWN] = UNSURE
        if told_.stop:
            pairs[STOP] = str(told_.stop)
        return urlencode(pairs)


def asked_of(query: Mapping[str, str], *, lang: str = LANGS[0]) -> Asked:
    """Read an address. ``lang``: for who names none. Never raises."""
    named = query.get(LANG, lang)
    w = words(named)
    problems = []
    if named not in LANGS:
        problems.append(w("lesson.bad.lang", value=quoted(named)))
        named = LANGS[0]
    lesson = query.get(LESSON, LESSONS[0])
    if lesson not in LESSONS:
        problems.append(w("lesson.bad.lesson", value=quoted(lesson)))
        return Asked(named, LESSONS[0], 1, problem=problems[0])
    found = facts(lesson)
    screen = _whole(query.get(SCREEN, "1"), len(SCREENS))
    if screen is None or screen < 1:
        problems.append(w("lesson.bad.screen", value=quoted(query[SCREEN])))
        screen = _nearest(query[SCREEN])
    heights, unsure = _drawn(query, found)
    if heights is None:
        problems.append(w("lesson.bad.drawn", value=quoted(query.get(DRAWN) or query[END])))
        heights = ()
    stop = _whole(query.get(STOP, "0"), len(found.stops) - 1)
    if stop is None:
        problems.append(w("lesson.bad.stop", value=quoted(query[STOP])))
    problem = problems[0] if problems else ""
    return Asked(named, lesson, screen, heights, unsure, stop or 0, problem)


def _whole(text: str, most: int) -> int | None:
    """A whole number from 0 to ``most`` in plain digits, or nothing."""
    if not (text.isascii() and text.isdigit()) or len(text) > 4 or int(text) > most:
        return None
    return int(text)


def _nearest(text: str) -> int:
    """The screen that is nearest to what was asked for."""
    digits = text.isascii() and text.isdigit()
    return len(SCREENS) if digits and (len(text) > 4 or int(text) > len(SCREENS)) else 1


def _drawn(query: Mapping[str, str], found: Facts) -> tuple[tuple[int, ...] | None, bool]:
    """(heights, not sure): of a drawing, or of a form; None: neither can be read."""
    text = query.get(DRAWN, "")
    if text == UNSURE:
        return (), True
    if not text and query.get(END):
        end = _whole(query[END], chart.STEPS)
        return (None if end is None else chart.straight(found, end)), False
    if not text:
        return (), False
    heights = [_whole(part, chart.STEPS) for part in text[:80].split(".")]
    good = tuple(height for height in heights if height is not None)
    return (good if len(good) == len(heights) == len(found.asked) else None), False


# -- the page --------------------------------------------------------------------------------------


def page(asked: Asked) -> str:
    """The screen as HTML."""
    w, found = words(asked.lang), facts(asked.lesson)
    said = told(asked.lesson, asked.lang)
    name = SCREENS[asked.screen - 1]
    screen = said.screens[name]
    if name == "play":
        screen = Said(screen.head, said.stops[asked.stop])
    at = LESSONS.index(asked.lesson)
    title, line = listed(asked.lesson, w)
    after = LESSONS[at + 1] if at + 1 < len(LESSONS) else ""
    return template(
        "teach/lesson.html",
        w=w,
        asked=asked,
        step=name,
        said=screen,
        told=said,
        title=title,
        line=line,
        progress=w(
            "lesson.progress",
            n=str(at + 1),
            all=str(len(LESSONS)),
            at=str(asked.screen),
            screens=str(len(SCREENS)),
        ),
        screens=len(SCREENS),
        chart=_chart(asked, found, said, name, w),
        ends=[(end, said.y(found.top * end / chart.STEPS)) for end in ENDS],
        end_question=w("lesson.end", x=said.x(found.asked[-1])),
        points=_points(asked, found, said),
        hidden=[(LANG, asked.lang), (LESSON, asked.lesson), (SCREEN, str(asked.screen + 1))],
        data=_data(asked, found, said, name, w),
        onward=_onward(asked, name, w),
        back=f".{PATH}?{asked.query(screen=asked.screen - 1)}" if asked.screen > 1 else "",
        skip=f".{PATH}?{asked.query(screen=asked.screen + 1, drawn=(), unsure=True)}",
        stops=[
            (f".{PATH}?{asked.query(stop=stop)}", text, stop == asked.stop)
            for stop, text in enumerate(said.values)
        ],
        ways=_ways(asked, found, after, w) if name == "think" else [],
        source=_source(asked, found, w) if name in {"reveal", "think"} else "",
        tongues=[
            (code, NAMES[code], f".{PATH}?{asked.query(lang=code)}", code == asked.lang)
            for code in LANGS
        ],
        box=chart,
        style=STYLE,
        script=SCRIPT,
    )


def _onward(asked: Asked, step: str, w: Words) -> tuple[str, str]:
    """The one way that is marked: its address and what it says."""
    if step in {"draw", "think"}:
        return "", ""
    said = {"offer": w("lesson.start"), "play": w("lesson.reveal")}.get(step, w("lesson.next"))
    return f".{PATH}?{asked.query(screen=asked.screen + 1, stop=0)}", said


def _ways(asked: Asked, found: Facts, after: str, w: Words) -> list[tuple[str, str]]:
    """Where to go from the last screen: the next lesson first."""
    lang = urlencode({LANG: asked.lang})
    if found.money:
        changes = {key: written(value) for key, value in found.settings.items()}
        query = {LANG: asked.lang, "scheme": found.preset, **changes}
        figures = f"./money?{urlencode(query, safe='@:,')}"
    else:
        figures = f"./?{urlencode({LANG: asked.lang, 'step': 'other', 'other': 'relay'})}"
    ways = []
    if after:
        title, _ = listed(after, w)
        to = Asked(asked.lang, after, 1).query()
        ways.append((f".{PATH}?{to}", w("lesson.onward", title=title)))
    ways += [
        (f"./room?{lang}", w("lesson.room")),
        (figures, w("lesson.money")),
        (f"./?{lang}", w("lesson.check")),
        (f"./teach?{lang}", w("lesson.all")),
    ]
    return ways


def _source(asked: Asked, found: Facts, w: Words) -> str:
    """The line below a finding: where the rule was read, its grade, and the preset."""
    source = source_of(asked.lesson)
    title = w.text(source.title.en, source.title.zh)
    grade = w(f"grade.{source.grade}")
    return w(
        "lesson.source", title=title, date=when(source.date, w), grade=grade, about=found.preset
    )


def _points(asked: Asked, found: Facts, said: Told) -> list[dict[str, Any]]:
    """The points to draw, each with its place in words."""
    heights = asked.drawn or (chart.level(found),) * len(found.asked)
    return [
        {
            "x": chart.across(found, x),
            "y": chart.up(height / chart.STEPS),
            "height": height,
            "name": said.x(x),
            "said": said.y(found.top * height / chart.STEPS),
        }
        for x, height in zip(found.asked, heights, strict=True)
    ]


def _chart(asked: Asked, found: Facts, said: Told, step: str, w: Words) -> dict[str, Any]:
    """What the chart of a screen shows."""
    early = step in {"offer", "draw"}
    at = asked.stop if step == "play" else found.usual
    stop = found.stops[at]
    parted = chart.parted(found)
    if early:
        rules = "" if parted else chart.line(found, found.curve, found.top, until=found.seen)
    else:
        rules = chart.shape(found, stop.curve)
    beside = found.beside if early else stop.beside
    # One scale for all stops where they are compared.
    beside_top = found.beside_top if step == "play" or beside is None else 1.2 * max(beside.y)
    legend = []
    if not early:
        end = said.y(stop.curve.y[-1])
        legend.append(("rules", w("lesson.series.rules", end=end)))
        if asked.drawn:
            end = said.y(found.top * asked.drawn[-1] / chart.STEPS)
            legend.append(("yours", w("lesson.series.yours", end=end)))
    if beside is not None:
        legend.append(("beside", said.besides[at]))
    return {
        "shown": step != "think" and not (step == "offer" and parted),
        "rules": rules,
        "parted": parted,
        "fresh": step == "reveal",
        "yours": chart.hand(found, asked.drawn) if asked.drawn and not early else "",
        "drawing": chart.hand(found, asked.drawn or _level(found)) if step == "draw" else "",
        "beside": chart.line(found, beside, beside_top) if beside is not None else "",
        "top": said.y(found.top),
        "first": said.x(found.curve.x[0]),
        "last": said.x(found.curve.x[-1]),
        "name": said.y_name,
        "start": (
            chart.across(found, found.seen),
            chart.up(found.curve.at(found.seen) / found.top),
        )
        if early and not parted
        else None,
        "legend": legend,
        "said": ". ".join([said.y_name, *(text for _, text in legend)]),
    }


def _level(found: Facts) -> tuple[int, ...]:
    return (chart.level(found),) * len(found.asked)


def _data(asked: Asked, found: Facts, said: Told, step: str, w: Words) -> str:
    """What the script of a screen needs, as JSON that cannot end its element."""
    told_: dict[str, Any] = {}
    if step == "draw":
        told_ = {
            "top": chart.TOP,
            "bottom": chart.BOTTOM,
            "steps": chart.STEPS,
            "labels": [said.y(found.top * step / chart.STEPS) for step in range(chart.STEPS + 1)],
        }
    if step == "play":
        told_ = {
            "stop": asked.stop,
            "values": said.values,
            "said": said.stops,
            "ends": [
                w("lesson.series.rules", end=said.y(stop.curve.y[-1])) for stop in found.stops
            ],
            "paths": [chart.shape(found, stop.curve) for stop in found.stops],
            "beside": [
                chart.line(found, stop.beside, found.beside_top)
                for stop in found.stops
                if stop.beside is not None
            ],
            "besides": said.besides,
        }
    return json.dumps(told_, ensure_ascii=False).replace("<", "\\u003c") if told_ else ""
