"""The models on this machine: choosing, adding, checking, fetching, and what Whisper is told."""

import hashlib
import json
import math
import os
import shutil
import socket
from pathlib import Path
from typing import Any

import pytest
import whisper

from tests import checkpoints
from transcriber.domain.errors import EngineMissing, InputError, TranscriberError, UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.model import Model, ModelKind, best, choose
from transcriber.domain.transcript import RecognisedWord
from transcriber.engines.model_download import published_names
from transcriber.engines.whisper_regions import TimedWord, elect, prompt, spread, words_inside
from transcriber.services.models import add_model, model_folder, pull_model
from transcriber.storage.model_folder import Candidate, ModelFolder

pytestmark = pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")

FAST, OPENAI, PYANNOTE = ModelKind.FASTER_WHISPER, ModelKind.WHISPER, ModelKind.PYANNOTE


def model(kind: ModelKind, name: str) -> Model:
    return Model(kind, name, Path(name), "0" * 64, 1, english_only=name.endswith(".en"))


@pytest.mark.parametrize(
    ("installed", "language", "expected"),
    [
        (["tiny", "small.en", "small"], "en", "small.en"),
        (["tiny", "small.en", "small"], "en-GB", "small.en"),
        (["tiny", "small.en", "small"], "de", "small"),
        (["tiny", "small.en", "small"], "auto", "small"),
        (["small.en", "medium", "large-v3"], "en", "large-v3"),
        (["our-own", "tiny"], "cy", "tiny"),
        (["our-own"], "cy", "our-own"),
        (["small.en"], "de", None),
        ([], "en", None),
    ],
)
def test_the_best_model_for_a_language(
    installed: list[str], language: str, expected: str | None
) -> None:
    for order in (installed, installed[::-1]):
        found = best([model(FAST, name) for name in order], language)
        assert (found and found.name) == expected


def test_the_faster_library_comes_first_and_other_models_do_not_count() -> None:
    mixed = [model(OPENAI, "large-v3"), model(FAST, "base"), model(PYANNOTE, "community-1")]
    assert best(mixed, "en") == mixed[1]
    assert best(mixed[2:], "en") is None


def test_a_named_model_is_taken_and_a_missing_one_is_named_with_its_command() -> None:
    installed = [model(FAST, "large-v3"), model(FAST, "tiny"), model(OPENAI, "base")]
    assert choose(installed, FAST, "tiny", "en").name == "tiny"
    assert choose(installed, OPENAI, None, "en").name == "base"
    with pytest.raises(EngineMissing) as caught:
        choose(installed, OPENAI, "medium", "en")
    assert "`transcriber models pull medium --engine whisper`" in caught.value.sentence
    with pytest.raises(EngineMissing) as caught:
        choose([], FAST, None, "en")
    assert "`transcriber models pull small.en`" in caught.value.sentence
    with pytest.raises(EngineMissing) as caught:
        choose([], FAST, None, "de")
    assert "`transcriber models pull small`" in caught.value.sentence


# What is on disk


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An English openai-whisper file."""
    path = tmp_path_factory.mktemp("stick") / "ward-english.pt"
    return checkpoints.write_openai(path, multilingual=False)


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A multilingual folder for faster-whisper."""
    return checkpoints.write_ctranslate2(
        tmp_path_factory.mktemp("stick") / "faster-whisper-midwives"
    )


@pytest.fixture
def store(tmp_path: Path) -> ModelFolder:
    return ModelFolder(tmp_path / "models")


def everything(store: ModelFolder) -> list[Path]:
    return [path for path in store.root.rglob("*") if path.is_file()]


def test_a_checkpoint_is_added_under_its_name(store: ModelFolder, checkpoint: Path) -> None:
    added = add_model(store, checkpoint)
    assert (added.model.kind, added.model.name) == (OPENAI, "ward-english")
    assert added.model.sha256 == hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    assert added.model.english_only
    assert added.vouched_by is None
    assert store.models() == (added.model,)
    assert store.stored(verify=True) == (added,)


