"""How telling a trace is. Judgement, not statistics: the numbers only put traces in order."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transcriber.domain.finding import EntityType
from transcriber.domain.residual_risk import About, Strength, Trace
from transcriber.stages.words import plain_words

POINTS: Mapping[EntityType, float] = {
    EntityType.EVENT: 4,
    EntityType.OCCUPATION: 3,
    EntityType.FAMILY: 3,
    EntityType.LOCATION: 3,
    EntityType.ORGANISATION: 3,
    EntityType.POSTCODE: 3,
    EntityType.HEALTH: 2,
    EntityType.RELIGION: 2,
    EntityType.NATIONALITY: 2,
    EntityType.LANGUAGE: 2,
    EntityType.DATE: 2,
    EntityType.AGE: 1,
}
DIRECT_POINTS = 10.0
"""A name, number or address that was left points at somebody by itself."""
GENERALISED = 0.4
COMMON = 0.5
DETOUR = {About.CLOSE: 0.8, About.OTHER: 0.4}
"""Facts on a relative, and more so on anybody else, tell who the participant is by a detour."""
KINDS_FACTOR = {1: 0.5, 2: 1.0, 3: 1.5}
ONE_TURN = 1.2
"""What stands in one turn needs no putting together."""
FROM_POINTS, FROM_NARROWS = 9.0, 4.0
"""Three rare kinds reach the first, two the second."""

_COMMON = """
teacher, nurse, doctor, student, manager, cleaner, driver, receptionist, chef, cook, builder,
electrician, secretary, civil servant, shop assistant, teaching assistant, christian, catholic,
church of england, anglican, muslim, protestant, atheist, british, english, american,
white british, asian, diabetes, diabetic, asthma, asthmatic, depression, depressed, anxiety,
high blood pressure, arthritis, c section, caesarean, cesarean, mastitis, tongue tie, miscarriage,
adhd, dyslexia, dyslexic, anaemia, anaemic, cancer, stroke, dementia, divorced, single mum,
single mother, ex husband, ex wife, stepdad, stepmum, half brother, half sister, only child,
in the paper, on the telly, on tv, made redundant from
"""
COMMON_KINDS = frozenset(" ".join(plain_words(phrase)) for phrase in _COMMON.split(","))
"""What so many people are, have or had that it says little by itself."""


def is_common(text: str) -> bool:
    """Whether what was said is so frequent that it says little by itself."""
    form = " ".join(plain_words(text))
    return form in COMMON_KINDS or form.removesuffix("s") in COMMON_KINDS


def weighed(trace: Trace) -> Trace:
    """Return the trace with its weight."""
    weight = POINTS.get(trace.entity_type, DIRECT_POINTS)
    if trace.generalised:
        weight *= GENERALISED
    if trace.common:
        weight *= COMMON
    weight *= DETOUR.get(trace.about, 1)
    return replace(trace, weight=round(weight / (1 + trace.shared), 2))


def combined(traces: Sequence[Trace], one_turn: bool) -> float:
    """Weight of traces together: their sum, more for more different kinds."""
    kinds = len({trace.entity_type for trace in traces})
    factor = KINDS_FACTOR[min(kinds, max(KINDS_FACTOR))] * (ONE_TURN if one_turn else 1)
    return round(sum(trace.weight for trace in traces) * factor, 2)


def strength(weight: float, traces: Sequence[Trace]) -> Strength:
    """How far it narrows down who is meant; a direct identifier that was left always points."""
    direct = any(trace.entity_type not in POINTS for trace in traces)
    if direct or weight >= FROM_POINTS:
        return Strength.POINTS
    return Strength.NARROWS if weight >= FROM_NARROWS else Strength.LITTLE
