"""What each participant agreed to: five things, each by itself, for all recordings or for one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from transcriber.domain.errors import ConsentError
from transcriber.domain.participation import is_participant


class ConsentTo(StrEnum):
    """What somebody may agree to; each is asked for by itself (GDPR recital 43)."""

    RECORDED = "recorded"
    TRANSCRIBED = "transcribed"
    QUOTED = "quoted"
    ARCHIVED = "archived"
    VOICES = "voices"


class Answer(StrEnum):
    """What somebody said to one of them; what nobody wrote down is neither yes nor no."""

    AGREED = "agreed"
    NOT_AGREED = "not_agreed"
    NOT_ON_RECORD = "not_on_record"


@dataclass(frozen=True, slots=True)
class Consent:
    """What the participant of a label agreed to, in all recordings or only in `recording_id`.

    `given_on` is the day of the consent. Until `withdraw_by` they were told that what they said can
    be taken out; consent can be withdrawn after it too (GDPR Art. 7(3)), and is not refused then.
    """

    label: str
    recording_id: str | None = None
    recorded: Answer = Answer.NOT_ON_RECORD
    transcribed: Answer = Answer.NOT_ON_RECORD
    quoted: Answer = Answer.NOT_ON_RECORD
    archived: Answer = Answer.NOT_ON_RECORD
    voices: Answer = Answer.NOT_ON_RECORD
    given_on: date | None = None
    withdraw_by: date | None = None

    def answer(self, to: ConsentTo) -> Answer:
        """Return what they said to one thing."""
        return {
            ConsentTo.RECORDED: self.recorded,
            ConsentTo.TRANSCRIBED: self.transcribed,
            ConsentTo.QUOTED: self.quoted,
            ConsentTo.ARCHIVED: self.archived,
            ConsentTo.VOICES: self.voices,
        }[to]

    @property
    def says_nothing(self) -> bool:
        """Whether nothing of it was ever written down."""
        dates = self.given_on, self.withdraw_by
        return dates == (None, None) and all(
            self.answer(to) is Answer.NOT_ON_RECORD for to in ConsentTo
        )


@dataclass(frozen=True, slots=True)
class ConsentBook:
    """All consents of a study. With `is_per_person`, what is not on record counts as not given."""

    is_per_person: bool
    consents: tuple[Consent, ...]

    def answer(self, label: str, to: ConsentTo, recording_id: str | None = None) -> Answer:
        """Return what somebody said, an exception for the one recording before all others."""
        for where in (recording_id, None):
            for consent in self.consents:
                if (consent.label, consent.recording_id) == (label, where):
                    said = consent.answer(to)
                    if said is not Answer.NOT_ON_RECORD:
                        return said
        return Answer.NOT_ON_RECORD

    def not_given(
        self, labels: Collection[str], to: ConsentTo, recording_id: str | None = None
    ) -> tuple[str, ...]:
        """Return those participants of some labels whose consent does not cover it, sorted."""
        covered = {Answer.AGREED} if self.is_per_person else {Answer.AGREED, Answer.NOT_ON_RECORD}
        return tuple(
            sorted(
                label
                for label in set(labels)
                if is_participant(label) and self.answer(label, to, recording_id) not in covered
            )
        )

    def require(
        self, labels: Collection[str], to: ConsentTo, recording_id: str | None = None
    ) -> None:
        """Raise ConsentError `no_consent`, which says who did not agree, and what to do."""
        lacking = self.not_given(labels, to, recording_id)
        if lacking:
            raise ConsentError("no_consent", self.reason(lacking, to, recording_id))

    def why_not_worked_on(
        self, labels: Collection[str], recording_id: str | None = None
    ) -> str | None:
        """Return why nothing is to be made of a recording of these people; None where it may be.

        Where each person's consent is asked, somebody has to say who takes part.
        """
        if self.is_per_person and not any(map(is_participant, labels)):
            return NOBODY_SAID
        for to in TO_BE_WORKED_ON:
            if lacking := self.not_given(labels, to, recording_id):
                return self.reason(lacking, to, recording_id)
        return None

    def reason(
        self, lacking: Collection[str], to: ConsentTo, recording_id: str | None = None
    ) -> str:
        """Return why something is not done, with the labels of those who do not allow it."""
        said_no = [
            label for label in lacking if self.answer(label, to, recording_id) is Answer.NOT_AGREED
        ]
        if said_no:
            return f"{listed(said_no)} did not agree {TO_WHAT[to]}. {_WHAT_TO_DO[to]}"
        return (
            f"No consent of {listed(sorted(lacking))} {TO_WHAT[to]} is on record, and this study "
            f"asks for each person's. {_WHAT_TO_DO[to]}"
        )


def listed(labels: Collection[str]) -> str:
    """Return labels as a list in a sentence, those of many shortened."""
    shown = list(labels)[:MOST_TOLD]
    more = len(labels) - len(shown)
    if more:
        return f"{', '.join(shown)} and {more} more"
    return " and ".join(", ".join(part) for part in (shown[:-1], shown[-1:]) if part)


TO_BE_WORKED_ON = (ConsentTo.RECORDED, ConsentTo.TRANSCRIBED)
"""What those who take part have to agree to before anything is made of a recording."""

NOBODY_SAID = (
    "This study asks for the consent of each person, and nobody said who takes part in this "
    "recording. Give their labels, such as P01: `recording add` takes them with --takes-part, the "
    "page of a recording under Say who takes part."
)

MOST_TOLD = 10
"""Labels in a sentence."""

TO_WHAT = {
    ConsentTo.RECORDED: "to be recorded",
    ConsentTo.TRANSCRIBED: "to be transcribed",
    ConsentTo.QUOTED: "to be quoted",
    ConsentTo.ARCHIVED: "to their words going to an archive",
    ConsentTo.VOICES: "to voices being compared",
}

_NOTHING_MADE = (
    "Nothing is made of this recording. Write their consent down under Consent, or erase what was "
    "recorded."
)
_WHAT_TO_DO = {
    ConsentTo.RECORDED: _NOTHING_MADE,
    ConsentTo.TRANSCRIBED: _NOTHING_MADE,
    ConsentTo.QUOTED: "Nothing with their turns leaves. Withhold these turns and sign again, or "
    "write their consent down under Consent.",
    ConsentTo.ARCHIVED: "Nothing with their turns goes to an archive. Withhold these turns and "
    "sign again, or write their consent down under Consent.",
    ConsentTo.VOICES: "Leave out --compare-voices, or list the recording under `except` in the "
    "consent file.",
}
