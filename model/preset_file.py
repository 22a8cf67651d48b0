"""A scheme as a preset file, and the file somebody hands in: what is wrong with it, and where."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from typing import Any, Literal

from pydantic import ValidationError

from model.fields import Parameter
from model.preset import Preset, SchemeError, Text
from model.scheme import Scheme, named_parameters, scheme_parameters

#: A preset is a page of text; anything much larger is not one.
MAX_FILE = 200_000
MAX_LINE = 4_000
#: More numbers than this are in no scheme.
MAX_VALUES = 400
#: Nothing in a preset lies deeper than this.
MAX_DEPTH = 6
#: Longer lists are written one entry a line.
_SHORT_LIST = 80
#: Whole numbers beyond this are nobody's.
_MOST = 10**18

NOTE = Text(en="Set by the reader.", zh="读者自己设定。")


# -- writing -----------------------------------------------------------------------------------


def written(
    scheme: Scheme, *, name: Text, summary: Text, source: str = "setting", date: str = ""
) -> str:
    """``scheme`` as the text of a preset file; :func:`read` gives the same scheme again.

    Raises SchemeError where a list is too long for a file.
    """
    lines = [
        f"id = {_text(scheme.id)}",
        f"revision = {scheme.revision}",
        f"date = {_text(date)}",
        'kind = "own"',
        f"family = {_text(scheme.mechanisms[0].kind)}",
        f"name = {_both(name)}",
        f"summary = {_both(summary)}",
    ]
    for mechanism in scheme.mechanisms:
        lines += ["", "[[mechanism]]", f"kind = {_text(mechanism.kind)}"]
        if mechanism.name != mechanism.kind:
            lines.append(f"name = {_text(mechanism.name)}")
    for key, parameter in scheme_parameters(scheme).items():
        value = scheme.get(key)
        if value is None and parameter.default is None:
            continue
        lines += [
            "",
            f"# {parameter.label}. {parameter.help}",
            "[[value]]",
            f"key = {_text(key)}",
            f"value = {_value(value)}",
            f"unit = {_text(parameter.unit)}",
            f"source = {_text(source)}",
            'quality = "assumed"',
            f"note = {_both(NOTE)}",
        ]
    text = "\n".join(lines) + "\n"
    if len(text.encode("utf-8")) > MAX_FILE:
        raise SchemeError(f"the scheme is too long for a file of {MAX_FILE} bytes")
    return text


def _both(text: Text) -> str:
    return f"{{ en = {_text(text.en)}, zh = {_text(text.zh)} }}"


def _text(text: str) -> str:
    """A TOML string; JSON's escapes are a part of TOML's."""
    whole = text.encode("utf-8", "replace").decode("utf-8")
    return json.dumps(whole, ensure_ascii=False).replace("\x7f", "\\u007F")


def _value(value: Any) -> str:
    if value is None:
        return '"none"'
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, tuple | list):
        inside = [_value(item) for item in value]
        line = f"[{', '.join(inside)}]"
        return line if len(line) <= _SHORT_LIST else "[\n  " + ",\n  ".join(inside) + ",\n]"
    if isinstance(value, float) and not (value.is_integer() and abs(value) < 1e15):
        return repr(value)
    return str(int(value))


# -- reading -----------------------------------------------------------------------------------

What = Literal[
    "large", "text", "toml", "deep", "field", "unknown", "twice", "unit", "value", "together"
]


class FileError(SchemeError):
    """Why a file cannot be used: what is wrong, on which line and with which key, if it is known.

    The message is one English sentence; a page says ``what`` in its own words.
    """

    def __init__(
        self,
        what: What,
        message: str,
        *,
        line: int | None = None,
        key: str = "",
        parameter: Parameter | None = None,
    ) -> None:
        super().__init__(f"line {line}: {message}" if line else message)
        self.what: What = what
        self.line = line
        self.key = key
        #: What the key stands for, where its value is what is wrong.
        self.parameter = parameter


def read(data: bytes) -> Preset:
    """The preset in a file from anywhere; raises FileError. Its scheme and figures hold, too."""
    if len(data) > MAX_FILE:
        raise FileError("large", f"too large; a preset has at most {MAX_FILE} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError("text", "not UTF-8 text", line=line) from None
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise FileError("text", "a character that no text has", line=line)
    for number, row in enumerate(text.splitlines(), 1):
        if len(row) > MAX_LINE:
            raise FileError("large", f"more than {MAX_LINE} characters", line=number)
    document = _document(text)
    _shallow(document, text)
    try:
        preset = Preset.model_validate(document)
    except ValidationError as error:
        raise _field_problem(error, document, text) from None
    try:
        preset.scheme()
    except SchemeError as error:
        raise _scheme_problem(str(error), preset, text) from None
    for number, figure in enumerate(preset.figure):
        try:
            preset.scheme(dict(figure.set))
        except SchemeError as error:
            message = f"figure {number + 1}: {error}"
            where = _line(text, ("figure", number, "set"))
            raise FileError("field", message, line=where, key="figure.set") from None
    return preset


def _document(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise FileError("deep", "nested too deep") from None
    except ValueError as error:  # what is no TOML, and numbers and dates that are none
        message = str(error)
        found = re.search(r"\(at line (\d+), column \d+\)", message)
        line: int | None = None
        if found is not None:
            line = int(found[1])
        elif "end of document" in message:
            line = max(len(text.splitlines()), 1)
        said = re.sub(r" *\(at .*\)$", "", message)
        raise FileError("toml", f"not TOML ({_short(said)})", line=line) from None


def _shallow(document: dict[str, Any], text: str) -> None:
    """Refuse what would cost time or break messages further on."""
    values = document.get("value")
    if isinstance(values, list) and len(values) > MAX_VALUES:
        raise FileError("large", f"more than {MAX_VALUES} values")
    for path, value in _leaves(document):
        if isinstance(value, int) and abs(value) > _MOST:
            raise FileError(
                "value", "a number beyond all sense", line=_line(text, path), key=_named(path)
            )


def _leaves(document: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        if len(path) > MAX_DEPTH:
            raise FileError("deep", "nested too deep")
        if isinstance(value, dict):
            waiting += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            waiting += [((*path, at), item) for at, item in enumerate(value)]
        else:
            yield path, value


def _short(text: str) -> str:
    text = " ".join(text.split())
    text = "".join(character if character.isprintable() else "?" for character in text)
    return text if len(text) <= 60 else text[:57] + "..."


def _named(path: tuple[str | int, ...]) -> str:
    return _short(".".join(str(part) for part in path if isinstance(part, str)))


def _field_problem(error: ValidationError, document: dict[str, Any], text: str) -> FileError:
    """The first field that is missing, unknown or wrong."""
    first = error.errors(include_url=False, include_input=False)[0]
    path: tuple[str | int, ...] = tuple(first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    if path:
        return FileError(
            "field", f"{_named(path)}: {_short(message)}", line=_line(text, path), key=_named(path)
        )
    # A check of the whole: its message begins with the key, or names a source.
    key = message.split(":")[0].split(" ")[0]
    given = [str(item.get("key")) for item in document.get("value", [])]
    if message.endswith("is given twice"):
        return FileError("twice", message, line=_line_of(text, key, 2), key=key)
    if ": the unit is " in message:
        return FileError("unit", message, line=_line_of(text, key), key=key)
    if key in given:
        return FileError("field", message, line=_line_of(text, key), key=key)
    return FileError("field", _short(message), key="source" if "source" in message else "")


def _scheme_problem(message: str, preset: Preset, text: str) -> FileError:
    """What a preset's numbers do not allow."""
    known = named_parameters(preset.parts)
    if message.startswith("unknown key "):
        # The message may cut it short.
        key = next(item.key for item in preset.value if item.key not in known)
        return FileError("unknown", message, line=_line_of(text, key), key=key)
    key = message.split(": ", maxsplit=1)[0]
    entry = preset.origin(key)
    if entry is None:
        return FileError("together", message)
    parameter = known[key]
    return FileError("value", message, line=_line_of(text, key), key=key, parameter=parameter)


