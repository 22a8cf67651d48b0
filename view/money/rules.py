"""Change the rules: tick mechanisms, set where the price goes, and keep the result as a file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

import streamlit as st

from model.library import MAX_FILE, SchemeError, own_preset
from model.mechanisms import DividendPool, PointsPool, RefundQueue, ScheduledRelease
from model.preset_file import FileError, read, written
from model.scheme import (
    KINDS,
    MAX_PACKAGES,
    RECIPIENTS,
    Mechanism,
    Named,
    Parts,
    Scheme,
    named_parameters,
    scheme_parameters,
)
from view import palette
from view.mechanisms.face import faces, meant
from view.money import rows
from view.money.rows import Unit, UnreadableError
from view.parts import knobs, notices
from view.parts.context import dark, lang, w
from view.parts.controls import Page, from_widget, to_widget
from view.settings import state
from view.settings.state import Settings
from view.words.format import count, percent, yuan
from view.words.plain import quoted

#: The page's own settings of this view: none, all of it is the scheme.
OWN: dict[str, tuple[str, ...]] = {}

#: What a mechanism is called, and what it does in one sentence.
KIND_WORDS: Mapping[str, tuple[str, str]] = {
    "points_pool": ("rules.kind.points_pool", "rules.kind.points_pool.help"),
    "dividend_pool": ("rules.kind.dividend_pool", "rules.kind.dividend_pool.help"),
    "scheduled_release": ("rules.kind.scheduled_release", "rules.kind.scheduled_release.help"),
    "refund_queue": ("rules.kind.refund_queue", "rules.kind.refund_queue.help"),
    "commission": ("rules.kind.commission", "rules.kind.commission.help"),
}
#: A mechanism that is added gets at least this much of the price, if there is any room.
LEAST_SHARE = 0.01
#: Rounding in percent must not count as too much.
TINY = 1e-6
#: Keys of the address beside the scheme's numbers: the scheme, the language, the page's own.
KEYS_BESIDE = 8
FILE_NAME = "who-pays-rules.toml"


# -- which mechanisms --------------------------------------------------------------------------


def own_settings(scheme: Scheme, parts: Named | None = None) -> Settings:
    """``scheme`` as the reader's own, with all its numbers; of its mechanisms only ``parts``."""
    parts = parts or tuple((m.kind, m.name) for m in scheme.mechanisms)
    named = [kind if name == kind else f"{kind}.{name}" for kind, name in parts]
    own = own_preset("+".join(named))
    here, wanted = scheme_parameters(scheme), named_parameters(parts)
    values = {key: scheme.get(key) for key in wanted if key in here}
    return Settings(own, state.changed(own, values), {})


#: The unit of a column that a rule adds to the packages.
_NUMBER: Unit = "number"


class RulesError(ValueError):
    """Why the rules cannot be changed so: a catalogue key and its placeholders."""

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def without(scheme: Scheme, kind: str) -> Settings:
    """``scheme`` without the mechanisms of a kind, as the reader's own."""
    parts = tuple((m.kind, m.name) for m in scheme.mechanisms if m.kind != kind)
    if not parts:
        raise RulesError("rules.one_needed")
    settings = own_settings(scheme, parts)
    changes = dict(settings.changes)
    if kind == "points_pool":
        # What was shared with the points pool stands alone now.
        changes = {k: v for k, v in changes.items() if not k.endswith(".shared_quota")}
    return _holding(replace(settings, changes=changes))


def added(scheme: Scheme, kind: str, parked: Mapping[str, Any]) -> Settings:
    """``scheme`` with a mechanism more, as the reader's own; ``parked``: numbers it had before."""
    if kind in {"points_pool", "refund_queue"} and scheme.order.packages:
        raise RulesError("rules.no_packages")
    have = {m.kind for m in scheme.mechanisms} | {kind}
    parts: Named = tuple(
        part
        for each in KINDS
        if each in have
        for part in (
            [(str(m.kind), m.name) for m in scheme.mechanisms if m.kind == each] or [(each, each)]
        )
    )
    settings = own_settings(scheme, parts)
    known = named_parameters(parts)
    earlier = {key: value for key, value in parked.items() if key in known}
    changes = {**earlier, **settings.changes}
    if kind != "commission":
        key = f"{kind}.share"
        taken = sum(m.taken for m in scheme.mechanisms)
        named = sum(getattr(scheme.order.parts, name) for name in Parts.model_fields)
        asked = float(changes.get(key, known[key].default))
        room = max(1 - taken - named, LEAST_SHARE)
        share = round(min(asked, room, 1 - taken), 10)
        if share < max(known[key].minimum or 0.0, 0.001):
            raise RulesError("rules.no_room")
        changes[key] = share
        if f"{kind}.rank_share" in changes:
            changes[f"{kind}.rank_share"] = 0.0
    try:
        return _holding(replace(settings, changes=changes))
    except RulesError:
        # The earlier numbers no longer fit: the mechanism's own instead.
        changes = {k: v for k, v in changes.items() if k not in earlier or k.endswith(".share")}
        return _holding(replace(settings, changes=changes))


