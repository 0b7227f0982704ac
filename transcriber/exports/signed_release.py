"""A release as somebody downloaded it: only what a person signed, and as they signed it."""

from hashlib import sha256

from transcriber.domain.errors import InputError, StorageError
from transcriber.domain.redacted import Checked, RedactedTranscript
from transcriber.exports.jsonbytes import dump, load
from transcriber.exports.release_json import RELEASE, read_release


def read_signed(data: bytes) -> RedactedTranscript:
    """Return the text of a release.

    Raises InputError `not_a_release`, `not_signed` where no person has signed it, and
    `changed_since_signing` where it is not the text that was signed.
    """
    try:
        transcript, manifest = read_release(data)
        record = load(data.decode())
    except (StorageError, InputError, UnicodeDecodeError):
        raise InputError(
            "not_a_release",
            "This file is no release. Give the JSON file of a release, as it was downloaded.",
        ) from None
    if transcript.checked is not Checked.YES or not manifest.get("signed"):
        raise InputError(
            "not_signed",
            "Nobody has signed this transcript, so it is not given to a coding tool. Sign it off, "
            "and give the JSON file of the release.",
        )
    assert isinstance(record, dict)
    text = dump({key: value for key, value in record.items() if key != RELEASE})
    if sha256(text).hexdigest() != manifest.get("text_sha256"):
        raise InputError(
            "changed_since_signing",
            "This release was changed after it was signed. Download it again.",
        )
    return transcript
