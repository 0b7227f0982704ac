"""What of a recording is one participant's own, and what of their talk is somebody else's."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.held import HeldMention, HeldTurn, KeyEntry
from transcriber.domain.review import JudgedFinding
from transcriber.domain.roster import Participant, Roster
from transcriber.services.review.state import Review
from transcriber.stages.words import plain_words

OTHERS = frozenset(
    {
        EntityType.PERSON,
        EntityType.PHONE,
        EntityType.EMAIL,
        EntityType.HANDLE,
        EntityType.URL,
        EntityType.ID,
        EntityType.ADDRESS,
        EntityType.POSTCODE,
    }
)
"""What in a participant's talk may be somebody else's; nobody can tell whose a number is."""

A_NAME = "[a name]"


@dataclass(frozen=True)
class Own:
    """Who it is about: labels, as transcripts carry them, and the entities that mean them."""

    labels: frozenset[str]
    entities: frozenset[str]
    others: re.Pattern[str] | None

    def is_meant(self, finding: Finding) -> bool:
        """Whether a finding is a mention of them."""
        return finding.entity_type is EntityType.PERSON and finding.entity in self.entities

    def speaks(self, review: Review) -> frozenset[str]:
        """Return the ids of their voices in a recording."""
        speakers = review.transcript.speakers
        return frozenset(each.id for each in speakers if each.label in self.labels)


def own_of(
    participant: Participant | None,
    labels: Collection[str],
    roster: Roster,
    reviews: Iterable[Review],
) -> Own:
    """Find out which mentions in a study mean somebody, and how others are called."""
    names = () if participant is None else (participant.name, *participant.aliases)
    plains = {plain_words(name) for name in names}
    standing = {f"[{label}]" for label in labels}
    people = [
        judged.finding
        for review in reviews
        for judged in review.findings
        if judged.finding.entity_type is EntityType.PERSON and not judged.leaves
    ]
    entities = frozenset(
        finding.entity
        for finding in people
        if finding.replacement in standing or plain_words(finding.text) in plains
    )
    known = [name for each in roster.participants for name in (each.name, *each.aliases)]
    called = {*known, *roster.people, *(f.text for f in people if f.entity not in entities)}
    mine = plains | {plain_words(f.text) for f in people if f.entity in entities}
    others = sorted((name for name in called if plain_words(name) not in mine), key=len)
    pattern = "|".join(re.escape(name) for name in reversed(others) if name.strip())
    said = re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE) if pattern else None
    return Own(frozenset(labels), entities, said)


def turns_of(own: Own, review: Review) -> tuple[HeldTurn, ...]:
    """Return their turns as said, with what may be somebody else's replaced."""
    voices = own.speaks(review)
    return tuple(
        HeldTurn(
            words[0].start_ms, words[-1].end_ms, _said(own, review, turn.first_word, turn.last_word)
        )
        for turn in review.turns
        if turn.speaker in voices
        and (words := review.transcript.words[turn.first_word : turn.last_word + 1])
    )


def mentions_of(own: Own, review: Review) -> tuple[tuple[JudgedFinding, HeldMention], ...]:
    """Return where they are mentioned, and by the label of whom."""
    labels = {each.id: each.label for each in review.transcript.speakers}
    return tuple(
        (
            judged,
            HeldMention(
                place.start_ms,
                judged.finding.text,
                labels.get(review.transcript.words[place.first_word].speaker or "", ""),
            ),
        )
        for judged in review.findings
        if own.is_meant(judged.finding) and (place := judged.finding.place) is not None
    )


def key_of(own: Own, reviews: Sequence[Review]) -> tuple[KeyEntry, ...]:
    """Return what stands for them, each replacement once."""
    spellings: dict[str, dict[str, None]] = {}
    for review in reviews:
        for judged in review.findings:
            replacement = judged.finding.replacement
            if own.is_meant(judged.finding) and replacement is not None and not judged.leaves:
                spellings.setdefault(replacement, {})[judged.finding.text] = None
    return tuple(KeyEntry(each, tuple(told)) for each, told in sorted(spellings.items()))


def _said(own: Own, review: Review, first: int, last: int) -> str:
    replaced: dict[int, str | None] = {}
    for judged in review.findings:
        finding, place = judged.finding, judged.finding.place
        is_others = finding.entity_type in OTHERS and not own.is_meant(finding)
        if place is None or judged.leaves or not is_others:
            continue
        for number in range(place.first_word, place.last_word + 1):
            shown = finding.replacement or A_NAME
            replaced.setdefault(number, shown if number == max(place.first_word, first) else None)
    words = review.transcript.words
    told = (replaced.get(number, words[number].text) for number in range(first, last + 1))
    text = " ".join(word for word in told if word is not None)
    return text if own.others is None else own.others.sub(A_NAME, text)
