"""What one participant gave is taken out of a recording that stays, on either database."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import update

from tests.databases import new_database_url
from tests.group_talk import THEIRS, WHO, GroupTalk, checked, group_talk
from tests.kept_words import put_words
from tests.planted import occurrences
from tests.sounding_release import samples
from transcriber.domain.edit import FindingRejected, Heard, Noted, TurnsRead, WordCorrected
from transcriber.domain.errors import StorageError, UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind, Source, SpeakerCount
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.retention import Held
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN, Withdrawing
from transcriber.exports.release_json import ReleasedText
from transcriber.pipeline.order import State
from transcriber.services.backup import back_up
from transcriber.services.integrity import check_store
from transcriber.services.recording_list import show_recording
from transcriber.services.releases import texts_of
from transcriber.services.restore import restore
from transcriber.services.retention.destroy import destroy_again
from transcriber.services.retention.keeping import lift_hold, place_hold
from transcriber.services.review.lanes import lanes_of
from transcriber.services.review.sound import copy_of, outline_json
from transcriber.services.review.standing import standing
from transcriber.services.review.voices import voices_of
from transcriber.services.review.withdraw import withdraw
from transcriber.services.settings import load_settings
from transcriber.services.sound_heard import sound_heard
from transcriber.services.store import Store, open_store
from transcriber.services.submit import Submission, submit
from transcriber.services.withdrawal import contribution
from transcriber.services.withdrawal.contribution import NOTHING
from transcriber.services.withdrawal.contribution_sound import SilencedSound, silenced_sound
from transcriber.storage.blobs.framing import Blob
from transcriber.storage.database.blob_rows import blobs_of
from transcriber.storage.database.releases import StudyRelease, releases_of_recording
from transcriber.storage.database.retention import kept_study
from transcriber.storage.database.tables import JOB

pytestmark = pytest.mark.slow

FADED = 8 * SAMPLE_RATE_HZ // 1000
PADDED_MS = 300


def nothing(done: int, total: int) -> None:
    """Progress that nobody follows."""


@pytest.fixture
def group(opened: Store, tmp_path: Path) -> GroupTalk:
    return group_talk(opened, tmp_path / "work")


def texts_in(group: GroupTalk) -> list[bytes]:
    """Everything of the recording's files that a living key opens."""
    with group.store.database.read() as connection:
        key = group.store.keyring.recording(connection, group.heard.id)
        blobs = blobs_of(connection, group.heard.id)
    return [group.store.blobs.read(key, blob) for blob in blobs]


def released(group: GroupTalk) -> list[tuple[bool, ReleasedText]]:
    """Return whether releases stand, and the texts that were signed, the newest first."""
    with group.store.database.read() as connection:
        found = releases_of_recording(connection, group.heard.id)
    return [
        (release.withdrawn_at_ms is None, texts_of(group.store, release)[0]) for release in found
    ]


def shown(text: ReleasedText) -> str:
    return "\n".join(f"{turn.label}: {turn.text}" for turn in text.transcript.turns)


def test_their_turns_and_mentions_go_and_what_others_said_stays(group: GroupTalk) -> None:
    taken = group.withdraw()
    assert (taken.turns, taken.words, taken.mentions) == (2, 26, 2)
    review = group.review
    talk = [
        (review.transcript.label(turn.speaker), _text(group, turn.first_word, turn.last_word))
        for turn in review.turns
    ]
    assert talk == [
        ("MOD", "welcome to the group so who of you would like to begin"),
        ("P03", CONTRIBUTION_WITHDRAWN),
        ("P04", f"well I went with {NAME_WITHDRAWN} to Garstang and it was Tom who drove us there"),
        ("P05", f"{NAME_WITHDRAWN} told me that and Oswin rang them from Otley last week"),
        ("P03", CONTRIBUTION_WITHDRAWN),
        ("P04", "and Tom came along to Garstang again with Marlow so that was fine by me"),
        ("MOD", "thank you all very much for your time today and for coming here again"),
    ]
    before = {word.id: word for word in group.heard.transcript.words}
    for word in review.transcript.words:
        assert word.start_ms == before[word.id].start_ms
        if word.text not in (CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN):
            assert word == before[word.id]
    assert not any(text.encode() in data for data in texts_in(group) for text in THEIRS)
    assert check_store(group.store, thorough=True, progress=nothing).is_whole


