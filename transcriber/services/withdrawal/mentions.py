"""Where in a recording somebody who withdraws is named, whoever names them."""

from transcriber.domain.finding import EntityType
from transcriber.domain.fold import Fold
from transcriber.domain.withdrawal import Withdrawing
from transcriber.stages.name_spellings import named


def mentions_in(fold: Fold, who: Withdrawing) -> tuple[range, ...]:
    """Return the words with which they are named, in order: found before, or only by their names.

    What is found to be another thing is no name of theirs. They may name themselves, too.
    """
    theirs: set[range] = set()
    others: set[int] = set()
    for mark in fold.marks:
        if mark.entity_type is EntityType.PERSON and mark.entity in who.entities:
            theirs.add(mark.words)
        else:
            others.update(mark.words)
    words = [word.text for word in fold.transcript.words]
    found = {span for span in named(words, who.spellings) if others.isdisjoint(span)}
    apart: list[range] = []
    for span in sorted(theirs | found, key=lambda span: (span.start, span.stop)):
        if apart and span.start < apart[-1].stop:  # a surname within a whole name
            apart[-1] = range(apart[-1].start, max(apart[-1].stop, span.stop))
        else:
            apart.append(span)
    return tuple(apart)


def mentions_by_others(fold: Fold, who: Withdrawing) -> tuple[range, ...]:
    """Return those of `mentions_in` with which others name them."""
    words = fold.transcript.words
    voices = {each.id for each in fold.transcript.speakers if each.label in who.labels}
    mentions = mentions_in(fold, who)
    return tuple(span for span in mentions if words[span.start].speaker not in voices)
