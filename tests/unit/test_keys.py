"""Keys and what they seal: nothing that was changed or moved opens."""

import pytest

from transcriber.domain.errors import StorageError
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import Key
from transcriber.storage.keys.sealing import Place, Sealed, seal, tag, unseal

KEY = Key.random(new_id())
PLACE = Place("study", "name", new_id())


def test_a_sealed_value_opens_in_its_place_and_is_never_the_same() -> None:
    first, second = (seal(KEY, PLACE, b"Sarah") for _ in range(2))
    assert unseal(KEY, PLACE, first) == unseal(KEY, PLACE, second) == b"Sarah"
    assert first != second
    assert not first.count(b"Sarah")


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place("recording", "name", PLACE.row),
        Place("study", "settings", PLACE.row),
        Place("study", "name", new_id()),
    ],
)
def test_a_sealed_value_opens_nowhere_else(elsewhere: Place) -> None:
    with pytest.raises(StorageError) as refused:
        unseal(KEY, elsewhere, seal(KEY, PLACE, b"Sarah"))
    assert refused.value.code == "row_damaged"


def test_every_bit_of_a_sealed_value_counts() -> None:
    sealed = seal(KEY, PLACE, b"Sarah")
    changed = [sealed[:place] + bytes([byte ^ 1 << bit]) + sealed[place + 1 :]
               for place, byte in enumerate(sealed) for bit in range(8)]  # fmt: skip
    for value in [*changed, *(sealed[:end] for end in range(len(sealed))), sealed + b"\0"]:
        with pytest.raises(StorageError):
            unseal(KEY, PLACE, Sealed(value))


def test_a_wrapped_key_opens_as_what_it_is_only() -> None:
    inner, other = Key.random(new_id()), Key.random(new_id())
    wrapped = KEY.wrap(inner, "recording")
    assert KEY.unwrap(wrapped, inner.id, "recording") == inner
    for outer, key_id, kind in (
        (other, inner.id, "recording"),
        (Key(new_id(), KEY.secret), inner.id, "recording"),
        (KEY, other.id, "recording"),
        (KEY, inner.id, "study"),
    ):
        with pytest.raises(StorageError) as refused:
            outer.unwrap(wrapped, key_id, kind)
        assert refused.value.code == "key_damaged"
    for end in range(len(wrapped)):
        with pytest.raises(StorageError):
            KEY.unwrap(wrapped[:end], inner.id, "recording")


def test_tags_tell_equal_from_different_and_nothing_across_keys() -> None:
    assert tag(KEY, "name", "sarah") == tag(KEY, "name", "sarah")
    others = (
        tag(KEY, "name", "tom"),
        tag(KEY, "code", "sarah"),
        tag(Key.random(""), "name", "sarah"),
    )
    assert tag(KEY, "name", "sarah") not in others


def test_a_secret_is_not_shown() -> None:
    assert KEY.secret.hex() not in repr(KEY)
    assert str(KEY.secret) not in repr(KEY)
