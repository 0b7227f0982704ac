"""A made-up study of 25 hours whose identifiers, and what the machine misses of them, are known.

Interviews and focus groups from the sentence templates of this project; every name in them is
marked as it is written. Misses are planted: sentences with an identifier of a stated kind. The real
detection looks through each recording, and what it finds of the planted ones is taken out, so that
all are misses by construction, but for roster names that were misheard: these are sought by sound.
Then all recordings are searched for names that others gave away, as the service does. Everything is
drawn from a seed.
"""

import random
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache

from tests.spoken.groups import interview_sentences
from transcriber.bootstrap import build_detectors
from transcriber.domain.finding import INDIRECT, Action, EntityType, Finding
from transcriber.domain.interval import Interval
from transcriber.domain.known_name import KnownName
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Word
from transcriber.services.known_names import StudyNames
from transcriber.stages.detect import detect, locate, spread
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.training.sentences import Writer
from transcriber.training.template_files import templates

SEED = 8
WORDS_A_MINUTE = 150
"""Of talk, pauses included, as in the recordings that we have."""

NAMED = 0.15
"""Share of sentences that are made to hold names, so that there are about 40 findings in 1,000
words, as the figures of the review page assume (30,000 words, 1,200 findings)."""

PLANTED_AN_HOUR = 7


class Planted(StrEnum):
    """What kind of miss was planted."""

    BY_SOUND = "roster name misheard"
    PROPAGATED = "name that another recording gave away"
    RARE_NAME = "lone rare name"
    PLACE = "place"
    PHONE = "telephone number"
    INDIRECT = "indirect detail"
    SPLIT = "name split in two"


MEANT_TO_BE_FOUND = frozenset({Planted.BY_SOUND, Planted.PROPAGATED})

POLICY = Policy(
    "all",
    Style.LABEL,
    {kind: Action.FLAG if kind in INDIRECT else Action.REPLACE for kind in EntityType},
)

MISHEARD = {
    "Sarah Whitfield": ("Sara Whitefield", "Sarah Witfield"),
    "Nasreen Akhtar": ("Nazreen Aktar", "Nasrin Akhter"),
    "Gemma Tattersall": ("Jemma Tatersall", "Gemma Tattersal"),
    "Katarzyna Nowak": ("Catarzyna Novak", "Katarzina Nowack"),
    "Seamus McGourty": ("Shamus McGorty", "Seamus Magourty"),
    "Abdi Warsame": ("Abdy Warsamy", "Abdie Warsami"),
    "Hilary Pickersgill": ("Hillary Pickersgil", "Hilary Pickers Gill"),
    "Chantelle Lovell": ("Shantelle Lovel", "Chantel Lovell"),
    "Imogen Ashcombe": ("Imogen Ashcome", "Emogen Ashcomb"),
    "Bronagh Gilrane": ("Brona Gilrain", "Bronah Gillrane"),
}
"""The roster, and how a recogniser writes its names that was not told of them."""

ROSTER = Roster(
    participants=tuple(Participant(name, f"P{n:02}") for n, name in enumerate(MISHEARD, 1)),
    places=("Marlow Street Clinic",),
)

GIVEN_AWAY = (
    "Ottoline Fairweather",
    "Barnaby Thistlewood",
    "Henrietta Greatorex",
    "Lucasta Penhaligon",
    "Ambrose Winterbourne",
    "Cordelia Hathersage",
)
"""Each is introduced in one recording so that the machine is certain of it there, and said as a
surname alone in others. What it is less certain of is sought elsewhere only once a person confirmed
it, which the scripted reviewer does not do."""

