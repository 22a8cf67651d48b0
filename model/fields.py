"""Parameter metadata: the one place where a number's unit, bounds, step, label and help live.

Validation (pydantic), the sliders, the documentation table, the preset loader and the command line
all read it from here.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

#: Units a parameter may carry. Money is yuan, shares are fractions of one, time is ticks.
UNITS = ("yuan", "share", "multiple", "ticks", "orders", "points", "count", "choice", "list")


def plain(x: float, digits: int = 6) -> str:
    """A number as people write it, to so many significant digits: ``1,000,000,000``, not 1e+09."""
    rounded = f"{x:.{digits}g}"
    if not math.isfinite(x) or not (x == 0 or 1e-6 <= abs(x) < 1e18):
        return rounded
    text = f"{Decimal(rounded):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Frozen(BaseModel):
    """Base of every settings object: immutable, unknown keys refused, no infinities."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def param(
    default: Any,
    *,
    unit: str,
    label: str,
    help: str,
    step: float | None = None,
    slider: tuple[float, float] | None = None,
    unsure: tuple[float, float] | None = None,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> Any:
    """A pydantic field with its metadata.

    ``slider`` is the range a knob offers where it is narrower than what is valid; ``unsure`` the
    range that stands for "not sure".
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}; known: {', '.join(UNITS)}")
    return Field(
        default=default,
        title=label,
        description=help,
        gt=gt,
        ge=ge,
        lt=lt,
        le=le,
        json_schema_extra={
            "unit": unit,
            "step": step,
            "slider": list(slider) if slider else None,
            "unsure": list(unsure) if unsure else None,
        },
    )


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """What the fields above say of one parameter, ready to use."""

    key: str
    unit: str
    label: str
    help: str
    default: Any
    minimum: float | None
    maximum: float | None
    exclusive_minimum: bool
    exclusive_maximum: bool
    step: float | None
    slider: tuple[float, float] | None
    unsure: tuple[float, float] | None
    optional: bool
    #: The words of a choice, in their order; none for anything else.
    choices: tuple[str, ...] = ()

    def allowed(self) -> str:
        """The allowed values in words, for error messages and the documentation."""
        parts = []
        if self.minimum is not None:
            parts.append(
                f"{'more than' if self.exclusive_minimum else 'at least'} {plain(self.minimum)}"
            )
        if self.maximum is not None:
            parts.append(
                f"{'less than' if self.exclusive_maximum else 'at most'} {plain(self.maximum)}"
            )
        words = " and ".join(parts) if parts else f"a value in {self.unit}"
        return f"{words}, or none" if self.optional else words


def _bound(info: FieldInfo, name: str) -> float | None:
    for item in info.metadata:
        value = getattr(item, name, None)
        if value is not None:
            return float(value)
    return None


def parameters(model: type[BaseModel], *, prefix: str) -> Iterator[Parameter]:
    """Every annotated parameter of ``model`` as a :class:`Parameter`, keys below ``prefix``."""
    for name, info in model.model_fields.items():
        extra = info.json_schema_extra
        if not isinstance(extra, dict) or "unit" not in extra:
            continue
        lower, upper = _bound(info, "ge"), _bound(info, "le")
        above, below = _bound(info, "gt"), _bound(info, "lt")
        slider, unsure = extra.get("slider"), extra.get("unsure")
        yield Parameter(
            key=f"{prefix}{name}",
            unit=str(extra["unit"]),
            label=str(info.title),
            help=str(info.description),
            default=info.default,
            minimum=lower if lower is not None else above,
            maximum=upper if upper is not None else below,
            exclusive_minimum=lower is None and above is not None,
            exclusive_maximum=upper is None and below is not None,
            step=_number(extra.get("step")),
            slider=_pair(slider),
            unsure=_pair(unsure),
            optional="None" in str(info.annotation),
            choices=tuple(map(str, get_args(info.annotation))) if extra["unit"] == "choice" else (),
        )


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def _pair(value: object) -> tuple[float, float] | None:
    if isinstance(value, list):
        low, high = value
        if isinstance(low, int | float) and isinstance(high, int | float):
            return float(low), float(high)
    return None
