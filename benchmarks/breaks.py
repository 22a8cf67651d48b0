"""Processes killed at random moments while a hand moves a knob: is anything lost, or said wrongly?

A real browser, the live knobs and Streamlit's own, one process and two behind nginx. After each
break the page has to come to rest by itself with knob, address and sentence in agreement, with what
the hand set last, and with a sentence that says that there was a break.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import NamedTuple
from urllib.parse import parse_qsl

from playwright.sync_api import Browser, Error, Locator, Page, WebSocket, sync_playwright

from benchmarks.crowd import workers
from benchmarks.report import Report, Row
from benchmarks.servers import HOST, Served, behind_nginx, free_port, serving, with_uvicorn
from model import simulate
from tests import chromium
from view.money import money
from view.parts import context
from view.sentences import findings
from view.settings import state
from view.words.words import Words

assert context  # registers the parameters' English words
W = Words("en", strict=True)
KEY = "points_pool.share"
LABEL = W.label(KEY)
PATIENCE = 60_000  # ms for any one thing
#: The page has come to rest when nothing has changed for so long (ms).
STILL = 2500
#: Every so many breaks the sheet for journalists is opened as well.
SHEET = 10
#: What has been said of the connection, and since when everything has been as it is.
WATCH = """
addEventListener("DOMContentLoaded", () => {
  window.told = [];
  const away = document.getElementById("wp-away");
  new MutationObserver(() => away.hidden || window.told.push(away.textContent))
    .observe(away, { attributes: true, childList: true });
});
"""
NOW = """
(label) => {
  const ours = [...document.querySelectorAll(".wp-knob")]
    .find((knob) => knob.querySelector("label").textContent === label);
  const stock = document.querySelector(`input[type="range"][aria-label="${label}"]`);
  const knob = ours?.querySelector("input").getAttribute("aria-valuetext")
    ?? (stock ? `${stock.value}%` : "");
  const app = document.querySelector("[data-testid=stApp]");
  return {
    knob,
    query: location.search,
    finding: [...document.querySelectorAll("#root .wp-finding")].at(-1)?.textContent ?? "",
    panels: [...document.querySelectorAll("#root .wp-panel")].map((p) => p.textContent).join("|"),
    at_rest: app?.dataset.testConnectionState === "CONNECTED"
      && app?.dataset.testScriptState === "notRunning" && !document.getElementById("first-paint"),
  };
}
"""


class One(NamedTuple):
    """A server whose processes can be killed, and what brings it back."""

    url: str
    kill: Callable[[], None]
    restore: Callable[[], None]


@contextmanager
def one_process() -> Iterator[One]:
    port = free_port()
    running: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        command = [part.replace("{port}", str(port)) for part in with_uvicorn("app:app")]
        running.append(subprocess.Popen([sys.executable, "-m", *command], stdin=subprocess.DEVNULL))

    def kill() -> None:
        running[-1].kill()
        running[-1].wait()

    start()
    try:
        yield One(f"http://{HOST}:{port}", kill, start)
    finally:
        kill()


@contextmanager
def two_processes() -> Iterator[One]:
    with serving(*behind_nginx(2)) as server:
        yield One(server.url, lambda: _kill_all_but(server), lambda: None)


def _kill_all_but(server: Served) -> None:
    """Kill the process that a reader is with: whichever it is, one is left for them."""
    serve = workers(server)
    if len(serve) > 1:
        os.kill(random.choice(serve), signal.SIGKILL)


def at_rest(page: Page) -> dict[str, str]:
    """What the page shows once it has come to rest."""
    before, since = None, time.monotonic()
    end = since + PATIENCE / 1000
    while time.monotonic() < end:
        try:
            now = page.evaluate(NOW, LABEL)
        except Error:  # between two documents
            now = None
        if now != before or now is None or not now["at_rest"] or not now["knob"]:
            before, since = now, time.monotonic()
        elif time.monotonic() - since > STILL / 1000:
            return now
        page.wait_for_timeout(50)
    raise TimeoutError(f"the page did not come to rest: {before}")


def moved(page: Page, knob: Locator, chance: random.Random, kill: Callable[[], None]) -> None:
    """A hand on the knob for a second or so, and a process killed somewhere within."""
    steps = chance.randint(3, 12)
    gaps = [chance.choice((0, 10, 30, 60, 120, 350)) for _ in range(steps)]
    when = chance.uniform(0, sum(gaps) + 600)
    passed, killed = 0.0, False

    def pause(gap: float) -> None:
        nonlocal passed, killed
        if not killed and passed + gap >= when:
            page.wait_for_timeout(max(when - passed, 0))
            kill()
            killed = True
            gap = max(passed + gap - when, 0)
        page.wait_for_timeout(gap)
        passed += gap

    place = knob.bounding_box()
    if place is not None and chance.random() < 0.3:
        y, goal = place["y"] + place["height"] / 2, chance.uniform(0.1, 0.9)
        page.mouse.move(place["x"] + place["width"] * 0.4, y)
        page.mouse.down()
        for step, gap in enumerate(gaps, 1):
            share = 0.4 + (goal - 0.4) * step / steps
            page.mouse.move(place["x"] + place["width"] * share, y)
            pause(gap)
        page.mouse.up()
    else:
        where = chance.choice(("ArrowRight", "ArrowLeft"))
        knob.focus()
        for gap in gaps:
            page.keyboard.press(where)
            pause(gap)
    if not killed:
        pause(max(when - passed, 0) + 1)


def agrees(now: dict[str, str]) -> bool:
    """Whether knob, address and sentence say the same."""
    settings = state.parse(dict(parse_qsl(now["query"].lstrip("?"))), page=money.OWN)
    result = simulate(settings.scheme())
    share = f"{100 * result.scheme.pool.share:g}%"
    said = findings.finding(result, W)
    return now["knob"] == share and " ".join(now["finding"].split()) == " ".join(said.split())


def on_the_sheet(page: Page, now: dict[str, str]) -> bool:
    """Whether the sheet for journalists has the same numbers; leaves the page as it was."""
    page.locator(".st-key-wp-to-press button").first.click()
    sheet = page.locator(".st-key-wp-press")
    sheet.wait_for(timeout=PATIENCE)
    page.wait_for_timeout(500)
    held = now["knob"] in sheet.inner_text()
    page.go_back()
    at_rest(page)
    return held


def broken(browser: Browser, server: One, knobs: str, kills: int, seed: int) -> Counter[str]:
    """Break it so many times; counts what was wrong."""
    chance, wrong = random.Random(seed), Counter[str]()
    visit = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-US")
    visit.set_default_timeout(PATIENCE)
    visit.add_init_script(WATCH)
    page = visit.new_page()
    # Of two processes the one that is killed may be another reader's.
    closed: list[WebSocket] = []
    page.on("websocket", lambda ws: ws.on("close", lambda gone: closed.append(gone)))  # noqa: PLW0108
    try:
        for _ in range(100):
            try:
                page.goto(f"{server.url}/money?knobs={knobs}&{KEY}=0.3")
                break
            except Error:
                time.sleep(0.2)
        at_rest(page)
        for number in range(1, kills + 1):
            if knobs == "live":
                knob = page.locator(".wp-live").get_by_role("slider", name=LABEL, exact=True)
            else:
                knob = page.locator(f'input[type="range"][aria-label="{LABEL}"]')
            page.evaluate("window.told = []")
            closed.clear()
            moved(page, knob, chance, server.kill)
            wanted = page.evaluate(NOW, LABEL)["knob"]
            server.restore()
            reloaded = knobs == "live" and chance.random() < 0.2
            if reloaded:
                for _ in range(300):
                    with suppress(Error):
                        answer = page.reload()
                        if answer is not None and answer.ok:  # nginx answers 502 meanwhile
                            break
                    page.wait_for_timeout(100)
            now = at_rest(page)
            told = page.evaluate("window.told")
            found = [] if agrees(now) else ["disagree"]
            found += ["undone"] if now["knob"] != wanted else []
            sentence = W("app.back" if knobs == "live" else "app.look")
            found += ["unsaid"] if closed and not reloaded and sentence not in told else []
            wrong["broke"] += bool(closed)
            if number % SHEET == 0 and not on_the_sheet(page, now):
                found.append("sheet")
            wrong.update(found)
            if found:
                print(number, found, "reloaded" * reloaded, "wanted", wanted, now, told, flush=True)
    finally:
        visit.close()
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.breaks", description=__doc__)
    parser.add_argument("--kills", type=int, default=50, help="of each kind (50)")
    parser.add_argument("--knobs", default="live,plain")
    parser.add_argument("--processes", default="1,2")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--check", action="store_true", help="end with an error where any is lost")
    asked = parser.parse_args()
    if not 1 <= asked.kills <= 500 or not re.fullmatch(r"[12](,[12])?", asked.processes):
        parser.error("--kills: from 1 to 500; --processes: 1, 2 or both")
    report = Report("Processes killed while a knob moves: how often something was wrong afterwards")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.find(), args=list(chromium.ARGS)
        )
        for processes in asked.processes.split(","):
            for knobs in asked.knobs.split(","):
                with one_process() if processes == "1" else two_processes() as server:
                    wrong = broken(browser, server, knobs, asked.kills, asked.seed)
                names = ("broke", "disagree", "undone", "unsaid", "sheet")
                figures = {"kills": float(asked.kills)} | {n: float(wrong[n]) for n in names}
                # Streamlit's own slider says nothing of a move that it could not send.
                judged = names[1:] if knobs == "live" else ("disagree", "unsaid", "sheet")
                figures["wrong"] = float(sum(wrong[n] for n in judged))
                what = f"{knobs} knobs, {processes} process{'es' if processes == '2' else ''}"
                report.add(Row(what, figures, unit="", held="wrong", most=0.0))
        browser.close()
    return report.finish(to=None, check=asked.check)


if __name__ == "__main__":
    sys.exit(main())
