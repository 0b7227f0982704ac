"""The private page on what is left: combinations that may point at one person, worst first."""

from collections.abc import Sequence
from html import escape

from transcriber.domain.finding import EntityType
from transcriber.domain.residual_risk import (
    LIMIT,
    STRENGTHS,
    About,
    Clue,
    Combination,
    InsiderClue,
    ParticipantRisk,
    ResidualRisk,
    Strength,
    Trace,
)
from transcriber.exports.report_page import NUMBER, STYLE, TALK, table

HEADINGS = {
    Strength.POINTS: "may point at one person",
    Strength.NARROWS: "what is left narrows it down",
    Strength.LITTLE: "little is left",
}
CLUES = {
    Clue.TOLD: "Told by somebody else",
    Clue.EVENT: "A rare or public event",
    Clue.WORK: "Said in talk about the service",
    Clue.STAFF: "Tells of somebody in the service",
    Clue.NAMED: "Named by somebody else",
}
ABOUTS = {
    About.SELF: "themselves",
    About.CLOSE: "family or friends",
    About.OTHER: "somebody they tell of",
    About.TOLD: "them, told by another",
}
KINDS = {
    EntityType.OCCUPATION: "work",
    EntityType.FAMILY: "family",
    EntityType.EVENT: "event",
    EntityType.HEALTH: "health",
    EntityType.RELIGION: "religion",
    EntityType.NATIONALITY: "origin",
    EntityType.LANGUAGE: "language",
    EntityType.LOCATION: "place",
    EntityType.ORGANISATION: "organisation",
    EntityType.ID: "number or code",
    EntityType.URL: "web address",
}
"""Where the type's own name in lower case would not read well."""

MOST_CLUES = 12
"""Sentences shown for one participant; the page says how many more there are."""

PAGE_STYLE = """
section { border-top: 1px solid var(--line); margin-top: 40px; padding-top: 4px; }
section h2 { margin-top: 16px; } h3 { font-size: 16px; font-weight: 600; margin: 24px 0 4px; }
ol, ul { margin: 0; padding: 0; list-style: none; }
li { padding: 8px 0; border-bottom: 1px solid var(--line); max-width: 72ch; }
li p { margin: 0; } .limit { margin-top: 16px; }
.what { font-family: Charter, Georgia, serif; font-size: 17px; }
.kind { color: var(--soft); font: 14px/1.5 system-ui, sans-serif; }
.points { color: var(--accent); font-weight: 600; } .join { color: var(--soft); }
details { margin-top: 16px; } summary { color: var(--soft); }
@media print {
  :root { color-scheme: light; --ink: #000; --paper: #fff; --line: #bbb; --soft: #444;
          --accent: #5a2a0a; }
  body { max-width: none; padding: 0; font-size: 11pt; } li, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; } }
"""


def write_risk(study: str, code: str, risk: ResidualRisk) -> bytes:
    """Return one self-contained HTML page on one recording or transcript.

    It shows the redacted text only: what was replaced is not on it.
    """
    head = escape(f"{study} {code}".strip())
    alone = len(risk.participants) == 1
    people = "".join(_participant(n, p, alone) for n, p in enumerate(risk.participants, start=1))
    page = f"""<!doctype html>
<html lang="en-GB"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex"><title>{head}: what is left</title>
<style>{STYLE}{PAGE_STYLE}</style></head><body>
<h1>{head}: what is left</h1>
<p class="soft">Private: for those who decide what leaves. Names and numbers that were replaced are
not on this page.</p>
{_overview(risk)}
<p class="limit">{escape(LIMIT)}</p>
{people}
{_method(risk)}
</body></html>
"""
    return page.encode("utf-8", "xmlcharrefreplace")


def _overview(risk: ResidualRisk) -> str:
    """One row a participant, in the order of the page."""
    if not any(person.traces or person.clues for person in risk.participants):
        return (
            "<p>Nothing was found that would add up to a person. That proves little: somebody who "
            "knows the service still has to read the text.</p>"
        )
    rows = [
        [
            f'<a href="#p{number}">{_name(person)}</a>',
            f"<span{_accent(person.strength)}>{HEADINGS[person.strength].capitalize()}</span>",
            str(len(person.traces)),
            str(len(person.clues)),
        ]
        for number, person in enumerate(risk.participants, start=1)
    ]
    headings = [
        ("Participant", ""),
        ("What is left", ""),
        ("Facts", NUMBER),
        ("Places an insider knows", NUMBER),
    ]
    return table(headings, rows)


def _accent(strength: Strength) -> str:
    return ' class="points"' if strength is Strength.POINTS else ""


def _name(person: ParticipantRisk) -> str:
    return escape(person.label or "Whoever speaks")


def _participant(number: int, person: ParticipantRisk, alone: bool) -> str:
    present = (
        "" if person.speaks else '<p class="soft">Does not speak here, but is talked about.</p>'
    )
    return (
        f'<section id="p{number}"><h2>'
        f"{_name(person)}: {HEADINGS[person.strength]}</h2>{present}"
        f"{_combinations(person.combinations, alone)}{_clues(person.clues)}{_traces(person.traces)}"
        "</section>"
    )


