"""What participants agreed to, in words: for pages, a participant's file, and a withdrawal."""

from collections.abc import Collection, Mapping
from datetime import date

from transcriber.domain.consent import Answer, Consent, ConsentBook, ConsentTo

HEADINGS = {
    ConsentTo.RECORDED: "Recorded",
    ConsentTo.TRANSCRIBED: "Transcribed",
    ConsentTo.QUOTED: "Quoted",
    ConsentTo.ARCHIVED: "Archived",
    ConsentTo.VOICES: "Voices compared",
}
"""The five things, as columns are headed."""

ANSWERS = {
    Answer.AGREED: "agreed",
    Answer.NOT_AGREED: "did not agree",
    Answer.NOT_ON_RECORD: "not on record",
}

ANY_TIME = "Consent can be withdrawn at any time (GDPR Art. 7(3))."


def withdraw_by_sentence(consent: Consent, today: date) -> str:
    """Return what they were told on withdrawing, empty where no day was named to them."""
    until = consent.withdraw_by
    if until is None:
        return ""
    if today <= until:
        return f"They were told that they can withdraw until {day(until)}. {ANY_TIME}"
    return (
        f"They were told that they could withdraw until {day(until)}. {ANY_TIME} So a withdrawal "
        "is not refused after that day; what was handed on or published since may not come back."
    )


def consent_sentences(
    book: ConsentBook, labels: Collection[str], codes: Mapping[str, str]
) -> tuple[str, ...]:
    """Return what is on record of somebody with these labels, a sentence each.

    `codes` are those of recordings by id.
    """
    told: list[str] = []
    for consent in book.consents:
        if consent.label not in labels:
            continue
        where = "in all recordings"
        if consent.recording_id is not None:
            where = f"in recording {codes.get(consent.recording_id, 'that is gone')}"
        told += [
            f"{HEADINGS[to]}, as {consent.label} {where}: {ANSWERS[consent.answer(to)]}."
            for to in ConsentTo
            if consent.answer(to) is not Answer.NOT_ON_RECORD
        ]
        if consent.given_on is not None:
            told.append(f"Consent as {consent.label} {where} is of {day(consent.given_on)}.")
        if consent.withdraw_by is not None:
            told.append(
                f"Told as {consent.label}: they can withdraw until {day(consent.withdraw_by)}. "
                f"{ANY_TIME}"
            )
    if told or not book.is_per_person:
        return tuple(told)
    return ("No consent of this person is on record, which counts as not agreed.",)


def day(on: date) -> str:
    """Return a day as `27 November 2026`."""
    return f"{on.day} {on:%B %Y}"
