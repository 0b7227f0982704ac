"""A release as somebody downloaded it: only what a person signed, and as they signed it."""

from dataclasses import replace
from hashlib import sha256

from transcriber.domain.errors import InputError, StorageError
from transcriber.domain.redacted import Checked
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.package_check import check_package
from transcriber.exports.release_json import PROFILES, RELEASE, ReleasedText, read_release
from transcriber.exports.release_package import MANIFEST, Package, no_release


def read_signed(data: bytes) -> ReleasedText:
    """Return the text of a release, with its number where the file tells it.

    Raises InputError `not_a_release`, `not_signed` where no person has signed it, and
    `changed_since_signing` where it is not the text that was signed.
    """
    try:
        transcript, manifest = read_release(data)
        record = load(data.decode())
    except (StorageError, InputError, UnicodeDecodeError):
        raise InputError(
            "not_a_release",
            "This file is no release. Give the zip or the JSON file of one, as it was downloaded.",
        ) from None
    if transcript.checked is not Checked.YES or not manifest.get("signed"):
        raise InputError(
            "not_signed",
            "Nobody has signed this transcript, so it is not given to a coding tool. Sign it off, "
            "and give the release.",
        )
    assert isinstance(record, dict)
    text = {key: value for key, value in record.items() if key not in (RELEASE, PROFILES)}
    if sha256(dump(text)).hexdigest() != manifest.get("text_sha256"):
        raise changed()
    number = manifest.get("number")
    told = replace(transcript, release_number=number if isinstance(number, int) else None)
    return ReleasedText(told, manifest)


def signed_in_package(found: Package) -> ReleasedText:
    """Return the text of a release's package, with the number of the release.

    Raises InputError `no_release`, and what `read_signed` raises.
    """
    checked = check_package(found)
    if checked.faults:
        raise changed()
    names = [name for name in found.files if name.endswith(".json") and name.count(".") == 1]
    texts = [found.files[name] for name in names if name != MANIFEST]
    if len(texts) != 1:
        raise no_release()
    text = read_signed(texts[0])
    return replace(text, transcript=replace(text.transcript, release_number=checked.number))


def changed() -> InputError:
    """Say that something is not as it was signed."""
    return InputError(
        "changed_since_signing", "This release was changed after it was signed. Download it again."
    )
