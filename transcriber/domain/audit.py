"""What is written down of what people do, and how its end is noted elsewhere."""

from dataclasses import dataclass
from enum import StrEnum

from transcriber.domain.errors import UsageError


class Action(StrEnum):
    """What was done. `actor` is who did it and `subject` whom or what it was done to."""

    # Ways in. Of the first three, the subject is the account, where there is one.
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - the name of an event
    # Accounts; the subject is the account.
    ACCOUNT_CREATED = "account_created"
    ACCOUNT_INVITED = "account_invited"
    RESET_LINK_MADE = "reset_link_made"
    SIGN_IN_LINK_MADE = "sign_in_link_made"
    RIGHTS_CHANGED = "rights_changed"
    ACCOUNT_DISABLED = "account_disabled"
    ACCOUNT_ENABLED = "account_enabled"
    # The subject is the token.
    TOKEN_CREATED = "token_created"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    # Members of a study; the subject is the account.
    MEMBER_ADDED = "member_added"
    ROLE_CHANGED = "role_changed"
    MEMBER_REMOVED = "member_removed"
    # A study, and what is made of its recordings; the subject of the last two is the webhook.
    STUDY_CREATED = "study_created"
    RECORDING_ADDED = "recording_added"
    JOB_RETRIED = "job_retried"
    JOB_CANCELLED = "job_cancelled"
    JOB_PRIORITISED = "job_prioritised"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_REMOVED = "webhook_removed"
    # What is confidential.
    VIEWED = "viewed"
    PLAYED = "played"
    CHANGED = "changed"
    EXPORTED = "exported"
    SOUND_EXPORTED = "sound_exported"
    PARTICIPANT_EXPORTED = "participant_exported"
    CONSENT_CHANGED = "consent_changed"
    # The audit itself, and the master key.
    AUDIT_EXPORTED = "audit_exported"
    KEY_ROTATED = "key_rotated"
    # Sign-off; the subject is the transcript or, once there is one, the release.
    SIGNED = "signed"
    LOOKED_AT = "looked_at"
    DRAFT_OVERRIDDEN = "draft_overridden"
    RELEASED = "released"
    RELEASE_WITHDRAWN = "release_withdrawn"
    # Destinations; the subject is the destination, and of what was brought there the hand-off.
    DESTINATION_ADDED = "destination_added"
    DESTINATION_REMOVED = "destination_removed"
    HANDED_OFF = "handed_off"
    RECALL_HANDED_OFF = "recall_handed_off"
    # An identifier that was seen; the subject is the sighting, and of a recall the release.
    IDENTIFIER_SEEN = "identifier_seen"
    SIGHTING_ANSWERED = "sighting_answered"
    RELEASE_RECALLED = "release_recalled"
    # Somebody who takes part withdraws; the subject is the withdrawal, which names nobody.
    PARTICIPANT_WITHDRAWN = "participant_withdrawn"
    WITHDRAWAL_FINISHED = "withdrawal_finished"
    # What repeats what was withdrawn; the subject is the echo.
    ECHO_DECIDED = "echo_decided"
    RECORDING_ERASED = "recording_erased"
    STUDY_ERASED = "study_erased"
    # Retention; the subject is the hold, and of the rest the recording or study says of what.
    SOUND_DESTROYED = "sound_destroyed"
    TRANSCRIPT_DESTROYED = "transcript_destroyed"
    KEY_DESTROYED = "key_destroyed"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    ASSESSED = "assessed"
    # Of all that is stored.
    BACKED_UP = "backed_up"
    RESTORED = "restored"


TAG_BYTES = 32
"""The length of an event's tag (HMAC-SHA-256)."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """An event that is noted outside the database: its number and its tag."""

    number: int
    tag: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.tag.hex()}"

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        """Read what `str` gave. Raises UsageError."""
        number, _, tag = text.strip().partition(":")
        try:
            anchor = cls(int(number), bytes.fromhex(tag))
        except ValueError:
            anchor = cls(0, b"")
        if len(anchor.tag) != TAG_BYTES:
            raise UsageError(
                "bad_anchor",
                "This is not an anchor. Copy the whole line that `transcriber audit verify "
                "--anchor` printed: a number, a colon and 64 characters.",
            )
        return anchor
