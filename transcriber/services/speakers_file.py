"""The file that says who speaks when: names become ids and go to the roster, nowhere else."""

import re
from dataclasses import replace
from pathlib import Path

from transcriber.domain.errors import InputError, UsageError
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import SPEAKER_LABEL, Speaker, Turn
from transcriber.exports.documents.named_cues import NamedCue, read_named_cues
from transcriber.stages.speaker_labels import label_spans
from transcriber.stages.words import plain, plain_words

_ASIDE = re.compile(r"\s*[(\[][^)\]]*[)\]]")
"""What meeting programs put behind a name: `(Guest)`, `(she/her)`, `[Host]`."""

FEWEST_NAMED = 0.5
"""Share of cues with a name below which a colon is punctuation and not a label."""


def load_told_speakers(path: Path, roster: Roster) -> tuple[ToldSpeakers, Roster]:
    """Read who speaks when from a WebVTT file, and add those who speak to the roster.

    One person under several spellings of case and accents, or under an alias of the roster, is one
    speaker. Raises UsageError with one sentence that never quotes a name.
    """
    cues = _cues(path)
    speakers: dict[str, Speaker] = {}
    turns: list[Turn] = []
    for cue in cues:
        name = " ".join(_ASIDE.sub("", cue.name or "").split())
        if not plain(name):
            continue
        participant = participant_named(name, roster)
        if participant is None and not list(label_spans(f"{name}:")):
            participant = Participant(name)
            roster = replace(roster, participants=(*roster.participants, participant))
        key = plain(participant.name if participant else name)
        if key not in speakers:
            speaker = f"S{len(speakers) + 1}"
            speakers[key] = Speaker(speaker, study_label(participant) or speaker)
        turns.append(Turn(speakers[key].id, cue.interval))
    return ToldSpeakers(tuple(turns), tuple(speakers.values())), roster


def _cues(path: Path) -> tuple[NamedCue, ...]:
    try:
        cues = read_named_cues(path.read_bytes())
    except OSError:
        raise UsageError(
            "not_readable",
            "The file of --speakers-from cannot be read. Check its path and who may read it.",
        ) from None
    except InputError as error:
        raise UsageError(error.code, f"The file of --speakers-from: {error.sentence}") from None
    if sum(cue.name is not None for cue in cues) < FEWEST_NAMED * len(cues) or not cues:
        raise UsageError(
            "no_speaker_names",
            "The file of --speakers-from does not say who speaks: its cues have neither "
            "`<v Name>` nor `Name:` at their start. Export the transcript with names, or leave "
            "the option out.",
        )
    return cues


def participant_named(name: str, roster: Roster) -> Participant | None:
    """Return who has this name or alias, whatever its capitals and accents."""
    wanted = plain_words(name)
    for participant in roster.participants:
        if wanted in (plain_words(known) for known in (participant.name, *participant.aliases)):
            return participant
    return None


def study_label(participant: Participant | None) -> str | None:
    """Return the study's label in the form that transcripts carry: `p 3` is `P_3`."""
    label = label_form(participant.label or "") if participant else ""
    return label if SPEAKER_LABEL.fullmatch(label) else None


def label_form(typed: str) -> str:
    """Return what somebody typed as transcripts carry labels, whether it is one or not."""
    return re.sub(r"[ -]", "_", typed.upper())
