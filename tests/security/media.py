"""Media files, whole and hostile, made without any program outside Python."""

import io
import struct

import av
import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000


def tone(seconds: float, rate_hz: int = RATE_HZ) -> NDArray[np.int16]:
    """A tone that rises and swells, so that a shift in time shows."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    swell = 6_000 * (1.2 + np.sin(2 * np.pi * 0.7 * t))
    return (swell * np.sin(2 * np.pi * (200 * t + 10 * t * t))).astype(np.int16)


def encoded(form: str, codec: str, rate_hz: int, seconds: float, **options: str) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        frame = av.AudioFrame.from_ndarray(tone(seconds, rate_hz)[None], "s16", "mono")
        frame.sample_rate = rate_hz
        frame.pts = 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return file.getvalue()


def with_index_first(mp4: bytes) -> bytes:
    """Move the index of an MP4 to the front, as phones' "fast start" files have it."""
    boxes, position = {}, 0
    while position < len(mp4):
        size = int.from_bytes(mp4[position : position + 4], "big")
        boxes[mp4[position + 4 : position + 8]] = bytearray(mp4[position : position + size])
        position += size
    index = boxes[b"moov"]
    at = index.index(b"stco") + 8
    for k in range(int.from_bytes(index[at : at + 4], "big")):
        place = slice(at + 4 + 4 * k, at + 8 + 4 * k)
        moved = int.from_bytes(index[place], "big") + len(index)
        index[place] = moved.to_bytes(4, "big")
    rest = [box for name, box in boxes.items() if name not in (b"ftyp", b"moov")]
    return bytes(boxes[b"ftyp"] + index + b"".join(rest))


def crc(data: bytes, polynomial: int, bits: int) -> int:
    value = 0
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value <<= 1
            if value >> bits:
                value ^= (1 << bits) | polynomial
    return value


def silent_flac(hours: float, *, stated: bool) -> bytes:
    """Silence at 13 bytes for four seconds; `stated` says whether the header gives the length."""
    block = 65_535
    count = int(hours * 3_600 * RATE_HZ / block)
    total = count * block if stated else 0
    packed = RATE_HZ << 44 | 15 << 36 | total
    info = struct.pack(">HH6xQ16x", block, block, packed)
    parts = [b"fLaC\x80\x00\x00\x22", info]
    for number in range(count):
        header = b"\xff\xf8\x75\x08" + chr(number).encode() + b"\xff\xfe"
        header += bytes([crc(header, 0x07, 8)])
        frame = header + b"\x00\x00\x00"
        parts.append(frame + crc(frame, 0x8005, 16).to_bytes(2, "big"))
    return b"".join(parts)


def video_only() -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width = stream.height = 64
        for _ in range(25):
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return file.getvalue()
