"""What every page is given: the request, whoever sent it, and the store.

@router.get("/studies/{study_id}")
def study(visit: Annotated[Visit, visit_by(Permission.SEE_STUDY)]) -> Response: ...
"""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.params import Depends as Dependency
from fastapi.responses import HTMLResponse, RedirectResponse

from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.services.store import Store
from transcriber.web.rendering import page


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

    def page(self, template: str, *, status: int = 200, **given: Any) -> HTMLResponse:
        """Return the page that a template makes of what it is given."""
        return page(self.request, template, self.who, status=status, **given)


def visit_by(permission: Permission) -> Dependency:
    """Return the dependency that gives the visit of somebody with a permission."""

    def visit(
        request: Request,
        who: Annotated[Principal, Needs(permission)],
        store: Annotated[Store, Depends(store_of)],
    ) -> Visit:
        return Visit(request, who, store)

    dependency: Dependency = Depends(visit)
    return dependency


def see(path: str) -> RedirectResponse:
    """Lead to a page after a form was taken, so that reloading it sends nothing again."""
    return RedirectResponse(path, status_code=303)
