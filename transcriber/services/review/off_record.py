"""Where somebody asked that something stay out, and whether a person has dealt with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from transcriber.domain.transcript import Transcript
from transcriber.domain.withheld import Withheld
from transcriber.services.review.released import withheld_in
from transcriber.services.review.state import Review
from transcriber.services.store import Store
from transcriber.stages.off_record import OffRecord, off_record


@dataclass(frozen=True, slots=True)
class Plea:
    """What was asked, in words, and the passage that is meant, by ids and times in milliseconds.

    `is_withheld` says that nothing of the plea leaves.
    """

    text: str
    first: str
    last: str
    start_ms: int
    end_ms: int
    is_withheld: bool

    @property
    def key(self) -> str:
        """What names it on a form, where somebody says that they looked at it."""
        return place_key("plea", self.first, self.last, self.text)


def place_key(*what: str) -> str:
    """Return what names a place that people look at: it tells nothing of what is said there."""
    return sha256("\0".join(what).encode()).hexdigest()


def pleas(transcript: Transcript, withheld: Sequence[Withheld]) -> tuple[Plea, ...]:
    """Return where somebody asked that something stay out of the recording, in order."""
    return tuple(_plea(transcript, withheld, found) for found in off_record(transcript))


def open_pleas(store: Store, review: Review) -> tuple[Plea, ...]:
    """Return those that are not withheld and that nobody has looked at and left.

    Raises StorageError.
    """
    found = [plea for plea in pleas(review.transcript, withheld_in(review)) if not plea.is_withheld]
    with store.database.read() as connection:
        looked = store.sign_offs.looked(connection, review.stored, [plea.key for plea in found])
    return tuple(plea for plea in found if plea.key not in looked)


def _plea(transcript: Transcript, withheld: Sequence[Withheld], found: OffRecord) -> Plea:
    words = transcript.words
    first, last = words[found.passage.first_word], words[found.passage.last_word]
    return Plea(
        text=" ".join(
            word.text for word in words[found.said.first_word : found.said.last_word + 1]
        ),
        first=first.id,
        last=last.id,
        start_ms=first.start_ms,
        end_ms=last.end_ms,
        is_withheld=_is_inside(found.said, withheld),
    )


def _is_inside(said: Withheld, withheld: Sequence[Withheld]) -> bool:
    return all(
        any(number in passage for passage in withheld)
        for number in range(said.first_word, said.last_word + 1)
    )
