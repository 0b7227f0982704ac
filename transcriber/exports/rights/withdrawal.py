"""A withdrawal in words: what it will do, and the receipt of what it did. It names nobody."""

import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape

from transcriber.domain.audit import Action
from transcriber.domain.withdrawal import (
    CONTRIBUTION_WITHDRAWN,
    Affected,
    CopyTaken,
    Fate,
    Preview,
    Recalled,
    Receipt,
    Stopped,
)
from transcriber.exports.audit_words import DONE
from transcriber.exports.provenance.committee import Section
from transcriber.exports.provenance.figures import counted, length, listed
from transcriber.exports.provenance.page import SHEET_STYLE
from transcriber.exports.provenance.text import WIDTH
from transcriber.exports.report_page import page, section
from transcriber.exports.wording import one_line

TITLE = "Receipt of a withdrawal"

KEY_WARNING = (
    "Once the key of who is who is destroyed, somebody who withdraws can no longer be found by "
    "name. Taking their contribution out may then be impossible."
)
"""Said wherever that key is, or will be, destroyed."""

NOT_REACHED = (
    "Backups from before hold what was taken out. Where one is put back, their recordings are "
    "erased again, those from which their part was taken out are erased whole, and their entries "
    "on the roster and in the key of who is who are taken out again. That rests on the list of "
    "what was erased: keep it with the master key, or delete older backups.",
    "Words of which nobody could tell who said them (UNK, SEVERAL) stay in recordings with others, "
    "and so does their sound. Hear these turns, and withhold what is theirs, or say that it is "
    "theirs before they withdraw.",
    "Before a recording is erased whole, the notice of its recall is brought once to wherever its "
    "release was handed off. The receipt says which places could not be reached.",
    "A PostgreSQL server may keep what was deleted in its write-ahead log and in archives of it "
    "until it writes over them. It is encrypted there, and the keys of what was erased are gone.",
    "What the command line wrote into folders of its own, such as private/ with transcripts and "
    "voice prints, is outside the store. Delete it there.",
)
"""What no withdrawal reaches, and why."""


_HEAR_FIRST = "Hear them first, and give them to whoever said them."
_HEAR_NOW = "Hear them, and withhold what is theirs."

_STOPS = {
    "held": "A legal hold stands on a recording of it. It goes on by itself once somebody lifts "
    "that, on the page How long it is kept.",
    "at_work": "The service works on a recording of it. It goes on by itself once that is done or "
    "stopped.",
    "changed_meanwhile": "A recording of it was changed at that moment. It is tried again by "
    "itself.",
    "disk_full": "The disk is full. It goes on by itself once there is room.",
}
"""What a person can do where a withdrawal does not go on, by the code of what stopped it."""


def why_it_stopped(stopped: Stopped) -> str:
    """Return since when a withdrawal does not go on, why, and what somebody can do."""
    why = _STOPS.get(
        stopped.by,
        f"Something went wrong ({stopped.by}). It is tried again by itself. Where that does not "
        "help, tell whoever runs the service; `transcriber doctor` says what is wrong with a "
        "machine.",
    )
    return f"since {_clock(stopped.at_ms)} it does not go on. {why}"


def preview_sections(told: Preview) -> tuple[Section, ...]:
    """Return what a withdrawal will do, under headings; those without anything are left out."""
    return _with_content(
        (
            ("In the way", _in_the_way(told)),
            ("To know before", _to_know(told)),
            ("Erased whole", _erased(told.recordings)),
            ("Taken out of recordings that stay", _taken_out(told.recordings, _HEAR_FIRST)),
            ("Names and the key of who is who", _names(told)),
            ("Releases that are recalled", _to_recall(told)),
            ("What cannot be erased", _not_erased(told)),
        )
    )


def receipt_sections(told: Receipt) -> tuple[Section, ...]:
    """Return what a withdrawal did, under headings; those without anything are left out."""
    return _with_content(
        (
            ("About this withdrawal", _about(told)),
            ("Erased whole", _erased(told.recordings)),
            ("Taken out of recordings that stay", _taken_out(told.recordings, _HEAR_NOW)),
            ("Names and the key of who is who", _names_gone(told)),
            ("Releases that were recalled", _were_recalled(told)),
            ("Left for a person to decide", _echoes(told)),
            ("What could not be erased", (*_copies(told.copies, _codes(told)), *NOT_REACHED)),
        )
    )


