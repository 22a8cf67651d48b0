"""Faults put in at random: does a test notice each of them?

Numbers, comparisons, signs, terms, names looked up and arguments are changed one at a time in a
copy of the project, never in the project itself. Of each changed file the tests that concern it
run, the quick ones first, until one fails. What survives is printed as a difference. The same seed
gives the same faults.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv-faults"
WANTED = "cosmic-ray==8.7.0"
#: Faults tried, if nothing else is said, and how many of them may survive.
NUMBER, MOST_SURVIVE = 60, 1 / 20
#: Seconds for the environment, and for tests that are trusted; for those of one fault beyond three
#: times what they take.
PATIENCE, MORE = 600, 30.0
#: What looked like a fault and is none: judged by hand, each with its reason.
EQUIVALENT = Path(__file__).with_name("equivalent.toml")

_MODEL = ("tests/model/test_invariants.py", "tests/model/test_any_scheme.py")
_POINTS = (
    "tests/model/test_exits.py",
    "tests/model/test_extras.py",
    "tests/model/test_leaving.py",
    "tests/model/test_buying.py",
    "tests/model/test_gliding.py",
    "tests/model/test_golden.py",
)
_WHOSE = (
    "tests/model/test_whose.py -k not any_scheme and not each_yuan and not balance",
    "tests/view/test_whose.py",
)
_SLOW = "tests/model/test_slow_agrees.py"


def _files(kind: str, *names: str) -> list[str]:
    return [f"model/mechanisms/{kind}/{name}.py" for name in names]


def _answers(*questions: str) -> list[str]:
    """Wherever a mechanism answers one of these."""
    found = (ROOT / "model" / "mechanisms").glob("*/*.py")
    return sorted(str(path.relative_to(ROOT)) for path in found if path.stem in questions)


def _told(name: str) -> list[str]:
    """What each mechanism tells, one module of a name in each folder."""
    found = (ROOT / "view" / "mechanisms").glob(f"*/{name}.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


#: Which tests concern a file, the quick ones first; after a space what is chosen of them.
TESTS: dict[str, tuple[str, ...]] = {
    "view/words/format.py": ("tests/test_format.py", "tests/test_rounding.py"),
    **dict.fromkeys(
        ("view/sentences/findings.py", *_told("said")),
        (
            "tests/view/test_figures_told.py",
            "tests/view/test_findings.py",
            "tests/view/test_short_days.py",
            "tests/view/test_every_number.py",
        ),
    ),
    "view/money/compare.py": (
        "tests/view/test_compare.py",
        "tests/pages/test_compare_and_rules.py",
    ),
    **dict.fromkeys(
        ("view/sentences/answers.py", *_told("offered")),
        (
            "tests/view/test_answers.py",
            "tests/view/test_stated.py",
            "tests/view/test_every_number.py",
        ),
    ),
    "view/money/measured.py": ("tests/view/test_compare.py",),
    "view/sentences/takes.py": (
        "tests/view/test_takes.py",
        "tests/view/test_answers.py",
        "tests/view/test_every_number.py",
    ),
    **dict.fromkeys(("model/statement.py", *_answers("person", "ending")), _WHOSE),
    "model/rounding.py": ("tests/test_rounding.py", "tests/test_format.py"),
    "model/crowd.py": ("tests/model/test_crowd.py", "tests/model/test_theory.py"),
    **dict.fromkeys(
        (
            "model/yardstick.py",
            "model/pairs/shared_course.py",
            "model/mechanisms/dividend_pool/units.py",
            "model/mechanisms/scheduled_release/schedule.py",
            *_answers("course", "steady"),
        ),
        ("tests/model/test_yardstick.py", "tests/view/test_answers.py"),
    ),
    "model/simulate.py": ("tests/model/test_contracts.py", *_POINTS, _SLOW),
    "model/mechanisms/base.py": ("tests/model/test_release.py", _SLOW, *_MODEL),
    **dict.fromkeys(
        _files("points_pool", "engine", "joining", "eras", "fate", "result"), (*_POINTS, *_MODEL)
    ),
    **dict.fromkeys(
        _files("dividend_pool", "steps", "afterwards", "engine", "packages", "paid"),
        ("tests/model/test_dividend.py", f"{_SLOW} -k dividend", *_MODEL),
    ),
    **dict.fromkeys(
        _files("scheduled_release", "engine", "young", "old"),
        ("tests/model/test_release.py", f"{_SLOW} -k release", *_MODEL),
    ),
    **dict.fromkeys(
        _files("refund_queue", "engine"),
        ("tests/model/test_queue.py", f"{_SLOW} -k queue", *_MODEL),
    ),
    **dict.fromkeys(
        _files("commission", "settings", "engine"),
        ("tests/model/test_commission.py", f"{_SLOW} -k commission", *_MODEL),
    ),
    "model/pairs/shared_quota.py": (f"{_SLOW} -k shared", *_MODEL),
    "model/pairs/shared_result.py": (f"{_SLOW} -k shared", *_MODEL),
}
#: A failing example is not made smaller: that it fails is all that counts. All else stays, so that
#: the same examples are tried.
NO_SHRINK = """
import hypothesis as _h
_s = _h.settings.__init__
def _bare(self, *args, **kwargs):
    P = _h.Phase
    kwargs.setdefault("phases", (P.explicit, P.reuse, P.generate, P.target))
    _s(self, *args, **kwargs)
