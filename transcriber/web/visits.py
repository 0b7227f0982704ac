"""What every page is given: the request, whoever sent it, and the store.

@router.get("/studies/{study_id}")
def study(visit: Annotated[Visit, visit_by(Permission.SEE_STUDY)]) -> Response: ...
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.responses import HTMLResponse, RedirectResponse

from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.recording_state import RecordingState
from transcriber.services.progress import ProgressWatch, RecordingProgress
from transcriber.services.recording_list import RecordingSummary
from transcriber.services.store import Store
from transcriber.web.rendering import page

_MOVING = (RecordingState.WAITING, RecordingState.WORKING)


@dataclass(frozen=True, slots=True)
class Visit:
    """A request for a page by somebody who may see it."""

    request: Request
    who: Principal
    store: Store

    @property
    def address(self) -> str:
        """Where people open the service, without a slash at the end: what links begin with."""
        return (self.store.settings.public_url or str(self.request.base_url)).rstrip("/")

    def progress(self, recordings: Iterable[RecordingSummary]) -> Mapping[str, RecordingProgress]:
        """Return how far those of some recordings are that are waiting or at work."""
        moving = [found.id for found in recordings if found.state in _MOVING]
        watch: ProgressWatch = self.request.app.state.progress
        return watch.of(moving) if moving else {}

    def page(self, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
        """Return the page that a template makes of what it is given."""
        return page(self.request, template, self.who, status=status, **given)


def visit_by(permission: Permission, logs: Action | None = None) -> Dependency:
    """Return the dependency that gives the visit of somebody with a permission, as `Needs` does."""

    async def visit(  # not in a thread of its own, which would cost more than it does
        request: Request, who: Annotated[Principal, Needs(permission, logs)]
    ) -> Visit:
        return Visit(request, who, store_of(request))

    dependency: Dependency = Depends(visit)
    return dependency


def see(path: str) -> RedirectResponse:
    """Lead to a page after a form was taken, so that reloading it sends nothing again."""
    return RedirectResponse(path, status_code=303)
