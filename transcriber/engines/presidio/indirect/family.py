"""Families that few people have: twins, eleven children, a widower, a foster child.

`My mum` or `our two kids` say nothing on anybody and are left alone.
"""

from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.indirect.phrases import Phrases, joined, says_of_somebody
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.number_words import cardinal
from transcriber.stages.words import TextWords, word_set

TYPE = EntityType.FAMILY.value
MANY = 4
"""Children from which on a family stands out: about one British family in twenty with children
has four or more at home (Office for National Statistics, families and households)."""
LARGEST = 25

CONSTELLATIONS = Phrases(
    """twin, identical twin, twin brother, twin sister, conjoined twin, triplet, quadruplet, quads
    of babies, quintuplet, widow, widower, widowed, orphan, orphaned, orphanage, adopted,
    adoptive mother, adoptive mum, adoptive father, adoptive parent, adoptee, birth mother of,
    biological father, biological mother, birth father, real dad, real mum, foster child, foster
    kid, foster son, foster daughter, foster mother, foster mum, foster mom, foster father,
    foster dad, foster parent, foster brother, foster sister, fostered, looked after child, in
    care as a, care leaver, grew up in care, taken into care, went into care, single mum, single
    mother, single mom, single dad, single father, single parent, lone parent, teenage mum,
    teenage mother, teen mom, teen mum, teenage pregnancy, half brother, half sister, half
    siblings, step brother, stepbrother, step sister, stepsister, stepson, step son,
    stepdaughter, step daughter, stepchildren, step children, stepkids, stepmother, stepmum,
    stepmom, stepfather, stepdad, ex wife, ex husband, second wife, second husband, third wife,
    third husband, first wife, first husband, late husband, late wife, late partner, common law,
    divorced, divorcee, separated from my, separated from his, separated from her, same sex, same
    sex couple, two mums, two dads, two moms, his husband, civil partner, civil partnership,
    surrogate, surrogacy, egg donor, sperm donor, donor egg, only child, only daughter, only son,
    only girl, only boy, eldest of, oldest of, youngest of, last of the family, born out of
    wedlock, illegitimate, out of wedlock, secret child, arranged marriage, forced marriage,
    child bride, married my cousin, married his cousin, married her cousin, first cousins
    married, mixed marriage, married at sixteen, married at seventeen, special guardian, special
    guardianship, guardianship, legal guardian, kinship care, kinship carer, raised by my
    grandparents, raised by his grandparents, raised by her grandparents, brought up by my gran,
    brought up by my nan, brought up by my grandmother, raised by my grandmother, raised by my
    aunt, brought up by my aunt, raised by nuns, convent home, mother and baby home, estranged,
    disowned, affair with, had an affair, left at the altar, jilted, bigamist, bigamy, runaway,
    ran away from home, child died, lost a child, lost our son, lost our daughter, lost my son,
    lost my daughter, lost his son, lost her son, lost her daughter, lost his daughter, great
    granny, great grandchild, great grandmother of, young carer, unaccompanied minor, domestic
    violence, violent husband, women s refuge, womens refuge, custody battle, lost custody,
    living apart"""
)
"""Constellations, from everyday knowledge; what needs `of eleven` behind it is read on."""

CHILDREN = word_set(
    "kids kid children child weans bairns boys girls sons daughters brothers sisters siblings "
    "grandchildren grandkids grandsons granddaughters foster stepchildren wives husbands "
    "marriages miscarriages babies aunts uncles cousins"
)
HAVING = word_set(
    "has have had having raised reared raising bringing got with of were was mother father"
)
NUMBER_ONLY = word_set("has had have reared raised bore")
STOPS = frozenset(",.;!?\n")


class FamilyRecogniser(WordRecogniser):
    """Finds constellations of families that stand out."""

    types = (TYPE,)
    title = "family"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield constellations, then large numbers of children, brothers and sisters."""
        for first, last in CONSTELLATIONS.find(words):
            end = _counted(words, last) if words.plain(last) == "of" else last
            if end is not None and _is_meant(words, first):
                yield Match(TYPE, first, end, 0.7)
        yield from _numbers(words)


def _is_meant(words: TextWords, at: int) -> bool:
    """Tell a twin from a twin bed, and who is adopted from an adopted method."""
    after = words.plain(at + 1)
    if words.plain(at) in ("twin", "adopted", "separated", "widow"):
        return after not in word_set(
            "bed beds room rooms tub town towns peaks a the this that our new it cities half some"
        )
    if words.plain(at) == "his":  # `his husband` says more than `her husband`
        return words.gap(at) == " "
    return True


def _counted(words: TextWords, of: int) -> int | None:
    """Return the last word of `youngest of eleven`, None for `the oldest of the houses`."""
    number = cardinal([words.plain(n) for n in range(of + 1, of + 4)], 0)
    if number is None or number.value < MANY:
        return None
    return of + number.size


def _numbers(words: TextWords) -> Iterator[Match]:
    """Yield `seven brothers`, `our six kids`, and `has nine` where the sentence ends."""
    keys = [word.plain for word in words]
    at = 0
    while at < len(keys):
        number = cardinal(keys, at)
        if number is None:
            at += 1
            continue
        last = at + number.size - 1
        if MANY <= number.value <= LARGEST:
            if _are_family(words, at, last):
                yield Match(TYPE, at, last + 1, 0.6)
            elif _stands_alone(words, at, last):
                yield Match(TYPE, at, last, 0.4)
        at = last + 1


def _are_family(words: TextWords, first: int, last: int) -> bool:
    """Children that somebody has, not those who came to the group."""
    if words.plain(last + 1) not in CHILDREN or not joined(words, last, last + 1):
        return False
    before = words.plain(first - 1)
    owned = before in HAVING or before in word_set("my our her his their these them all")
    return owned or says_of_somebody(words, first)


def _stands_alone(words: TextWords, first: int, last: int) -> bool:
    """`Zelda across the road, who has nine, came`: a number of nothing else that is named."""
    gap = words.gap(last)
    if words.plain(first - 1) not in NUMBER_ONLY or not STOPS & set(gap):
        return False
    return words.plain(first - 2) in ("who", "she", "he", "mother", "mum", "they") and words.cased
