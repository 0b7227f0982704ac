"""Hearing released sound again with the engine that found the words.

`python -m tests.bleeped DEMO_FOLDER`: all that `transcriber demo --out DEMO_FOLDER` replaced.
"""

import io
import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from tests.sounding_release import samples
from transcriber.domain.interval import Interval, joined
from transcriber.domain.recording import Audio
from transcriber.domain.released_sound import USUAL_SOUND, SoundFormat, TakenOut
from transcriber.engines.pocketsphinx import PocketSphinxRecogniser
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.review_copy import AacEncoder
from transcriber.engines.silenced.silencer import PyAvSilencer
from transcriber.sample import sample_audio
from transcriber.stages.protocols import Hints

AROUND_MS = 1_000
"""Of talk on either side, which a recogniser needs to find its way."""


def main(demo: Path) -> None:
    """Print of how many replaced spans any word is recognised again, in each format."""
    for sound_format in SoundFormat:
        with tempfile.TemporaryDirectory() as folder:
            known = recognised_again(demo, sound_format, Path(folder))
        print(f"{sound_format}: {sum(map(bool, known))} of {len(known)} spans", flush=True)


def recognised_again(
    demo: Path, sound_format: SoundFormat, folder: Path, most: int | None = None
) -> list[set[str]]:
    """Return which of its words are recognised again in what a demo replaced, span by span."""
    findings = json.loads((demo / "private" / "FG01.findings.json").read_text())
    words = json.loads((demo / "private" / "FG01.transcript.json").read_text())["words"]
    replaced = [found for found in findings if found.get("replacement")]
    chosen = replaced[:: max(1, len(replaced) // most)][:most] if most else replaced
    # A tone stands over all of them, as it would; some are listened to.
    spans, heard = _spans(replaced), _spans(chosen)
    audio = PyAvDecoder().decode(sample_audio(), folder / "demo.s16", lambda *_: None).audio
    again = heard_in(released(audio, spans, sound_format, folder), heard)
    before = (
        {word["text"].lower() for word in words[found["first_word"] : found["last_word"] + 1]}
        for found in chosen
    )
    return [was & now for was, now in zip(before, again, strict=True)]


def _spans(findings: Sequence[Mapping[str, int]]) -> list[Interval]:
    return [Interval(found["start_ms"], found["end_ms"]) for found in findings]


def released(
    audio: Audio, spans: Sequence[Interval], sound_format: SoundFormat, folder: Path
) -> Audio:
    """Return sound as it leaves: copied to be listened to, bleeped, and decoded once more."""
    copy = folder / "copy.m4a"
    AacEncoder().encode(audio, copy, lambda *_: None)
    padding_ms = USUAL_SOUND.padding_ms
    padded = joined(
        Interval(max(0, span.start_ms - padding_ms), span.end_ms + padding_ms) for span in spans
    )
    silencer = PyAvSilencer(sound_format)
    pieces = silencer.without(io.BytesIO(copy.read_bytes()), TakenOut(tuple(padded)))
    return written(samples(b"".join(pieces)), folder / f"{sound_format}.s16")


def written(sound: NDArray[np.int16], path: Path) -> Audio:
    """Write samples as the engines read them."""
    path.write_bytes(sound.astype("<i2").tobytes())
    return Audio(path, len(sound))


def heard_in(audio: Audio, spans: Sequence[Interval]) -> list[set[str]]:
    """Return the words that are recognised in spans: those of which half or more lies in one."""
    regions = joined(
        Interval(max(0, s.start_ms - AROUND_MS), min(s.end_ms + AROUND_MS, audio.duration_ms))
        for s in spans
    )
    recognised = PocketSphinxRecogniser().recognise(audio, regions, Hints("en"))
    words = [word for region in recognised for word in region]
    heard: list[set[str]] = []
    for span in spans:
        inside = set()
        for word in words:
            assert word.start_ms is not None
            assert word.end_ms is not None
            time = Interval(word.start_ms, word.end_ms)
            if 2 * time.overlap_ms(span) >= time.duration_ms:
                inside.add(word.text)
        heard.append(inside)
    return heard


if __name__ == "__main__":
    main(Path(sys.argv[1]))