def _holding(settings: Settings) -> Settings:
    try:
        settings.scheme()
    except SchemeError:
        raise RulesError("rules.together") from None
    return replace(settings, changes=state.changed(settings.preset, settings.changes))


def holds(settings: Settings, values: Mapping[str, Any]) -> bool:
    """Whether the scheme holds with these values."""
    try:
        settings.preset.scheme({**settings.changes, **values})
    except SchemeError:
        return False
    return True


# -- what is said ------------------------------------------------------------------------------


def finding(scheme: Scheme) -> str:
    """What comes in with one order and what is promised for it: no behaviour changes that."""
    language = lang()
    spend = scheme.order.mean_spend
    split = scheme.split()
    fixed = any(
        isinstance(m, ScheduledRelease) or (isinstance(m, RefundQueue) and m.rule != "pool")
        for m in scheme.mechanisms
    )
    # Fixed promises are also paid from the platform's account.
    there = 100 * (split.get("pool", 0.0) + (split.get("platform", 0.0) if fixed else 0.0))
    most = scheme.most_paid
    if most is None:
        return w("rules.finding.no_end", there=yuan(there, language))
    promised = 100 * most / spend
    if not promised:
        recruiting = 100 * split.get("distribution", 0.0)
        return w("rules.finding.nothing", recruiting=yuan(recruiting, language))
    if promised <= there * (1 + 1e-9):
        return w(
            "rules.finding.covered", there=yuan(there, language), most=yuan(promised, language)
        )
    return w(
        "rules.finding.more",
        there=yuan(there, language),
        most=yuan(promised, language),
        more=yuan(promised - there, language),
    )


def mechanism_name(scheme: Scheme, mechanism: Mechanism) -> str:
    """What a mechanism is called; numbered where there are several of its kind."""
    same = [m.name for m in scheme.mechanisms if m.kind == mechanism.kind]
    name = w(KIND_WORDS[mechanism.kind][0])
    if len(same) == 1:
        return name
    return w("rules.numbered", name=name, number=str(same.index(mechanism.name) + 1))


def bar(scheme: Scheme, *, own: bool) -> str:
    """100 yuan of the price as one bar: what each mechanism takes, then the named parts."""
    language, colors = lang(), palette.roles(dark=dark())
    split = scheme.split()
    parts = [
        (mechanism_name(scheme, m), colors["pool"], m.taken)
        for m in scheme.mechanisms
        if getattr(m, "taken", 0.0) > 0
    ]
    for name in RECIPIENTS:
        share = split.get(name, 0.0)
        # In the reader's own rules nobody left anything unsaid.
        open_ = own and name == "unstated"
        label = w("rules.unassigned") if open_ else w(f"part.{name}")
        parts.append((label, colors[name], share))
    cells, items = [], []
    for label, color, share in parts:
        if share <= TINY / 100:
            continue
        cells.append(
            f'<span class="wp-cell" style="flex:{share:.6f} 1 0;background:{color}"></span>'
        )
        items.append(
            f'<li><i style="background:{color}"></i>{escape(label)} '
            f"<b>{escape(yuan(100 * share, language))}</b></li>"
        )
    return (
        f'<figure class="wp-split"><figcaption>{escape(w("rules.bar"))}</figcaption>'
        f'<div class="wp-bar" aria-hidden="true">{"".join(cells)}</div>'
        f'<ul class="wp-parts">{"".join(items)}</ul></figure>'
    )


# -- the view ----------------------------------------------------------------------------------


