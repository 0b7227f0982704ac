"""From sound to words, and an account of the speech that gave none."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice

from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import DETECT_LANGUAGE, IngestedRecording, Track
from transcriber.domain.transcript import Coverage, Recognition, Struck, Word
from transcriber.stages.diarise import track_speakers
from transcriber.stages.invented_words.detect import invented
from transcriber.stages.protocols import Hints, Progress, Recogniser
from transcriber.stages.word_times import TimedWord, timed

REACH_MS = 1_000
"""Speech this close to a word counts as heard: a recogniser's word borders are loose."""

WORTH_REPORTING_MS = 1_000
"""Shorter stretches without words are breaths and hesitations, not lost talk."""

_ROOM_MS = 200  # as much silence around talk as a region has
_UTTERANCE_PAUSE_MS = 1_000  # in a longer one somebody else may answer


REGIONS_A_SET = 16
"""A multiple of how many regions any recogniser decodes at once, so that no batch is split and a
set's words are those of a run over all regions; five to eight minutes of talk."""


@dataclass(frozen=True, slots=True)
class RegionSet:
    """Consecutive regions of one track, recognised together; `end` is exclusive."""

    track: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A word, and whether it is the recogniser's own invention."""

    word: TimedWord
    struck: Struck | None


@dataclass(frozen=True, slots=True)
class HeardSet:
    """What the regions of a set gave, in order, and the language that they were heard in."""

    regions: RegionSet
    language: str
    words: tuple[HeardWord, ...]


def transcribe(
    ingested: IngestedRecording, hints: Hints, recogniser: Recogniser, progress: Progress
) -> Recognition:
    """Recognise every region and report the speech that no word accounts for.

    The same as `gather` of what `hear` gives for each of `region_sets`, in one process. Progress
    counts milliseconds of regions.
    """
    tracks = ingested.heard
    hints = _with_language(tracks, hints, recogniser)
    total_ms = sum(region.duration_ms for track in tracks for region in track.regions)
    before_ms = 0
    heard: list[HeardSet] = []
    for number, track in enumerate(tracks):
        whole = RegionSet(number, 0, len(track.regions))

        def shifted(done_ms: int, _: int, before_ms: int = before_ms) -> None:
            progress(before_ms + done_ms, total_ms)

        heard.append(hear(ingested, whole, hints, recogniser, shifted))
        before_ms += sum(region.duration_ms for region in track.regions)
    return gather(ingested, heard, hints, recogniser)


def region_sets(ingested: IngestedRecording) -> tuple[RegionSet, ...]:
    """Divide the regions into sets that may be heard in any order and by any machine."""
    return tuple(
        RegionSet(number, first, min(first + REGIONS_A_SET, len(track.regions)))
        for number, track in enumerate(ingested.heard)
        for first in range(0, len(track.regions), REGIONS_A_SET)
    )


def hear(
    ingested: IngestedRecording,
    regions: RegionSet,
    hints: Hints,
    recogniser: Recogniser,
    progress: Progress,
) -> HeardSet:
    """Recognise the regions of one set. Progress counts milliseconds of its regions."""
    hints = _with_language(ingested.heard, hints, recogniser)
    track = ingested.heard[regions.track]
    heard: list[HeardWord] = []
    planned = track.regions[regions.first : regions.end]
    total_ms = sum(region.duration_ms for region in planned)
    done_ms = 0
    recognised = recogniser.recognise(track.audio, planned, hints)
    for region, words in zip(planned, recognised, strict=True):
        heard += _judged(timed(words, region, track.speech), track)
        done_ms += region.duration_ms
        progress(done_ms, total_ms)
    return HeardSet(regions, hints.language, tuple(heard))


def gather(
    ingested: IngestedRecording,
    heard: Sequence[HeardSet],
    hints: Hints,
    recogniser: Recogniser,
) -> Recognition:
    """Join the words of all sets, given in order, and hear speech that gave none once more, alone.

    Words that were not said are struck, not dropped. Where each speaker has a track, words carry
    their speaker and go by utterances, so that talk over talk is not shuffled word by word.
    """
    hints = Hints(heard[0].language if heard else hints.language, hints.vocabulary)
    utterances: list[tuple[int, str | None, list[HeardWord]]] = []
    lost: list[Interval] = []
    speakers = track_speakers(ingested)
    for number, (track, speaker) in enumerate(zip(ingested.heard, speakers, strict=True)):
        own = [word for part in heard if part.regions.track == number for word in part.words]
        words = _with_second_hearing(own, track, hints, recogniser)
        lost += uncovered(track.speech, _kept(words))
        utterances += [(run[0].word.interval.start_ms, speaker, run) for run in _utterances(words)]
    # Sorted by start; a recording with one track is in order already.
    utterances.sort(key=lambda utterance: utterance[0])
    numbers = count(1)
    return Recognition(
        language=hints.language,
        quality=recogniser.quality,
        words=tuple(
            _word(next(numbers), word, speaker) for _, speaker, run in utterances for word in run
        ),
        coverage=Coverage(
            sum(stretch.duration_ms for track in ingested.heard for stretch in track.speech),
            tuple(sorted(lost)),
        ),
        vocabulary_size=len(hints.vocabulary),
    )


