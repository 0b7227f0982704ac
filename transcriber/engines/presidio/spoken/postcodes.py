"""Postcodes, Eircodes and ZIP codes, written or spoken: `P R three one double A`."""

import re
from collections.abc import Iterable, Iterator

from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.spoken.codes import PLATE_CUE, longest_codes
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.signs import Style
from transcriber.engines.presidio.spoken.text import Link, Run, SpokenText, spoken_text
from transcriber.engines.presidio.spoken.zip_places import behind_place
from transcriber.stages.words import TextWords, word_set

AREAS = sorted(
    word_set(
        "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT "
        "DY E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA "
        "LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE "
        "SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV "
        "YO ZE"
    )
)
"""The 124 postcode areas: they keep `a 1 2 b c` and most codes of other kinds out."""

_AREA = "|".join(AREAS).replace("O", "[Oo]")
OUTWARD = re.compile(rf"(?:{_AREA})[\do](?:[\do]|[A-HJKMNP-Y])?")
POSTCODE = re.compile(rf"(?:{_AREA})[\do](?:[\do]|[A-HJKMNP-Y])?[\do][ABD-HJLNP-UW-Z]{{2}}")
EIRCODE = re.compile(r"[AC-FHKNPRTV-Y][\do](?:[\do]|W)[\doAC-FHKNPRTV-Y]{4}")
"""Routing key and unique identifier (Eircode, product guide)."""
LONGEST_POSTCODE, LONGEST_OUTWARD, EIRCODE_LENGTH = 7, 4, 7
ZIP_LENGTHS = (5, 9)

POSTCODE_CUE = Cue("postcode postcodes", ("post code", "postal code"))
EIRCODE_CUE = Cue("eircode eircodes", ("eir code", "air code", "sat nav"))
ZIP_CUE = Cue("zip zipcode", ())
REACH, REACH_AFTER = 14, 5


class PostcodeRecogniser(WordRecogniser):
    """Finds whole codes by their shape, and the first half beside a cue or once it is known."""

    types = (EntityType.POSTCODE.value,)
    title = "postcode"

    def __init__(self, locale: Locale = Locale.GB) -> None:
        super().__init__()
        self._locale = locale

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield one match for each stretch of a code that stands on one line."""
        for run, score in postcodes(spoken_text(words), self._locale):
            entity = run.text.upper().casefold()
            for first, last in run.pieces():
                yield Match(EntityType.POSTCODE.value, first, last, score, entity=entity)


def postcodes(spoken: SpokenText, locale: Locale) -> Iterator[tuple[Run, float]]:
    """Yield every code with its score; other recognisers leave these signs alone."""
    whole = [run for run in spoken.runs() for run in longest_codes(run, POSTCODE, LONGEST_POSTCODE)]
    whole = [code for code in whole if _is_evident(code) and not _is_within(code, POSTCODE_CUE)]
    yield from ((code, 0.9) for code in whole)
    known = {code.text[:-3] for code in whole}
    for run in spoken.runs():
        yield from ((code, 0.9) for code in _eircodes(run, locale))
        for half in longest_codes(run, OUTWARD, LONGEST_OUTWARD):
            written = half.first == half.last and half.signs[0].style is Style.GLUED
            if POSTCODE_CUE.before(spoken, half, REACH) or (half.text in known and written):
                yield half, 0.75
    yield from ((run, 0.85) for run in _zips(spoken, locale))


def _is_evident(run: Run) -> bool:
    """Whether letters of the code are plain letters, not words that sound like them."""
    weak = sum(sign.style is Style.WEAK for sign in run.signs)
    strong = sum(sign.style in (Style.LETTER, Style.GLUED) for sign in run.signs)
    first = run.signs[0]
    return weak < strong and first.style is not Style.WEAK


def _is_within(code: Run, cue: Cue) -> bool:
    """Whether a code is part of a longer one: letters beside it, a registration announced."""
    spoken = code.spoken
    if cue.before(spoken, code, REACH):
        return False
    if PLATE_CUE.before(spoken, code, 8):
        return True
    before, after = code.first - 1, code.last + 1
    return (
        before >= 0 and spoken.links[code.first] >= Link.TURN and _is_letter(spoken, before)
    ) or (
        after < len(spoken.signs) and spoken.links[after] >= Link.TURN and _is_letter(spoken, after)
    )


def _is_letter(spoken: SpokenText, number: int) -> bool:
    sign = spoken.signs[number]
    return sign.style is Style.LETTER and spoken.keys[sign.first] not in ("a", "i")


def _eircodes(run: Run, locale: Locale) -> Iterator[Run]:
    for code in longest_codes(run, EIRCODE, EIRCODE_LENGTH):
        if len(code.text) < EIRCODE_LENGTH:
            continue
        cued = EIRCODE_CUE.before(run.spoken, code, REACH) or bool(
            EIRCODE_CUE.after(run.spoken, code, REACH_AFTER)
        )
        unit = code.text[3:]
        unit = unit.replace("o", "0")
        mixed = not unit.isalpha() and not unit.isdecimal()
        if not cued and _is_within(code, EIRCODE_CUE):
            continue
        if cued or (locale is Locale.IE and mixed and _is_evident(code)):
            yield code


def _zips(spoken: SpokenText, locale: Locale) -> Iterator[Run]:
    for run in spoken.runs():
        for digits in digit_stretches(run):
            near = ZIP_CUE.before(spoken, digits, 4) and len(digits.text) == ZIP_LENGTHS[0] - 1
            if near:
                yield digits  # `thirty nine` may be 309
            if len(digits.text) not in ZIP_LENGTHS:
                continue
            solid = digits.first == digits.last or digits.linked(Link.TIGHT)
            placed = solid and behind_place(digits, locale)
            if ZIP_CUE.before(spoken, digits, REACH) or placed:
                yield digits


def digit_stretches(run: Run, lowest: Link = Link.TURN) -> Iterator[Run]:
    """Yield the longest stretches of a run that say digits alone."""
    start: int | None = None
    for number in range(run.first, run.last + 2):
        ends = number > run.last or not run.spoken.signs[number].digits
        apart = number <= run.last and number > run.first and run.spoken.links[number] < lowest
        if start is not None and (ends or apart):
            yield run.part(start, number - 1)
            start = None
        if start is None and not ends:
            start = number
