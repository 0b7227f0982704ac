"""One stage of the pipeline for one file: recognition or diarisation alone."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from transcriber.domain.entity import Entity
from transcriber.domain.errors import InputError, disk_errors
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import (
    ANY_COUNT,
    WHOLE,
    Kind,
    Recording,
    SpeakerCount,
    Trim,
)
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Diarisation, Transcript, Turn
from transcriber.exports.rttm import write_rttm
from transcriber.exports.transcript_json import write_transcript
from transcriber.pipeline import (
    DIARISE,
    INGEST,
    TRANSCRIBE,
    Engines,
    Job,
    StageProgress,
    Work,
    provenance,
    run,
)
from transcriber.services.source import identify
from transcriber.stages.align import align
from transcriber.storage.files import write_whole
from transcriber.storage.folder_journal import FolderJournal

T = TypeVar("T")


@dataclass(frozen=True)
class Wanted:
    """What of a file is to be heard, and what is known about it."""

    language: str = "en"
    speakers: SpeakerCount = ANY_COUNT
    trim: Trim = WHOLE
    tracks: bool = False


NO_POLICY = Policy("none", Style.LABEL, {})


def transcribe_file(
    source: Path, out: Path, wanted: Wanted, engines: Engines, progress: StageProgress
) -> Transcript:
    """Write the words of a recording, nobody's yet unless tracks tell, as transcript.json."""
    with _work(source, out, engines, wanted) as work:
        run(work, (INGEST, TRANSCRIBE), progress)
        ingested, recognition = work.of(INGEST), work.of(TRANSCRIBE)
        made_by = provenance(work, ingested, recognition)
        nobody = (None,) * len(recognition.words)
        duration_ms = ingested.audio.duration_ms
        transcript = align(recognition, Diarisation(), nobody, duration_ms, made_by)
        write_whole(out, write_transcript(transcript))
    return transcript


def diarise_file(
    source: Path, out: Path, wanted: Wanted, engines: Engines, progress: StageProgress
) -> tuple[Turn, ...]:
    """Write who speaks when as RTTM; its file id is the output's stem, never the input's name."""
    with _work(source, out, engines, wanted) as work:
        run(work, (DIARISE,), progress)
        if DIARISE.name in work.failures:
            raise work.failures[DIARISE.name]
        turns = work.of(DIARISE).turns
        write_whole(out, write_rttm(turns, out.stem.replace(" ", "_")).encode())
    return turns


@contextmanager
def _work(
    source: Path,
    out: Path,
    engines: Engines,
    wanted: Wanted,
) -> Iterator[Work]:
    """Give a job a journal beside the output that goes when the job is done.

    It stays after a kill, so that the same command goes on where it stopped.
    """
    recording = Recording(
        code=out.stem,
        study="",
        kind=Kind.INDIVIDUAL,
        parts_sha256=(identify(source),),
        speakers=wanted.speakers,
        language=wanted.language,
        trim=wanted.trim,
        tracks=wanted.tracks,
    )
    with disk_errors():
        out.parent.mkdir(parents=True, exist_ok=True)
    journal = FolderJournal(out.parent / f".{out.name}.stages")
    job = Job(recording, (source,), Roster(), (NO_POLICY,))
    try:
        yield Work(job, engines, _NoRegister(), journal)
    except InputError:
        journal.destroy()
        raise
    journal.destroy()


class _NoRegister:
    """Stands where a register is asked for by jobs that replace nothing."""

    def update(self, decide: Callable[[Sequence[Entity]], tuple[Sequence[Entity], T]]) -> T:
        raise AssertionError("recognition and diarisation alone replace nothing")

    def labels(
        self, recording: str, speakers: Sequence[str], reserved: Collection[str]
    ) -> tuple[str, ...]:
        raise AssertionError("recognition and diarisation alone label nobody")
