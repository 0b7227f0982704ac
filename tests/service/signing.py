"""What tests of sign-off ask of a recording that can be checked."""

from pathlib import Path

import pytest

from tests.checked import Checked, recording_to_check
from transcriber.domain.errors import UsageError
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.study_terms import EVERYTHING_CHECKED, Checking
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.recording_list import show_recording
from transcriber.services.review.released import as_released
from transcriber.services.review.sign_off import look, sign
from transcriber.services.review.standing import Missing, Standing, standing
from transcriber.services.store import Store
from transcriber.storage.database.audit_events import events
from transcriber.storage.ids import new_id

AS_LEFT = [
    "MOD: Shall we begin then?",
    "P01: My sister [PERSON_1] told me about the group.",
    "P02: She drinks a bit, you know.",
    "P01: And then [P01] left for [PLACE_1].",
    "MOD: Thank you all very much.",
]


def somebody(store: Store, *, is_admin: bool = False) -> str:
    return create_account(store, NewAccount(f"{new_id()}@example.org", "Ada", is_admin)).id


def made(
    store: Store, folder: Path, checking: Checking = EVERYTHING_CHECKED, **how: object
) -> Checked:
    return recording_to_check(store, folder, somebody(store), checking=checking, **how)  # type: ignore[arg-type]


def now(checked: Checked) -> Standing:
    return standing(checked.store, *checked.here)


def missing(checked: Checked) -> list[Missing]:
    return [obstacle.missing for obstacle in now(checked).obstacles]


def signed(checked: Checked, actor_id: str | None = None) -> str | None:
    actor = actor_id or checked.actor_id
    return sign(checked.store, actor, *checked.here, now(checked).seen).release_id


def refusal(checked: Checked, actor_id: str | None = None, seen: int | None = None) -> str:
    here = now(checked).seen if seen is None else seen
    with pytest.raises(UsageError) as refused:
        sign(checked.store, actor_id or checked.actor_id, *checked.here, here)
    return refused.value.code


def state(checked: Checked) -> RecordingState:
    return show_recording(checked.store, *checked.here).state


def lines(checked: Checked) -> list[str]:
    text = as_released(checked.store, *checked.here)
    return [f"{turn.label}: {turn.text}" for turn in text.turns]


def actions(store: Store) -> list[str]:
    with store.database.read() as connection:
        return [event.action for _, event in events(connection)]


def signed_all(checked: Checked) -> str:
    checked.all_passes()
    release = signed(checked)
    assert release is not None
    return release


def signed_looking(checked: Checked, *, accepting: bool = True) -> str:
    """Sign a text of which the leak check shows places, after somebody looked at each."""
    if accepting:
        checked.accept_all()
    checked.hear_all()
    checked.read_all()
    for seen in now(checked).panel.to_look_at:
        look(checked.store, checked.actor_id, *checked.here, seen.key)
    release = signed(checked)
    assert release is not None
    return release


def searched(store: Store) -> None:
    """As detection says when it has looked again, here without finding anything."""
    with store.database.write() as connection:
        for search_id, _, _ in store.decisions.searches_due(connection):
            store.decisions.search_done(connection, search_id)
