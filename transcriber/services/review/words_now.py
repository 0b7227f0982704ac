"""The words of a recording as the machine heard them and as people have edited them."""

from dataclasses import dataclass

from transcriber.domain.edit import Edit, version
from transcriber.domain.errors import UsageError
from transcriber.domain.finding import Finding
from transcriber.domain.transcript import Transcript
from transcriber.services.results import stored_words
from transcriber.services.store import Store


@dataclass(frozen=True)
class WordsNow:
    """`heard` is the machine's version, `current` that of all `edits`, which are in order."""

    heard: Transcript
    current: Transcript
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...]
    """What the machine found for the first policy; its places are numbers of words."""


def words_now(store: Store, study_id: str, recording_id: str) -> WordsNow:
    """Return the words of a recording.

    Raises UsageError `not_ready` before there are any and where the study has no such recording.
    """
    heard = stored_words(store, study_id, recording_id)
    if heard is None:
        raise not_ready()
    with store.database.read() as connection:
        stored = store.transcripts.latest(connection, recording_id)
        assert stored is not None  # its words were read
        edits = store.transcripts.decisions(connection, stored)
        findings = store.transcripts.findings(connection, stored)
    return WordsNow(heard, version(heard, edits), edits, findings)


def not_ready() -> UsageError:
    """Say that there is nothing to check yet."""
    return UsageError(
        "not_ready", "This recording has no transcript yet. Look again when it is done."
    )
