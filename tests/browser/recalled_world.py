"""A study of which something was seen in a release: reported, recalled; and where releases go."""

from dataclasses import dataclass
from pathlib import Path

from tests.checked import recording_to_check
from transcriber.domain.finding import EntityType
from transcriber.domain.hand_off import DestinationKind
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import standing
from transcriber.services.sightings.answer import recall
from transcriber.services.sightings.report import report
from transcriber.services.store import Store
from transcriber.storage.database.hand_offs import (
    note_hand_off_failed,
    take_hand_off,
)

TOLD = (
    ("MOD", "Shall we begin then?"),
    ("P01", "My sister Quenilla told me about the group, and I went there on a Monday."),
    ("P02", "And Marguerite was there, and then Quenilla left."),
    ("MOD", "Thank you all very much."),
)
FOUND = (("Quenilla", EntityType.PERSON, "[PERSON_1]"),)


@dataclass(frozen=True)
class RecalledWorld:
    """What is there."""

    study_id: str
    release_id: str
    open_id: str
    recalled_id: str


def make_recalled_world(store: Store, folder: Path, account_id: str) -> RecalledWorld:
    """Make it, led by an account."""
    first = recording_to_check(store, folder, account_id, lines=TOLD, names=FOUND)
    study_id, releases = first.study_id, []
    with store.database.write() as connection:
        for address, preset in (("/srv/releases/peer", None), ("/mnt/team/nvivo", "nvivo")):
            kind = DestinationKind.FOLDER
            store.destinations.add(connection, study_id, kind, address, preset, account_id)
    more = recording_to_check(store, folder, account_id, lines=TOLD, names=FOUND, study_id=study_id)
    for checked in (first, more):
        checked.all_passes()
        for seen in standing(store, *checked.here).panel.to_look_at:
            look(store, account_id, *checked.here, seen.key)
        signed = sign(store, account_id, *checked.here, standing(store, *checked.here).seen)
        assert signed.release_id is not None
        releases.append(signed.release_id)
    hand_off = take_hand_off(store.database)
    assert hand_off is not None
    note_hand_off_failed(store.database, hand_off, "folder_missing", final=True)
    recalled = report(store, account_id, study_id, releases[0], 3)
    recall(store, account_id, study_id, recalled, {1}, EntityType.PERSON)
    waiting = report(store, account_id, study_id, releases[1], 2)
    return RecalledWorld(study_id, releases[1], waiting, recalled)


def recalled_places(world: RecalledWorld) -> dict[str, str]:
    """Return the pages, by name."""
    study = f"/studies/{world.study_id}"
    return {
        "seen-list": f"{study}/seen",
        "seen-open": f"{study}/seen/{world.open_id}",
        "seen-recalled": f"{study}/seen/{world.recalled_id}",
        "release-recalled": f"{study}/releases/{world.release_id}",
        "released-reports": f"{study}/released",
        "hand-off": f"{study}/hand-off",
    }
