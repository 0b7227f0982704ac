"""What a store of voice prints must do; SQLite's does it."""

import stat
import struct
from pathlib import Path

from transcriber.domain.voice_print import Proposal, VoicePrint
from transcriber.storage.voice_store import FILE_NAME, SqliteVoices

VECTOR = tuple(float(n) for n in struct.unpack("<256f", struct.pack("<256f", *[0.0625] * 256)))


def voice(recording: str, speaker: str = "S1", scale: float = 1.0) -> VoicePrint:
    return VoicePrint(recording, speaker, "INT", "model", tuple(v * scale for v in VECTOR))


PROPOSAL = Proposal("S1", "INT01/S1", "INT01", "S1", "INT", 0.93)


def filled(private: Path) -> SqliteVoices:
    store = SqliteVoices(private)
    store.keep("INT01", "a", [voice("INT01")], [])
    store.keep("INT02", "b", [voice("INT02", scale=0.5), voice("INT02", "S2", 0.25)], [PROPOSAL])
    return store


def test_what_is_kept_is_there_again_and_its_owners_only(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert store.prints() == (
        voice("INT01"),
        voice("INT02", scale=0.5),
        voice("INT02", "S2", 0.25),
    )
    assert store.proposals("INT02") == (PROPOSAL,)
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600


def test_asking_makes_no_file(tmp_path: Path) -> None:
    assert not SqliteVoices(tmp_path).exists()
    assert list(tmp_path.iterdir()) == []


def test_an_erased_print_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    store = filled(tmp_path)
    trace = struct.pack("<8f", *[0.0625 * 0.25] * 8)
    assert trace in (tmp_path / FILE_NAME).read_bytes()
    assert store.forget("INT02", "S2")
    assert not store.forget("INT02", "S2")
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert trace not in (tmp_path / FILE_NAME).read_bytes()
    assert len(store.prints()) == 2


def test_with_a_print_goes_what_was_proposed_from_it(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.forget("INT01", "S1")
    assert store.proposals("INT02") == ()


def test_a_recording_is_compared_once_and_never_again_after_an_erasure(tmp_path: Path) -> None:
    store = filled(tmp_path)
    assert store.must_compare("INT03", "c")
    assert not store.must_compare("INT02", "b")
    assert store.must_compare("INT02", "other turns")
    store.forget("INT02", "S1")
    assert not store.must_compare("INT02", "other turns")


def test_voices_that_are_one_persons_have_one_label(tmp_path: Path) -> None:
    store = filled(tmp_path)
    store.relabel("INT02", {"S1": "P02", "S2": "P03", "S9": "P09"})
    assert [kept.label for kept in store.prints()] == ["INT", "P02", "P03"]
    first, second, other = store.prints()
    store.same(second, first)
    first, second, other = store.prints()
    assert first.person == second.person == "INT01/S1"
    assert (second.label, other.person) == ("INT", None)
    assert store.proposals("INT02") == ()
