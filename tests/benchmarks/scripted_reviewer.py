"""A scripted reviewer checks a made-up study: `python -m tests.benchmarks.scripted_reviewer`.

The study (`generated_study`) is written into a store and checked through the services that the
pages use, in the order in which the pages lead:

1. All entities of the study, page by page, one decision for all mentions. What sounds like a name
   and what the machine is unsure of is listened to once and decided on by itself; of the rest of a
   page each is looked at, and all are accepted with one key.
2. Listening: first the stretches with most doubt, then the rest, in order. What nobody has marked
   is marked when it is heard. After each recording the machine looks again, as it does beside the
   pages, and what it has found by that in any recording is decided on.
3. A cold read of everything as it will leave, a key for each screen.

Assumptions: listening at 1.5 times the speed (silence is not skipped), 3 s a decision, also of
those that are accepted together, one key each where it is decided on by itself, 0.3 s a key, two
keys and 3 s to mark what was missed, a clip of 4 s for each entity that is listened to, reading at
230 words a minute, a screen of 120 words. The reviewer notices everything that is put before them:
what is measured is when it is put before them, not whether people overlook it, which the hidden
findings measure with people. A miss is *surfaced* at the minute in which it first stands before the
reviewer as a finding to decide on, or is played.

`--size ci` makes two recordings of half an hour together.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.benchmarks.generated_study import (
    MEANT_TO_BE_FOUND,
    ROSTER,
    GeneratedRecording,
    Planted,
    PlantedMiss,
    generated_study,
)
from tests.checked_study import Written, write_recording
from transcriber.bootstrap import build_detectors
from transcriber.domain.edit import EntityDecided, Heard, IdentifierMarked, TurnsRead, Verdict
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.review.checking import doubt_of, study_checking
from transcriber.services.review.decide import decide
from transcriber.services.review.entities import StudyEntity, study_entities
from transcriber.services.review.for_study import accept_entities, decide_entity
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.state import review_of
from transcriber.services.review.workload import (
    DECISION_S,
    KEY_S,
    LISTENING,
    READING_WORDS_A_MINUTE,
    risky_part,
)
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.web.pages.review.names_found import ON_A_PAGE

MARK_KEYS = 2
CLIP_S = 4.0
SCREEN_WORDS = 120
STEP_MIN = 5
SIZES = {"full": (22, 25.0), "ci": (2, 0.5)}


@dataclass
class Effort:
    """What the reviewer has spent: seconds, decisions, keys, stretches heard."""

    seconds: float = 0.0
    decisions: int = 0
    keys: int = 0
    stretches: int = 0

    def decide(self, keys: int = 1) -> None:
        """Decide on something."""
        self.decisions += 1
        self.press(keys)
        self.seconds += DECISION_S

    def press(self, keys: int) -> None:
        """Press keys."""
        self.keys += keys
        self.seconds += keys * KEY_S


@dataclass
class Outcome:
    """What came of a whole study; a planted miss is named by its recording and its place.

    `bulk` of the decisions were made together with others.
    """

    hours: float
    before_listening_min: float = 0.0
    after_risky_min: float = 0.0
    heard_min: float = 0.0
    read_min: float = 0.0
    risky_ms: int = 0
    effort: Effort = field(default_factory=Effort)
    bulk: int = 0
    planted: Counter[Planted] = field(default_factory=Counter)
    decided_min: dict[tuple[EntityType, str], float] = field(default_factory=dict)
    surfaced: dict[tuple[str, PlantedMiss], float] = field(default_factory=dict)

    def by(self, minute: float, kinds: Collection[Planted] = frozenset(Planted)) -> float:
        """The share of planted misses of some kinds that were surfaced by a minute."""
        seen = sum(at <= minute and miss.kind in kinds for (_, miss), at in self.surfaced.items())
        return seen / sum(self.planted[kind] for kind in kinds)


Pair = tuple[GeneratedRecording, Written]


def checked(store: Store, made: Sequence[GeneratedRecording]) -> Outcome:
    """Let the scripted reviewer check a study in an empty store."""
    account = create_account(store, NewAccount("reviewer@example.org", "R", begins_studies=True)).id
    study = create_study(store, account, StudyDraft("Generated", ROSTER))
    pairs: list[Pair] = [
        (one, write_recording(store, study, one.transcript, one.findings, one.code, one.kind))
        for one in made
    ]
    outcome = Outcome(sum(one.transcript.duration_ms for one in made) / 3_600_000)
    for one in made:
        outcome.planted.update(miss.kind for miss in one.planted)
    _decide_entities(store, account, study.id, outcome)
    _see_findings(store, pairs, outcome)
    outcome.before_listening_min = outcome.effort.seconds / 60
    risky = [_hear_risky(store, pair, outcome) for pair in pairs]
    outcome.after_risky_min = outcome.effort.seconds / 60
    detectors = build_detectors()
    for pair, heard in zip(pairs, risky, strict=True):
        _hear_rest(store, account, pair, heard, outcome)
        search_all_due(store, lambda models: detectors)
        _decide_entities(store, account, study.id, outcome)
        _see_findings(store, pairs, outcome)
    outcome.heard_min = outcome.effort.seconds / 60
    for _, written in pairs:
        _read(store, account, written, outcome)
    outcome.read_min = outcome.effort.seconds / 60
    left = study_checking(store, study.id)
    assert left.time.everything_min < 0.01, "something was not heard, read or decided on"
    assert not any(one.searching for one in left.recordings), "the machine has yet to look again"
    return outcome


def _decide_entities(store: Store, account: str, study_id: str, outcome: Outcome) -> None:
    """Decide on every entity that is not decided, as the page of the study's names leads."""
    undecided = [
        one for one in study_entities(store, study_id) if one.states.get(FindingState.PROPOSED)
    ]
    for entity in undecided:
        if not entity.is_sure:
            if entity.by_sound or entity.doubt > 0.5:
                outcome.effort.press(1)
                outcome.effort.stretches += 1
                outcome.effort.seconds += CLIP_S / LISTENING
            edit = EntityDecided(entity.entity_type, entity.entity, Verdict.ACCEPT)
            decide_entity(store, account, study_id, edit)
            outcome.effort.decide()
            outcome.decided_min.setdefault(entity.key, outcome.effort.seconds / 60)
    sure = [entity for entity in undecided if entity.is_sure]
    for begin in range(0, len(sure), ON_A_PAGE):
        _accept_page(store, account, study_id, sure[begin : begin + ON_A_PAGE], outcome)


