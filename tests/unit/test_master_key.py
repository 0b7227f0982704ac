"""The master key's file and command: what is open to others, short or a placeholder is refused."""

import base64
import hashlib
import shlex
import sys
from pathlib import Path

import pytest

from transcriber.domain.errors import KeyUnusable
from transcriber.storage.ids import new_id
from transcriber.storage.keys.key import KEY_BYTES, Key
from transcriber.storage.keys.master_key import KeyCommand, KeyFile, MasterKeys, MasterKeySource


def require_refused(source: MasterKeySource, code: str) -> None:
    with pytest.raises(KeyUnusable) as refused:
        source.read()
    assert refused.value.code == code
    assert refused.value.__cause__ is None


def test_a_new_key_is_its_owners_and_is_not_made_twice(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys" / "master.key")
    require_refused(file, "no_master_key")
    keys = file.create()
    assert file.read() == keys
    assert file.path.stat().st_mode & 0o777 == 0o600
    with pytest.raises(KeyUnusable) as refused:
        file.create()
    assert refused.value.code == "master_key_there"
    assert file.read() == keys


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o601, 0o777])
def test_a_file_that_others_may_use_is_refused(tmp_path: Path, mode: int) -> None:
    file = KeyFile(tmp_path / "master.key")
    file.create()
    file.path.chmod(mode)
    require_refused(file, "master_key_open")


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    require_refused(KeyFile(tmp_path), "master_key_unreadable")


def test_former_keys_stay_until_a_rotation_is_over(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "master.key")
    before = file.create().current
    keys = MasterKeys(Key.random(new_id()), (before,))
    file.write(keys)
    assert file.read() == keys
    assert file.read().named(before.id) == before
    assert file.read().named(new_id()) is None


# The same in every process that collects tests.
GOOD = base64.b64encode(hashlib.sha256(b"a key").digest()).decode()
NAMED = "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# only a comment\n",
        "password",
        f"{NAMED} {GOOD[:-8]}",
        f"{NAMED} {GOOD[:-1]}",
        f"{NAMED} {base64.b64encode(bytes(KEY_BYTES)).decode()}",
        f"{NAMED} {base64.b64encode(b'changeme' * 4).decode()}",
        f"short {GOOD}",
        f"{NAMED} {GOOD}\nrubbish",
        f"{'a' * 32} {GOOD}\n{'a' * 32} {GOOD}",
        f"{NAMED} \N{GRINNING FACE}",
    ],
)
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master.key"
    path.touch(0o600)
    path.write_text(text, encoding="utf-8")
    require_refused(KeyFile(path), "bad_master_key")


def command(program: str, *arguments: object) -> KeyCommand:
    return KeyCommand(shlex.join([sys.executable, "-c", program, *map(str, arguments)]))


def test_a_command_gives_the_key(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "master.key")
    keys = file.create()
    assert command("print(open(__import__('sys').argv[1]).read())", file.path).read() == keys


def test_a_command_that_fails_or_prints_no_key_is_told_without_its_words() -> None:
    require_refused(command("print('secret'); raise SystemExit(1)"), "key_command_failed")
    require_refused(command("print('secret')"), "bad_master_key")
    require_refused(KeyCommand("/no/such/command"), "key_command_failed")
