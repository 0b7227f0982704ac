"""How fast identifiers are found: `python -m tests.benchmarks.detection_speed`.

One text of 100,000 words with a roster of 200 names, by the product and by stock Presidio as its
documentation has one build it: an analyzer with all its own recognisers, the same model of names in
the place of spaCy's, spaCy's tokeniser, and the roster as a deny list, called turn by turn. Then
the product without what stock Presidio has nothing of: no roster, so no name is sought by spelling
or sound, and nothing is propagated. Then the product on texts of other lengths and with rosters of
other sizes. Prints Markdown; CPU seconds are those of the process in user mode.

The text is the annotated interviews over and over; each time round other names stand for the
marked people and a fifth of the words are others, so that remembering answers helps no more than
in talk. Every text is gone through with a detector that has not seen it.
"""

import argparse
import os
import random
import time
from collections.abc import Callable, Iterator
from itertools import count, islice

import spacy
from faker import Faker
from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerRegistry
from presidio_analyzer.nlp_engine import SpacyNlpEngine
from spacy.language import Language

from tests.interviews import Interview, interviews
from transcriber.bootstrap import build_detectors
from transcriber.domain.finding import INDIRECT, Action, EntityType
from transcriber.domain.policy import Policy, Style
from transcriber.domain.roster import Participant, Roster
from transcriber.engines.presidio.names.model import NameModelRecogniser
from transcriber.engines.presidio.predefined import keep_tld_offline, silence
from transcriber.stages.detect import detect

SEED = 4
WORDS, NAMES = 100_000, 200
SHARES, ROSTERS = (4, 2, 1), (50, NAMES, 800)
"""Fractions of the length, and numbers of names, that are measured to see what grows how."""
CHANGED = 0.2
"""Share of words that give way: then of four words in a row six in ten rows are new, as in talk."""
LOCALES = ("en_GB", "en_IE", "en_US", "pl_PL", "es_ES", "tr_TR")
POLICY = Policy(
    *("all", Style.LABEL),
    {k: Action.FLAG if k in INDIRECT else Action.REPLACE for k in EntityType},
)
WARM_UP = "I'm Ottoline Fairweather from Frome, ring oh seven seven double oh nine hundred."


def main() -> None:
    """Print one table for the comparison and one for the growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=WORDS, help="length of the text compared")
    wanted = parser.parse_args().words
    people = _people()
    text, roster = _text(wanted, people), _roster(people, NAMES)
    ours = _ours(roster)
    _print_head()
    mine = _measured("detect()", text, NAMES, ours, None)
    _measured("stock Presidio by turn", text, NAMES, _stock(roster), mine)
    _measured("recognisers of ours alone", text, 0, _ours_alone(), mine)
    print()
    _print_head()
    for share in SHARES:
        _measured("detect()", _text(wanted // share, people), NAMES, _ours(roster), mine)
    for size in ROSTERS:
        _measured("detect()", text, size, _ours(_roster(people, size)), mine)


def _print_head() -> None:
    _print_row(
        *("by", "words", "names", "findings", "seconds", "CPU seconds", "words a second", "ratio")
    )
    _print_row(*["---"] * 8)


def _ours(roster: Roster) -> Callable[[str], int]:
    """The product's detection of whatever its policies may ask for."""
    detectors = build_detectors()

    def find(text: str) -> int:
        return len(detect(text, POLICY, roster, detectors))

    find(WARM_UP)
    return find


def _ours_alone() -> Callable[[str], int]:
    """The product's recognisers without a roster, and nothing made of what they find."""
    detectors = build_detectors()

    def find(text: str) -> int:
        return sum(len(d.detect(text, POLICY.sought, Roster(), POLICY.locale)) for d in detectors)

    find(WARM_UP)
    return find


class _LoadedSpacyNlpEngine(SpacyNlpEngine):  # type: ignore[misc]
    """A spaCy pipeline that is loaded already, as Presidio's documentation shows."""

    def __init__(self, loaded: Language) -> None:
        super().__init__()
        self.nlp = {"en": loaded}


