"""Documents for a data-protection officer, written from how a study and the service are set up."""

from collections import Counter

from sqlalchemy import select

from transcriber import __version__
from transcriber.domain.access import Role
from transcriber.domain.errors import UsageError
from transcriber.domain.processing import Places, Processing
from transcriber.domain.recording import Kind
from transcriber.exports.provenance.facts import Engine
from transcriber.exports.rights.document import (
    DOCUMENTS,
    write_document_page,
    write_document_text,
)
from transcriber.services.accounts import list_accounts
from transcriber.services.members import list_members
from transcriber.services.models import model_folder
from transcriber.services.releases import ReleaseFile
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.services.study_provenance import study_facts
from transcriber.services.webhooks import list_webhooks
from transcriber.storage.database.clock import now_ms

FORMATS = {
    "html": (write_document_page, "text/html; charset=utf-8"),
    "txt": (write_document_text, "text/plain; charset=utf-8"),
}


def study_document(store: Store, study_id: str, which: str, kind: str = "html") -> ReleaseFile:
    """Return `record`, `dpia` or `information` of a study as `html` or `txt`. It names nobody.

    Raises UsageError `not_found` and `format_not_served`, StorageError.
    """
    if which not in DOCUMENTS:
        raise UsageError("not_found", "There is no such document.")
    if kind not in FORMATS:
        raise UsageError("format_not_served", "These documents are written as html or txt.")
    write, media_type = FORMATS[kind]
    data = write(DOCUMENTS[which], processing_of(store, study_id))
    return ReleaseFile(data, f"{which}.{kind}", media_type)


def processing_of(store: Store, study_id: str) -> Processing:
    """Return how a study's recordings are dealt with. Raises UsageError where there is none."""
    study = show_study(store, study_id)
    with store.database.read() as connection:
        recordings = store.recordings.all(connection, study)
        holds = store.holds.all(connection, study_id)
        made_at_ms: int = connection.execute(select(now_ms())).scalar_one()
    kinds = Counter(each.recording.kind for each in recordings)
    roles = Counter(each.role for each in list_members(store, study_id))
    facts = study_facts(store, study_id)
    agreed, settings = study.agreed, store.settings
    return Processing(
        study=study.name,
        made_at_ms=made_at_ms,
        individual=kinds[Kind.INDIVIDUAL],
        groups=kinds[Kind.GROUP],
        participants=len(agreed.roster.participants),
        releases=facts.recordings,
        engines=tuple(_named(each) for each in facts.engines) or _installed(),
        policies=agreed.policies,
        terms=agreed.terms,
        roles={role: roles[role] for role in Role},
        administrators=sum(each.is_admin for each in list_accounts(store)),
        webhooks=sum(each.disabled_at_ms is None for each in list_webhooks(store, study_id)),
        holds=sum(each.lifted_at_ms is None for each in holds),
        single_sign_on=settings.oidc.issuer is not None,
        places=Places(
            database_here=settings.has_own_database,
            files_here=settings.blobs.startswith("file:"),
            broker_here=settings.has_own_broker,
            key_from_command=settings.master_key_command is not None,
            anchors_elsewhere=settings.audit.anchor_file is not None,
        ),
        version=__version__,
    )


def _named(engine: Engine) -> str:
    return " ".join(part for part in (engine.name, engine.version, engine.model) if part)


def _installed() -> tuple[str, ...]:
    models = tuple(f"{model.kind} {model.name}" for model in model_folder().models())
    return models or ("the small built-in recogniser, as no speech model is installed",)
