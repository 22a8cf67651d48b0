"""A claim as a sheet for journalists: its fact, what it leaves out, its arithmetic and picture."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go

from view.pictures import charts
from view.press import press_sheet
from view.press.press_sheet import Picture, Sheet, Told
from view.press.press_sums import LINES, Sum
from view.sentences import findings
from view.settings import state
from view.words.words import Words

if TYPE_CHECKING:
    from view.parts.controls import Page
    from view.press import press

#: Commissions and shops are worked out from rates: nobody's behaviour is assumed.
FROM_RATES = "income"


def subject(page: Page) -> press.Subject | None:
    """The claim that the page has open; None if there is none."""
    from view.claims import claims_text

    claim = claims_text.opened(page.settings)
    if claim is None or page.settings.page.get("view", "claims") != "claims":
        return None
    settings = page.settings
    return lambda said: of_claim(claim, settings, said)


def of_claim(claim: Any, settings: state.Settings, w: Words) -> Sheet:
    """The sheet of a claim with the reader's numbers."""
    from view.claims import charts_claims, claims_text

    told = claims_text.told_of(claim, settings, w)
    chosen, changes, scheme = settings.preset, settings.changes, settings.scheme()
    if not claim.fits(scheme):
        from model.library import preset

        chosen, changes = preset(claim.home), {}
        scheme = chosen.scheme()
    if told.worked:
        # What does not fit together stands on the offer's page, and this claim on another.
        kept = tuple(fact for fact in chosen.fact if not fact.contradiction)
        chosen = chosen.model_copy(update={"fact": kept})
    base = press_sheet.of_scheme(chosen, changes, w)
    assumed = told.assumed or ("" if claim.group == FROM_RATES else findings.assumption(scheme, w))
    foot = "<br>".join(filter(None, [told.page, assumed, findings.source_line(chosen, changes, w)]))

    def drawn(look: charts.Look) -> go.Figure:
        return charts_claims.picture(told, scheme, look, foot=foot)

    values = told.found.values
    sums = [Sum(line, label) for label, line in told.lines if " = " in line]
    return press_sheet.of_told(
        base,
        Told(
            subject=w("press.subject.claim", claim=told.say("claim")),
            claim=told.say("claim"),
            source=claim.source,
            worked=told.worked,
            conclusion=findings.together(w, w("press.concluded", fact=told.fact), assumed),
            leaves_out=tuple(told.leaves_out),
            # The last lines are what the earlier ones are for.
            arithmetic=tuple(sums[-LINES:]),
            pictures=(Picture("claim", told.fact, told.fact, drawn),),
            python=python(
                claim.id, chosen.reference, changes, claims_text.inputs_of(claim, settings)
            ),
            printed="".join(f"{name} {value.value:.12g}\n" for name, value in values.items()),
        ),
        w,
    )


def python(id_: str, reference: str, changes: Mapping[str, Any], inputs: Mapping[str, int]) -> str:
    """The lines that print every number of a claim's conclusion."""
    loaded = press_sheet.loading(reference, changes)
    given = f", inputs={dict(inputs)!r}" if inputs else ""
    return (
        "from model import load\n"
        "from model.claims import CLAIMS\n\n"
        f"found = CLAIMS[{id_!r}].conclude({loaded}{given})\n"
        "for name, number in found.values.items():\n"
        '    print(name, f"{number.value:.12g}")\n'
    )
