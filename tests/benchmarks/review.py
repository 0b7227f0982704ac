"""How long a decision takes in a three-hour group: python -m tests.benchmarks.review

30,000 words in 4,500 turns, 1,200 findings and 1,000 events; a store on SQLite in a folder of its
own. Printed are milliseconds of the processor, so that other work does not count: the median and
the slowest of twenty.
"""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable

from tests.reviewed import POLICY, add_words
from tests.stores import Stored
from transcriber.api.review_models import SavedModel, state_json
from transcriber.domain.edit import (
    FindingAccepted,
    FindingRejected,
    Heard,
    IdentifierMarked,
    TurnsRead,
    WordCorrected,
    WordsReassigned,
)
from transcriber.domain.finding import EntityType
from transcriber.domain.roster import Roster
from transcriber.services.latest import Latest
from transcriber.services.review import state
from transcriber.services.review.decide import Saved, decide, redo, undo
from transcriber.services.review.state import review_of
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.studies import Agreed
from transcriber.storage.keys.master_key import KeyFile

TURNS, WORDS, FINDINGS, EVENTS, REPEATS = 4_500, 30_000, 1_200, 1_000, 20
FIRST = ["Sarah", "Tom", "Leeds", "Otley", "Margaret", "Aisha", "Grace", "Helen", "Priya", "Colin"]
LAST = ["Whitfield", "Khan", "Cole", "Masri", "Boateng", "Lynch", "Greenwood", "Marsh"]
TALK = "so then we went and she said that it was all right with the baby you know"
COMMON = TALK.split()


def said(chance: random.Random) -> list[str]:
    turns = [[chance.choice(COMMON) for _ in range(WORDS // TURNS)] for _ in range(TURNS)]
    while sum(map(len, turns)) < WORDS:
        chance.choice(turns).append(chance.choice(COMMON))
    for turn in chance.sample(turns, FINDINGS):
        turn[1:3] = [chance.choice(FIRST), chance.choice(LAST)]
    return [f"P{n % 6:02}: {' '.join(turn)}" for n, turn in enumerate(turns)]


def timed(what: str, do: Callable[[int], Saved | None], repeats: int = REPEATS) -> None:
    took_ms = []
    for number in range(repeats):
        began = time.process_time()
        saved = do(number)
        if saved is not None:
            json.dumps(SavedModel.of(saved, saved.number - 1).model_dump())
        took_ms.append((time.process_time() - began) * 1_000)
    print(f"{what:38} {statistics.median(took_ms):8.1f} {max(took_ms):8.1f}")


def main() -> None:
    chance = random.Random(8)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(load_settings({"TRANSCRIBER_HOME": folder}))
        settings = store.settings
        stored = Stored(store.database, open_blobs(settings.blobs), KeyFile(settings.key_file))
        study = stored.study(agreed=Agreed(Roster(), (POLICY,)))
        recording = stored.recording(study)
        names = {f"{first} {last}": EntityType.PERSON for first in FIRST for last in LAST}
        words = add_words(
            store, study, recording.id, recording.recording.code, said(chance), names
        ).words
        place = (store, "a" * 32, study.id, recording.id)
        review = review_of(store, study.id, recording.id)
        print(len(words), "words", len(review.turns), "turns", len(review.findings), "findings")
        spots = [judged.finding.place for judged in review.findings]

        def finding(number: int) -> tuple[str, str]:
            spot = spots[number % len(spots)]
            assert spot is not None
            return words[spot.first_word].id, words[spot.last_word].id

        kinds = (FindingAccepted, FindingRejected, TurnsRead, Heard)
        for number in range(EVENTS):
            decide(*place, [kinds[number % 4](*finding(number))], number)

        def a(number: int) -> str:
            return words[7 * number + 900].id

        timed("accept", lambda n: decide(*place, [FindingAccepted(*finding(n))], 10**6))
        timed("reject", lambda n: decide(*place, [FindingRejected(*finding(n + 50))], 10**6))
        timed("confirm a turn", lambda n: decide(*place, [TurnsRead(a(n), a(n))], 10**6))
        timed("correct a word", lambda n: decide(*place, [WordCorrected(a(n), "oh")], 10**6))
        timed(
            "mark a name",
            lambda n: decide(*place, [IdentifierMarked(a(n), a(n), EntityType.PERSON)], 10**6),
        )
        timed(
            "give words to another",
            lambda n: decide(*place, [WordsReassigned(a(n), a(n), "S1")], 10**6),
        )
        timed("undo", lambda n: undo(*place))
        timed("redo", lambda n: redo(*place))

        def whole(number: int) -> None:
            state_json(review_of(store, study.id, recording.id))

        timed("whole state as JSON", whole)

        def cold(number: int) -> None:
            state._FOLDS = Latest(state.WORDS_KEPT)  # as in a process that has just begun
            review_of(store, study.id, recording.id)

        timed("the list folded anew", cold, 5)


if __name__ == "__main__":
    main()
