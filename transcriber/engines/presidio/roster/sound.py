"""The names of a roster that are sought by sound."""

from collections.abc import Mapping

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.gazetteers import first_names
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.spoken_names.alikes import SoundIndex
from transcriber.stages.spoken_names.forms import NICKNAME, Form, Meaning

SHORTEST = 3
"""Letters of the shortest name that is sought by sound."""


def sounds_of(forms: Mapping[Form, Meaning]) -> SoundIndex:
    """Return the index of all forms but nicknames that the roster does not hold itself."""
    return SoundIndex(
        {
            form: meaning.kind is EntityType.PERSON
            for form, meaning in forms.items()
            if meaning.source != NICKNAME
            and sum(map(len, form)) >= SHORTEST
            and not (len(form) == 1 and form[0] in COMMON_WORDS)
        },
        first_names(),
    )
