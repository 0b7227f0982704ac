"""Tiny Whisper models made of random numbers, for both libraries, that speak real words.

One layer, weights drawn from a fixed seed. A few dimensions of the residual stream are kept free
of noise and steer what may be said where:

    WORD      raises a few hundred plain English words above all other tokens
    TIME      lets it give a timestamp before it stops
    STOP      makes it stop after at most fifteen tokens
    LANGUAGE  names the language at the first position
    CLOCK     two dimensions that let each word look at a later moment of the sound

Which words come depends on the sound (cross-attention) and on the prompt (self-attention).
"""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

STATES = 64
HEADS = 2
CONTEXT = 448
WORD, TIME, STOP, LANGUAGE = range(4)
CLOCK = slice(4, 6)
STEERING = 6
FRAMES_PER_TURN = 600
"""Frames of 20 ms in which the clock goes round; one period of positions is half a turn."""

PERIOD = 16
"""Positions of the context after which the model stops, counted from the prompt's first."""


def dimensions(multilingual: bool = True) -> dict[str, int]:
    return {
        "n_mels": 80,
        "n_audio_ctx": 1500,
        "n_audio_state": STATES,
        "n_audio_head": HEADS,
        "n_audio_layer": 1,
        "n_vocab": 51865 if multilingual else 51864,
        "n_text_ctx": CONTEXT,
        "n_text_state": STATES,
        "n_text_head": HEADS,
        "n_text_layer": 1,
    }


def tokenizer(multilingual: bool) -> Any:
    from whisper.tokenizer import get_tokenizer

    return get_tokenizer(multilingual, language="en" if multilingual else None)


def spoken_tokens(multilingual: bool = True) -> list[int]:
    """A few hundred common words of one token each, and the full stop."""
    known = tokenizer(multilingual)
    words = [
        token
        for token in range(300, 8_000)
        if (text := known.decode([token]))[0] == " " and text[1:].isalpha() and len(text) > 4
    ]
    return [*words[::8], *known.encode(".")]


