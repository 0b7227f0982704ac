"""Webhooks of a study: which programs are told what happens, and whether they heard."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Response
from pydantic import Field, StringConstraints

from transcriber.api.answers import Model, StudyId, problems
from transcriber.api.needs import Needs, store_of
from transcriber.api.repeated import Once
from transcriber.domain.access import Permission, Principal
from transcriber.domain.webhook_event import WebhookEvent
from transcriber.services.store import Store
from transcriber.services.webhook_sending import LONGEST_URL
from transcriber.services.webhooks import (
    Delivery,
    Webhook,
    create_webhook,
    enable_webhook,
    list_messages,
    list_webhooks,
    ping,
    remove_webhook,
    show_webhook,
)

router = APIRouter(prefix="/studies/{study_id}/webhooks", tags=["webhooks"])
StoreOf = Annotated[Store, Depends(store_of)]
Manages = Annotated[Principal, Needs(Permission.MANAGE_WEBHOOKS)]
WebhookId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="The webhook's id.")]
ALL_EVENTS = (
    WebhookEvent.JOB_FINISHED,
    WebhookEvent.JOB_FAILED,
    WebhookEvent.RELEASE_MADE,
    WebhookEvent.RELEASE_WITHDRAWN,
    WebhookEvent.RETENTION_DUE,
    WebhookEvent.RELEASE_RECALLED,
    WebhookEvent.PARTICIPANT_WITHDRAWN,
)


class NewWebhook(Model):
    """An address that is to be told what happens in the study."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URL)]
    """Begins with `https://`; addresses in private networks are refused unless a setting allows
    them."""
    events: Annotated[tuple[WebhookEvent, ...], Field(min_length=1, max_length=8)] = ALL_EVENTS


class WebhookModel(Model):
    """An address that is told what happens."""

    id: str
    url: str
    events: list[WebhookEvent]
    disabled_at_ms: int | None
    """Since when nothing is sent any more, because for a day nothing arrived."""
    created_at_ms: int

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookModel":
        """Write a webhook."""
        return cls(
            id=webhook.id,
            url=webhook.url,
            events=list(webhook.events),
            disabled_at_ms=webhook.disabled_at_ms,
            created_at_ms=webhook.created_at_ms,
        )


class MadeWebhook(WebhookModel):
    """A new webhook with the secret that signs its messages."""

    secret: str | None
    """Shown this once (Standard Webhooks, `whsec_…`); null where the request was repeated."""


class MessageModel(Model):
    """A message and what came of it."""

    id: str
    """The `webhook-id` that it carries."""
    event: WebhookEvent
    attempts: int
    next_at_ms: int | None
    """When it is tried next; null once it arrived or was given up."""
    arrived_at_ms: int | None
    status: int | None
    failure_code: str | None
    created_at_ms: int

    @classmethod
    def of(cls, message: Delivery) -> "MessageModel":
        """Write a message."""
        return cls(
            id=message.id,
            event=message.event,
            attempts=message.attempts,
            next_at_ms=message.next_at_ms,
            arrived_at_ms=message.arrived_at_ms,
            status=message.status,
            failure_code=message.failure_code,
            created_at_ms=message.created_at_ms,
        )


@router.get("", responses=problems())
def list_(study_id: StudyId, store: StoreOf, _: Manages) -> list[WebhookModel]:
    """List the webhooks of a study."""
    return [WebhookModel.of(webhook) for webhook in list_webhooks(store, study_id)]


@router.post("", status_code=201, responses=problems())
def create(
    study_id: StudyId,
    body: NewWebhook,
    store: StoreOf,
    who: Manages,
    once: Once,
    response: Response,
) -> MadeWebhook:
    """Make a webhook. Its secret is shown this once."""
    shown: list[str] = []

    def make() -> str:
        made, secret = create_webhook(store, who.account_id, study_id, body.url, body.events)
        shown.append(secret)
        return made.id

    webhook = show_webhook(store, study_id, once(make))
    response.headers["Location"] = f"/api/v1/studies/{study_id}/webhooks/{webhook.id}"
    return MadeWebhook(**WebhookModel.of(webhook).model_dump(), secret=shown[0] if shown else None)


@router.get("/{webhook_id}", responses=problems())
def show(study_id: StudyId, webhook_id: WebhookId, store: StoreOf, _: Manages) -> WebhookModel:
    """Show a webhook, without its secret."""
    return WebhookModel.of(show_webhook(store, study_id, webhook_id))


@router.delete("/{webhook_id}", status_code=204, responses=problems())
def remove(study_id: StudyId, webhook_id: WebhookId, store: StoreOf, who: Manages) -> None:
    """Remove a webhook; messages that were not sent yet are not sent."""
    remove_webhook(store, who.account_id, study_id, webhook_id)


@router.post("/{webhook_id}/ping", status_code=202, responses=problems(409))
def try_(study_id: StudyId, webhook_id: WebhookId, store: StoreOf, _: Manages) -> MessageModel:
    """Send a message of nothing, to see whether it arrives."""
    message_id = ping(store, study_id, webhook_id)
    messages = list_messages(store, study_id, webhook_id)
    return MessageModel.of(next(each for each in messages if each.id == message_id))


@router.post("/{webhook_id}/enable", responses=problems())
def enable(study_id: StudyId, webhook_id: WebhookId, store: StoreOf, _: Manages) -> WebhookModel:
    """Send to a webhook again that was disabled."""
    return WebhookModel.of(enable_webhook(store, study_id, webhook_id))


@router.get("/{webhook_id}/messages", responses=problems())
def messages(
    study_id: StudyId, webhook_id: WebhookId, store: StoreOf, _: Manages
) -> list[MessageModel]:
    """List the newest messages to a webhook and what came of them."""
    return [MessageModel.of(each) for each in list_messages(store, study_id, webhook_id)]
