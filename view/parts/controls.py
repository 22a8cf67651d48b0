"""Knobs, and the memory behind them: widgets on one side, the page's address on the other.

Units people use (percent) exist only here; the model knows fractions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from model.fields import Parameter, plain
from model.library import preset, presets
from model.preset import SchemeError
from model.scheme import Scheme, named_parameters, scheme_parameters
from view.parts import notices, sent
from view.parts.boxes import number_box
from view.parts.context import lang, w
from view.settings import limits, state
from view.settings.state import Problem, Settings
from view.words import typed_said
from view.words.format import count, multiple, percent, quantity, yuan
from view.words.plain import quoted
from view.words.typed import Allowed
from view.words.words import LANGS

#: Every parameter of every kind under its own name; a page asks its scheme for what it has.
PARAMETERS = scheme_parameters()
#: Order volumes a slider offers: 1, 2, 5, 10, ... a day.
VOLUMES: tuple[float, ...] = (
    *(float(digit * 10**power) for power in range(6) for digit in (1, 2, 5)),
    1_000_000.0,
)


def to_widget(parameter: Parameter, value: Any) -> Any:
    """The value a widget shows: percent for shares."""
    if value is None or isinstance(value, str):
        return value
    if parameter.unit == "share":
        return round(float(value) * 100, 8)
    return int(value) if parameter.unit in {"ticks", "count"} else value


def from_widget(parameter: Parameter, value: Any) -> Any:
    """The value the model takes."""
    if value is None or isinstance(value, str):
        return value
    if parameter.unit == "share":
        return round(float(value) / 100, 10)
    return value


#: Growth a day when somebody asks for a growing volume without saying how fast.
GROWTH_TO_START_WITH = 0.01


def chosen_id(settings: Settings) -> str:
    """What the choice of schemes calls a preset: its id, or the reference of an own scheme."""
    return settings.preset.reference if settings.preset.kind == "own" else settings.preset.id


def warn(problems: Sequence[state.Problem], label: Callable[[str], str]) -> None:
    """One sentence for each of the first five; ``label``: what a parameter is called."""
    for problem in problems[:5]:
        values = dict(problem.values)
        if "param" in values:
            values["param"] = label(values["param"])
        if "days" in values:
            values["days"] = count(int(values["days"]), lang())
        notices.warn(w(problem.key, **values))


class Page:
    """The settings of one page for one run of its script.

    Make it first, draw the knobs, and call :meth:`finish` last. ``own`` are the page's own keys in
    the address with their allowed values, the default first (an empty tuple: any short text).
    """

    def __init__(self, name: str, *, own: Mapping[str, tuple[str, ...]]) -> None:
        self.name = name
        self.own = own
        self._memory = f"{name}:settings"
        query = st.query_params.to_dict()
        sent.heard(st.session_state.pop(f"{name}:sent", []))
        seen = st.session_state.get(f"{name}:seen")
        without_language = {k: v for k, v in query.items() if k != state.LANGUAGE}
        #: Whether the widgets were set from the address in this run.
        self.fresh = False
        before: Settings | None = st.session_state.get(self._memory)
        self._aside = sent.aside() if before is None else None
        elsewhere = seen != without_language or st.session_state.get("page:last") != name
        # What a callback has just asked for was asked for on this page, whose address the browser
        # may not have heard of yet.
        asked = f"{name}:take" in st.session_state
        unheard = st.session_state.get(f"{name}:unheard") == without_language
        if before is not None and unheard and st.session_state.get("page:last") == name:
            # Whoever goes on to another knob at once says so with the address from before: the Back
            # button, which says that address too, moves no knob.
            asked = asked or self._moved(before)
        if before is None or (elsewhere and not asked):
            # A new address: the first request, a link or the Back button.
            self.settings = state.parse(query, page=own)
            if len(query) <= state.MAX_KEYS:
                self._once_each(query)
            carried: Settings | None = st.session_state.get("page:carried")
            came_over = st.session_state.get("page:last") not in {None, name}
            if came_over and carried is not None and not state.names_a_scheme(query):
                # The way from page to page: the scheme and its numbers come along.
                self.settings = replace(
                    self.settings,
                    preset=carried.preset,
                    changes=carried.changes,
                    newest=carried.newest,
                )
            self._show(self.settings)
        else:
            self.settings = self._merged(replace(before, problems=()))
        st.session_state["page:last"] = name
        try:
            self.scheme: Scheme = self.settings.scheme()
        except SchemeError:
            # A combination of knobs that does not hold: keep what did, and say so.
            kept = before.changes if before else {}
            problem = Problem("url.combination")
            self.settings = replace(self.settings, changes=kept, problems=(problem,))
            self.scheme = self.settings.scheme()
            self._show(self.settings)
        self._bound()
        # At once and not at the end: parts of the page may run by themselves from here on.
        st.session_state[self._memory] = st.session_state["page:carried"] = self.settings

    def _once_each(self, query: Mapping[str, str]) -> None:
        """A sentence where the address gives something twice."""
        for key in query:
            if len(st.query_params.get_all(key)) > 1:
                problem = Problem("url.twice", {"key": quoted(key)})
                problems = (*self.settings.problems, problem)
                self.settings = replace(self.settings, problems=problems)
                return

    def _bound(self) -> None:
        """No more days than a page can work out while others wait, and a sentence on it."""
        shorter = limits.bounded(self.settings)
        if shorter is self.settings:
            return
        self.settings, self.scheme = shorter, shorter.scheme()
        self._show(self.settings)

    # -- between widgets and settings ----------------------------------------------------------

    def key(self, key: str) -> str:
        """The widget key for a parameter or one of the page's own keys."""
        return f"{self.name}|{key}"

    def _show(self, settings: Settings) -> None:
        """Set every widget that exists to ``settings``."""
        self.fresh = True
        scheme = settings.scheme()
        for key, parameter in scheme_parameters(scheme).items():
            st.session_state[self.key(key)] = to_widget(parameter, scheme.get(key))
        for key in self.own:
            st.session_state[self.key(key)] = settings.page.get(key, "")
        st.session_state[self.key(state.PRESET)] = chosen_id(settings)

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters of the scheme shown, by key."""
        return scheme_parameters(self.scheme)

    def parameter(self, key: str) -> Parameter:
        """One parameter of the scheme shown."""
        return self.parameters[key]

    def has(self, key: str) -> bool:
        """Whether the scheme shown has this parameter."""
        return key in self.parameters

    def label(self, key: str) -> str:
        """What a parameter is called, also where its mechanism has a name of its own."""
        return w.label(self._kind_key(key))

    def help(self, key: str) -> str:
        """One sentence on what a parameter means."""
        return w.help(self._kind_key(key))

    def _kind_key(self, key: str) -> str:
        group, dot, name = key.rpartition(".")
        mechanism = self.scheme.mechanism(group)
        return f"{mechanism.kind}{dot}{name}" if mechanism is not None else key

    @property
    def schemes(self) -> list[str]:
        """What can be chosen: the presets, and the reader's own scheme while it is shown."""
        mine = chosen_id(self.settings)
        return [*presets(), *([] if mine in presets() else [mine])]

    def _moved(self, before: Settings) -> bool:
        """Whether any widget says something else than it was shown with."""
        scheme, shown = before.scheme(), st.session_state
        told = {
            self.key(key): to_widget(parameter, scheme.get(key))
            for key, parameter in scheme_parameters(scheme).items()
        }
        told |= {self.key(key): before.page.get(key, "") for key in self.own}
        told[self.key(state.PRESET)] = chosen_id(before)
        both = ((shown[key], value) for key, value in told.items() if key in shown)
        return any((mine or "") != (theirs or "") for mine, theirs in both)

    def _merged(self, before: Settings) -> Settings:
        """``before`` with what the widgets say now."""
        chosen = st.session_state.get(self.key(state.PRESET), chosen_id(before))
        page = {
            key: str(st.session_state.get(self.key(key), before.page.get(key, "")) or "")
            for key in self.own
        }
        taken: Settings | None = st.session_state.pop(f"{self.name}:take", None)
        if taken is not None:
            settings = replace(taken, page={**page, **taken.page})
            self._show(settings)
            return settings
        if chosen != chosen_id(before) and chosen in presets():
            settings = Settings(preset(chosen), {}, page)
            self._show(settings)
            return settings
        if st.session_state.pop(f"{self.name}:reset", False):
            settings = Settings(preset(chosen_id(before)), {}, page)
            self._show(settings)
            return settings
        values = {key: before.changes[key] for key in before.changes}
        for key, parameter in named_parameters(before.preset.parts).items():
            if self.key(key) in st.session_state:
                values[key] = from_widget(parameter, st.session_state[self.key(key)])
        return replace(before, changes=state.changed(before.preset, values), page=page)

    def hold(self) -> None:
        """Before the first widget: what is not drawn in this run keeps its value for the next.

        Streamlit forgets the value of a widget that is not drawn and falls back to an older one.
        """
        for key, parameter in self.parameters.items():
            st.session_state[self.key(key)] = to_widget(parameter, self.scheme.get(key))
        st.session_state[self.key(state.PRESET)] = chosen_id(self.settings)

    def ready(self, key: str) -> str:
        """The widget key, after making sure that it has a value to show."""
        widget = self.key(key)
        if widget not in st.session_state:
            if self.has(key):
                st.session_state[widget] = to_widget(self.parameter(key), self.scheme.get(key))
            elif key == state.PRESET:
                st.session_state[widget] = chosen_id(self.settings)
            else:
                st.session_state[widget] = self.settings.page.get(key, "")
        return widget

    def query(self) -> dict[str, str]:
        """What the address says of the settings once the page has finished."""
        keep = (
            {state.LANGUAGE: st.query_params[state.LANGUAGE]}
            if st.query_params.get(state.LANGUAGE) in LANGS
            else {}
        )
        query = state.address(
            self.settings.preset,
            self.settings.changes,
            page=self.settings.page,
            defaults=self.own,
            keep=keep,
        )
        now = st.query_params.to_dict()
        untouched = not self.settings.changes and self.settings.preset.id == presets()[0]
        if (
            untouched
            and state.PRESET not in now
            and set(query) - {state.LANGUAGE} == {state.PRESET}
        ):
            # Nothing set: the plain address stays plain.
            query.pop(state.PRESET)
        return query

    def finish(self) -> None:
        """Write the address if anything has changed; call it last."""
        query, said = self.query(), st.query_params.to_dict()
        st.session_state.pop(f"{self.name}:unheard", None)
        if query != said:
            st.query_params.from_dict(query)
            # Until the browser has heard of it.
            said.pop(state.LANGUAGE, None)
            st.session_state[f"{self.name}:unheard"] = said
        st.session_state[f"{self.name}:seen"] = {
            k: v for k, v in query.items() if k != state.LANGUAGE
        }
        if self._aside is not None and (said_here := sent.otherwise(self._aside)):
            st.session_state[f"{self.name}:sent"] = said_here
            st.rerun()

    def use(self, settings: Settings) -> None:
        """These settings instead of the address's; call it before any widget is drawn."""
        self.settings = settings = limits.bounded(settings)
        self.scheme = settings.scheme()
        st.session_state[self._memory] = st.session_state["page:carried"] = settings
        self._show(settings)

    def take(self, settings: Settings) -> None:
        """Callback: these settings instead of the page's own; its own keys not named stay."""
        st.session_state[f"{self.name}:take"] = settings

    def reset(self) -> None:
        """Callback: back to the preset's numbers, in its newest revision."""
        st.session_state[f"{self.name}:reset"] = True

    # -- what every page shows -----------------------------------------------------------------

    def notices(self) -> None:
        """One sentence for each thing in the address that could not be used."""
        warn(self.settings.problems, self.label)
        if self.settings.newest is not None:
            notices.tell(
                w(
                    "url.old_revision",
                    revision=self.settings.preset.revision,
                    newest=self.settings.newest,
                )
            )
        if self.settings.preset.kind == "own" and self.settings.page.get("view") != "rules":
            notices.tell(w("rules.own"))
        if self.scheme.oversubscribed:
            notices.tell(w("split.too_much"))

    @property
    def is_changed(self) -> bool:
        """Whether any number differs from the newest preset; an own scheme has none to go to."""
        if self.settings.preset.kind == "own":
            return False
        return bool(self.settings.changes) or self.settings.newest is not None

    # -- knobs ---------------------------------------------------------------------------------

    def share_slider(self, key: str) -> None:
        """A slider in percent over the parameter's slider range."""
        parameter = self.parameter(key)
        low, high = parameter.slider or (0.0, 1.0)
        widget = self.ready(key)
        step = (parameter.step or 0.01) * 100
        low, high = round(low * 100, 8), round(high * 100, 8)
        value = float(st.session_state[widget])
        # A link may carry a value beyond what the slider offers: show it at the end it is nearest.
        st.session_state[widget] = value
        st.slider(
            self.label(key),
            min_value=min(low, value),
            max_value=max(high, value),
            step=step,
            key=widget,
            format="%g%%",
            help=self.help(key),
        )

    def choice_slider(self, key: str, options: Sequence[Any], show: Any) -> None:
        """A slider over given values; a value from the address joins them in its place."""
        widget = self.ready(key)
        value = st.session_state[widget]
        numbers = sorted({o for o in options if o is not None} | ({value} - {None}))
        st.select_slider(
            self.label(key),
            options=[*numbers, *([None] if None in options else [])],
            key=widget,
            format_func=show,
            help=self.help(key),
        )

    def number(self, key: str) -> None:
        """A number box for any parameter; empty where it may be none."""
        parameter = self.parameter(key)
        box = typed_said.allowed(parameter)
        # Labels of time say what they count themselves.
        unit = "" if box.whole else w(f"unit.{parameter.unit}")
        name = self.label(key)
        number_box(
            w("control.unit", label=name, unit=unit) if unit else name,
            key=self.ready(key),
            box=box,
            name=name,
            help_=self.help(key),
            placeholder=w("control.none"),
        )

    def whole(self, key: str, low: int, high: int) -> int | None:
        """A whole number of the page's own; the nearest that there is, and a sentence on that."""
        text = self.settings.page.get(key, "")
        if not (text.isascii() and text.isdigit()):
            return None
        number = int(text)
        said = any(problem.values.get("key") == key for problem in self.settings.problems)
        if not (said or low <= number <= high):
            values = {"key": key, "value": text, "low": plain(low), "high": plain(high, 16)}
            notices.warn(w("url.whole", **values))
        return min(max(number, low), high)

    def own_number(self, key: str, label: str, *, least: int = 0, most: int, help_: str) -> None:
        """A whole number of the page's own that may be left empty."""
        widget = f"{self.key(key)}#"
        given = self.whole(key, least, most)
        if self.fresh or widget not in st.session_state:
            st.session_state[widget] = given

        def keep() -> None:
            number = st.session_state[widget]
            st.session_state[self.key(key)] = "" if number is None else str(number)

        number_box(
            label,
            key=widget,
            box=Allowed(unit="count", low=least, high=most, whole=True, empty=True),
            on_change=keep,
            help_=help_,
            placeholder=w("check.unsure"),
        )

    def growth(self) -> None:
        """Growth of the orders; away from nought it turns a steady volume into a growing one."""
        widget = self.ready("demand.growth")
        parameter = self.parameter("demand.growth")
        low, high = parameter.slider or (-0.02, 0.05)
        value = float(st.session_state[widget])

        def follow() -> None:
            kind = self.key("demand.kind")
            grows = st.session_state[widget] != 0
            if st.session_state.get(kind) != "saturating" or not grows:
                st.session_state[kind] = "growing" if grows else "steady"

        st.slider(
            w.label("demand.growth"),
            min_value=min(low * 100, value),
            max_value=max(high * 100, value),
            step=0.1,
            key=widget,
            format="%g%%",
            on_change=follow,
            help=w.help("demand.growth"),
        )

    def demand_kind(self) -> None:
        """Steady, growing or levelling off; a list of days comes from a file and not from here."""
        kinds = ["steady", "growing", "saturating"]
        if self.scheme.demand.kind not in kinds:
            kinds.append(self.scheme.demand.kind)
        widget = self.ready("demand.kind")

        def follow() -> None:
            growth = self.key("demand.growth")
            if st.session_state[widget] in {"growing", "saturating"}:
                if not st.session_state.get(growth):
                    st.session_state[growth] = 100 * GROWTH_TO_START_WITH
            else:
                st.session_state[growth] = 0.0

        st.selectbox(
            w.label("demand.kind"),
            kinds,
            format_func=lambda kind: w(f"demand.{kind}"),
            key=widget,
            on_change=follow,
            help=w.help("demand.kind"),
        )

    def outside_money(self) -> None:
        """One payment from outside as two boxes; the address and files may hold more."""
        payments = self.scheme.pool.outside
        target = self.key("points_pool.outside")
        day_box, yuan_box = f"{target}#day", f"{target}#yuan"
        if self.fresh or yuan_box not in st.session_state or day_box not in st.session_state:
            day, amount = payments[0] if payments else (30, 0.0)
            st.session_state[day_box], st.session_state[yuan_box] = int(day), float(amount)

        def keep() -> None:
            day, amount = st.session_state[day_box], st.session_state[yuan_box]
            rest = [list(payment) for payment in payments[1:]]
            first = [[day, amount]] if amount else []
            st.session_state[target] = tuple(map(tuple, first + rest))

        number_box(
            w("control.unit", label=w.label("points_pool.outside"), unit=w("unit.yuan")),
            key=yuan_box,
            box=Allowed(unit="yuan", low=0, high=1e13),
            name=w.label("points_pool.outside"),
            on_change=keep,
            help_=w.help("points_pool.outside"),
        )
        if st.session_state[yuan_box]:
            number_box(
                w("control.outside_day"),
                key=day_box,
                box=Allowed(unit="ticks", low=1, high=10_000, whole=True),
                on_change=keep,
            )

    def volume(self) -> None:
        """Orders a day, from 1 to a million."""
        language = lang()
        self.choice_slider(
            "demand.orders_per_tick", VOLUMES, lambda n: quantity(n, language, short=True)
        )


def shown(parameter: Parameter, value: Any, language: str) -> str:
    """A parameter's value for people."""
    if value is None:
        return w("control.never" if parameter.unit == "multiple" else "control.none")
    if parameter.unit == "share":
        return percent(value, language)
    if parameter.unit == "yuan":
        return yuan(value, language)
    if parameter.unit == "multiple":
        return multiple(value, language)
    # One order a week is not nought a day.
    return quantity(value, language) if isinstance(value, int | float) else str(value)
