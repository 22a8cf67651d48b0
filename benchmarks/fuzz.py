"""Hard to break: mangled addresses, files, moves and widget values by the thousand.

Nothing may show a traceback, log an exception, or cost more than a bounded amount of processor
time. ``make test`` runs a part of it; this command all.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import json
import logging
import random
import string
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from streamlit.proto.WidgetStates_pb2 import WidgetState

from benchmarks.reader import Reader
from benchmarks.report import Report, Row, percentile
from benchmarks.servers import serving, with_uvicorn
from model.fields import Parameter
from model.library import preset, presets
from model.preset import SchemeError
from model.preset_file import FileError, read, written
from model.scheme import KINDS, named_parameters
from view.check import check
from view.claims import claims_page
from view.money import live, money, rules
from view.pages import PAGES
from view.parts.knobs import headline
from view.pictures import live_files
from view.serving.document import document
from view.settings import state
from view.words.words import LANGS

OWN = {"check": check.OWN, "money": money.OWN, "claims": claims_page.OWN}
#: Processor seconds that one address, file or message may cost at most.
MOST_CPU = 3.0
#: Markup: on a page it is text.
SCRIPT = "<script>alert(1)</script>"
NASTY = (
    *(
        "",
        " ",
        "0",
        "-0",
        "1",
        "-1",
        "1e999",
        "-1e999",
        "nan",
        "NaN",
        "Infinity",
        "1e308",
        "1e-320",
    ),
    *(
        "null",
        "none",
        "None",
        "true",
        "[]",
        "{}",
        "[[]]",
        "[1,2",
        '"',
        "'",
        SCRIPT,
    ),
    *(
        "${7*7}",
        "{{7*7}}",
        "{0}",
        "%s%n",
        "../../etc/passwd",
        "\x00",
        "\ud800",
        "\u202e",
        "0x10",
        "1_000",
    ),
    *(
        "９",
        "١",
        "1,5",
        "1/0",
        "[[30,0],[1,2]]",
        '{"a":1}',
        "[" * 500,
        "9" * 400,
        "😀" * 30,
        "‰",
        "\r\n\t",
    ),
)


@dataclass
class Found:
    """What a run of many inputs has found."""

    what: str
    number: int = 0
    #: Processor seconds of each, and the inputs that were not refused in order.
    cpu: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    slowest: str = ""

    def note(self, cpu: float, case: object) -> None:
        self.number += 1
        if cpu >= max(self.cpu, default=0.0):
            self.slowest = repr(case)[:600]
        self.cpu.append(cpu)


class _Listening(logging.Handler):
    """Everything that is logged with an exception, or as an error."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or record.levelno >= logging.ERROR:
            self.said.append(self.format(record))


@contextmanager
def listening() -> Iterator[list[str]]:
    """What is logged as a failure meanwhile."""
    handler = _Listening()
    loggers = [logging.getLogger(), logging.getLogger("view.serving.document")]
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield handler.said
    finally:
        for logger in loggers:
            logger.removeHandler(handler)


# -- addresses -------------------------------------------------------------------------------------


def address(chance: random.Random) -> dict[str, str]:
    """An address nobody meant; half of it may make sense."""
    query: dict[str, str] = {}
    names = [*presets(), *(f"{name}@{preset(name).revision}" for name in presets())]
    if chance.random() < 0.7:
        query[state.PRESET] = chance.choice(names)
    if chance.random() < 0.3:
        kinds = chance.choices((*KINDS, "x", ""), k=chance.randint(1, 5))
        query[state.PRESET] = "own:" + "+".join(kinds)
    try:
        chosen = preset(query.get(state.PRESET, presets()[0]))
    except SchemeError:
        chosen = preset(presets()[0])
    known = named_parameters(chosen.parts)
    for key in chance.sample(sorted(known), chance.randint(0, min(12, len(known)))):
        query[key] = value(known[key], chance)
    for own in OWN.values():
        for key in chance.sample(sorted(own), chance.randint(0, 3)):
            query[key] = chance.choice([*own[key], *NASTY, str(chance.randint(-9, 99999))])
    for _ in range(chance.choice((0, 0, 0, 1, 3, 130))):
        query[text(chance, 30)] = text(chance, 60)
    if chance.random() < 0.2:
        query["lang"] = chance.choice([*LANGS, *NASTY])
    items = list(query.items())
    chance.shuffle(items)
    return dict(items)