def draw(page: Page) -> None:
    """The whole view; the heading and the choice of the scheme stand above it."""
    scheme = page.scheme
    own = page.settings.preset.kind == "own"
    about = (
        w("rules.own") if own else w("rules.taken_apart", name=w.text(page.settings.preset.name))
    )
    st.html(
        f'<p class="wp-finding">{escape(finding(scheme))}</p>'
        f'<p class="wp-assume">{escape(about)}</p>{bar(scheme, own=own)}'
    )
    _kinds(page)
    _split(page)
    for mechanism in scheme.mechanisms:
        _mechanism(page, mechanism)
    _platform(page)
    _file(page)


def _grid(name: str) -> Any:
    return st.container(key=f"wp-grid-{name}", horizontal=True, gap="medium")


def _problem(page: Page) -> str:
    return f"{page.name}|rules-problem"


def _kinds(page: Page) -> None:
    """The mechanisms as ticks."""
    st.header(w("rules.mechanisms"), anchor=False)
    scheme = page.scheme
    have = {m.kind for m in scheme.mechanisms}
    parked_key = f"{page.name}|rules-parked"

    def toggle(kind: str) -> None:
        parked: dict[str, Any] = st.session_state.setdefault(parked_key, {})
        try:
            if kind in have:
                names = {m.name for m in scheme.mechanisms if m.kind == kind}
                parked.update(
                    (key, scheme.get(key))
                    for key in scheme_parameters(scheme)
                    if key.partition(".")[0] in names
                )
                page.take(without(scheme, kind))
            else:
                page.take(added(scheme, kind, parked))
        except RulesError as error:
            st.session_state[_problem(page)] = (error.key, error.values)

    with _grid("kinds"):
        for kind, (name, help_) in KIND_WORDS.items():
            widget = f"{page.name}|rules-kind-{kind}"
            st.session_state[widget] = kind in have
            st.checkbox(w(name), key=widget, help=w(help_), on_change=toggle, args=(kind,))
    problem = st.session_state.pop(_problem(page), None)
    if problem is not None:
        key, values = problem
        notices.warn(w(key, **values))


def split_keys(scheme: Scheme) -> list[str]:
    """The parameters that say where one order's price goes."""
    keys = []
    for mechanism in scheme.mechanisms:
        if mechanism.kind != "commission":
            keys.append(f"{mechanism.name}.share")
        if isinstance(mechanism, DividendPool):
            keys.append(f"{mechanism.name}.rank_share")
    return keys + [f"order.parts.{name}" for name in Parts.model_fields]


def _split(page: Page) -> None:
    """Where the price goes. What adds up to too much waits in the boxes until it fits."""
    st.header(w("rules.split"), anchor=False)
    scheme, settings = page.scheme, page.settings
    keys = split_keys(scheme)
    drafts = {key: f"{page.key(key)}~" for key in keys}
    waiting = f"{page.name}|rules-waiting"
    if page.fresh or any(widget not in st.session_state for widget in drafts.values()):
        st.session_state[waiting] = False
    if not st.session_state.get(waiting):
        for key, widget in drafts.items():
            st.session_state[widget] = float(to_widget(page.parameter(key), scheme.get(key)))

    def keep() -> None:
        typed = {key: st.session_state[widget] for key, widget in drafts.items()}
        values = {key: from_widget(page.parameter(key), typed[key]) for key in keys}
        fits = sum(typed.values()) <= 100 + TINY and holds(settings, values)
        st.session_state[waiting] = not fits
        if fits:
            for key, value in typed.items():
                st.session_state[page.key(key)] = value

    with _grid("split"):
        page.number("order.spend")
        for key, widget in drafts.items():
            parameter = page.parameter(key)
            most = max(100.0, st.session_state[widget])
            least = min(100 * (parameter.minimum or 0.0), st.session_state[widget])
            st.number_input(
                w("control.unit", label=_split_label(page, key), unit="%"),
                min_value=float(least),
                max_value=float(most),
                step=1.0,
                format="%g",
                key=widget,
                on_change=keep,
                help=page.help(key),
            )
        _choice(page, "order.rest")
    total = sum(float(st.session_state[widget]) for widget in drafts.values())
    language = lang()
    if st.session_state.get(waiting):
        key = "rules.over" if total > 100 + TINY else "rules.split_together"
        values = {"total": percent(total / 100, language)} if key == "rules.over" else {}
        notices.warn(w(key, **values))
    _packages(page)


def _split_label(page: Page, key: str) -> str:
    group, _, name = key.rpartition(".")
    mechanism = page.scheme.mechanism(group)
    if mechanism is None or name != "share":
        return page.label(key)
    return mechanism_name(page.scheme, mechanism)


