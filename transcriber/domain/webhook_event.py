"""What other programs can be told of."""

from enum import StrEnum


class WebhookEvent(StrEnum):
    """Something that happened in a study. Only ids are told."""

    JOB_FINISHED = "job.finished"
    JOB_FAILED = "job.failed"
    RELEASE_MADE = "release.made"
    PING = "ping"
    """Somebody tries whether messages arrive."""
    RELEASE_WITHDRAWN = "release.withdrawn"
    RETENTION_DUE = "retention.due"
    """Something of the study will soon be destroyed by its rules."""
    RELEASE_RECALLED = "release.recalled"
    """It is withdrawn as well, because it identifies somebody: copies are to be destroyed."""
    PARTICIPANT_WITHDRAWN = "participant.withdrawn"
    """All of somebody's contribution was taken out. Whose is not told."""

    @property
    def bit(self) -> int:
        """The event as one of a set that is kept as a number. MUST never change."""
        return 1 << list(WebhookEvent).index(self)
