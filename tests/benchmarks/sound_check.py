"""Measure the sound check against the truth: `python -m tests.benchmarks.sound_check`.

The truth is made, by adding known noise, clipping, rooms and voices to clean speech (the shipped
sample and the readings of the data folder), or is gold: the turns of the `.rttm` files.
"""

import itertools
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, resample_poly, sosfilt
from scipy.stats import rankdata, spearmanr

from transcriber.domain.interval import Interval
from transcriber.domain.recording import SAMPLE_RATE_HZ, Audio
from transcriber.domain.sound import Severity, SoundFigures
from transcriber.engines.pyav.decoder import PyAvDecoder
from transcriber.engines.silero import SileroDetector
from transcriber.exports.sound_words import sound_sentences
from transcriber.sample import sample_audio, sample_gold
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.sound_check.check import check_sound
from transcriber.stages.sound_check.over_talk import (
    SECOND_VOICE,
    WINDOW_MS,
    over_talk_share,
    second_voices,
)

Sound = NDArray[np.float32]

READINGS = ("librivox-0870", "librivox-0890", "librivox-0920", "librivox-0930")
GAP_S = 1.2
BANDS_OF_SPEECH = butter(4, (200, 7_000), "bandpass", fs=SAMPLE_RATE_HZ, output="sos")


@dataclass(frozen=True)
class Room:
    """A box with a talker and a microphone somewhere in it; metres, seconds."""

    size: tuple[float, float, float]
    reverberation_s: float
    distance: float


def coloured(count: int, exponent: float, random: np.random.Generator) -> NDArray[np.float64]:
    """Noise whose power falls with frequency: 0 white, 1 pink; mean square 1."""
    spectrum = np.fft.rfft(random.standard_normal(count))
    frequency = np.fft.rfftfreq(count)
    frequency[0] = frequency[1]
    sound = np.fft.irfft(spectrum / frequency ** (exponent / 2), count)
    result: NDArray[np.float64] = sound / sound.std()
    return result


def above_100_hz(sound: NDArray[np.floating]) -> NDArray[np.float64]:
    """What the sound check takes levels of."""
    spectrum = np.fft.rfft(sound)
    spectrum[np.fft.rfftfreq(sound.size, 1 / SAMPLE_RATE_HZ) < 100] = 0
    result: NDArray[np.float64] = np.fft.irfft(spectrum, sound.size)
    return result