_h.settings.__init__ = _bare
"""


@dataclass(frozen=True)
class Fault:
    """One changed file."""

    file: str
    name: str
    source: str
    #: The file without the fault.
    was: str

    def lines(self) -> list[str]:
        """What has changed, as a difference."""
        was, is_ = self.was.splitlines(), self.source.splitlines()
        return list(difflib.unified_diff(was, is_, self.file, self.file, lineterm="", n=2))

    @property
    def change(self) -> tuple[str, str]:
        """The lines before and after, without what stands around them."""
        found = self.lines()[3:]
        was, is_ = ([x[1:].strip() for x in found if x.startswith(sign)] for sign in "-+")
        return " ".join(was), " ".join(is_)


def drawn(seed: int, number: int, files: Sequence[str]) -> list[Fault]:
    """Faults of these files, drawn from a seed by Cosmic Ray in an environment of its own."""
    python = VENV / "bin" / "python"
    if not (VENV / "bin" / "cosmic-ray").exists():
        print(f"Making {VENV.name}, once ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True, timeout=PATIENCE)
        pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        subprocess.run([*pip, WANTED], check=True, timeout=PATIENCE, stderr=subprocess.DEVNULL)
    asked = [str(python), str(Path(__file__).with_name("fault_places.py")), str(seed), str(number)]
    found = subprocess.run(
        [*asked, *files], cwd=ROOT, check=True, capture_output=True, text=True, timeout=PATIENCE
    )
    return [Fault(**one) for one in json.loads(found.stdout)]


def equivalent() -> dict[tuple[str, str, str], str]:
    """(file, line before, line after): why no test can tell the two apart."""
    known = tomllib.loads(EQUIVALENT.read_text("utf-8")).get("fault", [])
    return {(one["file"], one["was"], one["is"]): one["why"] for one in known}


def copied(to: Path) -> None:
    """The project as it stands, without what Git does not keep."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    for conftest in ("tests/conftest.py", "tests/model/conftest.py", "tests/view/conftest.py"):
        path = to / conftest
        head, mark, rest = path.read_text("utf-8").partition("import annotations\n")
        text = head + mark + NO_SHRINK + rest if mark else NO_SHRINK + head
        path.write_text(text, "utf-8")


#: What most tests import first and no fault is put into: imported once, for all of them.
READY = ("hypothesis", "numpy", "pandas", "plotly.graph_objects", "playwright.sync_api", "pydantic")
READY += ("pytest", "streamlit", "streamlit.testing.v1")


