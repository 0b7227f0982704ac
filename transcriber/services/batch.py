"""Take a batch of recordings from sound to redacted transcripts, whatever happens to one.

Every recording is first brought to its findings, then every recording is written: a name that any
of them gives away is known before the first of them is replaced, so that neither what is found nor
who is meant depends on the order of the files. Between the two only names are held; findings wait
in the journal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Protocol, TypeVar

from transcriber.domain.edit import Edit
from transcriber.domain.errors import Defect, InputError, TranscriberError
from transcriber.domain.finding import Finding
from transcriber.domain.known_name import KnownName
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy
from transcriber.domain.recording import WHOLE, Kind, Recording, SpeakerCount, Trim
from transcriber.domain.roster import Roster
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.pipeline import (
    BIOMETRIC,
    DETECT,
    LABEL,
    PROPAGATE,
    PSEUDONYMISE,
    REVIEW_COPY,
    SOUND_CHECK,
    Engines,
    Job,
    Work,
    run,
)
from transcriber.services.consent_file import Consent, voice_consent
from transcriber.services.edits_file import read_edits
from transcriber.services.known_names import StudyNames, introduce_names
from transcriber.services.outcome import Done, Failed, Outcome
from transcriber.services.recording_files import WRITTEN_FROM, Writing, write_recording
from transcriber.services.source import identify
from transcriber.services.speakers import SPEAKER_TARGETS
from transcriber.services.voices import compare_voices
from transcriber.storage.folder_journal import FolderJournal
from transcriber.storage.register import SqliteRegister
from transcriber.storage.study_folder import StudyFolder

SEARCH = (LABEL, DETECT, SOUND_CHECK, REVIEW_COPY, *SPEAKER_TARGETS)
"""What is done of every recording before any is written; nothing after it needs the sound."""

WRITE = (PROPAGATE, PSEUDONYMISE)

T = TypeVar("T")

CODE_PREFIX = {Kind.INDIVIDUAL: "INT", Kind.GROUP: "FG"}


@dataclass(frozen=True)
class BatchRequest:
    """What a person asked for; `keep_names` uses the input's file stem as its code.

    `inputs` are the files of each recording: its parts in order, or with `side_by_side` one for
    each speaker, all begun at the same moment.
    """

    inputs: Sequence[tuple[Path, ...]]
    out: Path
    study: str
    kind: Kind
    speakers: SpeakerCount
    roster: Roster
    policies: tuple[Policy, ...]
    language: str = "en"
    keep_names: bool = False
    trim: Trim = WHOLE
    tracks: bool = False
    side_by_side: bool = False
    told: ToldSpeakers | None = None
    """Who speaks when, where a file says so; it is about the only recording."""
    writing: Writing = field(default_factory=Writing)
    labels: Labels = Labels.UNLINKED
    compare_voices: bool = False
    """Needs the study's consent on record (`consent_file`)."""


class Reporter(Protocol):
    """Shown what happens while a batch runs: each input is searched, then each is written."""

    def searching(self, number: int, total: int, path: Path) -> None:
        """Input `number` of `total`, from 1, is heard and searched next."""

    def writing(self, number: int, total: int, path: Path) -> None:
        """The results of this input, which was searched, are written next."""

    def stage(self, stage: str, done: int, total: int) -> None:
        """A stage of the current input got further."""

    def ended(self, outcome: Outcome | None) -> None:
        """The current input is done or failed; or, with None, searched and to be written."""


@dataclass(frozen=True)
class _Searched:
    """A recording whose findings are recorded in the journal."""

    recording: Recording
    parts: tuple[Path, ...]
    edits: tuple[Edit, ...]


@dataclass
class _Batch:
    request: BatchRequest
    engines: Engines
    reporter: Reporter
    folder: StudyFolder
    register: SqliteRegister
    names: StudyNames
    consent: Consent | None
    seen: set[str] = field(default_factory=set)


def run_batch(request: BatchRequest, engines: Engines, reporter: Reporter) -> list[Outcome]:
    """Process every input; one that fails never stops the others.

    Raises StorageError when the output folder itself cannot be used, and ConsentError when voices
    are to be compared without consent on record.
    """
    folder = StudyFolder(request.out)
    with folder.only_one():
        consent = voice_consent(folder.private) if request.compare_voices else None
        register = SqliteRegister(folder.private / "register.sqlite")
        names = StudyNames.written(folder.private)
        batch = _Batch(request, engines, reporter, folder, register, names, consent)
        searched = [
            _search_one(batch, number, len(request.inputs), parts)
            for number, parts in enumerate(request.inputs, start=1)
        ]
        known = batch.names.all()
        return [
            outcome
            if isinstance(outcome, Failed)
            else _write_one(batch, number, len(request.inputs), outcome, known)
            for number, outcome in enumerate(searched, start=1)
        ]


