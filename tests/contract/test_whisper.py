"""Both Whisper engines, on tiny random checkpoints and on the real weights that are named.

`TRANSCRIBER_TEST_WHISPER` names a folder of models as `TRANSCRIBER_MODELS` does; what is in it
runs the same tests, and its word error rate on real recordings is checked.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ctranslate2
import jiwer
import pytest
import torch
import whisper

from tests import checkpoints
from transcriber.domain.errors import EngineMissing, InputError
from transcriber.domain.interval import Interval
from transcriber.domain.model import Model, ModelKind
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Quality, RecognisedWord
from transcriber.engines.faster_whisper import ON_CPU, FasterWhisperRecogniser
from transcriber.engines.openai_whisper import WEIGHTS, OpenAiWhisperRecogniser
from transcriber.stages.protocols import Hints
from transcriber.storage.model_folder import ModelFolder

# openai-whisper leaves the file of its vocabulary open (whisper/tokenizer.py, get_encoding).
pytestmark = [
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning"),
]

REGIONS = (
    Interval(0, 4_000),
    Interval(4_000, 6_500),
    Interval(6_500, 6_510),
    Interval(9_000, 15_000),
)
ENGLISH = Hints("en")
LARGEST_ERROR_RATE = 0.35
"""On FLEURS and LibriVox together; the built-in recogniser has 0.27 and 0.45 there."""

Recogniser = FasterWhisperRecogniser | OpenAiWhisperRecogniser
ENGINES: dict[ModelKind, type[FasterWhisperRecogniser] | type[OpenAiWhisperRecogniser]] = {
    ModelKind.FASTER_WHISPER: FasterWhisperRecogniser,
    ModelKind.WHISPER: OpenAiWhisperRecogniser,
}
REAL = os.environ.get("TRANSCRIBER_TEST_WHISPER")


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other are slower than one on a model as small as this."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def real_models() -> list[Model]:
    found = ModelFolder(Path(REAL)).models() if REAL else ()
    return [model for model in found if model.kind in ENGINES]


def build(kind: ModelKind, folder: Path, **options: Any) -> Model:
    """Make a tiny random model of this kind."""
    if kind is ModelKind.WHISPER:
        checkpoints.write_openai(folder / WEIGHTS, **options)
    else:
        checkpoints.write_ctranslate2(folder, **options)
    return Model(kind, "tiny-random", folder, "0" * 64, 1)


@pytest.fixture(scope="session", params=[*ENGINES, *real_models()], ids=str)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Model:
    if isinstance(request.param, Model):
        return request.param
    return build(request.param, tmp_path_factory.mktemp(request.param) / "model")


@pytest.fixture(scope="session")
def recogniser(model: Model) -> Recogniser:
    return ENGINES[model.kind](model)


@pytest.fixture(scope="session", params=ENGINES, ids=str)
def kind(request: pytest.FixtureRequest) -> ModelKind:
    found: ModelKind = request.param
    return found


def heard(
    recogniser: Recogniser, audio: Audio, regions: tuple[Interval, ...], hints: Hints = ENGLISH
) -> list[tuple[RecognisedWord, ...]]:
    return list(recogniser.recognise(audio, regions, hints))


def check_words(words: tuple[RecognisedWord, ...], region: Interval) -> None:
    times = [region.start_ms]
    for word in words:
        assert word.text == word.text.strip() != ""
        assert word.start_ms is not None
        assert word.end_ms is not None
        assert word.confidence is not None
        assert 0 <= word.confidence <= 1
        times += [word.start_ms, word.end_ms]
    assert times == sorted(times)
    assert times[-1] <= region.end_ms


def test_words_are_in_order_and_inside_their_region(
    recogniser: Recogniser, sample_decoded: Audio
) -> None:
    found = heard(recogniser, sample_decoded, REGIONS)
    assert [bool(words) for words in found] == [True, True, False, True]
    for region, words in zip(REGIONS, found, strict=True):
        check_words(words, region)
    spans = {(word.start_ms, word.end_ms) for words in found for word in words}
    assert len(spans) > len(REGIONS)


@pytest.mark.slow
def test_a_region_gives_the_same_words_alone_in_a_batch_and_in_any_order(
    recogniser: Recogniser, sample_decoded: Audio
) -> None:
    together = heard(recogniser, sample_decoded, REGIONS)
    backwards = heard(recogniser, sample_decoded, REGIONS[::-1])
    alone = [heard(recogniser, sample_decoded, (region,))[0] for region in REGIONS]
    assert together == alone == backwards[::-1]
    assert len(set(together)) == len(REGIONS)


@pytest.mark.slow
def test_the_words_come_as_the_work_goes_on(
    recogniser: Recogniser, sample_decoded: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(monkeypatch)
    regions = tuple(Interval(start, start + 1_000) for start in range(0, 9_000, 1_000))
    assert len(regions) > ON_CPU.batch
    words = recogniser.recognise(sample_decoded, regions, ENGLISH)
    next(words)
    after_first = len(calls.prompts)
    assert after_first > 0
    assert len(list(words)) == len(regions) - 1
    assert len(calls.prompts) > after_first


def test_no_regions_give_no_words(recogniser: Recogniser, sample_decoded: Audio) -> None:
    assert heard(recogniser, sample_decoded, ()) == []


@pytest.mark.slow
def test_a_region_decoded_alone_gives_words_inside_it_and_the_same_ones_again(
    recogniser: Recogniser, sample_decoded: Audio
) -> None:
    first = recogniser.recognise_alone(sample_decoded, REGIONS[3], ENGLISH)
    assert first
    check_words(first, REGIONS[3])
    assert recogniser.recognise_alone(sample_decoded, REGIONS[3], ENGLISH) == first
    assert recogniser.recognise_alone(sample_decoded, REGIONS[2], ENGLISH) == ()


def test_it_says_what_made_the_words(recogniser: Recogniser, model: Model) -> None:
    assert recogniser.quality is Quality.FULL
    provenance = recogniser.provenance()
    assert provenance["model"] == model.name
    assert provenance["model_sha256"] == model.sha256
    assert {"version", "device", "compute_type", "beam"} <= provenance.keys()


class Calls:
    """Writes down the prompts, as text, that reach the two libraries' decoders."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.prompts: list[str] = []
        self.temperatures: list[float] = []
        decoder = checkpoints.tokenizer(multilingual=True)
        decode, generate = whisper.model.Whisper.decode, ctranslate2.models.Whisper.generate

        def spied_decode(model: Any, mel: Any, options: Any) -> Any:
            prompt = options.prompt or []
            self.prompts.append(f"{decoder.decode(prompt)}<|{options.language}|>")
            self.temperatures.append(options.temperature)
            return decode(model, mel, options)

        def spied_generate(model: Any, features: Any, prompts: Any, **options: Any) -> Any:
            self.prompts += [decoder.encoding.decode(prompt) for prompt in prompts]
            self.temperatures.append(options.get("sampling_temperature", 0.0))
            return generate(model, features, prompts, **options)

        monkeypatch.setattr(whisper.model.Whisper, "decode", spied_decode)
        monkeypatch.setattr(ctranslate2.models.Whisper, "generate", spied_generate)


