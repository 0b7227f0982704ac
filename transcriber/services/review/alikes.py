"""What in a study's other recordings only sounds like a name, once that name was marked in one."""

from dataclasses import dataclass

from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.services.review.entities import BY_SOUND, study_reviews
from transcriber.services.store import Store


@dataclass(frozen=True, slots=True)
class AlikeElsewhere:
    """Mentions that nobody has decided on, and the number of other recordings with any."""

    mentions: int
    recordings: int


def alike_elsewhere(
    store: Store, study_id: str, recording_id: str, entity: tuple[EntityType, str]
) -> AlikeElsewhere:
    """Count the mentions of an entity by sound in the other recordings of a study.

    Raises StorageError.
    """
    counts = [
        sum(_is_alike(judged, entity) for judged in review.findings)
        for review in study_reviews(store, study_id)
        if review.recording.id != recording_id
    ]
    return AlikeElsewhere(sum(counts), sum(count > 0 for count in counts))


def _is_alike(judged: JudgedFinding, entity: tuple[EntityType, str]) -> bool:
    finding = judged.finding
    return (
        judged.state is FindingState.PROPOSED
        and BY_SOUND in finding.source
        and (finding.entity_type, finding.entity) == entity
    )
