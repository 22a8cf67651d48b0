"""How long our page takes, beside a bare Streamlit page: ``python -m benchmarks.page``.

Both are served and opened in the same run, in one headless Chromium, and measured in turn from
inside the page (``page.js``). The bare page draws as many charts, of the same size and with as many
points, and nothing else (``bare_page.py``); the settings in .streamlit hold for both.
"""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from benchmarks.report import Report, Row, percentile, ratio
from benchmarks.servers import served, with_streamlit, with_uvicorn
from tests import chromium

SCRIPT = Path(__file__).resolve().parent / "page.js"
SIZE = {"width": 1280, "height": 900}
#: The accessible name of the slider for the pool's share, long or short.
KNOB = re.compile(r"share\b.*\bpool", re.IGNORECASE)
PATIENCE = 15_000  # ms for any one thing
STILL = 700  # ms without a change before the next key press: our page follows a hand at rest
#: A browser that slows what it believes nobody is looking at would measure itself.
ARGS = (
    *chromium.ARGS,
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
)
MEGABYTE = 1e6


class Deadline:
    """Ends the benchmark when it takes longer than anybody expects."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def check(self) -> None:
        if time.monotonic() > self._end:
            raise TimeoutError("the benchmark took too long and was stopped")


@contextmanager
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """Somebody new: nothing in the cache."""
    context = browser.new_context(viewport=SIZE, locale="en-US", color_scheme="light")
    context.set_default_timeout(PATIENCE)
    context.add_init_script(path=SCRIPT)
    try:
        yield context
    finally:
        context.close()


def wait_for_charts(page: Page) -> None:
    """Wait until as many charts are drawn as ``benchCharts`` asks for."""
    if not page.evaluate(f"bench.drawn({PATIENCE})"):
        raise TimeoutError(f"{page.url} does not draw its charts")


def settle(page: Page) -> None:
    """Wait until the script has run to its end and the page has come to rest."""
    page.wait_for_selector('[data-testid="stApp"]')
    if not page.evaluate(f"bench.quiet({STILL}, {PATIENCE})"):
        raise TimeoutError(f"{page.url} does not come to rest")


# -- A key press -----------------------------------------------------------------


@dataclass
class Knob:
    """A page with its slider, ready to be moved by a key."""

    page: Page
    slider: Locator
    key: str = "ArrowRight"
    figures: list[dict[str, float]] = field(default_factory=list)

    def press(self) -> dict[str, float]:
        """Press the key once; milliseconds until every chart shows something else."""
        self.page.bring_to_front()
        self.slider.focus()
        if self.slider.evaluate("slider => Number(slider.value) >= Number(slider.max)"):
            self.key = "ArrowLeft"
        settle(self.page)
        self.page.evaluate("bench.arm()")
        self.page.keyboard.press(self.key)
        figures: dict[str, float] = self.page.evaluate(f"bench.result({PATIENCE})")
        settle(self.page)
        return figures


def open_knob(context: BrowserContext, url: str, name: str | re.Pattern[str]) -> Knob:
    page = context.new_page()
    page.add_init_script("window.benchCharts = 3;")
    page.goto(url)
    slider = page.get_by_test_id("stMain").get_by_role("slider", name=name).first
    slider.wait_for(state="attached")
    wait_for_charts(page)
    settle(page)
    return Knob(page, slider)


def panels_query(panels: list[dict[str, Any]]) -> str:
    """The address of a bare page that draws as much."""
    parts = (f"{p['kind']},{p['traces']},{p['points']},{p['width']},{p['height']}" for p in panels)
    return "?" + urlencode({"panels": ";".join(parts)})


def key_presses(
    report: Report, browser: Browser, ours: str, bare: str, presses: int, deadline: Deadline
) -> str:
    """Ours and the bare page in turn; returns the query that makes the bare page like ours."""
    with visitor(browser) as one, visitor(browser) as other:
        a = open_knob(one, f"{ours}/money?lang=en", KNOB)
        panels = a.page.evaluate("bench.panels()")
        if len(panels) != 3:
            raise RuntimeError(f"three charts were expected on /money, {len(panels)} are there")
        query = panels_query(panels)
        b = open_knob(other, f"{bare}/{query}", "Share")
        if b.page.evaluate("bench.panels().length") != len(panels):
            raise RuntimeError("the bare page does not draw as many charts")
        for number in range(presses + 5):
            deadline.check()
            for knob in (a, b):
                figures = knob.press()
                if number >= 5:
                    knob.figures.append(figures)
    report.samples["panels"] = panels
    report.samples["presses"] = {"ours": a.figures, "bare": b.figures}

    def column(knob: Knob, name: str) -> list[float]:
        return [figures[name] for figures in knob.figures]

    for what, name in (
        ("key press to all three panels changed", "changed"),
        ("  to the frame painted", "painted"),
    ):
        for who, knob in (("ours", a), ("bare", b)):
            times = column(knob, name)
            report.add(
                Row(f"{what}, {who}", {"median": median(times), "p95": percentile(times, 0.95)})
            )
        ratios = {
            "median": median(column(a, name)) / median(column(b, name)),
            "p95": percentile(column(a, name), 0.95) / percentile(column(b, name), 0.95),
            "pairs": ratio(column(a, name), column(b, name))["median"],
        }
        if name == "changed":
            report.add(Row(f"{what}, ratio", ratios, unit="times", held="median", most=0.6))
        else:
            report.add(Row(f"{what}, ratio", ratios, unit="times"))
    for who, knob in (("ours", a), ("bare", b)):
        stages = {
            "to sending": column(knob, "sent"),
            "server": [f["answered"] - f["sent"] for f in knob.figures],
            "drawing": [f["changed"] - f["answered"] for f in knob.figures],
        }
        report.add(Row(f"  where it goes, {who}", {k: median(v) for k, v in stages.items()}))
        report.add(
            Row(
                f"  sent by the server, {who}",
                {
                    "kB": median(column(knob, "bytes")) / 1e3,
                    "messages": median(column(knob, "messages")),
                },
                unit="",
            )
        )
    return query


# -- A slider that is dragged ----------------------------------------------------


def drag(knob: Knob, seconds: float) -> dict[str, float]:
    """Hold the slider, move it there and back: what was shown meanwhile, and after letting go."""
    page = knob.page
    page.bring_to_front()
    settle(page)
    handle = knob.slider.element_handle()
    place = knob.slider.bounding_box()
    if place is None:
        raise RuntimeError("the slider is not to be seen")
    # The stock slider is as high as its thumb and as wide as that alone: drag along its track.
    track = page.get_by_test_id("stSlider").first
    if track.count():
        place = track.bounding_box() or place
        y = knob.slider.bounding_box()["y"] + 6
    else:
        y = place["y"] + place["height"] / 2
    page.evaluate("slider => bench.follow(slider)", handle)
    value = knob.slider.evaluate(
        "slider => (slider.value - slider.min) / (slider.max - slider.min)"
    )
    at = place["x"] + 8 + (place["width"] - 16) * float(value)
    page.mouse.move(at, y)
    page.mouse.down()
    begin = time.monotonic()
    while (gone := (time.monotonic() - begin) / seconds) < 1:
        # Once up and once down the middle part of the way, as fast as a hand does.
        share = 0.15 + 0.6 * (1 - abs(1 - 2 * gone))
        page.mouse.move(place["x"] + place["width"] * share, y)
        page.wait_for_timeout(12)
    page.evaluate("bench.jumped()")
    # Let go right after another value, so that there is something left to be shown.
    page.mouse.move(place["x"] + place["width"] * 0.45, y)
    page.mouse.up()
    settle(page)
    figures: dict[str, float] = page.evaluate("bench.followed()")
    return figures


def drags(
    report: Report,
    browser: Browser,
    ours: str,
    bare: str,
    query: str,
    number: int,
    deadline: Deadline,
) -> None:
    """The same way of the hand on both pages in turn."""
    with visitor(browser) as one, visitor(browser) as other:
        a = open_knob(one, f"{ours}/money?lang=en", KNOB)
        b = open_knob(other, f"{bare}/{query}", "Share")
        for turn in range(number + 1):
            deadline.check()
            for knob in (a, b):
                figures = drag(knob, 2.5)
                if turn:  # the first one only warms up
                    knob.figures.append(figures)
    report.samples["drags"] = {"ours": a.figures, "bare": b.figures}
    for who, knob in (("ours", a), ("bare", b)):
        shown, last = ([f[name] for f in knob.figures] for name in ("states", "last"))
        bar = who == "ours"
        report.add(
            Row(
                f"states shown in all three panels while dragging, {who}",
                {"median": median(shown), "least": min(shown)},
                unit="a second",
                held="median" if bar else None,
                least=8.0 if bar else None,
            )
        )
        report.add(
            Row(
                f"  from letting go to the last value painted, {who}",
                {"median": median(last), "most": max(last)},
                held="most" if bar else None,
                most=250.0 if bar else None,
            )
        )
        if bar:
            report.add(
                Row(
                    "  longest time between two states; what the slider moves by itself, ours",
                    {
                        "ms": median(f["longest"] for f in knob.figures),
                        "pixels": max(f["moved"] for f in knob.figures),
                    },
                    unit="",
                    held="pixels",
                    most=0.0,
                )
            )


# -- A first visit ---------------------------------------------------------------


def load_page(context: BrowserContext, url: str, charts: int) -> dict[str, float]:
    """Open a page: milliseconds to its first text and its charts, and megabytes sent."""
    page = context.new_page()
    page.add_init_script(f"window.benchCharts = {charts};")
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    sent: list[float] = []
    asked: list[str] = []
    network.on("Network.loadingFinished", lambda event: sent.append(event["encodedDataLength"]))
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda socket: asked.append(socket.url))
    page.goto(url)
    if charts:
        wait_for_charts(page)
    settle(page)
    page.wait_for_timeout(500)  # what is fetched late counts too
    found = page.evaluate("bench.load()")
    page.close()
    here = urlsplit(url).netloc
    elsewhere = [
        u for u in asked if not u.startswith(("data:", "blob:")) and urlsplit(u).netloc != here
    ]
    figures = {
        "text": found["text"],
        "MB": sum(sent) / MEGABYTE,
        "socket": found["socket"],
        "elsewhere": float(len(elsewhere)),
    }
    if found["finding"] is not None:
        figures["finding"] = found["finding"]
    if charts:
        figures["charts"] = found["charts"]
    return figures


def first_visits(
    report: Report,
    browser: Browser,
    pages: dict[str, tuple[str, int]],
    repeats: int,
    deadline: Deadline,
) -> None:
    """Every page in turn, by somebody new and again by the same visitor."""
    samples: dict[str, dict[str, list[dict[str, float]]]] = {
        name: {"cold": [], "warm": []} for name in pages
    }
    for number in range(repeats + 1):
        for name, (url, charts) in pages.items():
            deadline.check()
            with visitor(browser) as context:
                for visit in ("cold", "warm"):
                    figures = load_page(context, url, charts)
                    if number:  # the first round only warms the servers
                        samples[name][visit].append(figures)
    report.samples["first visits"] = samples
    for visit, what in (("cold", "first visit, empty cache"), ("warm", "second visit")):
        for name, found in samples.items():
            rows = found[visit]
            figures = {
                key: median(row[key] for row in rows)
                for key in ("text", "finding", "charts", "MB")
                if key in rows[0]
            }
            bar: dict[str, Any] = {}
            if visit == "cold" and name.startswith("ours"):
                bar = {"held": "MB", "most": 3.5}
            report.add(Row(f"{what}: {name}", figures, unit="(ms; MB)", **bar))
    mine, single = samples["ours, /money"], samples["bare, one chart"]
    for visit, what in (("cold", "first visit, empty cache"), ("warm", "second visit")):
        charts = median(r["charts"] for r in mine[visit])
        report.add(
            Row(
                f"{what}: all charts of /money, to those of bare with one chart",
                {
                    "median": charts / median(r["charts"] for r in single[visit]),
                    "pairs": ratio(
                        [r["charts"] for r in mine[visit]], [r["charts"] for r in single[visit]]
                    )["median"],
                },
                unit="times",
                held="median",
                most=1.1,
            )
        )
        report.add(
            Row(
                f"{what}: the finding of /money, to its charts",
                {"median": median(r["finding"] for r in mine[visit]) / charts},
                unit="times",
                held="median",
                most=0.5,
            )
        )
    report.add(
        Row(
            "requests to any other host, ours",
            {
                "number": sum(
                    r["elsewhere"]
                    for n in samples
                    for r in (*samples[n]["cold"], *samples[n]["warm"])
                    if n.startswith("ours")
                )
            },
            unit="",
            held="number",
            most=0.0,
        )
    )


# -- The command -----------------------------------------------------------------


def _between(low: int, high: int) -> Callable[[str], int]:
    def number(text: str) -> int:
        if not low <= int(text) <= high:
            raise argparse.ArgumentTypeError(f"from {low} to {high}")
        return int(text)

    return number


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.page", description=__doc__)
    parser.add_argument("--presses", type=_between(5, 200), default=40, help="of each page (40)")
    parser.add_argument("--drags", type=_between(0, 20), default=5, help="of each page (5)")
    parser.add_argument("--visits", type=_between(0, 20), default=5, help="of each kind (5)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--check", action="store_true", help="fail if a bar is missed")
    asked = parser.parse_args()
    path = chromium.find(whole=True)
    if path is None:
        parser.error("no Chromium found: install one, or set CHROMIUM to its path")
    report = Report(f"The page in headless Chromium, {SIZE['width']} x {SIZE['height']}")
    deadline = Deadline(900)
    with ExitStack() as stack:
        ours = stack.enter_context(served(*with_uvicorn("app:app")))
        bare = stack.enter_context(served(*with_uvicorn("benchmarks.bare_app:app")))
        playwright = stack.enter_context(sync_playwright())
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGS))
        stack.callback(browser.close)
        query = key_presses(report, browser, ours, bare, asked.presses, deadline)
        if asked.drags:
            drags(report, browser, ours, bare, query, asked.drags, deadline)
        if asked.visits:
            # A bare page as most people serve one.
            plain = stack.enter_context(served(*with_streamlit("benchmarks/bare_page.py")))
            pages = {
                "ours, /": (f"{ours}/?lang=en", 0),
                "ours, /money": (f"{ours}/money?lang=en", 3),
                "bare, one chart": (f"{plain}/{query.partition('%3B')[0]}", 1),
                "bare, three charts": (f"{plain}/{query}", 3),
            }
            first_visits(report, browser, pages, asked.visits, deadline)
    report.notes += [
        "For keys and drags ours and the bare page are measured in turn, both served by uvicorn.",
        "For first visits the bare page is served by `streamlit run`, as most people do.",
    ]
    return report.finish(to=asked.json, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
