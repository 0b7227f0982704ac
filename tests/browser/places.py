"""Every page of the service, with something on it and with nothing on it."""

from tests.browser.echoed_world import echoed_places
from tests.browser.recalled_world import recalled_places
from tests.browser.rights_world import rights_places
from tests.browser.signed_world import signed_places
from tests.browser.world import World


def open_places(world: World) -> dict[str, str]:
    """Return the pages that need nobody, by name."""
    return {
        "sign-in": "/sign-in",
        "link": world.link,
        "invitation": world.invitation,
        "link-gone": "/link/nothing",
        "before-recording": "/before-recording",
    }


def places(world: World) -> dict[str, str]:
    """Return the pages of somebody who is signed in, by name."""
    busy, empty, heard = (
        f"/studies/{study_id}" for study_id in (world.busy_id, world.empty_id, world.heard_id)
    )
    return {
        "studies": "/studies",
        "study-new": "/studies/new",
        "study-empty": empty,
        "study-full": busy,
        "study-failed-ones": f"{busy}?state=failed&order=newest",
        "study-released": f"/studies/{world.released_id}",
        "name": f"{empty}/name",
        "people": f"{heard}/people",
        "people-empty": f"{empty}/people",
        "places": f"{heard}/places",
        "rules": f"{busy}/rules",
        "promises": f"{busy}/promises",
        "members": f"{busy}/members",
        "upload": f"{busy}/upload",
        "recording-done": f"{heard}/recordings/{world.finished_id}",
        "recording-failed": f"{busy}/recordings/{world.failed_id}",
        "voices": f"{heard}/recordings/{world.finished_id}/voices",
        "listen": f"{heard}/recordings/{world.finished_id}/listen",
        "review": f"{heard}/recordings/{world.finished_id}/review",
        "history-empty": f"{heard}/recordings/{world.finished_id}/review/history",
        "pictures-heard": f"{heard}/recordings/{world.finished_id}/pictures",
        "blind-heard": f"{heard}/recordings/{world.finished_id}/blind",
        "sample-heard": f"{heard}/recordings/{world.finished_id}/sample",
        "sign-off-draft": f"{heard}/recordings/{world.finished_id}/sign-off",
        "read-draft": f"{heard}/recordings/{world.finished_id}/read",
        "checking-empty": f"{empty}/checking",
        "checking-busy": f"{busy}/checking",
        "help-promises": "/help/promises",
        "names-found": f"{heard}/names-found",
        "names-found-empty": f"{empty}/names-found",
        "account": "/account",
        "admin": "/admin",
        "consent": f"{heard}/consent?label=P01",
        "consent-empty": f"{empty}/consent",
        "data-protection": f"{busy}/data-protection",
        "withdrawal-nobody": f"{busy}/withdrawal",
        "echoes-none": f"{empty}/echoes",
        "retention-no-rules": f"{empty}/retention",
        "audit": f"{busy}/audit",
        "audit-nothing": f"{empty}/audit?what=erased",
        "audit-service": "/admin/audit",
        "admin-accounts": "/admin/accounts",
        "help": "/help",
        "style": "/style",
        **signed_places(world.signed),
        **recalled_places(world.recalled),
        **rights_places(world.rights),
        **echoed_places(world.echoed),
        "nothing-here": "/studies/" + "0" * 32,
    }
