"""The pages, one file for each part of the service."""

from fastapi import APIRouter

from transcriber.web.pages import (
    explained,
    recording,
    studies,
    study,
    study_names,
    study_terms,
    upload,
)

ROUTERS: tuple[APIRouter, ...] = tuple(
    part.router for part in (explained, studies, study, study_names, study_terms, recording, upload)
)