def _stock(roster: Roster) -> Callable[[str], int]:
    """Presidio as it comes, a call for each turn, with our model in the place of its own."""
    silence()
    keep_tld_offline()
    registry = RecognizerRegistry(supported_languages=["en"])
    registry.load_predefined_recognizers(languages=["en"])
    registry.remove_recognizer("SpacyRecognizer")
    registry.add_recognizer(NameModelRecogniser())
    names = [person.name for person in roster.participants]
    parts = dict.fromkeys([*names, *(part for name in names for part in name.split())])
    registry.add_recognizer(PatternRecognizer("PERSON", name="roster", deny_list=list(parts)))
    engine = AnalyzerEngine(
        registry=registry,
        nlp_engine=_LoadedSpacyNlpEngine(spacy.blank("en")),
        supported_languages=["en"],
    )

    def find(text: str) -> int:
        turns = [turn for turn in text.split("\n") if turn.strip()]
        return sum(len(engine.analyze(text=turn, language="en")) for turn in turns)

    find(WARM_UP)
    return find


def _measured(
    title: str, text: str, names: int, find: Callable[[str], int], against: float | None
) -> float:
    """Print and return the seconds that one pass over `text` takes."""
    started, cpu = time.perf_counter(), os.times().user
    findings = find(text)
    took, cpu = time.perf_counter() - started, os.times().user - cpu
    words = len(text.split())
    ratio = f"{took / against:.2f}" if against else "1.00"
    speed = f"{words / took:,.0f}"
    _print_row(title, words, names or "-", findings, f"{took:.1f}", f"{cpu:.1f}", speed, ratio)
    return took


def _print_row(*cells: object) -> None:
    print("|", " | ".join(map(str, cells)), "|", flush=True)


def _people() -> list[str]:
    """Full names of several languages, all different, enough for rosters and talk."""
    fakers = [Faker(locale) for locale in LOCALES]
    for number, faker in enumerate(fakers):
        faker.seed_instance(SEED + number)
    names = (f"{f.first_name()} {f.last_name()}" for _ in count() for f in fakers)
    return list(islice(dict.fromkeys(islice(names, 10 * max(ROSTERS))), 3 * max(ROSTERS)))


def _roster(people: list[str], names: int) -> Roster:
    return Roster(
        participants=tuple(
            Participant(name, f"P{number}") for number, name in enumerate(people[:names])
        )
    )


def _text(words: int, people: list[str]) -> str:
    """Return about as many words of talk, whole turns."""
    chance = random.Random(SEED)
    turns: list[str] = []
    length = 0
    for turn in _turns(people, chance):
        if length >= words:
            break
        turns.append(turn)
        length += len(turn.split())
    return "\n".join(turns)


def _turns(people: list[str], chance: random.Random) -> Iterator[str]:
    """Yield turns for ever: in each, some words give way to others from anywhere in the talk."""
    told = interviews()
    spoken = [word for interview in told for word in interview.text.split()]
    while True:
        for interview in told:
            for turn in _renamed(interview, people, chance).split("\n"):
                words = turn.split()
                yield " ".join(
                    chance.choice(spoken) if chance.random() < CHANGED else word for word in words
                )


def _renamed(interview: Interview, people: list[str], chance: random.Random) -> str:
    """Return an interview with other people in it, each name the same throughout."""
    others: dict[str, str] = {}
    pieces, done = [], 0
    for mention in interview.gold:
        if mention.type == EntityType.PERSON:
            if mention.text not in others:
                full = chance.choice(people)
                name = full if " " in mention.text else full.split()[0]
                others[mention.text] = name if interview.cased else name.lower()
            pieces += [interview.text[done : mention.start], others[mention.text]]
            done = mention.end
    return "".join([*pieces, interview.text[done:]])


if __name__ == "__main__":
    main()
