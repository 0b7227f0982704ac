"""What of the names found in a draft is to be believed.

A small recogniser writes words from its list for everything that it hears, without capitals. A
model of names, which goes by what stands around a word, then takes many of them for names. So an
ordinary word needs more proof here than elsewhere; the roster's names, which have a proof of their
own, are not concerned, nor are names that are spelt out.
"""

from transcriber.domain.finding import EntityType, Finding
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import plain_words

NAMED = frozenset({EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION})
PROVEN = ("roster", "name spelt out")
"""Sources that go by more than what stands around a word."""

LEAST_SCORE = 0.4
LEAST_SCORE_OF_A_WORD = 0.5
"""Of one ordinary word. Both chosen with `tests.benchmarks.through_recogniser`."""


def is_credible(finding: Finding) -> bool:
    """Whether something found in a draft is more than a word that a recogniser wrote by chance."""
    if finding.entity_type not in NAMED or finding.source.startswith(PROVEN):
        return True
    words = plain_words(finding.text)
    if len(words) == 1 and len(words[0]) == 1:
        return False
    one_word = len(words) == 1 and words[0] in ordinary_words()
    return finding.score >= (LEAST_SCORE_OF_A_WORD if one_word else LEAST_SCORE)
