"""The store that settings name, opened: database, encrypted files, and the keys to both."""

from contextlib import suppress
from dataclasses import dataclass

from transcriber.domain.errors import KeyUnusable, StorageError
from transcriber.services.settings import Settings
from transcriber.storage.blobs.store import BlobStore, open_blobs
from transcriber.storage.database.accounts import Accounts
from transcriber.storage.database.api_tokens import ApiTokens
from transcriber.storage.database.assessments import Assessments
from transcriber.storage.database.audit_events import Audit
from transcriber.storage.database.consents import Consents
from transcriber.storage.database.database import Database
from transcriber.storage.database.decisions import Decisions
from transcriber.storage.database.destinations import Destinations
from transcriber.storage.database.holds import Holds
from transcriber.storage.database.keyring import Keyring
from transcriber.storage.database.leases import Leases, Terms
from transcriber.storage.database.links import Links
from transcriber.storage.database.outbox import Outbox
from transcriber.storage.database.recordings import Recordings
from transcriber.storage.database.returned import returned
from transcriber.storage.database.samples import Samples
from transcriber.storage.database.sessions import Sessions, SessionTerms
from transcriber.storage.database.sightings import Sightings
from transcriber.storage.database.sign_in_attempts import SignInAttempts
from transcriber.storage.database.sign_offs import SignOffs
from transcriber.storage.database.studies import Studies
from transcriber.storage.database.study_decisions import StudyDecisions
from transcriber.storage.database.transcripts import Transcripts
from transcriber.storage.database.upgrade import open_database
from transcriber.storage.database.uploads import Uploads
from transcriber.storage.database.webhooks import Webhooks
from transcriber.storage.database.withdrawals import Withdrawals
from transcriber.storage.erased_list import ErasedList
from transcriber.storage.keys.master_key import KeyCommand, KeyFile, MasterKeySource
from transcriber.storage.stage_results import StageResults


@dataclass(frozen=True)
class Store:
    """What services read from and write to; the command line, the web and workers share one."""

    settings: Settings
    database: Database
    blobs: BlobStore
    keyring: Keyring
    studies: Studies
    recordings: Recordings
    results: StageResults
    leases: Leases
    outbox: Outbox
    transcripts: Transcripts
    decisions: Decisions
    study_decisions: StudyDecisions
    audit: Audit
    accounts: Accounts
    sessions: Sessions
    tokens: ApiTokens
    links: Links
    attempts: SignInAttempts
    uploads: Uploads
    webhooks: Webhooks
    sign_offs: SignOffs
    samples: Samples
    holds: Holds
    assessments: Assessments
    erased: ErasedList
    sightings: Sightings
    destinations: Destinations
    withdrawals: Withdrawals
    consents: Consents


def open_store(settings: Settings) -> Store:
    """Open the store. Raises UsageError for a bad URL, KeyUnusable without a key, StorageError.

    On one machine, where nothing is said about the master key, the first use makes one. Where a
    database was put back that is older than an erasure, nothing is opened (`erased_came_back`).
    """
    store = open_as_it_is(settings)
    with store.database.read() as connection:
        if returned(connection, store.erased.entries()):
            raise StorageError(
                "erased_came_back",
                "The database is older than an erasure: a backup was put back by hand, and what "
                "was erased since is in it again. Nothing is opened. Run: transcriber purge.",
            )
    return store


def open_as_it_is(settings: Settings) -> Store:
    """Open a store in which what was erased may be again, to erase it. Raises as `open_store`."""
    _make_first_key(settings)
    source = key_source(settings)
    database = open_database(settings.database)
    blobs = open_blobs(settings.blobs)
    keyring = Keyring(source)
    return Store(
        settings=settings,
        database=database,
        blobs=blobs,
        keyring=keyring,
        studies=Studies(keyring),
        recordings=Recordings(keyring),
        results=StageResults(database, blobs, keyring),
        leases=Leases(database, Terms(settings.lease.ms, settings.lease.attempts)),
        outbox=Outbox(database),
        transcripts=Transcripts(keyring),
        decisions=Decisions(keyring),
        study_decisions=StudyDecisions(keyring),
        audit=Audit(keyring),
        accounts=Accounts(keyring),
        sessions=Sessions(keyring, _session_terms(settings)),
        tokens=ApiTokens(keyring),
        links=Links(keyring),
        attempts=SignInAttempts(keyring),
        uploads=Uploads(keyring, settings.uploads.keep_ms),
        webhooks=Webhooks(keyring),
        sign_offs=SignOffs(keyring),
        samples=Samples(keyring),
        holds=Holds(keyring),
        assessments=Assessments(keyring),
        erased=ErasedList(settings.erased_list),
        sightings=Sightings(keyring),
        destinations=Destinations(keyring),
        withdrawals=Withdrawals(keyring),
        consents=Consents(keyring),
    )


def _make_first_key(settings: Settings) -> None:
    """Make a master key where everything is left to us and nothing is stored yet."""
    if settings.master_key_file or settings.master_key_command or not settings.has_own_database:
        return
    if not settings.key_file.exists() and not settings.sqlite_file.exists():
        with suppress(KeyUnusable):  # another process was faster
            KeyFile(settings.key_file).create()


def _session_terms(settings: Settings) -> SessionTerms:
    hour_ms = 60 * 60 * 1000
    return SessionTerms(
        idle_ms=round(settings.sessions.idle_hours * hour_ms),
        longest_ms=round(settings.sessions.longest_days * 24 * hour_ms),
    )


def key_source(settings: Settings) -> MasterKeySource:
    """Return where the settings say that the master key comes from."""
    if settings.master_key_command is not None:
        return KeyCommand(settings.master_key_command)
    return KeyFile(settings.key_file)