@pytest.fixture(scope="session")
def tiny(kind: ModelKind, tmp_path_factory: pytest.TempPathFactory) -> Recogniser:
    """A multilingual random model, also when real weights are tested."""
    return ENGINES[kind](build(kind, tmp_path_factory.mktemp(kind) / "model", language="de"))


NAMES = tuple(f"Aisling Whitfield {number}" for number in range(60))


@pytest.mark.parametrize("alone", [False, True])
def test_language_and_names_reach_the_model(
    tiny: Recogniser, sample_decoded: Audio, monkeypatch: pytest.MonkeyPatch, alone: bool
) -> None:
    calls = Calls(monkeypatch)
    hints = Hints("cy", ("Aisling", "Tŷ Gwyn"))
    if alone:
        tiny.recognise_alone(sample_decoded, REGIONS[3], hints)
    else:
        heard(tiny, sample_decoded, REGIONS, hints)
    assert calls.prompts
    for prompt in calls.prompts:
        assert "Aisling, Tŷ Gwyn" in prompt
        assert "<|cy|>" in prompt
    assert (max(calls.temperatures) > 0) is alone


def test_names_change_what_is_heard(tiny: Recogniser, sample_decoded: Audio) -> None:
    plain = heard(tiny, sample_decoded, REGIONS[:1])
    assert heard(tiny, sample_decoded, REGIONS[:1], Hints("en", NAMES[:3])) != plain


