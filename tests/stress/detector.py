"""The recognisers of spoken forms with Presidio's own, without those of names."""

from dataclasses import replace
from functools import cache

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.policy import Locale
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.predefined import (
    OUR_TYPES,
    THRESHOLD,
    CueEnhancer,
    predefined_recognisers,
    silence,
)
from transcriber.engines.presidio.recogniser import ENTITY_KEY
from transcriber.engines.presidio.spoken.recognisers import spoken_recognisers
from transcriber.services.policy_file import load_policy
from transcriber.stages.detect import detect


class NumberDetector:
    """What is measured: it fits the Detector protocol."""

    def __init__(self, locale: Locale) -> None:
        silence()
        registry = RecognizerRegistry(
            recognizers=[*predefined_recognisers(), *spoken_recognisers(locale)],
            supported_languages=["en"],
        )
        self._engine = AnalyzerEngine(
            registry=registry,
            nlp_engine=NoOpNlpEngine([{"lang_code": "en", "model_name": "none"}]),
            supported_languages=["en"],
            context_aware_enhancer=CueEnhancer(),
            default_score_threshold=THRESHOLD,
        )

    def serves(self) -> frozenset[EntityType]:
        return load_policy("default").sought

    def detect(
        self, text: str, sought: frozenset[EntityType], roster: Roster, locale: Locale
    ) -> list[Finding]:
        return [
            Finding(
                result.start,
                result.end,
                OUR_TYPES.get(result.entity_type) or EntityType(result.entity_type),
                text[result.start : result.end],
                result.score,
                str(result.recognition_metadata["recognizer_name"]),
                str(result.recognition_metadata.get(ENTITY_KEY, "")),
            )
            for result in self._engine.analyze(text=text, language="en")
        ]


@cache
def detector(locale: Locale) -> NumberDetector:
    """One per country."""
    return NumberDetector(locale)


def find(text: str, locale: Locale) -> tuple[Finding, ...]:
    """Findings under the default policy, without a roster."""
    policy = replace(load_policy("default"), locale=locale)
    return detect(text, policy, Roster(), [detector(locale)])