def active_power(sound: NDArray[np.floating]) -> float:
    """Mean square of the pieces of 32 ms that are within 15.9 dB of it (ITU-T P.56)."""
    whole = sound[: sound.size // 512 * 512].reshape(-1, 512)
    power = np.mean(whole.astype(np.float64) ** 2, axis=1)
    level = power.mean()
    for _ in range(8):
        level = power[power > level / 38.9].mean()
    return float(level)


def image_source_response(room: Room, random: np.random.Generator) -> NDArray[np.float64]:
    """Impulse response by the image-source method (Allen and Berkley 1979), walls alike."""
    size = np.array(room.size)
    volume, surface = size.prod(), 2 * (size[0] * size[1] + size[0] * size[2] + size[1] * size[2])
    absorbed = 1 - np.exp(-0.161 * volume / (surface * room.reverberation_s))  # Eyring
    reflected = np.sqrt(1 - absorbed)
    microphone = size * random.uniform(0.35, 0.45, 3)
    direction = random.uniform((-1, -1, -0.2), (1, 1, 0.2))
    talker = np.clip(
        microphone + direction / np.linalg.norm(direction) * room.distance, 0.3, size - 0.3
    )
    reach = room.reverberation_s * 343
    counts = [int(reach / (2 * side)) + 1 for side in size]
    grid = np.array(list(itertools.product(*(range(-n, n + 1) for n in counts))))
    response = np.zeros(int((room.reverberation_s + 0.05) * SAMPLE_RATE_HZ) + 64)
    for mirrored in itertools.product((0, 1), repeat=3):
        flip = np.array(mirrored)
        place = (1 - 2 * flip) * talker + 2 * grid * size
        far = np.linalg.norm(place - microphone, axis=1)
        bounces = np.abs(grid - flip).sum(axis=1) + np.abs(grid).sum(axis=1)
        at = np.round(far / 343 * SAMPLE_RATE_HZ).astype(int)
        heard = at < response.size
        np.add.at(response, at[heard], reflected ** bounces[heard] / far[heard])
    # Images of one sign add up to a rumble that no room has: keep the bands of speech.
    passed: NDArray[np.float64] = sosfilt(BANDS_OF_SPEECH, response)
    return passed


def early_to_late_db(response: NDArray[np.float64]) -> float:
    """C50 of ISO 3382-1: the first 50 ms from the direct sound on, over the rest."""
    direct = int(np.flatnonzero(np.abs(response) > 0.2 * np.abs(response).max())[0])
    power = response[direct:] ** 2
    cut = SAMPLE_RATE_HZ // 20
    return float(10 * np.log10(power[:cut].sum() / max(power[cut:].sum(), 1e-12)))


class Bench:
    """Clean voices, a scratch folder and the engines."""

    def __init__(self, data: Path, scratch: Path) -> None:
        self.data, self.scratch = data, scratch
        self.detector = SileroDetector()
        self.random = np.random.default_rng(5)
        self.voices = self._voices()

    def decoded(self, source: Path) -> Audio:
        """A file as samples on disk."""
        target = self.scratch / f"{source.stem}.s16"
        target.unlink(missing_ok=True)
        return PyAvDecoder().decode(source, target, lambda *_: None).audio

    def written(self, sound: NDArray[np.floating]) -> Audio:
        """Sound as samples on disk; what is too loud is cut off."""
        path = self.scratch / "made.s16"
        path.write_bytes((np.clip(sound, -1, 1) * 32_767).astype("<i2").tobytes())
        return Audio(path, sound.size)

    def figures(
        self, sound: NDArray[np.floating], clean: NDArray[np.floating] | None = None
    ) -> SoundFigures:
        """Check sound that was made; speech is where it is, or where it was in `clean`."""
        speech = self.detector.speech(self.written(sound if clean is None else clean))
        return check_sound(self.written(sound), speech, lambda *_: None).figures

    def _voices(self) -> list[Sound]:
        """Four voices of the sample and a reader, each 20 to 30 s at one level, with pauses."""
        sample = as_float(read_samples(self.decoded(sample_audio())))
        turns = json.loads(sample_gold().read_text())["turns"]
        said: dict[str, list[Sound]] = {}
        for turn in turns:
            piece = sample[turn["start_ms"] * 16 : turn["end_ms"] * 16]
            said.setdefault(turn["speaker"], []).append(piece)
        readings = (self.data / "recognition" / f"{name}.flac" for name in READINGS)
        said["reader"] = [as_float(read_samples(self.decoded(path))) for path in readings]
        return [_joined(pieces) for pieces in said.values()]


def _joined(pieces: Sequence[Sound]) -> Sound:
    gap = np.zeros(int(GAP_S * SAMPLE_RATE_HZ), dtype=np.float32)
    parts = [gap]
    for piece in pieces:
        if sum(map(len, parts)) < 30 * SAMPLE_RATE_HZ:
            parts += [piece, gap]
    joined = np.concatenate(parts)
    scaled: Sound = (joined * 0.05 / np.sqrt(active_power(joined))).astype(np.float32)
    return scaled


def noise_rows(bench: Bench) -> Iterator[str]:
    """Signal-to-noise ratio, true and estimated; five voices a row."""
    for colour, exponent in (("white", 0.0), ("pink", 1.0)):
        for true_db in (0, 5, 10, 15, 20, 30):
            found = []
            for voice in bench.voices:
                noise = coloured(voice.size, exponent, bench.random)
                speech = active_power(above_100_hz(voice))
                scale = np.sqrt(speech / np.mean(above_100_hz(noise) ** 2) / 10 ** (true_db / 10))
                found.append(bench.figures(voice + noise * scale, voice).signal_to_noise_db)
            error = np.array(found) - true_db
            yield (
                f"| speech above {colour} noise | {true_db} dB | {np.mean(found):.1f} dB "
                f"| {np.abs(error).max():.1f} dB |"
            )


def level_rows(bench: Bench) -> Iterator[str]:
    """Level of the speech, true and estimated."""
    for true_db in (-10, -20, -30, -40, -50):
        found = [
            bench.figures(voice / np.sqrt(active_power(above_100_hz(voice))) * 10 ** (true_db / 20))
            for voice in bench.voices
        ]
        levels = np.array([figures.speech_level_dbfs for figures in found])
        yield (
            f"| level | {true_db} dBFS | {levels.mean():.1f} dBFS "
            f"| {np.abs(levels - true_db).max():.1f} dB |"
        )


def clipping_rows(bench: Bench) -> Iterator[str]:
    """Share of the talk in pieces of 20 ms that were cut off, then turned down to a half."""
    for through in ("as it is", "another rate and back"):
        for share in (0.0, 0.005, 0.02, 0.05, 0.2):
            found = []
            for voice in bench.voices:
                pieces = np.abs(voice[: voice.size // 320 * 320]).reshape(-1, 320).max(axis=1)
                spoken = pieces[pieces > 0.005]
                ceiling = np.quantile(spoken, 1 - share)
                sound = np.clip(voice, -ceiling, ceiling) * 0.5 / ceiling
                if through != "as it is":
                    sound = resample_poly(resample_poly(sound, 441, 160), 160, 441)
                found.append(bench.figures(sound).clipped_share)
            error = np.abs(np.array(found) - share).max()
            yield f"| clipped, {through} | {share:.3f} | {np.mean(found):.3f} | {error:.3f} |"


def room_rows(bench: Bench) -> Iterator[str]:
    """Clarity of simulated rooms; the rank correlations come last."""
    true: list[float] = []
    found: list[float] = []
    seconds: list[float] = []
    distances: list[float] = []
    sizes = ((3.5, 4.5, 2.5), (6.0, 8.0, 3.0))
    for size, reverberation_s in itertools.product(sizes, (0.2, 0.5, 0.8, 1.2)):
        for distance in (0.3, 1.0, 2.5):
            response = image_source_response(Room(size, reverberation_s, distance), bench.random)
            voice = bench.voices[len(true) % len(bench.voices)]
            sound = fftconvolve(voice, response)[: voice.size]
            sound = sound * 0.05 / sound.std() + bench.random.standard_normal(voice.size) * 5e-4
            clarity = bench.figures(sound, voice).clarity_db
            if clarity is None:
                continue
            true.append(early_to_late_db(response))
            found.append(clarity)
            seconds.append(reverberation_s)
            distances.append(distance)
            yield (
                f"| clarity, {size[0] * size[1]:.0f} m², {reverberation_s} s, {distance} m "
                f"| {true[-1]:.1f} dB | {clarity:.1f} dB | {abs(clarity - true[-1]):.1f} dB |"
            )
    for name, values in (("C50", true), ("RT60", seconds), ("distance", distances)):
        rank = spearmanr(values, found).statistic
        yield f"| clarity, rank correlation with {name} | | {rank:.2f} | |"


def mixed(bench: Bench, share: float, minutes: float, voices: Sequence[int]) -> tuple[Sound, float]:
    """Turns of one to three seconds; the given share of them with a second voice."""
    parts: list[Sound] = []
    together = total = 0
    talk = [bench.voices[number] for number in voices]
    talk = [voice[np.convolve(np.abs(voice), np.ones(1600), "same") > 1] for voice in talk]
    while total < minutes * 60 * SAMPLE_RATE_HZ:
        length = int(bench.random.uniform(1, 3) * SAMPLE_RATE_HZ)
        pair = bench.random.permutation(len(talk))[:2]
        cuts = []
        for number in pair:
            start = bench.random.integers(0, talk[number].size - length)
            cuts.append(talk[number][start : start + length])
        both = bench.random.random() < share
        gain = 10 ** (-bench.random.uniform(0, 6) / 20)
        parts.append(cuts[0] + cuts[1] * np.float32(gain * both))
        together += length * both
        total += length
    return np.concatenate(parts), together / total


def mixed_rows(bench: Bench) -> Iterator[str]:
    """Over-talk in conversations that were put together, dry and in rooms."""
    for where, response in (
        ("dry", None),
        ("0.4 s, 0.5 m", image_source_response(Room((5, 4, 2.6), 0.4, 0.5), bench.random)),
        ("0.8 s, 2 m", image_source_response(Room((5, 4, 2.6), 0.8, 2.0), bench.random)),
    ):
        for share in (0.0, 0.1, 0.2, 0.3, 0.45):
            for voices in ((0, 1, 2, 3), (0, 2, 4)):
                sound, true = mixed(bench, share, 4, voices)
                dry = sound
                if response is not None:
                    sound = fftconvolve(sound, response)[: sound.size]
                    sound *= 0.05 / sound.std()
                found = bench.figures(sound, dry).over_talk_share
                said = "no estimate" if found is None else f"{found:.2f}"
                yield f"| over-talk, {len(voices)} voices, {where} | {true:.2f} | {said} | |"


def gold_shares(path: Path, windows: Sequence[Interval]) -> tuple[list[float], float]:
    """Share of each window in which several speak, and that of all talk."""
    fields = [line.split() for line in path.read_text().splitlines()]
    spoken: dict[str, NDArray[np.bool_]] = {}
    for field in fields:
        track = spoken.setdefault(field[7], np.zeros(200_000, dtype=np.bool_))
        start = round(float(field[3]) * 1000)
        track[start : start + round(float(field[4]) * 1000)] = True
    voices = np.sum(list(spoken.values()), axis=0)
    shares = [float(np.mean(voices[w.start_ms : w.end_ms] > 1)) for w in windows]
    return shares, float(np.sum(voices > 1) / np.sum(voices > 0))


def comb_residue(sound: Sound) -> float:
    """Another way: what a comb filter at the strongest lag leaves, of voiced frames."""
    found = []
    for frame in np.lib.stride_tricks.sliding_window_view(sound, 1_024)[::512]:
        lags = _periodicity(frame)
        if lags.max() > 0.4:
            lag = int(lags.argmax()) + 40
            rest = frame[lag:] - frame[:-lag]
            strength = _periodicity(np.pad(rest, (0, lag))).max()
            found.append(strength * np.mean(rest**2) / (2 * np.mean(frame**2)))
    return float(np.mean(found)) if found else 0.0


def aperiodicity(sound: Sound) -> float:
    """Another way: how far voiced frames are from repeating themselves."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1_024)[::512]
    found = [best for frame in frames if (best := _periodicity(frame).max()) > 0.4]
    return -float(np.mean(found)) if found else -1.0


def flatness(sound: Sound) -> float:
    """Another way: how evenly the spectrum is filled between 100 and 4000 Hz."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, 1_024)[::512]
    spectra = np.abs(np.fft.rfft(frames * np.hanning(1_024), axis=1))[:, 6:256] + 1e-7
    loud = frames.std(axis=1) > 0.2 * frames.std(axis=1).max()
    return float(np.mean(np.exp(np.log(spectra).mean(axis=1)) / spectra.mean(axis=1), where=loud))


def _periodicity(frame: Sound) -> NDArray[np.float64]:
    """Autocorrelation at lags of 40 to 229 samples (70 to 400 Hz), relative to lag 0."""
    spectrum = np.abs(np.fft.rfft(frame * np.hanning(1_024), 2_048)) ** 2
    found = np.fft.irfft(spectrum)
    result: NDArray[np.float64] = found[40:230] / max(found[0], 1e-12)
    return result


def area(positive: Sequence[bool], values: Sequence[float]) -> float:
    """Area under the receiver operating characteristic."""
    truth = np.array(positive)
    ranks = rankdata(values)
    count = truth.sum()
    return float((ranks[truth].sum() - count * (count + 1) / 2) / (count * (truth.size - count)))


def gold_rows(bench: Bench) -> Iterator[str]:
    """Over-talk in real recordings: windows of 2 s, and the share that would be said."""
    truth: list[bool] = []
    values: dict[str, list[float]] = {
        "second pitch": [],
        "comb residue": [],
        "aperiodicity": [],
        "flatness": [],
    }
    for path in sorted((bench.data / "diarisation").glob("*.rttm")):
        audio = bench.decoded(path.with_suffix(".flac"))
        speech = bench.detector.speech(audio)
        figures = check_sound(audio, speech, lambda *_: None).figures
        windows = [
            Interval(start, start + WINDOW_MS)
            for stretch in speech
            for start in range(stretch.start_ms, stretch.end_ms - WINDOW_MS + 1, 500)
        ]
        shares, of_talk = gold_shares(path, windows)
        strengths = []
        for window, share in zip(windows, shares, strict=True):
            strength = second_voices(audio, [window], figures.speech_level_dbfs)
            strengths += strength
            if strength and (share == 0 or share >= 0.4):
                sound = as_float(read_samples(audio, window))
                truth.append(share > 0)
                values["second pitch"] += strength
                values["comb residue"].append(comb_residue(sound))
                values["aperiodicity"].append(aperiodicity(sound))
                values["flatness"].append(flatness(sound))
        counted = np.mean(np.array(strengths) > SECOND_VOICE)
        said = over_talk_share(audio, speech, figures.speech_level_dbfs)
        yield (
            f"| over-talk, {path.stem} | {of_talk:.2f} | {counted:.2f} of the windows | "
            f"{'too short' if said is None else f'{said:.2f} if it were not a telephone'} |"
        )
    marked = np.array(values["second pitch"]) > SECOND_VOICE
    hits = np.sum(marked & truth)
    yield (
        f"| over-talk windows | {sum(truth)} of {len(truth)} | precision {hits / marked.sum():.2f} "
        f"| recall {hits / sum(truth):.2f} |"
    )
    for way, found in values.items():
        yield f"| over-talk windows, {way} | | area {area(truth, found):.2f} | |"


def sentences(bench: Bench) -> Iterator[str]:
    """What people read about each real recording, and what is amiss."""
    sources = sorted((bench.data / "diarisation").glob("*.flac"))
    sources += sorted((bench.data / "recognition").glob("*.flac"))
    for source in (sample_audio(), *sources):
        audio = bench.decoded(source)
        check = check_sound(audio, bench.detector.speech(audio), lambda *_: None)
        amiss = [v.aspect.value for v in check.verdicts if v.severity is not Severity.GOOD]
        yield f"| {source.stem} | {', '.join(amiss)} | {' '.join(sound_sentences(check))} |"


def main() -> int:
    """Print Markdown tables; exit status 1 when the data is missing."""
    beside = Path(__file__).parents[3] / "shared" / "data"
    data = Path(os.environ.get("TRANSCRIBER_DATA", beside))
    if not data.is_dir():
        print("The data is not here: name its folder in TRANSCRIBER_DATA.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(data, Path(scratch))
        print("| measure | true | estimated | largest error |\n|---|---|---|---|")
        for rows in (noise_rows, level_rows, clipping_rows, room_rows, mixed_rows, gold_rows):
            for row in rows(bench):
                print(row, flush=True)
        print("\n| recording | amiss | what is said |\n|---|---|---|")
        for row in sentences(bench):
            print(row, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
