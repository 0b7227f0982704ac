"""A group whose sound and words are there, in which P03 speaks and is named, checked and signed."""

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.fakes import FakeDetector
from tests.listening import Heard, put_recording
from tests.reviewed import spoken
from tests.sounding_release import samples
from transcriber.domain.edit import (
    Edit,
    EntityDecided,
    FindingAccepted,
    FindingRejected,
    IdentifierMarked,
    Noted,
    PassageWithheld,
    TurnsRead,
    Verdict,
    WordCorrected,
)
from transcriber.domain.edit import (
    Heard as HeardWords,
)
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.domain.study_terms import Checking, Listening, StudyTerms
from transcriber.domain.transcript import Transcript
from transcriber.domain.withdrawal import TakenBack, Withdrawing
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.review.decide import decide
from transcriber.services.review.leaks import place_keys
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import standing
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.services.withdrawal.contribution import take_out_contribution
from transcriber.services.withdrawal.contribution_sound import usual_silencer
from transcriber.stages.detect import locate
from transcriber.storage.database.recordings import StoredRecording
from transcriber.storage.database.studies import Study
from transcriber.storage.ids import new_id

NOTHING_ASKED = Checking(
    entities=False, listening=Listening.NOTHING, cold_read=False, second_reviewer=False
)
SAID = (
    "MOD: welcome to the group so who of you would like to begin",
    "P03: my aunt Zephyrine always said that the clinic in Yealmpton was never open",
    "P04: well I went with Quenilla to Garstang and it was Tom who drove us there",
    "P05: Quenilla Ashbourne told me that and Oswin rang them from Otley last week",
    "P03: that was after the wedding of Zephyrine and the old Rectory was sold",
    "P04: and Tom came along to Garstang again with Marlow so that was fine by me",
    "MOD: thank you all very much for your time today and for coming here again",
)
FOUND = {
    "Zephyrine": EntityType.PERSON,
    "Yealmpton": EntityType.LOCATION,
    "Quenilla": EntityType.PERSON,
    "Garstang": EntityType.LOCATION,
    "Tom": EntityType.PERSON,
    "Oswin": EntityType.PERSON,
    "Otley": EntityType.LOCATION,
}
"""What the machine found. That Quenilla Ashbourne is P03 it found only where one name is said."""

WHO = Withdrawing(
    frozenset({"P03"}), frozenset({"quenilla"}), ("[P03]",), ("Quenilla Ashbourne", "Quenilla")
)
THEIRS = ("Zephyrine", "Yealmpton", "wedding", "Rectory", "Quenilla", "Ashbourne", "clinic")
"""Words of P03, and names of theirs, that nobody else says."""


@dataclass(frozen=True)
class GroupTalk:
    """The study, its group, and who decided."""

    store: Store
    study: Study
    heard: Heard
    actor_id: str
    sound: NDArray[np.int16]

    @property
    def here(self) -> tuple[str, str]:
        return self.study.id, self.heard.id

    @property
    def review(self) -> Review:
        return review_of(self.store, *self.here)

    @property
    def stored(self) -> StoredRecording:
        with self.store.database.read() as connection:
            found = self.store.recordings.get(connection, self.study, self.heard.id)
        assert found is not None
        return found

    def decide(self, *edits: Edit) -> None:
        decide(self.store, self.actor_id, *self.here, edits, self.review.number)

    def sign(self) -> str:
        search_all_due(self.store, lambda models: (FakeDetector(),))
        now = standing(self.store, *self.here)
        for key in place_keys(now.panel) - {leak.key for leak in now.panel.blocking}:
            look(self.store, self.actor_id, *self.here, key)
        seen = standing(self.store, *self.here).seen
        release_id = sign(self.store, self.actor_id, *self.here, seen).release_id
        assert release_id is not None
        return release_id

    def word(self, text: str, which: int = 0) -> str:
        """Return the id of a word as the machine heard it."""
        return [word.id for word in self.heard.transcript.words if word.text == text][which]

    def withdraw(self, who: Withdrawing = WHO) -> TakenBack:
        return take_out_contribution(
            self.store, self.study, self.heard.id, who, usual_silencer(self.store), self.actor_id
        )

    def source(self) -> NDArray[np.int16]:
        """Return what is heard of the first file of the recording."""
        with self.store.database.read() as connection:
            key = self.store.keyring.recording(connection, self.heard.id)
        (part, *_) = self.stored.parts
        return samples(b"".join(self.store.blobs.pieces(key, part.blobs)))


