"""A recording with sound in which people have decided, and its release."""

import io
from dataclasses import dataclass, replace
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from tests.fakes import FakeDetector
from tests.listening import Heard, put_recording, spoken
from tests.service.apps import Served, serve_in
from transcriber.domain.access import Role
from transcriber.domain.edit import Edit, IdentifierMarked, PassageWithheld
from transcriber.domain.finding import EntityType
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.domain.study_terms import Checking, Listening, StudyTerms
from transcriber.domain.transcript import Transcript
from transcriber.services.review.decide import decide
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.released import Released, released
from transcriber.services.review.sign_off import sign
from transcriber.services.review.standing import standing
from transcriber.services.studies import StudyDraft
from transcriber.storage.database.audit_events import events
from transcriber.storage.database.studies import Study

NOTHING_ASKED = Checking(
    entities=False, listening=Listening.NOTHING, cold_read=False, second_reviewer=False
)
WITH_SOUND = StudyTerms(checking=NOTHING_ASKED, release_sound=True)
ORDINARY = ["well", "it", "was", "hard", "at", "first", "and", "then", "it", "went"]
NAMES = {"w12": "Quenilla", "w13": "Ashbourne", "w33": "Garstang"}


@dataclass
class Decided:
    """A recording in which two names were marked and two passages withheld, one at its end."""

    served: Served
    study: Study
    heard: Heard

    def decide(self, *edits: Edit) -> None:
        assert self.served.asks is not None
        who = self.served.asks.account_id
        seen = self.released.review.number
        decide(self.served.store, who, *self.here, edits, seen)

    @property
    def here(self) -> tuple[str, str]:
        return self.study.id, self.heard.id

    @property
    def released(self) -> Released:
        return released(self.served.store, *self.here)

    def time(self, first: int, last: int) -> tuple[int, int]:
        """Return when words of these numbers are said."""
        words = self.heard.transcript.words
        return words[first].start_ms, words[last].end_ms

    def sign(self) -> str:
        """Sign it off, and return the address of the release."""
        assert self.served.asks is not None
        store = self.served.store
        search_all_due(store, lambda models: (FakeDetector(),))
        seen = standing(store, *self.here).seen
        made = sign(store, self.served.asks.account_id, *self.here, seen)
        return f"/api/v1/studies/{self.study.id}/releases/{made.release_id}"

    def actions(self) -> list[str]:
        with self.served.store.database.read() as connection:
            return [event.action for _, event in events(connection)]


def decided_in(
    folder: Path,
    terms: StudyTerms = WITH_SOUND,
    duration_ms: int = 60_000,
    policies: tuple[str, ...] = ("default",),
) -> Decided:
    """Put one into a new store in a folder; whoever decided asks."""
    served = serve_in(folder / "home")
    study = served.begin(StudyDraft("Feeding", policies=policies, terms=terms), Role.RESEARCHER)
    heard = put_recording(served.store, study, folder / "work", _talk(duration_ms))
    decided = Decided(served, study, heard)
    last = len(heard.transcript.words) - 1
    decided.decide(IdentifierMarked("w12", "w13", EntityType.PERSON))
    decided.decide(IdentifierMarked("w33", "w33", EntityType.PERSON))
    decided.decide(PassageWithheld("w45", "w54", "another person"))
    decided.decide(PassageWithheld(f"w{last - 3}", f"w{last}", "chat"))
    return decided


def _talk(duration_ms: int) -> Transcript:
    talk = spoken(duration_ms)
    words = tuple(
        replace(word, text=NAMES.get(word.id, ORDINARY[number % len(ORDINARY)]))
        for number, word in enumerate(talk.words)
    )
    return replace(talk, words=words)


def samples(data: bytes) -> NDArray[np.int16]:
    """Decode a file of sound by other means than the engine's own."""
    resampler = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
    with av.open(io.BytesIO(data)) as container:
        frames = [*container.decode(audio=0), None]
        pieces = [piece for frame in frames for piece in resampler.resample(frame)]
    return np.concatenate([piece.to_ndarray()[0] for piece in pieces])
