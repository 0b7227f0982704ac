"""A study in which P03 takes part, whose every name, word, note and sound is like no other.

P03 gives an interview, speaks in a group, and is named in another group. Whatever others said, and
how they sound, is like no other either, so that it is seen when too much is taken.
"""

import hashlib
import secrets
import shutil
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import numpy as np

from tests.fakes import FakeDetector
from tests.listening import Heard, put_recording
from tests.planted import FINGERPRINT_BYTES
from tests.sound_prints import PRINT_MS, Samples, decoded, heard_in, noise
from transcriber.domain.audit import Action
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    Verdict,
    WordCorrected,
)
from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.segmentation import segments
from transcriber.domain.study_terms import Checking, Listening, StudyTerms
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Voice, Word
from transcriber.pipeline import VOICES
from transcriber.pipeline.result import to_record
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.releases import open_release
from transcriber.services.review.decide import decide
from transcriber.services.review.for_study import decide_entity
from transcriber.services.review.leaks import place_keys
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.samples import _PIECES, Corrected, Piece
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import standing
from transcriber.services.review.state import review_of
from transcriber.services.review.withdraw import withdraw
from transcriber.services.store import Store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.stages.detect import locate
from transcriber.stages.pseudonymise.apply import apply_policy
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.database.studies import Study
from transcriber.storage.ids import new_id
from transcriber.storage.stage_results import Slot

ALONE = "alone"
"""The interview, which goes whole, with what its interviewer said."""

APART = "apart"
"""The interview of somebody else, in which P03 is not named."""

WORD_MS = 400
PAUSE_MS = 2_000
"""Between two turns."""

_COMPARED = range(0, 200, 6)
"""The numbers of the words of others that are compared."""

CLEAR_MS = 700
"""What others say is compared so far from anything of P03's: what is silenced is padded."""

LETTERS = "abdefghiklmnoprtuvz"
"""Without an s: what is marked is kept without that of a plural, and a word would be cut."""

NOTHING_ASKED = Checking(
    entities=False, listening=Listening.NOTHING, cold_read=False, second_reviewer=False
)

Lines = Sequence[tuple[str, str]]
NO_NAMES: Mapping[str, EntityType] = {}
_SEEDS = count(1)


class Tokens:
    """Words that stand nowhere else, by what they are; all of them have the same `root`.

    So whatever is left of any is found by looking for one.
    """

    def __init__(self) -> None:
        self.told: dict[str, str] = {}
        self.root = _letters(9)
        self.digits = str(10**11 + secrets.randbelow(9 * 10**11))

    @property
    def roots(self) -> tuple[str, str]:
        """What is in every one of them: in one of words, or in one of numbers."""
        return self.root, self.digits

    def new(self, what: str, *, capital: bool = False) -> str:
        """Make one; a capital where it is to look like a name."""
        self.told[what] = f"{'Q' if capital else 'q'}{self.root}{_letters(5)}"
        return self.told[what]

    def number(self, what: str) -> float:
        """Make a number from 0 to 1 whose digits stand nowhere else.

        They are so many that nine of them, which Base64 shows of them wherever they begin, stand by
        chance in no id and no time.
        """
        self.told[what] = f"{self.digits}{len(self.told):02d}7"
        return float(f"0.{self.told[what]}")


def _letters(count_of: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(count_of))


@dataclass
class Sounds:
    """Stretches of sound: those that must go, and those that must stay."""

    mine: list[Samples] = field(default_factory=list)
    others: list[Samples] = field(default_factory=list)
    _known: dict[bytes, tuple[list[int], list[int]]] = field(default_factory=dict)

    def heard_in(self, file: bytes) -> tuple[list[int], list[int]]:
        """Return the numbers of those that are in a file, as it is or decoded: mine, others'.

        What is known of a file is known of all that are the same to the byte.
        """
        digest = hashlib.sha256(file).digest()
        if digest not in self._known:
            sound = decoded(file)
            every = [*self.mine, *self.others]
            here = {n for n, each in enumerate(every) if each.tobytes()[:FINGERPRINT_BYTES] in file}
            here |= set() if sound is None else set(heard_in(sound, every))
            mine = len(self.mine)
            self._known[digest] = (
                sorted(number for number in here if number < mine),
                sorted(number - mine for number in here if number >= mine),
            )
        return self._known[digest]


@dataclass
class TakingPart:
    """The study, its recordings by what they are, and what is P03's and what is not.

    `unheard` is what the machine heard in others' words and people corrected: it may go or stay.
    """

    store: Store
    study: Study
    actor_id: str
    mine: Tokens
    others: Tokens
    unheard: Tokens
    sounds: Sounds
    recordings: dict[str, Heard] = field(default_factory=dict)
    releases: dict[str, list[str]] = field(default_factory=dict)


