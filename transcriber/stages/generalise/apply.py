"""Coarser instead of gone: an age becomes a band, a date its month, a town `[town 3, Wales]`.

Bands and levels follow what UK Data Service, UCSB Library, Timescapes and the HIPAA safe harbour
(45 CFR 164.514(b)(2)) ask of interviews: see docs/policies.md.
"""

import re
from collections.abc import Callable, Mapping

from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale, Policy
from transcriber.stages.generalise.ages import AGE_LEVELS, AGE_WORDING, age_band
from transcriber.stages.generalise.dates import DATE_LEVELS, DATE_WORDING, coarser_date
from transcriber.stages.generalise.occupations import OCCUPATION_WORDING, occupation_group
from transcriber.stages.generalise.organisations import ORGANISATION_KINDS, organisation_kind
from transcriber.stages.generalise.places import PLACE_KINDS, PLACE_LEVELS, coarser_place
from transcriber.stages.generalise.postcodes import POSTCODE_WORDING, postcode_area

LEVELS: Mapping[EntityType, tuple[str, ...]] = {
    EntityType.AGE: AGE_LEVELS,
    EntityType.DATE: DATE_LEVELS,
    EntityType.LOCATION: PLACE_LEVELS,
    EntityType.ORGANISATION: ("kind",),
    EntityType.POSTCODE: ("area",),
    EntityType.OCCUPATION: ("group",),
}
"""Types that a policy may generalise, and how far; the first level is taken when none is named."""

NUMBERED = frozenset({EntityType.LOCATION, EntityType.ORGANISATION})
"""Types whose coarser wording gets the number of its entity, so that two towns stay two."""

_KINDS = "|".join(re.escape(kind) for kind in sorted(PLACE_KINDS | ORGANISATION_KINDS))
_WORDINGS = (
    *(AGE_WORDING, DATE_WORDING, OCCUPATION_WORDING, POSTCODE_WORDING),
    rf"(?:{_KINDS})(?: \d+)?(?:, [A-Z][^\[\],\n]{{2,40}})?",
)
GENERALISED = re.compile(rf"\[(?:{'|'.join(_WORDINGS)})\]")
"""Every wording that `generalised` and `numbered` write, and next to nothing else.

Nothing inside it is an identifier: who looks for them in a redacted text passes over it.
"""


_GENERALISERS: Mapping[EntityType, Callable[[str, str, Locale], str | None]] = {
    EntityType.AGE: lambda text, level, _: age_band(text, level),
    EntityType.DATE: coarser_date,
    EntityType.LOCATION: coarser_place,
    EntityType.ORGANISATION: lambda text, *_: organisation_kind(text),
    EntityType.POSTCODE: lambda text, _, locale: postcode_area(text, locale),
    EntityType.OCCUPATION: lambda text, *_: occupation_group(text),
}


def generalised(kind: EntityType, text: str, policy: Policy) -> str | None:
    """Return the coarser wording in square brackets, None when `text` cannot be read.

    None asks for a label instead: what is not understood is never shown. `text` is what was said;
    for a place or an organisation of the roster its entity, which is spelt as people spell it.
    """
    level = policy.levels.get(kind) or LEVELS.get(kind, ("",))[0]
    generaliser = _GENERALISERS.get(kind)
    return generaliser(text, level, policy.locale) if generaliser else None


def numbered(wording: str, number: int) -> str:
    """Return `[town 3, Wales]` for `[town, Wales]` and 3; the number is the entity's own."""
    kind, comma, rest = wording.removesuffix("]").partition(",")
    return f"{kind} {number}{comma}{rest}]"
