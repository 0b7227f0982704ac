"""Numbers given to a person or thing, spoken or written: telephone, NHS, account, case, plate."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from transcriber.domain.finding import EntityType
from transcriber.domain.policy import Locale
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.spoken.codes import shaped_codes
from transcriber.engines.presidio.spoken.counts import counts_on, counts_throughout, is_count
from transcriber.engines.presidio.spoken.cued_codes import cued_code, plain_code, repeated
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.last_four import last_fours
from transcriber.engines.presidio.spoken.postcodes import digit_stretches, postcodes
from transcriber.engines.presidio.spoken.signs import Style
from transcriber.engines.presidio.spoken.text import Link, Run, SpokenText, spoken_text
from transcriber.engines.presidio.spoken.written_codes import written_codes
from transcriber.stages.words import TextWords, word_set

PHONE_CUE = Cue(
    "phone phones mobile telephone landline ring rang call text whatsapp tel cell freephone",
    ("phone number", "mobile number", "my number", "best number", "work number", "home number"),
)
ID_CUE = Cue(
    "nhs insurance account accounts reference ref passport card licence license ssn social pin "
    "pps ppsn nino badge payroll membership",
    (
        *("sort code", "staff number", "case number", "hospital number", "patient number"),
        *("id number", "id is", "employee number", "staff id", "student number", "service number"),
        *("national insurance", "n i number", "n h s", "p p s", "roll number", "collar number"),
        *("crime number", "policy number", "customer number", "card number", "user number"),
        *("warrant number", "chi number", "registration number", "serial number", "a number"),
        *("prison number", "case reference", "social security", "crime reference", "logged under"),
        *("medical record", "record number", "member number", "order number", "claim number"),
    ),
)
STRONG_ID_CUE = Cue(
    "ref nino ssn ppsn pps",
    (
        *("sort code", "staff number", "case number", "hospital number", "patient number"),
        *("id number", "employee number", "staff id", "student number", "service number"),
        *("n i number", "nhs number", "insurance number", "pps number", "p p s number"),
        *("account number", "reference number", "badge number", "payroll number", "pin number"),
        *("membership number", "roll number", "collar number", "crime number", "policy number"),
        *("customer number", "card number", "warrant number", "chi number", "serial number"),
        *("registration number", "prison number", "passport number", "licence number"),
        *("member number", "claim number", "record number", "case reference", "my pin"),
        *("crime reference", "my badge", "under reference", "the reference is", "reference is"),
        *(
            "with a number",
            "number on it",
            "number on them",
            "its reference",
            "last four",
            "the account is",
            "accounts",
        ),
    ),
)
OWN_PHONE_CUE = Cue("landline mobile", ("phone number", "mobile number", "my number"))
EXTENSION_CUE = Cue("extension ext extn")
REACH, REACH_AFTER, REACH_SHORT = 12, 5, 5
"""Words in which a cue counts: the question is often in the turn before."""
REACH_BESIDE = 2
"""`account number is one two three four five six` counts, and is a number all the same."""
FEWEST = 6
"""Digits from which a number is one that was given to somebody, not counted."""
FEWEST_BY_CUE = 3
PHONE_DIGITS = (10, 13)
WHOLE = (10, 11)
"""Digits of whole numbers: beside a cue they are one although part of them rises in ones."""
_PLUS = "+"


@dataclass(frozen=True)
class _Found:
    run: Run
    kind: EntityType
    score: float
    entity: str
    source: str | None = None


class SpokenNumberRecogniser(WordRecogniser):
    """Finds numbers of six digits and more, shorter ones beside a cue, and codes by shape."""

    types = (EntityType.PHONE.value, EntityType.ID.value)
    title = "spoken number"

    def __init__(self, locale: Locale = Locale.GB) -> None:
        super().__init__()
        self._locale = locale

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield one match for each line that a number touches, all under the same entity."""
        spoken = spoken_text(words)
        taken = {
            sign
            for code, _ in postcodes(spoken, self._locale)
            for sign in range(code.first, code.last + 1)
        }
        found = [*self._codes(spoken, taken), *self._numbers(spoken, taken)]
        for number in found:
            for start, last in number.run.pieces():
                first = start - (words.plain(start - 1) == "plus")
                kind = number.kind.value
                yield Match(kind, first, last, number.score, number.source, number.entity)
        written = list(_written(spoken))
        yield from written
        known = {plain_code(number.run) for number in found} | {code.entity for code in written}
        for run in repeated(spoken, known, taken):
            for first, last in run.pieces():
                yield Match(EntityType.ID.value, first, last, 0.7, entity=plain_code(run))

    def _codes(self, spoken: SpokenText, taken: set[int]) -> Iterator[_Found]:
        for code, four in last_fours(spoken):
            taken.update((four, *range(code.first, code.last + 1)))
            yield _Found(code, EntityType.ID, 0.8, plain_code(code))
        for code, score in shaped_codes(spoken, self._locale):
            signs = range(code.first, code.last + 1)
            if taken.isdisjoint(signs):
                taken.update(signs)
                yield _Found(code, EntityType.ID, score, plain_code(code))
        for run in spoken.runs():
            cued = cued_code(run, ID_CUE)
            if cued is not None and taken.isdisjoint(range(cued.first, cued.last + 1)):
                taken.update(range(cued.first, cued.last + 1))
                yield _Found(cued, EntityType.ID, 0.75, plain_code(cued))

    def _numbers(self, spoken: SpokenText, taken: set[int]) -> Iterator[_Found]:
        for run in _digit_runs(spoken, taken):
            begun_anew = _begun_anew(run)
            found = self._number(begun_anew) if begun_anew else None
            found = replace(found, run=run) if found else self._number(run)
            if found:
                yield found

    def _number(self, run: Run) -> _Found | None:
        digits = _digits(run)
        extension = EXTENSION_CUE.distance(run.spoken, run, 3)
        if extension and len(digits) >= 2 and _only_link_words(run, extension):
            return _Found(run, EntityType.PHONE, 0.8, digits)
        phone, identity = _cue_distances(run)
        if not self._is_given(run, digits, phone is not None, identity is not None):
            return None
        if self._is_phone(run, digits):
            return _Found(run, EntityType.PHONE, 0.9, national(digits, self._locale))
        nearer = phone is not None and (identity is None or phone < identity)
        kind = EntityType.PHONE if nearer else EntityType.ID
        return _Found(run, kind, 0.8 if nearer or identity else 0.65, digits)

    def _is_given(self, run: Run, digits: str, phone: bool, identity: bool) -> bool:
        if len(digits) < FEWEST:
            partial = len(digits) == FEWEST - 1 and OWN_PHONE_CUE.before(run.spoken, run, 4)
            return bool(partial) or _is_short_number(run, digits)
        cue = STRONG_ID_CUE.distance(run.spoken, run, REACH_SHORT)
        if cue is not None and (cue <= REACH_BESIDE or not counts_on(run)):
            return True
        if (phone or identity) and len(digits) in WHOLE and not counts_throughout(run):
            return True
        whole_phone = self._is_phone(run, digits) and _dictated(run) > 2 and not counts_on(run)
        return whole_phone or not is_count(run, digits, phone or identity)

    def _is_phone(self, run: Run, digits: str) -> bool:
        if _has_plus(run) or digits.startswith("00"):
            return PHONE_DIGITS[0] <= len(digits.removeprefix("00")) <= PHONE_DIGITS[1]
        if self._locale is Locale.US:
            local = digits.removeprefix("1") if len(digits) == 11 else digits
            return len(local) == 10 and local[0] in "23456789" and local[3] in "23456789"
        return digits[0] == "0" and digits[1:2] != "0" and 7 <= len(digits) <= PHONE_DIGITS[1]


