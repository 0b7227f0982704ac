"""The receipt of a withdrawal as a file, to print, sign and hand over."""

from transcriber.domain.errors import UsageError
from transcriber.exports.rights.withdrawal import write_receipt_page, write_receipt_text
from transcriber.services.releases import ReleaseFile
from transcriber.services.store import Store
from transcriber.services.withdrawal.receipt import receipt_of

FORMATS = {
    "html": (write_receipt_page, "text/html; charset=utf-8"),
    "txt": (write_receipt_text, "text/plain; charset=utf-8"),
}


def receipt_file(
    store: Store, study_id: str, withdrawal_id: str, kind: str = "html"
) -> ReleaseFile:
    """Return the receipt as `html` or `txt`. It names nobody.

    Raises UsageError `not_found` and `format_not_served`, StorageError.
    """
    if kind not in FORMATS:
        raise UsageError("format_not_served", "A receipt is written as html or txt.")
    write, media_type = FORMATS[kind]
    receipt = receipt_of(store, study_id, withdrawal_id)
    return ReleaseFile(write(receipt), f"withdrawal-{withdrawal_id[:8]}.{kind}", media_type)
