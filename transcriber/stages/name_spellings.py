"""Where in a transcript somebody is called by a name that is known, whether it was found or not."""

from collections.abc import Iterable, Sequence

from transcriber.stages.words import plain_words, words_of


def spelt(words: Sequence[str], spellings: Iterable[str]) -> frozenset[range]:
    """Return the numbers of the words in which a name stands, whatever its case and accents.

    A hyphen parts words and joins them alike, and `'s` behind a name is not part of it.
    """
    said = [(form, number) for number, word in enumerate(words) for form in plain_words(word)]
    found: set[range] = set()
    for name in {plain_words(spelling) for spelling in spellings} - {()}:
        for place in range(len(said) - len(name) + 1):
            stretch = said[place : place + len(name)]
            if tuple(form for form, _ in stretch) == name:
                found.add(range(stretch[0][1], stretch[-1][1] + 1))
    return frozenset(found)


def named(words: Sequence[str], spellings: Iterable[str]) -> frozenset[range]:
    """Return the numbers of the words with which somebody is named in talk.

    As `spelt`; where the talk has capitals, a name begins with one: Will is a name, and will none.
    """
    found = spelt(words, spellings)
    if not words_of(" ".join(words)).cased:
        return found
    return frozenset(span for span in found if any(words[n] != words[n].lower() for n in span))


def is_named(text: str, spellings: Iterable[str]) -> bool:
    """Whether what somebody typed has a name in it, however it is written."""
    return bool(spelt(text.split(), spellings))
