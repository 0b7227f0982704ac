"""The pages, one file for each part of the service."""

from fastapi import APIRouter

from transcriber.web.pages import (
    account,
    accounts,
    admin,
    audit,
    checking,
    cold_read,
    consent,
    data_protection,
    echoes,
    explained,
    hand_off,
    identifier_seen,
    listen,
    recording,
    releases,
    second_looks,
    sign_in,
    sign_off,
    studies,
    study,
    study_members,
    study_names,
    study_retention,
    study_terms,
    upload,
    voices,
    withdrawal,
)
from transcriber.web.pages.review import alikes as review_alikes
from transcriber.web.pages.review import decisions as review_decisions
from transcriber.web.pages.review import history as review_history
from transcriber.web.pages.review import names_found
from transcriber.web.pages.review import page as review_page
from transcriber.web.pages.review import pleas as review_pleas

_PARTS = (
    sign_in,
    account,
    accounts,
    admin,
    audit,
    consent,
    data_protection,
    withdrawal,
    explained,
    studies,
    study,
    study_members,
    study_names,
    study_retention,
    study_terms,
    upload,
    recording,
    review_page,
    review_decisions,
    review_alikes,
    review_pleas,
    review_history,
    names_found,
    voices,
    listen,
    cold_read,
    sign_off,
    releases,
    identifier_seen,
    echoes,
    hand_off,
    checking,
    second_looks,
)
ROUTERS: tuple[APIRouter, ...] = tuple(part.router for part in _PARTS)
