"""Detection beside the pages: it looks again at what people change while they check."""

from collections.abc import Sequence
from functools import cache

from fastapi import Request

from transcriber.domain.policy import NerModel
from transcriber.services.review.redetect import Searcher
from transcriber.stages.protocols import Detector


def detectors_with(models: Sequence[NerModel]) -> Sequence[Detector]:
    """Return what finds identifiers, with models that a policy adds.

    Loaded when it is first asked for, which takes seconds, and kept.
    """
    return _detectors(tuple(models))


@cache
def _detectors(models: tuple[NerModel, ...]) -> Sequence[Detector]:
    from transcriber.bootstrap import build_detectors

    return build_detectors(models)


def searcher_of(request: Request) -> Searcher:
    """Give what looks again."""
    searcher: Searcher = request.app.state.searcher
    return searcher
