"""Names that are not said in full: `Sa- Sarah`, `at Tes- at the supermarket`, `S.W.`, `J said`."""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from transcriber.domain.finding import EntityType, Finding
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

Form = tuple[str, ...]
Broken = tuple[int, int, Finding, str]
"""First and last word, the finding whose name it is, and the source to give."""

FALSE_START = "false start"
INITIALS = "initials"

_DASHES = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014")
_BREAKS = (*_DASHES, "\u2026", "...")
NEXT_WORDS = 4
"""How many words later a name that somebody broke off in is said in full."""
NO_NAMES = word_set("a i o x")
"""Letters that stand alone for other reasons: words, exclamations, a kiss or a cross."""
BEFORE_LETTERS = word_set(
    "vitamin plan type hepatitis hep grade year option group part section appendix band class "
    "level room block ward form unit route junction bus stage factor letter capital a an the with"
)


def false_starts(
    words: TextWords, names: Mapping[Form, Finding], findings: Sequence[Finding]
) -> Iterator[Broken]:
    """Yield fragments of names that were broken off: all of them begin a name that is known.

    One letter counts only where the name follows at once. A fragment that is a word itself
    (`the`, `I-`) counts only there too.
    """
    beginnings = _beginnings(names)
    starts = [finding.start for finding in findings]
    for number, word in enumerate(words):
        gap = words.gap(number)
        if (
            not gap.startswith(_BREAKS)
            or gap in _DASHES
            or _is_inside(findings, starts, word.start)
        ):
            continue
        owner = _follows(words, findings, starts, number)
        if owner is None and len(word.plain) > 1 and word.plain not in COMMON_WORDS:
            capital = word.capitalised or not words.cased
            owner = beginnings.get(word.plain) if capital else None
        if owner is not None:
            yield number, number, owner, FALSE_START


def initials(
    words: TextWords, names: Mapping[Form, Finding], findings: Sequence[Finding]
) -> Iterator[Broken]:
    """Yield initials of known people: `S.W.`, `SW` for full names, a lone capital for first names.

    A lone letter is believed only where one known person's first name begins with it.
    """
    if not words.cased:
        return
    full, first = _initials_of(names)
    starts = [finding.start for finding in findings]
    taken = -1
    for number, word in enumerate(words):
        if number <= taken or not word.text.isupper():
            continue
        if words.gap(number).lstrip().startswith((":", *_BREAKS)):
            continue
        if _is_inside(findings, starts, word.start):
            continue
        last = _end_of_letters(words, number)
        letters = "".join(words.plains(number, last))
        taken = last
        if len(letters) > 1 and letters in full:
            yield number, last, full[letters], INITIALS
        elif len(letters) == 1 and letters not in NO_NAMES and first.get(letters) is not None:
            owner = first[letters]
            if owner is not None and words.plain(number - 1) not in BEFORE_LETTERS:
                yield number, number, owner, INITIALS


def _beginnings(names: Mapping[Form, Finding]) -> dict[str, Finding]:
    found: dict[str, Finding] = {}
    for form, owner in names.items():
        for size in range(2, len(form[0])):
            found.setdefault(form[0][:size], owner)
    return found


def _follows(
    words: TextWords, findings: Sequence[Finding], starts: Sequence[int], number: int
) -> Finding | None:
    """Return the finding within the next words that the fragment begins."""
    for later in range(number + 1, min(number + 1 + NEXT_WORDS, len(words))):
        at = bisect_right(starts, words[later].start) - 1
        if at >= 0 and findings[at].start == words[later].start:
            named = findings[at].entity_type in _NAMED
            whole = words[later].plain
            fragment = words[number].plain
            return findings[at] if named and whole.startswith(fragment) else None
    return None


_NAMED = frozenset((EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION))


def _is_inside(findings: Sequence[Finding], starts: Sequence[int], place: int) -> bool:
    at = bisect_right(starts, place) - 1
    return at >= 0 and place < findings[at].end


def _end_of_letters(words: TextWords, number: int) -> int:
    """Return the last word of a run of single capitals such as `S. W.`."""
    last = number
    while (
        len(words[last].text) == 1
        and last + 1 < len(words)
        and len(words[last + 1].text) == 1
        and words[last + 1].capitalised
        and words.gap(last) in {".", " ", ". "}
    ):
        last += 1
    return last


def _initials_of(
    names: Mapping[Form, Finding],
) -> tuple[dict[str, Finding], dict[str, Finding | None]]:
    """Return full names by their initials, and the only person whose name begins with a letter."""
    people = {f: n for f, n in names.items() if n.entity_type is EntityType.PERSON}
    full = {"".join(part[0] for part in form): who for form, who in people.items() if len(form) > 1}
    first: dict[str, Finding | None] = {}
    surnames = {form[-1] for form in people if len(form) > 1}
    ordered = sorted(
        (form[0][0], who.entity or who.text.casefold(), number)
        for number, (form, who) in enumerate(people.items())
        if len(form) > 1 or form[0] not in surnames
    )
    owners = list(people.values())
    for letter, _, number in ordered:
        first.setdefault(letter, owners[number])
    for (letter, entity, _), (other, another, _) in pairwise(ordered):
        if letter == other and entity != another:
            first[letter] = None
    return full, first