def taking_part(store: Store, folder: Path, minutes: int = 0) -> TakingPart:
    """Make the study in an open store; `folder` is worked in, and taken away.

    Others go on talking in the group for some minutes.
    """
    mine, others = Tokens(), Tokens()
    actor_id = create_account(store, NewAccount(f"{new_id()}@example.org", "Ada")).id
    first, last = mine.new("first name", capital=True), mine.new("last name", capital=True)
    alias = mine.new("alias", capital=True)
    fourth = others.new("name of P04", capital=True)
    roster = Roster(
        (
            Participant(f"{first} {last}", "P03", (alias,), None, mine.new("invented name")),
            Participant(fourth, "P04"),
        )
    )
    terms = StudyTerms(checking=NOTHING_ASKED, release_sound=True)
    study = create_study(store, actor_id, StudyDraft(f"Feeding {new_id()}", roster, terms=terms))
    world = TakingPart(store, study, actor_id, mine, others, Tokens(), Sounds())
    folder.mkdir(exist_ok=True)
    _alone(world, folder)
    _group(world, folder, _talk_on(minutes))
    _named(world, folder)
    _apart(world, folder)
    folder.rmdir()
    return world


def _alone(world: TakingPart, folder: Path) -> None:
    """Add the interview: P03's words, sister and place, a note, a correction, a release."""
    mine = world.mine
    said, sister = mine.new("said alone"), mine.new("sister", capital=True)
    place, misheard = mine.new("place", capital=True), mine.new("misheard alone")
    heard = _put(
        world,
        folder,
        ALONE,
        (
            ("INT", "so tell me how it began for you then"),
            ("P03", f"well it began with {said} and my sister {sister} came round"),
            ("INT", f"and then {mine.told['first name']} what came of it in the end"),
            ("P03", f"we moved to {place} and the {misheard} was hard at first"),
            ("INT", "thank you that was all I had to ask"),
        ),
        Kind.INDIVIDUAL,
        mine.new("file name"),
        names={sister: EntityType.PERSON, place: EntityType.LOCATION},
    )
    words = _Words(heard)
    _decide(
        world,
        heard,
        WordCorrected(words.id(misheard), mine.new("corrected alone")),
        Noted(words.id(said), words.id(said), mine.new("note alone")),
    )
    _release(world, ALONE)


def _group(world: TakingPart, folder: Path, further: Lines) -> None:
    """Add the group: P03 and two others, who name P03; decisions on all; two releases."""
    mine, others = world.mine, world.others
    said, neighbour = mine.new("said in the group"), mine.new("neighbour", capital=True)
    misheard, out = mine.new("misheard in the group"), mine.new("marked")
    fourth, fifth = others.new("said by P04"), others.new("said by P05")
    wrong, name = world.unheard.new("misheard of P04"), others.new("named by P04", capital=True)
    names = (mine.told["first name"], mine.told["last name"], mine.told["alias"])
    heard = _put(
        world,
        folder,
        "group",
        (
            ("MOD", f"welcome to all of you {others.new('said by the moderator')} shall we begin"),
            ("P03", f"my neighbour {neighbour} told me about the {said} at the clinic"),
            ("P04", f"I heard {fourth} of that and {wrong} as well from somebody last week or so"),
            ("P05", f"yes and it was {names[0]} {names[1]} who told me so that very same day"),
            ("P03", f"that was {misheard} in those days and {out} was what they called it"),
            ("P04", f"then {name} rang me about the whole thing when I was back home again"),
            ("P05", f"and {fifth} came along too with {names[2]} as far as I can remember now"),
            *further,
            ("MOD", "thank you all very much for your time and for coming here today"),
        ),
        Kind.GROUP,
        mine.new("file name of the group"),
        names={neighbour: EntityType.PERSON, name: EntityType.PERSON},
    )
    words = _Words(heard)
    _decide(
        world,
        heard,
        WordCorrected(words.id(misheard), mine.new("corrected in the group")),
        WordCorrected(words.id(wrong), others.new("corrected of P04")),
        Noted(words.id(said), words.id(said), mine.new("note on P03")),
        Noted(words.id(fourth), words.id(fourth), others.new("note on P04")),
        Noted(words.id(fifth), words.id(fifth), f"ask {names[0]} about this"),
        IdentifierMarked(words.id(out), words.id(out), EntityType.ORGANISATION, mine.new("stands")),
        PassageWithheld(words.id("called"), words.id("called"), mine.new("why withheld")),
    )
    _decide_on(world, heard, neighbour, mine.new("stands for the neighbour", capital=True))
    _heard_again(world, heard, f"{said} was said")
    _release(world, "group")
    release_id = world.releases["group"][0]
    withdraw(world.store, world.actor_id, world.study.id, release_id, mine.new("why recalled"))
    _decide(world, heard, WordCorrected(words.id("clinic"), mine.new("corrected later")))
    _release(world, "group")