INTRODUCED = "Her name's {full}, and she has been lovely to all of us."
BEFORE_AFTER: dict[Planted, tuple[tuple[str, str], ...]] = {
    Planted.BY_SOUND: (
        ("and I had to ring", "about it the same evening"),
        ("so it was", "who sat with me then"),
    ),
    Planted.PROPAGATED: (
        ("and I think it was", "who said we should wait a bit"),
        ("so we went to see", "about it in the end"),
    ),
    Planted.RARE_NAME: (
        ("and then", "just laughed and went back to sleep"),
        ("so that was when", "came round with the soup"),
    ),
    Planted.PLACE: (
        ("we used to walk down by", "when the weather was fine"),
        ("she was living over in", "with her mother at the time"),
    ),
    Planted.PHONE: (("and you could get her on", "if you needed anything"),),
    Planted.INDIRECT: (("everybody there knows me because I am", "so you can guess"),),
    Planted.SPLIT: (("and then I rang", "who picked up straight away"),),
}
SAID: dict[Planted, tuple[str, ...]] = {
    Planted.RARE_NAME: ("Xanthoula", "Ignatzia", "Ptolemaea", "Wynnfrith", "Zephyrina", "Thaddea"),
    Planted.PLACE: ("Skelmergh", "Ulpha Fell", "Hubberholme", "Yockenthwaite", "Crosthwaite Bank"),
    Planted.PHONE: (
        "oh double seven one nine hundred four four two",
        "seven nine four six one one eight oh three",
    ),
    Planted.INDIRECT: (
        "the only midwife on the island who keeps bees",
        "the one whose barn burnt down on the news",
        "the first woman who ever captained the lifeboat there",
    ),
    Planted.SPLIT: ("Jaque leen", "Mar garet Thorn", "Phil ipa Gray"),
}


@dataclass(frozen=True, slots=True)
class PlantedMiss:
    """Where a miss stands: word numbers, both inclusive."""

    kind: Planted
    first_word: int
    last_word: int


@dataclass(frozen=True)
class GeneratedRecording:
    """A recording without sound: its words, what was found in them, and what was planted."""

    code: str
    kind: Kind
    transcript: Transcript
    findings: tuple[Finding, ...]
    planted: tuple[PlantedMiss, ...]


