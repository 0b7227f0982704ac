"""Rules of retention, what they will destroy, and what forbids it, as the interface writes them."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from transcriber.api.answers import Model
from transcriber.domain.retention import BY_HAND, Held, Retention, Rule, Why
from transcriber.services.studies import LONGEST_RETENTION_DAYS, LONGEST_WARNING_DAYS


class RuleModel(Model):
    """Until when something is kept.

    With both, whichever comes first; with neither, until a person decides.
    """

    days_after_release: Annotated[int, Field(ge=0, le=LONGEST_RETENTION_DAYS)] | None = None
    """Days after the first release that stands."""
    on: date | None = None
    """The day in UTC at whose beginning nothing of it may be left."""

    def rule(self) -> Rule:
        """Return what this says."""
        return Rule(self.days_after_release, self.on)

    @classmethod
    def of(cls, rule: Rule) -> "RuleModel":
        """Write a rule."""
        return cls(days_after_release=rule.days_after_release, on=rule.on)


_BY_HAND = RuleModel.of(BY_HAND)


class RetentionModel(Model):
    """How long a study keeps what identifies people. Releases stay."""

    sound: RuleModel = _BY_HAND
    transcript: RuleModel = _BY_HAND
    """The words as they were said, and all that was found in them and decided. The sound goes with
    them at the latest."""
    pseudonyms: RuleModel = _BY_HAND
    """Who is who. Days count from when the last recording of the study was released."""
    warning_days: Annotated[int, Field(ge=1, le=LONGEST_WARNING_DAYS)] = 14
    """How long before webhooks are told (`retention.due`) and the pages say so."""

    def retention(self) -> Retention:
        """Return what this says."""
        return Retention(
            self.sound.rule(), self.transcript.rule(), self.pseudonyms.rule(), self.warning_days
        )

    @classmethod
    def of(cls, retention: Retention) -> "RetentionModel":
        """Write the rules of a study."""
        return cls(
            sound=RuleModel.of(retention.sound),
            transcript=RuleModel.of(retention.transcript),
            pseudonyms=RuleModel.of(retention.key),
            warning_days=retention.warning_days,
        )


class DueModel(Model):
    """Something that will be destroyed; times are UTC in milliseconds since 1970."""

    what: Held
    recording_id: str | None
    """Null for what belongs to the study as a whole."""
    due_at_ms: int
    rule: Why
    held: bool
    """Whether a legal hold keeps it."""


class HoldModel(Model):
    """A legal hold: nothing of its recording, or of the study, is destroyed while it stands."""

    id: str
    recording_id: str | None
    reason: str
    placed_by: str | None
    placed_at_ms: int
    lifted_by: str | None
    lifted_at_ms: int | None


class NewHold(Model):
    """A hold that is to be placed; without a recording it is on the whole study."""

    recording_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class NewAssessment(Model):
    """Why nobody can be named any more from what stays of a study."""

    grounds: Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class RetentionState(Model):
    """What will be destroyed of a study and when, and what forbids it."""

    due: list[DueModel]
    """What comes first first."""
    holds: list[HoldModel]
    """Also those that were lifted."""
    assessed_at_ms: int | None
    """When somebody assessed that nobody can be named any more."""
