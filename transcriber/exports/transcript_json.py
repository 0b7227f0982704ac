"""The raw, private transcript as a file (schema `transcriber/1`, docs/schemas.md)."""

from collections.abc import Mapping

from transcriber.domain.errors import InputError
from transcriber.domain.transcript import (
    Coverage,
    Quality,
    Role,
    RoleGuess,
    Segment,
    Speaker,
    Struck,
    Transcript,
    Word,
)
from transcriber.exports.documents.plain import decode
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.records import (
    WrongRecord,
    count,
    interval,
    items,
    mapping,
    number,
    optional_string,
    string,
)
from transcriber.exports.speakers_json import speaker_record
from transcriber.exports.wording import coverage_record

SCHEMA = "transcriber/1"


def write_transcript(transcript: Transcript) -> bytes:
    """Write UTF-8 JSON; times in milliseconds, word numbers from zero and inclusive.

    Raises ValueError or TypeError when the provenance holds what JSON cannot.
    """
    return dump(
        {
            "schema": SCHEMA,
            "language": transcript.language,
            "quality": transcript.quality.value,
            "duration_ms": transcript.duration_ms,
            "speakers": [speaker_record(speaker) for speaker in transcript.speakers],
            "words": [_word_record(word) for word in transcript.words],
            "segments": [
                {"speaker": s.speaker, "first_word": s.first_word, "last_word": s.last_word}
                for s in transcript.segments
            ],
            "coverage": coverage_record(transcript.coverage),
            "provenance": dict(transcript.provenance),
        }
    )


def read_transcript(data: bytes) -> Transcript:
    """Read what `write_transcript` wrote; fields it does not know are ignored.

    Raises InputError: `not_text`, `empty`, `bad_json`, or `bad_transcript` when a field is missing
    or wrong, two words share an id, or a word is not in exactly one segment.
    """
    value = load(decode(data))
    try:
        return _transcript(mapping(value))
    except ValueError:
        raise InputError(
            "bad_transcript",
            "This file is not a transcript that Transcriber wrote. Give the transcript.json from "
            "the private folder, unchanged.",
        ) from None


def _word_record(word: Word) -> dict[str, object]:
    """Return one word; `struck` and `speaker_uncertain` are there only where they say something."""
    struck = {} if word.struck is None else {"struck": word.struck.value}
    uncertain = {"speaker_uncertain": True} if word.speaker_uncertain else {}
    return {
        "id": word.id,
        "text": word.text,
        "start_ms": word.start_ms,
        "end_ms": word.end_ms,
        "speaker": word.speaker,
        "confidence": word.confidence,
        **uncertain,
        **struck,
    }


def _transcript(record: Mapping[str, object]) -> Transcript:
    if record.get("schema") != SCHEMA:
        raise WrongRecord
    words = items(record, "words", _word)
    segments = items(record, "segments", _segment)
    _check(words, segments)
    coverage = mapping(record.get("coverage"))
    return Transcript(
        language=string(record, "language"),
        quality=Quality(string(record, "quality")),
        duration_ms=count(record, "duration_ms"),
        speakers=items(record, "speakers", _speaker),
        words=words,
        segments=segments,
        coverage=Coverage(count(coverage, "speech_ms"), items(coverage, "untranscribed", interval)),
        provenance=mapping(record.get("provenance", {})),
    )


def _speaker(value: object) -> Speaker:
    record = mapping(value)
    guess = None if record.get("guess") is None else _guess(mapping(record["guess"]))
    return Speaker(string(record, "id"), string(record, "label"), guess)


def _guess(record: Mapping[str, object]) -> RoleGuess:
    return RoleGuess(
        role=Role(string(record, "role")),
        questions=count(record, "questions"),
        all_questions=count(record, "all_questions"),
        talk_share=number(record, "talk_share"),
        opens=record.get("opens") is True,
    )


def _word(value: object) -> Word:
    record = mapping(value)
    spoken = interval(record)
    return Word(
        id=string(record, "id"),
        text=string(record, "text"),
        start_ms=spoken.start_ms,
        end_ms=spoken.end_ms,
        speaker=optional_string(record, "speaker"),
        confidence=None if record.get("confidence") is None else number(record, "confidence"),
        struck=None if record.get("struck") is None else Struck(string(record, "struck")),
        speaker_uncertain=record.get("speaker_uncertain") is True,
    )


def _segment(value: object) -> Segment:
    record = mapping(value)
    return Segment(
        optional_string(record, "speaker"),
        count(record, "first_word"),
        count(record, "last_word"),
    )


def _check(words: tuple[Word, ...], segments: tuple[Segment, ...]) -> None:
    """Check what the domain promises about words and segments."""
    following = 0
    for segment in segments:
        if segment.first_word != following or segment.last_word < following:
            raise WrongRecord
        following = segment.last_word + 1
    if following != len(words) or len({word.id for word in words}) != len(words):
        raise WrongRecord
