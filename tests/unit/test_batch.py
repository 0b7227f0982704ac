"""A batch is searched as a whole, then written: order, failures, kills, memory, later runs."""

import gc
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from tests.fakes import FakeDecoder, FakeDetector, FakeRecogniser, fake_engines
from transcriber.domain.errors import InputError
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.policy import Locale, Policy, Style
from transcriber.domain.recording import ANY_COUNT, WHOLE, Audio, Kind, Trim
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import RecognisedWord, Word
from transcriber.pipeline import Engines
from transcriber.services.batch import BatchRequest, run_batch
from transcriber.services.outcome import Done, Failed, Outcome
from transcriber.services.recording_files import Writing
from transcriber.services.redact import Redacted, RedactRequest, redact_files
from transcriber.stages.protocols import Decoded, Hints, Progress
from transcriber.stages.words import plain_words, words_of

POLICY = Policy("test", Style.LABEL, {EntityType.PERSON: Action.REPLACE})
BROKEN = b"broken"
NAMES = ("sarah whitfield", "sarah jones", "agnieszka nowak", "sarah", "tom")

SAID = {
    "a": "then sarah came and nowak left",
    "b": "we met sarah whitfield with agnieszka nowak",
    "c": "and later sarah jones with tom",
}


class Spoken(FakeDecoder):
    """Takes the words of a recording from its file."""

    said: dict[Path, str]

    def __init__(self) -> None:
        self.said = {}

    def decode(
        self,
        source: Path,
        destination: Path,
        progress: Progress,
        trim: Trim = WHOLE,
        track: int | None = None,
    ) -> Decoded:
        if source.read_bytes() == BROKEN:
            raise InputError("broken", "It is broken.")
        self.said[destination.parent] = source.read_text()
        return super().decode(source, destination, progress, trim, track)


class Listener(FakeRecogniser):
    """Hears what the decoder read, one word every 300 ms, all in the first stretch."""

    def __init__(self, decoder: Spoken) -> None:
        super().__init__()
        self.decoder = decoder

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        self.calls += 1
        words = self.decoder.said[audio.path.parent].split()
        yield tuple(
            RecognisedWord(word, 600 + 300 * n, 800 + 300 * n, 0.9) for n, word in enumerate(words)
        )
        yield from ((),) * (len(regions) - 1)


class Names(FakeDetector):
    """Knows some names, the longest first; a lone surname is not among them."""

    def detect(
        self, text: str, sought: frozenset[EntityType], roster: Roster, locale: Locale
    ) -> list[Finding]:
        found, taken = [], set[int]()
        words = words_of(text)
        for name in NAMES:
            for first, last in words.occurrences(plain_words(name)):
                if taken.isdisjoint(range(first, last + 1)):
                    taken.update(range(first, last + 1))
                    start, end = words[first].start, words[last].end
                    found.append(
                        Finding(start, end, EntityType.PERSON, text[start:end], 0.9, "fake", name)
                    )
        return found


class Log:
    """Keeps what a reporter is told; can stop the program like a kill."""

    def __init__(self, stop: Callable[[str], bool] = lambda _: False) -> None:
        self.told: list[str] = []
        self._stop = stop

    def _tell(self, what: str) -> None:
        self.told.append(what)
        if self._stop(what):
            raise KeyboardInterrupt

    def searching(self, number: int, total: int, path: Path) -> None:
        self._tell(f"search {number} of {total}")

    def writing(self, number: int, total: int, path: Path) -> None:
        self._tell(f"write {number} of {total}")

    def stage(self, stage: str, done: int, total: int) -> None:
        if done == total:
            self._tell(stage)

    def ended(self, outcome: Outcome | None) -> None:
        self._tell({Done: "done", Failed: "failed"}.get(type(outcome), "searched"))


def spoken_engines() -> Engines:
    decoder = Spoken()
    return replace(
        fake_engines(), decoder=decoder, recogniser=Listener(decoder), detectors=(Names(),)
    )


def go(
    folder: Path,
    names: Sequence[str],
    engines: Engines | None = None,
    log: Log | None = None,
    out: str = "out",
    said: Mapping[str, str] = SAID,
) -> list[Outcome]:
    for name, text in said.items():
        (folder / f"{name}.wav").write_text(text)
    (folder / "bad.wav").write_bytes(BROKEN)
    request = BatchRequest(
        inputs=[(folder / f"{name}.wav",) for name in names],
        out=folder / out,
        study="S",
        kind=Kind.INDIVIDUAL,
        speakers=ANY_COUNT,
        roster=Roster(),
        policies=(POLICY,),
        keep_names=True,
        writing=Writing(("txt",)),
    )
    return run_batch(request, engines or spoken_engines(), log or Log())


def written(folder: Path, out: str = "out") -> dict[str, str]:
    """The talk of each redacted transcript, without head and speakers."""
    return {
        path.stem: " ".join(
            line.partition(": ")[2]
            for line in path.read_text().splitlines()
            if re.match(r"(P\d\d|INT): ", line)
        )
        for path in sorted((folder / out / "redacted").glob("*.txt"))
    }


