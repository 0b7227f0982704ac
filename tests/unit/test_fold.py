"""The fold says what a naive reading of the list says, however events are added and undone."""

from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    FoundAgain,
    FoundHere,
    Heard,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    SpeakerRenamed,
    TurnSplit,
    TurnsRead,
    Undone,
    Verdict,
    WordCorrected,
    WordsReassigned,
    effective_numbers,
    version,
)
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.fold import Fold
from transcriber.domain.review import Event, FindingState, JudgedFinding
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Segment,
    Speaker,
    Transcript,
    Word,
)

P = EntityType.PERSON
TEXTS = ["we", "met", "Sarah", "Whitfield,", "yes", "in", "Leeds", "and", "Sarah's", "son", "Tom"]
TRANSCRIPT = Transcript(
    language="en",
    quality=Quality.FULL,
    duration_ms=12_000,
    speakers=(Speaker("S1", "S1"), Speaker("S2", "S2")),
    words=tuple(
        Word(f"w{n:02}", text, n * 1_000, n * 1_000 + 500, "S1" if n < 5 else "S2")
        for n, text in enumerate(TEXTS)
    ),
    segments=(Segment("S1", 0, 4), Segment("S2", 5, 8), Segment("S2", 9, 10)),
    coverage=Coverage(12_000),
)


def found(first: int, last: int, kind: EntityType, entity: str, trail: int = 0) -> Finding:
    start, end = TRANSCRIPT.layout.offsets(first, last)
    end -= trail
    words = TRANSCRIPT.words
    return Finding(
        start,
        end,
        kind,
        TRANSCRIPT.text[start:end],
        0.9,
        "model",
        entity,
        Place(first, last, words[first].start_ms, words[last].end_ms),
        None,
        Action.REPLACE,
        f"[{entity.upper()}]",
    )


def looked_again(span: tuple[str, str], at: str) -> FoundAgain:
    here = FoundHere(at, at, P, "ann", 0.8, "model")
    return FoundAgain(span[0], span[1], (here,) if span[0] <= at <= span[1] else ())


FOUND = (
    found(2, 3, P, "sarah whitfield", trail=1),
    found(6, 6, EntityType.LOCATION, "leeds"),
    found(8, 8, P, "sarah whitfield", trail=2),
    found(10, 10, P, "tom"),
)

ids = st.sampled_from([word.id for word in TRANSCRIPT.words])
spans = st.tuples(ids, ids).map(lambda pair: (min(pair), max(pair)))
entities = st.sampled_from([(P, "sarah whitfield"), (P, "tom"), (EntityType.LOCATION, "leeds")])
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(WordCorrected, ids, st.sampled_from(["Ann", "so", "Sarah", "it's"])),
    st.builds(
        lambda s, who: WordsReassigned(s[0], s[1], who), spans, st.sampled_from(["S1", "S2", "UNK"])
    ),
    st.builds(TurnSplit, ids, st.sampled_from(["S1", "S2"])),
    st.builds(SpeakerRenamed, st.sampled_from(["S1", "S2"]), st.sampled_from(["P01", "INT"])),
    st.builds(
        lambda s, kind: IdentifierMarked(s[0], s[1], kind, "[X]"), spans, st.sampled_from([P])
    ),
    st.builds(lambda s: FindingRejected(*s), spans),
    st.builds(lambda s: FindingAccepted(*s), spans),
    st.builds(
        lambda e, verdict: EntityDecided(e[0], e[1], verdict), entities, st.sampled_from(Verdict)
    ),
    st.builds(lambda s: Heard(*s), spans),
    st.builds(lambda s: TurnsRead(*s), spans),
    st.builds(lambda s: PassageWithheld(s[0], s[1], "asked to"), spans),
    st.builds(lambda s: Noted(s[0], s[1], "is that right"), spans),
    st.builds(looked_again, spans, ids),
)
steps = st.lists(st.one_of(edits, st.integers(0, 40)), max_size=25)


def events_of(history: Sequence[Edit | int]) -> list[Event]:
    """Whole numbers undo an earlier event."""
    listed: list[Event] = []
    for each in history:
        if isinstance(each, int) and not listed:
            continue
        edit = Undone(each % len(listed)) if isinstance(each, int) else each
        listed.append(Event(len(listed), edit, f"b{len(listed)}"))
    return listed


