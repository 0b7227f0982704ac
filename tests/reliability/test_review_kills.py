"""Decisions while the server is killed: whatever was sent is there in the end, and once."""

import random
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.reviewed import POLICY, add_words
from tests.service.people import signed_in
from tests.service.served_process import serving
from tests.stores import Stored
from transcriber.domain.access import Role
from transcriber.domain.edit import FindingAccepted, FindingRejected
from transcriber.domain.roster import Roster
from transcriber.services.accounts import NewAccount, create_account
from transcriber.services.members import grant
from transcriber.services.review.state import review_of
from transcriber.services.settings import load_settings
from transcriber.services.store import Store, open_store
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.studies import Agreed
from transcriber.storage.ids import new_id
from transcriber.storage.keys.master_key import KeyFile


class Reviewer:
    """Somebody who decides on a finding again and again, and sends what was not answered again."""

    def __init__(self, folder: Path) -> None:
        self.environment = {"TRANSCRIBER_HOME": str(folder)}
        self.store: Store = open_store(load_settings(self.environment))
        settings = self.store.settings
        stored = Stored(self.store.database, open_blobs(settings.blobs), KeyFile(settings.key_file))
        self.study = stored.study(agreed=Agreed(Roster(), (POLICY,)))
        recording = stored.recording(self.study)
        add_words(self.store, self.study, recording.id, recording.recording.code)
        self.recording_id = recording.id
        account = create_account(self.store, NewAccount("ada@example.org", "Ada"))
        grant(self.store, self.study.id, account.id, Role.REVIEWER)
        self.headers = signed_in(self.store, account.id)
        self.place = f"/api/v1/studies/{self.study.id}/recordings/{self.recording_id}/review"
        words = review_of(self.store, self.study.id, self.recording_id).transcript.words
        self.tom = next(word.id for word in words if word.text.startswith("Tom"))
        self.sent: list[str] = []

    def send(self, url: str) -> None:
        """Send the step that was added last. Raises TransportError where nobody answers."""
        kind = ("finding_rejected", "finding_accepted")[len(self.sent) % 2]
        answer = httpx.post(
            f"{url}{self.place}/decisions",
            json={
                "edits": [{"kind": kind, "first": self.tom, "last": self.tom}],
                "seen": 0,
                "batch_id": self.sent[-1],
            },
            headers={**self.headers, "origin": url},
            trust_env=False,
            timeout=60,
        )
        assert answer.status_code == 200, answer.text

    def decide(self, url: str) -> None:
        self.sent.append(new_id())
        self.send(url)


def killed_while_deciding(folder: Path, decisions: int, kills: int) -> None:
    reviewer, moments = Reviewer(folder), random.Random(8)
    each = decisions // (kills + 1)
    with ThreadPoolExecutor(1) as browser:
        for _ in range(kills):
            with serving(reviewer.environment) as server:
                if reviewer.sent:
                    reviewer.send(server.url)
                for _ in range(each - 1):
                    reviewer.decide(server.url)
                last = browser.submit(reviewer.decide, server.url)
                time.sleep(moments.uniform(0, 0.03))  # whenever it is, nothing may be lost
                server.process.kill()
                server.process.wait()
                assert last.exception() is None or isinstance(
                    last.exception(), httpx.TransportError
                )
        with serving(reviewer.environment) as server:
            reviewer.send(server.url)
            while len(reviewer.sent) < decisions:
                reviewer.decide(server.url)
    review = review_of(reviewer.store, reviewer.study.id, reviewer.recording_id)
    assert [event.batch for event in review.fold.events] == reviewer.sent
    rejected = [isinstance(event.edit, FindingRejected) for event in review.fold.events]
    accepted = [isinstance(event.edit, FindingAccepted) for event in review.fold.events]
    assert (sum(rejected), sum(accepted)) == (decisions // 2, decisions // 2)


@pytest.mark.slow
def test_no_decision_is_lost_or_doubled_when_the_server_is_killed(tmp_path: Path) -> None:
    killed_while_deciding(tmp_path, decisions=60, kills=3)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="rk") as made:
        killed_while_deciding(Path(made), decisions=1_000, kills=20)
    print("1,000 decisions, the server killed 20 times: none lost, none doubled")