def value(parameter: Parameter, chance: random.Random) -> str:
    """A value for a parameter: an end of its range, beyond it, in it, or nonsense."""
    low = -1e12 if parameter.minimum is None else parameter.minimum
    high = 1e12 if parameter.maximum is None else parameter.maximum
    inside = chance.uniform(low, high)
    if parameter.unit in {"ticks", "count"}:
        inside = round(inside)
    choices = (low, high, inside, low - 1, high + 1, low + 1e-12, high * (1 + 1e-12), None)
    drawn = chance.choice(choices)
    return chance.choice(NASTY) if drawn is None else state.written(drawn)


def text(chance: random.Random, most: int) -> str:
    """Any characters."""
    letters = string.printable if chance.random() < 0.5 else [chr(n) for n in range(1, 0x300)]
    return "".join(chance.choices(letters, k=chance.randint(0, most)))


def addresses(number: int, seed: int) -> Iterator[dict[str, str]]:
    """So many addresses, the same ones for the same seed."""
    chance = random.Random(seed)
    for _ in range(number):
        yield address(chance)


def try_addresses(number: int, seed: int = 6) -> Found:
    """Parse each for every page, and paint what a visitor of one of them in turn reads first."""
    found = Found("mangled addresses, parsed and painted")
    chance = random.Random(seed + 1)
    with listening() as said:
        for query in addresses(number, seed):
            raw = urlencode(query, errors="surrogatepass")
            wire = dict(parse_qsl(raw, keep_blank_values=True, errors="replace"))
            page = PAGES[found.number % len(PAGES)]
            start = time.process_time()
            try:
                for own in OWN.values():
                    state.parse(wire, page=own)
                html = document(page, chance.choice(LANGS), wire)
            except Exception as error:  # noqa: BLE001 - that is what is looked for
                found.broken.append(f"{page.path}?{raw}: {error!r}")
                continue
            found.note(time.process_time() - start, f"{page.path}?{raw}")
            if "Traceback" in html or SCRIPT in html:
                found.broken.append(f"{page.path}?{raw}: shown")
            if said:
                found.broken.append(f"{raw}: {said[-1][-600:]}")
                said.clear()
    return found


# -- files -----------------------------------------------------------------------------------------


