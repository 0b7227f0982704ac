"""Decode an untrusted media file inside a process that can reach nothing else.

Run by `transcriber.engines.pyav` with the media file as standard input and an open file for the
samples; reports as JSON lines on standard output. After `confine` this process can open no file
and no socket, so that a crafted file or a flaw in a demuxer reads nothing but itself.

The rules: only the formats and codecs named here are tried, because a playlist under another
name would otherwise be followed to other people's recordings (CVE-2016-1897 and its successors);
limits count what was decoded, because a header can say anything.
"""

import errno
import io
import json
import os
import resource
import sys
from collections.abc import Iterator
from typing import Any, NoReturn

import av
import av.audio.codeccontext
import av.audio.stream
import av.error

# PyAV imports these when it meets such a track, which is too late once no file can be opened.
import av.subtitles.codeccontext
import av.subtitles.stream
import av.video.codeccontext
import av.video.stream

SAMPLE_RATE_HZ = 16_000
BYTES_PER_SAMPLE = 2
_SINK = 3  # after standard input, output and error: the highest descriptor that stays open
_PROGRESS_EVERY_MS = 10_000
_RATES_HZ = range(4_000, 768_001)  # telephones to the best studio; others only serve to do harm

FORMATS = "wav,w64,aiff,mp3,flac,ogg,mov,aac,amr,asf,matroska"
CODECS = (
    "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le,"
    "pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,"
    "gsm,gsm_ms,mp1,mp1float,mp2,mp2float,mp3,mp3float,flac,alac,vorbis,libvorbis,opus,libopus,"
    "aac,aac_fixed,aac_latm,ac3,eac3,amrnb,amrwb,amr_nb,amr_wb,libopencore_amrnb,"
    "libopencore_amrwb,wmav1,wmav2,wmapro,wmavoice,wmalossless"
)

Message = dict[str, int | str | None]


class Fault(Exception):
    """The file cannot be decoded; `code` is one of those that the parent has a sentence for."""

    def __init__(self, code: str, **numbers: int) -> None:
        super().__init__(code)
        self.message: Message = {"fault": code, **numbers}