def shown(fold: Fold) -> list[tuple[object, ...]]:
    return [(j.finding, j.state, j.for_all, j.missed, j.event) for j in fold.findings]


@given(steps)
def test_one_event_after_the_other_gives_what_all_at_once_give(history: list[Edit | int]) -> None:
    events = events_of(history)
    begun = Fold(TRANSCRIPT, FOUND)
    at_once = begun.extended(events)
    one_by_one = begun
    for event in events:
        one_by_one = one_by_one.extended([event])
        _ = one_by_one.findings
    assert one_by_one.transcript == at_once.transcript
    assert one_by_one.turns == at_once.turns
    assert shown(one_by_one) == shown(at_once)
    assert one_by_one.withheld == at_once.withheld
    assert one_by_one.notes == at_once.notes
    assert begun.number == 0
    assert shown(begun) == shown(Fold(TRANSCRIPT, FOUND))


@given(steps)
def test_words_and_speakers_are_those_of_the_version(history: list[Edit | int]) -> None:
    events = events_of(history)
    fold = Fold(TRANSCRIPT, FOUND).extended(events)
    assert fold.transcript == version(TRANSCRIPT, [event.edit for event in events])


@given(steps)
def test_findings_lie_in_their_words_and_never_share_a_letter(history: list[Edit | int]) -> None:
    fold = Fold(TRANSCRIPT, FOUND).extended(events_of(history))
    behind = 0
    for judged in fold.findings:
        finding = judged.finding
        assert finding.start >= behind
        assert finding.start < finding.end
        behind = finding.end
        assert fold.transcript.text[finding.start : finding.end] == finding.text
        assert finding.place is not None
        assert fold.transcript.layout.word_range(finding.start, finding.end) == (
            finding.place.first_word,
            finding.place.last_word,
        )


@given(steps)
def test_undoing_all_gives_the_beginning_and_nothing_that_was_read_stays_so(
    history: list[Edit | int],
) -> None:
    events = events_of(history)
    fold = Fold(TRANSCRIPT, FOUND).extended(events)
    counting = [n for n, event in enumerate(events) if not isinstance(event.edit, Undone)]
    undo = []
    now = set(effective_numbers([event.edit for event in events]))
    for place, number in enumerate(n for n in reversed(counting) if n in now):
        undo.append(Event(len(events) + place, Undone(number), "undo"))
    back = fold.extended(undo)
    fresh = Fold(TRANSCRIPT, FOUND)
    assert back.transcript == fresh.transcript
    assert shown(back) == shown(fresh)
    assert not any(turn.read or turn.heard for turn in back.turns)


@example(
    [  # what is marked reaches into the next turn, of which nothing leaves otherwise
        IdentifierMarked("w00", "w05", P, "[X]"),
        TurnsRead("w00", "w08"),
        WordCorrected("w00", "Ann"),
    ]
)
@given(steps)
def test_a_turn_counts_as_read_only_if_nothing_of_it_leaves_otherwise_since(
    history: list[Edit | int],
) -> None:
    events = events_of(history)
    folds = [Fold(TRANSCRIPT, FOUND)]
    for event in events:
        folds.append(folds[-1].extended([event]))
    counts = folds[-1]
    now = set(effective_numbers([event.edit for event in events]))
    for turn in counts.turns:
        words = range(turn.first_word, turn.last_word + 1)
        for word in words:
            last = max(
                (
                    n
                    for n in now
                    if isinstance(events[n].edit, TurnsRead)
                    and word in counts.numbers_of(events[n].edit.first, events[n].edit.last)  # type: ignore[union-attr]
                ),
                default=None,
            )
            if turn.read:
                assert last is not None
                assert leaves(folds[last + 1], word, words) == leaves(counts, word, words)
            if last is None:
                assert not turn.read


def leaves(fold: Fold, word: int, turn: range) -> tuple[object, ...]:
    """What a reader of the release sees of a word, and what of its turn is behind a replacement."""
    at = fold.transcript.words[word]
    marks: list[JudgedFinding] = [
        judged
        for judged in fold.findings
        if judged.finding.place is not None
        and judged.finding.place.first_word <= word <= judged.finding.place.last_word
        and not judged.leaves
    ]
    return (
        at.text,
        fold.transcript.label(at.speaker),
        [(j.finding.replacement, j.finding.entity_type, behind(fold, j, turn)) for j in marks],
        any(p.first_word <= word <= p.last_word for p in fold.withheld),
    )


