"""Decode an untrusted media file inside a process that can reach nothing else.

Run by `transcriber.engines.pyav.decoder` with the media file as standard input and an open file
for the samples; reports as JSON lines on standard output. After `confine` this process can open no
file and no socket, so that a crafted file or a flaw in a demuxer reads nothing but itself.

The rules: only the formats and codecs named here are tried, because a playlist under another
name would otherwise be followed to other people's recordings (CVE-2016-1897 and its successors);
limits count what was decoded, because a header can say anything.
"""

import errno
import io
import os
import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

import av
import av.audio.codeccontext
import av.audio.stream
import av.error
import av.stream

# PyAV imports these when it meets such a track, which is too late once no file can be opened.
import av.subtitles.codeccontext
import av.subtitles.stream
import av.video.codeccontext
import av.video.stream

from transcriber.engines.pyav.lengths import declared_ms, states_longest, wav_goes_on
from transcriber.engines.pyav.sound import (
    SAMPLE_RATE_HZ,
    Fault,
    Line,
    Message,
    Sink,
    Wanted,
    report,
    with_gaps,
)

_SINK = 3  # after standard input, output and error: the highest descriptor that stays open
_MAX_STREAMS = 32  # the largest field recorders; each costs a pass through the file
_LAST_BYTES = 1 << 14  # more than any packet of sound: an unfinished one may end a file

FORMATS = ",".join(
    (
        "wav,w64,aiff,mp3,flac,ogg,aac",  # recorders, Audacity and other editors
        "mov",  # MP4, M4A, MOV, 3GP: phones, Zoom, Teams, QuickTime
        "matroska",  # MKV of OBS, WebM of browsers
        "asf",  # WMA and WMV: older Olympus recorders, Windows, early Teams
        "amr",  # older phones, messengers
        "caf",  # Apple: voice memos shared by other apps, GarageBand, Logic
        "dss",  # dictation machines of Olympus, Philips and Grundig
        "avi",  # pocket cameras
        "flv",  # OBS and streaming servers, until a few years ago
        "mpeg,mpegts",  # camcorders: MPG, MOD, MTS, M2TS; OBS where a crash must not cost the file
        "au",  # Unix and telephony systems
    )
)
CODECS = ",".join(
    (
        "pcm_s8,pcm_u8,pcm_s16le,pcm_s16be,pcm_s24le,pcm_s24be,pcm_s32le,pcm_s32be,pcm_f32le",
        "pcm_f32be,pcm_f64le,pcm_f64be,pcm_alaw,pcm_mulaw,pcm_bluray,pcm_dvd",
        "adpcm_ms,adpcm_ima_wav,adpcm_ima_qt,adpcm_yamaha,adpcm_swf",  # pocket recorders, cameras
        "gsm,gsm_ms,g722,g723_1,g726,g726le,g729,ilbc",  # telephone systems
        "truespeech,dss_sp",  # dictation; DSS also holds G.723.1
        "mp1,mp1float,mp2,mp2float,mp3,mp3float,flac,alac,vorbis,libvorbis,opus,libopus,speex",
        "aac,aac_fixed,aac_latm,ac3,ac3_fixed,eac3",
        "amrnb,amrwb,amr_nb,amr_wb,libopencore_amrnb,libopencore_amrwb",
        "wmav1,wmav2,wmapro,wmavoice,wmalossless",
    )
)

_BETTER_DECODERS = {"amrnb": "libopencore_amrnb", "amrwb": "libopencore_amrwb"}
"""FFmpeg's own refuse the comfort noise that phones send in every pause."""

_OVERLAPPING = ("wmav1", "wmav2")
"""Codecs whose decoder says nothing for the first two packets, although only the first is void."""

_SECOND_COPIES = {"apac"}
"""Codecs of tracks that repeat another one: iPhones put spatial sound beside the usual AAC."""


@dataclass(slots=True)
class Tally:
    """What was met on the way through a file."""

    lost_packets: int = 0
    lost_ms: int = 0
    broke_off: bool = False
    reached_ms: int = 0  # by any track
    reached_bytes: int = 0  # of the file


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


