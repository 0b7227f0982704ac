"""What both Whisper engines make of hints, regions and the words that come back."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

from transcriber.domain.errors import EngineFailed, InputError
from transcriber.domain.interval import Interval
from transcriber.domain.transcript import RecognisedWord

PROMPT_TOKENS = 223
"""Half of Whisper's text context of 448 tokens, less the token that opens a prompt."""

BEAM_SIZE = 5
"""What the Whisper paper and both libraries' command lines use."""

FALLBACK_TEMPERATURES = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Tried one after the other for a region that gave no words (section 4.5 of the Whisper paper)."""

PATIENT_NO_SPEECH = 0.9
"""A region decoded alone is given up as silent above this; the detector heard speech in it."""

LANGUAGE_REGIONS = 8
"""Regions that vote on the language, spread over the recording: openings are often untypical."""

SURE_OF_LANGUAGE = 0.5
"""The least mean probability of the language that is taken."""

SMALLEST_REGION_MS = 25
"""One window of Whisper's spectrogram (400 samples); less is not sound yet."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word as both libraries give it: times in seconds, None or NaN where they have none."""

    word: str
    start: float | None
    end: float | None
    probability: float


def prompt(vocabulary: Sequence[str], count_tokens: Callable[[str], int]) -> str | None:
    """Join the names that fit into Whisper's prompt, in the order given; None when there is none.

    The first name that does not fit ends the list, so that the more important ones come in.
    """
    taken: list[str] = []
    for name in vocabulary:
        if count_tokens(" " + ", ".join([*taken, name])) > PROMPT_TOKENS:
            break
        taken.append(name)
    return ", ".join(taken) or None


def spread(regions: Sequence[Interval]) -> list[Interval]:
    """Return the longest region of each of up to LANGUAGE_REGIONS equal runs of regions."""
    audible = [region for region in regions if region.duration_ms >= SMALLEST_REGION_MS]
    count = min(LANGUAGE_REGIONS, len(audible))
    borders = [len(audible) * number // count for number in range(count + 1)] if count else []
    return [
        max(audible[first:last], key=lambda region: region.duration_ms)
        for first, last in pairwise(borders)
    ]


def elect(votes: Sequence[Mapping[str, float]]) -> str:
    """Return the language with the highest mean probability over the regions heard.

    Raises InputError when there is no vote or no language is likely.
    """
    totals: dict[str, float] = {}
    for vote in votes:
        for language, probability in vote.items():
            totals[language] = totals.get(language, 0.0) + probability
    # The alphabet decides a draw, so that the answer is the same every time.
    winner = max(sorted(totals), key=totals.__getitem__, default=None)
    if winner is None or totals[winner] / len(votes) < SURE_OF_LANGUAGE:
        raise InputError(
            "language_unclear",
            "The language of this recording could not be told for certain. "
            "Name it, for example with --language en.",
        )
    return winner


def language_code(language: str, served: Iterable[str]) -> str:
    """Return Whisper's code for a language such as `en-GB`.

    Raises InputError when the model does not serve it.
    """
    code = language.partition("-")[0].lower()
    if code not in served:
        raise InputError(
            "language_not_served",
            f"The speech model does not understand the language {code!r}. "
            "Choose another --language, or another model with --model.",
        )
    return code


def tells_no_language() -> InputError:
    """What an English-only model has to say when asked for the language."""
    return InputError(
        "language_not_told",
        "The installed speech model knows English only, so it cannot find out the language. "
        "Give --language en, or run `transcriber models pull small`.",
    )


def words_inside(words: Iterable[TimedWord], region: Interval) -> tuple[RecognisedWord, ...]:
    """Turn a library's words, timed from the region's start, into words of the recording.

    Words of nothing but space are left out; times are moved into the region and never go back.
    """
    found: list[RecognisedWord] = []
    earliest_ms = region.start_ms
    for word in words:
        text = word.word.strip()
        if not text:
            continue
        start_ms, end_ms = _moment(word.start, region), _moment(word.end, region)
        if start_ms is not None and end_ms is not None:
            start_ms = max(start_ms, earliest_ms)
            end_ms = earliest_ms = max(end_ms, start_ms)
        else:
            start_ms = end_ms = None
        found.append(RecognisedWord(text, start_ms, end_ms, _confidence(word.probability)))
    return tuple(found)


def _moment(second: float | None, region: Interval) -> int | None:
    if second is None or math.isnan(second):
        return None
    return min(max(region.start_ms + round(second * 1000), region.start_ms), region.end_ms)


def _confidence(probability: float) -> float | None:
    if math.isnan(probability):
        return None
    return round(min(max(float(probability), 0.0), 1.0), 3)


@contextmanager
def reported() -> Iterator[None]:
    """Turn what a library says into an EngineFailed; its own text may name files."""
    try:
        yield
    except (RuntimeError, ValueError) as error:
        raise EngineFailed(
            "recogniser_failed",
            "The speech model stopped with an error, perhaps for want of memory. "
            "Close other programs, or choose a smaller model with --model, and run the same "
            "command again: it goes on where it stopped.",
        ) from error
