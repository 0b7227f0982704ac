"""Other programs are told what happens: signed, with ids only, again and again, and not inside."""

import ipaddress
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select, update
from standardwebhooks import Webhook as Verifier

from tests.service.apps import Served
from tests.service.listener import Listener, listening
from tests.stores import AGREED, Stored
from transcriber.domain.access import Role
from transcriber.domain.errors import UsageError
from transcriber.domain.transcript import Quality
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.pipeline.order import State
from transcriber.services import webhook_sending
from transcriber.services.erase import erase_study
from transcriber.services.settings import WebhookSettings
from transcriber.services.store import Store
from transcriber.services.studies import StudyDraft
from transcriber.services.webhook_sending import NotSent, is_allowed, require_url, send
from transcriber.services.webhooks import (
    create_webhook,
    deliver_due,
    enable_webhook,
    list_messages,
    ping,
    show_webhook,
)
from transcriber.storage.blobs.framing import Purpose
from transcriber.storage.database.attempts import PAUSES_MS
from transcriber.storage.database.blob_rows import add_blobs
from transcriber.storage.database.clock import now_ms
from transcriber.storage.database.job_steps import settle
from transcriber.storage.database.jobs import JobRequest, add_job
from transcriber.storage.database.releases import add_release
from transcriber.storage.database.service_tables import WEBHOOK_DELIVERY
from transcriber.storage.database.tables import STEP

WHO = "a" * 32
HERE = WebhookSettings(allow=(), loopback=True)
PUBLIC = WebhookSettings(allow=(), loopback=False)
EVERYTHING = tuple(WebhookEvent)


@pytest.fixture
def told(opened: Store) -> Store:
    """A store whose messages may go to this machine."""
    settings = opened.settings.model_copy(update={"webhooks": HERE})
    return replace(opened, settings=settings)


@pytest.fixture
def listener() -> Iterator[Listener]:
    with listening() as listener:
        yield listener


def _end(opened: Store, recording_id: str, state: State) -> str:
    with opened.database.write() as connection:
        key = opened.keyring.recording(connection, recording_id)
        job_id = add_job(
            connection, (recording_id, key), JobRequest(AGREED.roster, ()), {"ingest": "cpu"}
        )
        connection.execute(update(STEP).where(STEP.c.job_id == job_id).values(state=state))
        settle(connection, job_id)
        settle(connection, job_id)
    return job_id


def test_the_end_of_a_job_is_told_once_with_ids_only(
    store: Stored, told: Store, listener: Listener
) -> None:
    study = store.study()
    recording = store.recording(study, code="Sarah")
    _, secret = create_webhook(told, WHO, study.id, listener.url, EVERYTHING)
    done, failed = _end(told, recording.id, State.DONE), _end(told, recording.id, State.FAILED)
    assert deliver_due(told) == 2
    assert deliver_due(told) == 0
    for (headers, body), event, job_id in zip(
        listener.heard, ("job.finished", "job.failed"), (done, failed), strict=True
    ):
        message = Verifier(secret).verify(body, headers)
        assert message["type"] == event
        assert message["data"] == {
            "study_id": study.id,
            "recording_id": recording.id,
            "job_id": job_id,
        }
        assert b"Sarah" not in body


def test_a_release_is_told_to_whoever_wants_to_know(
    store: Stored, told: Store, listener: Listener
) -> None:
    study = store.study()
    recording = store.recording(study)
    create_webhook(told, WHO, study.id, f"{listener.url}/jobs", [WebhookEvent.JOB_FAILED])
    create_webhook(told, WHO, study.id, f"{listener.url}/all", [WebhookEvent.RELEASE_MADE])
    create_webhook(told, WHO, store.study("Other").id, listener.url, EVERYTHING)
    with told.database.read() as connection:
        key = told.keyring.recording(connection, recording.id)
    with told.blobs.staged() as staged:
        blob = staged.put_bytes(key, recording.id, Purpose.RELEASE, b"clean")
        with told.database.write() as connection:
            add_blobs(connection, [blob])
            words = told.transcripts.add(connection, recording.id, Quality.FULL, blob)
            release = add_release(connection, words.id, blob, None)
    assert deliver_due(told) == 1
    ((_, body),) = listener.heard
    assert json.loads(body)["data"]["release_id"] == release.id


def _hurry(told: Store) -> None:
    """Let time pass until the next attempts are due."""
    with told.database.write() as connection:
        connection.execute(
            update(WEBHOOK_DELIVERY)
            .where(WEBHOOK_DELIVERY.c.next_at_ms.is_not(None))
            .values(next_at_ms=now_ms())
        )


def test_who_is_away_is_told_later_and_after_a_day_no_more(
    store: Stored, told: Store, listener: Listener
) -> None:
    study = store.study()
    webhook, _ = create_webhook(told, WHO, study.id, listener.url, EVERYTHING)
    message_id = ping(told, study.id, webhook.id)
    listener.status = 503
    waits = []
    while True:
        assert deliver_due(told) == 0
        (message,) = list_messages(told, study.id, webhook.id)
        if message.next_at_ms is None:
            break
        with told.database.read() as connection:
            now: int = connection.execute(select(now_ms())).scalar_one()
        waits.append(message.next_at_ms - now)
        _hurry(told)
    assert len(waits) == len(PAUSES_MS) == len(listener.heard) - 1
    assert all(abs(wait - pause) < 5_000 for wait, pause in zip(waits, PAUSES_MS, strict=True))
    assert {headers["webhook-id"] for headers, _ in listener.heard} == {message_id}
    assert sum(PAUSES_MS) > 24 * 3_600_000
    assert show_webhook(told, study.id, webhook.id).disabled_at_ms is not None
    with pytest.raises(UsageError) as refused:
        ping(told, study.id, webhook.id)
    assert refused.value.code == "webhook_disabled"
    listener.status = 200
    enable_webhook(told, study.id, webhook.id)
    ping(told, study.id, webhook.id)
    assert deliver_due(told) == 1