def file(chance: random.Random, good: list[str]) -> bytes:
    """A preset file, more or less."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.choice((0, 1, 50, 5000, 70_000)))
    lines = chance.choice(good).splitlines()
    for _ in range(chance.randint(0, 6)):
        at = chance.randrange(len(lines))
        how = chance.randrange(8)
        if how == 0:
            del lines[at : at + chance.randint(1, 12)]
            lines = lines or [""]
        elif how == 1:
            lines.insert(at, chance.choice(lines))
        elif how == 2 and "=" in lines[at]:
            lines[at] = f"{lines[at].partition('=')[0]}= {chance.choice(NASTY)}"
        elif how == 3 and "=" in lines[at]:
            nasty = chance.choice(("1e400", "-1", "9" * 300, "inf", "nan", "1979-05-27", "0x1F"))
            lines[at] = f"{lines[at].partition('=')[0]}= {nasty}"
        elif how == 4:
            lines[at] = "[" * chance.choice((1, 20, 3000)) + lines[at]
        elif how == 5:
            chance.shuffle(lines)
        elif how == 6:
            lines[at] = lines[at].replace("points_pool", chance.choice((*KINDS, "x.y", "")))
        else:
            lines[at] += text(chance, 20)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if chance.random() < 0.2:
        data = data[: chance.randrange(len(data) + 1)]
    if chance.random() < 0.2 and data:
        at = chance.randrange(len(data))
        data = data[:at] + chance.randbytes(3) + data[at + 3 :]
    return data


def try_files(
    number: int, seed: int = 6, *, page: Callable[[bytes], object] | None = None
) -> Found:
    """Read each; ``page`` does with a file what the page does."""
    found = Found("random files, read")
    chance = random.Random(seed)
    good = [
        written(preset(name).scheme(), name=preset(name).name, summary=preset(name).summary)
        for name in presets()
    ]
    for _ in range(number):
        data = file(chance, good)
        start = time.process_time()
        try:
            read(data).scheme()
            if page is not None:
                page(data)
        except FileError as error:
            # One for an unknown key may name every key there is; the page says it in its own words.
            long = len(str(error)) > 400 and error.what != "unknown"
            if "\n" in str(error) or long:
                found.broken.append(f"{data[:300]!r}: no sentence: {error}")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            found.broken.append(f"{data[:300]!r}: {error!r}")
        found.note(time.process_time() - start, data[:200])
    return found


# -- moves -----------------------------------------------------------------------------------------


def move(chance: random.Random) -> bytes:
    """What a live knob may have sent, more or less."""
    query = address(chance)
    kept = {"query": urlencode(query, errors="replace"), "lang": "en", "dark": False, "height": 310}
    scheme = query.get(state.PRESET, "")
    keys: list[str] = []
    with suppress(SchemeError):
        chosen = preset(scheme)
        scheme, keys = (
            chosen.reference,
            [*headline(chosen.scheme()), *named_parameters(chosen.parts)],
        )
    strange = (*NASTY, None, True, [], {}, -1, 0, 1e308, 10**400, 50, 0.5, 33.3)
    values = {key: chance.choice(strange) for key in keys if chance.random() < 0.3}
    message: dict[str, object] = {"seq": 1, "scheme": scheme, "values": values, "page": kept}
    for part in (message, kept):
        for key in [*part, "x"]:
            if chance.random() < 0.06:
                part[key] = chance.choice(strange)
    data = json.dumps(message).encode()
    if chance.random() < 0.15 and data:
        at = chance.randrange(len(data))
        data = data[:at] + chance.randbytes(2) + data[at + chance.randint(0, 40) :]
    return data


def _no_number(text: str) -> None:
    raise ArithmeticError(f"{text} in a figure")


def try_moves(number: int, seed: int = 6) -> Found:
    """Answer each as the server does."""
    found = Found("mangled moves of a live knob")
    chance = random.Random(seed)
    for _ in range(number):
        data = move(chance)
        start = time.process_time()
        try:
            for panel in json.loads(live.answer(data))["panels"]:
                json.loads(panel["figure"], parse_constant=_no_number)
        except live.RefusedError as error:
            if "\n" in str(error) or len(str(error)) > 400:
                found.broken.append(f"{data[:600]!r}: no sentence: {error}")
        except Exception as error:  # noqa: BLE001 - that is what is looked for
            found.broken.append(f"{data[:600]!r}: {error!r}")
        found.note(time.process_time() - start, data[:600])
    return found


# -- widgets ---------------------------------------------------------------------------------------

VISITS = (
    ("/", "lang=en"),
    ("/money", "lang=zh-Hans"),
    ("/money", "lang=en&knobs=plain&scheme=daily-release"),
    ("/money", "lang=en&view=steps"),
    ("/money", "lang=en&view=people"),
    ("/money", "lang=en&view=compare"),
    ("/money", "lang=zh-Hant&view=rules"),
    ("/money", "lang=en&view=whose"),
    ("/claims", "lang=zh-Hans"),
    ("/sources", "lang=en"),
)


def disturbed(widget_id: str, chance: random.Random) -> WidgetState:
    """A state that the widget's own browser code would never send."""
    w = WidgetState(id=widget_id)
    number = chance.choice((0.0, -1.0, 1e308, -1e308, float("nan"), float("inf"), 50.5, 1e-320))
    whole = chance.choice((0, -1, 2**31, 2**62, -(2**62), 7))
    words = chance.choice(NASTY).encode("utf-8", "replace").decode("utf-8")
    how = chance.randrange(11)
    if how == 0:
        w.trigger_value = True
    elif how == 1:
        w.bool_value = chance.random() < 0.5
    elif how == 2:
        w.double_value = number
    elif how == 3:
        w.int_value = whole
    elif how == 4:
        w.string_value = words
    elif how == 5:
        w.json_value = words
    elif how == 6:
        w.bytes_value = chance.randbytes(20)
    elif how == 7:
        w.double_array_value.data.extend([number] * chance.randint(0, 4))
        w.double_array_value.SetInParent()
    elif how == 8:
        w.int_array_value.data.extend([whole] * chance.randint(0, 4))
        w.int_array_value.SetInParent()
    elif how == 9:
        w.string_array_value.data.extend([words] * chance.randint(0, 4))
        w.string_array_value.SetInParent()
    else:
        w.file_uploader_state_value.uploaded_file_info.add(name=words, file_id="x", size=whole % 99)
    return w


