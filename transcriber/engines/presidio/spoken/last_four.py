"""The last four digits of a number: `the last four of the Social`, and the answer behind it."""

from collections.abc import Iterator

from transcriber.engines.presidio.spoken.signs import Style
from transcriber.engines.presidio.spoken.text import Link, Run, SpokenText
from transcriber.stages.words import word_set

FOUR = frozenset(("four", "4"))
FOLLOWS = word_set("digits numbers and is are its was on please")
"""What follows the phrase where no years, weeks or children do; or a stop."""
NUMBERS = frozenset(
    ("social", "ssn", "card", "account", "number", "security", "id", "phone", "nhs")
)
"""What has a last four, behind `of`."""
REACH, MOST_BREAKS = 14, 2
SIZE = 4


def last_fours(spoken: SpokenText) -> Iterator[tuple[Run, int]]:
    """Yield the four digits behind each `last four`, and the sign that `four` itself is."""
    for number, sign in enumerate(spoken.signs):
        if sign.first != sign.last or spoken.keys[sign.first] not in FOUR:
            continue
        if spoken.words.plain(sign.first - 1) != "last" or not _stands_alone(spoken, sign.first):
            continue
        found = _four_digits(spoken, number + 1, sign.first)
        if found is not None:
            yield found, number


def _stands_alone(spoken: SpokenText, at: int) -> bool:
    gap = spoken.words.gap(at)
    if spoken.words.plain(at + 1) == "of":
        return not NUMBERS.isdisjoint(spoken.words.plains(at + 2, at + 5))
    return gap.strip(" ") != "" or len(gap) > 1 or spoken.words.plain(at + 1) in FOLLOWS


def _four_digits(spoken: SpokenText, first: int, cue: int) -> Run | None:
    """Return the first digits behind the cue where they are four and go on no further."""
    while first < len(spoken.signs) and not spoken.signs[first].digits:
        first += 1
    if first >= len(spoken.signs) or not _is_near(spoken, cue, spoken.signs[first].first):
        return None
    last, size = first, len(spoken.signs[first].text)
    while last + 1 < len(spoken.signs) and _goes_on(spoken, last + 1):
        last += 1
        size += len(spoken.signs[last].text)
    return Run(spoken, first, last) if size == SIZE else None


def _is_near(spoken: SpokenText, cue: int, at: int) -> bool:
    breaks = sum(spoken.words.breaks(n) for n in range(cue, at))
    return at - cue <= REACH and breaks <= MOST_BREAKS


def _goes_on(spoken: SpokenText, number: int) -> bool:
    sign = spoken.signs[number]
    return sign.digits and spoken.links[number] is Link.TIGHT and sign.style is not Style.SILENT
