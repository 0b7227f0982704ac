"""Transcripts that people bring: read once when they arrive, for the names of who speaks.

A name that a document has for a speaker is somebody of the study: it goes to the roster of the job,
so that it is found wherever it is said, and the speaker gets a label like everybody else.
"""

from collections.abc import Sequence
from dataclasses import replace

from transcriber.domain.recording import Source
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import Speaker
from transcriber.domain.written import WrittenTurn
from transcriber.exports.documents.written_turns import MOST_BYTES, read_written
from transcriber.services.file_kinds import transcript_suffix
from transcriber.services.speakers_file import participant_named, study_label
from transcriber.services.store import Store
from transcriber.services.submit import Submission
from transcriber.services.uploads import take_back
from transcriber.stages.speaker_labels import label_spans
from transcriber.stages.words import plain
from transcriber.stages.written import own_name, speaker_ids
from transcriber.storage.database.studies import Study
from transcriber.storage.database.uploads import Upload


def with_transcript(
    store: Store, study: Study, uploads: Sequence[Upload], submission: Submission
) -> Submission:
    """Return what is known of a recording once its transcript was read, the last of `uploads`.

    Where there is none, nothing changes. Raises InputError when it cannot be read; it is deleted
    then.
    """
    *sound, written = uploads
    if transcript_suffix(written.file_name) is None:
        return submission
    try:
        turns = read_written(_content(store, written))
    except BaseException:
        take_back(store, written.id)
        raise
    speakers, roster = known_speakers(turns, study.agreed.roster)
    return replace(
        submission,
        source=Source.BOTH if sound else Source.WRITTEN,
        roster=roster,
        told=ToldSpeakers((), speakers),
    )


def known_speakers(
    turns: Sequence[WrittenTurn], roster: Roster
) -> tuple[tuple[Speaker, ...], Roster]:
    """Return the speakers with their labels, and the roster with those whom it did not have."""
    ids, speakers = speaker_ids(turns), dict[str, Speaker]()
    for turn in turns:
        name = own_name(turn.name)
        speaker = ids.get(plain(name))
        if speaker is None or speaker in speakers:
            continue
        participant = participant_named(name, roster)
        if participant is None and not list(label_spans(f"{name}:")):
            participant = Participant(name)
            roster = replace(roster, participants=(*roster.participants, participant))
        speakers[speaker] = Speaker(speaker, study_label(participant) or speaker)
    return tuple(speakers.values()), roster


def _content(store: Store, upload: Upload) -> bytes:
    """Return a transcript, one byte more than is read at most where it is longer."""
    content = bytearray()
    for piece in store.blobs.pieces(upload.key, upload.pieces):
        content += piece
        if len(content) > MOST_BYTES:
            break
    return bytes(content)