def test_a_converted_folder_is_added_with_what_the_library_reads_only(
    store: ModelFolder, converted: Path, tmp_path: Path
) -> None:
    brought = shutil.copytree(converted, tmp_path / "faster-whisper-midwives")
    (brought / "notes.docx").write_bytes(b"not part of a model")
    added = add_model(store, brought)
    assert (added.model.kind, added.model.name) == (FAST, "midwives")
    assert not added.model.english_only
    names = {path.name for path in added.model.path.iterdir()}
    assert names == {path.name for path in converted.iterdir()} | {"manifest.json"}


def pyannote(folder: Path, embedding: str = "$model/embedding") -> Path:
    """A folder laid out as pyannote's community-1, its weights replaced by a few bytes."""
    for part in ("embedding/pytorch_model.bin", "segmentation/pytorch_model.bin", "plda/plda.npz"):
        (folder / part).parent.mkdir(parents=True, exist_ok=True)
        (folder / part).write_bytes(part.encode())
    (folder / "config.yaml").write_text(
        "pipeline:\n  name: pyannote.audio.pipelines.SpeakerDiarization\n  params:\n"
        f"    segmentation: $model/segmentation\n    embedding: {embedding}\n"
        "    plda: $model/plda\n"
    )
    return folder


def test_a_pyannote_folder_is_added_whole(store: ModelFolder, tmp_path: Path) -> None:
    brought = pyannote(tmp_path / "speaker-diarization-community-1")
    added = add_model(store, brought)
    assert (added.model.kind, added.model.name) == (PYANNOTE, "community-1")
    assert (added.model.path / "segmentation" / "pytorch_model.bin").read_bytes()
    assert best(store.models(), "en") is None


def test_a_pyannote_folder_that_points_to_the_network_is_refused(
    store: ModelFolder, tmp_path: Path
) -> None:
    brought = pyannote(tmp_path / "old", embedding="pyannote/wespeaker-voxceleb-resnet34-LM")
    with pytest.raises(InputError) as caught:
        add_model(store, brought)
    assert caught.value.code == "model_not_local"


@pytest.mark.parametrize("name", ["tokenizer.json", "config.json", "vocabulary.json"])
def test_an_incomplete_folder_is_refused(
    store: ModelFolder, converted: Path, tmp_path: Path, name: str
) -> None:
    brought = shutil.copytree(converted, tmp_path / "brought")
    (brought / name).unlink()
    with pytest.raises(InputError) as caught:
        add_model(store, brought)
    assert caught.value.code == "model_incomplete"
    assert name in caught.value.sentence
    assert store.stored() == ()


@pytest.mark.parametrize("content", [b"", b"PK not a zip", json.dumps({"dims": 1}).encode()])
def test_a_file_that_is_no_model_is_refused(
    store: ModelFolder, tmp_path: Path, content: bytes
) -> None:
    brought = tmp_path / "recording.pt"
    brought.write_bytes(content)
    with pytest.raises(InputError) as caught:
        add_model(store, brought)
    assert caught.value.code == "model_unknown"
    assert "recording" not in caught.value.sentence


def test_a_checkpoint_that_would_run_code_is_refused_unrun(
    store: ModelFolder, tmp_path: Path
) -> None:
    import torch

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return os.mkdir, (str(tmp_path / "ran"),)

    torch.save({"dims": Trap(), "model_state_dict": {}}, tmp_path / "trap.pt")
    with pytest.raises(InputError):
        add_model(store, tmp_path / "trap.pt")
    assert not (tmp_path / "ran").exists()


def test_a_file_with_a_published_name_must_be_the_published_file(
    store: ModelFolder, checkpoint: Path, tmp_path: Path
) -> None:
    brought = shutil.copy(checkpoint, tmp_path / "small.en.pt")
    with pytest.raises(InputError) as caught:
        add_model(store, Path(brought))
    assert caught.value.code == "model_hash_differs"
    assert everything(store) == []
    assert add_model(store, Path(brought), "ours").model.name == "ours"


