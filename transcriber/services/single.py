"""One stage of the pipeline for one file: recognition or diarisation alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transcriber.domain.errors import InputError
from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import ANY_COUNT, Kind, Recording, SpeakerCount
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Transcript, Turn
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
    run,
)
from transcriber.services.source import identify
from transcriber.stages.align import align
from transcriber.storage.files import reported, write_whole
from transcriber.storage.folder_journal import FolderJournal

NO_POLICY = Policy("none", Style.LABEL, {})


def transcribe_file(
    source: Path, out: Path, language: str, engines: Engines, progress: StageProgress
) -> Transcript:
    """Write the words of a recording, nobody's yet, as transcript.json."""
    with _work(source, out, engines, language=language) as work:
        run(work, (INGEST, TRANSCRIBE), progress)
        transcript = align(
            work.of(TRANSCRIBE), (), work.of(INGEST).audio.duration_ms, work.provenance()
        )
        write_whole(out, write_transcript(transcript))
    return transcript


def diarise_file(
    source: Path, out: Path, count: SpeakerCount, engines: Engines, progress: StageProgress
) -> tuple[Turn, ...]:
    """Write who speaks when as RTTM; its file id is the output's stem, never the input's name."""
    with _work(source, out, engines, count=count) as work:
        run(work, (DIARISE,), progress)
        turns = work.of(DIARISE)
        write_whole(out, write_rttm(turns, out.stem.replace(" ", "_")).encode())
    return turns


@contextmanager
def _work(
    source: Path,
    out: Path,
    engines: Engines,
    count: SpeakerCount = ANY_COUNT,
    language: str = "en",
) -> Iterator[Work]:
    """Give a job a journal beside the output that goes when the job is done.

    It stays after a kill, so that the same command goes on where it stopped.
    """
    recording = Recording(out.stem, "", Kind.INDIVIDUAL, identify(source), count, language)
    with reported():
        out.parent.mkdir(parents=True, exist_ok=True)
    journal = FolderJournal(out.parent / f".{out.name}.stages")
    job = Job(recording, source, Roster(), NO_POLICY)
    try:
        yield Work(job, engines, _NoRegister(), journal)
    except InputError:
        journal.destroy()
        raise
    journal.destroy()


class _NoRegister:
    """Stands where a register is asked for by jobs that replace nothing."""

    def number(self, entity_type: EntityType, entity: str) -> int:
        raise AssertionError("recognition and diarisation alone replace nothing")
