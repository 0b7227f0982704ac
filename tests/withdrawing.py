"""A study from which somebody withdraws: their interview, a group, and others who name them."""

from dataclasses import dataclass
from pathlib import Path

from tests.checked import Checked, recording_to_check
from tests.service.signing import signed_all
from transcriber.domain.entity import Entity
from transcriber.domain.finding import EntityType
from transcriber.domain.recording import Kind
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.review.state import review_of
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.storage.database.entities import StoreRegister
from transcriber.storage.ids import new_id

NAME = "Sarah Whitfield"
SAID_ALONE = "zanzibarine"
SAID_IN_GROUP = "quillwortish"
ECHOED = "marmalark"
"""Said by them, and by somebody after them."""

INTERVIEW = (
    ("INT", "Shall we begin then?"),
    ("P01", f"I am {NAME} and I keep {SAID_ALONE} at home."),
)
GROUP = (
    ("MOD", "Shall we begin then?"),
    ("P01", f"My {SAID_IN_GROUP} came from Garstang."),
    ("P02", "Mine grew by the river."),
    ("P01", f"And then the {SAID_IN_GROUP} {ECHOED} died."),
    ("P02", f"What a pity about the {ECHOED}."),
)
TOLD = (
    ("INT", "Who helped you then?"),
    ("P02", f"It was {NAME} who came every week."),
)
OTHER = (("INT", "Where was it then?"), ("P02", "It was in Garstang all along."))

NAMES = (
    (NAME, EntityType.PERSON, "[P01]"),
    ("Garstang", EntityType.LOCATION, "[PLACE_1]"),
)


@dataclass
class Withdrawn:
    """The recordings by what is said in them; `group` and `interview` are released."""

    store: Store
    study_id: str
    actor_id: str
    interview: Checked
    group: Checked
    told: Checked
    other: Checked
    releases: dict[str, str]

    @property
    def name(self) -> str:
        return show_study(self.store, self.study_id).name

    def code(self, checked: Checked) -> str:
        return review_of(self.store, *checked.here).recording.code

    def entities(self) -> tuple[Entity, ...]:
        register = StoreRegister(self.store.database, self.store.keyring, self.study_id)
        return register.entities()


def study_to_withdraw_from(store: Store, folder: Path, lead_id: str | None = None) -> Withdrawn:
    """Make it, led by an account or a new one; P01 of the roster is who withdraws."""
    new = NewAccount(f"{new_id()}@example.org", "Ada", True, True)
    actor_id = lead_id or create_account(store, new).id
    group = recording_to_check(store, folder, actor_id, lines=GROUP, names=NAMES)

    def one_more(lines: tuple[tuple[str, str], ...]) -> Checked:
        return recording_to_check(
            store,
            folder,
            actor_id,
            lines=lines,
            names=NAMES,
            kind=Kind.INDIVIDUAL,
            study_id=group.study_id,
        )

    interview, told, other = one_more(INTERVIEW), one_more(TOLD), one_more(OTHER)
    known = (
        Entity(1, EntityType.PERSON, NAME.casefold(), frozenset({NAME}), 1),
        Entity(2, EntityType.PERSON, "tom greenwood", frozenset({"Tom Greenwood"}), 2),
    )
    register = StoreRegister(store.database, store.keyring, group.study_id)
    register.update(lambda _: (known, None))
    register.labels("FG01", ["S1"], ())
    releases = {each.recording_id: signed_all(each) for each in (group, interview)}
    return Withdrawn(store, group.study_id, actor_id, interview, group, told, other, releases)
