"""A redacted transcript from words and findings, checked against a second way to the same text."""

from collections.abc import Iterator, Sequence

from transcriber.domain.errors import RedactionRefused
from transcriber.domain.finding import Finding
from transcriber.domain.recording import Recording
from transcriber.domain.redacted import Checked, RedactedTranscript, RedactedTurn, Token
from transcriber.domain.transcript import Segment, Transcript
from transcriber.stages.overlaps import resolve, whole_words
from transcriber.stages.protocols import Anonymiser


def redact_transcript(
    recording: Recording,
    transcript: Transcript,
    findings: Sequence[Finding],
    anonymiser: Anonymiser,
) -> RedactedTranscript:
    """Write replacements over the words that findings cover; times stay.

    Segments of one speaker that follow each other become one turn. Struck words are left out,
    except where one replacement stands for them and for words that were said. Raises
    RedactionRefused with code `mismatch` when the words and the anonymiser do not give the same
    text.
    """
    replaced = _replaced(transcript.text, findings)
    segments = [
        (segment, tuple(_tokens(transcript, segment, replaced))) for segment in transcript.segments
    ]
    written = "\n".join(" ".join(token.text for token, _ in tokens) for _, tokens in segments)
    if written != anonymiser.replace(transcript.text, replaced):
        raise RedactionRefused(
            "mismatch",
            "Two ways of writing the redacted text did not agree, so nothing was written. "
            "This is a fault in Transcriber; please report it with the version number.",
        )
    said = [
        (segment, tuple(token for token, struck in tokens if not struck))
        for segment, tokens in segments
    ]
    return RedactedTranscript(
        code=recording.code,
        study=recording.study,
        language=transcript.language,
        quality=transcript.quality,
        checked=Checked.NO,
        duration_ms=transcript.duration_ms,
        coverage=transcript.coverage,
        turns=tuple(_turns(transcript, said)),
        guessed=tuple(speaker.label for speaker in transcript.speakers if speaker.guess),
    )


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


def _tokens(
    transcript: Transcript, segment: Segment, findings: Sequence[Finding]
) -> Iterator[tuple[Token, bool]]:
    """Yield what stands for the words of a segment, and whether all of these are struck."""
    layout, number = transcript.layout, segment.first_word
    start, end = layout.offsets(segment.first_word, segment.last_word)
    inside = [f for f in findings if f.start < end and start < f.end]
    while number <= segment.last_word:
        here = [
            f
            for f in inside
            if f.start < _end(transcript, number) and f.end > layout.starts[number]
        ]
        if not here:
            word = transcript.words[number]
            yield Token(word.text, word.start_ms, word.end_ms), word.struck is not None
            number += 1
            continue
        last = _last_word(transcript, inside, number, segment.last_word)
        struck = all(word.struck for word in transcript.words[number : last + 1])
        yield _token(transcript, number, last, inside), struck
        number = last + 1


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
    transcript: Transcript, segments: Sequence[tuple[Segment, tuple[Token, ...]]]
) -> Iterator[RedactedTurn]:
    speaker: str | None = None
    gathered: list[Token] = []
    for segment, tokens in segments:
        if gathered and segment.speaker != speaker:
            yield RedactedTurn(transcript.label(speaker), tuple(gathered))
            gathered = []
        speaker = segment.speaker
        gathered.extend(tokens)
    if gathered:
        yield RedactedTurn(transcript.label(speaker), tuple(gathered))


def _end(transcript: Transcript, number: int) -> int:
    layout = transcript.layout
    return layout.starts[number] + layout.lengths[number]
