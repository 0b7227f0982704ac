"""How voices sound, and sound, are erased once a job is done, and made again where they must be."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from tests.fakes import FakeDiariser, FakeRecogniser, FakeSpeechDetector, fake_engines
from tests.stores import POLICY
from transcriber.domain.access import Role
from transcriber.domain.consent import NOBODY_SAID, Answer, Consent
from transcriber.domain.errors import ConsentError, EngineFailed, StorageError
from transcriber.domain.interval import Interval
from transcriber.domain.labels import Labels
from transcriber.domain.policy import Policy
from transcriber.domain.recording import ANY_COUNT, Audio, Kind
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.study_terms import StudyTerms
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import RecognisedWord, Speaker, Turn
from transcriber.pipeline import LABEL, Engines
from transcriber.pipeline.order import State, needed_for
from transcriber.pipeline.step import WHOLE
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.batch import BatchRequest
from transcriber.services.consent.book import put_consents, say_who_takes_part
from transcriber.services.forget import FORGOTTEN, forget_finished
from transcriber.services.integrity import check_store
from transcriber.services.jobs import list_jobs, retry_job
from transcriber.services.members import grant
from transcriber.services.outcome import Done, Failed, Outcome
from transcriber.services.recording_files import WRITTEN_FROM
from transcriber.services.settings import QUEUES
from transcriber.services.step_work import StepWorker
from transcriber.services.store import Store
from transcriber.services.stored_job import load_job
from transcriber.services.study_run import StudyRun, run_in_study
from transcriber.services.submit import Submission, Submitted, study_for, submit
from transcriber.services.voices import kept_voices, open_proposals
from transcriber.stages import transcribe
from transcriber.stages.protocols import Hints
from transcriber.storage.database.jobs import JobState, job
from transcriber.storage.database.tables import BLOB, STAGE_FILE, STAGE_RESULT
from transcriber.storage.scratch import Scratch

pytestmark = pytest.mark.slow

ALL = needed_for(WRITTEN_FROM)
"""The stages of a job."""


class Recogniser(FakeRecogniser):
    """Breaks where it is told to."""

    broken = False

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        if self.broken:
            raise EngineFailed("broke", "It broke.")
        yield from super().recognise(audio, regions, hints)


class PausingDetector(FakeSpeechDetector):
    """Hears talk with a pause that no region reaches over."""

    def speech(self, audio: Audio) -> tuple[Interval, ...]:
        return (Interval(500, 2_600), Interval(5_600, 9_500))


class Desk:
    """A store, a worker, and what its engines were asked."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.folder = folder
        self.recogniser = Recogniser()
        self.diariser = FakeDiariser()
        self.engines: Engines = replace(
            fake_engines(), recogniser=self.recogniser, diariser=self.diariser
        )
        self.worker = StepWorker(store, Scratch(folder / "scratch"), lambda _: self.engines)

    def submit(self, roster: Roster = Roster(), **more: object) -> Submitted:  # noqa: B008
        source = self.folder / "talk.wav"
        source.write_bytes(b"decoded by a fake")
        study = study_for(self.store, "S", roster, (POLICY,))
        asked = Submission((source,), Kind.INDIVIDUAL)
        return submit(self.store, study, replace(asked, **more))  # type: ignore[arg-type]

    def work(self, submitted: Submitted) -> JobState:
        while any(self.worker.work(queue) for queue in QUEUES):
            pass
        with self.store.database.read() as connection:
            state = job(connection, submitted.job_id)
        assert state is not None
        return state

    def kept(self) -> set[str]:
        """The stages of which more than a fingerprint is stored."""
        wanted = select(STAGE_RESULT.c.stage).where(STAGE_RESULT.c.blob_id.is_not(None))
        with self.store.database.read() as connection:
            return set(connection.execute(wanted).scalars())


@pytest.fixture
def desk(opened: Store, tmp_path: Path) -> Desk:
    return Desk(opened, tmp_path)


def files(desk: Desk) -> set[str]:
    return {file.name for file in desk.store.blobs.place.listed()}


def test_sound_and_voice_prints_are_gone_once_a_job_is_done(desk: Desk) -> None:
    state = desk.work(desk.submit())
    assert state.state is State.DONE
    assert {step.stage for step in state.steps} == set(ALL)
    assert desk.kept() == set(ALL) - FORGOTTEN
    with desk.store.database.read() as connection:
        names = set(connection.execute(select(STAGE_FILE.c.name)).scalars())
        blobs = set(connection.execute(select(BLOB.c.id)).scalars())
    assert not any(name.endswith(".s16") for name in names)
    assert files(desk) == blobs
    assert check_store(desk.store, thorough=True, progress=lambda *_: None).is_whole


