"""A participant's copy: their own words as they will leave, for them to check.

In a group nobody else's words are in it. In an interview the questions are, which the participant
heard when they answered. Its file is opened again and searched like those of a release.
"""

from collections import Counter
from dataclasses import dataclass, replace

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER
from transcriber.exports.formats import FORMATS
from transcriber.services.releases import ReleaseFile
from transcriber.services.review.clean_files import require_clean_copy
from transcriber.services.review.released import Released, has_words, released
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import AuditEvent

TO_READ = ("docx", "txt")
"""Keys of the formats that a participant can read at home."""

FOR_CHECKING = "a copy for {label} to check"


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who speaks in a recording, and how many turns and words of theirs leave."""

    label: str
    turns: int
    words: int


def participants(store: Store, study_id: str, recording_id: str) -> tuple[Participant, ...]:
    """Return whose copy may be asked for, most words first. Raises what `as_released` raises."""
    turns = released(store, study_id, recording_id).text.turns
    spoken = Counter(turn.label for turn in turns)
    words: Counter[str] = Counter()
    for turn in turns:
        words[turn.label] += sum(not token.mark for token in turn.tokens)
    return tuple(
        Participant(label, spoken[label], number)
        for label, number in words.most_common()
        if label not in (SEVERAL_VOICES, UNKNOWN_SPEAKER)
    )


def participant_copy(
    store: Store, actor_id: str, study_id: str, recording_id: str, label: str, kind: str = "docx"
) -> ReleaseFile:
    """Return the copy of a participant, named by label, as `docx` or `txt`. It is audited.

    Raises UsageError `no_such_speaker` and `format_not_served`, `leak_blocks` where it would show a
    known name, RedactionRefused `rides_along`, and what `as_released` raises.
    """
    if kind not in TO_READ:
        raise UsageError("format_not_served", "A participant's copy is written as docx or txt.")
    found = released(store, study_id, recording_id)
    text = own_turns(found, label)
    data, name = FORMATS[kind].write(text), f"copy-for-checking.{kind}"
    require_clean_copy(store, found, {name: data})
    with store.database.write() as connection:
        event = AuditEvent(Action.EXPORTED, actor_id, study_id, recording_id)
        store.audit.record(connection, event)
    return ReleaseFile(data, name, FORMATS[kind].media_type)


def own_turns(found: Released, label: str) -> RedactedTranscript:
    """Return what a participant may see of what would leave. Raises UsageError."""
    text = found.text
    own = tuple(turn for turn in text.turns if turn.label == label)
    if not own or label in (SEVERAL_VOICES, UNKNOWN_SPEAKER):
        raise UsageError(
            "no_such_speaker", "Nobody of this name speaks in what leaves of this recording."
        )
    shown = own if found.recording.kind is Kind.GROUP else text.turns
    return replace(
        text,
        turns=tuple(turn for turn in shown if has_words(turn)),
        guessed=tuple(each for each in text.guessed if any(t.label == each for t in shown)),
        remarks=(FOR_CHECKING.format(label=label),),
    )
