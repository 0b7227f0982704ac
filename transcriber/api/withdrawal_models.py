"""What a withdrawal does, as the interface writes it. Times are UTC in milliseconds since 1970."""

from dataclasses import asdict
from datetime import date

from transcriber.api.answers import Model
from transcriber.domain.withdrawal import Fate, Preview, Receipt


class AffectedModel(Model):
    """A recording in which they speak or are mentioned."""

    recording_id: str
    code: str | None
    """Null once it is erased."""
    fate: Fate
    turns: int
    words: int
    sound_ms: int
    mentions: int
    """Of them, by others."""
    unclear_ms: int
    """Speech besides that nobody wrote down, which is silenced: nobody can tell whose it is."""
    unknown_words: int
    """Of an unknown speaker or of several at once, which stay."""
    finished_at_ms: int | None


class RecalledModel(Model):
    """A release that is recalled."""

    recording_id: str
    release_id: str
    number: int
    next_release_id: str | None
    next_number: int | None
    places_untold: int
    """Places that have it and could not be told of its recall before the recording was erased."""


class StoppedModel(Model):
    """Why a withdrawal that has begun does not go on."""

    by: str
    """The code of an error, such as `held`."""
    at_ms: int


class CopyTakenModel(Model):
    """What left the service before, by the audit."""

    action: str
    by_role: str
    at_ms: int
    recording_id: str | None


class PreviewModel(Model):
    """What a withdrawal would do now."""

    labels: list[str]
    on_roster: bool
    key_gone: bool
    """Whether the key of who is who was destroyed: then names lead to nobody."""
    key_entries: int
    decisions: int
    recordings: list[AffectedModel]
    recalled: list[RecalledModel]
    copies: list[CopyTakenModel]
    not_ready: list[str]
    """Codes of recordings without a transcript, of which nobody can tell who speaks."""
    held: list[str]
    at_work: list[str]
    withdraw_by: date | None
    stamp: str
    """To be sent with the withdrawal."""

    @classmethod
    def of(cls, preview: Preview) -> "PreviewModel":
        """Write a preview."""
        return cls.model_validate(asdict(preview))


class ReceiptModel(Model):
    """What a withdrawal did; it names nobody. `finished_at_ms` is null while it goes on."""

    id: str
    study_id: str
    started_at_ms: int
    finished_at_ms: int | None
    on_roster: bool
    key_entries: int
    decisions: int
    recordings: list[AffectedModel]
    recalled: list[RecalledModel]
    copies: list[CopyTakenModel]
    echoes: int
    """Replies of others that may repeat what was withdrawn, for a person to decide on."""
    stopped: StoppedModel | None
    """Null unless it could not go on when it was last tried."""

    @classmethod
    def of(cls, receipt: Receipt) -> "ReceiptModel":
        """Write a receipt."""
        return cls.model_validate(asdict(receipt))
