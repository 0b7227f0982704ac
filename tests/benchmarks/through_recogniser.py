"""Redaction of what a recogniser made of our interviews.

`python -m tests.benchmarks.through_recogniser [--folder DIR] [--notes]`

Our annotated interviews are spoken by flite, recognised by PocketSphinx, aligned with the gold by
their letters, and redacted with a roster of all their names. Needs what `spoken_interviews` needs.
Recognition takes a third of the length of the sound; `--folder` keeps it for the next time.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jellyfish import jaro_winkler_similarity, metaphone

from tests.benchmarks.spoken_interviews import Spoken, aligned, sound_of, spoken
from tests.interviews import NEUTRAL, Interview, Mention, interviews
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Policy, Style
from transcriber.domain.recording import BYTES_PER_SAMPLE, Audio
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.engines.keyphrases import PocketSphinxSpotter
from transcriber.engines.presidio.detector import PresidioDetector
from transcriber.engines.presidio.roster.recogniser import RosterRecogniser
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.detect import detect
from transcriber.stages.spot import sought_names, spotted_findings
from transcriber.stages.words import plain, plain_words, words_of

CHOSEN = (
    *("ward_nurse_antrim", "staffroom_leicester", "hill_farm_ceredigion"),
    *("social_worker_southwark", "clydeside_supporter"),
)
"""Cased interviews with Irish, South Asian, Welsh, African, Scottish and English names."""

NAMED = (EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION)
SOUNDS_LIKE = 0.85
Spans = list[tuple[int, int]]
Redactor = Callable[[str, Roster, "Sounding"], Spans]
"""Takes a text, a roster and the sound of the text, returns the spans that it would redact."""


@dataclass(frozen=True)
class Sounding:
    """An interview as it was spoken: its sound, and what was recognised when."""

    audio: Audio
    told: Sequence[Spoken]

    def transcript(self) -> Transcript:
        """Return the recognised words as the product has them, a segment a stretch."""
        words: list[Word] = []
        segments: list[Segment] = []
        for stretch in self.told:
            first = len(words)
            for text, time in zip(stretch.words, stretch.times, strict=True):
                words.append(Word(f"w{len(words)}", text, time.start_ms, time.end_ms, "S1"))
            if len(words) > first:
                segments.append(Segment("S1", first, len(words) - 1))
        return Transcript(
            language="en",
            quality=Quality.DRAFT,
            duration_ms=self.audio.duration_ms,
            speakers=(Speaker("S1", "S1"),),
            words=tuple(words),
            segments=tuple(segments),
            coverage=Coverage(self.audio.duration_ms),
        )


@dataclass
class Tally:
    """What redaction left of the roster's mentions, and what it took for nothing."""

    mentions: int = 0
    named: int = 0
    worded: int = 0
    words: int = 0
    false_alarms: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def name_left(self) -> float:
        """Share of mentions that leave a word that is or sounds like the name."""
        return self.named / max(1, self.mentions)

    @property
    def word_left(self) -> float:
        """Share of mentions that leave any recognised word of theirs."""
        return self.worded / max(1, self.mentions)

    @property
    def alarms_per_100_words(self) -> float:
        """Findings over words that stand for no identifier."""
        return 100 * self.false_alarms / max(1, self.words)


def full_roster(interview: Interview) -> Roster:
    """A roster of every name that is marked, but for false starts and names spelt out."""
    names: dict[str, list[str]] = {kind: [] for kind in NAMED}
    for mention in interview.gold:
        whole = mention.text[-1] != "-" and interview.text[mention.end : mention.end + 1] != "-"
        is_name = any(len(word) > 2 for word in plain_words(mention.text))
        if mention.type in names and whole and is_name:
            names[mention.type].append(mention.text)
    kinds = {kind: tuple(dict.fromkeys(found)) for kind, found in names.items()}
    return Roster(
        people=kinds[EntityType.PERSON],
        places=kinds[EntityType.LOCATION],
        organisations=kinds[EntityType.ORGANISATION],
    )


def by_exact_words(text: str, roster: Roster, _: Sounding) -> Spans:
    """The reference: every word that is a word of a name, unless it is a common word."""
    known = {part for name in roster.names for part in plain_words(name)} - COMMON_WORDS
    return [(word.start, word.end) for word in words_of(text) if word.plain in known]


def by_roster(text: str, roster: Roster, _: Sounding) -> Spans:
    """Our recogniser of roster names alone."""
    words = words_of(text)
    found = RosterRecogniser(roster).find(words)
    return [(words[match.first].start, words[match.last].end) for match in found]


def by_everything(text: str, roster: Roster, _: Sounding) -> Spans:
    """All recognisers and propagation, as the product runs them on a text."""
    found = detect(text, POLICY, roster, [DETECTOR], quality=Quality.DRAFT)
    return [(finding.start, finding.end) for finding in found]


