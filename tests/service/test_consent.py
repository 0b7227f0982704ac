"""What consent does not cover is refused, with the reason, at every door; on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.checked import Checked, recording_to_check
from tests.releases import release_bytes
from tests.service.signing import actions, made, missing, now, signed_all, signed_looking, somebody
from tests.stores import Stored
from transcriber.domain.audit import Action
from transcriber.domain.consent import Answer, Consent, ConsentBook, ConsentTo, listed
from transcriber.domain.errors import ConsentError, UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Participant
from transcriber.domain.told_speakers import ToldSpeakers
from transcriber.domain.transcript import Speaker
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN
from transcriber.exports.release_json import read_texts
from transcriber.pipeline.order import State
from transcriber.services.bundles import release_bundle, study_bundle, study_project
from transcriber.services.consent.book import (
    put_consents,
    say_who_takes_part,
    shown_consents,
    who_takes_part,
)
from transcriber.services.consent.doors import (
    quoted_in,
    require_drafts_may_leave,
    require_voices_may_be_compared,
    taking_part,
)
from transcriber.services.erase import erase_recording
from transcriber.services.hand_off.bring import hand_off_now
from transcriber.services.integrity import check_store
from transcriber.services.jobs import list_jobs, retry_job
from transcriber.services.packaged_release import release_package, release_provenance
from transcriber.services.recording_actions import retry_recording
from transcriber.services.release_changes import release_changes
from transcriber.services.releases import release_file
from transcriber.services.review.released import released
from transcriber.services.review.sign_off import sign
from transcriber.services.review.standing import Missing
from transcriber.services.shown_release import read_release_text
from transcriber.services.store import Store
from transcriber.services.studies import draft_of, edit_study, show_study
from transcriber.services.submit import Submission, submit
from transcriber.storage.database.consent_tables import CONSENT, TAKING_PART
from transcriber.storage.database.tables import JOB, STEP
from transcriber.storage.ids import new_id

YES = Consent(
    "P01", None, Answer.AGREED, Answer.AGREED, Answer.AGREED, Answer.AGREED, Answer.AGREED
)
SAYS_NO = Consent("P02", quoted=Answer.NOT_AGREED)


@pytest.fixture
def checked(opened: Store, tmp_path: Path) -> Checked:
    """A group with talk of P01 and P02, ready to be checked."""
    return made(opened, tmp_path)


def keep(checked: Checked, *consents: Consent) -> None:
    put_consents(checked.store, checked.actor_id, checked.study_id, consents)


def ask_each(checked: Checked) -> None:
    """Let what is not on record count as not given."""
    study = show_study(checked.store, checked.study_id)
    draft = draft_of(study)
    draft = replace(draft, terms=replace(draft.terms, consent_per_person=True))
    edit_study(checked.store, checked.actor_id, study.id, draft, study.version)


def new_file(folder: Path) -> Path:
    path = folder / f"{new_id()}.wav"
    path.write_bytes(new_id().encode())
    return path


def refused(error: pytest.ExceptionInfo[ConsentError]) -> str:
    assert error.value.code == "no_consent"
    return error.value.sentence


# What is kept.


def test_what_is_kept_comes_back_and_the_later_word_counts(checked: Checked) -> None:
    first = replace(YES, given_on=date(2026, 1, 2), withdraw_by=date(2027, 3, 31))
    keep(checked, first, SAYS_NO)
    keep(checked, replace(first, voices=Answer.NOT_AGREED))
    shown = shown_consents(checked.store, checked.study_id)
    assert shown.of("P01") == replace(first, voices=Answer.NOT_AGREED)
    assert shown.of("P02") == SAYS_NO
    assert [(each.label, each.name) for each in shown.people] == [
        ("P01", "Sarah Whitfield"),
        ("P02", "Tom Greenwood"),
    ]
    assert actions(checked.store).count(Action.CONSENT_CHANGED) == 2


def test_a_consent_that_says_nothing_is_not_kept(checked: Checked) -> None:
    keep(checked, YES)
    keep(checked, Consent("P01"))
    assert shown_consents(checked.store, checked.study_id).book.consents == ()


def test_of_one_recording_counts_before_all_and_falls_back_to_it(checked: Checked) -> None:
    here = checked.recording_id
    keep(checked, YES, Consent("P01", here, quoted=Answer.NOT_AGREED))
    book = shown_consents(checked.store, checked.study_id).book
    assert book.answer("P01", ConsentTo.QUOTED, here) is Answer.NOT_AGREED
    assert book.answer("P01", ConsentTo.QUOTED) is Answer.AGREED
    assert book.answer("P01", ConsentTo.VOICES, here) is Answer.AGREED


@pytest.mark.parametrize(
    "label", ["", "P 0!", "INT", "INT2", "MOD", "MOD-A", "FG1_MOD", "UNK", "SEVERAL"]
)
def test_only_participants_consent(checked: Checked, label: str) -> None:
    with pytest.raises(UsageError) as error:
        say_who_takes_part(checked.store, None, *checked.here, [label])
    assert error.value.code == "bad_label"


def test_dates_the_wrong_way_round_and_recordings_of_others_are_refused(checked: Checked) -> None:
    wrong = replace(YES, given_on=date(2026, 2, 1), withdraw_by=date(2026, 1, 1))
    with pytest.raises(UsageError) as dates:
        keep(checked, wrong)
    with pytest.raises(UsageError) as elsewhere:
        keep(checked, replace(YES, recording_id="0" * 32))
    assert (dates.value.code, elsewhere.value.code) == ("bad_dates", "not_found")


def test_it_is_sealed_and_goes_with_its_recording(checked: Checked, store: Stored) -> None:
    keep(checked, YES, Consent("P02", checked.recording_id, quoted=Answer.NOT_AGREED))
    say_who_takes_part(checked.store, None, *checked.here, ["P01", "P02"])
    with checked.store.database.read() as connection:
        rows = [row.consent for row in connection.execute(select(CONSENT))]
        rows += [row.labels for row in connection.execute(select(TAKING_PART))]
    assert len(rows) == 3
    assert all(b"P0" not in row and b"agreed" not in row for row in rows)
    assert check_store(checked.store, thorough=True, progress=lambda *_: None).is_whole
    study = show_study(checked.store, checked.study_id)
    with checked.store.database.read() as connection:
        code = checked.store.recordings.codes(connection, study.id, [checked.recording_id])
    erase_recording(checked.store, study, code[checked.recording_id])
    with checked.store.database.read() as connection:
        left = connection.execute(select(CONSENT)).all()
        assert [row.recording_id for row in left] == [None]
        assert connection.execute(select(TAKING_PART)).all() == []


# Recorded and transcribed: work on a recording.


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("recorded", Consent("P02", recorded=Answer.NOT_AGREED)),
        ("transcribed", Consent("P02", transcribed=Answer.NOT_AGREED)),
    ],
)
def test_a_recording_of_somebody_who_said_no_is_not_taken(
    checked: Checked, tmp_path: Path, to: str, said: Consent
) -> None:
    keep(checked, YES, said)
    study = show_study(checked.store, checked.study_id)
    submission = Submission((new_file(tmp_path),), Kind.GROUP, takes_part=("P01", "p02"))
    with checked.store.database.read() as connection:
        before = len(checked.store.recordings.all(connection, study))
    with pytest.raises(ConsentError) as error:
        submit(checked.store, study, submission)
    assert f"P02 did not agree to be {to}" in refused(error)
    with checked.store.database.read() as connection:
        assert len(checked.store.recordings.all(connection, study)) == before
    taken = submit(checked.store, study, replace(submission, takes_part=("P01",)))
    assert who_takes_part(checked.store, study.id, taken.stored.id) == ("P01",)


def test_where_each_is_asked_what_is_not_on_record_is_no(checked: Checked, tmp_path: Path) -> None:
    ask_each(checked)
    keep(checked, YES)
    study = show_study(checked.store, checked.study_id)
    submission = Submission((new_file(tmp_path),), Kind.INDIVIDUAL)
    with pytest.raises(ConsentError) as nobody:
        submit(checked.store, study, submission)
    assert "who takes part" in refused(nobody)
    with pytest.raises(ConsentError) as silent:
        submit(checked.store, study, replace(submission, takes_part=("P02",)))
    assert "No consent of P02 to be recorded is on record" in refused(silent)
    submit(checked.store, study, replace(submission, takes_part=("P01",)))


def test_whom_a_transcript_names_takes_part(checked: Checked) -> None:
    roster = show_study(checked.store, checked.study_id).agreed.roster
    told = ToldSpeakers((), (Speaker("S1", "P02"), Speaker("S2", "S2"), Speaker("S3", "INT")))
    assert taking_part(("p01",), told, roster) == ("P01", "P02")


def test_a_stopped_recording_is_not_taken_up_again(checked: Checked, tmp_path: Path) -> None:
    study = show_study(checked.store, checked.study_id)
    file = new_file(tmp_path)
    submission = Submission((file,), Kind.INDIVIDUAL, takes_part=("P02",))
    taken = submit(checked.store, study, submission)
    with checked.store.database.write() as connection:
        of_job = STEP.c.job_id == taken.job_id
        connection.execute(update(JOB).where(JOB.c.id == taken.job_id).values(state="failed"))
        connection.execute(update(STEP).where(of_job).values(state="failed"))
    keep(checked, Consent("P02", transcribed=Answer.NOT_AGREED))
    for again in (
        lambda: retry_recording(checked.store, checked.actor_id, study.id, taken.stored.id),
        lambda: retry_job(checked.store, taken.job_id),
        lambda: submit(checked.store, study, submission),
    ):
        with pytest.raises(ConsentError) as error:
            again()
        assert "P02 did not agree to be transcribed" in refused(error)
    keep(checked, Consent("P02", transcribed=Answer.AGREED))
    retry_recording(checked.store, checked.actor_id, study.id, taken.stored.id)


def test_work_in_hand_is_stopped_when_somebody_says_no(checked: Checked, tmp_path: Path) -> None:
    study = show_study(checked.store, checked.study_id)
    theirs, others = (
        submit(checked.store, study, Submission((new_file(tmp_path),), Kind.GROUP, takes_part=who))
        for who in (("P01", "P02"), ("P01",))
    )
    keep(checked, YES, Consent("P02", transcribed=Answer.NOT_AGREED))
    states = {each.state.id: each.state.state for each in list_jobs(checked.store, study)}
    assert states[theirs.job_id] is State.CANCELLED
    assert states[others.job_id] is State.RUNNING
    assert actions(checked.store).count(Action.JOB_CANCELLED) == 1
    say_who_takes_part(checked.store, None, study.id, others.stored.id, ["P02"])
    assert actions(checked.store).count(Action.JOB_CANCELLED) == 2


def test_work_in_hand_is_stopped_when_each_is_asked_from_now_on(
    checked: Checked, tmp_path: Path
) -> None:
    study = show_study(checked.store, checked.study_id)
    theirs, nobodys = (
        submit(checked.store, study, Submission((new_file(tmp_path),), Kind.GROUP, takes_part=who))
        for who in (("P01",), ())
    )
    keep(checked, YES)
    ask_each(checked)
    states = {each.state.id: each.state.state for each in list_jobs(checked.store, study)}
    assert states[theirs.job_id] is State.RUNNING
    assert states[nobodys.job_id] is State.CANCELLED
    assert actions(checked.store).count(Action.JOB_CANCELLED) == 1


# Quoted: sign-off, and everything by which a text leaves.


def test_sign_off_waits_until_turns_of_who_said_no_are_withheld(checked: Checked) -> None:
    checked.all_passes()
    keep(checked, SAYS_NO)
    assert missing(checked) == [Missing.NO_CONSENT]
    (obstacle,) = now(checked).obstacles
    assert obstacle.sentence.startswith("P02 did not agree to be quoted.")
    assert [place.turn for place in obstacle.places] == [3]
    with pytest.raises(UsageError) as error:
        sign(checked.store, checked.actor_id, *checked.here, now(checked).seen)
    assert error.value.code == "no_consent"
    found = released(checked.store, *checked.here)
    (theirs,) = (
        span
        for turn, span in zip(found.text.turns, found.spans, strict=True)
        if span is not None and turn.label == "P02"
    )
    checked.withhold(theirs.first_word, theirs.last_word)
    assert Missing.NO_CONSENT not in missing(checked)
    assert signed_looking(checked, accepting=False)


def test_where_each_is_asked_all_who_are_quoted_have_to_agree(checked: Checked) -> None:
    checked.all_passes()
    ask_each(checked)
    (obstacle,) = now(checked).obstacles
    assert "No consent of P01 and P02 to be quoted is on record" in obstacle.sentence
    keep(checked, YES, replace(YES, label="P02"))
    assert missing(checked) == []


def test_a_second_interviewer_is_asked_for_no_consent(checked: Checked) -> None:
    study = show_study(checked.store, checked.study_id)
    people = (*study.agreed.roster.participants, Participant("Daniel Price", "INT2"))
    told = ToldSpeakers((), (Speaker("S1", "P02"), Speaker("S2", "INT2")))
    roster = replace(study.agreed.roster, participants=people)
    assert taking_part((), told, roster) == ("P02",)
    ask_each(checked)
    keep(checked, YES, replace(YES, label="P02"))
    book = shown_consents(checked.store, checked.study_id).book
    talk = ("P01", "INT2", "FG1_MOD", "MOD_A", "P03")
    assert book.not_given(talk, ConsentTo.QUOTED) == ("P03",)
    require_voices_may_be_compared(checked.store, checked.recording_id, talk[:-1])


def test_a_text_that_was_signed_before_does_not_leave_after_a_no(
    checked: Checked, tmp_path: Path
) -> None:
    release = signed_all(checked)
    who = (checked.store, checked.actor_id, checked.study_id)
    keep(checked, SAYS_NO)
    before = actions(checked.store)
    place = tmp_path / "share"
    place.mkdir()
    for leave in (
        lambda: release_file(*who, release, "txt"),
        lambda: release_package(*who, release),
        lambda: release_bundle(*who, release, "nvivo"),
        lambda: release_changes(*who, release),
        lambda: study_bundle(*who),
        lambda: study_project(*who),
        lambda: hand_off_now(checked.store, checked.study_id, place, None),
    ):
        with pytest.raises(ConsentError) as error:
            leave()
        assert "P02 did not agree to be quoted" in refused(error)
    assert actions(checked.store) == before
    assert list(place.iterdir()) == []
    # How it was made quotes nobody, and whoever works in the study still reads it.
    assert release_provenance(*who, release).data
    assert read_release_text(*who, release, "", 1).code
    keep(checked, replace(SAYS_NO, quoted=Answer.AGREED))
    assert release_file(*who, release, "txt").data


def test_a_text_for_an_archive_asks_for_that_too(opened: Store, tmp_path: Path) -> None:
    checked = recording_to_check(
        opened, tmp_path, somebody(opened), policies=("default", "archive")
    )
    checked.all_passes()
    release = signed_looking(checked, accepting=False)
    keep(checked, Consent("P01", archived=Answer.NOT_AGREED))
    who = (opened, checked.actor_id, checked.study_id)
    assert release_package(*who, release).data
    doors: tuple[Callable[[], object], ...] = (
        lambda: release_package(*who, release, "archive"),
        lambda: release_file(*who, release, "txt", "archive"),
        lambda: study_bundle(*who, None, "archive"),
    )
    for leave in doors:
        with pytest.raises(ConsentError) as error:
            leave()
        assert "P01 did not agree to their words going to an archive" in refused(error)


def test_drafts_of_the_machine_do_not_leave_either(checked: Checked) -> None:
    text = released(checked.store, *checked.here).text
    require_drafts_may_leave(checked.store, checked.recording_id, {"default": text})
    keep(checked, SAYS_NO)
    with pytest.raises(ConsentError) as error:
        require_drafts_may_leave(checked.store, checked.recording_id, {"default": text})
    assert "P02" in refused(error)


def test_what_was_withdrawn_quotes_nobody() -> None:
    withdrawn = release_bytes(("P01", "hello"), ("P02", CONTRIBUTION_WITHDRAWN), ("MOD", "so"))
    assert quoted_in(read_texts(withdrawn)[0].transcript) == {"P01"}


def test_somebody_who_is_forgotten_stands_nowhere(checked: Checked) -> None:
    keep(checked, YES, SAYS_NO, Consent("P02", checked.recording_id, quoted=Answer.AGREED))
    say_who_takes_part(checked.store, None, *checked.here, ["P01", "P02"])
    with checked.store.database.write() as connection:
        assert checked.store.consents.forget(connection, checked.study_id, ["P02"]) == 2
    assert shown_consents(checked.store, checked.study_id).book.consents == (YES,)
    assert who_takes_part(checked.store, *checked.here) == ("P01",)


# Voices.


def test_voices_are_compared_only_where_all_in_the_recording_agreed(checked: Checked) -> None:
    def compare() -> None:
        require_voices_may_be_compared(checked.store, checked.recording_id, ["INT", "P01"])

    compare()
    say_who_takes_part(checked.store, None, *checked.here, ["P02"])
    keep(checked, Consent("P02", voices=Answer.NOT_AGREED))
    with pytest.raises(ConsentError) as error:
        compare()
    assert "P02 did not agree to voices being compared" in refused(error)
    keep(checked, replace(YES, label="P02"))
    ask_each(checked)
    with pytest.raises(ConsentError) as silent:
        compare()
    assert "No consent of P01" in refused(silent)


# Words.


def test_many_labels_are_told_shortly() -> None:
    assert listed(["P01"]) == "P01"
    assert listed(["P01", "P02", "P03"]) == "P01, P02 and P03"
    assert listed([f"P{number:02d}" for number in range(1, 14)]).endswith("P10 and 3 more")


def test_who_said_no_is_told_before_those_of_whom_nothing_is_known() -> None:
    book = ConsentBook(True, (SAYS_NO,))
    assert book.not_given(["P01", "P02"], ConsentTo.QUOTED) == ("P01", "P02")
    with pytest.raises(ConsentError) as error:
        book.require(["P01", "P02"], ConsentTo.QUOTED)
    assert error.value.sentence.startswith("P02 did not agree")
