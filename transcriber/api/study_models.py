"""Studies, rosters and policies as the interface writes them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from transcriber.api.answers import Model
from transcriber.api.retention_models import RetentionModel
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.study_terms import Checking, HandOff, Listening, StudyTerms
from transcriber.services.policy_words import LONGEST_EXAMPLE, Piece
from transcriber.services.studies import (
    LONGEST_STUDY_NAME,
    StudyDraft,
    StudySummary,
)
from transcriber.services.study_form import LONGEST_NAME, MOST_NAMES
from transcriber.storage.database.studies import Study

Name = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NAME)]
Names = Annotated[tuple[Name, ...], Field(max_length=MOST_NAMES)]
Short = Annotated[str, StringConstraints(max_length=LONGEST_NAME)]


class ParticipantModel(Model):
    """Somebody who takes part."""

    name: Name
    label: Short | None = None
    """What stands for them in transcripts, such as `P03`."""
    aliases: Names = ()
    """Other names of the same person: nicknames, names from before a marriage."""
    pronoun: Short | None = None
    pseudonym: Short | None = None
    """An invented name, where the policy writes such."""


class RosterModel(Model):
    """Names that are known before a recording is heard."""

    participants: Annotated[tuple[ParticipantModel, ...], Field(max_length=MOST_NAMES)] = ()
    people: Names = ()
    """Everybody else who may be mentioned: children, partners, colleagues."""
    places: Names = ()
    organisations: Names = ()
    keep: Names = ()
    """What is never taken out."""

    def roster(self) -> Roster:
        """Return the roster that this says."""
        return Roster(
            participants=tuple(
                Participant(each.name, each.label, each.aliases, each.pronoun, each.pseudonym)
                for each in self.participants
            ),
            people=self.people,
            places=self.places,
            organisations=self.organisations,
            keep=self.keep,
        )

    @classmethod
    def of(cls, roster: Roster) -> "RosterModel":
        """Write a roster."""
        return cls(
            participants=tuple(
                ParticipantModel(
                    name=person.name,
                    label=person.label,
                    aliases=person.aliases,
                    pronoun=person.pronoun,
                    pseudonym=person.pseudonym,
                )
                for person in roster.participants
            ),
            people=roster.people,
            places=roster.places,
            organisations=roster.organisations,
            keep=roster.keep,
        )


class CheckingModel(Model):
    """What has to be done before a transcript may leave (docs/policies.md)."""

    entities: bool = True
    """Whether everything that was found has to be decided on."""
    listening: Listening = Listening.EVERYTHING
    """How much of the recording has to be heard."""
    cold_read: bool = True
    """Whether every turn has to be read as it will leave."""
    second_reviewer: bool = False
    """Whether two people have to sign the same text."""

    def checking(self) -> Checking:
        """Return what this says."""
        return Checking(self.entities, self.listening, self.cold_read, self.second_reviewer)

    @classmethod
    def of(cls, checking: Checking) -> "CheckingModel":
        """Write what sign-off asks for."""
        return cls(
            entities=checking.entities,
            listening=checking.listening,
            cold_read=checking.cold_read,
            second_reviewer=checking.second_reviewer,
        )


class TermsModel(Model):
    """What participants agreed to, and what was promised to them."""

    voice_comparison: bool = False
    """Whether voices may be compared across recordings; voice prints are biometric data."""
    archiving: bool = False
    """Whether transcripts may go to a data archive."""
    retention: RetentionModel = RetentionModel()
    """When what identifies people is destroyed."""
    hand_off: Annotated[tuple[HandOff, ...], Field(max_length=len(HandOff))] = ()
    """Where releases go."""
    checking: CheckingModel = CheckingModel()
    release_sound: bool = False
    """Whether the sound of what is signed from then on may leave, without what the text leaves out.
    The voice still identifies the person."""
    consent_per_person: bool = False
    """Whether consent is kept for each person, so that what is not on record counts as not given
    (`/studies/{study_id}/consent`)."""


class StudyFields(Model):
    """What people decide about a study, without its names."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_STUDY_NAME)]
    policies: Annotated[tuple[Short, ...], Field(min_length=1, max_length=4)] = ("default",)
    """Names of policies, the one that reviewers see first; see `/policies`."""
    terms: TermsModel = TermsModel()

    def draft(self, roster: Roster) -> StudyDraft:
        """Return what is to be kept, with a roster."""
        terms = self.terms
        return StudyDraft(
            self.name,
            roster,
            self.policies,
            StudyTerms(
                terms.voice_comparison,
                terms.archiving,
                terms.retention.retention(),
                tuple(dict.fromkeys(terms.hand_off)),
                terms.checking.checking(),
                terms.release_sound,
                terms.consent_per_person,
            ),
        )


class NewStudy(StudyFields):
    """A study that is to be made."""

    roster: RosterModel = RosterModel()


class StudyModel(StudyFields):
    """A study, without the names that its roster holds."""

    id: str
    version: int
    """Raised with every change; also the `ETag`."""
    created_at_ms: int
    """UTC in milliseconds since 1970."""

    @classmethod
    def of(cls, study: Study) -> "StudyModel":
        """Write a study."""
        terms = study.agreed.terms
        return cls(
            id=study.id,
            name=study.name,
            version=study.version,
            created_at_ms=study.created_at_ms,
            policies=tuple(policy.name for policy in study.agreed.policies),
            terms=TermsModel(
                voice_comparison=terms.voice_comparison,
                archiving=terms.archiving,
                retention=RetentionModel.of(terms.retention),
                hand_off=terms.hand_off,
                checking=CheckingModel.of(terms.checking),
                release_sound=terms.release_sound,
                consent_per_person=terms.consent_per_person,
            ),
        )


class StudyBrief(Model):
    """A study in a list."""

    id: str
    name: str
    version: int
    created_at_ms: int
    recordings: dict[RecordingState, int]
    """How many recordings are in which state."""

    @classmethod
    def of(cls, study: StudySummary) -> "StudyBrief":
        """Write a study of a list."""
        return cls(
            id=study.id,
            name=study.name,
            version=study.version,
            created_at_ms=study.created_at_ms,
            recordings=dict(study.recordings),
        )


class StudyPage(Model):
    """Some studies, the newest first."""

    items: list[StudyBrief]
    cursor: str | None
    """Gives the next page; null at the end."""


class ConsentLogText(Model):
    """A consent log as it was pasted: lines, CSV, or cells of a spreadsheet parted by tabs."""

    text: Annotated[str, StringConstraints(max_length=200_000)]


class UnclearLine(Model):
    """A line of a consent log that gave no participant."""

    line: int
    """Counted from 1."""
    reason: str


class ReadConsentLog(Model):
    """What a consent log says. Nothing was stored."""

    participants: list[ParticipantModel]
    withdrawn: list[str]
    """Who takes no part, or no more; others may still name them."""
    not_understood: list[UnclearLine]


class PolicyModel(Model):
    """A policy in plain words."""

    name: str
    for_whom: str
    sentences: list[str]
    """What happens to each kind of identifier."""


class ExampleText(Model):
    """A sentence to try a policy on; without one, a sentence of ours."""

    text: Annotated[str, StringConstraints(max_length=LONGEST_EXAMPLE)] | None = None


class PieceModel(Model):
    """A stretch of an example."""

    said: str
    written: str | None
    """What stands there instead, null where the words stay."""
    flagged: bool
    """Whether a person is asked about it."""

    @classmethod
    def of(cls, piece: Piece) -> "PieceModel":
        """Write a piece."""
        return cls(said=piece.said, written=piece.written, flagged=piece.flagged)