def _text(group: GroupTalk, first: int, last: int) -> str:
    return " ".join(word.text for word in group.review.transcript.words[first : last + 1])


def test_decisions_on_what_others_said_stay_with_who_and_when(group: GroupTalk) -> None:
    checked(group)
    before = _decided(group)
    group.withdraw()
    assert _decided(group) == {
        told: decided for told, decided in before.items() if told[0] not in THEIRS
    }
    review = group.review
    words = [word.text for word in review.transcript.words]
    assert "carried" in words
    (passage,) = review.withheld
    assert words[passage.first_word : passage.last_word + 1] == ["rang", "them"]
    assert passage.reason == "it was private"
    (note,) = review.notes
    assert (note.text, words[note.first_word]) == ("ask again", "fine")
    assert (note.written_by, note.created_at_ms > 0) == (group.actor_id, True)
    assert all(turn.heard and turn.read for turn in review.turns)
    assert {event.decided_by for event in review.fold.events} == {group.actor_id, None}


Told = tuple[str, int]
Decided = tuple[FindingState, str | None, bool, str | None, int | None]


def _decided(group: GroupTalk) -> dict[Told, Decided]:
    """Return what people made of each finding, by its text and when it was said."""
    review = group.review

    def decided(judged: JudgedFinding) -> Decided:
        event = None if judged.event is None else review.fold.events[judged.event]
        by = None if event is None else event.decided_by
        at = None if event is None else event.created_at_ms
        return judged.state, judged.finding.replacement, judged.for_all, by, at

    return {
        (judged.finding.text, judged.finding.place.start_ms): decided(judged)
        for judged in review.findings
        if judged.finding.place is not None
    }


