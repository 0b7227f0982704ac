"""Replacement with Presidio's anonymizer, one operator for each finding."""

from collections.abc import Sequence

from presidio_anonymizer import AnonymizerEngine
from presidio_anonymizer.entities import OperatorConfig, RecognizerResult

from transcriber.domain.finding import Finding
from transcriber.engines.presidio.predefined import silence


class PresidioAnonymiser:
    """Writes the replacement of each finding over its span."""

    def __init__(self) -> None:
        silence()
        self._engine = AnonymizerEngine()

    def replace(self, text: str, findings: Sequence[Finding]) -> str:
        """Return `text` with each finding's span replaced; one without a replacement stays.

        Every finding is an entity type of its own to Presidio: it would merge neighbours of one
        type (`Sarah Tom`), even those that merely touch.
        """
        replaced = [f for f in findings if f.replacement is not None and f.start < f.end]
        if not replaced:
            return text
        results = [
            RecognizerResult(entity_type=f"F{number}", start=f.start, end=f.end, score=1.0)
            for number, f in enumerate(replaced)
        ]
        operators = {
            f"F{number}": OperatorConfig("replace", {"new_value": f.replacement})
            for number, f in enumerate(replaced)
        }
        result = self._engine.anonymize(
            text=text,
            analyzer_results=results,
            operators=operators,
            merge_entities_with_spaces=False,
        )
        return str(result.text)
