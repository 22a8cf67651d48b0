"""Known security holes in the packages installed here, asked of PyPI with pip-audit.

Where an answer can be had, only a clean one is good: a known hole, a package that is not known
there, or an answer that does not fit the question ends with an error. Where nobody can be asked,
nothing is known, and that is said so that it cannot be overlooked; with ``--must`` it is an error
as well.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tools import tool

PATIENCE = 240  # seconds
#: How those who ask say that nobody answered: anything else is an answer, if a strange one.
NOBODY = re.compile(
    r"ConnectionError|Connection(Refused|Reset| refused| reset)|NewConnectionError|ProxyError"
    r"|RemoteDisconnected|ConnectTimeout|ReadTimeout|timed out|Max retries exceeded"
    r"|Name or service not known|Temporary failure in name resolution|getaddrinfo failed"
    r"|nodename nor servname|Network is unreachable|No route to host"
    r"|No matching distribution found"
)


class NobodyError(Exception):
    """Nobody could be asked."""


def main() -> int:
    """Ask, and say what came of it."""
    try:
        wanted = installed()
        problems = judged(wanted, asked(wanted))
    except NobodyError as error:
        bar = "!" * 78
        print(f"{bar}\naudit: NOBODY COULD BE ASKED for known holes; nothing is known of them.")
        print(f"  {error}\n{bar}")
        return 1 if "--must" in sys.argv[1:] else 0
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, TypeError) as error:
        print(f"audit: FAILED: the answer is none ({type(error).__name__}: {error})")
        return 1
    for problem in problems:
        print(f"  {problem}")
    print(f"audit: {len(wanted)} packages looked up, {len(problems)} problems")
    return 1 if problems else 0


def installed() -> dict[str, str]:
    """The packages installed here and their versions, by their plain names."""
    command = [sys.executable, "-m", "pip", "list", "--format", "json"]
    said = subprocess.run(
        [*command, "--disable-pip-version-check"],
        check=True,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    ).stdout
    found = {plain(package["name"]): str(package["version"]) for package in json.loads(said)}
    # What comes with every environment is none of ours.
    return {name: version for name, version in found.items() if name not in {"pip", "setuptools"}}


def plain(name: str) -> str:
    """A package's name as all ways to write it have in common."""
    return re.sub(r"[-_.]+", "-", name).lower()


def asked(wanted: dict[str, str]) -> Any:
    """What is known of these packages; raises :class:`NobodyError` where nobody answers."""
    with tempfile.TemporaryDirectory() as folder:
        listed, found = Path(folder, "installed.txt"), Path(folder, "found.json")
        lines = [f"{name}=={version}\n" for name, version in wanted.items()]
        listed.write_text("".join(lines), "utf-8")
        try:
            command = [tool("pip-audit"), "--no-deps", "--disable-pip", "-r", str(listed)]
            command += ["-f", "json", "-o", str(found), "--timeout", "15"]
            command += ["--progress-spinner", "off"]
            run = subprocess.run(
                command, check=False, capture_output=True, text=True, timeout=PATIENCE
            )
        except subprocess.TimeoutExpired as error:
            raise NobodyError(f"no answer within {error.timeout:.0f} seconds") from None
        except subprocess.CalledProcessError as error:
            said = str(error.stderr or "")
            if NOBODY.search(said):
                raise NobodyError("the tool that asks could not be fetched") from None
            raise
        if not found.exists():
            last = (run.stderr.strip().splitlines() or ["it says nothing"])[-1]
            if NOBODY.search(run.stderr):
                raise NobodyError(last[:200])
            raise ValueError(last[:500])
        return json.loads(found.read_text("utf-8"))


def judged(wanted: dict[str, str], answer: Any) -> list[str]:
    """What is wrong with these packages, or with the answer; one sentence each."""
    problems, missing = [], dict(wanted)
    if answer["dependencies"] and all("skip_reason" in p for p in answer["dependencies"]):
        # A mirror that hands out packages and knows nothing of them.
        raise NobodyError(f"of {len(wanted)} packages not one is known there")
    for package in answer["dependencies"]:
        name = plain(package["name"])
        if "skip_reason" in package:
            problems.append(f"{name}: not looked up: {package['skip_reason']}")
            missing.pop(name, None)
            continue
        if missing.pop(name, None) != package["version"]:
            problems.append(f"{name} {package['version']}: was not asked for")
        for hole in package["vulns"]:
            better = ", ".join(hole["fix_versions"]) or "no version yet"
            problems.append(f"{name} {package['version']}: {hole['id']}; mended in {better}")
    return problems + [f"{name} {version}: no answer" for name, version in missing.items()]


if __name__ == "__main__":
    sys.exit(main())