def decode(source: io.FileIO, descriptor: int, wanted: Wanted) -> Message:
    """Decode one sound track of `source`; return the numbers that the parent judges.

    Where the file has several, track -1 stands for the first, and `streams` tells the parent to
    ask for the others. Raises Fault when the file cannot be used.
    """
    container = _open(source)
    stream, streams, tracks = _chosen(container, wanted.track)
    lead_s, others = _place(container, stream)
    stated_ms = declared_ms(container, stream, source)
    length_ms = (container.duration or 0) // 1000
    if stated_ms is None and states_longest(container) and length_ms:
        stated_ms = length_ms
    elif stated_ms is not None:
        stated_ms += int(lead_s * 1000)
    if stated_ms is not None and stated_ms > wanted.max_ms and wanted.stop < 0:
        raise Fault("too_long", declared_ms=stated_ms)
    total_ms = stated_ms or length_ms
    if wanted.stop >= 0:
        stop_ms = wanted.stop * 1000 // SAMPLE_RATE_HZ
        total_ms = min(total_ms or stop_ms, stop_ms)
    report({"total_ms": total_ms, "streams": streams})
    sink = Sink(descriptor, wanted, total_ms)
    line = Line(sink, wanted.track if streams == 1 and wanted.track >= 0 else None)
    line.pause(lead_s)
    tally = Tally()
    _play(container, (stream, *others), line, sink, tally)
    left_bytes = source.seek(0, io.SEEK_END) - tally.reached_bytes
    # The longest track may be the pictures: the file is whole when any track reaches its end.
    by_any = bool(others) and states_longest(container)
    return {
        "declared_ms": stated_ms,
        "present_ms": max(sink.passed_ms, tally.reached_ms) if by_any else sink.passed_ms,
        "passed_ms": sink.passed_ms,
        "tracks": tracks,
        "lost_packets": tally.lost_packets,
        "lost_ms": tally.lost_ms,
        "broke_off": int(tally.broke_off and left_bytes > _LAST_BYTES),
    }


def _open(source: io.FileIO) -> Any:
    source.seek(0)
    head = source.read(12)
    options = {
        "format_whitelist": FORMATS,
        "codec_whitelist": CODECS,
        "protocol_whitelist": "none",  # no protocol has this name, so none is allowed
    }
    if wav_goes_on(source):
        options["ignore_length"] = "1"
    source.seek(0)
    try:
        return av.open(source, options=options, io_open=_refuse)
    except av.error.FFmpegError as reason:
        if reason.errno == errno.ENOMEM:
            raise MemoryError from None
        raise Fault("incomplete" if head[4:8] == b"ftyp" else "not_sound") from None


def _refuse(url: str, flags: int, options: dict[str, str]) -> NoReturn:
    raise PermissionError(errno.EACCES, "a media file may not name another")


def _chosen(container: Any, track: int) -> tuple[Any, int, int]:
    """Return the stream that `track` means, and how many streams and tracks there are."""
    streams = [one for one in container.streams.audio if _codec(one) not in _SECOND_COPIES]
    if not streams:
        raise Fault("no_audio")
    if len(streams) > _MAX_STREAMS:
        raise Fault("unsupported")
    tracks = len(streams) if len(streams) > 1 else max(1, streams[0].channels)
    if track >= tracks:
        raise Fault("no_track", tracks=tracks)
    stream = streams[max(0, track) if len(streams) > 1 else 0]
    if _codec(stream) not in CODECS.split(","):
        raise Fault("unsupported")
    return stream, len(streams), tracks


def _codec(stream: Any) -> str:
    return "" if stream.codec_context is None else str(stream.codec_context.name)


def _place(container: Any, stream: Any) -> tuple[float, list[Any]]:
    """Return how much later than the file `stream` begins, in seconds, and its other streams.

    A second microphone may have been switched on later, and pictures before the sound.
    """
    others = [
        one
        for one in container.streams
        if one.type in ("audio", "video")
        and one.index != stream.index
        and not one.disposition & av.stream.Disposition.attached_pic
    ]
    starts_s = [_start_s(one) for one in (stream, *others) if one.start_time is not None]
    # Times below zero are those of samples that the decoder drops.
    lead_s = max(0.0, _start_s(stream) - max(0.0, min(starts_s, default=0.0)))
    length_s = (container.duration or 0) / av.time_base
    return (lead_s if lead_s <= length_s else 0.0), others


