"""How the service is, for whoever runs it: workers and queues, disk, versions."""

from typing import Annotated

from fastapi import APIRouter, Response

from transcriber.domain.access import Permission
from transcriber.services.doctor import examine
from transcriber.services.models import model_folder
from transcriber.services.service_state import service_state
from transcriber.services.store_health import store_health
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

Running = Annotated[Visit, visit_by(Permission.MANAGE_SERVICE)]


@router.get("/admin")
def admin(visit: Running) -> Response:
    """Show queues and disk."""
    state = service_state(visit.store)
    return visit.page("admin.html", section="admin", state=state, found=None, health=None)


@router.post("/admin")
def look(visit: Running) -> Response:
    """Show them, and examine engines, models and store, which takes half a minute."""
    settings = visit.store.settings
    return visit.page(
        "admin.html",
        section="admin",
        state=service_state(visit.store),
        found=examine(model_folder(), settings.data_folder),
        health=store_health(settings, lambda done, total: None),
    )
