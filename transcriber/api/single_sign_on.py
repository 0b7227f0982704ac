"""To the identity provider of an organisation and back: authorization code with PKCE.

Authlib makes and checks state, nonce and code verifier (RFC 6749, RFC 7636, OpenID Connect Core
1.0) and the ID token's signature, issuer, audience and times. Between the two requests the browser
keeps what they are compared with, sealed, in a cookie of its own.
"""

from typing import Annotated, Any

from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from transcriber.api.authentication import keep_signed_in
from transcriber.api.needs import Needs, store_of
from transcriber.domain.access import Permission, Principal
from transcriber.domain.errors import UsageError
from transcriber.services.single_sign_on import (
    STATE_S,
    Subject,
    open_state,
    require_offered,
    seal_state,
    sign_in_as,
)
from transcriber.services.store import Store

router = APIRouter(prefix="/single-sign-on", tags=["signing in"])

COOKIE = "__Host-transcriber-sso"
AFTERWARDS = "/"
DISCOVERY = "/.well-known/openid-configuration"
SEE_OTHER = 303


@router.get("", response_class=RedirectResponse, status_code=302)
async def leave(
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.ANYBODY)],
) -> RedirectResponse:
    """Send the browser to the organisation's sign-in page."""
    require_offered(store)
    state: dict[str, Any] = {}
    request.scope["session"] = state
    try:
        answer: RedirectResponse = await _provider(request, store).authorize_redirect(
            request, _return_address(request, store)
        )
    except Exception:  # noqa: BLE001 - Authlib lets through what its HTTP library raises
        raise _unreachable() from None
    sealed = await run_in_threadpool(seal_state, store, state)
    answer.set_cookie(COOKIE, sealed, STATE_S, path="/", secure=True, httponly=True, samesite="lax")
    return answer


@router.get("/callback", response_class=RedirectResponse, status_code=SEE_OTHER)
async def come_back(
    request: Request,
    store: Annotated[Store, Depends(store_of)],
    _: Annotated[Principal, Needs(Permission.ANYBODY)],
) -> RedirectResponse:
    """Sign in whom the organisation sent back."""
    require_offered(store)
    sealed = request.cookies.get(COOKIE)
    request.scope["session"] = await run_in_threadpool(open_state, store, sealed)
    claims = await _claims(request, store)
    verified = claims.get("email") if claims.get("email_verified") is True else None
    subject = Subject(str(store.settings.oidc.issuer), str(claims["sub"]))
    signed_in = await run_in_threadpool(sign_in_as, store, subject, verified)
    answer = RedirectResponse(AFTERWARDS, SEE_OTHER)
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="lax")
    keep_signed_in(answer, signed_in.secret)
    return answer


async def _claims(request: Request, store: Store) -> dict[str, Any]:
    """Return what the provider says of somebody, once it is proved that the provider says it."""
    settings = store.settings.oidc
    provider = _provider(request, store)
    wanted = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
    }
    try:
        token = await provider.authorize_access_token(request, claims_options=wanted)
        claims = token.get("userinfo")
        if not claims:
            raise ValueError
        if "email" in claims:
            return dict(claims)
        # Where the ID token has no e-mail address, the UserInfo endpoint tells it (Core 5.3).
        more = await provider.userinfo(token=token)
        if more.get("sub") != claims["sub"]:
            raise ValueError
        return {**more, **claims}
    except Exception:  # noqa: BLE001 - as above; nobody is let in unless all of it succeeds
        raise UsageError(
            "sign_in_interrupted", "Signing in through your organisation did not work. Start again."
        ) from None


def _provider(request: Request, store: Store) -> Any:
    """Return Authlib's client of the provider, which keeps the provider's keys."""
    known = getattr(request.app.state, "identity_provider", None)
    if known is None:
        settings = store.settings.oidc
        known = OAuth().register(
            name="organisation",
            client_id=settings.client_id,
            client_secret=settings.client_secret,
            server_metadata_url=str(settings.issuer).rstrip("/") + DISCOVERY,
            client_kwargs={"scope": "openid email profile", "code_challenge_method": "S256"},
        )
        request.app.state.identity_provider = known
    return known


def _return_address(request: Request, store: Store) -> str:
    base = store.settings.public_url or str(request.base_url)
    return base.rstrip("/") + str(request.app.url_path_for("come_back"))


def _unreachable() -> UsageError:
    return UsageError(
        "provider_unreachable",
        "Your organisation's sign-in page cannot be reached. Try again in a moment, or ask IT.",
    )
