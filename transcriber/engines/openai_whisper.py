"""Recognition with OpenAI's own Whisper, region by region."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from importlib.metadata import version
from typing import Any

from transcriber.domain.errors import EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.model import Model
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Quality, RecognisedWord
from transcriber.engines.whisper_regions import (
    BEAM_SIZE,
    FALLBACK_TEMPERATURES,
    PATIENT_NO_SPEECH,
    SMALLEST_REGION_MS,
    TimedWord,
    elect,
    language_code,
    prompt,
    reported,
    spread,
    tells_no_language,
    words_inside,
)
from transcriber.stages.pcm import as_float, read_samples
from transcriber.stages.protocols import Hints

WEIGHTS = "model.pt"

_SEED = 0


class OpenAiWhisperRecogniser:
    """Recogniser for the languages of its model; never goes to the network.

    Each region is decoded by itself. Torch keeps one number of threads for all that a process
    does, so that this takes longer while another thread holds torch to a single one.
    """

    name = "whisper"
    quality = Quality.FULL

    def __init__(self, model: Model) -> None:
        self._model = model

    def provenance(self) -> Mapping[str, str]:
        """Model, its hash, how it is computed, and versions."""
        device = _device()
        return {
            "model": self._model.name,
            "model_sha256": self._model.sha256,
            "device": device,
            "compute_type": "float16" if device == "cuda" else "float32",
            "beam": str(BEAM_SIZE),
            "version": version("openai-whisper"),
            "torch": version("torch"),
        }

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        """Return the likeliest language over regions spread across the recording.

        Raises InputError where it cannot tell, EngineMissing when the model is not there.
        """
        from whisper.audio import N_SAMPLES, log_mel_spectrogram, pad_or_trim

        if not self._loaded.is_multilingual:
            raise tells_no_language()
        votes: list[dict[str, float]] = []
        for region in spread(regions):
            sound = pad_or_trim(as_float(read_samples(audio, region)), N_SAMPLES)
            spectrogram = log_mel_spectrogram(sound, self._loaded.dims.n_mels)
            with reported():
                votes.append(self._loaded.detect_language(spectrogram.to(self._loaded.device))[1])
        return elect(votes)

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        """Yield the words of each region in order.

        Raises InputError when the model does not serve the language, EngineMissing when it is not
        there, EngineFailed when the library gives up.
        """
        for region in regions:
            yield self._decode(audio, region, hints, temperature=0.0)

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        """Return the words of one region, decoded less surely if the sure way gives nothing.

        Raises what `recognise` raises.
        """
        import torch

        # Loading draws random numbers too, so the seed comes after it.
        assert self._loaded is not None
        torch.manual_seed(_SEED)
        return self._decode(
            audio,
            region,
            hints,
            temperature=FALLBACK_TEMPERATURES,
            best_of=BEAM_SIZE,
            no_speech_threshold=PATIENT_NO_SPEECH,
        )

    def _decode(
        self, audio: Audio, region: Interval, hints: Hints, **options: Any
    ) -> tuple[RecognisedWord, ...]:
        if region.duration_ms < SMALLEST_REGION_MS:
            return ()
        from whisper.transcribe import transcribe

        code = self._language(hints.language)
        with reported():
            found = transcribe(
                self._loaded,
                as_float(read_samples(audio, region)),
                language=code,
                initial_prompt=prompt(hints.vocabulary, self._count_tokens),
                carry_initial_prompt=True,  # else the names reach the first window only
                condition_on_previous_text=False,
                word_timestamps=True,
                beam_size=BEAM_SIZE,
                fp16=self._loaded.device.type == "cuda",
                verbose=None,
                **options,
            )
        words = [TimedWord(**word) for segment in found["segments"] for word in segment["words"]]
        return words_inside(words, region)

    def _language(self, language: str) -> str:
        from whisper.tokenizer import LANGUAGES

        # Later models know one language more than earlier ones.
        known = list(LANGUAGES)[: self._loaded.num_languages]
        return language_code(language, known if self._loaded.is_multilingual else ("en",))

    def _count_tokens(self, text: str) -> int:
        from whisper.tokenizer import get_tokenizer

        tokenizer = get_tokenizer(
            self._loaded.is_multilingual, num_languages=self._loaded.num_languages
        )
        return len(tokenizer.encode(text))

    @cached_property
    def _loaded(self) -> Any:
        import whisper

        weights = self._model.path / WEIGHTS
        # Anything that is not a file would be taken for a name, and names are downloaded.
        if not weights.is_file():
            raise EngineMissing(
                "model_incomplete",
                "The speech model has lost its weights. Run `transcriber models list --verify` to "
                "see which one, delete its folder and add or pull it again.",
            )
        with reported():
            loaded = whisper.load_model(str(weights.absolute()), device=_device())
        # Loaded from a path, a published model would lose the attention heads that tell its times.
        if self._model.sha256 in whisper._MODELS.get(self._model.name, ""):
            loaded.set_alignment_heads(whisper._ALIGNMENT_HEADS[self._model.name])
        return loaded


def _device() -> str:
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"
