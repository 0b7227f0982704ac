"""The engine that found the words recognises none of those that a tone stands over.

Of the sample: `tests/e2e/test_sample.py`, and all of it by `python -m tests.bleeped DEMO_FOLDER`.
"""

from pathlib import Path

import numpy as np
import pytest

from tests.bleeped import heard_in, released, written
from tests.spoken.flite import VOICES, speak
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.domain.released_sound import SoundFormat

SENTENCES = (
    ("My sister Caroline told me about the group.", "Caroline"),
    ("And then we moved to Manchester with the baby.", "Manchester"),
    ("I said to Jennifer that it would be fine.", "Jennifer"),
    ("They sent us to the hospital in Birmingham that night.", "Birmingham"),
    ("It was my husband Michael who called the doctor.", "Michael"),
    ("So Margaret came around every Friday morning.", "Margaret"),
)
"""Names that the recogniser knows, so that it would know them again."""


@pytest.mark.slow
def test_names_spoken_by_flite_are_not_recognised_under_the_tone(tmp_path: Path) -> None:
    pieces, spans, at = [], [], 0
    for number, (sentence, name) in enumerate(SENTENCES):
        told = speak(sentence, VOICES[number % 4])
        (time,) = (time for word, time in told.words if word.lower() == name.lower())
        at_ms = at * 1000 // SAMPLE_RATE_HZ
        spans.append(Interval(at_ms + time.start_ms, at_ms + time.end_ms))
        pieces.append(np.concatenate((told.samples, np.zeros(SAMPLE_RATE_HZ))))
        at += len(pieces[-1])
    sound = (np.concatenate(pieces) * 32_767).astype(np.int16)
    audio = written(sound, tmp_path / "spoken.s16")
    before = heard_in(audio, spans)
    known = [name.lower() in heard for (_, name), heard in zip(SENTENCES, before, strict=True)]
    assert sum(known) >= 4
    after = heard_in(released(audio, spans, SoundFormat.OPUS, tmp_path), spans)
    for was, now in zip(before, after, strict=True):
        assert not was & now