def _named(world: TakingPart, folder: Path) -> None:
    """Add a group without P03 in which P03 is named twice; once the machine did not find it."""
    mine, others = world.mine, world.others
    fourth, fifth = others.new("said by P04 later"), others.new("said by P05 later")
    _put(
        world,
        folder,
        "named",
        (
            ("MOD", "so who is with us again today from the last time then"),
            ("P04", f"it is me {fourth} and {mine.told['first name']} is away for some weeks yet"),
            ("P05", f"{fifth} told me that Mrs {mine.told['last name']} rang them up last night"),
            ("MOD", "thank you all very much for your time and for coming here today"),
        ),
        Kind.GROUP,
        "group two",
        unfound=frozenset({mine.told["last name"]}),
    )


def _apart(world: TakingPart, folder: Path) -> None:
    """Add an interview that has nothing of P03 but the roster that its job was asked with."""
    others = world.others
    _put(
        world,
        folder,
        APART,
        (
            ("INT", "so tell me how it began for you then"),
            ("P04", f"it was {others.new('said by P04 apart')} that I remember best of all of it"),
            ("INT", "thank you that was all I had to ask"),
        ),
        Kind.INDIVIDUAL,
        "interview two",
    )
    _release(world, APART)


def _talk_on(minutes: int) -> Lines:
    """Return turns of forty words by two people who say nothing of anybody."""
    line = " ".join(["well it was hard at first and then it went"] * 4)
    turn_ms = len(line.split()) * WORD_MS + PAUSE_MS
    return [(("P04", "P05")[number % 2], line) for number in range(minutes * 60_000 // turn_ms)]


class _Words:
    """The ids of words by their text."""

    def __init__(self, heard: Heard) -> None:
        self._by_text = {word.text: word.id for word in heard.transcript.words}

    def id(self, text: str) -> str:
        return self._by_text[text]


def _put(
    world: TakingPart,
    folder: Path,
    name: str,
    lines: Lines,
    kind: Kind,
    file_name: str,
    *,
    names: Mapping[str, EntityType] = NO_NAMES,
    unfound: frozenset[str] = frozenset(),
) -> Heard:
    transcript = _talk(lines)
    source = folder / f"{file_name}.wav"
    _write_sound(source, transcript, world, stays=name != ALONE)
    store, work = world.store, folder / "work"
    heard = put_recording(store, world.study, work, transcript, kind, source)
    shutil.rmtree(work)
    named = {**names, **dict.fromkeys(_names_of_p03(world), EntityType.PERSON)}
    found = _found(transcript, {key: named[key] for key in named if key not in unfound})
    agreed = world.study.agreed
    register = StoreRegister(store.database, store.keyring, world.study.id)
    texts: dict[str | None, str] = {None: transcript.text}
    with store.database.read() as connection:
        code = store.recordings.codes(connection, world.study.id, [heard.id])[heard.id]
    applied = apply_policy(found, agreed.policies[0], agreed.roster, register, texts, code)
    register.labels(code, [speaker.id for speaker in transcript.speakers], ())
    with store.database.write() as connection:
        stored = store.transcripts.latest(connection, heard.id)
        assert stored is not None
        store.transcripts.found(connection, stored, 0, applied)
    if any(speaker.label == "P03" for speaker in transcript.speakers):
        _keep_print(world, heard.id, name)
    world.recordings[name] = heard
    return heard


def _talk(lines: Lines) -> Transcript:
    words: list[Word] = []
    labels = list(dict.fromkeys(label for label, _ in lines))
    now_ms = 1_000
    for label, line in lines:
        for text in line.split():
            speaker = f"S{labels.index(label) + 1}"
            words.append(Word(f"w{len(words)}", text, now_ms, now_ms + WORD_MS, speaker))
            now_ms += WORD_MS
        now_ms += PAUSE_MS
    return Transcript(
        "en",
        Quality.FULL,
        now_ms,
        tuple(Speaker(f"S{number}", label) for number, label in enumerate(labels, 1)),
        tuple(words),
        tuple(segments(words)),
        Coverage(sum(word.interval.duration_ms for word in words)),
    )


def _write_sound(path: Path, transcript: Transcript, world: TakingPart, *, stays: bool) -> None:
    """Write noise of its own for each word, and keep what is to go and what is to stay."""
    sound = np.zeros(transcript.duration_ms * SAMPLE_RATE_HZ // 1000, dtype="<i2")
    labels = {speaker.id: speaker.label for speaker in transcript.speakers}
    gone = [
        word
        for word in transcript.words
        if labels[word.speaker or ""] == "P03" or word.text in _names_of_p03(world)
    ]
    for number, word in enumerate(transcript.words):
        piece = noise(next(_SEEDS), WORD_MS)
        at = word.start_ms * SAMPLE_RATE_HZ // 1000
        sound[at : at + len(piece)] = piece
        known = piece[len(piece) // 3 :][: PRINT_MS * SAMPLE_RATE_HZ // 1000]
        if word in gone and (number % 2 or word.text in _names_of_p03(world)):
            world.sounds.mine.append(known)
        elif (
            stays
            and word not in gone
            and number in _COMPARED
            and all(_apart_ms(word, other) >= CLEAR_MS for other in gone)
        ):
            world.sounds.others.append(known)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound.tobytes())


def _apart_ms(one: Word, other: Word) -> int:
    return max(one.start_ms - other.end_ms, other.start_ms - one.end_ms)


def _names_of_p03(world: TakingPart) -> tuple[str, ...]:
    return tuple(world.mine.told[what] for what in ("first name", "last name", "alias"))


def _found(transcript: Transcript, names: dict[str, EntityType]) -> tuple[Finding, ...]:
    """Find each name wherever it stands; names that follow one another are one name."""
    layout, found = transcript.layout, list[tuple[int, int, EntityType]]()
    for number, word in enumerate(transcript.words):
        kind = names.get(word.text)
        if kind is not None and found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number, kind)
        elif kind is not None:
            found.append((number, number, kind))
    spans = [(*layout.offsets(first, last), kind) for first, last, kind in found]
    return locate(
        [
            Finding(start, end, kind, transcript.text[start:end], 0.95, "roster")
            for start, end, kind in spans
        ],
        transcript,
    )


def _keep_print(world: TakingPart, recording_id: str, name: str) -> None:
    """Keep how P03 sounds, as a job does that is not done."""
    prints = (Voice("S2", (world.mine.number(f"voice print {name}"), 0.5)),)
    record = to_record(VOICES.result, prints, 1, Path())
    slot = Slot(recording_id, VOICES.name, 0, f"voices of {recording_id}")
    world.store.results.keep(slot, record, Path(), lambda connection, result_id: None)


def _decide(world: TakingPart, heard: Heard, *edits: Edit) -> None:
    here = (world.study.id, heard.id)
    for edit in edits:
        seen = review_of(world.store, *here).number
        decide(world.store, world.actor_id, *here, [edit], seen)


def _decide_on(world: TakingPart, heard: Heard, text: str, written: str) -> None:
    """Decide for the whole study what stands for a name."""
    review = review_of(world.store, world.study.id, heard.id)
    (entity,) = {each.finding.entity for each in review.findings if each.finding.text == text}
    edit = EntityDecided(EntityType.PERSON, entity, Verdict.CHANGE, None, written)
    decide_entity(world.store, world.actor_id, world.study.id, edit)


def _heard_again(world: TakingPart, heard: Heard, text: str) -> None:
    """Keep what somebody heard in a stretch drawn at random, which quotes P03."""
    pair = Corrected(Piece("S2", text), Piece("S2", f"{text} {world.mine.new('heard again')}"))
    with world.store.database.write() as connection:
        stored = world.store.transcripts.latest(connection, heard.id)
        assert stored is not None
        question = (
            f'{{"transcript_id":"{stored.id}","stretch":'
            '{"first_word":0,"last_word":9,"start_ms":0,"end_ms":4000}}'
        )
        (sample,) = world.store.samples.add(
            connection, heard.id, SampleKind.HEARD, [question.encode()], world.actor_id
        )
        world.store.samples.answer(connection, sample, _PIECES.dump_json((pair,)))


def _release(world: TakingPart, name: str) -> None:
    """Sign a recording off, and take the file away."""
    here = (world.study.id, world.recordings[name].id)
    search_all_due(world.store, lambda models: (FakeDetector(),))
    for key in sorted(place_keys(standing(world.store, *here).panel)):
        look(world.store, world.actor_id, *here, key)
    signed = sign(world.store, world.actor_id, *here, standing(world.store, *here).seen)
    assert signed.release_id is not None
    open_release(world.store, world.actor_id, world.study.id, signed.release_id, Action.EXPORTED)
    world.releases.setdefault(name, []).append(signed.release_id)