def test_their_voice_is_silent_and_every_other_sample_is_what_it_was(group: GroupTalk) -> None:
    taken = group.withdraw()
    sound = group.source()
    gone = np.zeros(len(group.sound), dtype=bool)
    for stretch in _gone(group):
        low, high = (ms * SAMPLE_RATE_HZ // 1000 for ms in (stretch.start_ms, stretch.end_ms))
        gone[max(low, 0) : high] = True
        assert not sound[max(low + FADED, 0) : high - FADED].any()
    assert len(sound) == len(group.sound)
    assert (sound[~gone] == group.sound[~gone]).all()
    assert taken.sound_ms == round(gone.sum() / SAMPLE_RATE_HZ * 1000)
    copy = copy_of(group.store, *group.here)
    with copy.open() as file:
        heard = samples(file.read())
    spoken = next(iter(_gone(group)))
    low, high = (ms * SAMPLE_RATE_HZ // 1000 for ms in (spoken.start_ms + 100, spoken.end_ms - 100))
    assert np.abs(heard[low:high]).max() <= 2
    assert np.abs(heard[: 4 * SAMPLE_RATE_HZ]).max() > 4_000
    (part,) = group.stored.parts
    assert part.file_name == "sound-1.wav"
    whole = Interval(0, group.heard.transcript.duration_ms)
    assert b'"data"' in outline_json(group.store, *group.here, whole, 100)


def _gone(group: GroupTalk) -> list[Interval]:
    """Return when P03 spoke or was named, with what is silenced beside it."""
    words = group.heard.transcript.words
    labels = {speaker.id: speaker.label for speaker in group.heard.transcript.speakers}
    theirs = [
        number
        for number, word in enumerate(words)
        if labels[word.speaker or ""] == "P03" or word.text in ("Quenilla", "Ashbourne")
    ]
    runs: list[list[int]] = []
    for number in theirs:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    return [
        Interval(max(words[first].start_ms - PADDED_MS, 0), words[last].end_ms + PADDED_MS)
        for first, last in runs
    ]


def test_files_that_cannot_be_decoded_go_and_the_copy_is_silenced(
    opened: Store, tmp_path: Path
) -> None:
    from tests.listening import put_recording
    from tests.listening import spoken as spoken_talk

    group = group_talk(opened, tmp_path / "work")
    heard = put_recording(opened, group.study, tmp_path / "more", spoken_talk(40_000))
    other = GroupTalk(opened, group.study, heard, group.actor_id, group.sound)
    other.withdraw(Withdrawing(frozenset({"P01"})))
    assert other.stored.parts == ()
    with copy_of(opened, *other.here).open() as file:
        sound = samples(file.read())
    words = heard.transcript.words
    low, high = (ms * SAMPLE_RATE_HZ // 1000 for ms in (words[10].start_ms, words[19].end_ms))
    assert np.abs(sound[low:high]).max() <= 2
    assert np.abs(sound[words[0].start_ms * 16 : words[9].end_ms * 16]).max() > 1_000


def test_a_release_is_recalled_and_the_next_version_says_why(group: GroupTalk) -> None:
    checked(group)
    first = group.sign()
    signed = shown(released(group)[0][1])
    assert "[an aunt]" in signed
    taken = group.withdraw()
    ((before, after),) = taken.releases
    assert before == first
    (stands, second), (stood, rewritten) = released(group)
    assert (stands, stood) == (True, False)
    assert shown(second) == shown(rewritten)
    assert [line for line in shown(second).split("\n") if line.startswith("P03")] == [
        f"P03: {CONTRIBUTION_WITHDRAWN}"
    ] * 2
    others = [line for line in signed.split("\n") if not line.startswith("P03")]
    left = [line for line in shown(second).split("\n") if not line.startswith("P03")]
    named = [line.replace("[P03]", NAME_WITHDRAWN) for line in others]
    assert left == [line.replace(f"{NAME_WITHDRAWN} Ashbourne", NAME_WITHDRAWN) for line in named]
    (remark,) = second.transcript.remarks
    assert remark.startswith("A contribution was withdrawn on 20")
    assert remark.endswith("(UTC); what others said is as it was signed in version 1")
    assert second.facts["text_sha256"] != rewritten.facts["text_sha256"]
    assert second.facts["signed"] == rewritten.facts["signed"]
    taken_out = second.facts["sound"]["taken_out"]
    assert all(
        any(
            each["start_ms"] <= stretch.start_ms and stretch.end_ms <= each["end_ms"]
            for each in taken_out
        )
        for stretch in _gone(group)
    )
    with group.store.database.read() as connection:
        numbers = [each.number for each in releases_of_recording(connection, group.heard.id)]
    assert numbers == [2, 1]
    assert after != before


def test_the_clock_of_retention_goes_on_from_the_first_release(group: GroupTalk) -> None:
    group.sign()
    before = _clock(group)
    group.withdraw()
    assert _clock(group) == before
    ((_, after),) = [
        (release.withdrawn_at_ms, release.id)
        for release in _releases(group)
        if release.withdrawn_at_ms is None
    ]
    withdraw(group.store, group.actor_id, group.study.id, after, "to be checked again")
    assert before is not None
    assert _clock(group) is None


def _clock(group: GroupTalk) -> int | None:
    with group.store.database.read() as connection:
        (kept,) = kept_study(connection, group.study).recordings
    return kept.released_at_ms


def _releases(group: GroupTalk) -> tuple[StudyRelease, ...]:
    with group.store.database.read() as connection:
        return releases_of_recording(connection, group.heard.id)


def test_it_can_be_checked_and_signed_again_afterwards(group: GroupTalk) -> None:
    checked(group)
    group.sign()
    group.withdraw()
    assert show_recording(group.store, *group.here).state is RecordingState.SIGNED_OFF
    fine = group.word("fine")
    lanes = lanes_of(group.store, *group.here)
    assert (len(lanes.turns), len(lanes.voices)) == (7, 4)
    cards = voices_of(group.store, *group.here).cards
    assert {card.label: card.first_words for card in cards}["P03"] == CONTRIBUTION_WITHDRAWN
    assert sound_heard(group.store, *group.here).sentences == ()
    group.decide(FindingRejected(group.word("Garstang"), group.word("Garstang")))
    group.decide(WordCorrected(fine, "well"))
    first, last = (group.heard.transcript.words[number].id for number in (0, -1))
    group.decide(Heard(first, last), TurnsRead(first, last))
    group.sign()
    (_, third), *_ = released(group)
    assert third.transcript.remarks == ()
    assert f"P03: {CONTRIBUTION_WITHDRAWN}" in shown(third)
    assert f"went with {NAME_WITHDRAWN} to Garstang and" in shown(third)
    assert standing(group.store, *group.here).release is not None
    assert not any(text in shown(third) for text in THEIRS)


def test_where_words_were_destroyed_by_rule_the_releases_are_rewritten(group: GroupTalk) -> None:
    checked(group)
    group.sign()
    for held in (Held.SOUND, Held.TRANSCRIPT):
        assert destroy_again(group.store, group.study, held, group.heard.id)
    taken = group.withdraw()
    assert (taken.turns, len(taken.releases)) == (2, 1)
    (stands, second), (stood, _) = released(group)
    assert (stands, stood) == (True, False)
    assert [turn.text for turn in second.transcript.turns if turn.label == "P03"] == [
        CONTRIBUTION_WITHDRAWN
    ] * 2
    assert not any(text.encode() in data for data in texts_in(group) for text in THEIRS)
    assert group.withdraw() == NOTHING


def test_what_is_decided_meanwhile_is_kept_too(
    group: GroupTalk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = group.word("fine")
    told = iter([True])

    def slowly(*given: object) -> SilencedSound:
        if next(told, False):
            group.decide(Noted(fine, fine, "written meanwhile"))
        return silenced_sound(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(contribution, "silenced_sound", slowly)
    assert group.withdraw().turns == 2
    assert [note.text for note in group.review.notes] == ["written meanwhile"]
    assert check_store(group.store, thorough=True, progress=nothing).is_whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_transcript_that_was_brought_goes_and_its_sound_stays(
    group: GroupTalk, tmp_path: Path
) -> None:
    sound = tmp_path / "brought.wav"
    with group.store.database.read() as connection:
        key = group.store.keyring.recording(connection, group.heard.id)
    (part,) = group.stored.parts
    group.store.blobs.copy_to(key, part.blob, sound, part.further)
    words = tmp_path / "brought.txt"
    words.write_text("P03: my aunt Zephyrine", encoding="utf-8")
    made = submit(
        group.store, group.study, Submission((sound, words), Kind.GROUP, source=Source.BOTH)
    )
    brought_id = made.stored.id
    put_words(group.store, brought_id, group.heard.transcript, ())
    with group.store.database.write() as connection:
        connection.execute(update(JOB).where(JOB.c.id == made.job_id).values(state=State.DONE))
    heard = replace(group.heard, id=brought_id)
    brought = replace(group, heard=heard)
    assert brought.withdraw().turns == 2
    assert [part.file_name for part in brought.stored.parts] == ["sound-1.wav"]
    assert not any(text.encode() in data for data in texts_in(brought) for text in THEIRS)
    other = Withdrawing(frozenset({"P04"}))
    assert brought.withdraw(other).turns == 2
    assert [part.file_name for part in brought.stored.parts] == ["sound-1.wav"]
    assert brought.source().any()


def test_nothing_can_be_changed_or_found_where_something_was_withdrawn(group: GroupTalk) -> None:
    gone = group.heard.transcript.words[12].id
    group.withdraw()
    with pytest.raises(UsageError) as refused:
        group.decide(WordCorrected(gone, "Zephyrine"))
    assert refused.value.code == "withdrawn"


def test_the_former_key_opens_nothing_that_is_left(group: GroupTalk, tmp_path: Path) -> None:
    checked(group)
    group.sign()
    with group.store.database.read() as connection:
        former = group.store.keyring.recording(connection, group.heard.id)
        blobs: tuple[Blob, ...] = blobs_of(connection, group.heard.id)
    group.withdraw()
    with group.store.database.read() as connection:
        left = blobs_of(connection, group.heard.id)
    assert not {blob.id for blob in blobs} & {blob.id for blob in left}
    for blob in left:
        with pytest.raises(StorageError) as refused:
            group.store.blobs.read(former, blob)
        assert refused.value.code == "blob_damaged"
    assert occurrences([tmp_path], [former.secret]) == []
    names = {file.name for file in group.store.blobs.place.listed()}
    assert names == {blob.id for blob in left}


def test_done_again_it_changes_nothing(group: GroupTalk) -> None:
    checked(group)
    group.sign()
    group.withdraw()
    with group.store.database.read() as connection:
        key = group.store.keyring.recording(connection, group.heard.id)
    assert group.withdraw() == NOTHING
    with group.store.database.read() as connection:
        assert group.store.keyring.recording(connection, group.heard.id) == key
    assert len(released(group)) == 2


def test_two_people_withdraw_from_one_recording(group: GroupTalk) -> None:
    checked(group)
    group.sign()
    group.withdraw()
    taken = group.withdraw(Withdrawing(frozenset({"P04"}), frozenset(), ("[P04]",), ("Ada Byrd",)))
    assert (taken.turns, len(taken.releases)) == (2, 1)
    (_, third), *_ = released(group)
    turns = [turn.text for turn in third.transcript.turns if turn.label in ("P03", "P04")]
    assert turns == [CONTRIBUTION_WITHDRAWN] * 4
    assert len(third.transcript.remarks) == 2
    assert check_store(group.store, thorough=True, progress=nothing).is_whole


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_hold_and_work_on_the_recording_forbid_it(group: GroupTalk, tmp_path: Path) -> None:
    hold_id = place_hold(group.store, group.actor_id, *group.here, "A claim of 2026")
    with pytest.raises(UsageError) as held:
        group.withdraw()
    lift_hold(group.store, group.actor_id, group.study.id, hold_id)
    file = tmp_path / "again.wav"
    with group.store.database.read() as connection:
        key = group.store.keyring.recording(connection, group.heard.id)
    (part,) = group.stored.parts
    group.store.blobs.copy_to(key, part.blob, file, part.further)
    again = Submission((file,), Kind.GROUP, SpeakerCount(4, 4))
    submit(group.store, group.study, again)
    with pytest.raises(UsageError) as at_work:
        group.withdraw()
    assert (held.value.code, at_work.value.code) == ("held", "at_work")
    assert "Zephyrine" in group.review.transcript.text


def test_a_backup_made_before_gives_nothing_back(
    group: GroupTalk, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    checked(group)
    group.sign()
    before, after = tmp_path / "before", tmp_path / "after"
    back_up(group.store, before, nothing)
    group.withdraw()
    back_up(group.store, after, nothing)
    kind = "postgresql" if group.store.database.path else "sqlite"
    opened = {}
    for backup in (before, after):
        there = tmp_path / f"there-{backup.name}"
        shutil.copytree(tmp_path / "keys", there / "keys")
        url = new_database_url(request, kind, there)
        settings = load_settings({"TRANSCRIBER_HOME": str(there), "TRANSCRIBER_DATABASE_URL": url})
        restore(settings, backup, nothing)
        opened[backup] = open_store(settings)
        assert check_store(opened[backup], thorough=True, progress=nothing).is_whole
    for backup, count in ((before, 0), (after, 1)):
        with opened[backup].database.read() as connection:
            found = opened[backup].recordings.all(connection, group.study)
            assert len(found) == count
            assert len(blobs_of(connection, group.heard.id)) == 6 * count
    assert WHO.labels == {"P03"}
