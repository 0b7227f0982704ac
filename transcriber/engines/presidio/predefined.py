"""Presidio's own recognisers, those that fit British, Irish and American interviews."""

import logging
import re
from collections.abc import Sequence

import tldextract
from presidio_analyzer import EntityRecognizer, Pattern, RecognizerResult
from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer
from presidio_analyzer.predefined_recognizers import (
    CreditCardRecognizer,
    EmailRecognizer,
    IbanRecognizer,
    IpRecognizer,
    NhsRecognizer,
    PhoneRecognizer,
    UkDrivingLicenceRecognizer,
    UkNinoRecognizer,
    UkPassportRecognizer,
    UkPostcodeRecognizer,
    UkVehicleRegistrationRecognizer,
    UrlRecognizer,
)

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import EntityType

PHONE_REGIONS = ("GB", "IE", "US")

OUR_TYPES = {
    "PHONE_NUMBER": EntityType.PHONE,
    "EMAIL_ADDRESS": EntityType.EMAIL,
    "URL": EntityType.URL,
    "CREDIT_CARD": EntityType.ID,
    "IBAN_CODE": EntityType.ID,
    "IP_ADDRESS": EntityType.ID,
    "UK_NHS": EntityType.ID,
    "UK_NINO": EntityType.ID,
    "UK_PASSPORT": EntityType.ID,
    "UK_DRIVING_LICENCE": EntityType.ID,
    "UK_VEHICLE_REGISTRATION": EntityType.ID,
    "UK_POSTCODE": EntityType.POSTCODE,
}
"""Presidio's entity names as ours."""

_REST = r"[^\s<>\"']*[^\s<>\"'.,;:!?()]"
_ENDINGS = "com|org|net|uk|ie|edu|gov|info|eu|ac|nhs|scot|wales|london"
WEB_PATTERNS = (
    Pattern("with http", rf"\bhttps?://{_REST}", 0.6),
    Pattern("with www", rf"(?<![\w.@-])www\d?\.{_REST}", 0.6),
    Pattern(
        "with a known ending",
        rf"(?<![\w.@-])(?:[a-z0-9-]{{1,63}}\.){{1,6}}(?:{_ENDINGS})\b(?![\w@-])(?:/{_REST})?",
        0.5,
    ),
)
"""Presidio's own patterns know every country's ending, so that `i stopped.and then` is an address
(`.an`), and a page of dots takes them minutes."""

THRESHOLD = 0.35
"""Below it Presidio's patterns are shapes that any text has (passport 0.1, old car plates 0.15):
they count only beside a cue, which lifts them over it."""

CUE_LIFT = 0.35
REACH_BEFORE, REACH_AFTER = 120, 40
"""Characters around a result in which a cue counts: the question is often in the turn before."""


def silence() -> None:
    """Keep Presidio's loggers quiet: at debug level they would write interview text."""
    for name in ("presidio-analyzer", "presidio-anonymizer", "decision_process"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.CRITICAL)
        logger.propagate = False
    analyzer = logging.getLogger("presidio-analyzer")
    analyzer.setLevel(logging.WARNING)
    if not any(isinstance(known, _TimeoutsRefuse) for known in analyzer.filters):
        analyzer.addFilter(_TimeoutsRefuse())


class _TimeoutsRefuse(logging.Filter):
    """Drops what Presidio logs, and refuses where it would skip a pattern that took too long.

    Presidio gives a pattern a minute, writes a warning and goes on without it: whatever the
    pattern would have found stays in the text.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Return False; raise RedactionRefused with code `pattern_timeout` for a timeout."""
        if "timed out" in str(record.msg):
            raise RedactionRefused(
                "pattern_timeout",
                "A search for identifiers took longer than a minute and was given up, so nothing "
                "was redacted. Split the text at its longest line and run it again.",
            )
        return False


def keep_tld_offline() -> None:
    """Give tldextract its packaged list: it would fetch one at the first e-mail address."""
    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(
        suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True
    )
    tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR


def predefined_recognisers() -> list[EntityRecognizer]:
    """Return the recognisers under names that a researcher understands."""
    keep_tld_offline()
    return [
        EmailRecognizer(name="e-mail address"),
        UrlRecognizer(name="web address", patterns=list(WEB_PATTERNS)),
        PhoneRecognizer(name="telephone number", supported_regions=PHONE_REGIONS),
        CreditCardRecognizer(name="card number"),
        IbanRecognizer(name="bank account"),
        IpRecognizer(name="network address"),
        NhsRecognizer(name="NHS number"),
        UkNinoRecognizer(name="National Insurance number"),
        UkPassportRecognizer(name="passport"),
        UkDrivingLicenceRecognizer(name="driving licence"),
        UkVehicleRegistrationRecognizer(name="car registration"),
        UkPostcodeRecognizer(name="postcode"),
    ]


class CueEnhancer(ContextAwareEnhancer):  # type: ignore[misc]
    """Lifts results beside a recogniser's context words.

    Presidio's own enhancer looks at five lemmas before a result and needs a language model for
    them; here the words just count as they stand, of several words too (`number plate`).
    """

    def __init__(self) -> None:
        super().__init__(CUE_LIFT, CUE_LIFT, 0, 0)

    def enhance_using_context(
        self,
        text: str,
        raw_results: list[RecognizerResult],
        nlp_artifacts: object,
        recognizers: Sequence[EntityRecognizer],
        context: list[str] | None = None,
    ) -> list[RecognizerResult]:
        """Return the results, lifted where a cue stands near."""
        cues = {r.id: _pattern(r.context) for r in recognizers if r.context}
        for result in raw_results:
            metadata = result.recognition_metadata
            cue = cues.get(metadata[RecognizerResult.RECOGNIZER_IDENTIFIER_KEY])
            around = text[max(result.start - REACH_BEFORE, 0) : result.start] + " \0 "
            around += text[result.end : result.end + REACH_AFTER]
            if cue and cue.search(around):
                result.score = min(result.score + CUE_LIFT, self.MAX_SCORE)
        return raw_results


def _pattern(context: Sequence[str]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, context))})s?\b", re.IGNORECASE)
