"""A study whose recordings have words and findings, written straight into a store."""

from dataclasses import dataclass

from sqlalchemy import update

from tests.kept_words import put_words
from tests.stores import Stored
from tests.talk import talk
from transcriber.domain.finding import Action, EntityType, Finding, Place
from transcriber.domain.recording import Kind
from transcriber.domain.transcript import Transcript
from transcriber.services.store import Store
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Study
from transcriber.storage.database.tables import RECORDING
from transcriber.storage.keys.master_key import KeyFile

LINES = (
    ("INT", "so who helped you in those first days"),
    ("P01", "well Sarah came round and then Whitfield rang from Leeds about the clinic"),
    ("INT", "and how was that for you"),
    ("P01", "lovely really I told Sarah that I would be back in Leeds by the summer"),
)
NAMES = {
    "Sarah": EntityType.PERSON,
    "Whitfield": EntityType.PERSON,
    "Leeds": EntityType.LOCATION,
}


@dataclass(frozen=True)
class Written:
    """A recording that is ready to be checked."""

    study_id: str
    recording_id: str
    transcript: Transcript
    findings: tuple[Finding, ...]


def stored_in(store: Store) -> Stored:
    """The parts of an open store."""
    return Stored(store.database, store.blobs, KeyFile(store.settings.key_file))


def lines(times: int = 12) -> Transcript:
    """Talk with four names in each round of four turns."""
    return talk(*(LINES * times))


def named_in(transcript: Transcript) -> tuple[Finding, ...]:
    """Every name of the talk as a certain finding."""
    found = []
    for number, word in enumerate(transcript.words):
        kind = NAMES.get(word.text)
        if kind is None:
            continue
        start, end = transcript.layout.offsets(number, number)
        place = Place(number, number, word.start_ms, word.end_ms)
        found.append(
            Finding(
                *(start, end, kind, word.text, 0.95, "roster", word.text.casefold()),
                place=place,
                action=Action.REPLACE,
                replacement=f"[{kind.value}_{list(NAMES).index(word.text) + 1}]",
            )
        )
    return tuple(found)


def write_recording(
    store: Store,
    study: Study,
    transcript: Transcript | None = None,
    findings: tuple[Finding, ...] | None = None,
    content: str = "a",
    kind: Kind = Kind.GROUP,
) -> Written:
    """Add a recording with its words and findings; without any, those of the lines above."""
    made: StoredRecording = stored_in(store).recording(study, content)
    words = lines() if transcript is None else transcript
    found = named_in(words) if findings is None else findings
    put_words(store, made.id, words, found)
    with store.database.write() as connection:
        connection.execute(
            update(RECORDING)
            .where(RECORDING.c.id == made.id)
            .values(duration_ms=words.duration_ms, kind=kind.value)
        )
    return Written(study.id, made.id, words, found)