class Sink:
    """Writes samples to the open file and counts them. Raises Fault when no more may be written."""

    def __init__(self, descriptor: int, max_ms: int, total_ms: int) -> None:
        self._descriptor = descriptor
        self._max_samples = max_ms * SAMPLE_RATE_HZ // 1000
        self._total_ms = total_ms
        self._next_report_ms = _PROGRESS_EVERY_MS
        self._samples = 0

    @property
    def written_ms(self) -> int:
        """Milliseconds written so far."""
        return self._samples * 1000 // SAMPLE_RATE_HZ

    def write(self, samples: memoryview) -> None:
        """Append 16-bit samples, given as bytes."""
        self._samples += len(samples) // BYTES_PER_SAMPLE
        if self._samples > self._max_samples:
            raise Fault("too_long")
        while samples:
            try:
                samples = samples[os.write(self._descriptor, samples) :]
            except OSError as reason:
                raise Fault("write", errno=reason.errno or errno.EIO) from None
        if self.written_ms >= self._next_report_ms:
            self._next_report_ms = self.written_ms + _PROGRESS_EVERY_MS
            report({"done_ms": self.written_ms, "total_ms": self._total_ms})

    def write_silence(self, duration_ms: int) -> None:
        """Append silence, a second at a time so that a false length cannot fill the memory."""
        second = memoryview(bytes(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE))
        while duration_ms > 0:
            self.write(second[: min(duration_ms, 1000) * len(second) // 1000])
            duration_ms -= 1000


class Resampler:
    """Turns frames into 16 kHz mono, also when their format changes on the way."""

    def __init__(self) -> None:
        self._kind: tuple[str, str, int] | None = None
        self._inner: Any = None

    def push(self, frame: Any) -> Iterator[memoryview]:
        """Yield the samples that are ready once `frame` was taken in."""
        kind = (frame.format.name, frame.layout.name, frame.sample_rate)
        if kind != self._kind:
            yield from self.flush()
            if frame.sample_rate not in _RATES_HZ:
                raise Fault("unsupported")
            self._kind = kind
            self._inner = av.AudioResampler("s16", "mono", SAMPLE_RATE_HZ)
        frame.pts = None  # samples follow each other; false times must not stretch the sound
        yield from map(_samples, self._inner.resample(frame))

    def flush(self) -> Iterator[memoryview]:
        """Yield what the filter still holds."""
        if self._inner is not None:
            yield from map(_samples, self._inner.resample(None))
            self._inner = None


def _samples(frame: Any) -> memoryview:
    return memoryview(bytes(frame.planes[0]))[: frame.samples * BYTES_PER_SAMPLE]


def confine(max_memory_bytes: int, max_cpu_s: int, max_bytes: int) -> None:
    """Give up every right that decoding does not need, for good.

    Descriptors 0 to 3 stay; with the limit at 4 the kernel refuses to open another one.
    """
    for limit, value in (
        (resource.RLIMIT_CORE, 0),  # a core file would hold the recording
        (resource.RLIMIT_AS, max_memory_bytes),
        (resource.RLIMIT_CPU, max_cpu_s),
        (resource.RLIMIT_FSIZE, max_bytes),
        (resource.RLIMIT_NOFILE, _SINK + 1),
    ):
        hard = resource.getrlimit(limit)[1]
        ceiling = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (ceiling, ceiling))


def report(message: Message) -> None:
    """Send one line to the parent; fails, and so ends this process, when the parent is gone."""
    line = memoryview(json.dumps(message).encode("ascii") + b"\n")
    while line:
        line = line[os.write(1, line) :]


def decode(source: io.FileIO, descriptor: int, max_ms: int) -> Message:
    """Decode the first audio track of `source`; return the numbers that the parent judges.

    Raises Fault when the file cannot be used.
    """
    head = source.read(12)
    source.seek(0)
    container = _open(source, head)
    if not container.streams.audio:
        raise Fault("no_audio")
    stream = container.streams.audio[0]
    if stream.codec_context is None or stream.codec_context.name not in CODECS.split(","):
        raise Fault("unsupported")
    declared_ms = _declared_ms(container, stream, source)
    if declared_ms is not None and declared_ms > max_ms:
        raise Fault("too_long", declared_ms=declared_ms)
    total_ms = declared_ms or (container.duration or 0) // 1000
    sink = Sink(descriptor, max_ms, total_ms)
    numbers = _decode_packets(container, stream, sink)
    return {"declared_ms": declared_ms, "decoded_ms": sink.written_ms, **numbers}


def _open(source: io.FileIO, head: bytes) -> Any:
    options = {
        "format_whitelist": FORMATS,
        "codec_whitelist": CODECS,
        "protocol_whitelist": "none",  # no protocol has this name, so none is allowed
    }
    try:
        return av.open(source, options=options, io_open=_refuse)
    except av.error.FFmpegError as reason:
        if reason.errno == errno.ENOMEM:
            raise MemoryError from None
        raise Fault("incomplete" if head[4:8] == b"ftyp" else "not_sound") from None


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError(errno.EACCES, "a media file may not name another")


def _decode_packets(container: Any, stream: Any, sink: Sink) -> dict[str, int]:
    stream.codec_context.thread_count = 1  # threads would need more memory and could not start
    resampler = Resampler()
    lost_packets = lost_ms = pending_ms = broke_off = 0
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError as reason:
            _raise_if_out_of_memory(reason)
            broke_off = 1
            break
        if packet is None:
            break
        frames = _frames(packet)
        if frames is None:
            # Silence takes the place of what is damaged, so that later times stay right; not at
            # the end, where the length is judged.
            lost_packets += 1
            pending_ms += _packet_ms(packet)
        elif frames:
            sink.write_silence(pending_ms)
            lost_ms, pending_ms = lost_ms + pending_ms, 0
            for frame in frames:
                for samples in resampler.push(frame):
                    sink.write(samples)
    for samples in resampler.flush():
        sink.write(samples)
    return {"lost_packets": lost_packets, "lost_ms": lost_ms, "broke_off": broke_off}


def _frames(packet: Any) -> list[Any] | None:
    """Decode one packet; None when it is damaged."""
    try:
        return list(packet.decode())
    except av.error.FFmpegError as reason:
        _raise_if_out_of_memory(reason)
        return None


def _packet_ms(packet: Any) -> int:
    if not packet.duration or packet.time_base is None:
        return 0
    return max(0, int(packet.duration * packet.time_base * 1000))


def _raise_if_out_of_memory(reason: Any) -> None:
    if reason.errno == errno.ENOMEM:
        raise MemoryError from None


def _declared_ms(container: Any, stream: Any, source: io.FileIO) -> int | None:
    """Return the length that the file itself states, None where it states none.

    FFmpeg's own answer is not enough: for MP3 and AAC without an index it is a guess from the bit
    rate, for Ogg it is where the last page stands, and for WAV and AIFF it is cut to the size of
    the file, which hides that the end is missing.
    """
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
    if name in ("mov", "flac") and stream.duration is not None:
        return int(stream.duration * stream.time_base * 1000)
    if name in ("matroska", "asf") and len(container.streams) == 1:
        # The length is that of the longest track, so it binds only where there is one.
        return container.duration and int(container.duration // 1000)
    return None


def _chunk(source: io.FileIO, wanted: bytes, order: Any) -> tuple[int, bytes] | None:
    """Find a chunk of a RIFF or IFF file: its stated size and first 64 bytes."""
    position = 12
    for _ in range(64):  # as many chunks as any recorder writes before the sound
        source.seek(position)
        header = source.read(72)
        if len(header) < 8:
            return None
        size = int.from_bytes(header[4:8], order)
        if header[:4] == wanted:
            return size, header[8:]
        position += 8 + size + size % 2
    return None


def _wav_ms(source: io.FileIO) -> int | None:
    layout, data = _chunk(source, b"fmt ", "little"), _chunk(source, b"data", "little")
    if layout is None or data is None or len(layout[1]) < 12:
        return None
    size = data[0]
    # Recorders that cannot go back write a placeholder: 0, nearly 2 GiB (SoX) or 4 GiB (FFmpeg).
    if size == 0 or 0x7FFFF000 <= size <= 0x80000000 or size >= 0xFFFFF000:
        return None
    bytes_per_s = int.from_bytes(layout[1][8:12], "little")
    return size * 1000 // bytes_per_s if bytes_per_s else None


def _aiff_ms(source: io.FileIO, rate_hz: int) -> int | None:
    common = _chunk(source, b"COMM", "big")
    if common is None or not rate_hz:
        return None
    return int.from_bytes(common[1][2:6], "big") * 1000 // rate_hz or None


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


def main(arguments: list[str]) -> int:
    """Decode standard input; arguments: descriptor, ms, bytes of memory, CPU seconds, bytes."""
    descriptor, max_ms, max_memory_bytes, max_cpu_s, max_bytes = map(int, arguments)
    if descriptor != _SINK:
        os.dup2(descriptor, _SINK)
        os.close(descriptor)
    source = io.FileIO(0, closefd=False)
    confine(max_memory_bytes, max_cpu_s, max_bytes)
    report({"ready": 1})
    try:
        report(decode(source, _SINK, max_ms))
    except Fault as fault:
        report(fault.message)
    except MemoryError:
        report({"fault": "too_demanding"})
    return 0


if __name__ == "__main__":
    # Tearing down half-read containers is a risk without a use: everything has been reported.
    status = main(sys.argv[1:])
    os._exit(status)
