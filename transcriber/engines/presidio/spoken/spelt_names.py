"""Names spelt out or told from others by a letter: `S-I-O-B-H-A-N`, `Smythe with a Y`."""

from collections.abc import Iterable, Iterator
from itertools import pairwise

from transcriber.domain.finding import EntityType
from transcriber.engines.presidio.recogniser import Match, WordRecogniser
from transcriber.engines.presidio.spoken.cues import Cue
from transcriber.engines.presidio.spoken.signs import LETTER_NAMES, Style
from transcriber.engines.presidio.spoken.text import FILLERS, Link, Run, SpokenText, spoken_text
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import TextWords, word_set

ACRONYMS = word_set(
    "adhd asap afaik atm bbc bfi camhs cbt cqc cpr cpn ctg cvd diy dna dob dvd dwp dvla ehcp epdu "
    "faq gcse gmc hcp hdu hiv hmrc hnc hnd hse ibclc icu ivf kfc lgbt lgbtq lgbtqi mmr mri mrsa "
    "ncsct nct nhs nice nicu nmc nspcc nvq ocd ofsted pals pcos pgce phd pnd ptsd qr rcm rcn rnib "
    "rspb rspca rspcc rsvp scbu sen send tens tlc unicef usa usb vbac ymca ywca who www abcd abcde "
    "wxyz http https ucas btec ielts esol pshe pcr vhs hgv swot stem"
)
"""What is spelt out in interviews and names nobody."""
SPELLING_CUE = Cue(
    "spelt spelled spell spelling spells letters",
    ("thats", "name is", "names", "its", "surname", "first name", "so its"),
)
FEWEST_LETTERS, FEWEST_BY_CUE = 4, 3
FEWEST_LETTERS_ALONE = 2
"""In `but on d i am a photographer` there is one only."""
MOST_LETTERS = 24
AFTER_LETTER = word_set(
    "and not in at but so or yes yeah no okay ok right instead rather like on then because if i "
    "she he they the you thats its it not never please erm er um uh mm if as by s"
)
"""Words that may follow `with a Y`; before others it is a T shirt, a C section, a D cup."""


class SpeltNameRecogniser(WordRecogniser):
    """Finds runs of letters and the name before `with a Y`."""

    types = (EntityType.PERSON.value,)
    title = "name spelt out"

    def find(self, words: TextWords) -> Iterable[Match]:
        """Yield the letters of a name, a match a line, and names told apart by a letter."""
        spoken = spoken_text(words)
        for run in spoken.runs():
            for letters in _letter_stretches(run):
                if _is_name(letters):
                    entity = letters.text.replace("o", "O").casefold()
                    for first, last in letters.pieces():
                        yield Match(EntityType.PERSON.value, first, last, 0.8, entity=entity)
        yield from _told_apart(spoken)


def _letter_stretches(run: Run) -> Iterator[Run]:
    """Yield stretches of single letters; a figure or a glued code ends one."""
    start: int | None = None
    for number in range(run.first, run.last + 2):
        is_letter = number <= run.last and _is_letter(run, number)
        if start is not None and not is_letter:
            if not _beside_figures(run, start, number - 1):
                yield run.part(start, number - 1)
            start = None
        if start is None and is_letter:
            start = number


def _beside_figures(run: Run, first: int, last: int) -> bool:
    """Whether figures stand right before or after letters, which makes them part of a code."""
    links = run.spoken.links
    before = first > run.first and links[first] is Link.TIGHT
    after = last < run.last and links[last + 1] is Link.TIGHT
    return before or after


def _is_letter(run: Run, number: int) -> bool:
    sign = run.spoken.signs[number]
    if sign.style in (Style.LETTER, Style.WEAK, Style.SILENT):
        return True
    return sign.text == "o" * len(sign.text) and run.spoken.keys[sign.last] == "o"


def _is_name(letters: Run) -> bool:
    text = letters.text.casefold()
    if not FEWEST_BY_CUE <= len(text) <= MOST_LETTERS or text in ACRONYMS:
        return False
    weak = sum(sign.style is Style.WEAK for sign in letters.signs)
    if weak * 2 >= len(letters.signs) or _is_alphabet(text) or len(set(text)) < 2:
        return False
    explicit = SPELLING_CUE.distance(letters.spoken, letters, 3)
    hyphens = all(letters.spoken.words.gap(sign.last) == "-" for sign in letters.signs[:-1])
    if len(text) >= FEWEST_LETTERS:
        return explicit is not None or hyphens or _letters_alone(letters) >= FEWEST_LETTERS_ALONE
    return explicit is not None and (hyphens or len(letters.signs) >= FEWEST_BY_CUE)


def _letters_alone(letters: Run) -> int:
    """Count the signs that are letters and nothing else: "a" and "I" are words of all talk."""
    keys = letters.spoken.keys
    return sum(
        sign.style is not Style.WEAK and keys[sign.first] not in ("a", "i")
        for sign in letters.signs
    )


def _is_alphabet(text: str) -> bool:
    """`a b c d`."""
    return all(ord(b) - ord(a) == 1 for a, b in pairwise(text))


def _told_apart(spoken: SpokenText) -> Iterator[Match]:
    keys = spoken.keys
    for at, key in enumerate(keys):
        if key != "with" or at == 0 or at + 2 >= len(keys):
            continue
        if keys[at + 1] in ("a", "an", "one", "two", "double") and _is_spelling(spoken, at + 2):
            name = at - 1
            while name > 0 and keys[name] in FILLERS:
                name -= 1
            if _may_be_name(spoken, name):
                yield Match(EntityType.PERSON.value, name, name, 0.75)


def _is_spelling(spoken: SpokenText, at: int) -> bool:
    """Whether a single letter stands here and nothing that it would describe."""
    key = spoken.keys[at].removesuffix("s") or spoken.keys[at]
    if len(key) != 1 or not key.isalpha():
        return LETTER_NAMES.get(spoken.keys[at]) is not None
    gap = spoken.words.gap(at)
    follows = spoken.words.plain(at + 1)
    return not follows or gap.strip(" '\u2019s") != "" or "\n" in gap or follows in AFTER_LETTER


def _may_be_name(spoken: SpokenText, at: int) -> bool:
    word = spoken.words[at]
    if at in spoken.labels or len(word.plain) < 3 or word.plain in COMMON_WORDS:
        return False
    if word.capitalised or not spoken.words.cased:
        return True
    return _is_uncased_line(spoken, at)


def _is_uncased_line(spoken: SpokenText, at: int) -> bool:
    """Whether no word around it on its line begins with a capital, labels and `I` aside."""
    around = range(max(at - 6, 0), min(at + 6, len(spoken.words)))
    line = [
        n
        for n in around
        if not any(spoken.words.breaks(b) for b in range(min(n, at), max(n, at)))
        and n not in spoken.labels
    ]
    return not any(spoken.words[n].capitalised for n in line if len(spoken.keys[n]) > 1)