# -- one mechanism -----------------------------------------------------------------------------


def _mechanism(page: Page, mechanism: Mechanism) -> None:
    scheme = page.scheme
    name = mechanism_name(scheme, mechanism)
    st.header(name, anchor=False)

    fields = faces()[mechanism.kind]

    def shown(names: Sequence[str]) -> list[str]:
        return [f"{mechanism.name}.{name}" for name in names if meant(scheme, mechanism, name)]

    _knobs(page, mechanism.name, shown(fields.main))
    more = st.expander(
        w("rules.more", name=name),
        on_change="rerun",
        key=f"{page.name}|rules-more-{mechanism.name}",
    )
    if more.open:
        with more:
            _knobs(page, f"{mechanism.name}-more", shown(fields.more))


def _knobs(page: Page, name: str, keys: Sequence[str]) -> None:
    """Numbers and choices in a grid, then the tables one under the other."""
    lists = [key for key in keys if page.parameter(key).unit == "list"]
    with _grid(name):
        for key in keys:
            if key in lists:
                continue
            if page.parameter(key).unit == "choice":
                _choice(page, key)
            else:
                page.number(key)
    for key in lists:
        _list(page, key)


def _field(page: Page, key: str) -> tuple[str, str]:
    """(kind, field) of a mechanism's parameter, or the parameter's group and name."""
    group, _, name = key.rpartition(".")
    mechanism = page.scheme.mechanism(group)
    return (group if mechanism is None else mechanism.kind), name


def _choice(page: Page, key: str) -> None:
    """A choice between words."""
    if key != "order.rest":
        group, name = _field(page, key)
        knobs.choice(page, key, f"{group}.{name}")
        return
    st.selectbox(
        page.label(key),
        RECIPIENTS,
        format_func=lambda name: w(f"part.{name}"),
        key=page.ready(key),
        help=page.help(key),
    )


def _platform(page: Page) -> None:
    """What the platform does when a fixed promise cannot be paid."""
    scheme = page.scheme
    release = any(isinstance(m, ScheduledRelease) for m in scheme.mechanisms)
    queue = any(isinstance(m, RefundQueue) and m.rule != "pool" for m in scheme.mechanisms)
    if not (release or queue):
        return
    st.header(w("rules.platform"), anchor=False)
    keys = ["platform.capital", "platform.policy"]
    if release:
        keys.append("platform.withdrawal_fee")
        if scheme.platform.policy == "raise_fee":
            keys.append("platform.fee_step")
        keys += ["platform.minimum", "platform.raised_minimum"]
        if scheme.platform.raised_minimum is not None:
            keys.append("platform.raised_from")
    _knobs(page, "platform", keys)


# -- tables ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """How a list is typed: its columns, and the sentences on what a line is and must be."""

    columns: tuple[Unit, ...]
    line: str
    must: str


TABLES: Mapping[str, Table] = {
    "outside": Table(("number", "number"), "rules.line.outside", "rules.must.outside"),
    "levels": Table(("number", "number"), "rules.line.levels", "rules.must.levels"),
    "stars": Table(("number", "share"), "rules.line.stars", "rules.must.stars"),
    "rewards": Table(("number", "number"), "rules.line.rewards", "rules.must.rewards"),
    "rank_reached": Table(("share",), "rules.line.rank_reached", "rules.must.rank_reached"),
}


def _list(page: Page, key: str) -> None:
    """A list as lines of text. What cannot be used waits in the box and is named."""
    table = TABLES[_field(page, key)[1]]
    single = len(table.columns) == 1
    value = page.scheme.get(key)

    def shown() -> str:
        if single:
            return rows.written([value], table.columns * max(len(value), 1)) if value else ""
        return rows.written(value, table.columns)

    def values(text: str) -> dict[str, Any]:
        if single:
            return {key: tuple(rows.read_one(text, table.columns[0]))}
        found = rows.read(text, table.columns)
        if any(cell is None for row in found for cell in row):
            raise RulesError(table.must)
        if key.endswith(".outside"):
            if any(day is None or day != int(day) for day, _ in found):
                raise RulesError(table.must)
            return {key: tuple((int(day or 0), amount) for day, amount in found)}
        return {key: tuple(found)}

    _lines(
        page,
        key,
        label=page.label(key),
        help_=page.help(key),
        line=w(table.line),
        must=table.must,
        shown=shown(),
        values=values,
    )


