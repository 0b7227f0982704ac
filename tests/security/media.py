"""Media files, whole and hostile, made without any program outside Python."""

import io
import struct
import wave
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfiltfilt

RATE_HZ = 16_000


def tone(seconds: float, rate_hz: int = RATE_HZ) -> NDArray[np.int16]:
    """A tone that rises and swells, so that a shift in time shows."""
    t = np.arange(int(seconds * rate_hz)) / rate_hz
    swell = 6_000 * (1.2 + np.sin(2 * np.pi * 0.7 * t))
    return (swell * np.sin(2 * np.pi * (200 * t + 10 * t * t))).astype(np.int16)


def encoded(
    form: str, codec: str, rate_hz: int, seconds: float, bit_rate: int = 0, **options: str
) -> bytes:
    file = io.BytesIO()
    with av.open(file, "w", format=form, options=options) as container:
        stream = container.add_stream(codec, rate=rate_hz, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
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


def voice(seconds: float) -> NDArray[np.int16]:
    """Something like speech, at 16 kHz and below 3.4 kHz: syllables, pauses, a moving pitch."""
    count = int(seconds * RATE_HZ)
    t = np.arange(count) / RATE_HZ
    chance = np.random.default_rng(7)
    pitch_hz = 120 + 25 * np.sin(2 * np.pi * 0.31 * t) + 10 * np.sin(2 * np.pi * 1.7 * t)
    pulses = np.diff(np.floor(np.cumsum(pitch_hz) / RATE_HZ), prepend=0) > 0
    breath = chance.normal(0, 0.05, count)
    loud = np.repeat(chance.choice([0, 0.3, 0.7, 1], size=int(seconds * 5) + 1), RATE_HZ // 5)
    sound = (pulses + breath) * np.convolve(loud[:count], np.hanning(801) / 400, "same")
    for centre_hz, width_hz in ((500, 80), (1_500, 120), (2_500, 160)):
        pole = np.exp(np.pi * (2j * centre_hz - width_hz) / RATE_HZ)
        sound = lfilter([1 - abs(pole)], [1, -2 * pole.real, abs(pole) ** 2], sound)
    sound = sosfiltfilt(butter(8, [80, 3_300], "bandpass", fs=RATE_HZ, output="sos"), sound)
    samples: NDArray[np.int16] = (sound / np.abs(sound).max() * 20_000).astype(np.int16)
    return samples


def delay_and_likeness(
    sound: NDArray[np.int16], truth: NDArray[np.int16], reach_ms: int = 200
) -> tuple[float, float]:
    """Return by how many milliseconds `sound` lags behind `truth`, and how alike they then are.

    Alike is the correlation, 1 for the same wave. Looks for delays of up to `reach_ms`.
    """
    reach = reach_ms * RATE_HZ // 1000
    count = min(len(sound), len(truth)) - 2 * reach
    middle = truth[reach : reach + count].astype(float)
    products = fftconvolve(sound[: count + 2 * reach].astype(float), middle[::-1], "valid")
    lag = int(products.argmax())
    there = sound[lag : lag + count].astype(float)
    return (lag - reach) * 1000 / RATE_HZ, float(np.corrcoef(there, middle)[0, 1])


def muxed(
    form: str,
    codec: str,
    tracks: Sequence[tuple[NDArray[np.int16], float]],
    rate_hz: int = RATE_HZ,
    pictures_s: float = 0,
    lost_s: tuple[float, float] = (0, 0),
) -> bytes:
    """A file of several tracks, each of shape (channels, samples) and starting at some second.

    Packets that begin between the two `lost_s` are left out.
    """
    file = io.BytesIO()
    with av.open(file, "w", format=form) as container:
        streams = []
        for planes, _ in tracks:
            layout = {1: "mono", 2: "stereo"}[len(planes)]
            streams.append(container.add_stream(codec, rate=rate_hz, layout=layout))
        packets = list(pictures(container, pictures_s)) if pictures_s else []
        for stream, (planes, start_s) in zip(streams, tracks, strict=True):
            for at in range(0, planes.shape[1], rate_hz):
                values = planes[:, at : at + rate_hz].T.reshape(1, -1)
                layout = stream.layout.name
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(values), "s16", layout)
                frame.sample_rate, frame.time_base = rate_hz, Fraction(1, rate_hz)
                frame.pts = at + int(start_s * rate_hz)
                packets += stream.encode(frame)
            packets += stream.encode(None)
        for packet in sorted(packets, key=lambda one: one.dts * one.time_base):
            if not lost_s[0] <= packet.pts * packet.time_base < lost_s[1]:
                container.mux(packet)
    return file.getvalue()


def pictures(container: Any, seconds: float) -> Iterator[Any]:
    stream = container.add_stream("mpeg4", rate=25)
    stream.width = stream.height = 64
    for number in range(int(seconds * 25)):
        picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), "rgb24")
        picture.pts, picture.time_base = number, Fraction(1, 25)
        yield from stream.encode(picture)
    yield from stream.encode(None)


def wav(planes: NDArray[np.int16], rate_hz: int = RATE_HZ) -> bytes:
    """A WAV file of any number of channels, from an array of shape (channels, samples)."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(len(planes))
        writer.setsampwidth(2)
        writer.setframerate(rate_hz)
        writer.writeframes(planes.T.astype("<i2").tobytes())
    return file.getvalue()
