"""The table of formats: each is made by ffmpeg from one known sound and decoded back to it.

A delay is what a player shows too: it is in the file, because the format has no place to say how
many samples the encoder put before the first. Needs Debian's ffmpeg and sox.
"""

import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from tests.browser.player import Player, playing
from tests.security.media import RATE_HZ, delay_and_likeness, voice, wav
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.review_copy import AacEncoder
from transcriber.stages.pcm import read_samples

SECONDS = 12
PICTURES = "-f lavfi -i testsrc=d=15:s=64x64:r=25 -map 0:a -map 1:v"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (shutil.which("ffmpeg") and shutil.which("sox")), reason="needs ffmpeg and sox"
    ),
]


@dataclass(frozen=True)
class Row:
    """A format: how it is made and, at best, what is heard: delay and correlation."""

    name: str
    options: str
    delay_ms: float = 0
    likeness: float = 0.998
    pictures: bool = False


AMR_BYTES = {7: 31, 8: 5, 15: 0}  # speech at 12.2 kbit/s, a pause, nothing new (RFC 4867)
LOSSLESS = 0.99999
SPEECH_CODEC = 0.9  # such codecs keep what is heard, not the wave

TABLE = (
    # Recorders and editors
    Row("pcm16.wav", "-c:a pcm_s16le", likeness=LOSSLESS),
    Row("pcm24.wav", "-c:a pcm_s24le -ar 48000", likeness=LOSSLESS),
    Row("float.wav", "-c:a pcm_f32le -ar 96000", likeness=LOSSLESS),
    Row("rf64.wav", "-rf64 always -ar 48000", likeness=LOSSLESS),
    Row("broadcast.wav", "-write_bext 1 -c:a pcm_s24le -ar 48000", likeness=LOSSLESS),
    Row("a.w64", "-c:a pcm_s16le", likeness=LOSSLESS),
    Row("a.aiff", "-ar 44100", likeness=LOSSLESS),
    Row("a.au", "-c:a pcm_s16be", likeness=LOSSLESS),
    Row("a.flac", "-ar 44100", likeness=LOSSLESS),
    Row("ms.wav", "-c:a adpcm_ms -ar 16000", likeness=0.998),
    Row("ima.wav", "-c:a adpcm_ima_wav -ar 16000", likeness=0.998),
    Row("a.mp2", "-ar 44100", 10.9, 0.98),
    # Telephones
    Row("mulaw.wav", "-c:a pcm_mulaw -ar 8000"),
    Row("alaw.wav", "-c:a pcm_alaw -ar 8000"),
    Row("eight.wav", "-c:a pcm_u8 -ar 8000"),
    Row("gsm.wav", "-c:a libgsm_ms -ar 8000", 0, 0.95),
    Row("g722.wav", "-c:a g722 -ar 16000", 1.4),
    Row("g723.wav", "-c:a g723_1 -ar 8000 -b:a 6300", 7.5, SPEECH_CODEC),
    Row("g726.wav", "-c:a g726 -ar 8000", 0, 0.99),
    Row("phone.mp3", "-ar 8000 -b:a 16k", 0, 0.98),
    Row("phone.m4a", "-c:a aac -ar 8000", 0, 0.99),
    Row("a.amr-nb", "sox -r 8000 -C 7", 4.9, SPEECH_CODEC),
    # Phones and players
    Row("cbr.mp3", "-ar 44100 -b:a 64k"),
    Row("vbr.mp3", "-ar 44100 -q:a 5"),
    Row("low.mp3", "-ar 16000 -b:a 32k"),
    Row("no-index.mp3", "-ar 44100 -q:a 5 -write_xing 0", 25.1),
    Row("aac.m4a", "-c:a aac -ar 44100"),
    Row("low.m4a", "-c:a aac -ar 16000"),
    Row("alac.m4a", "-c:a alac -ar 44100", likeness=LOSSLESS),
    Row("aac.3gp", "-c:a aac -ar 44100"),
    Row("a.aac", "-c:a aac -ar 44100", 23.2, 0.98),
    Row("pcm.caf", "-c:a pcm_s16be", likeness=LOSSLESS),
    Row("alac.caf", "-c:a alac -ar 44100", likeness=LOSSLESS),
    Row("ima.caf", "-c:a adpcm_ima_qt -ar 44100"),
    Row("opus.caf", "-c:a libopus -ar 48000", 6.5, 0.99),
    Row("vorbis.ogg", "-c:a libvorbis -ar 44100", 0, 0.99),
    Row("opus.ogg", "-c:a libopus -ar 48000", 0, 0.99),
    Row("flac.ogg", "-c:a flac", likeness=LOSSLESS),
    Row("speex.ogg", "-c:a libspeex -ar 16000", 13.9, SPEECH_CODEC),
    Row("wmav1.wma", "-c:a wmav1 -ar 44100"),
    Row("wmav2.wma", "-c:a wmav2 -ar 44100"),
    Row("low.wma", "-c:a wmav2 -ar 16000 -b:a 24k", 0, 0.99),
    # Browsers and video calls, with sound alone and with pictures that last longer
    Row("opus.webm", "-c:a libopus -ar 48000", 0, 0.99),
    Row("vorbis.webm", "-c:a libvorbis -ar 44100", 0, 0.99),
    Row("aac.mka", "-c:a aac -ar 44100", 23.2, 0.98),
    Row("call.mp4", "-c:v libx264 -c:a aac -ar 48000", pictures=True),
    Row(
        "live.mp4",
        "-c:v libx264 -c:a aac -ar 48000 -movflags frag_keyframe+empty_moov",
        21.3,
        0.98,
        pictures=True,
    ),
    Row("phone.mov", "-c:v libx264 -c:a aac -ar 48000", pictures=True),
    Row("camera.mov", "-c:v mjpeg -c:a pcm_s16le -ar 48000", likeness=LOSSLESS, pictures=True),
    Row("studio.mkv", "-c:v libx264 -c:a aac -ar 48000", 21.3, 0.98, pictures=True),
    Row("call.webm", "-c:v libvpx -c:a libopus -ar 48000", 0, 0.99, pictures=True),
    Row("live.webm", "-c:v libvpx -c:a libopus -ar 48000 -live 1", 0, 0.99, pictures=True),
    Row("old.3gp", "-c:v h263 -s 176x144 -c:a aac -ar 16000", pictures=True),
    Row("old.wmv", "-c:v wmv2 -c:a wmav2 -ar 44100", pictures=True),
    Row("camera.avi", "-c:v mjpeg -c:a pcm_s16le -ar 16000", likeness=LOSSLESS, pictures=True),
    Row("old.avi", "-c:v mpeg4 -c:a libmp3lame -ar 44100", 25.1, pictures=True),
    Row("old.flv", "-c:v flv1 -c:a libmp3lame -ar 44100", 25.1, pictures=True),
    Row("studio.flv", "-c:v libx264 -c:a aac -ar 44100", 23.2, 0.98, pictures=True),
    Row("camcorder.mpg", "-c:v mpeg2video -c:a mp2 -ar 44100", 10.9, 0.98, pictures=True),
    Row("camcorder.mts", "-c:v libx264 -c:a ac3 -ar 48000 -f mpegts", 5.3, 0.98, pictures=True),
)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("original") / "original.wav"
    path.write_bytes(wav(voice(SECONDS)[None]))
    return path


