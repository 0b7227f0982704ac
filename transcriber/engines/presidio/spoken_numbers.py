"""Long numbers as people say or write them: telephone, NHS, account and case numbers."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.dates import NUMERIC
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.stages.number_words import DIGITS, EARLIEST_YEAR, LATEST_YEAR, digits
from transcriber.stages.words import TextWords, word_set

FILLERS = frozenset(["erm", "er", "um", "uh", "mm"])
BACK_CHANNELS = word_set(
    "yeah yes yep ok okay right mhm mm hm uh huh sure sorry go on got it that aha"
)
"""What a listener says while somebody dictates a number."""
PHONE_CUES = word_set(
    "phone phones number numbers mobile telephone landline ring rang call text whatsapp tel"
)
ID_CUES = word_set(
    "nhs insurance account reference ref case patient hospital passport sort card licence staff "
    "id membership registration"
)
CUE_REACH = 12
"""Words before a number in which a cue counts: the question is often in the turn before."""
FEWEST = 6
PHONE_DIGITS = (10, 13)


@dataclass
class _Run:
    """Words of one spoken number; `parts` are its stretches on single lines."""

    at: int
    text: str = ""
    said: int = 0
    parts: list[tuple[int, int]] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)


class SpokenNumberRecogniser(WordRecogniser):
    """Finds runs of six digits and more, through fillers and a listener's `yeah`."""

    types = (EntityType.PHONE.value, EntityType.ID.value)
    title = "spoken number"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield one match for each line that a number touches, all under the same entity."""
        for run in _runs(words):
            kind = _kind(words, run)
            if kind:
                for first, last in run.parts:
                    yield Match(kind.value, first, last, 0.8, entity=run.text)


def _runs(words: TextWords) -> Iterator[_Run]:
    keys = [word.plain for word in words]
    at = 0
    while at < len(keys):
        read = digits(keys, at)
        if read is None:
            at += 1
            continue
        run, end = _run_from(words, keys, at)
        yield run
        at = end


def _run_from(words: TextWords, keys: list[str], at: int) -> tuple[_Run, int]:
    run, end = _Run(at), at
    while at < len(keys):
        read = digits(keys, at)
        if read is None:
            follows = _skip(words, keys, at)
            if follows is None:
                break
            at = follows
            continue
        run.text += read[0]
        run.said += keys[at] in DIGITS or read[1] > 1
        run.figures += [keys[at]] if keys[at].isdecimal() else []
        last = at + read[1] - 1
        if run.parts and not _line_between(words, run.parts[-1][1], at):
            run.parts[-1] = (run.parts[-1][0], last)
        else:
            run.parts.append((at, last))
        at = end = last + 1
        if _ends_number(words.gap(last)):
            break
    return run, end


def _skip(words: TextWords, keys: list[str], at: int) -> int | None:
    """Return where digits go on after fillers or a back-channel line, None when they do not."""
    start, reach = at, at + 5
    while at < min(reach, len(keys)) and digits(keys, at) is None:
        crossed = any(words.breaks(n) for n in range(max(start - 1, 0), at + 1))
        if keys[at] not in FILLERS and not (crossed and keys[at] in BACK_CHANNELS):
            return None
        at += 1
    return at if at < len(keys) and digits(keys, at) is not None else None


def _line_between(words: TextWords, first: int, last: int) -> bool:
    return any(words.breaks(number) for number in range(first, last))


def _ends_number(gap: str) -> bool:
    """A sentence ends here; a comma, a hyphen or a line feed may stand inside a number."""
    return (gap.startswith((".", "!", "?", ";", ":")) and gap[1:2].isspace()) or "%" in gap


def _kind(words: TextWords, run: _Run) -> EntityType | None:
    before = {words.plain(n) for n in range(max(run.at - CUE_REACH, 0), run.at)}
    id_cue, phone_cue = before & ID_CUES, before & PHONE_CUES
    if len(run.text) < FEWEST or _is_count(words, run, bool(id_cue or phone_cue)):
        return None
    if id_cue and not _is_phone(words, run):
        return EntityType.ID
    return EntityType.PHONE if phone_cue or _is_phone(words, run) else EntityType.ID


def _is_phone(words: TextWords, run: _Run) -> bool:
    plus = words.text[: words[run.at].start].rstrip().endswith("+")
    starts = plus or (run.text[0] == "0" and run.text[1:2] != "0") or run.text[:2] == "00"
    return starts and PHONE_DIGITS[0] <= len(run.text) <= PHONE_DIGITS[1]


def _is_count(words: TextWords, run: _Run, has_cue: bool) -> bool:
    """Tell ordinary talk with numbers: lists of years, dates, thousands, counting, amounts."""
    if run.text[0] == "0":
        return False
    before = words.text[: words[run.at].start].rstrip()
    counting = "".join(sorted(set(run.text))) == run.text  # one two three four five six
    if before.endswith(("£", "$", "€")) or counting or _is_dates(words, run):
        return True
    if has_cue:
        return False
    groups = [len(figure) for figure in run.figures]
    thousands = len(groups) > 1 and groups[0] <= 3 and set(groups[1:]) == {3} and not run.said
    separated = any(len(figure) < FEWEST for figure in run.figures)
    return thousands or (separated and run.said + len(groups) < 4 and len(groups) < 2)


def _is_dates(words: TextWords, run: _Run) -> bool:
    """Tell a list of years or of dates in figures."""
    if run.said or not run.figures:
        return False
    written = " ".join(words.text[words[a].start : words[z].end] for a, z in run.parts)
    dates_only = not any(character.isdecimal() for character in NUMERIC.sub("", written))
    return dates_only or all(_is_year(figure) for figure in run.figures)


def _is_year(figure: str) -> bool:
    return len(figure) == 4 and EARLIEST_YEAR <= int(figure) <= LATEST_YEAR
