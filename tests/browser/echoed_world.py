"""A study with a group in which somebody withdrew: what others said that may repeat it."""

from dataclasses import dataclass
from pathlib import Path

from tests.checked import Checked, recording_to_check
from transcriber.domain.echo import EchoVerdict
from transcriber.domain.finding import EntityType
from transcriber.domain.withdrawal import Withdrawing
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.withdrawal.echoes import (
    decide_echo,
    echoes_of,
    echoes_to_decide,
    note_echoes,
)
from transcriber.storage.ids import new_id

TOLD = (
    ("MOD", "Shall we begin with how you came to the group?"),
    ("P01", "My husband was away on the rigs and I had the twins in the lighthouse."),
    ("MOD", "The twins, in a lighthouse? And he was away on the rigs?"),
    ("P02", "Quenilla is so brave."),
    ("P01", "I cried in the pantry, that is all."),
    ("P02", "In the pantry. I had tea that somebody else had made, and that was that."),
    ("MOD", "What would have helped?"),
    (
        "P02",
        "Somebody who comes round and does not ring first. Mine came twice and she brought "
        "biscuits for my mother. Like she said, with the rigs there was nobody in the house. "
        "So we should be asked at the start who is at home, and then again when winter comes.",
    ),
    ("MOD", "Thank you all very much."),
)
NAMES = (("Quenilla", EntityType.PERSON, "[P01]"),)
WHO = Withdrawing(frozenset({"P01"}), spellings=("Quenilla",))


@dataclass(frozen=True)
class EchoedWorld:
    """Which recording it is; of its four echoes one is withheld and one left."""

    checked: Checked

    @property
    def study(self) -> str:
        return f"/studies/{self.checked.study_id}"


def make_echoed_world(store: Store, folder: Path, account_id: str) -> EchoedWorld:
    """Make it, led by an account."""
    checked = recording_to_check(store, folder, account_id, lines=TOLD, names=NAMES)
    found = echoes_of(review_of(store, *checked.here), WHO)
    with store.database.write() as connection:
        note_echoes(connection, new_id(), checked.recording_id, found)
    shown = echoes_to_decide(store, checked.study_id)
    for each, verdict in zip(shown[1:3], EchoVerdict, strict=True):
        decide_echo(store, account_id, checked.study_id, each.stored.id, verdict)
    return EchoedWorld(checked)


def echoed_places(world: EchoedWorld) -> dict[str, str]:
    """Return the pages, by name."""
    return {
        "echoes": f"{world.study}/echoes",
        "echoes-checking": f"{world.study}/checking",
        "echoes-sign-off": f"{world.study}/recordings/{world.checked.recording_id}/sign-off",
        "echoes-review": f"{world.study}/recordings/{world.checked.recording_id}/review",
    }
