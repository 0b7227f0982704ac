"""The parts of the interface, and what they share for as long as the app runs."""

from fastapi import FastAPI

from transcriber.api import (
    bundles,
    consent,
    echoes,
    hand_off,
    policies,
    progress,
    recordings,
    results,
    retention,
    review,
    review_entities,
    rights,
    service,
    sightings,
    sound,
    studies,
    webhooks,
    withdrawal,
)
from transcriber.api.progress_feed import ProgressFeed
from transcriber.api.searching import detectors_with
from transcriber.services.progress import ProgressWatch
from transcriber.services.review.redetect import Searcher
from transcriber.services.store import Store

ROUTERS = (
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


def add_routes(app: FastAPI, store: Store, prefix: str) -> None:
    """Serve studies, recordings and what is made of them under a prefix."""
    app.state.progress = ProgressWatch(store)
    app.state.progress_feed = ProgressFeed(app.state.progress)
    app.state.searcher = Searcher(store, detectors_with)
    for router in ROUTERS:
        app.include_router(router, prefix=prefix)
