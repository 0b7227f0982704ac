"""How long a media file says that it is.

FFmpeg's own answer is not enough: for MP3 and AAC without an index it is a guess from the bit
rate, for Ogg it is where the last page stands, and for WAV and AIFF it is cut to the size of the
file, which hides that the end is missing.
"""

import io
from typing import Any, Literal

# Recorders that cannot go back write a placeholder: 0, nearly 2 GiB (SoX) or 4 GiB (FFmpeg).
_UNKNOWN_FROM, _UNKNOWN_TO, _UNKNOWN_TOP = 0x7FFFF000, 0x80000000, 0xFFFFF000
_RIFF = (b"RIFF", b"RF64", b"BW64")
_SLACK_BYTES = 1 << 16  # recorders may leave the rest of a memory card's cluster behind the sound


def declared_ms(container: Any, stream: Any, source: io.FileIO) -> int | None:
    """Return the length of `stream` that the file itself states, None where it states none."""
    name = container.format.name.split(",")[0]
    position = source.tell()
    try:
        if name == "wav":
            return _wav_ms(source)
        if name == "mp3":
            return _mp3_ms(source, stream.rate)
        if name == "aiff":
            return _aiff_ms(source, stream.rate)
    finally:
        source.seek(position)  # the demuxer goes on reading where it was
    if name in ("mov", "flac", "caf") and stream.duration is not None:
        return int(stream.duration * stream.time_base * 1000)
    return None


def states_longest(container: Any) -> bool:
    """Whether the stated length is that of the longest track, of whatever kind that is."""
    return container.format.name.split(",")[0] in ("matroska", "asf", "flv", "avi")


def wav_goes_on(source: io.FileIO) -> bool:
    """Whether a WAV file holds sound behind the end that its header states.

    A recorder whose battery dies leaves the length it last wrote, and one that passes 4 GiB
    starts again from zero; FFmpeg would stop there. What follows the sound in a good file is a
    chain of chunks that ends with the file.
    """
    source.seek(0)
    if source.read(4) not in _RIFF:
        return False
    found = _chunk(source, b"data", "little")
    if found is None or not _is_stated(found[0]):
        return False
    size, position, _ = found
    end = source.seek(0, io.SEEK_END)
    position += size + size % 2
    while position + 8 <= end:
        at = source.seek(position)
        header = source.read(8)
        position += 8 + int.from_bytes(header[4:], "little")
        position += position % 2
        if end - at <= _SLACK_BYTES:
            return False
        if not all(0x20 <= byte < 0x7F for byte in header[:4]) or position > end + 1:
            return True
    return False


def _is_stated(size: int) -> bool:
    return size != 0 and not _UNKNOWN_FROM <= size <= _UNKNOWN_TO and size < _UNKNOWN_TOP


def _chunk(
    source: io.FileIO, wanted: bytes, order: Literal["little", "big"]
) -> tuple[int, int, bytes] | None:
    """Find a chunk of a RIFF or IFF file: its stated size, where it starts, its first 64 bytes."""
    position = 12
    for _ in range(64):  # as many chunks as any recorder writes before the sound
        source.seek(position)
        header = source.read(72)
        if len(header) < 8:
            return None
        size = int.from_bytes(header[4:8], order)
        if header[:4] == wanted:
            return size, position + 8, header[8:]
        position += 8 + size + size % 2
    return None


def _wav_ms(source: io.FileIO) -> int | None:
    layout, data = _chunk(source, b"fmt ", "little"), _chunk(source, b"data", "little")
    if layout is None or data is None or len(layout[2]) < 12:
        return None
    size = data[0]
    long = _chunk(source, b"ds64", "little")
    if long is not None and size >= _UNKNOWN_TOP:
        size = int.from_bytes(long[2][8:16], "little")  # beyond 4 GiB (EBU Tech 3306)
    elif not _is_stated(size) or wav_goes_on(source):
        return None
    bytes_per_s = int.from_bytes(layout[2][8:12], "little")
    return size * 1000 // bytes_per_s or None if bytes_per_s else None


def _aiff_ms(source: io.FileIO, rate_hz: int) -> int | None:
    common = _chunk(source, b"COMM", "big")
    if common is None or not rate_hz:
        return None
    return int.from_bytes(common[2][2:6], "big") * 1000 // rate_hz or None


def _mp3_ms(source: io.FileIO, rate_hz: int) -> int | None:
    """Read the number of frames that encoders leave in the first frame (Xing and Info header)."""
    source.seek(0)
    head = source.read(10)
    start = 0
    if head[:3] == b"ID3" and len(head) == 10:
        # Four bytes of seven bits each.
        start = 10 + sum(
            byte << shift for byte, shift in zip(head[6:10], (21, 14, 7, 0), strict=True)
        )
    source.seek(start)
    first_frame = source.read(256)
    for mark in (b"Xing", b"Info"):
        at = first_frame.find(mark)
        if at >= 0 and len(first_frame) >= at + 12 and first_frame[at + 7] & 1 and rate_hz:
            frames = int.from_bytes(first_frame[at + 8 : at + 12], "big")
            samples_per_frame = 1152 if rate_hz >= 32_000 else 576  # MPEG 1, else MPEG 2
            return frames * samples_per_frame * 1000 // rate_hz or None
    return None