def weights(
    multilingual: bool = True, language: str = "en", unsure: bool = False
) -> dict[str, Any]:
    """Return the state dict of openai-whisper's model; with `unsure` no language stands out."""
    import torch
    from whisper.model import ModelDimensions, Whisper

    torch.manual_seed(7)
    state = Whisper(ModelDimensions(**dimensions(multilingual))).state_dict()
    known = tokenizer(multilingual)
    for name, tensor in state.items():
        if name.endswith(("query.weight", "key.weight")):
            tensor.normal_(0, 0.3)  # peaked attention: the words depend on where it looks
        if name.endswith(("cross_attn.query.weight", "cross_attn.key.weight")):
            for head in range(HEADS):
                tensor[head * STATES // HEADS :][:2] = 0
                tensor[head * STATES // HEADS :][:2, CLOCK] = 5 * torch.eye(2)
        if name.endswith(("out.weight", "mlp.2.weight")):
            tensor.normal_(0, 0.5)
        if name.endswith(("conv2.weight", "conv2.bias", "mlp.2.weight", "mlp.2.bias")) or (
            name.endswith(("out.weight", "out.bias"))
        ):
            tensor[:STEERING] = 0
    embedding = state["decoder.token_embedding.weight"].normal_(0, 0.3)
    embedding[:, :STEERING] = 0
    embedding[spoken_tokens(multilingual), WORD] = 1
    embedding[known.timestamp_begin :, TIME] = 4
    embedding[known.eot, STOP] = 4
    if multilingual and not unsure:
        embedding[known.to_language_token(language), LANGUAGE] = 4
    state["decoder.ln.bias"][WORD] = 20
    positions = state["decoder.positional_embedding"].normal_(0, 0.3)
    positions[:, :STEERING] = 0
    positions[PERIOD - 2 :: PERIOD, TIME] = 100
    positions[PERIOD - 1 :: PERIOD, STOP] = 100
    positions[0, LANGUAGE] = 100
    positions[:, CLOCK] = 3 * _clock(CONTEXT, 2 * PERIOD)
    state["encoder.positional_embedding"][:, CLOCK] = 3 * _clock(1500, FRAMES_PER_TURN)
    return dict(state)


def _clock(count: int, turn: int) -> Any:
    """Return the hand of a clock at each of `count` moments, as an array (count, 2)."""
    import torch

    angle = 2 * torch.pi * torch.arange(count) / turn
    return torch.stack((angle.cos(), angle.sin()), dim=1)


def write_openai(
    path: Path, multilingual: bool = True, language: str = "en", unsure: bool = False
) -> Path:
    """Write a checkpoint as `whisper.load_model` takes it."""
    import torch

    path.parent.mkdir(parents=True, exist_ok=True)
    state = weights(multilingual, language, unsure)
    torch.save({"dims": dimensions(multilingual), "model_state_dict": state}, path)
    return path


def write_ctranslate2(
    folder: Path, multilingual: bool = True, language: str = "en", unsure: bool = False
) -> Path:
    """Write the same weights as a folder for CTranslate2, with its tokenizer."""
    from ctranslate2.specs import WhisperSpec

    folder.mkdir(parents=True)
    known = tokenizer(multilingual)
    numbers = {
        name: tensor.numpy() for name, tensor in weights(multilingual, language, unsure).items()
    }
    spec = WhisperSpec(1, HEADS, 1, HEADS)
    _fill_encoder(spec.encoder, numbers)
    _fill_decoder(spec.decoder, numbers)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = [*known.encode(" "), known.eot]
    spec.config.alignment_heads = [(0, head) for head in range(HEADS)]
    languages = known.all_language_tokens if multilingual else ()
    spec.config.lang_ids = sorted(languages)
    spec.register_vocabulary(_vocabulary(multilingual))
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    write_tokenizer(folder / "tokenizer.json", multilingual)
    return folder


def _fill_encoder(spec: Any, numbers: dict[str, Any]) -> None:
    for number, layer in ((1, spec.conv1), (2, spec.conv2)):
        layer.weight = numbers[f"encoder.conv{number}.weight"]
        layer.bias = numbers[f"encoder.conv{number}.bias"]
    spec.position_encodings.encodings = numbers["encoder.positional_embedding"]
    _norm(spec.layer_norm, numbers, "encoder.ln_post")
    _fill_layer(spec.layer[0], numbers, "encoder.blocks.0")


def _fill_decoder(spec: Any, numbers: dict[str, Any]) -> None:
    spec.embeddings.weight = numbers["decoder.token_embedding.weight"]
    spec.projection.weight = spec.embeddings.weight
    spec.position_encodings.encodings = numbers["decoder.positional_embedding"]
    _norm(spec.layer_norm, numbers, "decoder.ln")
    layer, name = spec.layer[0], "decoder.blocks.0"
    _fill_layer(layer, numbers, name)
    _norm(layer.attention.layer_norm, numbers, f"{name}.cross_attn_ln")
    _linear(layer.attention.linear[0], numbers, f"{name}.cross_attn.query")
    _joined(layer.attention.linear[1], numbers, f"{name}.cross_attn", ("key", "value"))
    _linear(layer.attention.linear[2], numbers, f"{name}.cross_attn.out")


def _fill_layer(spec: Any, numbers: dict[str, Any], name: str) -> None:
    _norm(spec.self_attention.layer_norm, numbers, f"{name}.attn_ln")
    _joined(spec.self_attention.linear[0], numbers, f"{name}.attn", ("query", "key", "value"))
    _linear(spec.self_attention.linear[1], numbers, f"{name}.attn.out")
    _norm(spec.ffn.layer_norm, numbers, f"{name}.mlp_ln")
    _linear(spec.ffn.linear_0, numbers, f"{name}.mlp.0")
    _linear(spec.ffn.linear_1, numbers, f"{name}.mlp.2")


def _norm(spec: Any, numbers: dict[str, Any], name: str) -> None:
    spec.gamma, spec.beta = numbers[f"{name}.weight"], numbers[f"{name}.bias"]


def _linear(spec: Any, numbers: dict[str, Any], name: str) -> None:
    spec.weight, spec.bias = numbers[f"{name}.weight"], numbers[f"{name}.bias"]


def _joined(spec: Any, numbers: dict[str, Any], name: str, parts: tuple[str, ...]) -> None:
    spec.weight = np.concatenate([numbers[f"{name}.{part}.weight"] for part in parts])
    # Whisper's keys have no bias.
    none = np.zeros(STATES, dtype=np.float32)
    spec.bias = np.concatenate([numbers.get(f"{name}.{part}.bias", none) for part in parts])


def write_tokenizer(path: Path, multilingual: bool) -> None:
    """Write a tokenizer.json that encodes as the tiktoken file in openai-whisper does."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    encoding = tokenizer(multilingual).encoding
    ranks: dict[bytes, int] = encoding._mergeable_ranks
    made = Tokenizer(
        models.BPE(
            vocab={_printable(token): rank for token, rank in ranks.items()},
            merges=[
                (_printable(first), _printable(second))
                for first, second in (_parts(token, ranks) for token in ranks if len(token) > 1)
            ],
        )
    )
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    made.add_special_tokens([AddedToken(token, special=True) for token in _specials(encoding)])
    made.save(str(path))


def _vocabulary(multilingual: bool) -> list[str]:
    encoding = tokenizer(multilingual).encoding
    ranks: dict[bytes, int] = encoding._mergeable_ranks
    plain = [_printable(token) for token, _ in sorted(ranks.items(), key=lambda item: item[1])]
    return [*plain, *_specials(encoding)]


def _specials(encoding: Any) -> list[str]:
    specials: dict[str, int] = encoding._special_tokens
    return sorted(specials, key=specials.__getitem__)


def _parts(token: bytes, ranks: dict[bytes, int]) -> tuple[bytes, bytes]:
    """Return the two tokens that byte-pair encoding joins last to make this one."""
    parts = [bytes([byte]) for byte in token]
    while len(parts) > 2:
        joins = [ranks.get(a + b, len(ranks)) for a, b in pairwise(parts)]
        first = joins.index(min(joins))
        parts[first : first + 2] = [parts[first] + parts[first + 1]]
    return parts[0], parts[1]


def _byte_letters() -> dict[int, str]:
    """Return GPT-2's letter for each byte: itself where it prints, else one from 256 up."""
    printing = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in printing]
    return {byte: chr(byte) for byte in printing} | {
        byte: chr(256 + number) for number, byte in enumerate(others)
    }


_LETTERS = _byte_letters()


def _printable(token: bytes) -> str:
    return "".join(_LETTERS[byte] for byte in token)


def manifest_of(folder: Path) -> dict[str, Any]:
    """Read what the store wrote down about a model."""
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found