def group_talk(store: Store, folder: Path) -> GroupTalk:
    """Make one in an open store; nothing is decided in it."""
    actor_id = create_account(store, NewAccount(f"{new_id()}@example.org", "Ada")).id
    terms = StudyTerms(checking=NOTHING_ASKED, release_sound=True)
    study = create_study(store, actor_id, StudyDraft(f"Feeding {new_id()}", terms=terms))
    transcript = spoken(SAID)
    sound = _noise(transcript)
    folder.mkdir(exist_ok=True)
    source = folder / "Quenilla at the clinic.wav"
    _write(source, sound)
    heard = put_recording(store, study, folder, transcript, source=source)
    with store.database.write() as connection:
        stored = store.transcripts.latest(connection, heard.id)
        assert stored is not None
        store.transcripts.found(connection, stored, 0, _found(transcript))
    return GroupTalk(store, study, heard, actor_id, sound)


def checked(group: GroupTalk) -> None:
    """Decide on the words of all, and on the recording as a whole."""
    first, last = group.heard.transcript.words[0].id, group.heard.transcript.words[-1].id
    group.decide(WordCorrected(group.word("drove"), "carried"))
    group.decide(FindingRejected(group.word("Oswin"), group.word("Oswin")))
    group.decide(FindingAccepted(group.word("Otley"), group.word("Otley")))
    group.decide(FindingRejected(group.word("Yealmpton"), group.word("Yealmpton")))
    marlow = group.word("Marlow")
    group.decide(IdentifierMarked(marlow, marlow, EntityType.PERSON, "[a driver]"))
    group.decide(EntityDecided(EntityType.PERSON, "tom", Verdict.ACCEPT))
    group.decide(EntityDecided(EntityType.PERSON, "zephyrine", Verdict.CHANGE, None, "[an aunt]"))
    group.decide(PassageWithheld(group.word("rang"), group.word("them"), "it was private"))
    group.decide(PassageWithheld(group.word("old"), group.word("Rectory"), "the Rectory is known"))
    group.decide(Noted(group.word("fine"), group.word("fine"), "ask again"))
    group.decide(Noted(group.word("Garstang"), group.word("Garstang"), "with Quenilla's sister"))
    group.decide(HeardWords(first, last), TurnsRead(first, last))


def _noise(transcript: Transcript) -> NDArray[np.int16]:
    """Return noise that is nowhere the same, as long as the talk."""
    count = transcript.duration_ms * SAMPLE_RATE_HZ // 1000
    drawn = np.random.default_rng(3).standard_normal(count)
    return (drawn * 4_000).clip(-32_000, 32_000).astype("<i2")


def _write(path: Path, sound: NDArray[np.int16]) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        file.writeframes(sound.tobytes())


def _found(transcript: Transcript) -> tuple[Finding, ...]:
    found = []
    for number, word in enumerate(transcript.words):
        kind = FOUND.get(word.text)
        if kind is not None:
            start, end = transcript.layout.offsets(number, number)
            stands = "[P03]" if word.text == "Quenilla" else f"[{kind.value}]"
            found.append(
                Finding(
                    *(start, end, kind, word.text, 0.9, "model", word.text.casefold()),
                    action=Action.REPLACE,
                    replacement=stands,
                )
            )
    return locate(found, transcript)
