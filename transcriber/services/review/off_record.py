"""Where somebody asked that something stay out, and whether a person has dealt with it."""

from dataclasses import dataclass

from transcriber.domain.withheld import Withheld
from transcriber.services.review.released import Released
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


def pleas(released: Released) -> tuple[Plea, ...]:
    """Return where somebody asked that something stay out of the recording, in order."""
    return tuple(_plea(released, found) for found in off_record(released.review.transcript))


def _plea(released: Released, found: OffRecord) -> Plea:
    words = released.review.transcript.words
    first, last = words[found.passage.first_word], words[found.passage.last_word]
    return Plea(
        text=" ".join(
            word.text for word in words[found.said.first_word : found.said.last_word + 1]
        ),
        first=first.id,
        last=last.id,
        start_ms=first.start_ms,
        end_ms=last.end_ms,
        is_withheld=_is_inside(found.said, released.withheld),
    )


def _is_inside(said: Withheld, withheld: tuple[Withheld, ...]) -> bool:
    return all(
        any(number in passage for passage in withheld)
        for number in range(said.first_word, said.last_word + 1)
    )
