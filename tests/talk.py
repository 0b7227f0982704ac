"""Transcripts of made-up talk, for tests of what the talk of an interview tells."""

from transcriber.domain.interval import Interval
from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Coverage, Quality, Speaker, Transcript, Turn, Word

WORD_MS = 300


def talk(*lines: tuple[str | None, str], pause_ms: int = 800, language: str = "en") -> Transcript:
    """A transcript of lines, each a speaker and words, one after the other."""
    words: list[Word] = []
    now_ms = 0
    for speaker, line in lines:
        now_ms += pause_ms
        for text in line.split():
            start_ms, now_ms = now_ms, now_ms + WORD_MS
            words.append(Word(f"w{len(words)}", text, start_ms, now_ms, speaker))
    speakers = dict.fromkeys(speaker for speaker, _ in lines if speaker is not None)
    return Transcript(
        language,
        Quality.FULL,
        now_ms + pause_ms,
        tuple(Speaker(speaker, speaker) for speaker in speakers),
        tuple(words),
        tuple(segments(words)),
        Coverage(now_ms),
    )


def turns_of(transcript: Transcript) -> tuple[Turn, ...]:
    """What diarisation would have found for it: a turn for each segment."""
    return tuple(
        Turn(
            segment.speaker,
            Interval(
                transcript.words[segment.first_word].start_ms,
                transcript.words[segment.last_word].end_ms,
            ),
        )
        for segment in transcript.segments
        if segment.speaker is not None
    )
