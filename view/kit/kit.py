"""What is in the kit, as data: lessons, their parts, the pages of a part, the blocks of a page.

Whatever a lesson already says (``view/teach/said.py``) is said here in the same words; numbers are
those of :mod:`view.kit.numbers`. How a block looks on paper is for the templates.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from model import flags
from view.kit import drawing
from view.kit.games import NOTES_A_PAGE, game
from view.kit.numbers import OFFER, ROOM, numbers, said, split
from view.sentences.facts import when
from view.teach import lessons
from view.teach.facts import LESSONS, facts
from view.teach.said import listed, source_of, told
from view.words import format as fmt
from view.words.words import LANGS, Words, words

#: In the order of the index: the class room, then the lessons for one.
KITS: Final = (ROOM, *LESSONS)
PARTS: Final = ("plan", "sheet", "answers", "slides", "game", "ticket")
#: Pages of each part on paper, of games and slides see :func:`count`.
PAGES: Final = {"plan": 2, "sheet": 1, "answers": 1, "ticket": 1}
#: Minutes at which each step begins, and at which the lesson ends.
MINUTES: Final = {ROOM: (0, 5, 10, 25, 30, 38, 42, 45)}
MINUTES_LESSON: Final = (0, 4, 9, 24, 28, 31, 37, 40)
#: Tickets on a page, and lines to write on below a question.
TICKETS: Final = 4
LINES: Final = 2
#: Where things are on the server.
PATH, ROOM_PATH = "/kit", "/room"
#: Where everybody reaches the server, when it knows: paper cannot be clicked.
BASE: Final = os.environ.get("WHO_PAYS_ADDRESS", "").rstrip("/")


class Block(NamedTuple):
    """A part of a page. kind: which piece of the template shows it; data: what it shows."""

    kind: str
    data: Any


class Page(NamedTuple):
    """A page of paper, or a slide. name: what it is called on itself."""

    name: str
    blocks: tuple[Block, ...]
    kind: str = "paper"


class Card(NamedTuple):
    """A card to cut out: its head, and lines to be filled in."""

    head: str
    lines: tuple[str, ...]


class Told(NamedTuple):
    """A lesson's own words: (head, text), ``finding`` with what it rests on below."""

    title: str
    line: str
    offer: tuple[str, str]
    draw: tuple[str, str]
    finding: tuple[str, str, str]
    why: tuple[str, str]
    heard: tuple[tuple[str, str], ...]
    think: tuple[str, str]


class _Speaker:
    """Says sentences of one lesson in one language, its numbers filled in."""

    def __init__(self, lesson: str, lang: str) -> None:
        self.lesson, self.w = lesson, words(lang)
        self._numbers = numbers(lesson, lang)

    def __call__(self, name: str) -> str:
        """The sentence ``kit.<lesson>.<name>``; raises KeyError for a number that is not there."""
        key = f"kit.{self.lesson}.{name}"
        return self.w(key, **{one: self._numbers[one] for one in self.w.wants(key)})

    def lines(self, name: str) -> list[str]:
        """The same, line by line."""
        return self(name).split("\n")

    def two(self, name: str) -> tuple[str, str]:
        """Head and text."""
        head, _, text = self(name).partition("\n")
        return head, text


def own_words(lesson: str, lang: str) -> Told:
    """What a lesson says of itself; of the class room its own sentences."""
    speak = _Speaker(lesson, lang)
    if lesson == ROOM:
        return Told(
            *title_of(lesson, speak.w),
            speak.two("offer"),
            speak.two("draw"),
            (*speak.two("reveal"), speak("assumed")),
            speak.two("why"),
            (),
            speak.two("think"),
        )
    found = told(lesson, lang)
    screens = found.screens
    both = {name: (screen.head, screen.text) for name, screen in screens.items()}
    reveal = screens["reveal"]
    return Told(
        *title_of(lesson, speak.w),
        both["offer"],
        both["draw"],
        (reveal.head, reveal.text, reveal.below),
        both["why"],
        (both["heard"], speak.two("heard")),
        both["think"],
    )


# -- the parts -------------------------------------------------------------------------------------


def pages(lesson: str, part: str, lang: str) -> tuple[Page, ...]:
    """The pages of a part; raises KeyError for what there is not."""
    return _PARTS[part](lesson, words(lang))


def named(lesson: str, w: Words) -> str:
    """What a kit is called in the index: class room, or the number of its lesson."""
    if lesson == ROOM:
        return w("kit.room")
    return w("kit.lesson", n=fmt.count(LESSONS.index(lesson) + 1, w.lang))


