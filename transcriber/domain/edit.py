"""The one edit model: what people changed, as an append-only list of events.

The machine's transcript is never changed. Any version of a transcript is the raw transcript and a
prefix of this list. Undoing is one more event, so nothing is ever lost. Events name words by their
permanent ids, and speakers by theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from transcriber.domain.attribution import Attribution
from transcriber.domain.errors import EditError
from transcriber.domain.finding import PERSON_SOURCE, Action, EntityType, Finding, Place
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Transcript


@dataclass(frozen=True, slots=True)
class WordCorrected:
    """A person heard another word. Its time and id stay."""

    word: str
    text: str
    kind: Literal["word_corrected"] = "word_corrected"


@dataclass(frozen=True, slots=True)
class WordsReassigned:
    """The words from `first` to `last`, both included, were said by another speaker.

    `UNK` and `SEVERAL` are speakers too: nobody knows who, and several at once.
    """

    first: str
    last: str
    speaker: str
    kind: Literal["words_reassigned"] = "words_reassigned"


@dataclass(frozen=True, slots=True)
class TurnSplit:
    """From this word to the end of its turn somebody else speaks."""

    word: str
    speaker: str
    kind: Literal["turn_split"] = "turn_split"


@dataclass(frozen=True, slots=True)
class SpeakersMerged:
    """All that `speaker` said was said by `into`: one person was taken for two."""

    speaker: str
    into: str
    kind: Literal["speakers_merged"] = "speakers_merged"


@dataclass(frozen=True, slots=True)
class SpeakerRenamed:
    """A speaker got a label."""

    speaker: str
    label: str
    kind: Literal["speaker_renamed"] = "speaker_renamed"


@dataclass(frozen=True, slots=True)
class IdentifierMarked:
    """A person says that these words identify somebody, of what type, and what stands for them.

    Where `replacement` is None the study's policy decides. `entity` is the key under which all
    mentions of one person, place or number are gathered.
    """

    first: str
    last: str
    entity_type: EntityType
    replacement: str | None = None
    entity: str | None = None
    kind: Literal["identifier_marked"] = "identifier_marked"


@dataclass(frozen=True, slots=True)
class FindingAccepted:
    """A person agrees with what was found in these words."""

    first: str
    last: str
    kind: Literal["finding_accepted"] = "finding_accepted"


@dataclass(frozen=True, slots=True)
class FindingRejected:
    """A person decided that these words identify nobody."""

    first: str
    last: str
    kind: Literal["finding_rejected"] = "finding_rejected"


class Verdict(StrEnum):
    """What somebody decided on all mentions of one entity."""

    ACCEPT = "accept"
    REJECT = "reject"
    CHANGE = "change"


@dataclass(frozen=True, slots=True)
class EntityDecided:
    """A person decided on every mention of an entity, also those that are found later.

    What was decided on a single mention stays, unless the type or the replacement is changed.
    `new_type` and `replacement` go with `change`; None leaves them as they are.
    """

    entity_type: EntityType
    entity: str
    verdict: Verdict
    new_type: EntityType | None = None
    replacement: str | None = None
    kind: Literal["entity_decided"] = "entity_decided"


@dataclass(frozen=True, slots=True)
class FoundHere:
    """What the machine found in words named by their ids, both included.

    `lead` characters of the first word stand before it and `trail` of the last one behind it, such
    as a comma.
    """

    first: str
    last: str
    entity_type: EntityType
    entity: str
    score: float
    source: str
    lead: int = 0
    trail: int = 0
    action: Action | None = None
    replacement: str | None = None


@dataclass(frozen=True, slots=True)
class FoundAgain:
    """The machine looked through these words again, and this is all that it found in them.

    It takes the place of what the machine had found there; what people decided stays.
    """

    first: str
    last: str
    found: tuple[FoundHere, ...]
    kind: Literal["found_again"] = "found_again"


@dataclass(frozen=True, slots=True)
class Heard:
    """A person listened to all of these words."""

    first: str
    last: str
    kind: Literal["heard"] = "heard"


@dataclass(frozen=True, slots=True)
class TurnsRead:
    """A person read these words as they will leave, and confirmed them."""

    first: str
    last: str
    kind: Literal["turns_read"] = "turns_read"


@dataclass(frozen=True, slots=True)
class PassageWithheld:
    """Nothing of these words leaves, nor their sound."""

    first: str
    last: str
    reason: str
    kind: Literal["passage_withheld"] = "passage_withheld"


@dataclass(frozen=True, slots=True)
class Noted:
    """A person left a note on these words for whoever checks after them; it never leaves."""

    first: str
    last: str
    text: str
    kind: Literal["noted"] = "noted"


@dataclass(frozen=True, slots=True)
class WordsRestored:
    """The words from `first` to `last`, struck by the machine as its own invention, were said."""

    first: str
    last: str
    kind: Literal["words_restored"] = "words_restored"


@dataclass(frozen=True, slots=True)
class Undone:
    """An earlier event no longer counts; `event` is its place in the list, from 0.

    Undoing an `Undone` does its event again.
    """

    event: int
    kind: Literal["undone"] = "undone"


TextEdit = (
    WordCorrected
    | WordsReassigned
    | TurnSplit
    | SpeakersMerged
    | WordsRestored
    | SpeakerRenamed
    | IdentifierMarked
    | FindingRejected
    | Undone
)
"""What the list of a recording in a folder may hold; all else belongs to checking in a browser."""

Edit = (
    TextEdit
    | FindingAccepted
    | EntityDecided
    | FoundAgain
    | Heard
    | TurnsRead
    | PassageWithheld
    | Noted
)


def effective(edits: Sequence[Edit]) -> list[Edit]:
    """Return the events that count, in order: none that was undone, and no `Undone`.

    Raises EditError when an event undoes one that is not before it.
    """
    return [edits[number] for number in effective_numbers(edits)]


def effective_numbers(edits: Sequence[Edit]) -> list[int]:
    """Return the places in the list of the events that count. Raises as `effective` does."""
    undone: set[int] = set()
    for number in range(len(edits) - 1, -1, -1):  # what is undone by then undoes nothing
        edit = edits[number]
        if isinstance(edit, Undone):
            if not 0 <= edit.event < number:
                raise EditError(
                    "unknown_event",
                    "An entry of the list of edits undoes one that is not before it. Entries are "
                    "counted from 0.",
                )
            if number not in undone:
                undone.add(edit.event)
    return [
        number
        for number, edit in enumerate(edits)
        if number not in undone and not isinstance(edit, Undone)
    ]


class WordNumbers:
    """Numbers of the words of a transcript by their permanent ids."""

    def __init__(self, transcript: Transcript) -> None:
        self._by_id = {word.id: number for number, word in enumerate(transcript.words)}

    def of(self, word: str) -> int:
        """Number of a word. Raises EditError for an id that was never given."""
        try:
            return self._by_id[word]
        except KeyError:
            raise EditError(
                "unknown_word",
                "The list of edits names a word that this transcript never had. Check that the "
                "list belongs to this recording.",
            ) from None

    def span(self, first: str, last: str) -> range:
        """Numbers from `first` to `last`.

        Raises EditError for an id that was never given and for a stretch that ends before it
        starts.
        """
        span = range(self.of(first), self.of(last) + 1)
        if not span:
            raise EditError(
                "backwards",
                "An entry of the list of edits names a last word that comes before its first one. "
                "Exchange them.",
            )
        return span


def change_words(current: Attribution, edit: Edit, numbers: WordNumbers) -> set[int]:
    """Apply one edit to words and speakers; what is about findings leaves them as they are.

    Returns the numbers of the words that changed hands. Raises EditError when it names a word or a
    speaker that is not there.
    """
    match edit:
        case WordCorrected(word, text):
            number = numbers.of(word)
            current.words[number] = replace(current.words[number], text=text)
        case WordsRestored(first, last):
            for number in numbers.span(first, last):
                current.words[number] = replace(current.words[number], struck=None)
        case WordsReassigned(first, last, speaker):
            return current.reassign(numbers.span(first, last), speaker)
        case TurnSplit(word, speaker):
            return current.split(numbers.of(word), speaker)
        case SpeakersMerged(speaker, into):
            return current.merge(speaker, into)
        case SpeakerRenamed(speaker, label):
            current.rename(speaker, label)
    return set()


def version(transcript: Transcript, edits: Sequence[Edit]) -> Transcript:
    """Apply edits of words and speakers in order; words keep their ids, times and order.

    Segments are gathered again where words changed hands, so that each is one speaker's. Raises
    EditError when an edit names a word, speaker or event that was not there, or a label that no
    coding tool would read.
    """
    numbers = WordNumbers(transcript)
    current = Attribution(list(transcript.words), list(transcript.speakers))
    for edit in effective(edits):
        change_words(current, edit, numbers)
    words = tuple(current.words)
    changed_hands = any(
        was.speaker != now.speaker for was, now in zip(transcript.words, words, strict=True)
    )
    return replace(
        transcript,
        words=words,
        speakers=tuple(current.speakers),
        segments=tuple(segments(words)) if changed_hands else transcript.segments,
    )


def decided(
    findings: Sequence[Finding], transcript: Transcript, edits: Sequence[Edit]
) -> tuple[Finding, ...]:
    """Apply decisions in order to located findings of this version; later ones win.

    What a person marks replaces whatever the machine found under the same words.
    """
    numbers = WordNumbers(transcript)
    current = list(findings)
    for edit in effective(edits):
        if isinstance(edit, FindingRejected | IdentifierMarked):
            span = numbers.span(edit.first, edit.last)
            current = [finding for finding in current if not _inside(finding, span)]
            if isinstance(edit, IdentifierMarked):
                current.append(_marked(transcript, span, edit))
    return tuple(sorted(current, key=lambda finding: (finding.start, finding.end)))


def _inside(finding: Finding, span: range) -> bool:
    place = finding.place
    return place is not None and place.first_word in span and place.last_word in span


def _marked(transcript: Transcript, span: range, mark: IdentifierMarked) -> Finding:
    first, last = span[0], span[-1]
    start, end = transcript.layout.offsets(first, last)
    text = transcript.text[start:end]
    return Finding(
        start=start,
        end=end,
        entity_type=mark.entity_type,
        text=text,
        score=1.0,
        source=PERSON_SOURCE,
        entity=mark.entity or text.casefold(),
        place=Place(first, last, transcript.words[first].start_ms, transcript.words[last].end_ms),
    )
