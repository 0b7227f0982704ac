"""Sound that leaves, a piece at a time, without what was taken out of it."""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from transcriber.domain.released_sound import SoundFormat, TakenOut
from transcriber.stages.protocols import SoundSilencer

SOUND_MEDIA_TYPES = {
    SoundFormat.WAV: "audio/wav",
    SoundFormat.FLAC: "audio/flac",
    SoundFormat.MP3: "audio/mpeg",
    SoundFormat.OPUS: "audio/ogg",
}


def silenced_pieces(source: BinaryIO, gone: TakenOut, silencer: SoundSilencer) -> Iterator[bytes]:
    """Return the pieces of a file, of which the first is made already; `source` is closed at last.

    So what is wrong with the sound is told before anything leaves. Raises what the silencer does.
    """
    pieces = _closing(source, silencer.without(source, gone))
    return chain([next(pieces)], pieces)


def _closing(source: BinaryIO, pieces: Iterator[bytes]) -> Iterator[bytes]:
    with source:
        yield from pieces
