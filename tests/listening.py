"""A recording in a store that can be listened to, written straight into it: nothing is recognised.

The sound is noise that tells its own place; words are said where the transcript says so.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sqlalchemy import Connection, update

from transcriber.domain.clip import Clip
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio, Kind
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Role,
    RoleGuess,
    Segment,
    Speaker,
    Transcript,
    Turn,
    Word,
)
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.review_copy import AacEncoder
from transcriber.pipeline import CLIPS, LABEL, REVIEW_COPY, TURNS, Stage
from transcriber.pipeline.order import State
from transcriber.pipeline.result import to_record
from transcriber.services.store import Store
from transcriber.services.submit import Submission, submit
from transcriber.stages.review_copy import review_copy
from transcriber.storage.database.blob_rows import get_blobs
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import JOB, RECORDING, STAGE_RESULT, STEP
from transcriber.storage.stage_results import Slot

WORD_MS = 400
WORDS_A_TURN = 10
PAUSE_MS = 2_000
"""Between two turns; long enough to be skipped."""

VOICES = ("S1", "S2", "S3")
LABELS = ("INT", "P01", "P02")


@dataclass(frozen=True)
class Heard:
    """What was put into the store, and the bytes of the copy to listen to."""

    id: str
    study: Study
    transcript: Transcript
    copy: bytes

    @property
    def place(self) -> str:
        """Its address below the interface's."""
        return f"/api/v1/studies/{self.study.id}/recordings/{self.id}"

    @property
    def page(self) -> str:
        """Where its pages begin."""
        return f"/studies/{self.study.id}/recordings/{self.id}"


def spoken(duration_ms: int, quality: Quality = Quality.FULL) -> Transcript:
    """Return turns of ten words and four seconds by three voices, with pauses of two seconds.

    The fourth pause is said to be speech without words.
    """
    words: list[Word] = []
    segments: list[Segment] = []
    turn_ms = WORD_MS * WORDS_A_TURN
    for number, start in enumerate(range(1_000, duration_ms - turn_ms, turn_ms + PAUSE_MS)):
        voice = VOICES[number % 3]
        first = len(words)
        for place in range(WORDS_A_TURN):
            at = start + place * WORD_MS
            words.append(Word(f"w{len(words)}", f"word{len(words)}", at, at + WORD_MS, voice))
        segments.append(Segment(voice, first, len(words) - 1))
    gap = 1_000 + 3 * (turn_ms + PAUSE_MS) + turn_ms
    untranscribed = (Interval(gap + 200, gap + PAUSE_MS - 200),) if len(segments) > 4 else ()
    guess = RoleGuess(Role.INTERVIEWER, 12, 14, 0.3, opens=True)
    speakers = tuple(
        Speaker(voice, label, guess if label == "INT" else None)
        for voice, label in zip(VOICES, LABELS, strict=True)
    )
    coverage = Coverage(sum(word.interval.duration_ms for word in words), untranscribed)
    return Transcript(
        "en", quality, duration_ms, speakers, tuple(words), tuple(segments), coverage, {}
    )


def noise(path: Path, transcript: Transcript) -> Audio:
    """Write sound that is loud where somebody speaks and faint elsewhere."""
    count = transcript.duration_ms * SAMPLE_RATE_HZ // 1000
    loud = np.zeros(transcript.duration_ms // 100 + 1, dtype=np.float32) + 0.02
    for segment in transcript.segments:
        first, last = (transcript.words[n] for n in (segment.first_word, segment.last_word))
        loud[first.start_ms // 100 : last.end_ms // 100] = 0.5
    block = SAMPLE_RATE_HZ * 10
    with path.open("wb") as file:
        for start in range(0, count, block):
            length = min(block, count - start)
            random = np.random.default_rng(start).standard_normal(length).astype(np.float32)
            at = (np.arange(start, start + length) * 10) // SAMPLE_RATE_HZ
            file.write((random * loud[at] * 6_000).clip(-32_000, 32_000).astype("<i2").tobytes())
    return Audio(path, count)


def put_recording(
    store: Store,
    study: Study,
    folder: Path,
    transcript: Transcript,
    kind: Kind = Kind.GROUP,
    source: Path | None = None,
) -> Heard:
    """Put a recording whose job is done into a study; `folder` is worked in.

    `source` is a file of sound of a rate of 16 kHz in one channel, which is taken away; without one
    the sound is noise, and what was uploaded no sound at all.
    """
    folder.mkdir(exist_ok=True)
    if source is None:
        sound = noise(folder / "samples.s16", transcript)
        source = folder / "source.wav"
        source.write_bytes(b"RIFF" + np.random.default_rng(0).bytes(100) + str(folder).encode())
    else:
        sound = PyAvDecoder().decode(source, folder / "samples.s16", lambda *_: None).audio
    made = submit(store, study, Submission((source,), kind))
    from transcriber.domain.recording import IngestedRecording

    ingested = IngestedRecording(sound, (), (), ())
    copy = review_copy(ingested, folder, AacEncoder(), lambda *_: None)
    recording_id, job_id = made.stored.id, made.job_id
    turns = tuple(
        Turn(
            segment.speaker or "",
            Interval(
                transcript.words[segment.first_word].start_ms,
                transcript.words[segment.last_word].end_ms,
            ),
        )
        for segment in transcript.segments
    )
    clips = tuple(
        Clip(turn.speaker, turn.interval, 0.9 - place / 10_000) for place, turn in enumerate(turns)
    )
    keep = _Keeping(store, recording_id, job_id, folder)
    keep.result(REVIEW_COPY, copy)
    keep.result(TURNS, turns)
    keep.result(CLIPS, clips[:18])
    keep.result(LABEL, transcript)
    with store.database.write() as connection:
        connection.execute(update(STEP).where(STEP.c.job_id == job_id).values(state=State.DONE))
        connection.execute(update(JOB).where(JOB.c.id == job_id).values(state=State.DONE))
        connection.execute(
            update(RECORDING)
            .where(RECORDING.c.id == recording_id)
            .values(duration_ms=transcript.duration_ms)
        )
    data = copy.path.read_bytes()
    for path in (sound.path, source):
        path.unlink()
    return Heard(recording_id, study, transcript, data)


@dataclass
class _Keeping:
    """Keeps results of stages as a worker would."""

    store: Store
    recording_id: str
    job_id: str
    folder: Path

    def result(self, stage: Stage, result: object) -> None:  # type: ignore[type-arg]
        record = to_record(stage.result, result, 1, self.folder)
        slot = Slot(self.recording_id, stage.name, 0, f"{stage.name} of {self.recording_id}")

        def also(connection: Connection, result_id: str) -> None:
            of_step = STEP.c.job_id == self.job_id
            connection.execute(
                update(STEP)
                .where(of_step, STEP.c.stage == stage.name)
                .values(state=State.DONE, stage_result_id=result_id)
            )
            if stage is LABEL:
                self._transcript(connection, result_id, result)

        self.store.results.keep(slot, record, self.folder, also)

    def _transcript(self, connection: Connection, result_id: str, result: object) -> None:
        assert isinstance(result, Transcript)
        row = connection.execute(STAGE_RESULT.select().where(STAGE_RESULT.c.id == result_id)).one()
        (blob,) = get_blobs(connection, [row.blob_id]).values()
        self.store.transcripts.add(connection, self.recording_id, result.quality, blob)
