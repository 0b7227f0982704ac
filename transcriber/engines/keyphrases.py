"""Names heard in the sound itself, by PocketSphinx's keyphrase search.

It runs beside any recogniser and knows no words but the names it is told: what Whisper writes as
`free up until` still sounds like Priya Patel.
"""

import math
import multiprocessing
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib.metadata import version
from itertools import islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from transcriber.domain.errors import EngineFailed
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Audio
from transcriber.domain.spotted import Spotted
from transcriber.engines.cores import cores
from transcriber.engines.pocketsphinx import MODEL, MS_PER_FRAME, end_with_parent, model_path
from transcriber.stages.pcm import read_samples
from transcriber.stages.spoken_names.misread import said
from transcriber.stages.words import plain_words

Sounds = tuple[str, ...]

MOST_WAYS = 6
"""Pronunciations of one name that are sought; each costs time and false alarms."""
SHORTEST = 3
"""Sounds of the shortest name that is sought: shorter ones are in every other word."""
LONGEST = 24
"""Sounds of the longest stretch that is sought: the beginning of a long name tells it."""

FALSE_ALARMS = {3: 1.7, 4: 1.25, 5: 1.05, 6: 0.2, 7: -0.1, 8: -0.4, 9: -1.0, 10: -1.3}
"""By sounds in a name: how many false alarms an hour of talk gives, as a power of ten, where the
name is as likely as any other sounds. Measured with 109 names on 55 minutes of talk, real and
synthetic (`tests.benchmarks.keyphrases`)."""
PER_POWER = 0.075
"""By how much that power falls where the name is ten times as likely."""
SAID_AN_HOUR = 10.0
"""How often a name is taken to be said: what false alarms are weighed against."""
LEAST_SCORE = 0.02
LEAST_RATIO = -45.0
"""Powers of ten. However long a name is: talk is never this unlike what is said."""

WIDEST_BEAM = 1e-120
"""At 1e-48, the default, a name that begins badly is given up; wider costs no time that shows."""

LOG_BASE = 1.0001
SCORE_UNIT = 1024
"""Scores of a search are whole logarithms to this base, divided by this."""
SCORE_SHIFT = 1500
"""PocketSphinx takes this from each score, so that what it calls a probability is below one."""


class PocketSphinxSpotter:
    """Spotter for English; regions are spread over processes because it holds Python's lock."""

    name = "pocketsphinx-keyphrases"

    def __init__(self, processes: int | None = None) -> None:
        self._processes = processes or cores()

    def provenance(self) -> Mapping[str, str]:
        """Acoustic model and the library's version."""
        return {"model": MODEL, "version": version("pocketsphinx")}

    def spot(
        self, audio: Audio, regions: Sequence[Interval], names: Sequence[str]
    ) -> Iterator[Spotted]:
        """Yield where names are heard, region by region, in order of their start.

        The same name is yielded once for one place; different names may overlap. Names that are
        too short to be told from other talk, or that cannot be read, are not heard. Raises
        EngineFailed when a process dies.
        """
        sought = tuple(name for name in dict.fromkeys(names) if ways_to_say(name))
        if not sought or not regions:
            return
        # A forked child would inherit the locks of the other threads of this process.
        context = multiprocessing.get_context("spawn")
        workers = min(self._processes, len(regions))
        try:
            with ProcessPoolExecutor(
                workers, context, initializer=_load, initargs=(sought,)
            ) as pool:
                for heard in pool.map(_spot_region, [audio] * len(regions), regions):
                    yield from heard
        except BrokenProcessPool as error:
            raise EngineFailed(
                "spotter_died",
                "The search for names in the sound stopped unexpectedly, perhaps for want of "
                "memory. Close other programs and run the same command again: it goes on where it "
                "stopped.",
            ) from error