def test_as_many_whole_names_are_passed_as_fit(
    tiny: Recogniser, sample_decoded: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = Calls(monkeypatch)
    heard(tiny, sample_decoded, REGIONS[:1], Hints("en", NAMES))
    passed = calls.prompts[0].partition("<|en|>")[0].removeprefix("<|startofprev|>")
    names = passed.partition("<|")[0].strip().split(", ")
    assert tuple(names) == NAMES[: len(names)]
    encode = checkpoints.tokenizer(multilingual=True).encode
    assert len(encode(" " + ", ".join(names))) <= 223
    assert len(encode(" " + ", ".join(NAMES[: len(names) + 1]))) > 223


def test_the_language_is_told_from_the_sound(tiny: Recogniser, sample_decoded: Audio) -> None:
    assert tiny.detect_language(sample_decoded, REGIONS) == "de"
    with pytest.raises(InputError) as caught:
        tiny.detect_language(sample_decoded, REGIONS[2:3])
    assert caught.value.code == "language_unclear"


def test_an_unlikely_language_is_not_guessed(
    kind: ModelKind, sample_decoded: Audio, tmp_path: Path
) -> None:
    unsure = ENGINES[kind](build(kind, tmp_path / "model", unsure=True))
    with pytest.raises(InputError) as caught:
        unsure.detect_language(sample_decoded, REGIONS)
    assert caught.value.code == "language_unclear"


def test_an_english_model_serves_english_and_nothing_else(
    kind: ModelKind, sample_decoded: Audio, tmp_path: Path
) -> None:
    english = ENGINES[kind](build(kind, tmp_path / "model", multilingual=False))
    assert all(heard(english, sample_decoded, REGIONS[:2], Hints("en-GB", ("Aisling",))))
    with pytest.raises(InputError) as caught:
        heard(english, sample_decoded, REGIONS, Hints("de"))
    assert caught.value.code == "language_not_served"
    with pytest.raises(InputError) as caught:
        english.detect_language(sample_decoded, REGIONS)
    assert caught.value.code == "language_not_told"


@pytest.mark.parametrize("name", ["tokenizer.json", "model.bin", "config.json"])
def test_a_folder_without_one_of_its_files_is_refused_before_loading(
    sample_decoded: Audio, tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for file in {"tokenizer.json", "model.bin", "config.json"} - {name}:
        (tmp_path / file).touch()
    loaded: list[object] = []
    monkeypatch.setattr(ctranslate2.models, "Whisper", lambda *args, **_: loaded.append(args))
    lacking = Model(ModelKind.FASTER_WHISPER, "small.en", tmp_path, "0" * 64, 1)
    with pytest.raises(EngineMissing) as caught:
        heard(FasterWhisperRecogniser(lacking), sample_decoded, REGIONS)
    assert name in caught.value.sentence
    assert loaded == []


def test_a_missing_checkpoint_is_not_looked_for_anywhere_else(
    sample_decoded: Audio, tmp_path: Path
) -> None:
    gone = Model(ModelKind.WHISPER, "small.en", tmp_path, "0" * 64, 1)
    with pytest.raises(EngineMissing):
        heard(OpenAiWhisperRecogniser(gone), sample_decoded, REGIONS)


OFFLINE = """
import json, os, sys
def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.sendto"):
        os._exit(9)
sys.addaudithook(hook)
from pathlib import Path
from tests.contract.test_whisper import ENGINES, ENGLISH, REGIONS
from transcriber.domain.model import Model, ModelKind
from transcriber.domain.recording import Audio
kind, folder, sound, samples = sys.argv[1:]
audio = Audio(Path(sound), int(samples))
recogniser = ENGINES[kind](Model(ModelKind(kind), "tiny", Path(folder), "0" * 64, 1))
language = recogniser.detect_language(audio, REGIONS)
words = [len(words) for words in recogniser.recognise(audio, REGIONS, ENGLISH)]
words.append(len(recogniser.recognise_alone(audio, REGIONS[3], ENGLISH)))
print(json.dumps([language, words]))
"""


def test_nothing_goes_to_the_network(
    kind: ModelKind, sample_decoded: Audio, tmp_path: Path
) -> None:
    folder = build(kind, tmp_path / "model").path
    arguments = [str(kind), str(folder), str(sample_decoded.path), str(sample_decoded.sample_count)]
    online = {key: value for key, value in os.environ.items() if "OFFLINE" not in key}
    result = subprocess.run(
        [sys.executable, "-c", OFFLINE, *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
        env=online | {"OMP_NUM_THREADS": "1"},
    )
    assert result.returncode == 0, result.stderr
    language, words = json.loads(result.stdout)
    assert language == "en"
    assert words[0] > 0
    assert words[-1] > 0


def recordings(folder: Path, decoded: Path) -> Iterator[tuple[Audio, str]]:
    from faster_whisper.audio import decode_audio

    for sound in sorted(folder.glob("*.flac")):
        samples = (decode_audio(str(sound)) * 32767).astype("<i2")
        path = decoded / f"{sound.stem}.s16"
        samples.tofile(path)
        yield Audio(path, len(samples)), sound.with_suffix(".txt").read_text()


@pytest.mark.skipif(
    not real_models(), reason="no real weights: name them in TRANSCRIBER_TEST_WHISPER"
)
@pytest.mark.parametrize("model", real_models(), ids=str, indirect=True)
def test_real_weights_hear_real_speech(
    recogniser: Recogniser, shared_data: Path, tmp_path: Path
) -> None:
    said, found = [], []
    for audio, text in recordings(shared_data / "recognition", tmp_path):
        regions = tuple(
            Interval(start, min(start + 30_000, audio.duration_ms))
            for start in range(0, audio.duration_ms, 30_000)
        )
        said.append(text)
        found.append(
            " ".join(word.text for words in heard(recogniser, audio, regions) for word in words)
        )
    plain = jiwer.Compose(
        [
            jiwer.ToLowerCase(),
            jiwer.RemovePunctuation(),
            jiwer.RemoveMultipleSpaces(),
            jiwer.Strip(),
            jiwer.ReduceToListOfListOfWords(),
        ]
    )
    rate = jiwer.wer(said, found, reference_transform=plain, hypothesis_transform=plain)
    assert rate < LARGEST_ERROR_RATE
