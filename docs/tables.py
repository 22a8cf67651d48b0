"""The tables of the docs that are made from the code: ``python -m docs.tables`` renews them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from pathlib import Path
from typing import Any, get_args

from model import load, presets
from model.claims import CLAIMS
from model.fields import Parameter, plain
from model.scheme import KINDS, Scheme, scheme_parameters
from model.yardstick import yardstick

PAGE = Path(__file__).resolve().parent / "model.md"
CLAIMS_PAGE = PAGE.with_name("claims.md")


def _heading(kind: str) -> str:
    """What the page of a mechanism is called."""
    page = PAGE.parent / "mechanisms" / f"{kind}.md"
    return page.read_text("utf-8").split("\n", 1)[0].removeprefix("# ")


#: Headings of the parameter table and the first part of the keys under each.
GROUPS: Mapping[str, str] = {
    "The run": "",
    "One order": "order",
    "How many orders": "demand",
    "What people do": "behaviour",
    "The platform's account": "platform",
    **{_heading(kind): kind for kind in KINDS},
}


def _choices(key: str) -> str:
    """The words a choice may be, from the annotation of its field."""
    *groups, name = key.split(".")
    holder: Any = Scheme
    for group in groups:
        holder = KINDS[group] if group in KINDS else holder.model_fields[group].annotation
    return ", ".join(f"`{word}`" for word in get_args(holder.model_fields[name].annotation))


def allowed(parameter: Parameter) -> str:
    """The allowed values as the table says them."""
    if parameter.unit == "choice":
        return _choices(parameter.key)
    return "a list" if parameter.unit == "list" else parameter.allowed()


def default(parameter: Parameter) -> str:
    """The default as one would type it."""
    value = parameter.default
    if value is None:
        return "`none`"
    if isinstance(value, float):
        return f"`{value:g}`"
    if isinstance(value, tuple):
        return f"`[{', '.join(f'{item:g}' for item in value)}]`" if value else "empty"
    return f"`{value}`"


def parameter_table() -> str:
    """Every parameter with unit, bounds, default and meaning, as a Markdown table a group."""
    found: list[str] = []
    for heading, group in GROUPS.items():
        found += [
            f"**{heading}**",
            "",
            "| Key | Label | Unit | Allowed | Default | Meaning |",
            "|---|---|---|---|---|---|",
        ]
        found += [
            f"| `{key}` | {p.label} | {p.unit} | {allowed(p)} | {default(p)} | {p.help} |"
            for key, p in scheme_parameters().items()
            if (key.partition(".")[0] if "." in key else "") == group
        ]
        found.append("")
    return "\n".join(found)


def _factor(value: float) -> str:
    """By how much orders must multiply, rounded for people."""
    if not isfinite(value):
        return "never"
    return f"{value:.3g}" if value < 100 else f"{value:,.0f}" if value < 1e6 else plain(value, 2)


def yardstick_table() -> str:
    """The yardstick of every preset, as a Markdown table."""
    heads = ("Preset", "Money back", "All that is promised", "Growth a day", "Short on", "Ends on")
    rows = [heads, ("---",) * len(heads)]
    for name in presets():
        scheme = load(name)
        found = yardstick(scheme)
        promised = "no limit" if found.promised is None else _factor(found.promised)
        if all(mechanism.kind == "commission" for mechanism in scheme.mechanisms):
            promised = "nothing is"
        growth = "" if found.growth is None else f"{100 * found.growth:.2f} %"
        ticks = ["" if t is None else f"day {t:g}" for t in (found.short_tick, found.empty_tick)]
        rows.append((f"`{name}`", _factor(found.back), promised, growth, *ticks))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _number(value: float) -> str:
    return f"{value:,.8g}" if abs(value) < 1e6 else f"{value:,.0f}"


def claims_table() -> str:
    """Every claim with its figures, its conclusion and the reasons that hold, worked out now."""
    found: list[str] = []
    for claim in sorted(CLAIMS.values(), key=lambda claim: claim.number):
        told = claim.conclude()
        found += [
            f"### {claim.number}. `{claim.id}`",
            "",
            f"Group `{claim.group}`, source `{claim.source}`, presets "
            + ", ".join(f"`{id_}`" for id_ in claim.presets)
            + f". Conclusion: **{told.verdict.replace('_', ' ')}**.",
            "",
        ]
        if claim.figures:
            found += ["| Figure | Stated | By hand | Ours |", "|---|---|---|---|"]
            for figure, ours, _ in claim.reproduced():
                stated = f"{figure.stated:,.{max(figure.decimals, 0)}f}"
                columns = ("", stated) if figure.worked else (stated, "")
                found.append(f"| `{figure.name}` | {' | '.join(columns)} | {_number(ours)} |")
            found.append("")
        found += ["| Reason | Compares | Holds | Then |", "|---|---|---|---|"]
        found += [
            f"| `{r.name}` | {r} | {'yes' if r.holds else 'no'} | {r.then.replace('_', ' ')} |"
            for r in told.reasons
        ]
        found.append("")
    return "\n".join(found)


#: What is made, by the word in the comments around it.
TABLES: Mapping[str, Callable[[], str]] = {
    "parameters": parameter_table,
    "yardsticks": yardstick_table,
}


CLAIMS_TABLES: Mapping[str, Callable[[], str]] = {"claims": claims_table}


def renewed(text: str, tables: Mapping[str, Callable[[], str]] = TABLES) -> str:
    """``text`` with its tables made afresh; ValueError if it has no place for one of them."""
    for name, table in tables.items():
        opening = f"<!-- {name}: made by python -m docs.tables -->\n"
        closing = f"<!-- end of {name} -->"
        before, opened, rest = text.partition(opening)
        _, closed, after = rest.partition(closing)
        if not opened or not closed:
            raise ValueError(f"there is no table of {name} to renew")
        text = f"{before}{opening}\n{table().rstrip()}\n\n{closing}{after}"
    return text


if __name__ == "__main__":
    for page, tables in ((PAGE, TABLES), (CLAIMS_PAGE, CLAIMS_TABLES)):
        text = renewed(page.read_text("utf-8"), tables)
        page.write_text(text, encoding="utf-8", newline="\n")
