"""What somebody did, in a sentence of the history: by the kind of its event."""

from collections.abc import Sequence

from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    Heard,
    IdentifierMarked,
    TurnsRead,
    Undone,
    Verdict,
)
from transcriber.domain.errors import EditError
from transcriber.domain.fold import Fold
from transcriber.domain.review import Event, Origin
from transcriber.services.review.steps import target_of
from transcriber.web.review_words import ENTITY_TYPES
from transcriber.web.words import counted

LONGEST_QUOTE = 12
"""Words that are quoted of a stretch; the rest is a link away."""

MOST_TOLD = 4
"""Decisions of one step that are told; of the others, how many."""

_TOLD = {
    "word_corrected": "Corrected {words} to “{text}”.",
    "words_reassigned": "Gave {words} to {speaker}.",
    "turn_split": "Gave the turn from {words} on to {speaker}.",
    "speakers_merged": "Joined {speaker} and {into}: one person.",
    "speaker_renamed": "Gave a voice the label {label}.",
    "words_restored": "Restored {words}, which the machine had struck.",
    "identifier_marked": "Marked {words} as {type}.",
    "finding_accepted": "Took out {words}.",
    "finding_rejected": "Left {words} as said.",
    "entity_decided": "{verdict} all mentions of “{entity}”, {type}.",
    "passage_withheld": "Withheld {words}: {reason}",
    "noted": "Left a note on {words}: {text}",
    "turns_read": "Confirmed turns as read.",
    "found_again": "Looked again at what was changed.",
    "heard": "Listened.",
}
_NOTHING_TO_CHECK = "Counted as heard and read where a contribution was withdrawn."
_VERDICTS = {Verdict.ACCEPT: "Took out", Verdict.REJECT: "Left", Verdict.CHANGE: "Changed"}


def sentences(fold: Fold, step: Sequence[Event]) -> tuple[str, ...]:
    """Say what a step did, a sentence for each of its first decisions."""
    told = list(dict.fromkeys(_of_event(fold, event) for event in step))
    left = len(told) - MOST_TOLD
    if left > 0:
        return (*told[:MOST_TOLD], f"And {counted(left, 'decision', 'decisions')} more.")
    return tuple(told)


def _of_event(fold: Fold, event: Event) -> str:
    if event.origin is Origin.MACHINE and isinstance(event.edit, Heard | TurnsRead):
        return _NOTHING_TO_CHECK
    return sentence(fold, event.edit)


def sentence(fold: Fold, edit: Edit) -> str:
    """Say what an event did; words are quoted as the machine wrote them, labels as they are now."""
    if isinstance(edit, Undone):
        is_done_again = isinstance(fold.events[edit.event].edit, Undone)
        done = sentence(fold, target_of(fold.events, edit))
        return f"{'Did again' if is_done_again else 'Took back'}: {done}"
    parts = {"words": _quoted(fold, edit), "type": "", "verdict": ""}
    for name in ("text", "label", "reason", "entity"):
        parts[name] = getattr(edit, name, None) or ""
    for name in ("speaker", "into"):
        parts[name] = _label(fold, getattr(edit, name, ""))
    if isinstance(edit, IdentifierMarked | EntityDecided):
        parts["type"] = ENTITY_TYPES[edit.entity_type]
    if isinstance(edit, EntityDecided):
        parts["verdict"] = _VERDICTS[edit.verdict]
    return _TOLD[edit.kind].format_map(parts)


def word_of(fold: Fold, step: Sequence[Event]) -> str | None:
    """Return the id of the word that a step begins with, None where it is about no place."""
    places = (_ends(target_of(fold.events, event.edit)) for event in step)
    return next((ends[0] for ends in places if ends), None)


def _ends(edit: Edit) -> tuple[str, str] | None:
    word = getattr(edit, "word", None)
    first, last = getattr(edit, "first", word), getattr(edit, "last", word)
    return (first, last) if first and last else None


def _quoted(fold: Fold, edit: Edit) -> str:
    ends = _ends(edit)
    if ends is None:
        return ""
    try:
        numbers = fold.numbers_of(*ends)
    except EditError:
        return "words that are gone"
    words = [fold.raw.words[number].text for number in numbers[:LONGEST_QUOTE]]
    more = f" … ({len(numbers)} words)" if len(numbers) > LONGEST_QUOTE else ""
    return f"“{' '.join(words)}”{more}"


def _label(fold: Fold, speaker: str) -> str:
    labels = {known.id: known.label for known in (*fold.raw.speakers, *fold.transcript.speakers)}
    return labels.get(speaker, speaker)
