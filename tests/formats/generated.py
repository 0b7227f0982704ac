"""Interviews at random, with all that breaks file formats, before and after redaction.

`Generated.turns` is worked out here, from the words as they were drawn; `Generated.redacted` comes
from the words and findings by the stage that redacts. A format is right if its file reads back to
the former, and safe if no byte of it holds one of the `originals`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.recording import Kind, Recording
from transcriber.domain.redacted import RedactedTranscript
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Word
from transcriber.engines.plain_anonymiser import PlainAnonymiser
from transcriber.stages.redact import redact_transcript

TWELVE_HOURS_MS = 12 * 3_600_000

PLAIN = ("and", "so", "they", "came", "back", "because", "nobody", "there", "had", "told", "us")
AWKWARD = {
    word: word
    for word in (
        *("=cmd|'/C", "=1+1", "-", "-well", "+44", "@home", "'=quoted", "''-x", "\uff1dwide", '"'),
        *('"quoted"', "a,b", "a;b", "-->", "&", "&amp;", "&#39;", "<", "<b>", "</p>", "<v", "]]>"),
        *("<script>", "{\\an8}", "\\n", "NOTE", "WEBVTT", "STYLE", "P02:", "12", "[00:00:01]"),
        *(
            "00:00:01,000",
            "%s",
            "{0}",
            "$PATH",
            "\u200f",
            "e\u0301",
            "😀",
            "👩\u200d👩\u200d👧",
            "🇬🇧",
        ),
        *("שלום", "مرحبا", "你好", "naïve", "£40", "—", "W" * 120),
    )
} | {
    # What no format can hold is dropped, and white space inside a word is one space.
    "a\x00b": "ab",
    "\ud800x": "x",
    "x\ny": "x y",
    "c\u2028d": "c d",
    "e\u00a0f": "e f",
    "tab\tbed": "tab bed",
    "\x0b": "",
    "": "",
    "\n": "",
}
"""Words as they are drawn, and as they are written."""

STUDIES = (
    *("Feeding support", "", "=HYPERLINK(1)", "Part A: <pilot> & more", "NOTE --> 1", "מחקר 😀"),
    *("S" * 200, "long " * 40, "two\nlines"),
)
LABELS = ("P01", "INT", "MOD", "FG1_P3", "UNK", "P" + "9" * 62, "SEVERAL", "A")
SYLLABLES = ("qua", "zeb", "ryx", "wol", "fip", "kaj", "ØRV", "üth", "צב", "jé")


@dataclass(frozen=True, slots=True)
class GivenTurn:
    """What a reader has to find: whose turn, its words, and when, in milliseconds."""

    label: str
    text: str
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Generated:
    """A transcript, what it has to read back to, and what must be in no file of it."""

    redacted: RedactedTranscript
    turns: tuple[GivenTurn, ...]
    originals: tuple[str, ...]


def labelled(given: Sequence[GivenTurn]) -> list[str]:
    """Return turns as most programs show them."""
    return [f"{turn.label}: {turn.text}" for turn in given]


def generated(seed: int) -> Generated:
    """Return the transcript of a seed, the same one each time."""
    random = Random(seed)
    labels = random.sample(LABELS, random.randint(1, 4))
    words, findings_at, originals = _said(random, labels)
    end_ms = max((word.end_ms for word in words), default=0)
    transcript = Transcript(
        language=random.choice(["en", "cy", "ar"]),
        quality=random.choice(list(Quality)),
        duration_ms=end_ms + 500,
        speakers=tuple(Speaker(label, label) for label in labels),
        words=tuple(words),
        segments=tuple(segments(words)),
        coverage=Coverage(end_ms),
    )
    findings = [_finding(transcript, number, written) for number, written in findings_at.items()]
    recording = Recording(
        random.choice(["FG01", "R 7", "=A1", "Kode: ü"]),
        random.choice(STUDIES),
        random.choice(list(Kind)),
        ("0" * 64,),
    )
    return Generated(
        redact_transcript(recording, transcript, findings, PlainAnonymiser()),
        tuple(_given(words, findings_at)),
        tuple(originals),
    )


def _said(random: Random, labels: list[str]) -> tuple[list[Word], dict[int, str], list[str]]:
    """Return words, replacements by word number, and originals. Turns may overlap by seconds."""
    words: list[Word] = []
    replaced: dict[int, str] = {}
    originals: list[str] = []
    now_ms = random.choice([0, 0, 59_990, 3_599_000, TWELVE_HOURS_MS])
    for _ in range(random.choice([0, 1, 3, 8, 8, 20])):
        label = random.choice(labels)
        # Talk at once is of different people: nobody begins before his or her own last word.
        now_ms = begun_ms = max([now_ms, *(w.end_ms for w in words if w.speaker == label)])
        for _ in range(random.choice([1, 2, 5, 12, 40])):
            drawn = random.random()
            text = random.choice(list(AWKWARD) if drawn < 0.4 else PLAIN)
            if drawn > 0.93:
                text = _name(random)
                originals.append(text)
                replaced[len(words)] = random.choice(["[PERSON_1]", "[P03]", "[a town]"])
            end_ms = now_ms + random.randint(1, 900)
            words.append(Word(f"w{len(words):06}", text, now_ms, end_ms, label))
            now_ms = end_ms + random.choice([0, 20, 300, 2_500])
        now_ms = max(begun_ms, now_ms - random.choice([0, 0, 700, 3_000]))
    return words, replaced, originals


def _name(random: Random) -> str:
    """Return a word of nine letters or more that stands nowhere else."""
    return "".join(random.choice(SYLLABLES) for _ in range(4)) + f"{random.randrange(10**5):05}"


def _finding(transcript: Transcript, number: int, written: str) -> Finding:
    start, end = transcript.layout.offsets(number, number)
    return Finding(
        *(start, end, EntityType.PERSON, transcript.text[start:end], 1.0, "drawn"),
        action=Action.REPLACE,
        replacement=written,
    )


def _given(words: list[Word], replaced: dict[int, str]) -> list[GivenTurn]:
    """Put words of one speaker that follow each other together; leave out what is empty."""
    spoken: list[tuple[str, list[tuple[str, Word]]]] = []
    for number, word in enumerate(words):
        written = replaced.get(number, AWKWARD.get(word.text, word.text))
        if not spoken or spoken[-1][0] != word.speaker:
            spoken.append((str(word.speaker), []))
        if written:
            spoken[-1][1].append((written, word))
    return [
        GivenTurn(
            label,
            " ".join(written for written, _ in said),
            said[0][1].start_ms,
            max(word.end_ms for _, word in said),
        )
        for label, said in spoken
        if said
    ]
