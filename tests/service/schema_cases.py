"""Asks the interface what its description allows, and what it does not.

    python -m tests.service.schema_cases --full

Every operation of the OpenAPI gets requests that fit and requests that do not (Schemathesis). None
may end in a server error, and no problem may repeat a text of eight letters or more that was sent.
"""

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.service.apps import Served, serve_in
from tests.stores import ROSTER
from transcriber.domain.access import Principal, Role
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.sample import sample_audio
from transcriber.services.studies import StudyDraft, show_study
from transcriber.services.submit import Submission, submit

# Schemathesis leaves the types of schemas open.
Operation = Any
Case = Any

FULL, CI = 10_000, 300
LONG = 8

PATIENCE_S = 600.0
"""The first example of a policy loads what finds names; machines are shared."""

LEFT_OUT = {
    "/api/v1/studies/{study_id}/progress": "has no end",
    "/api/v1/studies/{study_id}/recordings/{recording_id}/progress": "has no end",
    "/api/v1/service/examination": "starts programs for half a minute",
}


@dataclass
class Asked:
    """What came of the cases: how many, their statuses, and what was wrong."""

    statuses: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def cases(self) -> int:
        return self.statuses.total()


class Asker:
    """An app with a study that the cases work on."""

    def __init__(self, folder: Path) -> None:
        """Make a store in a folder."""
        self.served: Served = serve_in(folder)
        self.asked = Asked()
        self.own_names: frozenset[str] = frozenset()
        self._begin()

    def _begin(self) -> None:
        study = self.served.begin(StudyDraft(f"Study {self.asked.cases}", ROSTER))
        submission = Submission((sample_audio(),), Kind.GROUP)
        self.ids = {
            "study_id": study.id,
            "recording_id": submit(self.served.store, study, submission).stored.id,
        }

    def operations(self) -> list[Operation]:
        schema: Any = schemathesis.openapi.from_dict(self.served.app.openapi())
        schema.app = self.served.app
        self.own_names = frozenset(_names(self.served.app.openapi()))
        found = [result.ok() for result in schema.get_all_operations()]
        return [operation for operation in found if operation.path not in LEFT_OUT]

    def ask(self, case: Case, role: Role, *, real: bool) -> None:
        """Send a case as a member of the study; `real` names things that are there."""
        try:
            show_study(self.served.store, self.ids["study_id"])
        except UsageError:  # a case has erased it
            self._begin()
        account = self.served.asks.account_id if self.served.asks else ""
        study_id = self.ids["study_id"]
        self.served.asks = Principal(account, True, True, {study_id: role})
        if real:
            known = {
                name: value for name, value in self.ids.items() if name in case.path_parameters
            }
            case.path_parameters = {**case.path_parameters, **known}
        answer = case.call(timeout=PATIENCE_S)
        self.asked.statuses[int(answer.status_code)] += 1
        where = f"{case.method} {case.operation.path}"
        if answer.status_code >= 500:
            self.asked.wrong.append(f"{where}: {answer.status_code}")
        if answer.status_code >= 400:
            text = answer.text
            sent = {each for each in texts_of(case) if len(each) >= LONG} - self.own_names
            if any(each in text for each in sent):
                self.asked.wrong.append(f"{where}: {answer.status_code} repeats what was sent")


def texts_of(case: Case) -> Iterator[str]:
    """Yield all texts that a case sends, names of fields too."""
    for part in (case.path_parameters, case.query, case.headers, case.body):
        yield from _texts(part)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


def _names(description: Any) -> Iterator[str]:
    """Yield the names of fields that a description has: sentences may say those."""
    if isinstance(description, dict):
        yield from description.get("properties", {})
        if "in" in description and isinstance(description.get("name"), str):
            yield description["name"]
        for inner in description.values():
            yield from _names(inner)
    elif isinstance(description, list):
        for inner in description:
            yield from _names(inner)


def ask_all(folder: Path, cases: int) -> Asked:
    """Ask every operation, about `cases` requests in all."""
    asker = Asker(folder)
    operations = asker.operations()
    turn = 0
    while asker.asked.cases < cases:  # what can be asked in a few ways only gives fewer
        each = -(-(cases - asker.asked.cases) // len(operations)) + 1
        for operation in operations:
            _ask(asker, operation, each, turn)
        turn += 1
    return asker.asked


def _ask(asker: Asker, operation: Operation, count: int, turn: int) -> None:
    modes = [operation.as_strategy(generation_mode=GenerationMode.POSITIVE)]
    if operation.path_parameters or operation.query or operation.headers or operation.body:
        modes.append(operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))

    @seed(turn)
    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(
        case=st.one_of(modes),
        role=st.sampled_from([Role.DATA_MANAGER, Role.RESEARCHER]),
        real=st.sampled_from([True, True, False]),
    )
    def one(case: Case, role: Role, real: bool) -> None:
        asker.ask(case, role, real=real)

    one()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--full", action="store_true", help=f"{FULL} cases instead of {CI}")
    full = parser.parse_args().full
    with tempfile.TemporaryDirectory() as folder:
        asked = ask_all(Path(folder), FULL if full else CI)
    print(f"{asked.cases} cases; statuses: {dict(sorted(asked.statuses.items()))}")
    for wrong, count in Counter(asked.wrong).most_common():
        print(f"{count} x {wrong}")
    print(f"{len(asked.wrong)} wrong")


if __name__ == "__main__":
    main()
