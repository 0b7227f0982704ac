"""What the service does, for whoever uses it, and the parts that pages are made of."""

from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.domain.access import Permission
from transcriber.domain.estimate import most_left, rule_of_three
from transcriber.exports.formats import FORMATS
from transcriber.exports.presets import PRESETS
from transcriber.web.visits import Visit, visit_by
from transcriber.web.words import ROLE_DUTIES, ROLES

router = APIRouter(include_in_schema=False)

EXAMPLE = (300, 4_500)
"""Clean stretches of all stretches: what the page on promises explains."""


@router.get("/help")
def explained(visit: Annotated[Visit, visit_by(Permission.ANYBODY)]) -> Response:
    """Explain the service on one page."""
    return visit.page("help.html", section="help", roles=ROLES, duties=ROLE_DUTIES)


@router.get("/help/promises")
def promises(visit: Annotated[Visit, visit_by(Permission.ANYBODY)]) -> Response:
    """Say what anonymisation can and cannot promise."""
    looked, stretches = EXAMPLE
    return visit.page(
        "help_promises.html",
        section="help",
        exact=most_left(looked, stretches),
        rough=rule_of_three(looked, stretches),
    )


@router.get("/help/coding-tools")
def coding_tools(visit: Annotated[Visit, visit_by(Permission.ANYBODY)]) -> Response:
    """Say what to click in each coding tool."""
    tools = [
        (preset, [(FORMATS[key].label, what) for key, what in preset.formats.items()])
        for preset in PRESETS.values()
    ]
    return visit.page("help_coding_tools.html", section="help", tools=tools)


@router.get("/style")
def style(visit: Annotated[Visit, visit_by(Permission.SIGNED_IN)]) -> Response:
    """Show every part that pages are made of."""
    return visit.page("style.html")
