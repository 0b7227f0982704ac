"""What is asked for twice is made once, on either database."""

import threading

import pytest
from sqlalchemy import func, select, update

from transcriber.domain.errors import UsageError
from transcriber.services.repeated_requests import ABANDONED_MS, KEPT_MS, make_once
from transcriber.services.store import Store
from transcriber.storage.database.service_tables import REPEATED

WHO, MADE, OTHER = "a" * 32, "1" * 32, "2" * 32


def _age(opened: Store, by_ms: int) -> None:
    with opened.database.write() as connection:
        connection.execute(update(REPEATED).values(created_at_ms=REPEATED.c.created_at_ms - by_ms))


def test_the_second_request_waits_for_nothing_and_makes_nothing(opened: Store) -> None:
    def make() -> str:
        with pytest.raises(UsageError) as refused:
            make_once(opened, WHO, "key", b"body", lambda: OTHER)
        assert refused.value.code == "still_running"
        return MADE

    assert make_once(opened, WHO, "key", b"body", make) == MADE
    assert make_once(opened, WHO, "key", b"body", lambda: OTHER) == MADE


def test_of_many_at_once_one_makes_it(opened: Store) -> None:
    made, told, begin = [], [], threading.Barrier(8)

    def make() -> str:
        made.append(MADE)
        return MADE

    def ask() -> None:
        begin.wait()
        try:
            told.append(make_once(opened, WHO, "key", b"body", make))
        except UsageError as error:
            told.append(error.code)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made == [MADE]
    assert set(told) <= {MADE, "still_running"}
    assert len(told) == 8


def test_a_key_is_forgotten_after_a_day_and_a_cut_off_request_after_minutes(opened: Store) -> None:
    assert make_once(opened, WHO, "key", b"body", lambda: MADE) == MADE
    _age(opened, ABANDONED_MS + 1)
    assert make_once(opened, WHO, "key", b"body", lambda: OTHER) == MADE
    _age(opened, KEPT_MS)
    assert make_once(opened, WHO, "key", b"other", lambda: OTHER) == OTHER
    make_once(opened, WHO, "second", b"body", lambda: MADE)
    with opened.database.write() as connection:
        connection.execute(update(REPEATED).values(made_id=None))
    _age(opened, ABANDONED_MS + 1)
    assert make_once(opened, WHO, "second", b"body", lambda: OTHER) == OTHER


def test_no_text_of_a_request_is_kept(opened: Store) -> None:
    make_once(opened, WHO, "Zebedee-key", b"Zebedee", lambda: MADE)
    with opened.database.read() as connection:
        (row,) = connection.execute(select(REPEATED)).all()
        assert connection.execute(select(func.count()).select_from(REPEATED)).scalar_one() == 1
    assert b"Zebedee" not in b"".join(str(value).encode() for value in row)
    assert len(row.key_tag) == len(row.request_tag) == 32
