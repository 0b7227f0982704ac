"""Places of a leak check that a person chose to keep: they are exempt, each by itself."""

from collections.abc import Iterator

from transcriber.domain.leak_check import Leak, LeakCheck
from transcriber.domain.redacted import Token
from transcriber.services.review.released import Released


def without_kept(released: Released, check: LeakCheck) -> LeakCheck:
    """Leave out the places that a person chose to keep, whatever else is known of their words.

    The same words elsewhere in the talk are told as before.
    """
    kept = {
        word
        for judged in released.review.findings
        if judged.leaves and judged.finding.place is not None
        for word in range(judged.finding.place.first_word, judged.finding.place.last_word + 1)
    }
    return LeakCheck(tuple(leak for leak in check.leaks if not _is_kept(released, leak, kept)))


def _is_kept(released: Released, leak: Leak, kept: set[int]) -> bool:
    words = list(_words_of(released, leak)) if kept and leak.part is None else []
    return bool(words) and kept.issuperset(words)


def _words_of(released: Released, leak: Leak) -> Iterator[int]:
    """Yield the numbers of the words in a place of the talk, -1 where none was said so."""
    position, turn = 0, leak.line - 1
    for token, word in _told(released, turn):
        if position < leak.end and leak.start < position + len(token.text):
            yield word
        position += len(token.text) + 1


def _told(released: Released, turn: int) -> Iterator[tuple[Token, int]]:
    """Yield the tokens of a turn, each with the number of its word, -1 where none was said so."""
    span, words = released.spans[turn], released.review.transcript.words
    following = iter(range(span.first_word, span.last_word + 1) if span else ())
    for token in released.text.turns[turn].tokens:
        said = not (token.mark or token.redacted)
        matching = (n for n in following if words[n].start_ms == token.start_ms)
        yield token, next(matching, -1) if said else -1