def _combinations(combinations: Sequence[Combination], alone: bool) -> str:
    if not combinations:
        return "<p>No facts are left that a stranger could put together.</p>"
    items = "".join(
        f'<li><p class="what">{_together(c.traces)}</p><p class="soft">'
        f"<span{_accent(c.strength)}>{STRENGTHS[c.strength].capitalize()}</span>: "
        f"{escape(_reasons(c, alone))}.</p></li>"
        for c in combinations
    )
    return f"<h3>What a stranger could put together</h3><ol>{items}</ol>"


def _together(traces: Sequence[Trace]) -> str:
    return '<span class="join"> + </span>'.join(
        f'{escape(trace.text)} <span class="kind">({_kind(trace.entity_type)})</span>'
        for trace in traces
    )


def _reasons(combination: Combination, alone: bool) -> str:
    """Why it stands where it stands, in words."""
    traces = combination.traces
    kinds = len({trace.entity_type for trace in traces})
    reasons = ["one fact" if kinds == 1 else f"{NUMBERS[kinds]} different kinds of fact"]
    if combination.one_turn:
        reasons.append("said in one turn")
    shared = sum(trace.shared > 0 for trace in traces)
    if shared:
        reasons.append(f"{NUMBERS[shared]} said of others too")
    elif not alone:
        reasons.append("said of nobody else here")
    frequent = [trace.text for trace in traces if trace.common]
    if frequent:
        reasons.append(f"{' and '.join(frequent)} {_fits(len(frequent))} many people")
    coarse = sum(trace.generalised for trace in traces)
    if coarse:
        reasons.append(f"{NUMBERS[coarse]} made coarser")
    return ", ".join(reasons)


NUMBERS = {1: "one", 2: "two", 3: "three"}


def _fits(count: int) -> str:
    return "fits" if count == 1 else "fit"


def _clues(clues: Sequence[InsiderClue]) -> str:
    if not clues:
        return ""
    items = "".join(
        f'<li><p class="what">{escape(clue.sentence)}</p>'
        f'<p class="soft">{escape(_why(clue))}</p></li>'
        for clue in clues[:MOST_CLUES]
    )
    rest = len(clues) - MOST_CLUES
    more = f'<p class="soft">And {rest} more places like these.</p>' if rest > 0 else ""
    return f"<h3>What a colleague in the same service would recognise</h3><ul>{items}</ul>{more}"


def _why(clue: InsiderClue) -> str:
    teller = f" ({clue.told_by})" if clue.clue in (Clue.TOLD, Clue.NAMED) and clue.told_by else ""
    facts = ", ".join(dict.fromkeys(trace.text for trace in clue.traces))
    return f"{CLUES[clue.clue]}{teller}{f': {facts}' if facts else ''}."


def _traces(traces: Sequence[Trace]) -> str:
    """The table of facts; columns that would say the same in every row are left out."""
    if not traces:
        return ""
    columns: list[tuple[str, str, list[str]]] = [
        ("Kind", "", [_kind(trace.entity_type) for trace in traces]),
        ("What a reader sees", TALK, [escape(trace.text) for trace in traces]),
        ("Of whom", "", [ABOUTS[trace.about] for trace in traces]),
    ]
    if any(trace.mentions > 1 for trace in traces):
        columns.append(("Mentions", NUMBER, [str(trace.mentions) for trace in traces]))
    if any(trace.shared for trace in traces):
        columns.append(("Others with it", NUMBER, [str(trace.shared) for trace in traces]))
    rows = list(zip(*(cells for _, _, cells in columns), strict=True))
    body = table([(heading, kind) for heading, kind, _ in columns], rows)
    return f"<details open><summary>All that is left: {len(traces)}</summary>{body}</details>"


def _kind(entity_type: EntityType) -> str:
    return KINDS.get(entity_type, entity_type.value.lower())


def _method(risk: ResidualRisk) -> str:
    not_sought = ", ".join(_kind(kind) for kind in risk.not_sought)
    unseen = (
        f"<p>The policy does not look for: {escape(not_sought)}. What of it is in the text is not "
        "weighed here.</p>"
        if not_sought
        else ""
    )
    return f"""<section><h2>How the order comes about</h2>
<p>Rare events weigh most, then work, family and places, then health, origin, faith and language.
What fits many people, what was made coarser and what is said of others too weighs less. Facts of
different kinds weigh more together, and more still where one turn holds them all.</p>
<p>Of whom something is said is read from the words around it, and may be wrong: the sentence
decides. Way of speaking, opinions and stories without a rare word in them are not weighed at all;
only a person sees those.</p>
{unseen}<p>To make a fact coarser or take it out, change its type in the policy, or mark it when you
review the transcript.</p></section>"""