def _lines(
    page: Page,
    key: str,
    *,
    label: str,
    help_: str,
    line: str,
    must: str,
    shown: str,
    values: Callable[[str], dict[str, Any]],
) -> None:
    """A box for lines of numbers; ``values`` turns its text into the parameters it sets."""
    widget, mark = f"{page.key(key)}~lines", f"{page.key(key)}~shown"
    trouble = f"{page.key(key)}~trouble"
    settings = page.settings
    if page.fresh or widget not in st.session_state or st.session_state.get(mark) != shown:
        st.session_state[widget], st.session_state[mark] = shown, shown
        st.session_state.pop(trouble, None)

    def keep() -> None:
        text = st.session_state[widget]
        st.session_state.pop(trouble, None)
        try:
            wanted = values(text)
        except UnreadableError as error:
            st.session_state[trouble] = (
                "rules.unreadable",
                {"number": str(error.line), "text": quoted(error.text)},
            )
            return
        except RulesError as error:
            st.session_state[trouble] = (error.key, error.values)
            return
        if not holds(settings, wanted):
            st.session_state[trouble] = (must, {})
            return
        for name, value in wanted.items():
            st.session_state[page.key(name)] = value

    st.text_area(
        label,
        key=widget,
        on_change=keep,
        help=help_,
        max_chars=5000,
        height=68 + 24 * min(max(shown.count("\n"), 1), 8),
    )
    problem = st.session_state.get(trouble)
    if problem is not None:
        name, told = problem
        notices.warn(w(name, **told))
    else:
        st.html(f'<p class="wp-assume">{escape(line)}</p>')


@dataclass(frozen=True)
class Column:
    """A column of the packages beside price and share: which list it fills."""

    key: str
    label: str


def package_columns(scheme: Scheme) -> list[Column]:
    """Lists that go by package, of every mechanism that is there."""
    found = []
    for m in scheme.mechanisms:
        if isinstance(m, DividendPool):
            if not m.levels or m.package_units:
                found.append(Column(f"{m.name}.package_units", "rules.column.units"))
            if m.quota_multiple is not None or m.package_quotas:
                found.append(Column(f"{m.name}.package_quotas", "rules.column.quota"))
            if m.referral_rate > 0 or m.package_generations:
                found.append(Column(f"{m.name}.package_generations", "rules.column.generations"))
        if isinstance(m, ScheduledRelease):
            found.append(Column(f"{m.name}.package_multiples", "rules.column.credit"))
    return found


def package_rows(scheme: Scheme) -> list[tuple[float | None, ...]]:
    """The packages as lines: price in yuan, share of orders, then what goes by package."""
    columns = package_columns(scheme)
    given = [scheme.get(column.key) for column in columns]
    spend = scheme.order.spend
    return [
        (
            multiple * spend,
            share,
            *(((values[at] if values else None) for values in given) if any(given) else ()),
        )
        for at, (multiple, share) in enumerate(scheme.order.packages)
    ]


def package_values(scheme: Scheme, text: str) -> dict[str, Any]:
    """What the packages as lines of text set; raises UnreadableError or RulesError."""
    columns = package_columns(scheme)
    units: tuple[Unit, ...] = ("number", "share", *[_NUMBER] * len(columns))
    found = rows.read(text, units, least=2)
    spend = scheme.order.spend
    if any(cell is None for row in found for cell in row[:2]):
        raise RulesError("rules.must.packages")
    if len(found) > MAX_PACKAGES:
        raise RulesError("rules.must.packages")
    total = sum(row[1] or 0.0 for row in found)
    if found and abs(total - 1) > TINY:
        raise RulesError("rules.must.packages_sum", total=percent(total, lang()))
    values: dict[str, Any] = {
        "order.packages": tuple(((row[0] or 0.0) / spend, row[1]) for row in found)
    }
    for at, column in enumerate(columns, 2):
        cells = [row[at] if at < len(row) else None for row in found]
        missing = cells.count(None)
        if missing not in {0, len(cells)}:
            raise RulesError("rules.must.column", column=w(column.label))
        values[column.key] = () if missing or not cells else tuple(cells)
    return values