def write_receipt_page(told: Receipt) -> bytes:
    """Write a self-contained page."""
    body = (
        section(f"part-{number}", heading, "".join(f"<p>{escape(each)}</p>" for each in sentences))
        for number, (heading, sentences) in enumerate(receipt_sections(told))
    )
    return page(TITLE, body, SHEET_STYLE)


def write_receipt_text(told: Receipt) -> bytes:
    """Write UTF-8 for a letter or an e-mail."""
    return written(TITLE, receipt_sections(told)).encode("utf-8", "replace")


def written(title: str, sections: Sequence[Section]) -> str:
    """Write sections as plain text, `WIDTH` characters wide."""
    lines = [title, "=" * len(title)]
    for heading, sentences in sections:
        lines += ["", heading, "-" * len(heading)]
        for each in sentences:
            lines += ["", *textwrap.wrap(one_line(each), WIDTH)]
    return "\n".join(lines) + "\n"


def _with_content(sections: Sequence[Section]) -> tuple[Section, ...]:
    return tuple((heading, told) for heading, told in sections if told)


def _in_the_way(told: Preview) -> tuple[str, ...]:
    sentences = []
    if told.held:
        sentences.append(
            f"A legal hold stands on {listed(told.held)}, so nothing is withdrawn until "
            "somebody lifts it, on the page How long it is kept."
        )
    if told.at_work:
        sentences.append(
            f"The service still works on {listed(told.at_work)}. Wait until it is done, or stop "
            "the work."
        )
    return tuple(sentences)


def _to_know(told: Preview) -> tuple[str, ...]:
    sentences = []
    if told.key_gone:
        sentences.append(
            "The key of who is who was destroyed. They can no longer be found by name, only by "
            "labels that transcripts carry: where others mention them, that is found only where "
            "their label stands for it."
        )
    if told.not_ready:
        sentences.append(
            f"Of {listed(told.not_ready)} there is no transcript, so nobody can tell who speaks. "
            "Its sound stays: where it is theirs, erase the recording itself."
        )
    if told.withdraw_by is not None:
        sentences.append(
            f"They were told that they may withdraw until {told.withdraw_by.day} "
            f"{told.withdraw_by:%B %Y}. After it, consent can be withdrawn still (GDPR Art. 7(3))."
        )
    return tuple(sentences)


def _erased(recordings: Sequence[Affected]) -> tuple[str, ...]:
    return tuple(
        f"{_named(each)}: sound, all versions of the transcript, decisions and releases. Nobody "
        "else takes part in it."
        for each in recordings
        if each.fate is Fate.ERASED
    )


def _taken_out(recordings: Sequence[Affected], what_to_do: str) -> tuple[str, ...]:
    return tuple(
        sentence
        for each in recordings
        if each.fate is Fate.TAKEN_OUT
        for sentence in (f"{_named(each)}: {_how_much(each)}.", *_nobodys(each, what_to_do))
    )


def _nobodys(each: Affected, what_to_do: str) -> tuple[str, ...]:
    """Say what may be theirs, and nobody can tell."""
    sentences = []
    if each.unclear_ms:
        sentences.append(
            f"{_named(each)}: speech that nobody wrote down, {length(each.unclear_ms)} besides, is "
            "silenced too, because it may be theirs."
        )
    if each.unknown_words:
        sentences.append(
            f"{_named(each)}: {counted(each.unknown_words, 'word', 'words')} of an unknown "
            f"speaker, or of several at once, may be theirs and stay. {what_to_do}"
        )
    return tuple(sentences)


def _how_much(each: Affected) -> str:
    parts = []
    if each.turns:
        parts.append(
            f"{counted(each.turns, 'turn', 'turns')} of theirs, "
            f"{counted(each.words, 'word', 'words')}, {length(each.sound_ms)}: "
            f"{CONTRIBUTION_WITHDRAWN} stands in their place, and where there is sound, it is "
            "silenced"
        )
    if each.mentions or not each.turns:
        parts.append(f"{counted(each.mentions, 'mention', 'mentions')} of them by others")
    return ", and ".join(parts)


