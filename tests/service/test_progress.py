"""How far recordings are, and what is said of the time that they will take."""

import pytest
from sqlalchemy import update

from tests.stores import AGREED, Stored
from transcriber.domain.recording_state import RecordingState
from transcriber.pipeline.order import State, needed_for
from transcriber.services.erase import erase_recording
from transcriber.services.eta import (
    MINUTE_MS,
    Eta,
    Machine,
    fraction_done,
    learnt,
    remaining,
    work_left,
)
from transcriber.services.progress import ProgressWatch, eta_words
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.recording_list import StageSummary
from transcriber.services.store import Store
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.jobs import JobRequest, add_job
from transcriber.storage.database.stage_times import Took
from transcriber.storage.database.tables import JOB, RECORDING, STAGE_RESULT, STEP
from transcriber.storage.ids import new_id
from transcriber.storage.keys.sealing import Sealed

STAGES = needed_for(WRITTEN_FROM)
ONE, TWO = Machine(1), Machine(2)


def speed(seconds_a_minute: float) -> Eta:
    return Eta(seconds_a_minute * 500, seconds_a_minute * 1000, seconds_a_minute * 2000)


def waiting(stage: str) -> StageSummary:
    return StageSummary(stage, State.WAITING, 0, 1, None)


def done(stage: str) -> StageSummary:
    return StageSummary(stage, State.DONE, 1, 1, None)


def test_a_speed_is_the_median_with_its_quartiles() -> None:
    seen = [Took(took_ms, MINUTE_MS) for took_ms in (10, 20, 30, 40, 50)]
    assert learnt({"ingest": seen}) == {"ingest": Eta(20, 30, 40)}


def test_two_recordings_are_too_few_to_know() -> None:
    assert learnt({"ingest": [Took(10, MINUTE_MS)] * 2}) == {}
    assert remaining([waiting("ingest")], 10 * MINUTE_MS, {}, 0, ONE) is None
    assert eta_words(None) == "no idea yet"


def test_stages_side_by_side_take_as_long_as_the_longest() -> None:
    speeds = {"ingest": speed(1), "transcribe": speed(30), "diarise": speed(10)}
    stages = [waiting(stage) for stage in speeds]
    left = remaining(stages, 2 * MINUTE_MS, speeds, 0, TWO)
    assert left is not None
    assert left.likely_ms == 2 * (1 + 30) * 1000
    busy = work_left(stages, 2 * MINUTE_MS, speeds, 0, TWO)
    assert busy is not None
    assert busy.likely_ms == 2 * (1 + 30 + 10) * 1000


def test_what_is_done_and_what_has_passed_count_no_more() -> None:
    speeds = {"ingest": speed(1), "transcribe": speed(30)}
    running = StageSummary("transcribe", State.RUNNING, 0, 1, started_at_ms=5_000)
    left = remaining([done("ingest"), running], MINUTE_MS, speeds, 15_000, ONE)
    assert left == Eta(5_000, 20_000, 50_000)


def test_parts_are_divided_among_those_who_work() -> None:
    speeds = {"transcribe": speed(40)}
    parts = StageSummary("transcribe", State.RUNNING, 1, 4, None)
    left = remaining([parts], MINUTE_MS, speeds, 0, TWO)
    assert left is not None
    assert left.likely_ms == 40_000 * 3 / 4 / 2
    assert fraction_done([parts], MINUTE_MS, speeds, 0) == 0.25


def test_a_stage_that_takes_long_is_never_told_to_be_done() -> None:
    speeds = {"transcribe": speed(1)}
    running = StageSummary("transcribe", State.RUNNING, 0, 1, started_at_ms=0)
    assert fraction_done([running], MINUTE_MS, speeds, 10**9) == 0.95


def test_without_speeds_every_stage_counts_the_same() -> None:
    assert fraction_done([done("ingest"), waiting("transcribe")], None, {}, 0) == 0.5


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        ((1, 1, 1), "about a minute"),
        ((2, 4, 6), "about 4 minutes (2 to 6)"),
        ((100, 150, 300), "about 2.5 hours"),
    ],
)
def test_times_are_told_in_words(minutes: tuple[int, int, int], words: str) -> None:
    assert eta_words(Eta(*(value * MINUTE_MS for value in minutes))) == words


