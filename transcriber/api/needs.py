"""What each route needs: a permission of the table in `transcriber.domain.access`.

    @router.get("/studies/{study_id}")
    def show(who: Annotated[Principal, Needs(Permission.SEE_STUDY)]) -> ...

A route without one is refused when the app is built, so that none is open by mistake.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.params import Depends
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.routing import BaseRoute

from transcriber.domain.access import Permission, Principal
from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.services.audit import record_use
from transcriber.services.store import Store

Authenticate = Callable[[Request], Principal | None]
"""Tells who sent a request, None where nobody is signed in. Kept in `app.state.authenticate`."""

NOBODY = Principal(account_id="")


class Needs(Depends):
    """A dependency that gives the Principal of a request, or refuses it.

    In a study, whose id is the path's `study_id`, whoever may not even see it is told that there
    is none. `logs` writes the use down, with the ids of the path. Raises UsageError
    `not_signed_in`, `not_allowed` or `not_found`.
    """

    def __init__(self, permission: Permission, logs: Action | None = None) -> None:
        super().__init__(dependency=Check(permission, logs))


class Check:
    """What a route does before anything else: it lets somebody through, or refuses."""

    def __init__(self, permission: Permission, logs: Action | None) -> None:
        self.permission = permission
        self.logs = logs

    def __call__(self, request: Request) -> Principal:
        """Return who sends a request. Raises UsageError as `Needs` says."""
        principal: Principal | None = request.app.state.authenticate(request)
        if self.permission is Permission.ANYBODY:
            return principal or NOBODY
        if principal is None:
            raise UsageError("not_signed_in", "You are not signed in. Sign in and try again.")
        study_id = request.path_params.get("study_id")
        if principal.may(self.permission, study_id):
            if self.logs is not None:
                recording_id = request.path_params.get("recording_id")
                record_use(store_of(request), principal, self.logs, study_id, recording_id)
            return principal
        if study_id is not None and not principal.may(Permission.SEE_STUDY, study_id):
            raise not_found()
        raise UsageError(
            "not_allowed",
            "Your role does not allow this. Whoever manages the study can give you another one.",
        )


def store_of(request: Request) -> Store:
    """Give the store that the app works with."""
    store: Store = request.app.state.store
    return store


def not_found() -> UsageError:
    """Say that there is no such thing, in the same words whether it is hidden or missing."""
    return UsageError("not_found", "There is nothing here, or it is not yours to see.")


def checks(route: RouteContext) -> tuple[Check, ...]:
    """Return the checks that a route makes."""
    if not isinstance(route.original_route, APIRoute):
        return ()
    return tuple(call for call in _calls(route.dependant) if isinstance(call, Check))


def needed(route: RouteContext) -> tuple[Permission, ...]:
    """Return the permissions that a route needs."""
    return tuple(check.permission for check in checks(route))


def require_needs(routes: Sequence[BaseRoute]) -> None:
    """Raise TypeError, which names it, when a route needs nothing or more than one permission."""
    for route in iter_route_contexts(routes):
        if len(needed(route)) != 1:
            raise TypeError(f"the route {route.path} has to need exactly one permission")


def _calls(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for inner in dependant.dependencies:
        yield from _calls(inner)
