"""How much may be left in a study, from what its reviewers caught of what was hidden from them."""

from dataclasses import dataclass

from transcriber.domain.estimate import Remaining, remaining
from transcriber.services.review.hidden_outcomes import Outcome
from transcriber.services.review.seeded import settled
from transcriber.services.review.state import review_of
from transcriber.services.store import Store

OPTIMISTIC = (
    "This is optimistic: what was hidden from you had been found with certainty, and such names "
    "are easier to see than those that a machine misses."
)


@dataclass(frozen=True, slots=True)
class Left:
    """An estimate of the mentions left in the signed-off recordings of a study.

    `recordings` are those it rests on; `void` are hidden findings that tell nothing.
    """

    recordings: int
    void: int
    remaining: Remaining

    @property
    def sentence(self) -> str:
        """The estimate in words, labelled as what it is."""
        found = self.remaining
        caught = found.caught
        if not caught.of:
            return (
                "Nothing can be said yet about what is left: no recording with hidden names is "
                "signed off."
            )
        seen = (
            f"Of {caught.of} certain findings that were not shown, {caught.hits} were caught "
            f"({caught.low:.0%} to {caught.high:.0%})."
        )
        own = f"{found.finds} {'mention was' if found.finds == 1 else 'mentions were'} found anew."
        if found.high is None:
            return f"{seen} {own} That is too little to say how many are left. {OPTIMISTIC}"
        likely = f"about {found.likely:.0f} more, " if found.likely is not None else ""
        return (
            f"{seen} {own} So {likely}between {found.low:,} and {found.high:,} mentions may be "
            f"left (95 % interval). {OPTIMISTIC}"
        )


def left_in_study(store: Store, study_id: str) -> Left:
    """Estimate what is left in the recordings that are signed off. Raises StorageError."""
    with store.database.read() as connection:
        outcomes = settled(store, connection, study_id)
    told = [outcome for of_recording in outcomes.values() for outcome in of_recording]
    caught = told.count(Outcome.CAUGHT)
    finds = sum(
        judged.missed
        for recording_id in outcomes
        for judged in review_of(store, study_id, recording_id).findings
    )
    return Left(
        recordings=len(outcomes),
        void=told.count(Outcome.VOID),
        remaining=remaining(caught, caught + told.count(Outcome.MISSED), finds),
    )