def _start_s(stream: Any) -> float:
    return float((stream.start_time or 0) * stream.time_base)


def _play(container: Any, streams: tuple[Any, ...], line: Line, sink: Sink, tally: Tally) -> None:
    """Send the first of `streams` down the line, up to its end or that of the wanted stretch."""
    decoder = _decoder(streams[0])
    decoder.thread_count = 1  # threads would need memory and could not start
    frames = _frames(decoder, _packets(container, streams, tally), tally)
    if container.format.name != "avi":  # where times are counted from bytes, wrongly for VBR
        length_s = container.duration and container.duration / av.time_base
        start_s = (container.start_time or 0) / av.time_base
        frames = with_gaps(frames, length_s and max(0.0, start_s) + length_s)
    for silence_s, frame in frames:
        if silence_s:
            line.pause(silence_s)
        line.play(frame)
        if sink.complete:
            return
    line.close()


def _packets(container: Any, streams: tuple[Any, ...], tally: Tally) -> Iterator[Any]:
    """Yield the packets of the first stream, and note how far all of them reach."""
    packets = container.demux(streams)
    while True:
        try:
            packet = next(packets, None)
        except av.error.FFmpegError as reason:
            _raise_if_out_of_memory(reason)
            tally.broke_off = True
            return
        if packet is None:
            return
        if packet.pts is not None and packet.time_base is not None:
            end_ms = int((packet.pts + (packet.duration or 0)) * packet.time_base * 1000)
            tally.reached_ms = max(tally.reached_ms, end_ms)
        if packet.pos is not None:
            tally.reached_bytes = max(tally.reached_bytes, packet.pos + packet.size)
        if packet.stream_index == streams[0].index:
            yield packet


def _decoder(stream: Any) -> Any:
    own = stream.codec_context
    name = _BETTER_DECODERS.get(own.name, "")
    if name not in av.codecs_available:
        return own
    better = av.CodecContext.create(name, "r")
    better.sample_rate, better.layout = own.sample_rate, own.layout.name
    return better


def _frames(decoder: Any, packets: Iterator[Any], tally: Tally) -> Iterator[tuple[float, Any]]:
    """Yield decoded frames, each after the silence that stands for damaged packets, in seconds.

    Silence takes the place of what is damaged, so that later times stay right; not at the end,
    where the length is judged.
    """
    void = True
    pending_ms = 0
    for packet in packets:
        try:
            # An empty packet asks for what the decoder still holds.
            frames = decoder.decode(packet if packet.size else None)
        except av.error.FFmpegError as reason:
            _raise_if_out_of_memory(reason)
            tally.lost_packets += 1
            pending_ms += _packet_ms(packet)
            continue
        if not frames and decoder.name in _OVERLAPPING:
            pending_ms += 0 if void else _packet_ms(packet)
            void = False
        for frame in frames:
            yield pending_ms / 1000, frame
            tally.lost_ms += pending_ms
            pending_ms = 0


def _packet_ms(packet: Any) -> int:
    if not packet.duration or packet.time_base is None:
        return 0
    return max(0, int(packet.duration * packet.time_base * 1000))


def _raise_if_out_of_memory(reason: Any) -> None:
    if reason.errno == errno.ENOMEM:
        raise MemoryError from None


def main(arguments: list[str]) -> int:
    """Decode standard input.

    Arguments, all numbers: descriptor; limits in bytes of memory, CPU seconds, bytes of result,
    milliseconds; start and stop in samples and track, -1 for none.
    """
    descriptor, max_memory_bytes, max_cpu_s, max_bytes, max_ms, *stretch = map(int, arguments)
    start, stop, track = stretch
    if descriptor != _SINK:
        os.dup2(descriptor, _SINK)
        os.close(descriptor)
    source = io.FileIO(0, closefd=False)
    confine(max_memory_bytes, max_cpu_s, max_bytes)
    report({"ready": 1})
    try:
        report(decode(source, _SINK, Wanted(start, stop, track, max_ms)))
    except Fault as fault:
        report(fault.message)
    except MemoryError:
        report({"fault": "too_demanding"})
    return 0


if __name__ == "__main__":
    # Tearing down half-read containers is a risk without a use: everything has been reported.
    status = main(sys.argv[1:])
    os._exit(status)