def _written(spoken: SpokenText) -> Iterator[Match]:
    for first, last in written_codes(spoken):
        code = "".join(spoken.keys[first : last + 1])
        yield Match(EntityType.ID.value, first, last, 0.7, "written code", code)


def _digit_runs(spoken: SpokenText, taken: set[int]) -> Iterator[Run]:
    """Yield runs of digits; one that is evidently dictated goes on over corrections."""
    stretches: list[Run] = [
        piece
        for run in spoken.runs()
        for stretch in digit_stretches(run)
        for piece in _without(stretch, taken)
    ]
    at = 0
    while at < len(stretches):
        begun = _without_interjection(stretches[at])
        at += 1
        if begun is None:
            continue
        while at < len(stretches) and _goes_on(begun, stretches[at]):
            begun = begun.part(begun.first, stretches[at].last)
            at += 1
        yield begun


def _without(run: Run, taken: set[int]) -> Iterator[Run]:
    """Yield the stretches of a run whose signs belong to no code."""
    if taken.isdisjoint(range(run.first, run.last + 1)):
        yield run
        return
    start: int | None = None
    for number in range(run.first, run.last + 2):
        free = number <= run.last and number not in taken
        if start is not None and not free:
            yield run.part(start, number - 1)
            start = None
        if start is None and free:
            start = number