def behind(fold: Fold, judged: JudgedFinding, turn: range) -> list[str]:
    """Return the words of a turn for which a replacement stands."""
    place = judged.finding.place
    assert place is not None
    return [
        fold.transcript.words[number].text
        for number in turn
        if place.first_word <= number <= place.last_word
    ]


def after(*history: Edit) -> Fold:
    return Fold(TRANSCRIPT, FOUND).extended(events_of(history))


def states(fold: Fold) -> list[tuple[str, FindingState]]:
    return [(judged.finding.text, judged.state) for judged in fold.findings]


def test_what_was_found_keeps_its_place_when_words_change() -> None:
    fold = after(WordCorrected("w00", "they"))
    assert [judged.finding.text for judged in fold.findings] == [f.text for f in FOUND]
    assert fold.findings[0].finding.start == FOUND[0].start + 2


def test_a_decision_on_an_entity_leaves_those_made_one_by_one_and_holds_for_later_finds() -> None:
    reject = EntityDecided(P, "sarah whitfield", Verdict.REJECT)
    fold = after(FindingAccepted("w02", "w03"), reject)
    assert states(fold)[0] == ("Sarah Whitfield", FindingState.ACCEPTED)
    assert states(fold)[2] == ("Sarah", FindingState.REJECTED)
    assert fold.progress().bulk_accepted == 0
    later = FoundHere("w00", "w00", P, "sarah whitfield", 0.9, "model")
    by_sound = FoundHere("w01", "w01", P, "sarah whitfield", 0.9, "propagated-sound")
    again = after(reject, FoundAgain("w00", "w01", (later, by_sound)))
    assert [state for _, state in states(again)][:2] == [
        FindingState.REJECTED,
        FindingState.PROPOSED,
    ]


def test_narrowing_is_to_reject_and_mark_and_leaves_one_mark() -> None:
    fold = after(FindingRejected("w02", "w03"), IdentifierMarked("w03", "w03", P, "[P01]"))
    assert states(fold)[0] == ("Whitfield", FindingState.ADDED)
    assert not fold.findings[0].missed
    assert len(fold.findings) == 4


def test_what_a_person_missed_is_told_from_what_the_machine_had() -> None:
    fold = after(IdentifierMarked("w09", "w09", EntityType.FAMILY, "[FAMILY]"))
    (mark,) = [judged for judged in fold.findings if judged.state is FindingState.ADDED]
    assert mark.missed
    assert mark.finding.text == "son"


def test_looking_again_keeps_what_people_decided() -> None:
    fold = after(
        FindingRejected("w06", "w06"),
        FoundAgain("w05", "w08", (FoundHere("w06", "w06", P, "leeds", 0.9, "model"),)),
    )
    assert states(fold)[1] == ("Leeds", FindingState.REJECTED)
    assert len(fold.findings) == 3  # "Sarah's" was not found again


def test_a_turn_is_heard_again_after_a_word_was_corrected_and_read_again_after_a_mark() -> None:
    checked = after(Heard("w00", "w10"), TurnsRead("w00", "w10"))
    assert all(turn.heard and turn.read and not turn.stale for turn in checked.turns)
    corrected = checked.extended([Event(2, WordCorrected("w00", "they"), "x")])
    assert [(t.heard, t.read, t.stale) for t in corrected.turns] == [
        (False, False, True),
        (True, True, False),
        (True, True, False),
    ]
    marked = checked.extended([Event(2, IdentifierMarked("w09", "w09", P, "[X]"), "x")])
    assert [(t.heard, t.read, t.stale) for t in marked.turns][2] == (True, False, True)


def test_undoing_a_correction_is_a_change_too() -> None:
    events = events_of(
        (WordCorrected("w00", "they"), Heard("w00", "w10"), TurnsRead("w00", "w10"), 0)
    )
    fold = Fold(TRANSCRIPT, FOUND).extended(events)
    assert not fold.turns[0].heard
    assert fold.turns[0].stale
    assert fold.turns[1].read


@pytest.mark.parametrize("seen", [0, 1])
def test_whether_words_changed_since_is_told(seen: int) -> None:
    fold = after(WordCorrected("w00", "they"))
    assert fold.changed_since(seen, range(3)) is (seen == 0)
    assert not fold.changed_since(0, range(5, 8))
