"""A release as somebody downloaded it: only what a person signed, and as they signed it."""

from dataclasses import replace
from hashlib import sha256

from transcriber.domain.errors import InputError, StorageError
from transcriber.domain.redacted import Checked, RedactedTranscript
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.package_check import check_package
from transcriber.exports.release_json import RELEASE, read_release
from transcriber.exports.release_package import MANIFEST, unzipped

ZIPPED = b"PK"
"""How a zip begins (APPNOTE 4.3.7)."""


def read_signed(data: bytes) -> RedactedTranscript:
    """Return the text of a release: of its JSON file or of its zip, which knows its number.

    Raises InputError `not_a_release` or `no_release`, `not_signed` where no person has signed it,
    and `changed_since_signing` where it is not what was signed.
    """
    return _read_zip(data) if data.startswith(ZIPPED) else _read_json(data)


def _read_zip(data: bytes) -> RedactedTranscript:
    package = unzipped(data)
    checked = check_package(package)
    if checked.faults:
        raise _changed()
    # Of the JSON files this one is named by the version alone: CODE-v1.json.
    stored = (name for name in package.files if name.endswith(".json") and name.count(".") == 1)
    name = next((name for name in stored if name != MANIFEST), None)
    if name is None:
        raise _not_a_release()
    return replace(_read_json(package.files[name]), release_number=checked.number)


def _read_json(data: bytes) -> RedactedTranscript:
    try:
        transcript, manifest = read_release(data)
        record = load(data.decode())
    except (StorageError, InputError, UnicodeDecodeError):
        raise _not_a_release() from None
    if transcript.checked is not Checked.YES or not manifest.get("signed"):
        raise InputError(
            "not_signed",
            "Nobody has signed this transcript, so it is not given to a coding tool. Sign it off, "
            "and give the JSON file of the release.",
        )
    assert isinstance(record, dict)
    text = dump({key: value for key, value in record.items() if key != RELEASE})
    if sha256(text).hexdigest() != manifest.get("text_sha256"):
        raise _changed()
    return transcript


def _not_a_release() -> InputError:
    return InputError(
        "not_a_release",
        "This file is no release. Give the JSON file of a release or its zip, as it was "
        "downloaded.",
    )


def _changed() -> InputError:
    return InputError(
        "changed_since_signing", "This release was changed after it was signed. Download it again."
    )
