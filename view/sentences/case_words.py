"""What stands with a real case wherever it is named: what was published, then the model.

Under a real name the model says nothing of how many were paid: its orders are amounts spent and no
members, and how sales developed is not published. No Streamlit here.
"""

from __future__ import annotations

from html import escape

from model.facts import leading
from model.library import real_case
from model.preset import Preset
from model.scheme import Scheme, named_parameters
from view.sentences.facts import source_line
from view.settings.values import label, value_text
from view.words.format import yuan
from view.words.words import Words


def published(chosen: Preset, w: Words, *, named: bool = True) -> str:
    """What was published of a case, with name, sources, dates and grade; empty if of none.

    Not ``named``: below a heading that has the name.
    """
    fact = leading(chosen.id)
    if fact is None:
        return ""
    sources = [source_line(id_, w, address=False) for id_ in fact.sources]
    values = {
        "text": w.text(fact.text.en, fact.text.zh),
        "sources": ("; " if w.lang == "en" else "；").join(sources),
    }
    if not named:
        return w("case.below", **values)
    return w("case.published", name=w.text(chosen.name.en, chosen.name.zh), **values)


def order(scheme: Scheme, w: Words) -> str:
    """What one order of the model stands for, yuan."""
    return yuan(scheme.order.mean_spend, w.lang)


def assumed(scheme: Scheme, w: Words) -> str:
    """The rules of a case that no source states and that stand as the preset has them."""
    chosen = real_case(scheme)
    if chosen is None:
        return ""
    known, parts = named_parameters(chosen.parts), {name for _, name in chosen.parts}
    values = [
        w(
            "press.not.assumed.one",
            label=label(chosen, item.key, w),
            value=value_text(known[item.key], scheme.get(item.key), w),
        )
        for item in chosen.value
        if item.quality == "assumed"
        and item.key.partition(".")[0] in parts
        and item.key in known
        and scheme.get(item.key) == item.value
    ]
    return w("case.assumed", values=w("list.comma").join(values)) if values else ""


def led(scheme: Scheme, said: str, w: Words) -> str:
    """What a view says of a run; of a real case below what was published, and with its limits."""
    chosen = real_case(scheme)
    if chosen is None:
        return said
    parts = (w("case.model", spend=order(scheme, w)), said, assumed(scheme, w), w("case.unknown"))
    space = "" if w.lang != "en" else " "
    below = space.join(filter(None, parts)).replace("\n", space)
    heading = w("case.heading", name=w.text(chosen.name.en, chosen.name.zh))
    return "\n".join(filter(None, (heading, published(chosen, w, named=False), below)))


def lines(said: str) -> str:
    """A finding as HTML: its first line, and in a lower voice what stands below it."""
    first, _, rest = said.partition("\n")
    # A space between them, for whatever reads the text alone.
    return escape(first) + (f'\n<span class="wp-second">{escape(rest)}</span>' if rest else "")


def title(scheme: Scheme, said: str, w: Words) -> str:
    """The title of a picture; of a real case it says that it is the model's."""
    return said if real_case(scheme) is None else w("case.title", title=said)
