"""The policies that are shipped, in plain words and on an example."""

from collections.abc import Sequence
from functools import cache
from typing import Annotated

from fastapi import APIRouter, Depends, Path

from transcriber.api.answers import problems
from transcriber.api.needs import Needs
from transcriber.api.study_models import ExampleText, PieceModel, PolicyModel
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import UsageError
from transcriber.domain.roster import NOBODY_KNOWN
from transcriber.services.policy_file import load_policy
from transcriber.services.policy_words import (
    FOR_WHOM,
    SAMPLE,
    SAMPLE_ROSTER,
    example,
    shipped_in_words,
)
from transcriber.stages.protocols import Detector

router = APIRouter(tags=["policies"])


@cache
def detectors() -> Sequence[Detector]:
    """Return what finds identifiers, loaded when a first example is asked for: it takes seconds."""
    from transcriber.bootstrap import build_detectors

    return build_detectors()


@router.get("/policies", responses=problems())
def list_(_: Annotated[Principal, Needs(Permission.SIGNED_IN)]) -> list[PolicyModel]:
    """List the shipped policies, from what keeps most to what keeps least."""
    return [
        PolicyModel(name=each.name, for_whom=each.for_whom, sentences=list(each.sentences))
        for each in shipped_in_words()
    ]


@router.post("/policies/{name}/example", responses=problems())
def show_example(
    name: Annotated[str, Path(max_length=40)],
    body: ExampleText,
    _: Annotated[Principal, Needs(Permission.SIGNED_IN)],
    found_by: Annotated[Sequence[Detector], Depends(detectors)],
) -> list[PieceModel]:
    """Show what a sentence becomes under a policy. It is not stored."""
    if name not in FOR_WHOM:
        raise UsageError("not_found", "There is no shipped policy of this name.")
    roster = SAMPLE_ROSTER if body.text is None else NOBODY_KNOWN
    pieces = example(load_policy(name), roster, found_by, body.text or SAMPLE)
    return [PieceModel.of(piece) for piece in pieces]