async def disturb(server: str, number: int, seed: int, cpu: Callable[[], float]) -> Found:
    """Send so many such states, a few at a time, to every page in turn."""
    found = Found("widget values out of range, of the wrong kind, of no widget")
    chance = random.Random(seed)
    while found.number < number:
        path, query = VISITS[found.number % len(VISITS)]
        reader = Reader(server, path, query)
        first = await reader.open()
        if first.errors:
            found.broken.append(f"{path}?{query}: {first.errors}")
        ids = [*reader.widgets, "$$ID-0-money|nothing", "", "$$GENERATED-1"]
        for _ in range(4):
            some = [disturbed(id_, chance) for id_ in chance.sample(ids, min(2, len(ids)))]
            reader.states = {state.id: state for state in some}
            before = cpu()
            run = await reader.rerun(chance.choice([*ids, ""]), timeout=90)
            found.note(cpu() - before, (path, query, [str(state) for state in some]))
            if run.errors:
                sent = " ; ".join(str(state).replace("\n", " ")[:200] for state in some)
                found.broken.append(f"{path}?{query}: {sent}: {run.errors}")
            if SCRIPT in run.texts:
                found.broken.append(f"{path}?{query}: {some}: not shown as text")
        await reader.close()
    return found


# -- over the wire ---------------------------------------------------------------------------------


def requested(server: str, number: int, seed: int, cpu: Callable[[], float]) -> Found:
    """Mangled addresses as requests; raw bytes in some of them."""
    found = Found("mangled addresses over HTTP")
    host = urlsplit(server).netloc
    chance = random.Random(seed)
    for query in addresses(number, seed):
        target = chance.choice(
            ("/", "/money", "/claims", "/nothing", "/money/", "/static/../app.py")
        )
        raw = urlencode(query, errors="surrogatepass")[:8000]
        if chance.random() < 0.2:
            raw += "&" + quote(chance.randbytes(20)) + "=%ff%00&&=&%"
        before = cpu()
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.putrequest("GET", f"{target}?{raw}")
        connection.putheader(
            "Accept-Language", chance.choice(("zh-CN", "en", "zh-TW,*;q=0", ";;,"))
        )
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        connection.close()
        found.note(cpu() - before, f"{target}?{raw}")
        if answer.status >= 500 or "Traceback" in body:
            found.broken.append(f"{target}?{raw}: {answer.status}")
        if answer.getheader("X-Content-Type-Options") != "nosniff":
            found.broken.append(f"{target}: {answer.status} without its headers")
    return found


