"""Detection with Presidio's analyzer and a registry that is written out here."""

from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property

from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NoOpNlpEngine

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.policy import Locale, NerModel
from transcriber.domain.roster import Roster
from transcriber.engines.presidio.added_models import (
    AddedModelRecogniser,
    load_added,
    require_installed,
)
from transcriber.engines.presidio.addresses import AddressRecogniser
from transcriber.engines.presidio.indirect.belonging import BelongingRecogniser
from transcriber.engines.presidio.indirect.event import EventRecogniser
from transcriber.engines.presidio.indirect.family import FamilyRecogniser
from transcriber.engines.presidio.indirect.health import HealthRecogniser
from transcriber.engines.presidio.indirect.occupation import OccupationRecogniser
from transcriber.engines.presidio.names.bynames import BynameRecogniser
from transcriber.engines.presidio.names.cued import CuedNameRecogniser
from transcriber.engines.presidio.names.model import NameModelRecogniser
from transcriber.engines.presidio.predefined import (
    OUR_TYPES,
    THRESHOLD,
    CueEnhancer,
    predefined_recognisers,
    silence,
)
from transcriber.engines.presidio.recogniser import ENTITY_KEY
from transcriber.engines.presidio.roster.recogniser import PREFIX, RosterRecogniser
from transcriber.engines.presidio.spoken.recognisers import spoken_recognisers

LANGUAGE = "en"
ROSTERS_KEPT = 8


def our_recognisers(locale: Locale = Locale.GB) -> list[EntityRecognizer]:
    """Return the recognisers that this project adds to Presidio's, without the roster's."""
    return [
        NameModelRecogniser(),
        BynameRecogniser(),
        CuedNameRecogniser(),
        *spoken_recognisers(locale),
        AddressRecogniser(locale),
        OccupationRecogniser(),
        FamilyRecogniser(),
        EventRecogniser(),
        HealthRecogniser(),
        BelongingRecogniser(),
    ]


class PresidioDetector:
    """Finds identifiers with a model of ours, patterns and lists; nothing is downloaded.

    Models of other people, if any are added, find beside these. Recognisers are built when they
    are first needed, once per object and locale, and added models loaded then, once per object.
    Raises EngineMissing when a model that is added is not on this machine.
    """

    def __init__(self, added: Sequence[NerModel] = ()) -> None:
        silence()
        for model in added:
            require_installed(model)
        self._models = tuple(added)
        self._engines: dict[Locale, AnalyzerEngine] = {}
        self._rosters: OrderedDict[int, tuple[Roster, RosterRecogniser]] = OrderedDict()

    def serves(self) -> frozenset[EntityType]:
        """Entity types that some recogniser in the registry is able to find."""
        return frozenset(
            _our_type(name)
            for recogniser in self._engine(Locale.GB).registry.recognizers
            for name in recogniser.supported_entities
        )

    def detect(
        self,
        text: str,
        sought: frozenset[EntityType],
        roster: Roster,
        locale: Locale = Locale.GB,
    ) -> list[Finding]:
        """Return findings in `text` of the types that are sought; they may overlap."""
        ours, engine = self._roster_recogniser(roster), self._engine(locale)
        recognisers = [*engine.registry.recognizers, ours]
        names = dict.fromkeys(name for r in recognisers for name in r.supported_entities)
        wanted = [name for name in names if _our_type(name) in sought]
        if not wanted or not text.strip():
            return []
        results = engine.analyze(
            text=text, language=LANGUAGE, entities=wanted, ad_hoc_recognizers=[ours]
        )
        return [_finding(text, result) for result in results]

    @cached_property
    def _added(self) -> tuple[AddedModelRecogniser, ...]:
        return tuple(load_added(model) for model in self._models)

    def _engine(self, locale: Locale) -> AnalyzerEngine:
        if locale not in self._engines:
            registry = RecognizerRegistry(
                recognizers=[*predefined_recognisers(), *our_recognisers(locale), *self._added],
                supported_languages=[LANGUAGE],
            )
            self._engines[locale] = AnalyzerEngine(
                registry=registry,
                nlp_engine=NoOpNlpEngine([{"lang_code": LANGUAGE, "model_name": "none"}]),
                supported_languages=[LANGUAGE],
                context_aware_enhancer=CueEnhancer(),
                default_score_threshold=THRESHOLD,
            )
        return self._engines[locale]

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