def made(row: Row, original: Path, folder: Path) -> Path:
    path = folder / row.name
    if row.options.startswith("sox "):
        command = ["sox", str(original), *row.options.split()[1:], str(path)]
    else:
        pictures = PICTURES.split() if row.pictures else []
        start = ["ffmpeg", "-v", "error", "-i", str(original), *pictures]
        command = [*start, *row.options.split(), str(path)]
    subprocess.run(command, check=True)
    return path


@pytest.mark.parametrize("row", TABLE, ids=[row.name for row in TABLE])
def test_the_sound_and_its_times_are_those_of_the_original(
    row: Row, original: Path, tmp_path: Path
) -> None:
    source = made(row, original, tmp_path)
    decoded = PyAvDecoder().decode(source, tmp_path / "samples.s16", lambda *_: None)
    heard, truth = np.array(read_samples(decoded.audio)), voice(SECONDS)
    delay_ms, likeness = delay_and_likeness(heard, truth)
    print(f"{row.name}: {delay_ms:+.1f} ms, {likeness:.4f}")
    assert delay_ms == pytest.approx(row.delay_ms, abs=1)
    assert likeness >= row.likeness
    assert decoded.tracks == 1
    # Encoders fill up their last block.
    assert -10 <= decoded.audio.duration_ms - SECONDS * 1_000 <= 150
    if row.likeness == LOSSLESS:
        assert np.abs(heard[: len(truth)].astype(int) - truth).max() <= 2


