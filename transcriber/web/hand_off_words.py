"""What pages say of releases that did not arrive at a destination, by the code of the failure."""

FAILURES = {
    "folder_missing": "The folder is not there. Its drive may not be connected.",
    "other_content": "A file of the same name with another content lies there. Move it away.",
    "not_as_written": "What was written is another file when it is read. The drive may be faulty.",
    "bad_destination": "IT does not allow this place any more.",
    "bucket_unavailable": "The bucket cannot be reached, or it refuses the service.",
    "no_consent": "Somebody in it did not agree to be quoted, or to be in an archive. See Consent.",
    "disk_full": "The disk there is full.",
}
OTHERWISE = "The service could not write there. IT finds the code {code} in its log."


def failure(code: str) -> str:
    """Return one sentence for a failure."""
    return FAILURES.get(code, OTHERWISE.format(code=code))