def grouping(texts: Mapping[str, str]) -> set[frozenset[tuple[str, int]]]:
    """Which words of which text bear the same label."""
    groups: dict[str, set[tuple[str, int]]] = {}
    for name, text in texts.items():
        for number, word in enumerate(text.split()):
            if word.startswith("["):
                groups.setdefault(word, set()).add((name, number))
    return {frozenset(group) for group in groups.values()}


def test_names_go_both_ways_and_a_shared_first_name_means_neither(tmp_path: Path) -> None:
    go(tmp_path, "abc")
    texts = written(tmp_path)
    sarah, nowak = texts["a"].split()[1], texts["a"].split()[4]
    whitfield, agnieszka = texts["b"].split()[2], texts["b"].split()[4]
    jones, tom = texts["c"].split()[2], texts["c"].split()[4]
    assert texts["a"] == f"then {sarah} came and {nowak} left"
    assert nowak == agnieszka
    assert len({sarah, whitfield, jones, agnieszka, tom}) == 5


def test_the_order_of_the_files_changes_numbers_only(tmp_path: Path) -> None:
    groupings = []
    for order in permutations("abc"):
        out = "".join(order)
        go(tmp_path, order, out=out)
        groupings.append(grouping(written(tmp_path, out)))
    assert all(one == groupings[0] for one in groupings)
    assert len(groupings[0]) == 5


def test_a_file_that_fails_stops_nothing_and_takes_its_place(tmp_path: Path) -> None:
    log = Log()
    outcomes = go(tmp_path, ["a", "bad", "b"], log=log)
    assert [type(outcome) for outcome in outcomes] == [Done, Failed, Done]
    assert set(written(tmp_path)) == {"a", "b"}
    assert [told for told in log.told if " of " in told or told in ("done", "failed")] == [
        *("search 1 of 3", "search 2 of 3", "failed", "search 3 of 3"),
        *("write 1 of 3", "done", "write 3 of 3", "done"),
    ]


def test_each_stage_is_shown_once_for_each_recording(tmp_path: Path) -> None:
    log = Log()
    go(tmp_path, "ab", log=log)
    first = log.told[log.told.index("write 1 of 2") : log.told.index("write 2 of 2")]
    assert set(first) == {"write 1 of 2", "propagate", "pseudonymise", "done"}
    searched = log.told[: log.told.index("search 2 of 2")]
    assert {"ingest", "transcribe", "detect"} <= set(searched)
    assert "pseudonymise" not in searched


@pytest.mark.parametrize("moment", ["search 3 of 3", "write 1 of 3", "write 2 of 3"])
def test_a_killed_batch_goes_on_and_gives_the_same(moment: str, tmp_path: Path) -> None:
    go(tmp_path, "abc", out="whole")
    engines = spoken_engines()
    with pytest.raises(KeyboardInterrupt):
        go(tmp_path, "abc", engines, Log(lambda told: told == moment))
    go(tmp_path, "abc", engines)
    assert written(tmp_path) == written(tmp_path, "whole")
    assert isinstance(engines.recogniser, Listener)
    assert engines.recogniser.calls == 3


def test_what_was_written_stays_when_more_files_come(tmp_path: Path) -> None:
    go(tmp_path, "a")
    first = written(tmp_path)["a"]
    go(tmp_path, "cba")
    later = written(tmp_path)
    assert later["a"].split()[1] == first.split()[1]
    # The surname of somebody who is known now is replaced too; nothing else of it changes.
    assert later["a"].replace(later["a"].split()[4], "nowak") == first
    go(tmp_path, "abc")
    assert written(tmp_path) == later


def test_no_words_are_held_when_a_batch_is_done(tmp_path: Path) -> None:
    def held() -> int:
        gc.collect()
        return sum(type(thing) is Word for thing in gc.get_objects())

    before = held()
    outcomes = go(tmp_path, "abc")
    assert len(outcomes) == 3
    assert held() == before


def test_transcripts_of_people_are_searched_as_a_whole_too(tmp_path: Path) -> None:
    for name, text in SAID.items():
        (tmp_path / f"{name}.txt").write_text(text)
    (tmp_path / "bad.txt").write_bytes(b"")
    texts = {}
    for order in ("abc", "cba"):
        request = RedactRequest(
            inputs=tuple(tmp_path / f"{name}.txt" for name in [*order, "bad"]),
            out=tmp_path / order,
            roster=Roster(),
            policies=(POLICY,),
            keep_names=True,
        )
        outcomes = redact_files(request, (Names(),))
        assert [isinstance(outcome, Redacted) for outcome in outcomes] == [True] * 3 + [False]
        texts[order] = {
            path.stem: path.read_text().splitlines()[-1]
            for path in (tmp_path / order / "redacted").glob("*.txt")
        }
    assert grouping(texts["abc"]) == grouping(texts["cba"])
    assert "nowak" not in texts["abc"]["a"]


class Never(Names):
    """Is not asked again for what is recorded."""

    def detect(self, *_: object) -> list[Finding]:
        raise AssertionError("searched twice")


def test_a_transcript_that_was_searched_is_not_searched_again(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text(SAID["b"])
    request = RedactRequest((tmp_path / "b.txt",), tmp_path / "out", Roster(), (POLICY,))
    (first,) = redact_files(request, (Names(),))
    (second,) = redact_files(request, (Never(),))
    assert first == second
