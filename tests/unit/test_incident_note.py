"""The incident note tells what the records tell, as a page and as text of 80 columns."""

from dataclasses import replace

from transcriber.exports.incident_note import (
    DELIVERED,
    NOTIFIED,
    AffectedRelease,
    Incident,
    Person,
    Taken,
    write_incident_page,
    write_incident_text,
)

ADA, BEA = Person("analyst", "a" * 32), Person("reviewer", "b" * 32)
HOUR_MS = 3_600_000
RELEASE = AffectedRelease(
    code="FG01",
    number=2,
    release_id="c" * 32,
    released_at_ms=0,
    recalled_at_ms=2 * HOUR_MS,
    paragraphs=3,
    by_sound=1,
    marked=True,
    taken=(
        Taken(HOUR_MS, HOUR_MS, 1, ADA.told, "taken away"),
        Taken(HOUR_MS, 2 * HOUR_MS, 4, ADA.told, "read on its page"),
        Taken(HOUR_MS, HOUR_MS, 1, "destination dddddddd", DELIVERED),
    ),
)
INCIDENT = Incident(
    id="e" * 32,
    study_id="f" * 32,
    where="paragraph 7 of FG01, version 2",
    reported_at_ms=HOUR_MS,
    reported_by=ADA,
    answered_at_ms=2 * HOUR_MS,
    answered_by=BEA,
    kind="people",
    searched=12,
    releases=(RELEASE, replace(RELEASE, code="FG02", recalled_at_ms=None, taken=())),
)


def test_it_tells_when_who_which_and_what() -> None:
    text = write_incident_text(INCIDENT).decode()
    assert max(map(len, text.splitlines())) <= 80
    told = " ".join(text.split())
    for sentence in (
        "1970-01-01 01:00 UTC: reported by analyst (account aaaaaaaa).",
        "72 hours from the report end at 1970-01-04 01:00 UTC.",
        "3 paragraphs, 1 of them by sound alone; released 1970-01-01 00:00 UTC, recalled",
        "FG02, version 2 (id " + "c" * 32 + "): 3 paragraphs, 1 of them by sound alone; released "
        "1970-01-01 00:00 UTC, withdrawn before.",
        "FG01, version 2, taken away by analyst (account aaaaaaaa).",
        "to 1970-01-01 02:00 UTC, 4 times: FG01, version 2, read on its page by analyst",
        "FG01, version 2, delivered to destination dddddddd.",
        "what sounds like them: 12.",
        "Recalled, so that nobody gets their files any more: 1.",
        "signed anew: 1 recording.",
    ):
        assert sentence in told
    page = write_incident_page(INCIDENT).decode()
    assert page.count("<tr>") == 1 + len(RELEASE.taken)
    assert "1970-01-04 01:00 UTC" in page
    assert "<script" not in page


def test_it_says_which_notices_did_not_arrive() -> None:
    waits = " ".join(write_incident_text(INCIDENT).decode().split())
    assert "where files had been delivered: 0." in waits
    assert "FG01, version 2 has not arrived at destination dddddddd" in waits
    notice = Taken(3 * HOUR_MS, 3 * HOUR_MS, 1, "destination dddddddd", NOTIFIED)
    told = replace(INCIDENT, releases=(replace(RELEASE, taken=(*RELEASE.taken, notice)),))
    arrived = " ".join(write_incident_text(told).decode().split())
    assert "where files had been delivered: 1." in arrived
    assert "has not arrived" not in arrived


def test_a_report_that_nobody_answered_says_so() -> None:
    waits = replace(INCIDENT, answered_at_ms=None, answered_by=None, kind=None, releases=())
    text = write_incident_text(waits).decode()
    assert "Nobody has looked at it yet." in text
    assert "A reviewer has to look at the report." in text
    nobody = replace(INCIDENT, kind=None, releases=())
    assert "identifies nobody" in write_incident_text(nobody).decode()
    assert "None holds it." in write_incident_page(nobody).decode()
