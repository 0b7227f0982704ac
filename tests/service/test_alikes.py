"""What only sounds like a name that somebody marked: found here and in the study, and offered."""

from pathlib import Path

import pytest

from tests.fakes import FakeDetector
from tests.reviewed import POLICY, add_words
from tests.service.apps import serve_in
from tests.stores import Stored
from transcriber.domain.access import Principal, Role
from transcriber.domain.edit import FindingAccepted, IdentifierMarked
from transcriber.domain.finding import EntityType
from transcriber.domain.review import FindingState
from transcriber.domain.roster import Roster
from transcriber.services.review.decide import decide
from transcriber.services.review.redetect import search_all_due
from transcriber.services.review.state import Review, review_of
from transcriber.storage.blobs.store import open_blobs
from transcriber.storage.database.studies import Agreed, Study
from transcriber.storage.keys.master_key import KeyFile
from transcriber.web.pages.review.shown import entity_key

HERE = (
    "INT: and who came to you in leeds then",
    "P01: well greenwood came and later on grin would left us alone again",
)
THERE = ("P01: i said that grin would was always there", "INT: so grin would was there in leeds")
FOUND = {"leeds": EntityType.LOCATION}
DETECTORS = (FakeDetector(),)


class Marked:
    """A study of two recordings, in one of which a name was marked that the machine missed."""

    def __init__(self, folder: Path) -> None:
        self.served = serve_in(folder)
        self.store = self.served.store
        settings = self.store.settings
        stored = Stored(self.store.database, open_blobs(settings.blobs), KeyFile(settings.key_file))
        self.study: Study = stored.study(agreed=Agreed(Roster(), (POLICY,)))
        self.ids = []
        for content, said in (("a", HERE), ("b", THERE)):
            recording = stored.recording(self.study, content)
            add_words(self.store, self.study, recording.id, recording.recording.code, said, FOUND)
            self.ids.append(recording.id)
        self.account = self.served.somebody()
        self.served.asks = Principal(self.account, roles={self.study.id: Role.REVIEWER})
        word = next(w.id for w in self.review(0).transcript.words if w.text == "greenwood")
        self.decide(0, IdentifierMarked(word, word, EntityType.PERSON))
        search_all_due(self.store, lambda models: DETECTORS)

    def review(self, number: int) -> Review:
        return review_of(self.store, self.study.id, self.ids[number])

    def decide(self, number: int, *edits: IdentifierMarked | FindingAccepted) -> None:
        review = self.review(number)
        place = (self.study.id, self.ids[number])
        decide(self.store, self.account, *place, edits, review.number)

    def elsewhere(self, key: str) -> tuple[int, str]:
        place = f"/studies/{self.study.id}/recordings/{self.ids[0]}/review/alikes"
        answer = self.served.client().get(place, params={"key": key})
        return answer.status_code, answer.json().get("told", "")


@pytest.fixture
def marked(tmp_path: Path) -> Marked:
    return Marked(tmp_path)


def test_they_are_found_in_all_recordings_and_told(marked: Marked) -> None:
    (_, first, alike) = marked.review(0).findings
    assert (first.state, alike.finding.text) == (FindingState.ADDED, "grin would")
    assert "sound" in alike.finding.source
    assert alike.finding.entity == first.finding.entity
    assert [j.finding.text for j in marked.review(1).findings] == [
        "grin would",
        "grin would",
        "leeds",
    ]
    key = entity_key(EntityType.PERSON, first.finding.entity)
    assert marked.elsewhere(key) == (200, "2 in 1 other recording")
    page = marked.served.client()
    listed = page.get(f"/studies/{marked.study.id}/names-found", headers={"accept": "text/html"})
    assert f'id="e-{key}"' in listed.text


def test_what_was_decided_there_is_offered_no_more(marked: Marked) -> None:
    key = entity_key(EntityType.PERSON, marked.review(0).findings[1].finding.entity)
    for judged in marked.review(1).findings:
        place = judged.finding.place
        assert place is not None
        words = marked.review(1).transcript.words
        marked.decide(1, FindingAccepted(words[place.first_word].id, words[place.last_word].id))
    assert marked.elsewhere(key) == (200, "")
    assert marked.elsewhere("0" * 16)[0] in (404, 422)