def _without_interjection(run: Run) -> Run | None:
    """Take an `oh` away that is no nought: before `no`, or before a comma and a count."""
    first = run.first
    spoken = run.spoken
    sign = spoken.signs[first]
    if spoken.keys[sign.first] == "oh" and "," in spoken.words.gap(sign.last):
        first += 1
    return run.part(first, run.last) if first <= run.last else None


def _goes_on(run: Run, following: Run) -> bool:
    """Whether digits after `no, sorry` or a stop are the rest of a dictated number."""
    if following.first != run.last + 1 or run.spoken.links[following.first] is not Link.REPAIR:
        return False
    digits = _digits(run)
    more = _digits(following)
    if len(more) < 2 or (_dictated(following) < 2 and len(more) < 3):
        return False
    return _dictated(run) >= 3 and (digits[0] == "0" or len(digits) >= 4)


def _begun_anew(run: Run) -> Run | None:
    """Return the whole number of `020, 915, no, wait, oh two oh, nine one five …`, None elsewhere.

    Behind a correction somebody begins again with the first digit, or goes on with the rest.
    """
    repairs = [n for n in range(run.first + 1, run.last + 1) if run.spoken.links[n] is Link.REPAIR]
    anew = run.part(repairs[-1], run.last) if repairs else None
    whole = anew is not None and _digits(anew)[0] == _digits(run)[0] and len(anew.text) >= FEWEST
    return anew if whole else None


def _dictated(run: Run) -> int:
    """Digits that were said one by one or written in a group of at least three."""
    return sum(
        len(sign.text)
        for sign in run.signs
        if sign.style is Style.SINGLE or (sign.style is Style.WRITTEN and len(sign.text) >= 3)
    )


def _digits(run: Run) -> str:
    return run.text.replace("o", "0")


def _has_plus(run: Run) -> bool:
    spoken, first = run.spoken, run.signs[0].first
    before = spoken.words.text[: spoken.words[first].start][-3:].rstrip()
    return before.endswith(_PLUS) or spoken.words.plain(first - 1) == "plus"


def national(digits: str, locale: Locale) -> str:
    """Return a telephone number as it is dialled inside its country, so that forms compare."""
    digits = digits.removeprefix("00") if digits.startswith("00") else digits
    for code, size in (("44", 12), ("353", 12)):
        if digits.startswith(code) and len(digits) in (size, size - 1) and digits[0] != "0":
            return "0" + digits.removeprefix(code).removeprefix("0")
    if locale is Locale.US and len(digits) == 11:
        return digits.removeprefix("1")
    return digits


def _cue_distances(run: Run) -> tuple[int | None, int | None]:
    """Words to the nearest telephone cue and the nearest cue of another number."""
    phone = PHONE_CUE.distance(run.spoken, run, REACH)
    identity = ID_CUE.distance(run.spoken, run, REACH)
    if phone is None and identity is None:
        phone = PHONE_CUE.after(run.spoken, run, REACH_AFTER)
        identity = ID_CUE.after(run.spoken, run, REACH_AFTER)
    return phone, identity


def _is_short_number(run: Run, digits: str) -> bool:
    """Tell three to five digits that were given to somebody from a count."""
    if len(digits) < FEWEST_BY_CUE or _counts_something(run):
        return False
    near = STRONG_ID_CUE.distance(run.spoken, run, REACH_SHORT)
    if near is not None and _only_link_words(run, near):
        return True
    by_digit = [sign for sign in run.signs if sign.style is Style.SINGLE]
    return (
        len(digits) == FEWEST - 1
        and len(by_digit) == len(run.signs)
        and any(sign.text[0] == "o" for sign in run.signs[1:])
        and run.linked(Link.TIGHT)
        and not is_count(run, digits, cued=False)
    )


_LINK_WORDS = word_set(
    "is its was it they gave me number the i think so erm er um uh mm yeah that be are thats "
    "reference yes right okay called ends of my s"
)


def _only_link_words(run: Run, distance: int) -> bool:
    first = run.signs[0].first
    return all(
        run.spoken.keys[n] in _LINK_WORDS or n in run.spoken.labels
        for n in range(first - distance + 1, first)
    )


def _counts_something(run: Run) -> bool:
    """Whether a plural or a unit follows: `four hundred patients`."""
    last = run.signs[-1].last
    spoken = run.spoken
    follows = spoken.words.plain(last + 1)
    plural = len(follows) > 3 and follows.endswith("s") and follows not in ("this", "thats")
    gap = spoken.words.gap(last)
    return (plural and gap == " ") or gap.startswith("%")
