"""The app on a store of its own, asked by whoever a test says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.testclient import TestClient

from transcriber.domain.access import Principal, Role
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.services.studies import StudyDraft, create_study
from transcriber.storage.database.studies import Study
from transcriber.storage.ids import new_id
from transcriber.web.app import make_app


@dataclass
class Served:
    """An app, its store, and who asks: None is nobody."""

    store: Store
    asks: Principal | None = None
    app: FastAPI = field(init=False)

    def __post_init__(self) -> None:
        self.app = make_app(self.store, self._who)

    def _who(self, request: Request) -> Principal | None:
        return self.asks

    def client(self) -> TestClient:
        """Return a client of the app."""
        return TestClient(self.app, base_url="https://testserver")

    def somebody(self) -> str:
        """Return the id of a new account."""
        return create_account(self.store, NewAccount(f"{new_id()}@example.org", "Ada")).id

    def begin(self, draft: StudyDraft, role: Role = Role.DATA_MANAGER) -> Study:
        """Make a study and ask as its member, with any role, from now on."""
        account = self.somebody()
        study = create_study(self.store, account, draft)
        self.asks = Principal(account, roles={study.id: role}, begins_studies=True)
        return study

    def be(self, role: Role, study_id: str) -> None:
        """Ask as a member of a study from now on."""
        self.asks = Principal("a" * 32, roles={study_id: role}, begins_studies=True)


def serve_in(folder: Path, environment: Mapping[str, str] | None = None) -> Served:
    """Return an app on a new store in a folder; `environment` says what else is set."""
    return Served(
        open_store(load_settings({"TRANSCRIBER_HOME": str(folder), **(environment or {})}))
    )
