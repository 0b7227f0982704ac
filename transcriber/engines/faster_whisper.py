"""Recognition with Whisper on CTranslate2, several regions at once."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from typing import Any

import numpy as np
from numpy.typing import NDArray

from transcriber.domain.errors import EngineMissing
from transcriber.domain.interval import Interval
from transcriber.domain.model import Model
from transcriber.domain.recording import Audio
from transcriber.domain.transcript import Quality, RecognisedWord
from transcriber.engines.cores import cores
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

NEEDED_FILES = ("model.bin", "config.json", "tokenizer.json")
"""Without its tokenizer the library would go to the network for one (`WhisperModel.__init__`)."""

_SEED = 0


@dataclass(frozen=True, slots=True)
class Settings:
    """How CTranslate2 computes. `batch` is the number of regions decoded at once."""

    device: str
    compute_type: str
    batch: int


ON_CPU = Settings("cpu", "int8", 8)

ON_GPU = (Settings("cuda", "float16", 16), Settings("cuda", "int8_float16", 16))
"""In this order: the second one needs half the memory for its weights."""

_APART_S = 1_000.0
"""The library shortens a long first word unless other words end shortly before it, in whatever was
decoded last. Regions are told to lie this far apart, so that none depends on another."""


class FasterWhisperRecogniser:
    """Recogniser for the languages of its model; never goes to the network.

    On a CPU a region gives the same words in any batch. On a GPU the library computes with 16 bits
    and sums in an order that the batch decides: a word in doubt may then differ, rarely.
    Recognition alone draws random numbers when the sure way gave nothing, from a fixed seed.
    """

    name = "faster-whisper"
    quality = Quality.FULL

    def __init__(self, model: Model, threads: int | None = None) -> None:
        self._model = model
        self._threads = threads or cores()

    def provenance(self) -> Mapping[str, str]:
        """Model, its hash, how it is computed, and versions; loads the model on a GPU machine."""
        settings = self._loaded[1] if _gpus() else ON_CPU
        return {
            "model": self._model.name,
            "model_sha256": self._model.sha256,
            "device": settings.device,
            "compute_type": settings.compute_type,
            "batch": str(settings.batch),
            "beam": str(BEAM_SIZE),
            "version": version("faster-whisper"),
            "ctranslate2": version("ctranslate2"),
        }

    def detect_language(self, audio: Audio, regions: Sequence[Interval]) -> str:
        """Return the likeliest language over regions spread across the recording.

        Raises InputError where it cannot tell, EngineMissing when the model is not complete.
        """
        whisper = self._loaded[0]
        if not whisper.model.is_multilingual:
            raise tells_no_language()
        votes: list[dict[str, float]] = []
        for region in spread(regions):
            features = _features(whisper, [(audio, region)])
            (likely,) = whisper.model.detect_language(whisper.encode(features))
            votes.append({token.strip("<|>"): probability for token, probability in likely})
        return elect(votes)

    def recognise(
        self, audio: Audio, regions: Sequence[Interval], hints: Hints
    ) -> Iterator[tuple[RecognisedWord, ...]]:
        """Yield the words of each region in order, as soon as its batch is done.

        Raises InputError when the model does not serve the language, EngineMissing when it is not
        complete, EngineFailed when the library gives up.
        """
        if not regions:
            return
        whisper, settings = self._loaded
        tokenizer, options = self._options(whisper, hints)
        for first in range(0, len(regions), settings.batch):
            batch = regions[first : first + settings.batch]
            heard = _decode(whisper, tokenizer, options, audio, batch)
            yield from heard

    def recognise_alone(
        self, audio: Audio, region: Interval, hints: Hints
    ) -> tuple[RecognisedWord, ...]:
        """Return the words of one region, decoded window by window and less surely if need be.

        Raises what `recognise` raises.
        """
        if region.duration_ms < SMALLEST_REGION_MS:
            return ()
        import ctranslate2

        whisper = self._loaded[0]
        ctranslate2.set_random_seed(_SEED)
        with reported():
            segments, _ = whisper.transcribe(
                as_float(read_samples(audio, region)),
                language=language_code(hints.language, whisper.supported_languages),
                beam_size=BEAM_SIZE,
                temperature=list(FALLBACK_TEMPERATURES),
                no_speech_threshold=PATIENT_NO_SPEECH,
                condition_on_previous_text=False,
                word_timestamps=True,
                hotwords=_hotwords(whisper, hints),
                vad_filter=False,
            )
            words = [word for segment in segments for word in segment.words or ()]
        return words_inside(words, region)

    @cached_property
    def _loaded(self) -> tuple[Any, Settings]:
        """The model, and the first settings that it works with on this machine."""
        for name in NEEDED_FILES:
            if not (self._model.path / name).is_file():
                raise _incomplete(name)
        with reported():
            for settings in ON_GPU if _gpus() else ():
                try:
                    return self._load(settings), settings
                except RuntimeError:  # too little memory, or no CUDA libraries: found out by trying
                    continue
            return self._load(ON_CPU), ON_CPU

    def _load(self, settings: Settings) -> Any:
        from faster_whisper import WhisperModel

        whisper = WhisperModel(
            str(self._model.path),
            device=settings.device,
            compute_type=settings.compute_type,
            cpu_threads=self._threads,
            local_files_only=True,
        )
        if whisper.feature_extractor.mel_filters.shape[0] != whisper.model.n_mels:
            raise _incomplete("preprocessor_config.json")
        if settings.device != ON_CPU.device:
            frames = whisper.feature_extractor.nb_max_frames
            silence = np.zeros((settings.batch, whisper.model.n_mels, frames), dtype=np.float32)
            whisper.encode(silence)
        return whisper

    def _options(self, whisper: Any, hints: Hints) -> tuple[Any, Any]:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import TranscriptionOptions, get_suppressed_tokens

        tokenizer = Tokenizer(
            whisper.hf_tokenizer,
            whisper.model.is_multilingual,
            task="transcribe",
            language=language_code(hints.language, whisper.supported_languages),
        )
        return tokenizer, TranscriptionOptions(
            beam_size=BEAM_SIZE,
            best_of=1,
            patience=1,
            length_penalty=1,
            repetition_penalty=1,
            no_repeat_ngram_size=0,
            log_prob_threshold=None,
            no_speech_threshold=None,
            compression_ratio_threshold=None,
            condition_on_previous_text=False,
            prompt_reset_on_temperature=0.5,
            temperatures=[0.0],
            initial_prompt=None,
            prefix=None,
            suppress_blank=True,
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            # Word times come from the attention; a region is one segment.
            without_timestamps=True,
            max_initial_timestamp=0.0,
            word_timestamps=True,
            prepend_punctuations="\"'“¿([{-",
            append_punctuations="\"'.。,，!！?？:：”)]}、",  # noqa: RUF001 - its default
            multilingual=False,
            max_new_tokens=None,
            clip_timestamps=[],
            hallucination_silence_threshold=None,
            hotwords=_hotwords(whisper, hints),
        )


def _decode(
    whisper: Any, tokenizer: Any, options: Any, audio: Audio, regions: Sequence[Interval]
) -> list[tuple[RecognisedWord, ...]]:
    """Return the words of each region of one batch."""
    from faster_whisper import BatchedInferencePipeline

    heard: dict[Interval, tuple[RecognisedWord, ...]] = {}
    audible = [region for region in regions if region.duration_ms >= SMALLEST_REGION_MS]
    if audible:
        offsets_s = [_APART_S * number for number in range(1, len(audible) + 1)]
        chunks = [
            {"offset": offset_s, "duration": region.duration_ms / 1000}
            for offset_s, region in zip(offsets_s, audible, strict=True)
        ]
        with reported():
            features = _features(whisper, [(audio, region) for region in audible])
            # One for each batch: it remembers where the words of its last region ended.
            decoded = BatchedInferencePipeline(whisper).forward(
                features, tokenizer, chunks, options
            )
        for region, offset_s, segments in zip(audible, offsets_s, decoded, strict=True):
            heard[region] = words_inside(_words(segments, offset_s), region)
    return [heard.get(region, ()) for region in regions]


def _words(segments: Sequence[Any], offset_s: float) -> Iterator[TimedWord]:
    """Yield the words of one region with times from its start."""
    for segment in segments:
        for word in segment["words"]:
            start_s, end_s = word["start"] - offset_s, word["end"] - offset_s
            yield TimedWord(word["word"], start_s, end_s, word["probability"])


def _features(whisper: Any, stretches: Sequence[tuple[Audio, Interval]]) -> NDArray[np.float32]:
    """Return the spectrograms of stretches, padded to 30 s: (stretches, bands, frames)."""
    from faster_whisper.audio import pad_or_trim

    return np.stack(
        [
            # The last frame is of the silence that the library pads with.
            pad_or_trim(whisper.feature_extractor(as_float(read_samples(*stretch)))[..., :-1])
            for stretch in stretches
        ]
    )


def _hotwords(whisper: Any, hints: Hints) -> str | None:
    return prompt(
        hints.vocabulary,
        lambda text: len(whisper.hf_tokenizer.encode(text, add_special_tokens=False).ids),
    )


def _gpus() -> int:
    import ctranslate2

    count: int = ctranslate2.get_cuda_device_count()
    return count


def _incomplete(name: str) -> EngineMissing:
    return EngineMissing(
        "model_incomplete",
        f"The speech model lacks its {name}, so it cannot be used without internet. "
        "Run `transcriber models list --verify` to see which one, delete its folder "
        "and add or pull it again.",
    )
