"""Which stretches of talk are questions, with and without punctuation."""

from collections import Counter
from collections.abc import Iterator, Sequence

from transcriber.domain.transcript import Transcript, Word
from transcriber.stages.hesitations import ends_sentence
from transcriber.stages.words import plain, word_set

UNIT_PAUSE_MS = 500
"""A pause this long ends a unit of talk where there is no full stop (issue 5)."""

LEAST_WORDS = 3
"""A bare "what?" or "sorry?" asks for repetition: whoever answers says it as often."""

_LEAD_IN = word_set(
    "and so but okay ok right well now yeah yes um uh er erm then great thanks lovely"
)
_ASKING = word_set("what whats how hows why when whens where wheres who whos which")
_VERBS = word_set(
    "is are was were am do does did has have had can could would will should might may about kind "
    "sort made makes made happened happens brought brings got long many much often old else"
)
_INVERTED = word_set(
    "is are was were do does did has have had can could would will should isnt arent wasnt werent "
    "dont doesnt didnt havent hasnt couldnt wouldnt wont"
)
_SUBJECTS = word_set(
    "i you we they he she it there that this these those the your anyone anybody anything someone "
    "somebody people"
)
_REQUESTS = (("tell", "me"), ("tell", "us"), ("describe",), ("please", "say"), ("please", "tell"))


def questions(transcript: Transcript) -> Counter[str]:
    """Count the questions of each speaker; nobody's are not counted.

    In languages other than English only question marks tell.
    """
    english = transcript.language.partition("-")[0] == "en"
    asked: Counter[str] = Counter()
    for unit in units(transcript.words):
        if unit[0].speaker is not None and len(unit) >= LEAST_WORDS:
            marked = "?" in unit[-1].text
            if marked or (english and _opens_a_question(unit)):
                asked[unit[0].speaker] += 1
    return asked


def units(words: Sequence[Word]) -> Iterator[Sequence[Word]]:
    """Yield the units of talk: up to a full stop, a pause of half a second or another speaker."""
    first = 0
    for number in range(1, len(words) + 1):
        if number < len(words):
            before, word = words[number - 1], words[number]
            goes_on = (
                before.speaker == word.speaker
                and word.start_ms - before.end_ms < UNIT_PAUSE_MS
                and not ends_sentence(before.text)
            )
            if goes_on:
                continue
        yield words[first:number]
        first = number


def _opens_a_question(unit: Sequence[Word]) -> bool:
    said = [plain(word.text) for word in unit if plain(word.text)]
    while len(said) > LEAST_WORDS and said[0] in _LEAD_IN:
        del said[0]
    if len(said) < LEAST_WORDS:
        return False
    if any(tuple(said[: len(request)]) == request for request in _REQUESTS):
        return True
    first, second = said[0], said[1]
    return (first in _ASKING and second in _VERBS) or (first in _INVERTED and second in _SUBJECTS)