def _accept_page(
    store: Store, account: str, study_id: str, page: Sequence[StudyEntity], outcome: Outcome
) -> None:
    for entity in page:
        outcome.effort.decide(keys=0)
        outcome.decided_min.setdefault(entity.key, outcome.effort.seconds / 60)
    accept_entities(store, account, study_id, [entity.key for entity in page])
    outcome.effort.press(1)
    outcome.bulk += len(page)


def _see_findings(store: Store, pairs: Sequence[Pair], outcome: Outcome) -> None:
    """What is a finding was put before the reviewer with its entity, when that was decided on."""
    for made, written in pairs:
        waiting = [miss for miss in made.planted if (made.code, miss) not in outcome.surfaced]
        for judged in review_of(store, written.study_id, written.recording_id).findings:
            place = judged.finding.place
            assert place is not None
            key = judged.finding.entity_type, judged.finding.entity
            for miss in waiting:
                if place.first_word <= miss.last_word and miss.first_word <= place.last_word:
                    at = outcome.decided_min.get(key, outcome.effort.seconds / 60)
                    was = outcome.surfaced.get((made.code, miss), at)
                    outcome.surfaced[made.code, miss] = min(was, at)


def _hear_risky(store: Store, pair: Pair, outcome: Outcome) -> set[int]:
    """Hear the stretches with most doubt, and return the numbers of the words heard."""
    made, written = pair
    review = review_of(store, written.study_id, written.recording_id)
    heard: set[int] = set()
    for stretch in risky_part(doubt_of(review, ROSTER)):
        outcome.effort.press(1)
        outcome.effort.stretches += 1
        outcome.effort.seconds += stretch.duration_ms / 1000 / LISTENING
        outcome.risky_ms += stretch.duration_ms
        words = range(stretch.first_word, stretch.last_word + 1)
        heard.update(words)
        _surface(made, words, outcome)
    return heard


def _hear_rest(store: Store, account: str, pair: Pair, heard: set[int], outcome: Outcome) -> None:
    """Hear what was not heard yet, turn by turn, and mark all that nobody has marked."""
    made, written = pair
    words = made.transcript.words
    for segment in made.transcript.segments:
        turn = range(segment.first_word, segment.last_word + 1)
        new = [number for number in turn if number not in heard]
        if new:
            spoken_ms = words[turn[-1]].end_ms - words[turn[0]].start_ms
            outcome.effort.seconds += spoken_ms * len(new) / len(turn) / 1000 / LISTENING
            _surface(made, turn, outcome)
    _say(store, account, written, [Heard(words[0].id, words[-1].id)])
    review = review_of(store, written.study_id, written.recording_id)
    marked = {
        number
        for judged in review.findings
        if judged.state is not FindingState.REJECTED and judged.finding.place
        for number in range(judged.finding.place.first_word, judged.finding.place.last_word + 1)
    }
    for miss in made.planted:
        if marked.isdisjoint(range(miss.first_word, miss.last_word + 1)):
            ids = words[miss.first_word].id, words[miss.last_word].id
            _say(store, account, written, [IdentifierMarked(*ids, _TYPES[miss.kind])])
            outcome.effort.decide(MARK_KEYS)
    # Marking puts turns back to unchecked: they are played once more.
    review = review_of(store, written.study_id, written.recording_id)
    for back in review.turns:
        if not back.heard:
            ids = words[back.first_word].id, words[back.last_word].id
            spoken_ms = words[back.last_word].end_ms - words[back.first_word].start_ms
            outcome.effort.press(1)
            outcome.effort.seconds += spoken_ms / 1000 / LISTENING
            _say(store, account, written, [Heard(*ids)])


