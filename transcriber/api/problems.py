"""Errors as problem+json (RFC 9457): a code, a sentence, and never anything that was sent."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from transcriber.domain.errors import (
    EngineMissing,
    InputError,
    StorageError,
    TranscriberError,
    UsageError,
)
from transcriber.services.review.meanwhile import DecidedMeanwhile

MEDIA_TYPE = "application/problem+json"

_STATUS: tuple[tuple[type[TranscriberError], HTTPStatus], ...] = (
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (EngineMissing, HTTPStatus.SERVICE_UNAVAILABLE),
    (StorageError, HTTPStatus.SERVICE_UNAVAILABLE),
    (UsageError, HTTPStatus.BAD_REQUEST),
)
_OF_CODE: Mapping[str, int] = {
    "not_signed_in": HTTPStatus.UNAUTHORIZED,
    "not_allowed": HTTPStatus.FORBIDDEN,
    "not_found": HTTPStatus.NOT_FOUND,
    "name_taken": HTTPStatus.CONFLICT,
    "nothing_to_retry": HTTPStatus.CONFLICT,
    "job_ended": HTTPStatus.CONFLICT,
    "webhook_disabled": HTTPStatus.CONFLICT,
    "not_ready": HTTPStatus.CONFLICT,
    "no_sound_yet": HTTPStatus.CONFLICT,
    "no_sound_released": HTTPStatus.CONFLICT,
    "sound_destroyed": HTTPStatus.GONE,
    "words_destroyed": HTTPStatus.GONE,
    "held": HTTPStatus.CONFLICT,
    "at_work": HTTPStatus.CONFLICT,
    "withdrawal_running": HTTPStatus.CONFLICT,
    "no_such_participant": HTTPStatus.NOT_FOUND,
    "no_consent": HTTPStatus.CONFLICT,
    "not_destroyed": HTTPStatus.CONFLICT,
    "not_signed_off": HTTPStatus.CONFLICT,
    "still_running": HTTPStatus.CONFLICT,
    "changed_meanwhile": HTTPStatus.PRECONDITION_FAILED,
    "version_missing": HTTPStatus.PRECONDITION_REQUIRED,
    "key_reused": HTTPStatus.UNPROCESSABLE_ENTITY,
    "email_taken": HTTPStatus.CONFLICT,
    "no_such_account": HTTPStatus.NOT_FOUND,
    "link_gone": HTTPStatus.GONE,
    "last_administrator": HTTPStatus.CONFLICT,
    "last_manager": HTTPStatus.CONFLICT,
    "sign_in_failed": HTTPStatus.UNAUTHORIZED,
    "sign_in_refused": HTTPStatus.TOO_MANY_REQUESTS,
    "no_passwords": HTTPStatus.FORBIDDEN,
    "too_large": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "quota_full": HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    "disk_full": HTTPStatus.INSUFFICIENT_STORAGE,
    "wrong_version": HTTPStatus.PRECONDITION_FAILED,
    "wrong_type": HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    "wrong_offset": HTTPStatus.CONFLICT,
    "upload_incomplete": HTTPStatus.CONFLICT,
    "already_there": HTTPStatus.CONFLICT,
    "upload_overtaken": HTTPStatus.LOCKED,
    "checksum_mismatch": 460,  # Checksum Mismatch, a status of tus's own
    "not_invited": HTTPStatus.FORBIDDEN,
    "draft_words": HTTPStatus.CONFLICT,
    "nothing_left": HTTPStatus.CONFLICT,
    "undecided": HTTPStatus.CONFLICT,
    "still_searching": HTTPStatus.CONFLICT,
    "stale_turns": HTTPStatus.CONFLICT,
    "not_heard": HTTPStatus.CONFLICT,
    "not_read": HTTPStatus.CONFLICT,
    "leak_blocks": HTTPStatus.CONFLICT,
    "not_looked_at": HTTPStatus.CONFLICT,
    "asked_to_stay_out": HTTPStatus.CONFLICT,
    "echoes_undecided": HTTPStatus.CONFLICT,
    "echo_gone": HTTPStatus.CONFLICT,
    "echo_withheld": HTTPStatus.CONFLICT,
    "already_released": HTTPStatus.CONFLICT,
    "same_reviewer": HTTPStatus.CONFLICT,
    "no_draft": HTTPStatus.CONFLICT,
    "withdrawn": HTTPStatus.GONE,
    "no_paragraph": HTTPStatus.UNPROCESSABLE_ENTITY,
    "answered": HTTPStatus.CONFLICT,
    "first_release": HTTPStatus.CONFLICT,
    "bad_destination": HTTPStatus.UNPROCESSABLE_ENTITY,
    "too_many_destinations": HTTPStatus.CONFLICT,
    "nothing_released": HTTPStatus.CONFLICT,
    "not_in_all_releases": HTTPStatus.CONFLICT,
    "provider_unreachable": HTTPStatus.BAD_GATEWAY,
    "nothing_to_undo": HTTPStatus.CONFLICT,
    "nothing_to_redo": HTTPStatus.CONFLICT,
    "later_steps": HTTPStatus.CONFLICT,
    "first_recording_first": HTTPStatus.CONFLICT,
    "searched_again": HTTPStatus.CONFLICT,
    "nothing_to_confirm": HTTPStatus.CONFLICT,
    "names_undecided": HTTPStatus.CONFLICT,
    "no_such_entity": HTTPStatus.NOT_FOUND,
}
"""Codes whose status says more than that of their kind."""

_STANDARD = frozenset(HTTPStatus)


def status_of(error: TranscriberError) -> int:
    """Return the HTTP status that an error answers with."""
    if isinstance(error, DecidedMeanwhile):
        return HTTPStatus.CONFLICT
    if error.code in _OF_CODE:
        return _OF_CODE[error.code]
    for kind, status in _STATUS:
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(status: int, code: str, sentence: str, **more: Any) -> JSONResponse:
    """Return the answer that says what is wrong."""
    title = HTTPStatus(status).phrase if status in _STANDARD else "Checksum Mismatch"
    body = {"type": "about:blank", "title": title, "status": status}
    return JSONResponse(
        {**body, "code": code, "detail": sentence, **more}, status, media_type=MEDIA_TYPE
    )


def answer_with_problems(app: FastAPI) -> None:
    """Turn every error of `app` into a problem."""

    @app.exception_handler(TranscriberError)
    def ours(request: Request, error: TranscriberError) -> JSONResponse:
        # Ids of what is meant, where an error has one.
        more = {name: value for name, value in vars(error).items() if name.endswith("_id")}
        return problem(status_of(error), error.code, error.sentence, **more)

    @app.exception_handler(RequestValidationError)
    def not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
        # Pydantic tells the values too, and the names of fields that we do not know: not those.
        places = [
            {"in": str(found["loc"][0]), "type": found["type"]} for found in error.errors()[:20]
        ]
        return problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "not_valid",
            "The request does not fit its description in /api/v1/openapi.json.",
            errors=places,
        )

    @app.exception_handler(HTTPException)
    def of_the_framework(request: Request, error: HTTPException) -> JSONResponse:
        phrase = HTTPStatus(error.status_code).phrase
        answer = problem(error.status_code, phrase.lower().replace(" ", "_"), f"{phrase}.")
        answer.headers.update(error.headers or {})
        return answer
