"""The one edit model: what people changed, as an append-only list of events.

The machine's transcript is never changed. Any version of a transcript is the raw transcript and a
prefix of this list, so undoing is dropping the last event and nothing is ever lost. Events name
words by their permanent ids.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from transcriber.domain.errors import EditError
from transcriber.domain.finding import EntityType, Finding, Place
from transcriber.domain.transcript import SPEAKER_LABEL, Speaker, Transcript


@dataclass(frozen=True, slots=True)
class WordCorrected:
    """A person heard another word. Its time and id stay."""

    word: str
    text: str
    kind: Literal["word_corrected"] = "word_corrected"


@dataclass(frozen=True, slots=True)
class WordsReassigned:
    """The words from `first` to `last`, both included, were said by another speaker."""

    first: str
    last: str
    speaker: str
    kind: Literal["words_reassigned"] = "words_reassigned"


@dataclass(frozen=True, slots=True)
class SpeakerRenamed:
    """A speaker got a label."""

    speaker: str
    label: str
    kind: Literal["speaker_renamed"] = "speaker_renamed"


@dataclass(frozen=True, slots=True)
class IdentifierMarked:
    """A person found an identifier that the machine missed."""

    first: str
    last: str
    entity_type: EntityType
    kind: Literal["identifier_marked"] = "identifier_marked"


@dataclass(frozen=True, slots=True)
class FindingRejected:
    """A person decided that these words identify nobody."""

    first: str
    last: str
    kind: Literal["finding_rejected"] = "finding_rejected"


Edit = WordCorrected | WordsReassigned | SpeakerRenamed | IdentifierMarked | FindingRejected


class _Numbers:
    """Word numbers by permanent id."""

    def __init__(self, transcript: Transcript) -> None:
        self._by_id = {word.id: number for number, word in enumerate(transcript.words)}

    def span(self, first: str, last: str) -> range:
        """Numbers from `first` to `last`. Raises EditError for an id that was never given."""
        try:
            return range(self._by_id[first], self._by_id[last] + 1)
        except KeyError:
            raise EditError(
                "unknown_word",
                "The list of edits names a word that this transcript never had. Check that the "
                "list belongs to this recording.",
            ) from None


def version(transcript: Transcript, edits: Iterable[Edit]) -> Transcript:
    """Apply edits of words and speakers in order; segment borders are left to alignment.

    Raises EditError when an edit names a word that the transcript never had or a label that no
    coding tool would read.
    """
    numbers = _Numbers(transcript)
    words = list(transcript.words)
    speakers = list(transcript.speakers)
    for edit in edits:
        match edit:
            case WordCorrected(word, text):
                (number,) = numbers.span(word, word)
                words[number] = replace(words[number], text=text)
            case WordsReassigned(first, last, speaker):
                for number in numbers.span(first, last):
                    words[number] = replace(words[number], speaker=speaker)
                if all(known.id != speaker for known in speakers):
                    speakers.append(Speaker(speaker, speaker))
            case SpeakerRenamed(speaker, label):
                _require_label(label)
                speakers = [
                    replace(known, label=label) if known.id == speaker else known
                    for known in speakers
                ]
            case IdentifierMarked() | FindingRejected():
                pass
    return replace(transcript, words=tuple(words), speakers=tuple(speakers))


def _require_label(label: str) -> None:
    if not SPEAKER_LABEL.fullmatch(label):
        raise EditError(
            "bad_label",
            "A speaker label in the list of edits is not valid. Labels start with a capital and "
            "hold capitals, digits and underscores only, 63 at most, such as P01.",
        )


def decided(
    findings: Sequence[Finding], transcript: Transcript, edits: Iterable[Edit]
) -> tuple[Finding, ...]:
    """Apply decisions in order to located findings of this version; later ones win.

    What a person marks replaces whatever the machine found under the same words.
    """
    numbers = _Numbers(transcript)
    current = list(findings)
    for edit in edits:
        if isinstance(edit, FindingRejected | IdentifierMarked):
            span = numbers.span(edit.first, edit.last)
            current = [finding for finding in current if not _inside(finding, span)]
            if isinstance(edit, IdentifierMarked):
                current.append(_marked(transcript, span, edit.entity_type))
    return tuple(sorted(current, key=lambda finding: (finding.start, finding.end)))


def _inside(finding: Finding, span: range) -> bool:
    place = finding.place
    return place is not None and place.first_word in span and place.last_word in span


def _marked(transcript: Transcript, span: range, entity_type: EntityType) -> Finding:
    first, last = span[0], span[-1]
    start, end = transcript.layout.offsets(first, last)
    text = transcript.text[start:end]
    return Finding(
        start=start,
        end=end,
        entity_type=entity_type,
        text=text,
        score=1.0,
        source="person",
        entity=text.casefold(),
        place=Place(first, last, transcript.words[first].start_ms, transcript.words[last].end_ms),
    )
