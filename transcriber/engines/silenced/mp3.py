"""MP3: constant 64 kbit/s, behind a frame of no sound that tells how long it is.

An encoder of MP3 puts silence before the sound and behind it. Players that are not told how much
show all later times a tenth of a second off; they are told in the first frame, as LAME does it.
Specification: http://gabriel.mp3-tech.org/mp3infotag.html (Xing header and LAME tag, revision 1).
"""

import struct

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.recording import SAMPLE_RATE_HZ
from transcriber.engines.silenced.written import Encoder, Written, opened

_BIT_RATE = 64_000
_FRAME_SAMPLES = 576  # MPEG-2 layer III
_FRAME_BYTES = _FRAME_SAMPLES * _BIT_RATE // (8 * SAMPLE_RATE_HZ)
_FRAME_HEAD = bytes((0xFF, 0xF3, 0x88, 0xC4))
"""MPEG-2 layer III without a checksum, 64 kbit/s, 16 kHz, mono, original (ISO/IEC 13818-3)."""

_SIDE_BYTES = 9  # mono, MPEG-2
_LEAD = 576
"""What LAME puts before the first sample; decoders know of 529 more, which are their own."""

_LEAST_TRAIL = 576  # so that the last sample is whole in a frame
_FRAMES_BYTES_TOLD = 0b11
_CBR = 0x01


class Mp3Writer:
    """Implements `SoundWriter`. The program's name in the tag is what players know its form by."""

    heard_rate_hz = SAMPLE_RATE_HZ
    smear_ms = 120  # a frame and its neighbours, 36 ms each
    loudest_left = 32

    def __init__(self, sample_count: int) -> None:
        self._encoder = Encoder(opened("libmp3lame", "s16p", _BIT_RATE), "mp3float")
        self._head = _first_frame(sample_count)

    def write(self, samples: NDArray[np.int16]) -> Written:
        """Write what follows. Raises EngineFailed."""
        written = self._encoder.written(samples)
        head, self._head = self._head, b""
        return written._replace(data=head + written.data)

    def end(self) -> Written:
        """Write what the encoder still holds. Raises EngineFailed."""
        written = self._encoder.written(None)
        return written._replace(data=self._head + written.data)


def _first_frame(sample_count: int) -> bytes:
    """Return the frame that tells how many frames follow, and how much of them is no sound."""
    trail = _FRAME_SAMPLES - (sample_count + _LEAD) % _FRAME_SAMPLES
    if trail < _LEAST_TRAIL:
        trail += _FRAME_SAMPLES
    frames = (_LEAD + sample_count + trail) // _FRAME_SAMPLES
    info = struct.pack(">4sIII", b"Info", _FRAMES_BYTES_TOLD, frames, (frames + 1) * _FRAME_BYTES)
    lead_and_trail = (_LEAD << 12 | trail).to_bytes(3, "big")
    # Name; kind of bit rate; low-pass, loudness and flags unknown; bit rate; lead and trail; rest.
    tag = b"LAME3.100" + bytes((_CBR,)) + bytes(10) + bytes((64,)) + lead_and_trail + bytes(12)
    told = _FRAME_HEAD + bytes(_SIDE_BYTES) + info + tag
    told = told[:-2]
    return (told + _crc16(told).to_bytes(2, "big")).ljust(_FRAME_BYTES, b"\0")


def _crc16(data: bytes) -> int:
    """Return the CRC-16 of the tag: polynomial 0x8005, bits reversed, begun with zero."""
    crc = 0
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0xA001 if crc & 1 else 0)
    return crc