def test_nothing_is_forgotten_while_a_job_is_at_work_or_may_be_taken_up(desk: Desk) -> None:
    desk.recogniser.broken = True
    submitted = desk.submit()
    failed = desk.work(submitted)
    assert failed.state is State.RUNNING  # the next try waits
    assert forget_finished(desk.store) == 0
    assert FORGOTTEN & desk.kept() == {"ingest", "diarise"}


def test_a_later_job_does_not_hear_again_what_was_forgotten(desk: Desk) -> None:
    first = desk.work(desk.submit())
    heard = desk.recogniser.calls, desk.diariser.calls
    second = desk.work(desk.submit(Roster((Participant("Sarah Whitfield", "P07"),))))
    assert second.id != first.id
    assert second.state is State.DONE
    assert (desk.recogniser.calls, desk.diariser.calls) == heard


def test_what_was_forgotten_is_made_again_when_it_has_to_be_read(desk: Desk) -> None:
    first = desk.work(desk.submit())
    told_apart = desk.diariser.calls
    second = desk.work(desk.submit(language="auto"))
    assert second.state is State.DONE
    assert desk.diariser.calls == told_apart + 1
    assert desk.kept() == set(ALL) - FORGOTTEN
    labelled = [
        desk.store.results.load(state.whole("label").stage_result_id or "", desk.folder)
        for state in (first, second)
    ]
    assert labelled[0].result.count(b"w0000") == labelled[1].result.count(b"w0000") > 0


def test_a_part_that_is_retried_waits_for_sound_that_was_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcribe, "REGIONS_A_SET", 1)
    desk.engines = replace(desk.engines, speech_detector=PausingDetector())
    desk.recogniser.broken = True
    broken = desk.submit()
    while desk.work(broken).state is State.RUNNING:
        desk.store.leases.terms = replace(desk.store.leases.terms, lease_ms=4)
    assert desk.work(broken).state is State.FAILED
    assert any(step.part != WHOLE for step in desk.work(broken).steps)
    desk.recogniser.broken = False
    other = desk.work(desk.submit(language="auto"))
    assert other.state is State.DONE
    assert not FORGOTTEN & desk.kept()
    retry_job(desk.store, broken.job_id)
    state = desk.work(broken)
    for _ in range(100):
        state = desk.work(broken)
    assert state.state is State.DONE


def test_forgetting_that_was_interrupted_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    deleted: list[str] = []

    def refuse_the_second(blob_id: str) -> None:
        deleted.append(blob_id)
        if len(deleted) == 2:
            raise StorageError("storage_failed", "The disk went away.")
        desk.store.blobs.place.delete(blob_id)

    monkeypatch.setattr(desk.store.blobs, "delete", refuse_the_second)
    assert desk.work(desk.submit()).state is State.DONE
    assert FORGOTTEN & desk.kept()
    assert forget_finished(desk.store) > 0
    assert not FORGOTTEN & desk.kept()
    assert check_store(desk.store, thorough=True, progress=lambda *_: None).is_whole


TOLD = ToldSpeakers(
    (Turn("S1", Interval(500, 4_900)), Turn("S2", Interval(4_900, 9_500))),
    (Speaker("S1", "P_3"), Speaker("S2", "S2")),
)


def test_what_a_job_is_told_of_speakers_reaches_its_stages(desk: Desk) -> None:
    state = desk.work(desk.submit(told=TOLD, labels=Labels.LINKED))
    assert state.state is State.DONE
    assert desk.diariser.calls == 0  # the file was to tell, and it is about more than ten seconds
    assert state.whole("diarise").failure_code == "speakers_do_not_fit"
    with desk.worker.finished(state.id, (LABEL,)) as work:
        assert work.job.told == TOLD
        assert work.job.labels is Labels.LINKED


def test_files_side_by_side_are_one_recording(desk: Desk) -> None:
    paths = (desk.folder / "a.wav", desk.folder / "b.wav")
    for path in paths:
        path.write_bytes(path.name.encode())
    submitted = desk.submit(files=paths, side_by_side=True)
    recording = load_job(desk.store, submitted.job_id).recording
    assert recording.side_by_side
    assert len(recording.parts_sha256) == 2
    in_turn = desk.submit(files=paths)
    assert in_turn.stored.id == submitted.stored.id
    assert not load_job(desk.store, in_turn.job_id).recording.side_by_side


class Silent:
    """A reporter that says nothing."""

    def searching(self, number: int, total: int, path: Path) -> None:
        """Say nothing."""

    def writing(self, number: int, total: int, path: Path) -> None:
        """Say nothing."""

    def stage(self, stage: str, done: int, total: int) -> None:
        """Say nothing."""

    def ended(self, outcome: Outcome | None) -> None:
        """Say nothing."""


