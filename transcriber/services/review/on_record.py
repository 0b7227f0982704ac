"""Every form on record of what is replaced in a recording: misheard here, or said in others.

The machine's own words of what was corrected, what it had found before anybody corrected it, and
what the key of the study holds of people, places, organisations and numbers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.services.review.state import Review
from transcriber.services.store import Store
from transcriber.stages.second_look.known import NAMING
from transcriber.storage.database.entities import StoreRegister

RECORD = "record"
"""The source of such a finding."""
SURE = 1.0
DOUBTFUL = 0.0
"""A score that asks somebody to look, and stops nothing."""


@dataclass(frozen=True)
class OnRecord:
    """Forms, and the names under which the recording's files were uploaded."""

    forms: tuple[Finding, ...]
    file_names: tuple[str, ...]


def on_record(store: Store, review: Review) -> OnRecord:
    """Return what is on record. Raises StorageError."""
    study_id = review.recording.study_id
    with store.database.read() as connection:
        found = store.transcripts.findings(connection, review.stored)
        study = store.studies.get(connection, study_id)
        stored = study and store.recordings.get(connection, study, review.recording.id)
    entities = StoreRegister(store.database, store.keyring, study_id).entities()
    here = [*_misheard(review), *((f.entity_type, f.text) for f in found if f.replacement)]
    said = [
        (entity.entity_type, form)
        for entity in entities
        if entity.is_written
        for form in sorted({form for _, form in entity.written})
    ]
    sure = dict.fromkeys(here, SURE) | {each: _sureness(each[1]) for each in said}
    return OnRecord(
        tuple(_form(kind, text, score) for (kind, text), score in sure.items() if kind in NAMING),
        tuple(dict.fromkeys(part.file_name for part in stored.parts)) if stored else (),
    )


def _sureness(form: str) -> float:
    """Return how surely a form that was replaced somewhere in the study means the same here.

    A single word may be another's name, or a word that was no name at all and rejected there.
    """
    return SURE if len(form.split()) > 1 else DOUBTFUL


def _misheard(review: Review) -> Iterator[tuple[EntityType, str]]:
    """Yield what the machine had heard where a person corrected the words of a finding."""
    raw, now = review.fold.raw.words, review.transcript.words
    for judged in review.findings:
        place = judged.finding.place
        if judged.leaves or judged.finding.replacement is None or place is None:
            continue
        words = range(place.first_word, place.last_word + 1)
        if any(raw[number].text != now[number].text for number in words):
            yield judged.finding.entity_type, " ".join(raw[number].text for number in words)


def _form(kind: EntityType, text: str, score: float) -> Finding:
    return Finding(0, len(text), kind, text, score, RECORD, action=Action.REPLACE, replacement="")