def title_of(lesson: str, w: Words) -> tuple[str, str]:
    """Title and one line; nothing is worked out for it."""
    if lesson == ROOM:
        return w("kit.room.title"), w("kit.room.line")
    return listed(lesson, w)


def part_name(part: str, w: Words) -> str:
    """What a part is called."""
    return {
        "plan": w("kit.part.plan"),
        "sheet": w("kit.part.sheet"),
        "answers": w("kit.part.answers"),
        "slides": w("kit.part.slides"),
        "game": w("kit.part.game"),
        "ticket": w("kit.part.ticket"),
    }[part]


def minutes(lesson: str) -> tuple[int, ...]:
    """When each step begins, and the end."""
    return MINUTES.get(lesson, MINUTES_LESSON)


def _plan(lesson: str, w: Words) -> tuple[Page, ...]:
    """Aim, minutes and what to say; questions, what is said, what goes wrong, how to start."""
    speak, own = _Speaker(lesson, w.lang), own_words(lesson, w.lang)
    room = lesson == ROOM
    need = w("kit.need.room") if room else w("kit.need.lesson", players=_players(lesson, w))
    first = (
        _title(lesson, w, own),
        Block("facts", ((w("kit.aim"), speak("aim")), (w("kit.need"), need))),
        Block("finding", (w("kit.finding"), (" " if w.lang == "en" else "").join(own.finding[1:]))),
        Block("head", w("kit.minutes", n=fmt.count(minutes(lesson)[-1], w.lang))),
        Block("table", (_steps_head(w), _steps(lesson, w, speak, own), "steps")),
    )
    asked = zip(speak.lines("ask"), speak.lines("listen"), strict=True)
    wrong = w("kit.wrong.room") if room else w("kit.wrong.lesson")
    second = (
        Block("head", w("kit.ask")),
        Block("asked", tuple((one, w("kit.listen", text=text)) for one, text in asked)),
        Block("head", w("kit.heard")),
        Block("pairs", (*own.heard, *_pairs(w("kit.heard.always")))[:4]),
        Block("head", w("kit.wrong")),
        Block("pairs", _pairs(wrong)),
        Block("head", w("kit.family")),
        Block("text", _family(w)),
        Block("calls", _calls(w)),
        Block("head", w("kit.start") if room else w("kit.phones")),
        Block("text", _start(lesson, w)),
        Block("small", _source(lesson, w)),
    )
    name = part_name("plan", w)
    return Page(name, first), Page(name, second)


def _title(lesson: str, w: Words, own: Told) -> Block:
    return Block("title", (f"{named(lesson, w)} · {w('kit.exercise')}", own.title, own.line))


def _players(lesson: str, w: Words) -> str:
    return fmt.count(len(game(lesson).cards), w.lang)


def _steps_head(w: Words) -> tuple[str, ...]:
    return w("kit.minutes.minute"), w("kit.minutes.what"), w("kit.minutes.say")


def _steps(lesson: str, w: Words, speak: _Speaker, own: Told) -> tuple[tuple[str, ...], ...]:
    if lesson == ROOM:
        what, say = speak.lines("steps"), speak.lines("say")
    else:
        title = speak.two("game")[0]
        what = w("kit.steps").split("\n")
        say = [
            own.offer[1],
            own.draw[1],
            w("kit.say.game", title=title),
            own.finding[1],
            own.why[1],
            w("kit.say.ask"),
            w("kit.say.ticket"),
        ]
    begins = [fmt.count(minute, w.lang) for minute in minutes(lesson)[:-1]]
    return tuple(zip(begins, what, say, strict=True))


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    """Lines in twos: what happens, and what to do."""
    lines = text.split("\n")
    return tuple(zip(lines[::2], lines[1::2], strict=True))


def _family(w: Words) -> str:
    return w("kit.family.text", check=w("page.check.nav"), paid=w("wizard.paid"))


def _calls(w: Words) -> tuple[tuple[str, str], ...]:
    """Numbers to ring, as the page Check has them."""
    return tuple(
        (line.call, w.text(line.text.en, line.text.zh)) for line in flags.advice() if line.call
    )


def _start(lesson: str, w: Words) -> str:
    if lesson == ROOM:
        return w("kit.start.text", address=f"{BASE}{ROOM_PATH}/new")
    return w(
        "kit.start.lesson",
        address=f"{BASE}{lessons.PATH}?n={lesson}",
        room=f"{BASE}{ROOM_PATH}",
    )


