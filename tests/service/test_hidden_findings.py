"""Findings that are hidden from the reviewer: drawn once, caught or missed, and never let out."""

from pathlib import Path

import pytest

from tests.checked_study import Written, lines, write_recording
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingRejected,
    IdentifierMarked,
    PassageWithheld,
    Verdict,
    WordCorrected,
)
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.services.review.decide import decide
from transcriber.services.review.entities import study_entities
from transcriber.services.review.estimate import left_in_study
from transcriber.services.review.for_study import decide_entity
from transcriber.services.review.hidden_outcomes import Hidden
from transcriber.services.review.released import as_released
from transcriber.services.review.seeded import (
    HIDDEN_PER_STUDY,
    as_shown,
    hidden_findings,
    settle_hidden,
)
from transcriber.services.review.state import review_of
from transcriber.services.studies import StudyDraft
from transcriber.storage.database.studies import Study


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return serve_in(tmp_path)


@pytest.fixture
def study(served: Served) -> Study:
    return served.begin(StudyDraft("Peer support"), Role.LEAD)


@pytest.fixture
def written(served: Served, study: Study) -> Written:
    return write_recording(served.store, study)


def hidden_in(served: Served, written: Written) -> list[Hidden]:
    review = review_of(served.store, written.study_id, written.recording_id)
    found = hidden_findings(served.store, review)
    return sorted(found, key=lambda one: one.first)


def decided(served: Served, written: Written, *edits: Edit) -> None:
    assert served.asks is not None
    review = review_of(served.store, written.study_id, written.recording_id)
    place = (written.study_id, written.recording_id)
    decide(served.store, served.asks.account_id, *place, edits, review.number)


def settle(served: Served, written: Written) -> tuple[Hidden, ...]:
    review = review_of(served.store, written.study_id, written.recording_id)
    with served.store.database.write() as connection:
        return settle_hidden(served.store, connection, review)


def test_a_tenth_of_the_certain_ones_is_drawn_once(served: Served, written: Written) -> None:
    hidden = hidden_in(served, written)
    certain = len(written.findings)
    assert len(hidden) == certain // 10
    assert hidden == hidden_in(served, written)
    review = review_of(served.store, written.study_id, written.recording_id)
    shown = as_shown(served.store, review)
    out_of_sight = [judged for judged in review.findings if judged not in shown.findings]
    assert len(out_of_sight) == len(hidden)
    assert all(j.finding.replacement and not j.leaves for j in out_of_sight)
    assert shown.progress.undecided == certain - len(hidden)


def test_a_study_shares_its_fifty_over_its_recordings(served: Served, study: Study) -> None:
    many = [write_recording(served.store, study, lines(80 + n), content=str(n)) for n in range(6)]
    shares = [len(hidden_in(served, one)) for one in many]
    assert sum(shares) == HIDDEN_PER_STUDY
    assert max(shares) - min(shares) <= 1
    late = write_recording(served.store, study, lines(95), content="late")
    assert hidden_in(served, late) == []


def test_whoever_marks_a_word_of_it_has_caught_it(served: Served, written: Written) -> None:
    first, second, third, *rest = hidden_in(served, written)
    decided(
        served,
        written,
        IdentifierMarked(first.first, first.last, EntityType.PERSON),
        PassageWithheld(second.first, second.last, "off the record"),
        WordCorrected(third.first, "Zara"),
    )
    assert hidden_in(served, written) == rest  # what was corrected is shown as any other
    missed = settle(served, written)
    assert sorted(one.first for one in missed) == [one.first for one in rest]
    assert hidden_in(served, written) == []
    assert settle(served, written) == missed
    left = left_in_study(served.store, written.study_id)
    caught = left.remaining.caught
    assert (caught.hits, caught.of, left.void) == (2, 2 + len(rest), 1)


def test_a_rejection_of_all_mentions_tells_nothing(served: Served, written: Written) -> None:
    hidden = hidden_in(served, written)
    gone = hidden[0]
    assert served.asks is not None
    edit = EntityDecided(gone.entity_type, gone.entity, Verdict.REJECT)
    decide_entity(served.store, served.asks.account_id, written.study_id, edit)
    kept = [
        one for one in hidden if (one.entity_type, one.entity) != (gone.entity_type, gone.entity)
    ]
    assert hidden_in(served, written) == kept


def test_a_rejected_one_tells_nothing(served: Served, written: Written) -> None:
    first, *rest = hidden_in(served, written)
    decided(served, written, FindingRejected(first.first, first.last))
    assert hidden_in(served, written) == rest


def test_own_finds_are_those_that_no_machine_finding_covered(
    served: Served, written: Written
) -> None:
    hidden = hidden_in(served, written)
    clinic = next(word for word in written.transcript.words if word.text == "clinic")
    marks = [IdentifierMarked(one.first, one.last, EntityType.PERSON) for one in hidden]
    decided(
        served, written, *marks, IdentifierMarked(clinic.id, clinic.id, EntityType.ORGANISATION)
    )
    settle(served, written)
    left = left_in_study(served.store, written.study_id)
    assert left.remaining.finds == 1
    assert left.remaining.caught.rate == 1.0
    assert left.remaining.likely == 0.0
    assert "optimistic" in left.sentence
    review = review_of(served.store, written.study_id, written.recording_id)
    assert sum(j.state is FindingState.ADDED and j.missed for j in review.findings) == 1


def test_nothing_is_said_before_a_recording_is_signed_off(served: Served, written: Written) -> None:
    hidden_in(served, written)
    left = left_in_study(served.store, written.study_id)
    assert left.remaining.caught.of == 0
    assert "Nothing can be said yet" in left.sentence


def test_no_page_and_no_answer_of_the_review_tells_what_is_hidden(
    served: Served, written: Written
) -> None:
    hidden = hidden_in(served, written)
    numbers = {word.id: number for number, word in enumerate(written.transcript.words)}
    place = f"/studies/{written.study_id}/recordings/{written.recording_id}"
    client = served.client()
    page = client.get(f"{place}/review", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert page.text.count("<mark") == len(written.findings) - len(hidden)
    for one in hidden:
        assert f'data-first="{one.first}" data-last="{one.last}"' not in page.text
    state = client.get(f"/api/v1{place}/review").json()
    shown = {(found["first"], found["last"]) for found in state["findings"]}
    assert len(state["findings"]) == len(written.findings) - len(hidden)
    assert not shown & {(numbers[one.first], numbers[one.last]) for one in hidden}
    assert state["progress"]["undecided"] == len(written.findings) - len(hidden)
    entities = study_entities(served.store, written.study_id)
    assert sum(entity.mentions for entity in entities) == len(written.findings) - len(hidden)


def test_what_is_hidden_leaves_redacted(served: Served, written: Written) -> None:
    hidden = hidden_in(served, written)
    assert hidden
    released = as_released(served.store, written.study_id, written.recording_id)
    text = " ".join(turn.text for turn in released.turns)
    assert all(name not in text for name in ("Sarah", "Whitfield", "Leeds"))


def test_where_none_are_to_be_hidden_no_look_writes_anything(
    served: Served, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = write_recording(served.store, study, lines(1))
    assert hidden_in(served, written) == []
    with monkeypatch.context() as patched:
        patched.setattr(served.store.database.__class__, "write", None)
        assert hidden_in(served, written) == []
