"""The recognisers of numbers, codes, addresses, dates and ages, spoken and written."""

from presidio_analyzer import EntityRecognizer

from transcriber.domain.policy import Locale
from transcriber.engines.presidio.spoken.ages import AgeRecogniser
from transcriber.engines.presidio.spoken.dates import DateRecogniser
from transcriber.engines.presidio.spoken.net_addresses import SpokenAddressRecogniser
from transcriber.engines.presidio.spoken.numbers import SpokenNumberRecogniser
from transcriber.engines.presidio.spoken.postcodes import PostcodeRecogniser
from transcriber.engines.presidio.spoken.spelt_names import SpeltNameRecogniser


def spoken_recognisers(locale: Locale) -> list[EntityRecognizer]:
    """Return the recognisers of what is said in numbers, letters and signs in one country."""
    return [
        AgeRecogniser(),
        DateRecogniser(locale),
        SpokenNumberRecogniser(locale),
        SpokenAddressRecogniser(),
        PostcodeRecogniser(locale),
        SpeltNameRecogniser(),
    ]