def _job(opened: Store, recording_id: str, length_ms: int | None, priority: int = 0) -> str:
    with opened.database.write() as connection:
        key = opened.keyring.recording(connection, recording_id)
        connection.execute(
            update(RECORDING).where(RECORDING.c.id == recording_id).values(duration_ms=length_ms)
        )
        queues = dict.fromkeys(STAGES, "cpu")
        request = JobRequest(AGREED.roster, AGREED.policies)
        return add_job(connection, (recording_id, key), request, queues, priority)


def _past(store: Stored, opened: Store, study_name: str, minutes: int, each_ms: int) -> None:
    """Let three recordings be done, each stage of which took `each_ms` a minute."""
    study = store.study(study_name)
    for number in range(3):
        recording = store.recording(study, f"past {number}")
        with opened.database.write() as connection:
            connection.execute(
                update(RECORDING)
                .where(RECORDING.c.id == recording.id)
                .values(duration_ms=minutes * MINUTE_MS)
            )
            for stage in STAGES:
                result = new_id()
                connection.execute(
                    STAGE_RESULT.insert().values(
                        id=result,
                        recording_id=recording.id,
                        stage=stage,
                        fingerprint=Sealed(b""),
                        fingerprint_tag=result.encode(),
                        took_ms=minutes * each_ms,
                        created_at_ms=now_ms(),
                    )
                )


def test_who_waits_is_told_of_what_waits_before(store: Stored, opened: Store) -> None:
    _past(store, opened, "past", 10, each_ms=6_000)
    study = store.study()
    first, second, urgent = (store.recording(study, content) for content in "abc")
    _job(opened, first.id, 30 * MINUTE_MS)
    _job(opened, second.id, 30 * MINUTE_MS)
    _job(opened, urgent.id, 30 * MINUTE_MS, priority=1)
    found = ProgressWatch(opened).of([first.id, second.id, urgent.id])
    etas = [found[recording.id].eta for recording in (urgent, first, second)]
    assert None not in etas
    likely = [eta.likely_ms for eta in etas if eta is not None]
    assert likely == sorted(likely)
    assert len(set(likely)) == 3


def test_nothing_is_promised_before_something_was_seen(store: Stored, opened: Store) -> None:
    recording = store.recording(store.study())
    _job(opened, recording.id, 30 * MINUTE_MS)
    told = ProgressWatch(opened).of([recording.id])[recording.id]
    assert (told.state, told.eta, told.fraction) == (RecordingState.WAITING, None, 0.0)


def test_a_look_tells_what_happened_since(store: Stored, opened: Store) -> None:
    study = store.study()
    recording, erased = store.recording(study, "a"), store.recording(study, "b")
    job_id = _job(opened, recording.id, MINUTE_MS)
    watch = ProgressWatch(opened)
    with opened.database.write() as connection:
        connection.execute(update(RECORDING).values(created_at_ms=0))
        connection.execute(
            update(STEP)
            .where(STEP.c.job_id == job_id, STEP.c.stage == "ingest")
            .values(state=State.RUNNING, started_at_ms=now_ms())
        )
    look = watch.look([study.id])
    assert [(p.recording_id, p.state, p.stages) for p in look.changed] == [
        (recording.id, RecordingState.WORKING, ("ingest",))
    ]
    with opened.database.write() as connection:
        connection.execute(update(JOB).values(state=State.DONE, finished_at_ms=now_ms()))
    erase_recording(opened, study, erased.recording.code)
    later = watch.look([study.id], look.as_of_ms)
    assert [(p.recording_id, p.state) for p in later.changed] == [
        (recording.id, RecordingState.READY)
    ]
    assert later.gone == ((study.id, erased.id),)
    assert watch.look([study.id], look.as_of_ms + 10**6).changed == ()
    assert watch.look([store.study("other").id], 0).changed == ()
