"""The audit shows whoever tampers with it, on both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, delete, insert, select, update

from transcriber.domain.access import Principal
from transcriber.domain.audit import Action, Anchor
from transcriber.domain.errors import StorageError, UsageError
from transcriber.services.audit import Wanted, find_events, note_end, record_use, verify_audit
from transcriber.services.keys import rotate_key
from transcriber.services.store import Store
from transcriber.storage.database.account_tables import AUDIT_HEAD
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.audit_verification import Fault
from transcriber.storage.database.keyring import SERVICE_ID
from transcriber.storage.database.tables import AUDIT_EVENT, WRAPPED_KEY
from transcriber.storage.keys.sealing import Sealed

EVENTS = 6
numbered = AUDIT_EVENT.c.number
WHO = Principal("a" * 32)


def record(opened: Store, count: int = EVENTS, actor: str = "a") -> None:
    for number in range(count):
        with opened.database.write() as connection:
            event = AuditEvent(Action.VIEWED, actor * 32, "b" * 32, f"{number:032d}")
            opened.audit.record(connection, event)


def change(opened: Store, act: Callable[[Connection], object]) -> None:
    with opened.database.write() as connection:
        act(connection)


def test_what_was_written_holds_together(opened: Store) -> None:
    assert verify_audit(opened).faults == ()
    record(opened)
    verified = verify_audit(opened)
    assert (verified.events, verified.unchained, verified.faults) == (EVENTS, 0, ())


@pytest.mark.parametrize(
    "values",
    [
        {"action": "exported"},
        {"actor_id": "c" * 32},
        {"actor_id": None},
        {"study_id": "c" * 32},
        {"recording_id": "c" * 32},
        {"subject_id": "c" * 32},
        {"created_at_ms": 1},
        {"chain_tag": bytes(32)},
        {"chain_tag": None},
    ],
    ids=str,
)
def test_a_changed_event_is_found(opened: Store, values: dict[str, object]) -> None:
    record(opened)
    change(opened, lambda c: c.execute(update(AUDIT_EVENT).where(numbered == 3).values(values)))
    faults = verify_audit(opened).faults
    assert Fault(3, "changed") in faults
    assert {fault.number for fault in faults} <= {3, 4}


@pytest.mark.parametrize("number", range(1, EVENTS + 1))
def test_a_removed_event_is_found_also_the_first_and_the_last(opened: Store, number: int) -> None:
    record(opened)
    change(opened, lambda c: c.execute(delete(AUDIT_EVENT).where(numbered == number)))
    assert verify_audit(opened).faults == (Fault(number, "missing"),)


def test_a_cut_tail_is_found(opened: Store) -> None:
    record(opened)
    change(opened, lambda c: c.execute(delete(AUDIT_EVENT).where(numbered > 3)))
    assert verify_audit(opened).faults == tuple(Fault(n, "missing") for n in (4, 5, 6))


def test_all_events_removed_are_found(opened: Store) -> None:
    record(opened)
    change(opened, lambda c: c.execute(delete(AUDIT_EVENT)))
    assert len(verify_audit(opened).faults) == EVENTS


@pytest.mark.parametrize("number", [0, EVENTS + 1, 1000])
def test_an_added_event_is_found(opened: Store, number: int) -> None:
    record(opened)
    row = {"number": number, "action": "viewed", "created_at_ms": 1, "chain_tag": bytes(32)}
    change(opened, lambda c: c.execute(insert(AUDIT_EVENT).values(row)))
    assert verify_audit(opened).faults == (Fault(number, "added"),)


def test_events_that_change_places_are_found(opened: Store) -> None:
    record(opened)

    def swap(connection: Connection) -> None:
        for before, after in ((2, 100), (5, 2), (100, 5)):
            connection.execute(update(AUDIT_EVENT).where(numbered == before).values(number=after))

    change(opened, swap)
    faults = verify_audit(opened).faults
    assert {Fault(2, "changed"), Fault(5, "changed")} <= set(faults)


def test_an_event_cannot_be_filled_in_where_one_was_removed(opened: Store) -> None:
    """A copy of another event, its tag too."""
    record(opened)

    def replace(connection: Connection) -> None:
        (row,) = connection.execute(select(AUDIT_EVENT).where(numbered == 5)).mappings()
        connection.execute(delete(AUDIT_EVENT).where(numbered == 3))
        connection.execute(insert(AUDIT_EVENT).values({**row, "number": 3}))

    change(opened, replace)
    assert Fault(3, "changed") in verify_audit(opened).faults


def test_the_end_of_the_chain_cannot_be_made_up(opened: Store) -> None:
    record(opened)
    with opened.database.read() as connection:
        sealed = connection.execute(select(AUDIT_HEAD.c.content)).scalar_one()
    other = Sealed(sealed[:-1] + bytes([sealed[-1] ^ 1]))
    change(opened, lambda c: c.execute(update(AUDIT_HEAD).values(content=other)))
    with pytest.raises(StorageError) as refused:
        verify_audit(opened)
    assert refused.value.code == "row_damaged"
    with pytest.raises(StorageError):
        record(opened, 1)


def test_a_chain_that_lost_its_head_says_so_for_ever(opened: Store) -> None:
    record(opened)
    change(opened, lambda c: c.execute(delete(AUDIT_HEAD)))
    assert verify_audit(opened).faults == (Fault(1, "head"),)
    change(opened, lambda c: c.execute(delete(AUDIT_EVENT)))
    assert verify_audit(opened).faults == (Fault(0, "head"),)
    record(opened)
    verified = verify_audit(opened)
    assert (verified.events, verified.faults) == (EVENTS, (Fault(1, "head"),))


def test_a_chain_under_another_key_is_not_taken_for_ours(opened: Store) -> None:
    """Everything deleted, the key too: accounts are then lost as well, and an anchor tells."""
    record(opened)
    noted = verify_audit(opened).anchor
    assert noted is not None

    def forget_all(connection: Connection) -> None:
        for table in (AUDIT_HEAD, AUDIT_EVENT):
            connection.execute(delete(table))
        connection.execute(delete(WRAPPED_KEY).where(WRAPPED_KEY.c.id == SERVICE_ID))

    change(opened, forget_all)
    anchor = Anchor.parse(str(noted))
    assert verify_audit(opened, (anchor,)).faults == (Fault(0, "head"),)
    record(opened)
    assert verify_audit(opened).faults == ()
    assert verify_audit(opened, (anchor,)).faults == (Fault(EVENTS, "anchor"),)


def test_an_older_copy_put_back_shows_against_an_anchor(opened: Store) -> None:
    record(opened, 3)
    with opened.database.read() as connection:
        head = Sealed(connection.execute(select(AUDIT_HEAD.c.content)).scalar_one())
    record(opened, 3)
    noted = verify_audit(opened).anchor
    assert noted is not None
    anchor = Anchor.parse(f" {noted}\n")
    record(opened, 2)
    assert verify_audit(opened, (anchor,)).faults == ()

    def put_back(connection: Connection) -> None:
        connection.execute(delete(AUDIT_EVENT).where(numbered > 3))
        connection.execute(update(AUDIT_HEAD).values(content=head))

    change(opened, put_back)
    assert verify_audit(opened).faults == ()
    assert verify_audit(opened, (anchor,)).faults == (Fault(6, "anchor"),)


@pytest.mark.parametrize("text", ["", "x", "3:", "3:abcd", ":" + "a" * 64, "x:" + "a" * 64])
def test_what_is_no_anchor_is_refused(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        Anchor.parse(text)
    assert refused.value.code == "bad_anchor"


def test_events_from_before_the_chain_stay_and_are_counted(opened: Store) -> None:
    rows = [{"number": n, "action": "study_erased", "created_at_ms": n} for n in (1, 2)]
    change(opened, lambda c: c.execute(insert(AUDIT_EVENT), rows))
    assert verify_audit(opened).unchained == 2
    record(opened)
    verified = verify_audit(opened)
    assert (verified.events, verified.unchained, verified.faults) == (EVENTS, 2, ())


def test_a_rotated_master_key_verifies_what_was_written_before(opened: Store) -> None:
    record(opened)
    noted = verify_audit(opened).anchor
    assert noted is not None
    rotate_key(opened)
    record(opened)
    verified = verify_audit(opened, (noted,))
    assert (verified.events, verified.faults) == (2 * EVENTS + 1, ())  # the rotation is one


def test_listening_to_a_recording_is_one_event_however_often_sound_is_asked_for(
    opened: Store,
) -> None:
    for _ in range(3):
        record_use(opened, WHO, Action.PLAYED, "b" * 32, "c" * 32)
        record_use(opened, WHO, Action.VIEWED, "b" * 32)
    record_use(opened, Principal("d" * 32), Action.PLAYED, "b" * 32, "c" * 32)
    told = find_events(opened, Wanted("b" * 32))
    assert [one.event.action for one in told] == ["played", "viewed", "played"]
    assert find_events(opened, Wanted("b" * 32), before=told[0].number, limit=1) == told[1:2]
    change(opened, lambda c: c.execute(update(AUDIT_EVENT).values(created_at_ms=1_000_000)))
    record_use(opened, WHO, Action.PLAYED, "b" * 32, "c" * 32)
    assert len(find_events(opened, Wanted("b" * 32))) == 4


def test_the_end_is_noted_beside_the_database_once_for_each_end(opened: Store) -> None:
    assert note_end(opened) is None
    record(opened, 3)
    assert note_end(opened) == verify_audit(opened).anchor
    assert note_end(opened) is None
    record(opened, 2)
    assert note_end(opened) is not None
    assert len(opened.settings.anchor_file.read_text().splitlines()) == 2
    assert opened.settings.anchor_file.stat().st_mode & 0o777 == 0o600
    verified = verify_audit(opened)
    assert (verified.compared, verified.faults) == (2, ())


def test_an_older_copy_put_back_shows_against_what_was_noted_by_itself(opened: Store) -> None:
    record(opened, 3)
    with opened.database.read() as connection:
        head = Sealed(connection.execute(select(AUDIT_HEAD.c.content)).scalar_one())
    record(opened, 2)
    note_end(opened)
    change(opened, lambda c: c.execute(delete(AUDIT_EVENT).where(numbered > 3)))
    change(opened, lambda c: c.execute(update(AUDIT_HEAD).values(content=head)))
    record(opened, 4, "d")
    note_end(opened)
    assert verify_audit(opened).faults == (Fault(5, "anchor"),)


def test_a_line_that_is_no_anchor_is_told(opened: Store) -> None:
    record(opened)
    note_end(opened)
    with opened.settings.anchor_file.open("a") as file:
        file.write("all is well\n")
    with pytest.raises(StorageError) as refused:
        verify_audit(opened)
    assert refused.value.code == "anchors_damaged"


def test_events_are_found_by_who_what_and_when(opened: Store) -> None:
    record(opened, 3)
    record(opened, 2, "d")
    change(opened, lambda c: c.execute(update(AUDIT_EVENT).values(created_at_ms=numbered * 1000)))

    def found(wanted: Wanted) -> list[int]:
        return [one.number for one in find_events(opened, wanted)]

    assert found(Wanted(actor_id="d" * 32)) == [5, 4]
    assert found(Wanted(from_ms=2000, to_ms=4000)) == [3, 2]
    assert found(Wanted(recording_id=f"{0:032d}")) == [4, 1]
    assert found(Wanted(actions=frozenset({Action.PLAYED}))) == found(Wanted("c" * 32)) == []
    assert found(Wanted(of_service=True)) == []
