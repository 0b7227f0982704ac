"""Write a redacted transcript down by a convention.

Nothing is added but marks, and no word is changed. What is left out is on closed lists of its
language (`hesitations`); a redacted word is never left out.

Marks (docs/conventions.md gives the sources):

    (4 s)                   silence of everybody, in whole seconds; before the word that ends it
    [overtalking]           what follows was said while somebody else spoke
    [inaudible 00:12:03]    speech that gave no words, and when it began
    [several voices]        several people said at once what follows; the speaker is SEVERAL
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from operator import attrgetter

from transcriber.domain.convention import Convention
from transcriber.domain.interval import Interval
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import SEVERAL_VOICES, UNKNOWN_SPEAKER
from transcriber.stages.hesitations import LISTENING, ends_sentence, is_bare, smooth

OVERLAP_MS = 250
"""Shorter overlaps may come from word borders, which recognisers place within 200 ms at best."""

OVERLAP_MARK = "[overtalking]"
SEVERAL_MARK = "[several voices]"

Place = tuple[int, int]
"""Number of a turn, and of a token in it."""


def apply_convention(transcript: RedactedTranscript, convention: Convention) -> RedactedTranscript:
    """Return the transcript as `convention` writes it; marks that it had before are made anew.

    A mark that stands for a withheld passage stays.

    Speech without words is marked in the turn that it falls into, else in a turn of its own; when
    there is no turn at all, in one of an unknown speaker.
    """
    language = transcript.language.partition("-")[0]
    turns = [
        _of(turn, (t for t in turn.tokens if not t.mark or t.redacted)) for turn in transcript.turns
    ]
    turns = _with_inaudible([turn for turn in turns if turn.tokens], transcript)
    turns = _with_marks(turns, convention)
    if not convention.hesitations:
        turns = [_of(turn, smooth(turn.tokens, language)) for turn in turns]
    if not convention.back_channels:
        turns = _without_back_channels(turns, language)
    return replace(transcript, turns=tuple(turns))


def _of(turn: RedactedTurn, tokens: Iterable[Token]) -> RedactedTurn:
    return replace(turn, tokens=tuple(tokens))


def _with_inaudible(
    turns: Sequence[RedactedTurn], transcript: RedactedTranscript
) -> list[RedactedTurn]:
    # Of the turns as they were heard: a mark must not draw the next one to its turn.
    spans = [(turn.start_ms, turn.end_ms) for turn in turns]
    marked = list(turns)
    nobodys: list[RedactedTurn] = []
    for mark in map(_inaudible, transcript.coverage.untranscribed):
        within = (
            n for n, (start, end) in enumerate(spans) if start < mark.end_ms and mark.start_ms < end
        )
        number = next(within, None)
        if number is None:
            nobodys.append(RedactedTurn(UNKNOWN_SPEAKER, (mark,)))
            continue
        tokens = list(marked[number].tokens)
        after = (n for n, token in enumerate(tokens) if token.start_ms >= mark.start_ms)
        tokens.insert(next(after, len(tokens)), mark)
        marked[number] = _of(marked[number], tokens)
    for turn in nobodys:
        later = (n for n, other in enumerate(marked) if other.start_ms >= turn.start_ms)
        marked.insert(next(later, len(marked)), turn)
    return marked


def _inaudible(stretch: Interval) -> Token:
    minutes, seconds = divmod(stretch.start_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"[inaudible {hours:02}:{minutes:02}:{seconds:02}]"
    return Token(text, stretch.start_ms, stretch.end_ms, mark=True)


def _with_marks(turns: Sequence[RedactedTurn], convention: Convention) -> list[RedactedTurn]:
    """Mark pauses, overlaps and choruses; marks last no time: turns and cues keep theirs."""
    pauses = {}
    if convention.pauses_from_ms is not None:
        pauses = {
            silence.end_ms: silence.duration_ms // 1000
            for silence in _silences(turns)
            if silence.duration_ms >= convention.pauses_from_ms
        }
    overlaps = set(_overlaps(turns)) if convention.overlaps else set()
    marked = []
    for number, turn in enumerate(turns):
        tokens: list[Token] = []
        if turn.label == SEVERAL_VOICES:
            tokens.append(Token(SEVERAL_MARK, turn.start_ms, turn.start_ms, mark=True))
        for position, token in enumerate(turn.tokens):
            now_ms = token.start_ms
            if now_ms in pauses:
                tokens.append(Token(f"({pauses.pop(now_ms)} s)", now_ms, now_ms, mark=True))
            if (number, position) in overlaps:
                tokens.append(Token(OVERLAP_MARK, now_ms, now_ms, mark=True))
            tokens.append(token)
        marked.append(_of(turn, tokens))
    return marked


def _silences(turns: Sequence[RedactedTurn]) -> Iterator[Interval]:
    """Yield the stretches between the first and the last sound in which nobody speaks."""
    tokens = sorted((t for turn in turns for t in turn.tokens), key=attrgetter("start_ms"))
    last_ms = tokens[0].end_ms if tokens else 0
    for token in tokens:
        if token.start_ms > last_ms:
            yield Interval(last_ms, token.start_ms)
        last_ms = max(last_ms, token.end_ms)


def _overlaps(turns: Sequence[RedactedTurn]) -> Iterator[Place]:
    """Yield where somebody comes to speak while another person's earlier turn goes on."""
    spoken = sorted(
        (
            (token.start_ms, token.end_ms, turn.start_ms, number)
            for number, turn in enumerate(turns)
            if turn.label != UNKNOWN_SPEAKER
            for token in turn.tokens
            if not token.mark
        ),
    )
    longest_ms = max((end_ms - start_ms for start_ms, end_ms, *_ in spoken), default=0)
    for number, turn in enumerate(turns):
        over = False
        for position, token in enumerate(turn.tokens):
            first = bisect_left(spoken, (token.start_ms - longest_ms,))
            last = bisect_left(spoken, (token.end_ms,))
            shared_ms = sum(
                min(end_ms, token.end_ms) - max(start_ms, token.start_ms)
                for start_ms, end_ms, turn_ms, other in spoken[first:last]
                if end_ms > token.start_ms
                and turns[other].label != turn.label
                and (turn_ms, other) < (turn.start_ms, number)
            )
            before, over = over, shared_ms >= OVERLAP_MS and turn.label != UNKNOWN_SPEAKER
            if over and not before and not token.mark:
                yield number, position


def _without_back_channels(turns: Sequence[RedactedTurn], language: str) -> list[RedactedTurn]:
    """Leave out a lone listening sound in the middle of another person's sentence.

    After a whole sentence it may be an answer. In a transcript without punctuation nobody can tell,
    so everything stays.
    """
    listening = LISTENING.get(language, frozenset())
    if not any(ends_sentence(token.text) for turn in turns for token in turn.tokens):
        return list(turns)
    kept: list[RedactedTurn] = []
    dropped = False
    for number, turn in enumerate(turns):
        after = turns[number + 1] if number + 1 < len(turns) else None
        if dropped:
            kept[-1] = _of(kept[-1], (*kept[-1].tokens, *turn.tokens))
            dropped = False
        elif (
            kept
            and after is not None
            and kept[-1].label == after.label != turn.label
            and len(turn.tokens) == 1
            and is_bare(turn.tokens[0], listening)
            and _breaks_off(kept[-1])
        ):
            dropped = True
        else:
            kept.append(turn)
    return kept


def _breaks_off(turn: RedactedTurn) -> bool:
    last = turn.tokens[-1]
    return not last.mark and not ends_sentence(last.text)