def in_study(
    desk: Desk, policy: Policy = POLICY, names: Sequence[str] = ("first", "second")
) -> list[Outcome]:
    paths = [desk.folder / f"{name}.wav" for name in names]
    for path in paths:
        path.write_bytes(path.name.encode())
    request = BatchRequest(
        inputs=[(path,) for path in paths],
        out=desk.folder / "out",
        study="S",
        kind=Kind.INDIVIDUAL,
        speakers=ANY_COUNT,
        roster=Roster(),
        policies=(policy,),
        labels=Labels.LINKED,
        compare_voices=True,
    )
    return run_in_study(StudyRun(request), desk.store, (desk.worker,), Silent())


def test_voices_are_compared_with_consent_and_the_store_never_has_a_print(desk: Desk) -> None:
    with pytest.raises(ConsentError):
        in_study(desk)
    private = desk.folder / "out" / "private"
    (private / "consent.yaml").write_text(
        "voice_prints: yes\nrecorded_on: 2026-01-05\nrecorded_by: R. Lindt\n"
    )
    outcomes = in_study(desk)
    assert all(isinstance(outcome, Done) for outcome in outcomes)
    prints = kept_voices(desk.folder / "out")
    assert {voice.recording for voice in prints} == {"INT01", "INT02"}
    assert desk.kept() == set(ALL) - FORGOTTEN
    assert {proposal.speaker for proposal in open_proposals(private, "INT02")} == {"S1", "S2"}
    assert "P01 of INT01" in (private / "INT02.report.html").read_text()
    assert (private / "INT02.speakers.json").is_file()
    assert (private / "INT02.speakers.csv").is_file()


def test_neither_the_study_nor_anybody_in_it_may_have_said_no_to_comparing(desk: Desk) -> None:
    private = desk.folder / "out" / "private"
    private.mkdir(parents=True)
    (private / "consent.yaml").write_text(
        "voice_prints: yes\nrecorded_on: 2026-01-05\nrecorded_by: R. Lindt\n"
    )
    study = study_for(desk.store, "S", Roster(), (POLICY,))
    lead = create_account(desk.store, NewAccount("ada@example.org", "Ada")).id
    grant(desk.store, study.id, lead, Role.LEAD)
    with pytest.raises(ConsentError, match="promises"):
        in_study(desk)
    with desk.store.database.write() as connection:
        terms = StudyTerms(voice_comparison=True)
        desk.store.studies.agree(connection, study, replace(study.agreed, terms=terms))
    put_consents(desk.store, lead, study.id, [Consent("P01", voices=Answer.NOT_AGREED)])
    one, other = in_study(desk)
    assert isinstance(one, Failed)
    assert "P01 did not agree to voices being compared" in one.error.sentence
    assert isinstance(other, Done)
    put_consents(desk.store, lead, study.id, [Consent("P03", quoted=Answer.NOT_AGREED)])
    assert [each.error.code for each in in_study(desk) if isinstance(each, Failed)] == [
        "no_consent",
        "no_consent",
    ]


def test_a_print_is_not_compared_once_its_voice_said_no(desk: Desk) -> None:
    private = desk.folder / "out" / "private"
    private.mkdir(parents=True)
    consent = "voice_prints: yes\nrecorded_on: 2026-01-05\nrecorded_by: R. Lindt\n"
    (private / "consent.yaml").write_text(consent)
    assert isinstance(in_study(desk, names=["first"])[0], Done)
    labels = {voice.label for voice in kept_voices(desk.folder / "out")}
    assert "P01" in labels
    study = study_for(desk.store, "S", Roster(), (POLICY,))
    said_no = [Consent(label, voices=Answer.NOT_AGREED) for label in labels]
    put_consents(desk.store, None, study.id, said_no)
    assert isinstance(in_study(desk, names=["second"])[0], Done)
    assert open_proposals(private, "INT02") == ()


def test_run_keeps_what_nobody_said_who_takes_part_in(desk: Desk) -> None:
    private = desk.folder / "out" / "private"
    private.mkdir(parents=True)
    (private / "consent.yaml").write_text(
        "voice_prints: yes\nrecorded_on: 2026-01-05\nrecorded_by: R. Lindt\n"
    )
    study = study_for(desk.store, "S", Roster(), (POLICY,))
    with desk.store.database.write() as connection:
        terms = StudyTerms(voice_comparison=True, consent_per_person=True)
        study = desk.store.studies.agree(connection, study, replace(study.agreed, terms=terms))
    for _ in range(2):
        for outcome in in_study(desk):
            assert isinstance(outcome, Failed)
            assert outcome.error.sentence == NOBODY_SAID
    waiting = list_jobs(desk.store, study)
    assert [each.code for each in waiting] == ["INT01", "INT02"]
    yes = Answer.AGREED
    labels = ("P01", "P02", "P03", "P04")
    people = [Consent(each, None, yes, yes, yes, yes, yes) for each in labels]
    put_consents(desk.store, None, study.id, people)
    for each in waiting:
        say_who_takes_part(desk.store, None, study.id, each.state.recording_id, ["P01"])
    told = [each.error.sentence for each in in_study(desk) if isinstance(each, Failed)]
    assert told == []