def _line(text: str, path: tuple[str | int, ...]) -> int | None:
    """The line of a field; of its table where it is missing; None where it is not found."""
    if not path:
        return None
    wanted = path[1] if len(path) > 1 and isinstance(path[1], int) else None
    field = str(path[2 if wanted is not None else 0]) if len(path) > (wanted is not None) else ""
    if wanted is not None and len(path) < 3:
        field = ""
    table, count, found = "", -1, None
    for number, line in enumerate(text.splitlines(), 1):
        head = re.match(r"\s*\[\[?\s*([^\]\s]+)\s*\]", line)
        if head is not None:
            table = head[1]
            if table == path[0]:
                count += 1
                if wanted is None or count == wanted:
                    found = number
            continue
        here = table == path[0] and count == wanted if wanted is not None else not table
        if here and field and re.match(rf"\s*[\"']?{re.escape(field)}[\"']?\s*[=.]", line):
            return number
    return found


def _line_of(text: str, key: str, times: int = 1) -> int | None:
    """The line on which a number's key stands, for the ``times``-th time."""
    for number, line in enumerate(text.splitlines(), 1):
        if re.search(rf"\bkey\s*=\s*[\"']{re.escape(key)}[\"']", line):
            times -= 1
            if times == 0:
                return number
    return None