def _source(lesson: str, w: Words) -> str:
    shown = OFFER if lesson == ROOM else lesson
    source = source_of(shown)
    text = w(
        "kit.frame.source",
        title=w.text(source.title.en, source.title.zh),
        date=when(source.date, w),
        grade=w(f"grade.{source.grade}"),
    )
    return w("kit.frame", about=facts(shown).preset, source=text)


def _sheet(lesson: str, w: Words) -> tuple[Page, ...]:
    """The offer, a chart to draw on, questions, and a sentence at the end."""
    speak, own = _Speaker(lesson, w.lang), own_words(lesson, w.lang)
    blocks = (
        Block("name", w("kit.name")),
        _title(lesson, w, own),
        Block("box", (w("kit.offer"), *own.offer)),
        *([] if lesson == ROOM else [_draw(lesson, w, own)]),
        Block("head", w("kit.questions")),
        Block("tasks", tuple((text, (), _lines(lesson)) for text in speak.lines("task"))),
        Block("later", (w("kit.later"), LINES)),
    )
    return (Page(part_name("sheet", w), blocks),)


def _lines(lesson: str) -> int:
    """Lines to write on: more where there is no chart."""
    return LINES + 1 if lesson == ROOM else LINES


def _draw(lesson: str, w: Words, own: Told) -> Block:
    return Block("draw", (own.draw[1], drawing.curve(lesson, w.lang, solved=False)))


def _answers(lesson: str, w: Words) -> tuple[Page, ...]:
    """The same questions with what the model says, the chart, the ticket's answers."""
    speak, own = _Speaker(lesson, w.lang), own_words(lesson, w.lang)
    solved = zip(speak.lines("task"), speak.lines("solved"), strict=True)
    _, *asked = speak.lines("ticket")
    ticket = zip(asked, speak.lines("ticket.solved"), strict=True)
    blocks = (
        _title(lesson, w, own),
        Block("small", w("kit.answers.say")),
        Block("draw", (own.finding[1], drawing.curve(lesson, w.lang, solved=True))),
        Block("small", own.finding[2]),
        Block("tasks", tuple((text, (answer,), 0) for text, answer in solved)),
        Block("head", w("kit.answers.ticket")),
        Block("tasks", tuple((text, (answer,), 0) for text, answer in ticket)),
        Block("small", _source(lesson, w)),
    )
    return (Page(part_name("answers", w), blocks),)


def _slides(lesson: str, w: Words) -> tuple[Page, ...]:
    """One idea each, for the wall."""
    speak, own = _Speaker(lesson, w.lang), own_words(lesson, w.lang)
    shown = [
        (*own.offer, ""),
        (*own.draw, "" if lesson == ROOM else drawing.curve(lesson, w.lang, solved=False)),
        *_split(lesson, w),
        (w("kit.slide.play"), ": ".join(speak.two("game")), ""),
        (own.finding[0], own.finding[1], drawing.curve(lesson, w.lang, solved=True)),
        (*own.why, ""),
        *((head, text, "") for head, text in own.heard),
        *((w("kit.ask"), text, "") for text in speak.lines("ask")),
        (*_last(lesson, w), ""),
    ]
    foot = f"{w('kit.exercise')} · {facts(OFFER if lesson == ROOM else lesson).preset}"
    return tuple(
        Page(foot, (Block("slide", (head, text, picture)),), "slide")
        for head, text, picture in shown
    )


def _split(lesson: str, w: Words) -> list[tuple[str, str, str]]:
    """The slide with one order in its parts, where there is a pool."""
    found = split(lesson)
    if found is None:
        return []
    spend, part = found
    amounts = fmt.yuan(part, w.lang), fmt.yuan(spend - part, w.lang)
    if lesson == "sound":
        texts = (
            w("kit.slide.aside", amount=amounts[0]),
            w("kit.slide.shop", amount=amounts[1]),
        )
    else:
        texts = w("kit.slide.into", amount=amounts[0]), w("kit.slide.rest", amount=amounts[1])
    head = w("kit.slide.split", spend=fmt.yuan(spend, w.lang))
    return [(head, "\n".join(texts), drawing.bar(spend, part))]


def _last(lesson: str, w: Words) -> tuple[str, str]:
    """The last word."""
    if lesson == "relay":
        text = w("kit.slide.last.relay")
    elif lesson == "sound":
        text = f"{own_words(lesson, w.lang).title}\n{w('kit.slide.last.sound')}"
    else:
        text = w("kit.slide.last")
    head, _, rest = text.partition("\n")
    return head, rest


