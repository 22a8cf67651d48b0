"""The numbers of a finding, read from its words: by what each is, as a reader would."""

from __future__ import annotations

import re

from model.result import Result
from view.pictures import charts, panels
from view.sentences import findings
from view.words.words import Words

UNITS = {"trillion": 1e12, "billion": 1e9, "million": 1e6}
#: Days in what a length of time is said in.
TIMES = {"day": 1.0, "month": 365.25 / 12, "year": 365.25}
_NUMBER = re.compile(
    r"^(?P<sign>−?)¥?(?P<number>[\d,]+(?:\.\d+)?)(?P<power> × 10[⁰¹²³⁴⁵⁶⁷⁸⁹]+)?"
    r"(?: (?P<unit>trillion|billion|million))?(?: (?P<time>day|month|year)s?)?[%×]?"
    r"(?: on average)?$"
)


def number_in(text: str) -> float | None:
    """The number that a piece of an English sentence says, or None if it says none."""
    text = text.removeprefix("1 in ")
    found = _NUMBER.match(text)
    if found is None:
        return None
    number = float(found["number"].replace(",", "")) * UNITS.get(found["unit"] or "", 1.0)
    if found["power"]:
        number *= 10.0 ** int(
            found["power"][5:].translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))
        )
    return (-number if found["sign"] else number) * TIMES.get(found["time"] or "", 1.0)


class Heard(Words):
    """English words that remember which numbers were said, by sentence and by name."""

    def __init__(self) -> None:
        super().__init__("en", strict=True)
        self.numbers: dict[str, float] = {}
        self.keys_said: set[str] = set()

    def __call__(self, key: str, /, **values: object) -> str:
        self.keys_said.add(key)
        family = key.partition(".")[0]
        if family in {"finding", "panel"}:
            kind = family if family == "finding" else ".".join(key.split(".")[:2])
            for name, value in values.items():
                number = number_in(str(value))
                # Amounts are told apart by their sentence: one to recruiters, one to agents.
                of = key if name == "amount" else kind
                if number is not None:
                    self.numbers[f"{of}:{name}"] = number
        return super().__call__(key, **values)


def heard(result: Result) -> Heard:
    """What finding and panel titles of a run say."""
    w = Heard()
    findings.finding(result, w)
    findings.besides(result, w)
    panels.panels(result, charts.Look(w=w, dark=False), foot="")
    return w