def ways_to_say(name: str) -> tuple[Sounds, ...]:
    """Return the pronunciations of a name that are sought, none where it is not worth trying."""
    each = [tuple(enumerate(said(word))) for word in plain_words(name)]
    if not each or not all(each):
        return ()
    # Whoever says one part of a name as it is said at home, says all of it so.
    ordered = sorted(islice(product(*each), 1000), key=lambda choice: sum(n for n, _ in choice))
    joined = (tuple(sound for _, way in choice for sound in way)[:LONGEST] for choice in ordered)
    ways = dict.fromkeys(way for way in joined if len(way) >= SHORTEST)
    return tuple(ways)[:MOST_WAYS]


def score_of(ratio: float, sounds: int) -> float:
    """Return how likely a spotting is right, from 0 to 1.

    `ratio` is how much likelier the name is than any other sounds, as a power of ten.
    """
    expected = FALSE_ALARMS[min(max(sounds, SHORTEST), max(FALSE_ALARMS))] - PER_POWER * ratio
    return SAID_AN_HOUR / (SAID_AN_HOUR + math.pow(10, expected))


def least_ratio(sounds: int) -> float:
    """Return the ratio at which a name of so many sounds has the least score that counts."""
    power = math.log10(SAID_AN_HOUR / LEAST_SCORE - SAID_AN_HOUR)
    alarms = FALSE_ALARMS[min(max(sounds, SHORTEST), max(FALSE_ALARMS))]
    return max((alarms - power) / PER_POWER, LEAST_RATIO)


_decoder: Any = None
_keys: dict[str, tuple[str, int]] = {}
"""What the decoder's words stand for: a name and the number of its sounds."""


def _load(names: tuple[str, ...]) -> None:
    """Make this process's decoder; its only words are the ways to say these names."""
    from pocketsphinx import Config, Decoder

    global _decoder  # noqa: PLW0603 - one model per process, loaded where it is used
    end_with_parent()
    _decoder = Decoder(
        Config(hmm=str(model_path("en-us")), dict=None, lm=None, beam=WIDEST_BEAM, loglevel="FATAL")
    )
    lines = []
    for number, name in enumerate(names):
        for way_number, way in enumerate(ways_to_say(name)):
            # The search is described in a file: names stay out of it.
            key = f"K{number}W{way_number}"
            _keys[key] = (name, len(way))
            _decoder.add_word(key, " ".join(way), False)
            lines.append(f"{key} /1e{least_ratio(len(way)):.0f}/\n")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "keys"
        path.write_text("".join(lines))
        _decoder.add_kws("names", str(path))
    _decoder.activate_search("names")


def _spot_region(audio: Audio, region: Interval) -> tuple[Spotted, ...]:
    # Noise removal would otherwise carry over from one region to the next.
    _decoder.reinit_feat()
    _decoder.start_utt()
    _decoder.process_raw(read_samples(audio, region).tobytes(), full_utt=True)
    _decoder.end_utt()
    if _decoder.hyp() is None:
        return ()
    return _once([_spotted(segment, region) for segment in _decoder.seg()])


def _spotted(segment: Any, region: Interval) -> Spotted:
    name, sounds = _keys[segment.word.strip()]
    units = math.log(segment.prob) / math.log(LOG_BASE) + SCORE_SHIFT
    ratio = units * SCORE_UNIT * math.log10(LOG_BASE)
    return Spotted(
        name,
        Interval(
            min(region.start_ms + segment.start_frame * MS_PER_FRAME, region.end_ms),
            min(region.start_ms + (segment.end_frame + 1) * MS_PER_FRAME, region.end_ms),
        ),
        round(score_of(ratio, sounds), 4),
    )


def _once(spotted: list[Spotted]) -> tuple[Spotted, ...]:
    """Keep the best of those that hear one name at one place in several ways."""
    kept: dict[str, list[Spotted]] = {}
    for hit in sorted(spotted, key=lambda hit: (-hit.score, hit.interval, hit.name)):
        same = kept.setdefault(hit.name, [])
        if not any(hit.interval.overlap_ms(other.interval) for other in same):
            same.append(hit)
    return tuple(
        sorted((h for hits in kept.values() for h in hits), key=lambda h: (h.interval, h.name))
    )
