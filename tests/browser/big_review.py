"""A recording as large as one gets, ready for checking: written into the store, with no machine.

Three hours of a focus group: 30,000 words in 4,500 segments and 1,200 findings. Always the same.

python -m tests.browser.big_review HOME
"""

import sys
import wave
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from random import Random

from sqlalchemy import update

from tests.kept_words import put_words
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.recording import SAMPLE_RATE_HZ, Kind
from transcriber.domain.transcript import Coverage, Quality, Segment, Speaker, Transcript, Word
from transcriber.pipeline.order import State
from transcriber.services.store import Store
from transcriber.services.submit import Submission, submit
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import JOB, RECORDING, STEP

THREE_HOURS_MS = 3 * 3_600_000
_TALK = (
    "well so we went there on the Monday and she was lovely about it all I had not slept for "
    "days and the baby would not feed at all you know what that is like nobody tells you before "
    "but they sat with me and did not hurry and in the end it worked a little better every day"
)
_NAMES = (
    ("Sarah Whitfield", EntityType.PERSON, "[P03]", "roster"),
    ("Sara Whitfeld", EntityType.PERSON, "[P03]", "roster-sound"),
    ("Leeds", EntityType.LOCATION, "[TOWN_1]", "model"),
    ("Armley", EntityType.LOCATION, "[TOWN_2]", "model"),
    ("Bramley Children's Centre", EntityType.ORGANISATION, "[ORGANISATION_1]", "model"),
    ("the third of March", EntityType.DATE, "spring", "rules"),
    ("thirty-four", EntityType.AGE, "30 to 39", "rules"),
    ("midwife", EntityType.OCCUPATION, None, "terms"),
)


@dataclass(frozen=True)
class Size:
    """How large a recording is made."""

    words: int = 30_000
    segments: int = 4_500
    findings: int = 1_200
    names: int = 160
    speakers: int = 8
    duration_ms: int = THREE_HOURS_MS
    score: float = 0.95


BIG = Size()
DEMO = Size(400, 60, 16, 8, 3, 240_000, score=0.8)
"""Nothing in it is certain, so nothing of it is hidden from the reviewer (`seeded.py`)."""


def made_up(size: Size = BIG) -> tuple[Transcript, tuple[Finding, ...]]:
    """Return words and findings of a size."""
    random = Random(11)
    talk = _TALK.split()
    texts = [random.choice(talk) for _ in range(size.words)]
    cuts = sorted(random.sample(range(1, size.words), size.segments - 1)) if size.words else []
    spans = [
        (first, after - 1) for first, after in pairwise([0, *cuts, size.words]) if after > first
    ]
    planted = _plant(random, texts, spans, size)
    each_ms = size.duration_ms // max(size.words, 1)
    voices = [f"S{number:02d}" for number in range(size.speakers)]
    words: list[Word] = []
    segments: list[Segment] = []
    speaker = voices[0]
    for first, last in spans:
        speaker = random.choice([voice for voice in voices if voice != speaker])
        segments.append(Segment(speaker, first, last))
        for number in range(first, last + 1):
            start_ms = number * each_ms
            words.append(
                Word(
                    f"w{number:06d}", texts[number], start_ms, start_ms + each_ms * 4 // 5, speaker
                )
            )
    transcript = Transcript(
        "en",
        Quality.FULL,
        size.duration_ms,
        tuple(Speaker(voice, f"P{number:02d}") for number, voice in enumerate(voices, 1)),
        tuple(words),
        tuple(segments),
        Coverage(size.duration_ms),
    )
    return transcript, tuple(
        _found(transcript, first, last, name, size.score) for first, last, name in sorted(planted)
    )


_Name = tuple[str, EntityType, str | None, str]


def _plant(
    random: Random, texts: list[str], spans: list[tuple[int, int]], size: Size
) -> list[tuple[int, int, _Name]]:
    """Put names into the talk, none over the end of a segment or of another one."""
    names: list[_Name] = [
        (text if number < len(_NAMES) else f"{text} {number}", kind, out, source)
        for number in range(size.names)
        for text, kind, out, source in [_NAMES[number % len(_NAMES)]]
    ]
    taken: set[int] = set()
    planted: list[tuple[int, int, _Name]] = []
    while len(planted) < size.findings:
        name = names[int(random.random() ** 2 * len(names))]
        parts = name[0].split()
        first, last = random.choice(spans)
        if last - first + 1 < len(parts):
            continue
        begin = random.randint(first, last - len(parts) + 1)
        span = range(begin, begin + len(parts))
        if taken.isdisjoint(span):
            taken.update(span)
            texts[begin : begin + len(parts)] = parts
            planted.append((begin, begin + len(parts) - 1, name))
    return planted


def _found(transcript: Transcript, first: int, last: int, name: _Name, score: float) -> Finding:
    text, kind, out, source = name
    start, end = transcript.layout.offsets(first, last)
    words = transcript.words
    return Finding(
        start,
        end,
        kind,
        transcript.text[start:end],
        0.6 if "sound" in source else score,
        source,
        text.casefold().replace("sara whitfeld", "sarah whitfield"),
        Place(first, last, words[first].start_ms, words[last].end_ms),
        action=Action.FLAG if out is None else Action.REPLACE,
        replacement=out,
    )


def add_review(
    store: Store,
    study: Study,
    folder: Path,
    transcript: Transcript,
    findings: tuple[Finding, ...] = (),
) -> str:
    """Add a recording whose words and findings are these, as the pipeline would; return its id."""
    sound = folder / "sound.wav"
    with wave.open(str(sound), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        # Another sound for each recording: the same again would be the same recording.
        count = sum(map(ord, transcript.text[:2_000])) % 5_000 + transcript.duration_ms % 7_919
        file.writeframes(b"\0\0" * (count + 1))
    kind = Kind.GROUP if len(transcript.speakers) > 2 else Kind.INDIVIDUAL
    made = submit(store, study, Submission((sound,), kind))
    sound.unlink()
    recording_id = made.stored.id
    put_words(store, recording_id, transcript, findings)
    with store.database.write() as connection:
        of_job = STEP.c.job_id == made.job_id
        connection.execute(update(STEP).where(of_job).values(state=State.DONE))
        connection.execute(update(JOB).where(JOB.c.id == made.job_id).values(state=State.DONE))
        connection.execute(
            update(RECORDING)
            .where(RECORDING.c.id == recording_id)
            .values(duration_ms=transcript.duration_ms)
        )
    return recording_id


def with_words(transcript: Transcript, texts: list[str]) -> Transcript:
    """Return a transcript that begins with other words."""
    words = list(transcript.words)
    for number, text in enumerate(texts):
        words[number] = replace(words[number], text=text)
    return replace(transcript, words=tuple(words))


def main(home: Path) -> None:
    """Add a study with a big and a small recording to the service under `home`."""
    from transcriber.services.accounts import list_accounts
    from transcriber.services.settings import load_settings
    from transcriber.services.store import open_store
    from transcriber.services.studies import StudyDraft, create_study

    store = open_store(load_settings({"TRANSCRIBER_HOME": str(home)}))
    (admin, *_) = list_accounts(store)
    study = create_study(store, admin.id, StudyDraft("Three hours of talk"))
    for size in (BIG, DEMO):
        recording_id = add_review(store, study, home, *made_up(size))
        print(f"/studies/{study.id}/recordings/{recording_id}/review")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
