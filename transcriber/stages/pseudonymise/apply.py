"""What the policy makes of findings: actions and replacements, the same for every mention."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from transcriber.domain.entity import Entity
from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Roster
from transcriber.stages.generalise.apply import NUMBERED, generalised, numbered
from transcriber.stages.protocols import PseudonymRegister
from transcriber.stages.pseudonymise.entities import NAMED, Meaning, Meanings
from transcriber.stages.pseudonymise.ledger import Ledger
from transcriber.stages.pseudonymise.people import spoken_form
from transcriber.stages.pseudonymise.writing import pseudonyms
from transcriber.stages.words import plain_words

LABEL_WORDS = {
    EntityType.LOCATION: "PLACE",
    EntityType.URL: "WEB_ADDRESS",
    EntityType.ID: "NUMBER",
}
"""Words for labels where the type's own name would puzzle a reader."""

Texts = Mapping[str | None, str]
"""The texts that findings point into: the body under None, others by the findings' `part`."""

NO_TEXTS: Texts = {}


def apply_policy(
    findings: Sequence[Finding],
    policy: Policy,
    roster: Roster,
    register: PseudonymRegister,
    texts: Texts = NO_TEXTS,
    recording: str = "",
) -> tuple[Finding, ...]:
    """Set entity, action and replacement of every finding; order and spans stay.

    All mentions of one entity get one replacement, in every recording of the study: people by
    their names in all forms, places and organisations by their words, numbers by their digits
    however they were said. What a person marked is replaced although the policy may not seek its
    type, unless it is an indirect one. `texts` tell titles, and which names must not be invented.
    Under `recording`, its code, the study remembers what was written of it.
    Raises StorageError when the register cannot be used.
    """
    acted = [replace(finding, action=_action(finding, policy)) for finding in findings]
    if not any(f.action in (Action.REPLACE, Action.GENERALISE) for f in acted):
        return tuple(replace(finding, replacement=None) for finding in acted)

    def decide(known: Sequence[Entity]) -> tuple[Sequence[Entity], tuple[Finding, ...]]:
        ledger = Ledger(known)
        writer = _Writer(acted, policy, roster, ledger, texts, recording)
        applied = tuple(writer.applied(finding) for finding in acted)
        return ledger.changed, applied

    return register.update(decide)


def introduce(
    findings: Sequence[Finding],
    roster: Roster,
    register: PseudonymRegister,
    texts: Texts = NO_TEXTS,
    recording: str = "",
) -> None:
    """Let the study know the names of a recording before any of them is replaced.

    Done for all recordings of a batch first, it makes the replacements of a lone first name the
    same whatever order the recordings come in, and keeps every name from being invented.
    """

    def decide(known: Sequence[Entity]) -> tuple[Sequence[Entity], None]:
        ledger = Ledger(known)
        meanings = Meanings(findings, roster, ledger, texts, recording)
        for finding in findings:
            if finding.entity_type in NAMED:
                identity = meanings.introduced(meanings.of(finding))
                ledger.heard(identity, spoken_form(finding.text))
        return ledger.changed, None

    if any(finding.entity_type in NAMED for finding in findings):
        register.update(decide)


class _Writer:
    """Writes replacements."""

    def __init__(
        self,
        findings: Sequence[Finding],
        policy: Policy,
        roster: Roster,
        ledger: Ledger,
        texts: Texts,
        recording: str,
    ) -> None:
        self._policy = policy
        self._recording = recording
        self._ledger = ledger
        self._meanings = Meanings(findings, roster, ledger, texts, recording)
        self._labels = (
            _participant_labels(roster, self._meanings) if self._policy.style is Style.ROLE else {}
        )
        self._taken = {
            kind: frozenset(
                int(label.removeprefix(f"{_word(kind)}_"))
                for label in map(str.upper, self._labels.values())
                if label.removeprefix(f"{_word(kind)}_").isdecimal()
            )
            for kind in EntityType
        }
        self._invented = (
            pseudonyms(findings, self._policy, roster, self._meanings, ledger, texts)
            if self._policy.style is Style.PSEUDONYM
            else None
        )

    def applied(self, finding: Finding) -> Finding:
        meaning = self._meanings.of(finding)
        if finding.action in (Action.REPLACE, Action.GENERALISE):
            if self._invented is not None and self._invented.is_one(finding):
                finding = replace(finding, action=Action.FLAG)
            else:
                text = self._text(finding, meaning)
                return replace(finding, entity=meaning.key, replacement=text)
        return replace(finding, entity=meaning.key, replacement=None)

    def _text(self, finding: Finding, meaning: Meaning) -> str:
        kind = finding.entity_type
        if finding.action is Action.GENERALISE:
            rostered = kind in NUMBERED and finding.source.startswith("roster")
            text = generalised(kind, finding.entity if rostered else finding.text, self._policy)
            if text is not None:
                return numbered(text, self._number(finding, meaning)) if kind in NUMBERED else text
        if kind is EntityType.PERSON and meaning.key in self._labels:
            return f"[{self._labels[meaning.key]}]"
        if self._invented is not None and kind in NAMED:
            text = self._invented.of(finding, meaning, self._identity(finding, meaning))
            if text is not None:
                return text
        return f"[{_word(kind)}_{self._number(finding, meaning)}]"

    def _number(self, finding: Finding, meaning: Meaning) -> int:
        return self._ledger.number(
            self._identity(finding, meaning), self._taken[meaning.entity_type]
        )

    def _identity(self, finding: Finding, meaning: Meaning) -> int:
        identity = self._meanings.identity(meaning)
        self._ledger.wrote(identity, self._recording, spoken_form(finding.text))
        return identity


def _participant_labels(roster: Roster, meanings: Meanings) -> dict[str, str]:
    """Labels by the keys of participants; one that holds a part of their name tells too much."""
    return {
        meanings.of_person(participant.name): participant.label
        for participant in reversed(roster.participants)
        if participant.label and not _tells(participant.label, participant.name)
    }


def _tells(label: str, name: str) -> bool:
    written = "".join(plain_words(label))
    return any(len(word) >= 3 and word in written for word in plain_words(name))


def _action(finding: Finding, policy: Policy) -> Action:
    default = Action.FLAG if finding.entity_type in INDIRECT else Action.REPLACE
    return policy.actions.get(finding.entity_type, default)


def _word(kind: EntityType) -> str:
    return LABEL_WORDS.get(kind, kind.value)