def _packages(page: Page) -> None:
    scheme = page.scheme
    if any(isinstance(m, PointsPool | RefundQueue) for m in scheme.mechanisms):
        return
    columns = package_columns(scheme)
    units: tuple[Unit, ...] = ("number", "share", *[_NUMBER] * len(columns))
    line = w("rules.line.packages")
    if columns:
        labels = w("list.comma").join(w(column.label) for column in columns)
        line = w("rules.line.packages_more", columns=labels)
    _lines(
        page,
        "order.packages",
        label=page.label("order.packages"),
        help_=w("rules.packages.help"),
        line=line,
        must="rules.must.packages",
        shown=rows.written(package_rows(scheme), units),
        values=lambda text: package_values(scheme, text),
    )


# -- the file ----------------------------------------------------------------------------------


def as_file(page: Page) -> bytes:
    """The scheme as a preset file."""
    preset = page.settings.preset
    text = written(
        page.scheme,
        name=preset.name,
        summary=preset.summary,
        date=dt.datetime.now(dt.UTC).date().isoformat(),
    )
    return text.encode("utf-8")


def opened(data: bytes) -> Settings:
    """The settings of a file somebody hands in; raises FileError."""
    return own_settings(read(data).scheme())


def file_problem(error: FileError) -> str:
    """What is wrong with a file, in one sentence."""
    language = lang()
    line = w("rules.file.line", line=count(error.line, language)) if error.line else ""
    key = quoted(error.key, 60)
    if error.what == "large":
        return w("rules.file.large", kilobytes=count(MAX_FILE / 1000, language), line=line)
    if error.what == "text":
        return w("rules.file.text", line=line)
    if error.what == "toml":
        return w("rules.file.toml", line=line)
    if error.what == "deep":
        return w("rules.file.deep")
    if error.what == "unknown":
        return w("rules.file.unknown", key=key, line=line)
    if error.what == "twice":
        return w("rules.file.twice", key=key, line=line)
    if error.what == "unit":
        return w("rules.file.unit", key=key, line=line)
    if error.what == "value":
        p = error.parameter
        if p is not None and p.minimum is not None and p.maximum is not None:
            low, high = rows.number(p.minimum), rows.number(p.maximum)
            return w("rules.file.range", key=key, line=line, low=low, high=high)
        if p is not None and p.choices:
            return w("rules.file.one_of", key=key, line=line, allowed=", ".join(p.choices))
        if p is not None:
            return w("rules.file.list", key=key, line=line)
        return w("rules.file.value", key=key, line=line)
    if error.what == "field" and key:
        return w("rules.file.field", key=key, line=line)
    if error.what == "together":
        return w("rules.file.together")
    return w("rules.file.other")


def too_long_for_a_link(settings: Settings) -> str:
    """What an address cannot carry of these settings; empty if it can carry all."""
    if len(settings.changes) > state.MAX_KEYS - KEYS_BESIDE:
        return w("rules.file.many", numbers=count(len(settings.changes), lang()))
    for key, value in settings.changes.items():
        if len(state.written(value)) > state.MAX_VALUE:
            return key
    return ""


def _file(page: Page) -> None:
    """Take the rules along, and open such a file again."""
    st.header(w("rules.file"), anchor=False)
    turn_key, said_key = f"{page.name}|rules-turn", f"{page.name}|rules-said"
    turn = st.session_state.setdefault(turn_key, 0)
    widget = f"{page.name}|rules-file-{turn}"

    def take() -> None:
        file = st.session_state.get(widget)
        st.session_state.pop(said_key, None)
        if file is None:
            return
        # One more than is allowed is enough to know that it is too large.
        data = file.getvalue()[: MAX_FILE + 1]
        # Another key empties the box.
        st.session_state[turn_key] = turn + 1
        try:
            settings = opened(data)
        except FileError as error:
            st.session_state[said_key] = (False, file_problem(error))
            return
        page.take(settings)
        long = too_long_for_a_link(settings)
        sentence = w("rules.file.no_link", what=long) if long else w("rules.file.opened")
        st.session_state[said_key] = (not long, sentence)

    st.markdown(w("rules.file.intro"))
    try:
        data = as_file(page)
    except SchemeError:
        notices.tell(w("rules.file.too_long"))
    else:
        st.download_button(
            w("rules.file.download"),
            data=data,
            file_name=FILE_NAME,
            mime="application/toml",
            key=f"{page.name}|rules-download",
            on_click="ignore",
        )
    st.file_uploader(
        w("rules.file.upload"),
        type=["toml"],
        key=widget,
        on_change=take,
        max_upload_size=1,
    )
    said = st.session_state.get(said_key)
    if said is not None:
        good, sentence = said
        if good:
            notices.done(sentence)
        else:
            notices.warn(sentence)