@pytest.fixture(scope="module")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("copies")


@pytest.fixture(scope="module")
def player(copies: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Player]:
    with playing(copies, tmp_path_factory.mktemp("profile")) as player:
        yield player


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row.name, marks=[] if number % 6 == 0 else [pytest.mark.full])
        for number, row in enumerate(TABLE)
    ],
)
def test_its_review_copy_is_played_and_sought_in_a_browser(
    row: Row, original: Path, copies: Path, player: Player, tmp_path: Path
) -> None:
    source = made(row, original, tmp_path)
    audio = PyAvDecoder().decode(source, tmp_path / "samples.s16", lambda *_: None).audio
    name = f"{row.name}{AacEncoder.suffix}"
    AacEncoder().encode(audio, copies / name, lambda *_: None)
    assert player.duration_s(name) == pytest.approx(audio.sample_count / RATE_HZ, abs=0.02)
    # The page hears from the first sound on, so the place that is asked for must not be silent.
    loud = np.abs(voice(SECONDS).astype(float)).reshape(-1, 320).min(axis=1)
    at_s = 0.02 * (300 + int(loud[300:].argmax()))
    heard = player.listen(name, at_s, 2 * RATE_HZ)
    samples = np.array(read_samples(audio))[round(at_s * RATE_HZ) :]
    delay_ms, likeness = delay_and_likeness((heard * 32_768).astype(np.int16), samples)
    assert abs(delay_ms) <= 20
    assert likeness >= 0.98


def test_a_cover_picture_and_a_title_are_not_in_the_way(original: Path, tmp_path: Path) -> None:
    picture, plain, dressed = (tmp_path / name for name in ("cover.jpg", "a.mp3", "b.mp3"))
    ffmpeg = ["ffmpeg", "-v", "error", "-i"]
    image = ["-f", "lavfi", "-i", "testsrc=s=400x400", "-frames:v", "1", str(picture)]
    subprocess.run([*ffmpeg[:3], *image], check=True)
    subprocess.run([*ffmpeg, str(original), str(plain)], check=True)
    cover = ["-i", str(picture), "-map", "0", "-map", "1", "-c", "copy", "-metadata", "title=A"]
    subprocess.run([*ffmpeg, str(plain), *cover, str(dressed)], check=True)
    destination = tmp_path / "samples.s16"
    sounds = []
    for source in (plain, dressed):
        decoded = PyAvDecoder().decode(source, destination, lambda *_: None)
        sounds.append(np.array(read_samples(decoded.audio)))
    assert np.array_equal(sounds[0], sounds[1])


def test_pauses_of_a_phone_are_comfort_noise_not_damage(
    original: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    source = made(Row("a.amr-nb", "sox -r 8000 -C 7"), original, tmp_path)
    frames, kinds = source.read_bytes()[6:], set()
    while frames:
        kinds.add(frames[0] >> 3)
        frames = frames[1 + AMR_BYTES[frames[0] >> 3] :]
    assert kinds == set(AMR_BYTES)
    PyAvDecoder().decode(source, tmp_path / "samples.s16", lambda *_: None)
    assert not caplog.text


def test_wide_band_amr_has_its_length(tmp_path: Path) -> None:
    """No program here writes it, so the frames are those of a pause: 20 ms each."""
    source = tmp_path / "a.amr"
    source.write_bytes(b"#!AMR-WB\n" + (b"\x4c" + bytes(5)) * 300)
    decoded = PyAvDecoder().decode(source, tmp_path / "samples.s16", lambda *_: None)
    assert decoded.audio.sample_count == 300 * RATE_HZ // 50
