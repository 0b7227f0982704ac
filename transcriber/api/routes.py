"""The parts of the interface, and what they share for as long as the app runs."""

from fastapi import FastAPI

from transcriber.api import (
    accounts,
    audit,
    bundles,
    consent,
    description,
    echoes,
    hand_off,
    health,
    links,
    me,
    members,
    new_recordings,
    policies,
    progress,
    recordings,
    results,
    retention,
    review,
    review_entities,
    rights,
    service,
    session,
    sightings,
    single_sign_on,
    sound,
    studies,
    tokens,
    uploads,
    webhooks,
    withdrawal,
)
from transcriber.api.arriving import Arriving
from transcriber.api.progress_feed import ProgressFeed
from transcriber.api.searching import detectors_with
from transcriber.services.progress import ProgressWatch
from transcriber.services.review.redetect import Searcher
from transcriber.services.store import Store

PREFIX = "/api/v1"

ROUTERS = (
    health.router,
    description.router,
    session.router,
    single_sign_on.router,
    me.router,
    tokens.router,
    links.router,
    accounts.router,
    members.router,
    audit.router,
    uploads.router,
    new_recordings.router,
    studies.router,
    policies.router,
    recordings.router,
    progress.router,
    results.router,
    bundles.router,
    sightings.router,
    hand_off.router,
    review.router,
    review_entities.router,
    sound.router,
    retention.router,
    rights.router,
    withdrawal.router,
    echoes.router,
    consent.router,
    webhooks.router,
    service.router,
)


def share(app: FastAPI, store: Store) -> None:
    """Give an app what its routes share."""
    app.state.store = store
    app.state.arriving = Arriving()
    app.state.progress = ProgressWatch(store)
    app.state.progress_feed = ProgressFeed(app.state.progress)
    app.state.searcher = Searcher(store, detectors_with)
