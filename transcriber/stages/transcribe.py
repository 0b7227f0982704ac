"""From sound to words, and an account of the speech that gave none."""

from collections.abc import Iterable, Sequence

from transcriber.domain.interval import Interval
from transcriber.domain.recording import IngestedRecording
from transcriber.domain.transcript import Coverage, RecognisedWord, Recognition, Word
from transcriber.stages.protocols import Progress, Recogniser

REACH_MS = 1_000
"""Speech this close to a word counts as heard: a recogniser's word borders are loose."""

WORTH_REPORTING_MS = 1_000
"""Shorter stretches without words are breaths and hesitations, not lost talk."""


def transcribe(
    ingested: IngestedRecording, language: str, recogniser: Recogniser, progress: Progress
) -> Recognition:
    """Recognise every region and report the speech that no word accounts for.

    Progress counts milliseconds of regions.
    """
    total_ms = sum(region.duration_ms for region in ingested.regions)
    heard: list[RecognisedWord] = []
    done_ms = 0
    words_by_region = recogniser.recognise(ingested.audio, ingested.regions, language)
    for region, words in zip(ingested.regions, words_by_region, strict=True):
        heard.extend(words)
        done_ms += region.duration_ms
        progress(done_ms, total_ms)
    return Recognition(
        language=language,
        quality=recogniser.quality,
        words=tuple(
            Word(f"w{number:06d}", word.text, word.start_ms, word.end_ms, None, word.confidence)
            for number, word in enumerate(heard, start=1)
        ),
        coverage=coverage(ingested.speech, heard),
    )


def coverage(speech: Sequence[Interval], words: Iterable[RecognisedWord]) -> Coverage:
    """Compare speech with words; both in order of time."""
    heard = [(max(word.start_ms - REACH_MS, 0), word.end_ms + REACH_MS) for word in words]
    lost = [
        gap
        for stretch in speech
        for gap in _without(stretch, heard)
        if gap.duration_ms >= WORTH_REPORTING_MS
    ]
    return Coverage(sum(stretch.duration_ms for stretch in speech), tuple(lost))


def _without(stretch: Interval, heard: Sequence[tuple[int, int]]) -> list[Interval]:
    """Return what is left of `stretch` when all of `heard` is taken out."""
    gaps: list[Interval] = []
    position_ms = stretch.start_ms
    for start_ms, end_ms in heard:
        if end_ms <= position_ms:
            continue
        if start_ms >= stretch.end_ms:
            break
        if start_ms > position_ms:
            gaps.append(Interval(position_ms, start_ms))
        position_ms = end_ms
    if position_ms < stretch.end_ms:
        gaps.append(Interval(position_ms, stretch.end_ms))
    return gaps
