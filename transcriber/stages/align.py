"""From words and turns to a transcript that says who said what."""

from collections.abc import Mapping, Sequence

from transcriber.domain.segmentation import segments
from transcriber.domain.transcript import Diarisation, Recognition, Speaker, Transcript
from transcriber.stages.word_speakers.decide import by_units
from transcriber.stages.word_speakers.likeness import Likeness


def align(
    recognition: Recognition,
    diarisation: Diarisation,
    likenesses: Sequence[Likeness],
    duration_ms: int,
    provenance: Mapping[str, object],
) -> Transcript:
    """Give every word its speaker and gather words into segments.

    A word that came from its speaker's own track stays with that speaker. Any other goes to a
    speaker unit by unit (`word_speakers.decide`), else to nobody: `UNK` is an honest answer. Never
    one speaker per long segment: that puts the end of a question into the mouth of the person who
    answers it. `likenesses` has one entry a word.
    """
    words = by_units(recognition.words, diarisation, likenesses)
    return Transcript(
        language=recognition.language,
        quality=recognition.quality,
        duration_ms=duration_ms,
        speakers=tuple(Speaker(voice.speaker, voice.speaker) for voice in diarisation.voices),
        words=words,
        segments=tuple(segments(words)),
        coverage=recognition.coverage,
        provenance=provenance,
    )