def _names(told: Preview) -> tuple[str, ...]:
    sentences = []
    if told.on_roster:
        sentences.append("Their entry on the roster, with all names that stand there.")
    if told.key_entries or told.decisions:
        sentences.append(f"{_of_key(told)}.")
    sentences.append("Their label is given to nobody again.")
    return tuple(sentences)


def _of_key(told: Preview | Receipt) -> str:
    counts = [
        (told.key_entries, "entry", "entries", "in the key of who is who"),
        (told.decisions, "decision", "decisions", "on their name for the whole study"),
    ]
    return listed(
        [f"{counted(number, one, many)} {what}" for number, one, many, what in counts if number]
    )


def _names_gone(told: Receipt) -> tuple[str, ...]:
    return (
        "The roster does not know them any more."
        if told.on_roster
        else "They were not on the roster.",
        *((f"Erased: {_of_key(told)}.",) if told.key_entries or told.decisions else ()),
        "The label is given to nobody again.",
    )


def _to_recall(told: Preview) -> tuple[str, ...]:
    fates = {each.recording_id: each for each in told.recordings}
    return tuple(
        f"{_named(fates[each.recording_id])}, version {each.number}: "
        + (
            "no version takes its place."
            if fates[each.recording_id].fate is Fate.ERASED
            else "a version without them takes its place."
        )
        for each in told.recalled
    )


def _were_recalled(told: Receipt) -> tuple[str, ...]:
    named = {each.recording_id: _named(each) for each in told.recordings}
    return tuple(_recalled(each, named[each.recording_id]) for each in told.recalled)


def _recalled(each: Recalled, named: str) -> str:
    instead = (
        f"version {each.next_number} takes its place"
        if each.next_number is not None
        else "no version takes its place"
    )
    untold = (
        f" {counted(each.places_untold, 'place', 'places')} that it was handed off to could not be "
        "told before it was erased: tell whoever runs it."
        if each.places_untold
        else ""
    )
    return f"{named}, version {each.number} (release {each.release_id}): {instead}.{untold}"


def _not_erased(told: Preview) -> tuple[str, ...]:
    codes = {each.recording_id: _named(each) for each in told.recordings}
    return (*_copies(told.copies, codes), *NOT_REACHED)


def _copies(copies: Sequence[CopyTaken], named: dict[str, str]) -> tuple[str, ...]:
    """Say once what the same people did with the same recording on the same day."""
    found: dict[str, int] = {}
    for each in copies:
        of = f" of {named[each.recording_id]}" if each.recording_id in named else ""
        done = DONE[Action(each.action)]
        sentence = f"{_day(each.at_ms)}: {each.by_role} {done}{of}"
        found[sentence] = found.get(sentence, 0) + 1
    times = tuple(
        f"{sentence}{f', {number} times' if number > 1 else ''}."
        for sentence, number in found.items()
    )
    if not times:
        return ()
    return (
        "These copies left the service before. Ask whoever has them to delete them:",
        *times,
    )


def _about(told: Receipt) -> tuple[str, ...]:
    if told.finished_at_ms is not None:
        ended = f"It ended on {_clock(told.finished_at_ms)}."
    elif told.stopped is not None:
        ended = f"It is not done: {why_it_stopped(told.stopped)}"
    else:
        ended = "It goes on: what is not done yet is done by itself. Look again in a minute."
    return (
        f"Withdrawal {told.id} in study {told.study_id}. It began on {_clock(told.started_at_ms)}. "
        f"{ended}",
        "This receipt names nobody. Whose it is, you know from the request that you answer.",
    )


def _echoes(told: Receipt) -> tuple[str, ...]:
    if not told.echoes:
        return ()
    return (
        f"{counted(told.echoes, 'reply', 'replies')} of others may repeat what was withdrawn. A "
        "person decides on each: it stays, or it is withheld. They are listed in the study, with "
        "what was decided on each.",
    )


def _codes(told: Receipt) -> dict[str, str]:
    return {each.recording_id: _named(each) for each in told.recordings}


def _named(each: Affected) -> str:
    return each.code if each.code is not None else f"Recording {each.recording_id}"


def _day(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d}"


def _clock(at_ms: int) -> str:
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d at %H:%M} UTC"