def posted(server: str, number: int, seed: int, cpu: Callable[[], float]) -> Found:
    """Mangled moves as requests, some of another kind or far too long."""
    found = Found("mangled moves over HTTP")
    host = urlsplit(server).netloc
    chance = random.Random(seed)
    for _ in range(number):
        data = move(chance) if chance.random() < 0.9 else b" " * (live.MOST_BYTES + 1)
        kind = chance.choice(("application/json",) * 8 + ("text/plain", ""))
        before = cpu()
        connection = http.client.HTTPConnection(host, timeout=60)
        connection.request("POST", live_files.MOVE, data, {"Content-Type": kind})
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
        connection.close()
        found.note(cpu() - before, data[:600])
        said = answer.status in {400, 413, 415} and body.count("\n") == 1 and len(body) < 400
        if not (answer.status == 200 or said):
            found.broken.append(f"{data[:600]!r}: {answer.status} {body[:300]}")
        if answer.getheader("X-Content-Type-Options") != "nosniff":
            found.broken.append(f"a move: {answer.status} without its headers")
    return found


async def visited(server: str, number: int, seed: int, cpu: Callable[[], float]) -> Found:
    """Mangled addresses opened as pages."""
    found = Found("mangled addresses, the whole page")
    chance = random.Random(seed)
    for query in addresses(number, seed):
        raw = urlencode(query, errors="surrogatepass")
        reader = Reader(server, chance.choice(PAGES).path, raw)
        before = cpu()
        run = await reader.open(timeout=120)
        found.note(cpu() - before, f"{reader.path}?{raw}")
        if run.errors:
            found.broken.append(f"{reader.path}?{raw}: {run.errors}")
        if SCRIPT in run.texts:
            found.broken.append(f"{reader.path}?{raw}: not shown as text")
        await reader.close()
    return found


#: What uvicorn and Streamlit say of input that they refuse.
REFUSED = ("Invalid HTTP request received",)


def failures(log: str) -> list[str]:
    """The tracebacks in a server's log."""
    return [part[-900:] for part in log.split("Traceback (most recent call last)")[1:]]


# -- the command -----------------------------------------------------------------------------------


def add(report: Report, found: Found) -> None:
    """One line of what was found."""
    figures = {
        "number": float(found.number),
        "median": 1e3 * percentile(found.cpu, 0.5),
        "p99": 1e3 * percentile(found.cpu, 0.99),
        "most": 1e3 * max(found.cpu),
        "broken": float(len(found.broken)),
    }
    report.add(Row(found.what, figures, unit="ms of CPU", held="most", most=1e3 * MOST_CPU))
    report.errors += len(found.broken)
    report.samples[found.what] = {"broken": found.broken[:50], "slowest": found.slowest}
    for case in found.broken[:5]:
        print(f"BROKEN {case[:1500]}", file=sys.stderr)
    print(f"{found.what}: slowest {max(found.cpu):.2f} s: {found.slowest}", file=sys.stderr)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--urls", type=int, default=10_000)
    parser.add_argument("--files", type=int, default=1_000)
    parser.add_argument("--moves", type=int, default=1_000)
    parser.add_argument("--widgets", type=int, default=800)
    parser.add_argument("--requests", type=int, default=500)
    parser.add_argument("--visits", type=int, default=200)
    parser.add_argument("--seed", type=int, default=6)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if anything broke")
    asked = parser.parse_args()
    report = Report("Hard to break")
    if asked.urls:
        add(report, try_addresses(asked.urls, asked.seed))
    if asked.files:
        add(report, try_files(asked.files, asked.seed, page=rules.opened))
    if asked.moves:
        add(report, try_moves(asked.moves, asked.seed))
    with serving(*with_uvicorn("app:app")) as server:
        url, cpu, seed = server.url, server.cpu, asked.seed
        if asked.requests:
            add(report, requested(url, asked.requests, seed, cpu))
            add(report, posted(url, asked.requests, seed, cpu))
        if asked.visits:
            add(report, asyncio.run(visited(url, asked.visits, seed, cpu)))
        if asked.widgets:
            add(report, asyncio.run(disturb(url, asked.widgets, seed, cpu)))
        said = failures(server.said())
    for part in said[:3]:
        print(part, file=sys.stderr)
    report.add(Row("tracebacks in the server's log", {"number": float(len(said))}, unit=""))
    report.errors += len(said)
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