def test_who_is_gone_is_told_no_more(store: Stored, told: Store, listener: Listener) -> None:
    study = store.study()
    webhook, _ = create_webhook(told, WHO, study.id, listener.url, EVERYTHING)
    ping(told, study.id, webhook.id)
    listener.status = 410
    deliver_due(told)
    assert show_webhook(told, study.id, webhook.id).disabled_at_ms is not None


def test_a_message_of_a_killed_sender_is_sent_again(
    store: Stored, told: Store, listener: Listener
) -> None:
    study = store.study()
    webhook, _ = create_webhook(told, WHO, study.id, listener.url, EVERYTHING)
    ping(told, study.id, webhook.id)

    def killed(*_: object) -> int:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver_due(told, killed)
    assert deliver_due(told) == 0  # it may still be on its way
    _hurry(told)
    assert deliver_due(told) == 1


def test_redirects_are_not_followed(listener: Listener) -> None:
    listener.status, listener.headers = 307, {"Location": f"{listener.url}/elsewhere"}
    assert send(listener.url, {}, b"{}", HERE) == 307
    assert len(listener.heard) == 1


def test_who_never_answers_holds_nobody_up(
    listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    listener.pause.clear()
    monkeypatch.setattr(webhook_sending, "PATIENCE_S", 0.3)
    with pytest.raises(NotSent) as failed:
        send(listener.url, {}, b"{}", HERE)
    assert failed.value.code == "no_answer"


def test_a_name_that_points_inside_is_refused_when_it_is_connected_to() -> None:
    with pytest.raises(NotSent) as failed:
        send("https://localhost:9/", {}, b"{}", PUBLIC)
    assert failed.value.code == "address_refused"


def test_nobody_there_is_told_as_such() -> None:
    with pytest.raises(NotSent) as failed:
        send("http://127.0.0.1:9/", {}, b"{}", HERE)
    assert failed.value.code == "not_reached"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1",
        "fd00::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "::10.0.0.1",
    ],
)
def test_addresses_inside_are_refused(address: str) -> None:
    assert not is_allowed(ipaddress.ip_address(address), PUBLIC)


def test_public_addresses_and_named_networks_are_allowed() -> None:
    named = WebhookSettings(allow=("10.20.0.0/16", "fd00::/8"), loopback=False)
    for address in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"):
        assert is_allowed(ipaddress.ip_address(address), PUBLIC)
    for address in ("10.20.1.1", "::ffff:10.20.1.1", "fd00::5"):
        assert is_allowed(ipaddress.ip_address(address), named)
    assert not is_allowed(ipaddress.ip_address("10.21.0.1"), named)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "https://",
        "https://user:secret@example.org/",
        "https://example.org/#part",
        "https://example.org/ a",
        "https://example.org:99999/",
        "https://example.org:0/",
        "https://[::1",
        "https://exämple.org/",
        "https://example.org/\x00",
        "//example.org",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_addresses_that_will_not_do_are_refused_at_once(url: str) -> None:
    with pytest.raises(UsageError) as refused:
        require_url(url, PUBLIC)
    assert refused.value.code == "bad_webhook_url"


def test_webhooks_go_with_their_study(store: Stored, told: Store, listener: Listener) -> None:
    study = store.study()
    webhook, _ = create_webhook(told, WHO, study.id, listener.url, EVERYTHING)
    ping(told, study.id, webhook.id)
    erase_study(told, study)
    assert deliver_due(told) == 0
    assert listener.heard == []


def test_the_secret_is_shown_once(tmp_path: Path) -> None:
    from tests.service.apps import serve_in

    served: Served = serve_in(tmp_path)
    study = served.begin(StudyDraft("Breast-feeding"))
    client, place = served.client(), f"/api/v1/studies/{study.id}/webhooks"
    body, key = {"url": "https://example.org/hook?token=Zebedee"}, {"Idempotency-Key": "k"}
    made = client.post(place, json=body, headers=key)
    assert made.status_code == 201
    assert made.json()["secret"].startswith("whsec_")
    again = client.post(place, json=body, headers=key)
    assert (again.json()["id"], again.json()["secret"]) == (made.json()["id"], None)
    (listed,) = client.get(place).json()
    assert "secret" not in listed
    assert client.post(f"{place}/{listed['id']}/ping").status_code == 202
    assert len(client.get(f"{place}/{listed['id']}/messages").json()) == 1
    refused = client.post(place, json={"url": "http://10.0.0.1/Zebedee"})
    assert (refused.status_code, refused.json()["code"]) == (400, "bad_webhook_url")
    assert "Zebedee" not in refused.text
    assert client.delete(f"{place}/{listed['id']}").status_code == 204
    assert client.get(place).json() == []
    served.be(Role.RESEARCHER, study.id)
    assert client.get(place).status_code == 403
