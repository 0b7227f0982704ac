"""The mean voice that ships is the one whose making is written down."""

import hashlib
from importlib.resources import files
from pathlib import Path

import numpy as np

from transcriber.engines.voices.encoder import mean_voice, provenance

DECISION = Path(__file__).parents[2] / "docs" / "decisions" / "0006-voices.md"


def test_the_shipped_file_has_the_hash_that_provenance_and_the_decision_name() -> None:
    shipped = files("transcriber.engines.voices") / "mean_voice.npy"

    digest = hashlib.sha256(shipped.read_bytes()).hexdigest()

    assert provenance()["mean_voice_sha256"] == digest
    assert f"`{digest}`" in DECISION.read_text(encoding="utf-8")


def test_the_mean_of_many_voices_is_shorter_than_one_voice() -> None:
    assert mean_voice().shape == (256,)
    assert mean_voice().dtype == np.float32
    assert 0.5 < float(np.linalg.norm(mean_voice())) < 0.9
