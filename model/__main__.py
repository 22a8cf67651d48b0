"""Command line: python -m model list | show ID | run ID [--set K=V ...] | check [ID].

ID may be a file, too.
"""

from __future__ import annotations

import argparse
import difflib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from model.claims import CLAIMS, Claim, Conclusion
from model.figures import printed
from model.library import load, parse_value, preset, presets, read
from model.preset import Preset, SchemeError
from model.published import PER_BUYER, reproduced
from model.rounding import rounded, written
from model.scheme import scheme_parameters
from model.simulate import simulate


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> Any:
        """One line instead of the usage text."""
        sys.stderr.write(f"{message}\n")
        raise SystemExit(2)


def _changes(pairs: Sequence[str]) -> dict[str, Any]:
    changes = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals:
            raise SchemeError(f"--set {pair!r}: write it as key=value, for example horizon=365")
        changes[key.strip()] = parse_value(value)
    return changes


def _list() -> str:
    return "".join(f"{name}\t{preset(name).name.en}\t{preset(name).kind}\n" for name in presets())


def _preset(reference: str) -> Preset:
    return read(Path(reference)) if reference.endswith(".toml") else preset(reference)


def _show(reference: str) -> str:
    found = _preset(reference)
    scheme = found.scheme()
    lines = [f"{scheme.id} (revision {scheme.revision})"]
    for key, parameter in scheme_parameters(scheme).items():
        origin = found.origin(key)
        where = f"{origin.quality}, {origin.source}" if origin else "default"
        lines.append(f"{key} = {scheme.get(key)}\t{parameter.unit}\t{where}")
    return "\n".join(lines) + "\n"


def _run(reference: str, changes: dict[str, Any], form: str) -> str:
    result = simulate(load(reference, set=changes))
    if form == "figures":
        return printed(result)
    series = result.series
    if form == "csv":
        return series.to_csv(lineterminator="\n")
    columns = {name: series[name].tolist() for name in series.columns}
    return json.dumps({"tick": series.index.tolist(), **columns}) + "\n"


#: (whether it agrees, whether it is expected to) -> what is printed.
_VERDICTS = {
    (True, True): "agrees",
    (False, False): "differs, as expected",
    (False, True): "DIFFERS",
    (True, False): "AGREES, though it was expected to differ",
}


def _check(reference: str | None) -> tuple[str, bool]:
    """Published figures of one preset, or of all and the claims; whether all is as it must be."""
    lines, good = [], True
    for name in presets() if reference is None else [reference]:
        for figure, ours, agreed in reproduced(_preset(name)):
            good = good and agreed == figure.agrees
            when = "of" if figure.what in PER_BUYER else "after"
            places = max(figure.decimals, 0)
            verdict = _VERDICTS[agreed, figure.agrees]
            if figure.fitted and agreed:
                verdict += " (an assumption was chosen by it)"
            lines.append(
                f"{name}\t{figure.what} {when} {figure.step} {figure.order}\t"
                f"published {rounded(figure.value, places)}\t"
                f"ours {rounded(ours, places + 2)}\t{verdict}"
            )
    claims = CLAIMS.values() if reference is None else []
    for claim in sorted(claims, key=lambda claim: claim.number):
        told, kept = _claim(claim, claim.conclude())
        lines += told
        good = good and kept
    return "\n".join(lines) + "\n", good


def _claim(claim: Claim, found: Conclusion) -> tuple[list[str], bool]:
    """A claim's figures and its conclusion, and whether both are what they must be."""
    lines, good = [], True
    for figure, ours, agreed in claim.reproduced():
        good = good and agreed
        origin = "worked out" if figure.worked else "published"
        decimals = max(figure.decimals, 0)
        lines.append(
            f"claim {claim.number} {claim.id}\t{figure.name}\t"
            f"{origin} {written(figure.stated, decimals)}\tours {written(ours, decimals + 2)}\t"
            f"{_VERDICTS[agreed, True]}"
        )
    held = tuple(reason.name for reason in found.held)
    same = found.verdict == claim.pinned and held == claim.because
    reasons = "; ".join(f"{reason.name}: {reason}" for reason in found.held) or "nothing against it"
    verdict = "as pinned" if same else f"PINNED {claim.pinned} because {', '.join(claim.because)}"
    named = found.verdict.replace("_", " ")
    lines.append(f"claim {claim.number} {claim.id}\t{named}\t{reasons}\t{verdict}")
    return lines, good and same


def _one_claim(asked: str) -> tuple[str, bool]:
    """One claim with its arithmetic, by id or number."""
    claim = CLAIMS.get(asked) or next((c for c in CLAIMS.values() if str(c.number) == asked), None)
    if claim is None:
        near = difflib.get_close_matches(asked, CLAIMS, n=3, cutoff=0.4) or CLAIMS
        raise SchemeError(
            f"unknown claim {asked[:40]!r}; known: 1 to {len(CLAIMS)}, {', '.join(near)}"
        )
    found = claim.conclude()
    lines, good = _claim(claim, found)
    for step in found.steps:
        inputs = ", ".join(f"{name} {number.value:,.10g}" for name, number in step.inputs)
        lines.append(f"{step.name} = {step.expression}\t{inputs}\t{step.result.value:,.10g}")
    return "\n".join(lines) + "\n", good


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit status, 2 for input that cannot be used."""
    parser = _Parser(prog="python -m model", description="Who pays? The model's command line.")
    commands = parser.add_subparsers(dest="command", required=True, parser_class=_Parser)
    commands.add_parser("list", help="the presets")
    show = commands.add_parser("show", help="every number of a scheme with its source")
    show.add_argument("scheme")
    run = commands.add_parser("run", help="run a scheme and print one row a tick, or its figures")
    run.add_argument("scheme")
    run.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    run.add_argument("--format", choices=("csv", "json", "figures"), default="csv")
    check = commands.add_parser("check", help="published figures and claims beside the model's")
    check.add_argument("scheme", nargs="?", help="one preset or file; without it all, and claims")
    check.add_argument("--claims", metavar="ID", help="one claim with its arithmetic")
    try:
        given = parser.parse_args(arguments)
        good = True
        if given.command == "list":
            text = _list()
        elif given.command == "show":
            text = _show(given.scheme)
        elif given.command == "run":
            text = _run(given.scheme, _changes(given.set), given.format)
        else:
            text, good = _check(given.scheme) if given.claims is None else _one_claim(given.claims)
    except SchemeError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(text)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
