"""Presidio's own recognisers never give up in silence."""

import pytest
from presidio_analyzer import Pattern, PatternRecognizer, pattern_recognizer

from transcriber.domain.errors import RedactionRefused
from transcriber.engines.presidio.predefined import silence


def test_a_pattern_that_takes_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern_recognizer, "REGEX_TIMEOUT_SECONDS", 0.05)
    silence()
    slow = PatternRecognizer("ID", patterns=[Pattern("slow", r"(a|aa|aaa|b?a)+$", 0.5)])
    with pytest.raises(RedactionRefused) as refused:
        slow.analyze("a" * 60 + "!", ["ID"])
    assert refused.value.code == "pattern_timeout"
