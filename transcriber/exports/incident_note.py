"""The incident note: an identifier in a release, for the data-protection officer; it has no name.

What a notification has to tell follows the GDPR, Article 33(3): what happened, whom it concerns and
how many, what may come of it, what was done; and Article 33(1): that 72 hours run from the moment
in which it became known. Codes, counts, times, roles and account numbers only.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from transcriber.exports.report_page import page, section, table

HOURS_TO_NOTIFY = 72
"""GDPR, Article 33(1)."""
WIDTH = 80
WHO = "Who had them"
DELIVERED, NOTIFIED = "delivered", "recall notice delivered"
DELIVERIES = (DELIVERED, NOTIFIED)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody by role and account number; the role is that of today."""

    role: str
    account: str

    @property
    def told(self) -> str:
        """How the note names them."""
        return f"{self.role} (account {self.account[:8]})" if self.account else self.role


@dataclass(frozen=True, slots=True)
class Taken:
    """Who read a release, took its files away, or where it was delivered, and how many `times`.

    First at `at_ms`, last at `last_ms`, UTC in milliseconds.
    """

    at_ms: int
    last_ms: int
    times: int
    by: str
    how: str

    @property
    def when(self) -> str:
        """The time, or the first and the last one."""
        if self.times == 1:
            return moment(self.at_ms)
        return f"{moment(self.at_ms)} to {moment(self.last_ms)}, {self.times} times"


