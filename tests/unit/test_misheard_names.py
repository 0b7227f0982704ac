"""Roster names as a recogniser that does not know them writes them: found all the same.

The mishearings are made by letters alone, by rules that share nothing with the matcher.
"""

import random
import re
from collections.abc import Iterator

from tests.benchmarks.through_recogniser import full_roster
from tests.interviews import Interview, Mention, interviews
from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.roster.recogniser import RosterRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import plain, words_of

RECALL = 0.95
MOST_FALSE_ALARMS_PER_100_WORDS = 0.5

RESPELT = (
    *(("ph", "f"), ("ck", "k"), ("ie", "ee"), ("ee", "ea"), ("ea", "ee"), ("ou", "ow")),
    *(("ai", "ay"), ("ay", "ai"), ("sh", "ch"), ("th", "t"), ("oo", "u"), ("y", "ie")),
    *(("c", "k"), ("k", "c"), ("z", "s"), ("v", "f"), ("g", "k"), ("d", "t"), ("b", "p")),
    *(("i", "e"), ("e", "i"), ("o", "u"), ("a", "u"), ("ll", "l"), ("nn", "n"), ("w", "wh")),
)
CUTS = re.compile(r"(?<=[aeiouy][^aeiouy])(?=[^aeiouyh])|(?<=[aeiouy])(?=[^aeiouyh][aeiouy])")
SHORTEST = 4


def misheard(name: str, rng: random.Random) -> str:
    """Respell one word of a name and break a long one in two, as by ear."""
    words = []
    for word in name.split():
        letters = plain(word)
        ways = [(old, new) for old, new in RESPELT if old in letters[1:]]
        if ways and len(letters) >= SHORTEST:
            old, new = rng.choice(ways)
            letters = letters[0] + letters[1:].replace(old, new, 1)
        cuts = [
            cut.start() for cut in CUTS.finditer(letters) if 2 <= cut.start() < len(letters) - 1
        ]
        if cuts and len(letters) > SHORTEST + 1 and rng.random() < 0.5:
            cut = rng.choice(cuts)
            letters = f"{letters[:cut]} {letters[cut:]}"
        words.append(letters)
    return " ".join(words)


def is_sought(mention: Mention) -> bool:
    """A name with enough letters to be misheard, said and not spelt out or broken off."""
    return (
        mention.type == EntityType.PERSON
        and mention.text.replace(" ", "").replace("'", "").isalpha()
        and len(plain(mention.text)) >= SHORTEST
        and plain(mention.text) not in COMMON_WORDS
    )


def mishear(interview: Interview, rng: random.Random) -> tuple[str, list[tuple[int, int]]]:
    """The text in lower case with every name of a person misheard, and where they stand."""
    pieces, places, done = [], [], 0
    for mention in interview.gold:
        if is_sought(mention):
            pieces.append(interview.text[done : mention.start].lower())
            start = sum(map(len, pieces))
            pieces.append(misheard(mention.text, rng))
            places.append((start, start + len(pieces[-1])))
            done = mention.end
    return "".join([*pieces, interview.text[done:].lower()]), places


def redacted(text: str, interview: Interview) -> Iterator[tuple[int, int]]:
    words = words_of(text)
    for match in RosterRecogniser(full_roster(interview)).find(words):
        yield words[match.first].start, words[match.last].end


def test_misheard_names_of_a_roster_are_found() -> None:
    rng = random.Random(4)
    sought = found = alarms = count = 0
    for interview in interviews():
        text, places = mishear(interview, rng)
        spans = list(redacted(text, interview))
        count += len(words_of(text))
        sought += len(places)
        found += sum(any(a < end and start < z for a, z in spans) for start, end in places)
        alarms += sum(
            not any(a < end and start < z for start, end in places)
            and not any(
                m.text.lower() in text[a:z] or text[a:z] in m.text.lower() for m in interview.gold
            )
            for a, z in spans
        )
    assert sought >= 250
    assert found / sought >= RECALL, f"{found} of {sought}"
    assert 100 * alarms / count <= MOST_FALSE_ALARMS_PER_100_WORDS