def test_the_sums_that_came_along_are_compared(
    store: ModelFolder, converted: Path, tmp_path: Path
) -> None:
    brought = shutil.copytree(converted, tmp_path / "brought")
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n"
        for path in sorted(brought.iterdir())
    ]
    (brought / "SHA256SUMS").write_text("".join(lines))
    assert add_model(store, brought).vouched_by == "SHA256SUMS"
    with (brought / "model.bin").open("r+b") as weights:
        weights.seek(1_000)
        weights.write(b"changed")
    with pytest.raises(InputError) as caught:
        add_model(store, brought, "second")
    assert caught.value.code == "model_hash_differs"
    assert [entry.model.name for entry in store.stored()] == ["brought"]
    (brought / "SHA256SUMS").write_text(lines[0])
    with pytest.raises(InputError) as caught:
        add_model(store, brought, "third")
    assert caught.value.code == "model_sums_incomplete"


def test_damage_is_found_by_size_at_once_and_by_hash_when_asked(
    store: ModelFolder, tmp_path: Path
) -> None:
    place = add_model(store, pyannote(tmp_path / "brought")).model.path
    weights = place / "embedding" / "pytorch_model.bin"
    content = weights.read_bytes()
    weights.write_bytes(content[:-1] + b"?")
    assert [entry.intact for entry in store.stored()] == [True]
    assert [entry.intact for entry in store.stored(verify=True)] == [False]
    weights.write_bytes(content[:-1])
    assert [entry.intact for entry in store.stored()] == [False]
    assert store.models() == ()


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden", "x" * 65, "taken"])
def test_a_name_that_cannot_be_is_refused(store: ModelFolder, checkpoint: Path, name: str) -> None:
    add_model(store, checkpoint, "taken")
    before = everything(store)
    with pytest.raises(UsageError):
        add_model(store, checkpoint, name or "-")
    assert everything(store) == before


def test_a_copy_that_breaks_off_leaves_nothing_and_the_next_one_works(
    store: ModelFolder, tmp_path: Path
) -> None:
    source = tmp_path / "weights"
    source.write_bytes(b"weights")
    files = {"a": source, "b": tmp_path / "gone"}
    with pytest.raises(TranscriberError):
        store.add(Candidate(OPENAI, "mine", files, weights="a"), "2026-01-01")
    assert everything(store) == []
    # What a kill in the middle leaves is no model, and is cleared away.
    (store.root / "whisper" / ".mine.part").mkdir()
    (store.root / "whisper" / ".mine.part" / "manifest.json").write_text("{}")
    assert store.stored() == ()
    store.add(Candidate(OPENAI, "mine", {"a": source}, weights="a"), "2026-01-01")
    assert [path.name for path in (store.root / "whisper").iterdir()] == ["mine"]


def test_the_folder_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TRANSCRIBER_MODELS", str(tmp_path))
    assert model_folder().root == tmp_path
    monkeypatch.delenv("TRANSCRIBER_MODELS")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert model_folder().root.parts[-2:] == ("transcriber", "models")


# Fetching


def publish(monkeypatch: pytest.MonkeyPatch, checkpoint: Path, folder: Path, sha256: str) -> None:
    """Let openai-whisper find a checkpoint of its own under a file: address."""
    (folder / sha256).mkdir()
    shutil.copy(checkpoint, folder / sha256 / "tiny.en.pt")
    address = (folder / sha256 / "tiny.en.pt").as_uri()
    monkeypatch.setitem(whisper._MODELS, "tiny.en", address)


