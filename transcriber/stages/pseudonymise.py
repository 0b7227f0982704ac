"""What the policy makes of findings: actions and replacements, the same for every mention."""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.stages.generalise import generalised
from transcriber.stages.number_words import digit_string
from transcriber.stages.protocols import PseudonymRegister
from transcriber.stages.words import plain_words

LABEL_WORDS = {
    EntityType.LOCATION: "PLACE",
    EntityType.URL: "WEB_ADDRESS",
    EntityType.ID: "NUMBER",
}
"""Words for labels where the type's own name would puzzle a reader."""

NUMBERS = frozenset({EntityType.PHONE, EntityType.ID})


def apply_policy(
    findings: Sequence[Finding], policy: Policy, roster: Roster, register: PseudonymRegister
) -> tuple[Finding, ...]:
    """Set entity, action and replacement of every finding; order and spans stay.

    All mentions of one entity get one replacement: roster names by the person they belong to,
    numbers by their digits however they were said, anything else by its letters. What a person
    marked is replaced although the policy may not seek its type, unless it is an indirect one.
    """
    labels = _participant_labels(roster) if policy.style is Style.ROLE else {}
    return tuple(_applied(finding, policy, labels, register) for finding in findings)


def entity_key(finding: Finding) -> str:
    """Return the key under which mentions of one entity are gathered."""
    if finding.entity_type in NUMBERS:
        number = digit_string(plain_words(finding.entity or finding.text))
        return number or finding.entity or finding.text.casefold()
    return " ".join(plain_words(finding.entity or finding.text)) or finding.text.casefold()


def _applied(
    finding: Finding, policy: Policy, labels: dict[str, str], register: PseudonymRegister
) -> Finding:
    default = Action.FLAG if finding.entity_type in INDIRECT else Action.REPLACE
    action = policy.actions.get(finding.entity_type, default)
    entity = entity_key(finding)
    text: str | None = None
    if action is Action.GENERALISE:
        text = generalised(finding.entity_type, finding.text)
    if text is None and action in (Action.REPLACE, Action.GENERALISE):
        text = _label(finding.entity_type, entity, labels, register)
    return replace(finding, entity=entity, action=action, replacement=text)


def _label(
    kind: EntityType, entity: str, labels: dict[str, str], register: PseudonymRegister
) -> str:
    if kind is EntityType.PERSON and entity in labels:
        return f"[{labels[entity]}]"
    return f"[{LABEL_WORDS.get(kind, kind.value)}_{register.number(kind, entity)}]"


def _participant_labels(roster: Roster) -> dict[str, str]:
    """Labels by every key under which a participant's mentions may be gathered."""
    labels: dict[str, str] = {}
    for participant in reversed(roster.participants):
        if participant.label:
            for name in (*participant.aliases, participant.name):
                labels[_name_key(name)] = participant.label
    return labels


def _name_key(name: str) -> str:
    return " ".join(plain_words(name))