def tested(folder: Path, tests: Sequence[str], timeout: float) -> str:
    """How the tests end in ``folder``: "pass", "fail", or "hang" after so many seconds.

    They run in a process of their own that has the libraries already, and nothing of the project.
    """
    for name in READY:
        importlib.import_module(name)
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _test_here(folder, tests)
    end = time.monotonic() + timeout
    ended, status = 0, 0
    try:
        while not ended and time.monotonic() < end:
            ended, status = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.05)
    finally:
        if not ended:
            os.killpg(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
    if not ended:
        return "hang"
    return "fail" if status else "pass"


def _test_here(folder: Path, tests: Sequence[str]) -> NoReturn:
    """Run the tests in this process and end it."""
    status = 1
    try:
        os.setsid()
        os.chdir(folder)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        sys.dont_write_bytecode = True
        sys.path[:] = [str(folder), *(p for p in sys.path if p and Path(p).resolve() != ROOT)]
        for name in list(sys.modules):
            if name.partition(".")[0] in {"benchmarks", "model", "view", "tests"}:
                del sys.modules[name]
        import pytest

        asked = ["-x", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
        chosen = (part for test in tests for part in test.split(" ", 2))
        status = int(pytest.main([*asked, *chosen]))
    finally:
        os._exit(status)


class Bench:
    """A copy of the project in which one file at a time is another."""

    def __init__(self, folder: Path, *, trusted: bool) -> None:
        self.folder = folder
        #: Whether the tests are known to pass.
        self.trusted = trusted
        copied(folder)
        self.took: dict[tuple[str, ...], float] = {}

    def _without(self, tests: tuple[str, ...]) -> float:
        """Seconds that the tests take where nothing is wrong; they have to pass."""
        if tests not in self.took:
            start = time.monotonic()
            if tested(self.folder, tests, 3600.0) != "pass":
                raise SystemExit(f"they fail without any fault: {', '.join(tests)}")
            self.took[tests] = time.monotonic() - start
        return self.took[tests]

    def survives(self, fault: Fault) -> bool:
        """Whether no test notices the fault."""
        path = self.folder / fault.file
        for test in TESTS[fault.file]:
            most = PATIENCE if self.trusted else 3 * self._without((test,)) + MORE
            path.write_text(fault.source, "utf-8")
            try:
                if tested(self.folder, (test,), most) != "pass":
                    return False
            finally:
                path.write_text(fault.was, "utf-8")
        return True


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=__doc__)
    parser.add_argument("files", nargs="*", default=[], help=f"of {', '.join(TESTS)}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--number", type=int, default=NUMBER, help=f"faults ({NUMBER})")
    parser.add_argument("--minutes", type=float, default=240.0, help="begin none after so many")
    parser.add_argument(
        "--trust", action="store_true", help="the tests are known to pass without any fault"
    )
    parser.add_argument("--check", action="store_true", help="fail if more than 1 in 20 survive")
    asked = parser.parse_args()
    files = asked.files or list(TESTS)
    if unknown := set(files) - set(TESTS):
        parser.error(f"no tests are known of {', '.join(sorted(unknown))}")
    # Asked to end, it takes its tests and its copy with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    faults, known = drawn(asked.seed, asked.number, files), equivalent()
    tried = survived = alike = 0
    end = time.monotonic() + 60 * asked.minutes
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        bench = Bench(Path(folder), trusted=asked.trust)
        for number, fault in enumerate(faults, start=1):
            if time.monotonic() > end:
                break
            if (fault.file, *fault.change) in known:
                alike += 1
                continue
            tried += 1
            start = time.monotonic()
            alive = bench.survives(fault)
            survived += alive
            seconds = time.monotonic() - start
            how = "SURVIVED" if alive else "noticed"
            print(f"{number:>3}/{len(faults)} {how:<8} {seconds:5.0f} s  {fault.file} {fault.name}")
            if alive:
                print("\n".join(fault.lines()))
            sys.stdout.flush()
    print(f"{tried} faults tried, {survived} survived; {alike} that make no difference left out.")
    return int(asked.check and survived > MOST_SURVIVE * tried)


if __name__ == "__main__":
    sys.exit(main())
