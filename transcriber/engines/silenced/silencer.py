"""Writes the copy to listen to without what must not be heard; nothing touches a disk."""

from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from transcriber.domain.released_sound import SoundFormat, TakenOut
from transcriber.engines.silenced.fill import Listener, filled, spans_of
from transcriber.engines.silenced.flac import FlacWriter
from transcriber.engines.silenced.mp3 import Mp3Writer
from transcriber.engines.silenced.opus import OpusWriter
from transcriber.engines.silenced.source import blocks, sample_count
from transcriber.engines.silenced.wav import WavWriter
from transcriber.engines.silenced.written import SoundWriter

_WRITERS: Mapping[SoundFormat, Callable[[int], SoundWriter]] = {
    SoundFormat.WAV: WavWriter,
    SoundFormat.FLAC: FlacWriter,
    SoundFormat.MP3: Mp3Writer,
    SoundFormat.OPUS: OpusWriter,
}


class PyAvSilencer:
    """Implements `SoundSilencer`."""

    def __init__(self, sound_format: SoundFormat) -> None:
        self.format = sound_format

    def without(self, source: BinaryIO, taken_out: TakenOut) -> Iterator[bytes]:
        """Yield `source` without some stretches; see `SoundSilencer`.

        Raises RedactionRefused and EngineFailed.
        """
        count, fill = sample_count(source), taken_out.rule.fill
        writer = _WRITERS[self.format](count)
        spans = spans_of(taken_out.stretches, count)
        listener = Listener(spans, fill, writer.heard_rate_hz, writer.smear_ms, writer.loudest_left)
        first, unheard = 0, b""
        for samples in blocks(source):
            written = writer.write(filled(samples, first, spans, fill))
            listener.hear(written.heard)
            # A decoder is behind what it was given; a piece leaves once it was wholly heard.
            if unheard:
                yield unheard
            first, unheard = first + len(samples), written.data
        written = writer.end()
        listener.hear(written.heard)
        yield unheard + written.data