@dataclass(frozen=True, slots=True)
class AffectedRelease:
    """A release that holds it: in how many paragraphs, of these by sound alone, and who had it.

    `recalled_at_ms` is None where it had been withdrawn before.
    """

    code: str
    number: int
    release_id: str
    released_at_ms: int
    recalled_at_ms: int | None
    paragraphs: int
    by_sound: int
    marked: bool
    taken: tuple[Taken, ...]

    @property
    def name(self) -> str:
        """The release as people call it."""
        return f"{self.code}, version {self.number}"

    @property
    def without_notice(self) -> tuple[str, ...]:
        """Where a file of it was delivered and no notice of its recall arrived yet."""
        told = {each.by for each in self.taken if each.how == NOTIFIED}
        places = (each.by for each in self.taken if each.how == DELIVERED)
        return tuple(place for place in places if place not in told)


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of it; times in UTC milliseconds, None for what did not happen yet.

    `kind` is the kind of identifier in words; `searched` counts the releases that were searched.
    """

    id: str
    study_id: str
    where: str
    reported_at_ms: int
    reported_by: Person
    answered_at_ms: int | None
    answered_by: Person | None
    kind: str | None
    searched: int
    releases: tuple[AffectedRelease, ...]


def write_incident_text(incident: Incident) -> bytes:
    """Write it as plain text of 80 columns, UTF-8 with LF."""
    title = f"Incident note {incident.id[:8]}"
    lines = [title, "=" * len(title)]
    for heading, sentences in _sections(incident):
        lines += ["", heading, "-" * len(heading), ""]
        for sentence in sentences:
            lines += textwrap.wrap(sentence, WIDTH, initial_indent="- ", subsequent_indent="  ")
    return ("\n".join(lines) + "\n").encode()


def write_incident_page(incident: Incident) -> bytes:
    """Write it as one self-contained page."""
    parts = [
        '<p class="soft">Written from the records of the service. It holds no name and no word of '
        "an interview.</p>\n"
    ]
    rows = [
        [escape(each.when), escape(release.name), escape(each.how), escape(each.by)]
        for release in incident.releases
        for each in release.taken
    ]
    for number, (heading, sentences) in enumerate(_sections(incident)):
        if heading == WHO and rows:
            content = table([("When", "place"), ("Release", ""), ("What", ""), ("Who", "")], rows)
        else:
            listed = "".join(f"<li>{escape(sentence)}</li>" for sentence in sentences)
            content = f"<ul>{listed}</ul>"
        parts.append(section(f"part-{number}", heading, content))
    return page(f"Incident note {incident.id[:8]}", parts, "ul { padding-left: 20px; }")


def moment(at_ms: int) -> str:
    """Write a moment as `2026-11-27 14:02 UTC`."""
    return f"{_utc(at_ms):%Y-%m-%d %H:%M} UTC"


def _sections(incident: Incident) -> Iterator[tuple[str, Sequence[str]]]:
    yield "What happened", tuple(_happened(incident))
    yield "Which releases", tuple(_which(incident)) or ("None holds it.",)
    yield WHO, tuple(_who(incident)) or ("Nobody took or read one.",)
    yield "What was done", tuple(_done(incident))
    yield "What is left to do", tuple(_left(incident))


def _happened(incident: Incident) -> Iterator[str]:
    yield f"{moment(incident.reported_at_ms)}: reported by {incident.reported_by.told}."
    yield f"Seen in {incident.where}. The report quotes nothing."
    if incident.answered_at_ms is None or incident.answered_by is None:
        yield "Nobody has looked at it yet."
        return
    by = incident.answered_by.told
    yield f"{moment(incident.answered_at_ms)}: looked at by {by}."
    if incident.kind is None:
        yield "They found that the paragraph identifies nobody. Nothing was recalled."
        return
    yield f"They found that it identifies somebody. Kind of identifier: {incident.kind}."
    ends = _utc(incident.reported_at_ms) + timedelta(hours=HOURS_TO_NOTIFY)
    yield (
        f"Where this has to be notified to an authority, {HOURS_TO_NOTIFY} hours from the report "
        f"end at {ends:%Y-%m-%d %H:%M} UTC."
    )


def _which(incident: Incident) -> Iterator[str]:
    for each in incident.releases:
        sounding = f", {each.by_sound} of them by sound alone" if each.by_sound else ""
        what = (
            "withdrawn before"
            if each.recalled_at_ms is None
            else f"recalled {moment(each.recalled_at_ms)}"
        )
        places = f"{each.paragraphs} paragraph{'' if each.paragraphs == 1 else 's'}{sounding}"
        yield (
            f"{each.name} (id {each.release_id}): {places}; released "
            f"{moment(each.released_at_ms)}, {what}."
        )


def _who(incident: Incident) -> Iterator[str]:
    for release in incident.releases:
        for each in release.taken:
            preposition = "to" if each.how in DELIVERIES else "by"
            yield f"{each.when}: {release.name}, {each.how} {preposition} {each.by}."


def _done(incident: Incident) -> Iterator[str]:
    if incident.kind is None:
        yield "Nothing had to be done." if incident.answered_at_ms else "Nothing yet."
        return
    recalled = [each for each in incident.releases if each.recalled_at_ms is not None]
    yield (
        "Every release of the study was searched, in all of its texts, for the words and for what "
        f"sounds like them: {incident.searched}."
    )
    yield f"Recalled, so that nobody gets their files any more: {len(recalled)}."
    notices = sum(each.how == NOTIFIED for release in incident.releases for each in release.taken)
    yield f"Recall notices that arrived where files had been delivered: {notices}."
    marked = len({each.code for each in recalled if each.marked})
    yield f"Marked again and to be checked and signed anew: {_recordings(marked)}."


def _recordings(number: int) -> str:
    return "1 recording" if number == 1 else f"{number} recordings"


def _left(incident: Incident) -> Iterator[str]:
    if incident.answered_at_ms is None:
        yield "A reviewer has to look at the report."
        return
    if incident.kind is None:
        yield "Nothing."
        return
    for release in incident.releases:
        for place in release.without_notice:
            yield (
                f"The recall notice of {release.name} has not arrived at {place}, where its file "
                "was delivered. Ask IT, or whoever looks after that place."
            )
    yield "Ask everybody listed above to destroy their copies, and note when they have."
    yield "Decide whether the authority and the person concerned have to be told."
    yield "Sign the corrected transcripts; whoever codes them gets a list of changed paragraphs."


def _utc(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
