"""A study with a recording that can be checked: made-up talk, and what was found in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import update

from tests.kept_words import put_words
from tests.talk import talk
from transcriber.domain.edit import Edit, FindingAccepted, Heard, PassageWithheld, TurnsRead
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.recording import Kind
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.study_terms import EVERYTHING_CHECKED, Checking, StudyTerms
from transcriber.domain.transcript import Quality, Transcript
from transcriber.pipeline.order import State
from transcriber.services.review.decide import decide
from transcriber.services.review.released import released
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.studies import StudyDraft, create_study, show_study
from transcriber.services.submit import Submission, submit
from transcriber.stages.detect import locate
from transcriber.storage.database.tables import JOB, STEP
from transcriber.storage.ids import new_id

ROSTER = Roster((Participant("Sarah Whitfield", "P01"), Participant("Tom Greenwood", "P02")))
LINES: tuple[tuple[str | None, str], ...] = (
    ("MOD", "Shall we begin then?"),
    ("P01", "My sister Quenilla told me about the group."),
    ("P02", "She drinks a bit, you know."),
    ("P01", "And then Sarah Whitfield left for Garstang."),
    ("MOD", "Thank you all very much."),
)
UNSURE = 0.8
"""A score of findings of which none is hidden from the reviewer."""

NAMES = (
    ("Quenilla", EntityType.PERSON, "[PERSON_1]"),
    ("Sarah Whitfield", EntityType.PERSON, "[P01]"),
    ("Garstang", EntityType.LOCATION, "[PLACE_1]"),
)


@dataclass
class Checked:
    """A store, a study and a recording, and whoever checks it."""

    store: Store
    study_id: str
    recording_id: str
    actor_id: str

    @property
    def here(self) -> tuple[str, str]:
        return self.study_id, self.recording_id

    def ids(self) -> list[str]:
        return [word.id for word in review_of(self.store, *self.here).transcript.words]

    def decide(self, *edits: Edit, actor_id: str | None = None) -> None:
        seen = review_of(self.store, *self.here).number
        decide(self.store, actor_id or self.actor_id, *self.here, edits, seen)

    def accept_all(self) -> None:
        """Accept finding by finding."""
        review = review_of(self.store, *self.here)
        ids = self.ids()
        for judged in review.findings:
            place = judged.finding.place
            assert place is not None
            self.decide(FindingAccepted(ids[place.first_word], ids[place.last_word]))

    def hear_all(self) -> None:
        ids = self.ids()
        self.decide(Heard(ids[0], ids[-1]))

    def read_all(self) -> None:
        """Confirm turn by turn."""
        found = released(self.store, *self.here)
        words = found.review.transcript.words
        for span in found.spans:
            if span is not None:
                self.decide(TurnsRead(words[span.first_word].id, words[span.last_word].id))

    def read_at_once(self) -> None:
        ids = self.ids()
        self.decide(TurnsRead(ids[0], ids[-1]))

    def withhold(self, first: int, last: int, reason: str = "asked for") -> None:
        ids = self.ids()
        self.decide(PassageWithheld(ids[first], ids[last], reason))

    def all_passes(self) -> None:
        self.accept_all()
        self.hear_all()
        self.read_all()


def recording_to_check(  # every part of it matters to some test
    store: Store,
    folder: Path,
    actor_id: str,
    *,
    lines: Sequence[tuple[str | None, str]] = LINES,
    names: Sequence[tuple[str, EntityType, str]] = NAMES,
    checking: Checking = EVERYTHING_CHECKED,
    quality: Quality = Quality.FULL,
    kind: Kind = Kind.GROUP,
    score: float = UNSURE,
    policies: tuple[str, ...] = ("default",),
    study_id: str | None = None,
) -> Checked:
    """Make a recording that is done, with these words and what was found in them.

    It is the one recording of a new study, or one more of a study that is there.
    """
    if study_id is None:
        name, terms = f"Peer support {new_id()[:6]}", StudyTerms(checking=checking)
        study = create_study(store, actor_id, StudyDraft(name, ROSTER, policies, terms))
    else:
        study = show_study(store, study_id)
    path = folder / f"{new_id()}.wav"
    path.write_bytes(new_id().encode())
    made = submit(store, study, Submission((path,), kind))
    path.unlink()
    transcript = replace(talk(*lines), quality=quality)
    put_words(store, made.stored.id, transcript, found_in(transcript, names, score))
    with store.database.write() as connection:
        connection.execute(update(JOB).where(JOB.c.id == made.job_id).values(state=State.DONE))
        of_job = STEP.c.job_id == made.job_id
        connection.execute(update(STEP).where(of_job).values(state=State.DONE))
    return Checked(store, study.id, made.stored.id, actor_id)


def found_in(
    transcript: Transcript, names: Sequence[tuple[str, EntityType, str]], score: float = UNSURE
) -> tuple[Finding, ...]:
    """What was found: each name wherever it stands; flagged where nothing is written for it."""
    text, found = transcript.text, []
    for name, kind, written in names:
        start = text.find(name)
        while start >= 0:
            end = start + len(name)
            entity = name.casefold()
            found.append(
                Finding(
                    start,
                    end,
                    kind,
                    name,
                    score,
                    "model",
                    entity,
                    None,
                    None,
                    Action.REPLACE if written else Action.FLAG,
                    written or None,
                )
            )
            start = text.find(name, end)
    return locate(sorted(found, key=lambda finding: finding.start), transcript)
