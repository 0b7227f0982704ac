"""A policy in plain words, and what a sentence becomes under it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from transcriber.domain.entity import Entity
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Participant, Roster
from transcriber.services.policy_file import load_policy, shipped_policies
from transcriber.stages.detect import detect
from transcriber.stages.interview.labels import Voice, next_labels
from transcriber.stages.protocols import Detector
from transcriber.stages.pseudonymise.apply import apply_policy

T = TypeVar("T")

LONGEST_EXAMPLE = 500

SAMPLE = (
    "I'm Sarah Whitfield, I'm 34 and I work at the Royal Infirmary in Hexham. My husband Tom drove "
    "us home on the 14th of March 2019, and our health visitor rang me on 01632 960 983."
)
"""What is shown where nobody has written a sentence: nobody in it exists (Ofcom keeps 01632 free).
"""

SAMPLE_ROSTER = Roster(participants=(Participant("Sarah Whitfield", "P03"),))

FOR_WHOM = {
    "default": "For studies that have not decided yet: loses least that cannot be undone.",
    "team": "For the people who analyse: places, organisations and dates keep most meaning.",
    "archive": "For a data archive with registered users: says what a place is and not where.",
    "open": "For publication: nothing that was found stays, the indirect kinds too.",
}
"""Of the shipped policies, the most careful use last."""

_KINDS = {
    EntityType.PERSON: "Names of people",
    EntityType.LOCATION: "Places",
    EntityType.ORGANISATION: "Organisations",
    EntityType.DATE: "Dates",
    EntityType.AGE: "Ages",
    EntityType.PHONE: "Telephone numbers",
    EntityType.EMAIL: "E-mail addresses",
    EntityType.URL: "Web addresses",
    EntityType.HANDLE: "Account names",
    EntityType.ID: "Numbers of patients, cases and the like",
    EntityType.POSTCODE: "Postcodes",
    EntityType.ADDRESS: "Street addresses",
    EntityType.OCCUPATION: "Occupations",
    EntityType.FAMILY: "Family relations",
    EntityType.EVENT: "Events",
    EntityType.HEALTH: "Health",
    EntityType.RELIGION: "Religion",
    EntityType.NATIONALITY: "Nationality",
    EntityType.LANGUAGE: "Languages",
}
_COARSER = {
    "ten-years": "become a band of ten years",
    "five-years": "become a band of five years",
    "life-stage": "become a stage of life",
    "month": "keep month and year",
    "season": "keep season and year",
    "year": "keep the year",
    "decade": "keep the decade",
    "kind": "become the kind of thing that they are, such as [town 3] or [hospital 2]",
    "region": "become the kind of place that they are, and roughly where",
    "country": "become their country",
    "area": "keep their first letters",
    "group": "become a group of occupations",
}
_STYLES = {
    Style.LABEL: "are replaced by a label such as [PERSON_1]",
    Style.ROLE: "are replaced by the participant's label, such as [P03], or by [PERSON_1]",
    Style.PSEUDONYM: "are replaced by an invented name",
}


@dataclass(frozen=True, slots=True)
class PolicyWords:
    """A policy as people read it: its name, whom it is for, and a sentence for each kind."""

    name: str
    for_whom: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an example: what was said, and what is written where that differs.

    `flagged` words stay, and a person is asked about them.
    """

    said: str
    written: str | None = None
    flagged: bool = False


def shipped_in_words() -> tuple[PolicyWords, ...]:
    """Return the shipped policies, from what keeps most to what keeps least."""
    known = shipped_policies()
    names = [name for name in FOR_WHOM if name in known]
    return tuple(in_words(load_policy(name)) for name in names)


def in_words(policy: Policy) -> PolicyWords:
    """Return a policy in plain words."""
    return PolicyWords(
        policy.name,
        FOR_WHOM.get(policy.name, "A policy of your own."),
        tuple(_sentence(kind, policy) for kind in EntityType),
    )


def example(
    policy: Policy, roster: Roster, detectors: Sequence[Detector], text: str = SAMPLE
) -> tuple[Piece, ...]:
    """Return what a sentence becomes under a policy, found by the detectors that work on sound.

    Nothing is remembered. Raises UsageError for a text that is too long, RedactionRefused where a
    type that the policy seeks is not served.
    """
    if len(text) > LONGEST_EXAMPLE:
        raise UsageError(
            "text_too_long", f"The example may have {LONGEST_EXAMPLE} characters. Shorten it."
        )
    found = detect(text, policy, roster, detectors)
    applied = apply_policy(found, policy, roster, _Nowhere(), {None: text})
    return tuple(_pieces(text, applied))


def _pieces(text: str, findings: Sequence[Finding]) -> list[Piece]:
    pieces, position = [], 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        if finding.action is Action.KEEP or finding.start < position:
            continue
        if finding.start > position:
            pieces.append(Piece(text[position : finding.start]))
        flagged = finding.action is Action.FLAG
        pieces.append(Piece(finding.text, None if flagged else finding.replacement, flagged))
        position = finding.end
    if position < len(text):
        pieces.append(Piece(text[position:]))
    return pieces


def _sentence(kind: EntityType, policy: Policy) -> str:
    action = policy.actions.get(kind, Action.KEEP)
    match action:
        case Action.KEEP:
            does = "stay as they are, and nobody is asked"
        case Action.FLAG:
            does = "stay, and the person who checks is asked about each"
        case Action.GENERALISE:
            does = _COARSER[policy.levels[kind]]
        case _ if kind is EntityType.PERSON:
            does = _STYLES[policy.style]
        case _:
            does = "are replaced by a label"
    return f"{_KINDS[kind]} {_singular(kind, does)}."


def _singular(kind: EntityType, does: str) -> str:
    """Say `stays` and `is` of the kinds that are one word for many things."""
    if kind not in (EntityType.HEALTH, EntityType.RELIGION, EntityType.NATIONALITY):
        return does
    for many, one in (("stay", "stays"), ("are ", "is ")):
        if does.startswith(many):
            return one + does.removeprefix(many)
    return does


class _Nowhere:
    """A register of pseudonyms that forgets."""

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        return decide(())[1]

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        none: dict[Voice, str] = {}
        given = next_labels(none, recording, speakers, reserved)
        return tuple(given[recording, speaker] for speaker in speakers)