def _search_one(
    batch: _Batch, number: int, total: int, parts: tuple[Path, ...]
) -> _Searched | Failed:
    batch.reporter.searching(number, total, parts[0])
    outcome = attempt(parts[0], lambda: _search(batch, parts))
    batch.reporter.ended(outcome if isinstance(outcome, Failed) else None)
    return outcome


def _write_one(
    batch: _Batch, number: int, total: int, searched: _Searched, known: tuple[KnownName, ...]
) -> Outcome:
    batch.reporter.writing(number, total, searched.parts[0])
    outcome = attempt(searched.parts[0], lambda: _write(batch, searched, known))
    batch.reporter.ended(outcome)
    return outcome


def attempt(path: Path, step: Callable[[], T]) -> T | Failed:
    """Do what may go wrong with one input and must not cost the others."""
    try:
        return step()
    except TranscriberError as error:
        return Failed(path, error)
    except Exception as error:  # noqa: BLE001 - a defect met by one file must not cost the others
        return Failed(path, Defect.of(error))


def _search(batch: _Batch, parts: tuple[Path, ...]) -> _Searched:
    recording = _recording(batch, parts)
    searched = _Searched(recording, parts, read_edits(batch.folder.private, recording.code))
    work = _work(batch, searched)
    journal = batch.folder.journal(recording.code)
    try:
        run(work, SEARCH, batch.reporter.stage)
    except InputError:
        journal.destroy()  # nothing to go on from: this file will never do
        raise
    if batch.consent is not None:
        compare_voices(work, batch.folder.private, batch.consent, batch.reporter.stage)
    if not work.failures:
        _forget_sound(journal)
    found: tuple[Finding, ...] = work.of(DETECT)
    batch.names.learn(recording.code, found)
    introduce_names(work, found)
    return searched


def _write(batch: _Batch, searched: _Searched, known: tuple[KnownName, ...]) -> Done:
    work = _work(batch, searched, known)
    shown = {stage.name for stage in WRITE}

    def progress(stage: str, done: int, total: int) -> None:
        if stage in shown:
            batch.reporter.stage(stage, done, total)

    run(work, WRITTEN_FROM, progress)
    done = write_recording(work, batch.folder, batch.request.writing, searched.parts[0])
    _forget_sound(batch.folder.journal(searched.recording.code))
    return done


def _forget_sound(journal: FolderJournal) -> None:
    """Delete the samples and what the voices in them sound like."""
    journal.forget_samples()
    for stage in BIOMETRIC:
        journal.forget(stage.name)


def _work(batch: _Batch, searched: _Searched, known: tuple[KnownName, ...] = ()) -> Work:
    request = batch.request
    job = Job(
        searched.recording,
        searched.parts,
        request.roster,
        request.policies,
        searched.edits,
        known,
        request.told,
        request.labels,
    )
    journal = batch.folder.journal(searched.recording.code)
    return Work(job, batch.engines, batch.register, journal)


def _recording(batch: _Batch, parts: tuple[Path, ...]) -> Recording:
    """Identify the files and give the recording its code. Raises InputError."""
    request, folder = batch.request, batch.folder
    hashes = tuple(identify(path) for path in parts)
    if len({*hashes, *batch.seen}) < len(hashes) + len(batch.seen):
        raise given_twice(len(parts))
    batch.seen.update(hashes)
    whole = whole_sha256(hashes)
    names = " + ".join(path.name for path in parts)
    code = (
        folder.keep_name(parts[0].stem, whole, names)
        if request.keep_names
        else folder.code_for(whole, names, CODE_PREFIX[request.kind])
    )
    return Recording(
        code=code,
        study=request.study,
        kind=request.kind,
        parts_sha256=hashes,
        speakers=request.speakers,
        language=request.language,
        trim=request.trim,
        tracks=request.tracks,
        side_by_side=request.side_by_side,
    )


def whole_sha256(parts_sha256: Sequence[str]) -> str:
    """Return what a recording is known by: the hash of its only file, or of its parts' hashes."""
    if len(parts_sha256) == 1:
        return parts_sha256[0]
    return sha256("".join(parts_sha256).encode()).hexdigest()


def given_twice(parts: int = 1) -> InputError:
    """Say that a recording, or a part of one, was named before."""
    return InputError(
        "given_twice",
        "This file has the same content as an earlier one of this batch; it was done once."
        if parts == 1
        else "Two of these parts have the same content. Name each part once.",
    )