def with_sound(text: str, roster: Roster, sounding: Sounding) -> Spans:
    """The same, and names spotted in the sound, as the product runs them on a recording."""
    transcript = sounding.transcript()
    assert transcript.text == text
    regions = [stretch.interval for stretch in sounding.told]
    spotted = SPOTTER.spot(sounding.audio, regions, sought_names(roster))
    heard = spotted_findings(spotted, transcript, roster).findings
    found = detect(text, POLICY, roster, [DETECTOR], heard, transcript.quality)
    return [(finding.start, finding.end) for finding in found]


POLICY = Policy("named", Style.LABEL, dict.fromkeys(NAMED, Action.REPLACE))
DETECTOR = PresidioDetector()
SPOTTER = PocketSphinxSpotter()


def score(interview: Interview, sounding: Sounding, redact: Redactor, tally: Tally) -> None:
    """Add what one interview leaves to `tally`."""
    told = [stretch for stretch in sounding.told if stretch.words]
    text = "\n".join(" ".join(stretch.words) for stretch in told)
    spans = redact(text, full_roster(interview), Sounding(sounding.audio, told))
    heard = list(words_of(text))
    tally.words += len(heard)
    owners: list[Mention | None] = []
    at = 0
    left: dict[int, list[str]] = {}
    covered: dict[int, list[str]] = {}
    for stretch in told:
        for mention in interview.gold:
            if stretch.start <= mention.start < stretch.end and mention.type in NAMED:
                tally.mentions += 1
        placed = aligned(interview.text, stretch.start, stretch.end, stretch.words)
        for word, place in zip(stretch.words, placed, strict=True):
            owner = _owner(interview.gold, place)
            owners.append(owner)
            hit = any(start < at + len(word) and at < end for start, end in spans)
            if owner is not None and owner.type in NAMED:
                (covered if hit else left).setdefault(owner.start, []).append(word)
            at += len(word) + 1
    by_start = {mention.start: mention for mention in interview.gold}
    for start, words in left.items():
        mention = by_start[start]
        tally.worded += 1
        sounds = _sounds_like(mention.text, words)
        tally.named += sounds
        tally.notes.append(
            f"{'NAME' if sounds else 'word'} {mention.text}: left {' '.join(words)}"
            f" (covered {' '.join(covered.get(start, []))})"
        )
    _count_false_alarms(text, spans, told, owners, tally)


def _count_false_alarms(
    text: str,
    spans: Iterable[tuple[int, int]],
    told: Sequence[Spoken],
    owners: Sequence[Mention | None],
    tally: Tally,
) -> None:
    starts, at = [], 0
    for stretch in told:
        for word in stretch.words:
            starts.append((at, at + len(word)))
            at += len(word) + 1
        if not stretch.words:
            at += 1
    for start, end in spans:
        inside = [o for o, (a, z) in zip(owners, starts, strict=True) if a < end and start < z]
        if all(owner is None or owner.type == NEUTRAL for owner in inside):
            tally.false_alarms += 1
            tally.notes.append(f"FALSE {text[max(0, start - 15) : start]}[{text[start:end]}]")


def _owner(gold: Sequence[Mention], place: Sequence[int]) -> Mention | None:
    """The mention in which most letters of a heard word lie."""
    if not place:
        return None
    for mention in gold:
        inside = sum(mention.start <= letter < mention.end for letter in place)
        if inside * 2 >= len(place):
            return mention
    return None


def _sounds_like(name: str, left: Sequence[str]) -> bool:
    parts = [part for part in plain_words(name) if len(part) > 2]
    heard = [plain(word) for word in left] + [plain("".join(left))]
    return any(
        jaro_winkler_similarity(part, word) >= SOUNDS_LIKE
        or (metaphone(part) == metaphone(word) and len(word) > 1)
        for part in parts
        for word in heard
    )


REDACTORS: dict[str, Redactor] = {
    "exact words": by_exact_words,
    "roster": by_roster,
    "everything": by_everything,
    "everything, with the sound": with_sound,
}


def sounding(interview: Interview, folder: Path, most: int | None = None) -> Sounding:
    """Speak and recognise an interview, or take what is kept of it."""
    told = spoken(interview, folder, most)
    path = sound_of(interview, folder, most)
    return Sounding(Audio(path, path.stat().st_size // BYTES_PER_SAMPLE), told)


def main() -> None:
    """Print the table, and with `--notes` what was left and what was taken for nothing."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--notes", action="store_true")
    parser.add_argument("--only", nargs="*", choices=sorted(REDACTORS), default=list(REDACTORS))
    parser.add_argument("--interviews", nargs="*", default=list(CHOSEN))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or Path(scratch)
        chosen = [one for one in interviews() if one.name in options.interviews]
        told = [(one, sounding(one, folder)) for one in chosen]
    print("| redaction | mentions | leave the name | leave a word | false alarms per 100 words |")
    print("|---|---|---|---|---|")
    for name in options.only:
        tally = Tally()
        for interview, stretches in told:
            score(interview, stretches, REDACTORS[name], tally)
        print(
            f"| {name} | {tally.mentions} | {tally.name_left:.1%} | {tally.word_left:.1%} "
            f"| {tally.alarms_per_100_words:.2f} |"
        )
        if options.notes:
            print("\n".join(tally.notes))


if __name__ == "__main__":
    main()