def test_a_published_model_is_fetched_and_vouched_for(
    store: ModelFolder, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sha256 = hashlib.sha256(checkpoint.read_bytes()).hexdigest()
    publish(monkeypatch, checkpoint, tmp_path, sha256)
    pulled = pull_model(store, OPENAI, "tiny.en")
    assert (pulled.model.sha256, pulled.vouched_by) == (sha256, "publisher")
    assert {path.name for path in everything(store)} == {"model.pt", "manifest.json"}
    # Brought on a stick under any name, it is known by its hash.
    assert add_model(ModelFolder(tmp_path / "other"), checkpoint).model.name == "tiny.en"


def test_a_fetched_model_with_another_hash_is_not_kept(
    store: ModelFolder, checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(monkeypatch, checkpoint, tmp_path, "0" * 64)
    with pytest.raises(InputError) as caught:
        pull_model(store, OPENAI, "tiny.en")
    assert caught.value.code == "model_hash_differs"
    assert everything(store) == []


@pytest.mark.parametrize(
    ("kind", "name"), [(FAST, "small.en"), (OPENAI, "small.en"), (PYANNOTE, "community-1")]
)
def test_without_a_network_it_says_so_and_leaves_nothing(
    store: ModelFolder, kind: ModelKind, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def refuse(*address: object, **_: object) -> None:
        asked.append(address)
        raise OSError("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(InputError) as caught:
        pull_model(store, kind, name)
    assert caught.value.code == "no_network"
    assert asked  # the ban on the network was lifted for this, and is back
    assert os.environ["HF_HUB_OFFLINE"] == "1"
    assert everything(store) == []


def test_an_unknown_name_is_answered_with_the_known_ones(store: ModelFolder) -> None:
    with pytest.raises(UsageError) as caught:
        pull_model(store, FAST, "enormous")
    assert "small.en" in caught.value.sentence
    assert {"tiny", "large-v3-turbo", "distil-large-v3.5"} <= set(published_names(FAST))


# What Whisper is told, and what is made of its answers


def test_names_are_taken_in_order_until_the_prompt_is_full() -> None:
    def one_token_a_letter(text: str) -> int:
        return len(text)

    assert prompt((), one_token_a_letter) is None
    assert prompt(("x" * 223,), one_token_a_letter) is None
    assert prompt(("x" * 222,), one_token_a_letter) == "x" * 222
    assert prompt(("a" * 200, "b" * 30, "c"), one_token_a_letter) == "a" * 200


def test_the_language_is_that_of_most_of_what_was_heard() -> None:
    assert elect([{"en": 0.9, "cy": 0.1}, {"en": 0.2, "cy": 0.8}, {"en": 0.9, "cy": 0.1}]) == "en"
    for unclear in ([], [{"en": 0.4, "cy": 0.3, "de": 0.3}]):
        with pytest.raises(InputError):
            elect(unclear)


def test_the_regions_that_vote_lie_all_over_the_recording() -> None:
    regions = [Interval(start, start + 500) for start in range(0, 100_000, 1_000)]
    regions[40] = Interval(40_000, 40_900)
    voting = spread(regions)
    assert len(voting) == 8
    assert voting[0].start_ms < 12_500
    assert voting[-1].start_ms >= 87_000
    assert regions[40] in voting
    assert spread([Interval(5, 10), Interval(20, 500)]) == [Interval(20, 500)]


def test_words_are_stripped_and_moved_into_their_region() -> None:
    words = [
        TimedWord(" Well,", -0.5, 0.2, 0.98765),
        TimedWord(" ", 0.2, 0.3, 0.5),
        TimedWord(" then", 0.1, 0.15, 1.5),
        TimedWord(" so", math.nan, None, math.nan),
        TimedWord(" late", 0.9, 7.0, 0.5),
    ]
    assert words_inside(words, Interval(10_000, 11_000)) == (
        RecognisedWord("Well,", 10_000, 10_200, 0.988),
        RecognisedWord("then", 10_200, 10_200, 1.0),
        RecognisedWord("so", None, None, None),
        RecognisedWord("late", 10_900, 11_000, 0.5),
    )