def _game(lesson: str, w: Words) -> tuple[Page, ...]:
    """Rules, cards, notes where there are, an empty ledger, the worked example."""
    speak, found = _Speaker(lesson, w.lang), game(lesson)
    name = part_name("game", w)
    title, line = speak.two("game")
    sub = w("kit.game.for", players=_players(lesson, w), minutes=fmt.count(_span(lesson), w.lang))
    print_ = [w("kit.game.print")]
    if found.note:
        note = fmt.yuan(found.note, w.lang)
        copies = fmt.count(found.pages_of_notes, w.lang)
        print_.append(w("kit.game.notes", note=note, copies=copies))
    rules = (
        Block("title", (f"{named(lesson, w)} · {w('kit.exercise')}", title, line)),
        Block("text", sub),
        Block("head", w("kit.game.rules")),
        Block("steps", tuple(speak.lines("game.rules"))),
        Block("head", w("kit.game.after")),
        Block("text", w("kit.game.after.text")),
        *(Block("small", text) for text in print_),
        Block("small", _rule(lesson, w)),
    )
    columns = tuple(speak.lines("game.columns"))
    rows = tuple(tuple(said(cell, w.lang) for cell in row) for row in found.rows)
    empty = tuple((row[0], *("" for _ in row[1:])) for row in rows)
    worked = (
        Block("head", w("kit.game.worked")),
        Block("text", w("kit.game.worked.text")),
        Block("table", (columns, rows, "numbers")),
        *(Block("text", text) for text in speak.lines("game.worked")),
        Block("small", _rule(lesson, w)),
    )
    made = [
        Page(name, rules),
        Page(name, (Block("head", w("kit.game.cards")), Block("cards", _cards(lesson, w)))),
    ]
    if found.note:
        note = fmt.yuan(found.note, w.lang)
        notes = (note, w("kit.game.from"), NOTES_A_PAGE)
        made.append(Page(name, (Block("head", w("kit.game.money")), Block("notes", notes))))
    ledger = (
        Block("head", f"{w('kit.game.ledger')} · {title}"),
        Block("text", w("kit.game.ledger.text")),
        Block("table", (columns, empty, "ledger")),
    )
    return (*made, Page(name, ledger), Page(name, worked))


def _span(lesson: str) -> int:
    """Minutes of the third step: that is where the class plays."""
    begins = minutes(lesson)
    return begins[3] - begins[2]


def _rule(lesson: str, w: Words) -> str:
    about = game(lesson).preset
    if game(lesson).changed:
        otherwise = _Speaker(lesson, w.lang)("game.otherwise")
        return w("kit.game.changed", about=about, changed=otherwise)
    return w("kit.game.rule", about=about)


def _cards(lesson: str, w: Words) -> tuple[Card, ...]:
    key = f"kit.{lesson}.game.card"
    cards = []
    for numbers_ in game(lesson).cards:
        values = {name: said(cell, w.lang) for name, cell in numbers_.items()}
        head, *lines = w(key, **{one: values[one] for one in w.wants(key)}).split("\n")
        cards.append(Card(head, tuple(lines)))
    return tuple(cards)


def _ticket(lesson: str, w: Words) -> tuple[Page, ...]:
    """A new offer and two questions, four to a page."""
    offer, *asked = _Speaker(lesson, w.lang).lines("ticket")
    one = (w("kit.ticket.head"), w("kit.name"), offer, tuple(asked), w("kit.ticket.unsure"))
    return (Page(part_name("ticket", w), (Block("tickets", (one, TICKETS)),)),)


_PARTS: Final = {
    "plan": _plan,
    "sheet": _sheet,
    "answers": _answers,
    "slides": _slides,
    "game": _game,
    "ticket": _ticket,
}


#: Of the paper games those that are played with notes have one page more.
WITH_NOTES: Final = frozenset({ROOM, "price", "queue", "daily", "sound"})


def count(lesson: str, part: str) -> int:
    """Pages of a part on paper, as the index says; of the slides, which are worked out, as made."""
    if part == "game":
        return 4 + (lesson in WITH_NOTES)
    return PAGES[part] if part in PAGES else len(pages(lesson, part, LANGS[0]))


def parts(lesson: str, w: Words) -> Sequence[tuple[str, str, str]]:
    """(id, name, how many pages) of each part of a kit; of the slides nothing is counted."""
    return [
        (
            part,
            part_name(part, w),
            w("kit.pages", n=fmt.count(count(lesson, part), w.lang)) if part != "slides" else "",
        )
        for part in PARTS
    ]