def _with_language(tracks: Sequence[Track], hints: Hints, recogniser: Recogniser) -> Hints:
    if hints.language != DETECT_LANGUAGE:
        return hints
    longest = max(tracks, key=lambda track: sum(s.duration_ms for s in track.speech))
    language = recogniser.detect_language(longest.audio, longest.regions)
    return Hints(language, hints.vocabulary)


def _judged(words: Sequence[TimedWord], track: Track) -> list[HeardWord]:
    struck = invented(words, track)
    return [HeardWord(word, struck.get(number)) for number, word in enumerate(words)]


def _with_second_hearing(
    heard: list[HeardWord], track: Track, hints: Hints, recogniser: Recogniser
) -> list[HeardWord]:
    """Decode the speech that gave no words once more, each stretch alone.

    In a batch recognisers drop talk now and then (faster-whisper issues 1179 and 1351); with other
    borders around it the same talk is mostly understood.
    """
    found: list[HeardWord] = []
    for gap in uncovered(track.speech, _kept(heard)):
        region = Interval(
            max(gap.start_ms - _ROOM_MS, 0),
            min(gap.end_ms + _ROOM_MS, track.audio.duration_ms),
        )
        words = recogniser.recognise_alone(track.audio, region, hints)
        # A word at the edge belongs to the talk around the gap, which has its words already.
        found += [
            word
            for word in _judged(timed(words, region, track.speech), track)
            if gap.start_ms <= _middle_ms(word) < gap.end_ms
        ]
    return sorted(heard + found, key=lambda word: word.word.interval.start_ms) if found else heard


def _middle_ms(heard: HeardWord) -> int:
    return (heard.word.interval.start_ms + heard.word.interval.end_ms) // 2


def _kept(heard: Iterable[HeardWord]) -> list[Interval]:
    return [word.word.interval for word in heard if word.struck is None]


def _utterances(heard: Sequence[HeardWord]) -> Iterator[list[HeardWord]]:
    """Yield runs of words without a pause between them."""
    run: list[HeardWord] = []
    for word in heard:
        if run:
            pause_ms = word.word.interval.start_ms - run[-1].word.interval.end_ms
            if pause_ms >= _UTTERANCE_PAUSE_MS:
                yield run
                run = []
        run.append(word)
    if run:
        yield run


def _word(number: int, heard: HeardWord, speaker: str | None) -> Word:
    interval = heard.word.interval
    return Word(
        id=f"w{number:06d}",
        text=heard.word.text,
        start_ms=interval.start_ms,
        end_ms=interval.end_ms,
        speaker=speaker,
        confidence=heard.word.confidence,
        struck=heard.struck,
    )


def uncovered(speech: Sequence[Interval], words: Iterable[Interval]) -> list[Interval]:
    """Return the stretches of `speech`, given in order, that no word accounts for."""
    heard = joined(
        Interval(max(word.start_ms - REACH_MS, 0), word.end_ms + REACH_MS) for word in words
    )
    gaps: list[Interval] = []
    first = 0
    for stretch in speech:
        while first < len(heard) and heard[first].end_ms <= stretch.start_ms:
            first += 1
        gaps += _without(stretch, islice(heard, first, None))
    return [gap for gap in gaps if gap.duration_ms >= WORTH_REPORTING_MS]


def _without(stretch: Interval, heard: Iterable[Interval]) -> Iterator[Interval]:
    """Yield what is left of `stretch` when all of `heard`, in order, is taken out."""
    position_ms = stretch.start_ms
    for known in heard:
        if known.start_ms >= stretch.end_ms:
            break
        if known.start_ms > position_ms:
            yield Interval(position_ms, known.start_ms)
        position_ms = max(position_ms, known.end_ms)
    if position_ms < stretch.end_ms:
        yield Interval(position_ms, stretch.end_ms)