_TYPES = {
    Planted.BY_SOUND: EntityType.PERSON,
    Planted.PROPAGATED: EntityType.PERSON,
    Planted.RARE_NAME: EntityType.PERSON,
    Planted.SPLIT: EntityType.PERSON,
    Planted.PLACE: EntityType.LOCATION,
    Planted.PHONE: EntityType.PHONE,
    Planted.INDIRECT: EntityType.OCCUPATION,
}


def _read(store: Store, account: str, written: Written, outcome: Outcome) -> None:
    words = written.transcript.words
    outcome.effort.seconds += len(words) / READING_WORDS_A_MINUTE * 60
    outcome.effort.press(-(-len(words) // SCREEN_WORDS))
    _say(store, account, written, [TurnsRead(words[0].id, words[-1].id)])


def _surface(made: GeneratedRecording, words: range, outcome: Outcome) -> None:
    for miss in made.planted:
        key = made.code, miss
        if (
            key not in outcome.surfaced
            and miss.last_word >= words.start
            and miss.first_word < words.stop
        ):
            outcome.surfaced[key] = outcome.effort.seconds / 60


def _say(store: Store, account: str, written: Written, edits: Sequence[object]) -> None:
    place = (written.study_id, written.recording_id)
    review = review_of(store, *place)
    decide(store, account, *place, edits, review.number)  # type: ignore[arg-type]


def table(outcome: Outcome) -> Iterator[str]:
    """Yield the figures as Markdown."""
    hours, effort = outcome.hours, outcome.effort
    yield "| for an hour of talk | |"
    yield "|---|---:|"
    yield f"| decisions | {effort.decisions / hours:.0f} |"
    yield f"| of these made together with others of a page | {outcome.bulk / hours:.0f} |"
    yield f"| stretches to hear by themselves | {effort.stretches / hours:.0f} |"
    yield f"| keys | {effort.keys / hours:.0f} |"
    yield f"| minutes for the study's entities | {outcome.before_listening_min / hours:.1f} |"
    listening = outcome.heard_min - outcome.before_listening_min
    yield f"| minutes of listening, marking included | {listening / hours:.1f} |"
    yield f"| minutes of the cold read | {(outcome.read_min - outcome.heard_min) / hours:.1f} |"
    yield f"| minutes in all | {outcome.read_min / hours:.1f} |"
    yield f"| share of the talk that is risky | {outcome.risky_ms / hours / 36_000:.0f} % |"
    yield ""
    yield "| planted | misses | before listening | after the risky parts | after all was heard |"
    yield "|---|---:|---:|---:|---:|"
    for kinds in (*((kind,) for kind in Planted), tuple(Planted)):
        misses = sum(outcome.planted[kind] for kind in kinds)
        shares = (
            outcome.by(minute, kinds)
            for minute in (outcome.before_listening_min, outcome.after_risky_min, outcome.heard_min)
        )
        name = kinds[0].value if len(kinds) == 1 else "all"
        yield f"| {name} | {misses} | {' | '.join(f'{share:.0%}' for share in shares)} |"
    yield ""
    others = frozenset(Planted) - MEANT_TO_BE_FOUND
    yield "| by minute of each hour of talk | of all | meant to be found | of the rest |"
    yield "|---|---:|---:|---:|"
    for minute in count(0, STEP_MIN):
        parts = (
            outcome.by(minute * hours, kinds)
            for kinds in (frozenset(Planted), MEANT_TO_BE_FOUND, others)
        )
        yield f"| {minute} | {' | '.join(f'{share:.0%}' for share in parts)} |"
        if outcome.by(minute * hours) == 1.0:
            break


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=list(SIZES), default="full")
    made = generated_study(*SIZES[parser.parse_args().size])
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(load_settings({"TRANSCRIBER_HOME": str(Path(folder) / "h")}))
        print("\n".join(table(checked(store, made))))


if __name__ == "__main__":
    main()
