"""A redacted transcript from words and findings, checked against a second way to the same text."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Finding
from transcriber.domain.interval import Interval
from transcriber.domain.recording import Recording
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Coverage, Segment, Transcript, Word
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, is_withdrawn
from transcriber.domain.withheld import Withheld, passages
from transcriber.stages.overlaps import resolve, whole_words
from transcriber.stages.protocols import Anonymiser


@dataclass(frozen=True, slots=True)
class TurnSpan:
    """From which words a redacted turn was written: word numbers, both inclusive."""

    first_word: int
    last_word: int


@dataclass(frozen=True)
class Redaction:
    """A redacted transcript and, for each of its turns, the words that it was written from."""

    transcript: RedactedTranscript
    spans: tuple[TurnSpan, ...]


def redact_transcript(
    recording: Recording,
    transcript: Transcript,
    findings: Sequence[Finding],
    anonymiser: Anonymiser,
) -> RedactedTranscript:
    """Return what `redact` makes where nothing is withheld."""
    return redact(recording, transcript, findings, (), anonymiser).transcript


def redact(
    recording: Recording,
    transcript: Transcript,
    findings: Sequence[Finding],
    withheld: Sequence[Withheld],
    anonymiser: Anonymiser,
) -> Redaction:
    """Write replacements over the words that findings cover; times stay.

    Segments of one speaker that follow each other become one turn. Struck words are left out,
    except where one replacement stands for them and for words that were said. Of a passage that is
    withheld nothing is left but a mark of its length, where it starts; one at the very beginning or
    end of the talk is gone without a mark. Raises RedactionRefused with code `mismatch` when the
    words and the anonymiser do not give the same text.
    """
    replaced = _replaced(transcript.text, findings)
    written = "\n".join(
        " ".join(piece.token.text for piece in _pieces(transcript, segment, replaced, ()))
        for segment in transcript.segments
    )
    if written != anonymiser.replace(transcript.text, replaced):
        raise _mismatch()
    out = passages(withheld)
    said = [
        piece
        for segment in transcript.segments
        for piece in _pieces(transcript, segment, replaced, out)
        if not piece.struck
    ]
    kept = _trimmed(said)
    _require_nothing_withheld(transcript, kept, replaced, out)
    turns = list(_turns(transcript, kept))
    return Redaction(
        RedactedTranscript(
            code=recording.code,
            study=recording.study,
            language=transcript.language,
            quality=transcript.quality,
            checked=Checked.NO,
            duration_ms=transcript.duration_ms,
            coverage=_coverage(transcript, said, kept),
            turns=tuple(turn for turn, _ in turns),
            guessed=tuple(speaker.label for speaker in transcript.speakers if speaker.guess),
            kind=recording.kind,
        ),
        tuple(span for _, span in turns),
    )


@dataclass(frozen=True, slots=True)
class _Piece:
    """A token, whose segment it is of, and the words that it stands for."""

    token: Token
    segment: Segment
    first: int
    last: int
    struck: bool = False
    passage: bool = False


def _replaced(text: str, findings: Sequence[Finding]) -> list[Finding]:
    """Return what is replaced, in order and without overlap.

    What a person marked may run over lines or cut into what the machine found.
    """
    pieces = [
        piece
        for finding in findings
        if finding.replacement is not None
        for piece in ([finding] if "\n" not in finding.text else whole_words(text, finding))
    ]
    return list(resolve(text, pieces))


def _pieces(
    transcript: Transcript,
    segment: Segment,
    findings: Sequence[Finding],
    withheld: Sequence[Withheld],
) -> Iterator[_Piece]:
    """Yield what stands for the words of a segment."""
    layout, number = transcript.layout, segment.first_word
    start, end = layout.offsets(segment.first_word, segment.last_word)
    inside = findings[
        bisect_right(findings, start, key=lambda f: f.end) : bisect_left(
            findings, end, key=lambda f: f.start
        )
    ]
    while number <= segment.last_word:
        passage = next((passage for passage in withheld if number in passage), None)
        if passage is not None:
            if number == passage.first_word:
                token = _withheld_mark(transcript, passage)
                yield _Piece(token, segment, number, passage.last_word, passage=True)
            number = passage.last_word + 1
            continue
        word = transcript.words[number]
        here = [
            f
            for f in inside
            if f.start < _end(transcript, number) and f.end > layout.starts[number]
        ]
        if not here:
            token = _as_said(word)
            yield _Piece(token, segment, number, number, word.struck is not None)
            number += 1
            continue
        limit = min(
            (p.first_word - 1 for p in withheld if p.first_word > number),
            default=segment.last_word,
        )
        last = _last_word(transcript, inside, number, min(limit, segment.last_word))
        struck = all(word.struck for word in transcript.words[number : last + 1])
        token = _token(transcript, number, last, inside)
        yield _Piece(token, segment, number, last, struck)
        number = last + 1


def _withheld_mark(transcript: Transcript, passage: Withheld) -> Token:
    words = transcript.words[passage.first_word : passage.last_word + 1]
    start_ms, end_ms = words[0].start_ms, max(word.end_ms for word in words)
    minutes, seconds = divmod(max(round((end_ms - start_ms) / 1000), 1), 60)
    text = f"[passage withheld, {minutes}:{seconds:02d}]"
    return Token(text, start_ms, end_ms, redacted=True, mark=True)


def _as_said(word: Word) -> Token:
    """Return a word that no finding covers; one that stands for what was taken back is a mark."""
    if not is_withdrawn(word.text):
        return Token(word.text, word.start_ms, word.end_ms)
    is_turn = word.text == CONTRIBUTION_WITHDRAWN
    return Token(word.text, word.start_ms, word.end_ms, redacted=True, mark=is_turn)


def _trimmed(said: list[_Piece]) -> list[_Piece]:
    """Leave out the marks of passages before the first word that stays and after the last one."""
    kept = [number for number, piece in enumerate(said) if not piece.passage]
    return said[kept[0] : kept[-1] + 1] if kept else []


def _coverage(transcript: Transcript, said: Sequence[_Piece], kept: Sequence[_Piece]) -> Coverage:
    """Leave out the stretches without words that lie in what is withheld."""
    out = [piece.token for piece in said if piece.passage]
    if not kept or not out:
        return transcript.coverage
    first_ms, last_ms = kept[0].token.start_ms, kept[-1].token.end_ms
    cut_before, cut_after = said[0] is not kept[0], said[-1] is not kept[-1]

    def leaves(gap: Interval) -> bool:
        return not (
            (cut_before and gap.start_ms < first_ms)
            or (cut_after and gap.end_ms > last_ms)
            or any(token.start_ms <= gap.start_ms < token.end_ms for token in out)
        )

    return replace(
        transcript.coverage,
        untranscribed=tuple(gap for gap in transcript.coverage.untranscribed if leaves(gap)),
    )


def _require_nothing_withheld(
    transcript: Transcript,
    kept: Sequence[_Piece],
    replaced: Sequence[Finding],
    withheld: Sequence[Withheld],
) -> None:
    """Compare with the words that may stand there, told in another way, word by word."""
    out = {n for passage in withheld for n in range(passage.first_word, passage.last_word + 1)}
    covered: set[int] = set()
    for finding in replaced:
        first, last = transcript.layout.word_range(finding.start, finding.end)
        covered.update(range(first, last + 1))
    plain = [
        word.text
        for number, word in enumerate(transcript.words)
        if number not in out
        and number not in covered
        and word.struck is None
        and not is_withdrawn(word.text)
    ]
    if [piece.token.text for piece in kept if not piece.token.redacted] != plain:
        raise _mismatch()


def _mismatch() -> RedactionRefused:
    return RedactionRefused(
        "mismatch",
        "Two ways of writing the redacted text did not agree, so nothing was written. "
        "This is a fault in Transcriber; please report it with the version number.",
    )


def _last_word(transcript: Transcript, findings: Sequence[Finding], first: int, limit: int) -> int:
    """Return the last word of findings that share words (`Sarah/Tom` is one word)."""
    last = first
    while last < limit and any(
        f.start < _end(transcript, last) and f.end > transcript.layout.starts[last + 1]
        for f in findings
    ):
        last += 1
    return last


def _token(transcript: Transcript, first: int, last: int, findings: Sequence[Finding]) -> Token:
    """Write replacements into these words; what of a word no finding covers stays (`[P01]'s,`)."""
    start, end = transcript.layout.offsets(first, last)
    pieces, position = [], start
    for finding in findings:
        if finding.start < end and start < finding.end:
            pieces += [transcript.text[position : finding.start], finding.replacement or ""]
            position = finding.end
    pieces.append(transcript.text[position:end])
    spoken = transcript.words[first : last + 1]
    end_ms = max(word.end_ms for word in spoken)
    return Token("".join(pieces), spoken[0].start_ms, end_ms, redacted=True)


def _turns(
    transcript: Transcript, said: Sequence[_Piece]
) -> Iterator[tuple[RedactedTurn, TurnSpan]]:
    gathered: list[_Piece] = []
    for piece in said:
        if gathered and piece.segment.speaker != gathered[-1].segment.speaker:
            yield _turn(transcript, gathered)
            gathered = []
        gathered.append(piece)
    if gathered:
        yield _turn(transcript, gathered)


def _turn(transcript: Transcript, gathered: Sequence[_Piece]) -> tuple[RedactedTurn, TurnSpan]:
    label = transcript.label(gathered[0].segment.speaker)
    span = TurnSpan(gathered[0].first, max(piece.last for piece in gathered))
    tokens = tuple(piece.token for piece in gathered)
    return RedactedTurn(label, tokens, transcript.words[span.first_word].id), span


def _end(transcript: Transcript, number: int) -> int:
    layout = transcript.layout
    return layout.starts[number] + layout.lengths[number]
