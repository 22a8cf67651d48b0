"""The table of docs/model.md that is made from the code: ``python -m docs.tables`` renews it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, get_args

from model.fields import Parameter
from model.scheme import Scheme, scheme_parameters

PAGE = Path(__file__).resolve().parent / "model.md"
_BLOCK = re.compile(
    r"(<!-- parameters: made by python -m docs\.tables -->\n).*?(<!-- end of parameters -->)",
    re.DOTALL,
)


def _choices(key: str) -> str:
    """The words a choice may be, from the annotation of its field."""
    *groups, name = key.split(".")
    holder: Any = Scheme
    for group in groups:
        holder = holder.model_fields[group].annotation
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
    return "empty" if value == () else f"`{value}`"


def parameter_table() -> str:
    """Every parameter with unit, bounds, default and meaning, as a Markdown table."""
    lines = ["| Key | Label | Unit | Allowed | Default | Meaning |", "|---|---|---|---|---|---|"]
    lines += [
        f"| `{key}` | {p.label} | {p.unit} | {allowed(p)} | {default(p)} | {p.help} |"
        for key, p in scheme_parameters().items()
    ]
    return "\n".join(lines) + "\n"


def renewed(text: str) -> str:
    """``text`` with its table made afresh; ValueError if it has no place for them."""
    if not _BLOCK.search(text):
        raise ValueError(f"{PAGE.name} has no parameter table to renew")
    return _BLOCK.sub(lambda match: f"{match[1]}\n{parameter_table()}\n{match[2]}", text)


if __name__ == "__main__":
    PAGE.write_text(renewed(PAGE.read_text("utf-8")), encoding="utf-8", newline="\n")
