"""Detection with Presidio's analyzer and a registry that is written out here."""

from collections import OrderedDict
from functools import cached_property

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.ages import AgeRecogniser
from transcriber.engines.presidio.dates import DateRecogniser
from transcriber.engines.presidio.first_names import FirstNameRecogniser
from transcriber.engines.presidio.introductions import IntroductionRecogniser
from transcriber.engines.presidio.organisations import OrganisationRecogniser
from transcriber.engines.presidio.places import PlaceRecogniser
from transcriber.engines.presidio.postcodes import PostcodeRecogniser
from transcriber.engines.presidio.predefined import (
    OUR_TYPES,
    THRESHOLD,
    CueEnhancer,
    predefined_recognisers,
    silence,
)
from transcriber.engines.presidio.recogniser import ENTITY_KEY
from transcriber.engines.presidio.roster import PREFIX, RosterRecogniser
from transcriber.engines.presidio.spoken_addresses import SpokenAddressRecogniser
from transcriber.engines.presidio.spoken_numbers import SpokenNumberRecogniser

LANGUAGE = "en"
ROSTERS_KEPT = 8


def our_recognisers() -> list[EntityRecognizer]:
    """Return the recognisers that this project adds to Presidio's, without the roster's."""
    return [
        IntroductionRecogniser(),
        FirstNameRecogniser(),
        AgeRecogniser(),
        DateRecogniser(),
        SpokenNumberRecogniser(),
        SpokenAddressRecogniser(),
        PostcodeRecogniser(),
        PlaceRecogniser(),
        OrganisationRecogniser(),
    ]


class PresidioDetector:
    """Finds identifiers with pattern and list recognisers; nothing is downloaded.

    Recognisers are built when they are first needed, once per object.
    """

    def __init__(self) -> None:
        silence()
        self._rosters: OrderedDict[int, tuple[Roster, RosterRecogniser]] = OrderedDict()

    def serves(self) -> frozenset[EntityType]:
        """Entity types that some recogniser in the registry is able to find."""
        return frozenset(
            _our_type(name)
            for recogniser in self._engine.registry.recognizers
            for name in recogniser.supported_entities
        )

    def detect(self, text: str, sought: frozenset[EntityType], roster: Roster) -> list[Finding]:
        """Return findings in `text` of the types that are sought; they may overlap."""
        ours = self._roster_recogniser(roster)
        names = [name for name in self._names(ours) if _our_type(name) in sought]
        if not names or not text.strip():
            return []
        results = self._engine.analyze(
            text=text, language=LANGUAGE, entities=names, ad_hoc_recognizers=[ours]
        )
        return [_finding(text, result) for result in results]

    @cached_property
    def _engine(self) -> AnalyzerEngine:
        registry = RecognizerRegistry(
            recognizers=[*predefined_recognisers(), *our_recognisers()],
            supported_languages=[LANGUAGE],
        )
        return AnalyzerEngine(
            registry=registry,
            nlp_engine=NoOpNlpEngine([{"lang_code": LANGUAGE, "model_name": "none"}]),
            supported_languages=[LANGUAGE],
            context_aware_enhancer=CueEnhancer(),
            default_score_threshold=THRESHOLD,
        )

    def _names(self, roster: RosterRecogniser) -> list[str]:
        recognisers = [*self._engine.registry.recognizers, roster]
        return list(dict.fromkeys(n for r in recognisers for n in r.supported_entities))

    def _roster_recogniser(self, roster: Roster) -> RosterRecogniser:
        """Return the compiled roster; holding the roster keeps its identity from being reused."""
        known = self._rosters.get(id(roster))
        if known is None:
            known = (roster, RosterRecogniser(roster))
            self._rosters[id(roster)] = known
            if len(self._rosters) > ROSTERS_KEPT:
                self._rosters.popitem(last=False)
        return known[1]


def _our_type(name: str) -> EntityType:
    return OUR_TYPES.get(name) or EntityType(name.removeprefix(PREFIX))


def _finding(text: str, result: RecognizerResult) -> Finding:
    metadata = result.recognition_metadata
    return Finding(
        start=result.start,
        end=result.end,
        entity_type=_our_type(result.entity_type),
        text=text[result.start : result.end],
        score=round(float(result.score), 3),
        source=str(metadata[RecognizerResult.RECOGNIZER_NAME_KEY]),
        entity=str(metadata.get(ENTITY_KEY, "")),
    )