def generated_study(
    recordings: int = 22, hours: float = 25.0, seed: int = SEED
) -> tuple[GeneratedRecording, ...]:
    """Return the study; the first sixth of the recordings are focus groups."""
    chance = random.Random(seed)
    weights = [chance.uniform(0.7, 1.3) for _ in range(recordings)]
    groups = max(recordings // 6, 1)
    weights = [weight * (2 if n < groups else 1) for n, weight in enumerate(weights)]
    minutes = [hours * 60 * weight / sum(weights) for weight in weights]
    made = [
        _spoken((n, recordings), Kind.GROUP if n < groups else Kind.INDIVIDUAL, length, seed)
        for n, length in enumerate(minutes)
    ]
    detectors = build_detectors()
    alone = [detect(transcript.text, POLICY, ROSTER, detectors) for transcript, _ in made]
    first = [
        _without(locate(found, transcript), planted, frozenset(Planted) - {Planted.BY_SOUND})
        for found, (transcript, planted) in zip(alone, made, strict=True)
    ]
    names = StudyNames()
    for number, found in enumerate(first):
        names.learn(str(number), found)
    known: tuple[KnownName, ...] = names.all()
    result = []
    for number, ((transcript, planted), found) in enumerate(zip(made, first, strict=True)):
        kind = Kind.GROUP if number < groups else Kind.INDIVIDUAL
        code = f"FG{number + 1:02}" if number < groups else f"INT{number + 1 - groups:02}"
        everywhere = locate(spread(transcript.text, found, POLICY, ROSTER, known), transcript)
        kept = _without(everywhere, planted, frozenset(Planted) - MEANT_TO_BE_FOUND)
        result.append(GeneratedRecording(code, kind, transcript, _replaced(kept), planted))
    return tuple(result)


@cache
def _sentences() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return templates that hold names, and sentences of our own interviews that hold none."""
    by_register = dict(templates())
    named = (*by_register["peer"], *by_register["life"], *by_register["work"])
    capital = re.compile(r"(?<=[a-z,'] )(?!I\b)[A-Z]")
    plain = tuple(s for s in interview_sentences() if not capital.search(s))
    return named, plain


@cache
def _fillers() -> tuple[str, ...]:
    return tuple(sorted(word for word in ordinary_words() if word.isalpha() and len(word) > 3))


def _filler(shape: str, chance: random.Random) -> str:
    return chance.choice(_fillers())


def _spoken(
    which: tuple[int, int], kind: Kind, minutes: float, seed: int
) -> tuple[Transcript, tuple[PlantedMiss, ...]]:
    """Return the talk of one recording and what is planted in it; `which` of how many it is."""
    number, recordings = which
    chance = random.Random(f"{seed} {number}")
    others = [f"S{n}" for n in range(1, 6 if kind is Kind.GROUP else 2)]
    wanted = round(minutes * WORDS_A_MINUTE)
    plants = list(_plants(chance, minutes, which))
    every = max(wanted // (len(plants) + 1), 1)
    words: list[Word] = []
    planted: list[PlantedMiss] = []
    writer = Writer(chance, _filler)
    named, unnamed = _sentences()
    introduced = [name for n, name in enumerate(GIVEN_AWAY) if n % recordings == number]
    turn = 0
    while len(words) < wanted:
        speaker = "INT" if turn % 2 == 0 else chance.choice(others)
        for _ in range(1 if speaker == "INT" else chance.randint(1, 5)):
            writer.text, writer.spans[:] = "", []
            if chance.random() < NAMED:
                writer.write(chance.choice(named).replace(" || ", " "))
            else:
                writer.text = chance.choice(unnamed)
            _say(words, writer.text, speaker, chance)
        if introduced and turn > 4:
            _say(words, INTRODUCED.format(full=introduced.pop()), speaker, chance)
        if plants and len(words) >= every * (len(planted) + 1):
            what, said = plants.pop()
            before, after = chance.choice(BEFORE_AFTER[what])
            _say(words, before, speaker, chance)
            first = len(words)
            _say(words, said, speaker, chance)
            planted.append(PlantedMiss(what, first, len(words) - 1))
            _say(words, f"{after}.", speaker, chance)
        turn += 1
    end_ms = words[-1].end_ms + 1_000
    speakers = ("INT", *others)
    gaps = tuple(
        Interval(at, at + 1_500) for at in range(240_000, end_ms - 2_000, 600_000)
    )  # speech that gave no words: a second and a half in ten minutes
    transcript = Transcript(
        language="en",
        quality=Quality.FULL,
        duration_ms=end_ms,
        speakers=tuple(Speaker(one, one) for one in speakers),
        words=tuple(words),
        segments=tuple(segments(words)),
        coverage=Coverage(end_ms, gaps),
    )
    return transcript, tuple(planted)


def _plants(
    chance: random.Random, minutes: float, which: tuple[int, int]
) -> Iterator[tuple[Planted, str]]:
    number, recordings = which
    kinds = list(Planted)
    for n in range(max(round(minutes / 60 * PLANTED_AN_HOUR), len(kinds))):
        kind = kinds[n % len(kinds)]
        if kind is Planted.BY_SOUND:
            yield kind, chance.choice(chance.choice(list(MISHEARD.values())))
        elif kind is Planted.PROPAGATED:
            others = [name for m, name in enumerate(GIVEN_AWAY) if m % recordings != number]
            yield kind, chance.choice(others).split()[-1]
        else:
            yield kind, chance.choice(SAID[kind])


def _say(words: list[Word], text: str, speaker: str, chance: random.Random) -> None:
    """Add words at the pace of talk; one in thirty was heard badly, one in eighty is nobody's."""
    now_ms = words[-1].end_ms if words else 1_000
    if words and words[-1].speaker != speaker:
        now_ms += 400
    spoken_ms = 60_000 / WORDS_A_MINUTE * 0.8
    for word in text.split():
        start_ms = now_ms + round(60_000 / WORDS_A_MINUTE * 0.2)
        now_ms = start_ms + round(spoken_ms)
        confidence = chance.uniform(0.1, 0.5) if chance.random() < 1 / 30 else 0.93
        uncertain = chance.random() < 1 / 80
        words.append(
            Word(
                f"w{len(words)}",
                word,
                start_ms,
                now_ms,
                speaker,
                round(confidence, 2),
                speaker_uncertain=uncertain,
            )
        )


def _without(
    findings: Sequence[Finding], planted: Sequence[PlantedMiss], kinds: Collection[Planted]
) -> tuple[Finding, ...]:
    """Take out what touches a miss of these kinds."""
    missed = {
        number
        for one in planted
        if one.kind in kinds
        for number in range(one.first_word, one.last_word + 1)
    }
    return tuple(
        finding
        for finding in findings
        if finding.place is not None
        and missed.isdisjoint(range(finding.place.first_word, finding.place.last_word + 1))
    )


def _replaced(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Give every entity its label, as the policy would."""
    labels: dict[tuple[EntityType, str], str] = {}
    found = []
    for finding in findings:
        if finding.entity_type in INDIRECT:
            found.append(replace(finding, action=Action.FLAG))
            continue
        key = finding.entity_type, finding.entity or finding.text.casefold()
        label = labels.setdefault(key, f"[{finding.entity_type}_{len(labels) + 1}]")
        found.append(replace(finding, action=Action.REPLACE, replacement=label))
    return tuple(found)
