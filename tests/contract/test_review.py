"""What checking promises, on both databases: kept once, undone whole, nobody overruled."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine
from sqlalchemy.event import listen, remove

from tests.reviewed import POLICY, SAID, add_words, named
from tests.stores import Stored
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    FoundAgain,
    Heard,
    IdentifierMarked,
    SpeakersMerged,
    TurnsRead,
    Verdict,
    WordCorrected,
)
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.services.review.decide import Step, decide, decide_once, redo, undo
from transcriber.services.review.entities import study_entities
from transcriber.services.review.first_recording import confirm_names, may_open, open_review
from transcriber.services.review.for_study import accept_entities, decide_entity, undo_entity
from transcriber.services.review.history import changes_since, history
from transcriber.services.review.meanwhile import DecidedMeanwhile
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.state import Review, review_of
from transcriber.services.review.taken_over import take_over, write_decisions
from transcriber.services.store import Store
from transcriber.storage.database.studies import Agreed, Study
from transcriber.storage.ids import new_id

ADA, BEN = "a" * 32, "b" * 32
P, L = EntityType.PERSON, EntityType.LOCATION
DETECTORS = (PresidioDetector(),)


class Checked:
    """A study of two recordings of the same words."""

    def __init__(self, store: Stored, opened: Store) -> None:
        self.store = opened
        self.study: Study = store.study(agreed=Agreed(Roster(), (POLICY,)))
        self.ids = []
        for content in "ab":
            recording = store.recording(self.study, content)
            add_words(opened, self.study, recording.id, recording.recording.code)
            self.ids.append(recording.id)

    def review(self, number: int = 0) -> Review:
        return review_of(self.store, self.study.id, self.ids[number])

    def word(self, text: str) -> str:
        return next(w.id for w in self.review().transcript.words if w.text.strip(".,") == text)

    def states(self, number: int = 0) -> dict[str, FindingState]:
        return {j.finding.text: j.state for j in self.review(number).findings}


@pytest.fixture
def checked(store: Stored, opened: Store) -> Checked:
    return Checked(store, opened)


def place(checked: Checked, who: str = ADA) -> tuple[Store, str, str, str]:
    return checked.store, who, checked.study.id, checked.ids[0]


def test_a_step_is_written_whole_once_and_taken_back_whole(checked: Checked) -> None:
    tom = checked.word("Tom")
    step = Step(ADA, checked.study.id, checked.ids[0])
    edits: list[Edit] = [FindingRejected(tom, tom), WordCorrected(checked.word("Thank"), "Thanks")]
    saved = decide_once(checked.store, step, edits, 0)
    again = decide_once(checked.store, step, edits, 0)
    assert (saved.number, again.number) == (2, 2)
    assert saved.saved_at_ms == again.saved_at_ms > 0
    assert checked.states()["Tom"] is FindingState.REJECTED
    undo(*place(checked))
    assert checked.states()["Tom"] is FindingState.PROPOSED
    assert "Thank you." in checked.review().transcript.text
    redo(*place(checked))
    assert checked.states()["Tom"] is FindingState.REJECTED
    assert "Thanks you." in checked.review().transcript.text


def test_undo_and_redo_have_no_limit_and_a_new_decision_ends_redo(checked: Checked) -> None:
    words = checked.review().transcript.words
    for word in words[:12]:
        decide(*place(checked), [WordCorrected(word.id, "so")], 0)
    for _ in range(12):
        undo(*place(checked))
    assert checked.review().transcript.words == words
    with pytest.raises(UsageError) as nothing:
        undo(*place(checked))
    assert nothing.value.code == "nothing_to_undo"
    for _ in range(12):
        redo(*place(checked))
    assert {word.text for word in checked.review().transcript.words[:12]} == {"so"}
    undo(*place(checked))
    decide(*place(checked), [WordCorrected(words[20].id, "oh")], 0)
    with pytest.raises(UsageError) as ended:
        redo(*place(checked))
    assert ended.value.code == "nothing_to_redo"


def test_each_person_undoes_their_own_and_what_was_heard_stays_heard(checked: Checked) -> None:
    tom, first = checked.word("Tom"), checked.review().transcript.words[0].id
    decide(*place(checked), [FindingAccepted(tom, tom)], 0)
    decide(*place(checked, BEN), [WordCorrected(first, "Well")], 0)
    decide(*place(checked), [Heard(first, tom)], 0)
    undo(*place(checked))
    assert checked.states()["Tom"] is FindingState.PROPOSED
    assert checked.review().transcript.words[0].text == "Well"
    assert checked.review().turns[1].heard


def test_what_others_decided_unseen_is_not_overruled(checked: Checked) -> None:
    tom, leeds = checked.word("Tom"), checked.word("Leeds")
    decide(*place(checked, BEN), [FindingRejected(tom, tom)], 0)
    decide(*place(checked), [FindingRejected(tom, tom), FindingAccepted(leeds, leeds)], 0)
    with pytest.raises(DecidedMeanwhile):
        decide(*place(checked, BEN), [FindingRejected(leeds, leeds)], 1)
    with pytest.raises(DecidedMeanwhile):
        decide(*place(checked, BEN), [WordCorrected(leeds, "leads")], 1)
    assert checked.review().number == 3
    decide(*place(checked, BEN), [FindingRejected(leeds, leeds)], 3)
    assert checked.states()["Leeds"] is FindingState.REJECTED


def test_reading_counts_only_for_what_was_shown(checked: Checked) -> None:
    first, last = checked.word("That"), checked.word("Leeds")
    decide(*place(checked, BEN), [IdentifierMarked(checked.word("day"), checked.word("day"), P)], 0)
    with pytest.raises(DecidedMeanwhile):
        decide(*place(checked), [TurnsRead(first, last)], 0)
    decide(*place(checked), [TurnsRead(first, last)], 1)
    assert checked.review().turns[1].read


def test_a_name_marked_by_hand_gets_what_the_study_has_for_it(checked: Checked) -> None:
    known = {j.finding.text: j.finding for j in checked.review().findings}
    word = checked.word("mother")
    decide(
        *place(checked),
        [WordCorrected(word, "Whitfield"), IdentifierMarked(word, word, P)],
        0,
    )
    marked = next(j for j in checked.review().findings if j.state is FindingState.ADDED)
    assert marked.finding.entity == known["Sarah Whitfield"].entity
    assert marked.finding.replacement == known["Sarah Whitfield"].replacement


def test_what_does_not_fit_is_refused_and_nothing_is_written(checked: Checked) -> None:
    tom = checked.word("Tom")
    refusals: tuple[tuple[list[Edit], str], ...] = (
        ([FindingAccepted(tom, tom), WordCorrected("w999", "so")], "unknown_word"),
        ([IdentifierMarked("w999", "w999", P)], "unknown_word"),
        ([SpeakersMerged("S9", "S0")], "unknown_speaker"),
        ([WordCorrected(tom, " ")], "bad_text"),
        ([FoundAgain(tom, tom, ())], "bad_step"),
        ([], "bad_step"),
    )
    for edits, code in refusals:
        with pytest.raises(UsageError) as refused:
            decide(*place(checked), edits, 0)
        assert refused.value.code == code
    assert checked.review().number == 0


def test_a_decision_for_the_study_holds_in_all_recordings_and_is_undone_in_all(
    checked: Checked,
) -> None:
    sarah = study_entities(checked.store, checked.study.id)[0]
    assert (sarah.name, sarah.mentions) == ("Sarah Whitfield", 4)
    assert set(sarah.spellings) == {"Sarah Whitfield", "Sarah"}
    edit = EntityDecided(P, sarah.entity, Verdict.ACCEPT)
    decision = decide_entity(checked.store, ADA, checked.study.id, edit)
    for number in (0, 1):
        assert checked.states(number)["Sarah"] is FindingState.ACCEPTED
        assert checked.review(number).progress.bulk_accepted == 2
    undo_entity(checked.store, BEN, checked.study.id, decision.id)
    for number in (0, 1):
        assert checked.states(number)["Sarah"] is FindingState.PROPOSED
    with pytest.raises(UsageError):
        undo_entity(checked.store, BEN, checked.study.id, decision.id)


def test_a_decision_for_the_study_that_is_sent_again_is_written_once(checked: Checked) -> None:
    sarah = study_entities(checked.store, checked.study.id)[0]
    edit, batch = EntityDecided(P, sarah.entity, Verdict.REJECT), new_id()
    made = decide_entity(checked.store, ADA, checked.study.id, edit, batch)
    assert made.id == batch
    undo_entity(checked.store, BEN, checked.study.id, batch)
    again = decide_entity(checked.store, ADA, checked.study.id, edit, batch)
    assert (again.id, again.undone) == (batch, True)
    assert [checked.review(number).number for number in (0, 1)] == [2, 2]
    with checked.store.database.read() as connection:
        assert len(checked.store.study_decisions.all(connection, checked.study.id)) == 1


def test_of_the_same_decision_sent_at_once_one_is_written(checked: Checked) -> None:
    sarah = study_entities(checked.store, checked.study.id)[0]
    edit, batch, begin = EntityDecided(P, sarah.entity, Verdict.ACCEPT), new_id(), Barrier(4)

    def send() -> str:
        begin.wait()
        return decide_entity(checked.store, ADA, checked.study.id, edit, batch).id

    with ThreadPoolExecutor(4) as threads:
        sent = [threads.submit(send) for _ in range(4)]
    assert {each.result() for each in sent} == {batch}
    assert [checked.review(number).number for number in (0, 1)] == [1, 1]


def test_entities_are_accepted_together_and_taken_back_one_by_one(checked: Checked) -> None:
    entities = study_entities(checked.store, checked.study.id)
    people = [one.key for one in entities if one.entity_type is P]
    assert len(people) > 1
    decisions = accept_entities(checked.store, ADA, checked.study.id, people)
    assert [(d.edit.entity_type, d.edit.entity) for d in decisions] == people
    for number in (0, 1):
        review = checked.review(number)
        assert review.number == len(people)
        assert review.progress.bulk_accepted == sum(
            judged.finding.entity_type is P for judged in review.findings
        )
    undo_entity(checked.store, ADA, checked.study.id, decisions[0].id)
    states = {j.finding.entity: j.state for j in checked.review(1).findings}
    assert states[people[0][1]] is FindingState.PROPOSED
    assert {states[entity] for _, entity in people[1:]} == {FindingState.ACCEPTED}
    with pytest.raises(UsageError):
        accept_entities(checked.store, ADA, checked.study.id, [people[0], (P, "nobody at all")])
    assert checked.review().number == len(people) + 1


def test_a_decision_for_the_study_takes_no_more_statements_with_more_recordings(
    store: Stored, checked: Checked
) -> None:
    entities = study_entities(checked.store, checked.study.id)
    said: list[str] = []

    def note(_: object, cursor: object, statement: str, *rest: object) -> None:
        said.append(statement)

    def statements(entity: tuple[EntityType, str]) -> int:
        study_entities(checked.store, checked.study.id)  # opened before, as the page shows them
        said.clear()
        edit = EntityDecided(*entity, Verdict.ACCEPT)
        decision = decide_entity(checked.store, ADA, checked.study.id, edit)
        undo_entity(checked.store, ADA, checked.study.id, decision.id)
        study_entities(checked.store, checked.study.id)
        return len(said)

    listen(Engine, "before_cursor_execute", note)
    try:
        two = statements(entities[0].key)
        for content in "cdef":
            recording = store.recording(checked.study, content)
            add_words(checked.store, checked.study, recording.id, recording.recording.code)
        six = statements(entities[1].key)
    finally:
        remove(Engine, "before_cursor_execute", note)
    # After undoing, which is rare, each list is read on by itself: two statements and its key.
    assert six - two <= 4 * 4


def test_a_name_that_was_missed_is_found_everywhere_once_it_is_marked(checked: Checked) -> None:
    first = checked.review(1).transcript.words
    decide(checked.store, ADA, checked.study.id, checked.ids[1], [TurnsRead("w0", first[-1].id)], 0)
    margaret = checked.word("Margaret")
    saved = decide(*place(checked), [IdentifierMarked(margaret, margaret, P)], 0)
    assert saved.review.searching
    assert search_all_due(checked.store, lambda models: DETECTORS) == 1
    assert not checked.review().searching
    assert search_all_due(checked.store, lambda models: DETECTORS) == 0
    assert checked.states()["Margaret"] is FindingState.ADDED
    assert checked.states(1)["Margaret"] is FindingState.PROPOSED
    unread = [turn for turn in checked.review(1).turns if not turn.read]
    assert len(unread) == 1
    assert unread[0].stale
    mark = {j.finding.text: j.finding for j in checked.review(0).findings}["Margaret"]
    other = {j.finding.text: j.finding for j in checked.review(1).findings}["Margaret"]
    assert mark.replacement == other.replacement


def test_a_corrected_word_is_looked_at_again(checked: Checked) -> None:
    word = checked.word("mother")
    decide(*place(checked), [WordCorrected(word, "Jennifer")], 0)
    search_all_due(checked.store, lambda models: DETECTORS)
    assert checked.states()["Jennifer"] is FindingState.PROPOSED
    assert {"Sarah Whitfield", "Leeds", "Tom"} <= checked.states().keys()


def test_the_first_recording_is_checked_alone(checked: Checked) -> None:
    store, study = checked.store, checked.study.id
    open_review(store, ADA, study, checked.ids[0])
    with pytest.raises(UsageError) as alone:
        open_review(store, BEN, study, checked.ids[1])
    assert alone.value.code == "first_recording_first"
    with pytest.raises(UsageError) as undecided:
        confirm_names(store, ADA, study)
    assert undecided.value.code == "names_undecided"
    last = checked.review().transcript.words[-1].id
    decide(*place(checked), [FindingAccepted("w0", last)], 0)
    learnt = confirm_names(store, ADA, study)
    assert {"Sarah Whitfield", "Tom", "Leeds"} <= set(learnt)
    may_open(store, study, checked.ids[1])
    with store.database.read() as connection:
        found = store.studies.get(connection, study)
    assert found is not None
    assert "Sarah Whitfield" in found.agreed.roster.people
    assert "Leeds" in found.agreed.roster.places


def test_who_decided_what_is_told(checked: Checked) -> None:
    tom = checked.word("Tom")
    decide(*place(checked), [FindingRejected(tom, tom)], 0)
    undo(*place(checked))
    entries = history(checked.store, checked.study.id, checked.ids[0])
    assert [(entry.event.number, entry.counts) for entry in entries] == [(1, False), (0, False)]
    review, missed = changes_since(checked.store, checked.study.id, checked.ids[0], 1)
    assert [entry.event.number for entry in missed] == [1]
    assert review.number == 2


def test_steps_of_many_ids_are_all_kept(checked: Checked) -> None:
    words = checked.review().transcript.words
    for word in words:
        step = Step(ADA, checked.study.id, checked.ids[0], new_id())
        decide_once(checked.store, step, [Heard(word.id, word.id)], 0)
    assert all(turn.heard for turn in checked.review().turns)


def test_what_a_worker_finds_later_comes_as_an_event_and_turns_are_read_again(
    checked: Checked,
) -> None:
    store, first = checked.store, checked.review()
    before = [judged.finding for judged in first.findings]
    word = checked.word("mother")
    last = first.transcript.words[-1].id
    decide(*place(checked), [WordCorrected(word, "Jennifer"), TurnsRead("w0", last)], 0)
    margaret = named(first.transcript, {"Margaret": P})
    for numbers in ((2, 3), (3, 3)):
        assert checked.review().number == numbers[0]
        with store.database.write() as connection:
            known = take_over(
                store, connection, checked.study.id, first.stored, [*before, *margaret]
            )
        assert known
        assert checked.review().number == numbers[1]
    assert checked.states()["Margaret"] is FindingState.PROPOSED
    assert [turn.read for turn in checked.review().turns] == [True, True, True, False, True]


def test_a_list_that_nobody_has_begun_takes_what_a_worker_found_as_its_beginning(
    checked: Checked,
) -> None:
    stored = checked.review().stored
    with checked.store.database.write() as connection:
        assert not take_over(checked.store, connection, checked.study.id, stored, ())


def test_words_that_come_later_get_the_decisions_for_the_study_once(checked: Checked) -> None:
    tom = next(e for e in study_entities(checked.store, checked.study.id) if e.name == "Tom")
    edit = EntityDecided(P, tom.entity, Verdict.REJECT)
    decision = decide_entity(checked.store, ADA, checked.study.id, edit)
    said = (*SAID, "P01: Tom again.")
    with checked.store.database.read() as connection:
        code = checked.store.recordings.codes(connection, checked.study.id, checked.ids)
    add_words(checked.store, checked.study, checked.ids[0], code[checked.ids[0]], said)
    later = checked.review()
    assert later.number == 0
    for _ in range(2):
        with checked.store.database.write() as connection:
            write_decisions(checked.store, connection, later.stored, [decision])
    assert checked.review().number == 1
    assert checked.states()["Tom"] is FindingState.REJECTED
