"""Templates to pages. Everything that is put into one is escaped; nothing is marked as safe."""

from functools import cache
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from transcriber import __version__
from transcriber.domain.access import Principal
from transcriber.services.progress import eta_words
from transcriber.web import words
from transcriber.web.review_words import SEEN
from transcriber.web.static_files import static_address


def page(
    request: Request, template: str, who: Principal, *, status: int = 200, **given: Any
) -> HTMLResponse:
    """Return the page that a template makes of what it is given, as somebody may see it.

    `section` marks an entry of the main navigation: studies, admin, help, account.
    """
    values = {"section": None, **given, "who": who, "is_signed_in": bool(who.account_id)}
    text = templates().get_template(template).render(values, request=request)
    return HTMLResponse(text, status)


@cache
def templates() -> Environment:
    """Return the templates of the package."""
    environment = Environment(
        loader=PackageLoader("transcriber.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(static=static_address, version=__version__)
    environment.filters.update(
        state=words.STATES.__getitem__,
        state_mark=words.STATE_MARKS.__getitem__,
        stage=words.STAGES.__getitem__,
        step=words.STEPS.__getitem__,
        step_mark=words.STEP_MARKS.__getitem__,
        kind=words.KINDS.__getitem__,
        role=words.ROLES.__getitem__,
        length_of_time=words.length,
        eta=eta_words,
        day=words.day,
        clock=words.clock,
        size=words.size,
        counted=words.counted,
        hours_and_minutes=words.hours_and_minutes,
        error_rate=words.error_rate,
        seen=SEEN.__getitem__,
    )
    return environment
