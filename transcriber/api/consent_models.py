"""What participants agreed to as the interface writes it."""

from datetime import date
from typing import Annotated

from pydantic import Field, StringConstraints

from transcriber.api.answers import Model
from transcriber.api.study_models import UnclearLine
from transcriber.domain.consent import Answer, Consent
from transcriber.services.consent.book import MOST_LABELS, ShownConsents
from transcriber.services.consent.log import LoggedConsents

Label = Annotated[str, StringConstraints(min_length=1, max_length=63)]


class ConsentFields(Model):
    """What somebody agreed to: five things, each by itself."""

    recording_id: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")] | None = None
    """Of one recording only, in which this counts before what they said of all."""
    recorded: Answer = Answer.NOT_ON_RECORD
    transcribed: Answer = Answer.NOT_ON_RECORD
    quoted: Answer = Answer.NOT_ON_RECORD
    archived: Answer = Answer.NOT_ON_RECORD
    voices: Answer = Answer.NOT_ON_RECORD
    """Whether voices may be compared."""
    given_on: date | None = None
    """The day of the consent."""
    withdraw_by: date | None = None
    """Until when they were told that they can withdraw. They can after it too."""

    def consent(self, label: str) -> Consent:
        """Return what this says of somebody."""
        return Consent(
            label,
            self.recording_id,
            self.recorded,
            self.transcribed,
            self.quoted,
            self.archived,
            self.voices,
            self.given_on,
            self.withdraw_by,
        )


class ConsentModel(ConsentFields):
    """What the participant of a label agreed to."""

    label: Label

    @classmethod
    def of(cls, consent: Consent) -> "ConsentModel":
        """Write a consent."""
        return cls(
            label=consent.label,
            recording_id=consent.recording_id,
            recorded=consent.recorded,
            transcribed=consent.transcribed,
            quoted=consent.quoted,
            archived=consent.archived,
            voices=consent.voices,
            given_on=consent.given_on,
            withdraw_by=consent.withdraw_by,
        )


class PersonModel(Model):
    """Somebody of whom consent is kept."""

    label: Label
    name: str | None
    """The roster's; null where it has nobody of this label."""


class ConsentsModel(Model):
    """The consents of a study."""

    consent_per_person: bool
    """Whether what is not on record counts as not given."""
    people: list[PersonModel]
    leading: list[str]
    """Labels on the roster of whoever leads the talk, who is asked for no consent."""
    people_without_label: int
    """On the roster: nothing can be kept of them before they have one."""
    consents: list[ConsentModel]

    @classmethod
    def of(cls, shown: ShownConsents) -> "ConsentsModel":
        """Write the consents of a study."""
        return cls(
            consent_per_person=shown.book.is_per_person,
            people=[PersonModel(label=each.label, name=each.name) for each in shown.people],
            leading=list(shown.leading),
            people_without_label=shown.unlabelled,
            consents=[ConsentModel.of(each) for each in shown.book.consents],
        )


class ConsentLogImport(Model):
    """A consent log as it was pasted, with a header row, and whether to keep what it says."""

    text: Annotated[str, StringConstraints(max_length=200_000)]
    keep: bool = False


class LoggedConsentsModel(Model):
    """What a log says: of each person what is kept once it is, and what was not understood."""

    consents: list[ConsentModel]
    not_understood: list[UnclearLine]
    passed_over: list[str]
    """Headings of columns that say nothing of consent."""

    @classmethod
    def of(cls, logged: LoggedConsents) -> "LoggedConsentsModel":
        """Write what a log says."""
        return cls(
            consents=[ConsentModel.of(each) for each in logged.consents],
            not_understood=[
                UnclearLine(line=told.line, reason=told.reason) for told in logged.not_understood
            ],
            passed_over=list(logged.passed_over),
        )


class TakingPart(Model):
    """Who takes part in a recording."""

    labels: Annotated[list[Label], Field(max_length=MOST_LABELS)]
    """Labels of participants, such as P01; not of those who lead the talk."""
