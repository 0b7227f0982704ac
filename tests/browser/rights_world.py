"""Studies in which people asked for their rights: somebody withdrew, a hold stands, days come."""

import time
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from pathlib import Path

from tests.checked import Checked, recording_to_check
from tests.service.signing import signed_all
from tests.withdrawing import Withdrawn, study_to_withdraw_from
from transcriber.domain.consent import Answer, Consent
from transcriber.domain.recording import Kind
from transcriber.domain.retention import DAY_MS, Retention, Rule
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.study_terms import StudyTerms
from transcriber.services.consent.book import put_consents
from transcriber.services.retention.keeping import place_hold
from transcriber.services.retention.purge import Look, purge
from transcriber.services.store import Store
from transcriber.services.studies import (
    StudyDraft,
    create_study,
    draft_of,
    edit_study,
    show_study,
)
from transcriber.services.withdrawal.preview import preview_withdrawal
from transcriber.services.withdrawal.withdraw import withdraw_participant

MANY = 60
"""Participants of a study of which consent is kept for each."""


@dataclass(frozen=True)
class RightsWorld:
    """What is there, by study: `kept` has due days and destroyed sound, `asked` many consents."""

    withdrawn: Withdrawn
    withdrawal_id: str
    kept: Checked
    asked_id: str


def make_rights_world(store: Store, folder: Path, account_id: str) -> RightsWorld:
    """Make it, led by an account."""
    withdrawn = study_to_withdraw_from(store, folder, account_id)
    shown = preview_withdrawal(store, withdrawn.study_id, ["P01"])
    receipt = withdraw_participant(store, account_id, withdrawn.study_id, ["P01"], shown.stamp)
    no = Answer.NOT_AGREED
    refused = Consent("P02", None, Answer.AGREED, Answer.AGREED, no, no, no, date(2026, 1, 12))
    put_consents(store, account_id, withdrawn.study_id, [refused])
    return RightsWorld(
        withdrawn, receipt.id, _kept(store, folder, account_id), _asked(store, account_id)
    )


def _kept(store: Store, folder: Path, account_id: str) -> Checked:
    """Of three recordings the sound of two is gone and one is held; words are due in a week."""
    first = recording_to_check(store, folder, account_id)
    study_id = first.study_id
    others = [
        recording_to_check(store, folder, account_id, study_id=study_id, kind=Kind.INDIVIDUAL)
        for _ in range(2)
    ]
    for each in (first, *others):
        signed_all(each)
    days = Rule(days_after_release=30)
    _promise(store, account_id, study_id, Retention(sound=days))
    place_hold(
        store,
        account_id,
        study_id,
        others[1].recording_id,
        "A complaint to the hospital trust is open; the panel may ask for the recording.",
    )
    purge(store, Look(round(time.time() * 1000) + 31 * DAY_MS, study_id, trusted=True))
    soon = datetime.now(UTC).date() + timedelta(days=7)
    words, key = Rule(on=soon), Rule(on=soon + timedelta(days=60))
    _promise(store, account_id, study_id, Retention(days, words, key))
    return first


def _promise(store: Store, account_id: str, study_id: str, retention: Retention) -> None:
    study = show_study(store, study_id)
    terms = replace(study.agreed.terms, retention=retention)
    edit_study(store, account_id, study_id, replace(draft_of(study), terms=terms), study.version)


def _asked(store: Store, account_id: str) -> str:
    people = [Participant(f"Participant Number {n}", f"P{n:02}") for n in range(1, MANY + 1)]
    terms = StudyTerms(consent_per_person=True)
    draft = StudyDraft("Sixty mothers in one trust", Roster(tuple(people)), terms=terms)
    study_id = create_study(store, account_id, draft).id
    answers = cycle((Answer.AGREED, Answer.AGREED, Answer.NOT_AGREED, Answer.NOT_ON_RECORD))
    given = [
        Consent(
            str(each.label),
            quoted=next(answers),
            archived=next(answers),
            voices=next(answers),
            given_on=date(2026, 1, 12),
        )
        for each in people[: MANY - 5]
    ]
    put_consents(store, account_id, study_id, given)
    return study_id


def rights_places(world: RightsWorld) -> dict[str, str]:
    """Return the pages, by name."""
    left = f"/studies/{world.withdrawn.study_id}"
    group = f"{left}/recordings/{world.withdrawn.group.recording_id}"
    told = f"{left}/recordings/{world.withdrawn.told.recording_id}"
    kept = f"/studies/{world.kept.study_id}"
    return {
        "withdrawn-study": left,
        "withdrawn-recording": group,
        "withdrawn-review": f"{group}/review",
        "withdrawn-sign-off": f"{group}/sign-off",
        "withdrawn-history": f"{group}/review/history",
        "withdrawn-released": f"{left}/released",
        "withdrawn-echoes": f"{left}/echoes",
        "withdrawn-audit": f"{left}/audit",
        "sign-off-no-consent": f"{told}/sign-off",
        "withdrawal-done": f"{left}/withdrawal",
        "withdrawal-receipt": f"{left}/withdrawal/{world.withdrawal_id}",
        "consent-few": f"{left}/consent",
        "consent-many": f"/studies/{world.asked_id}/consent",
        "retention": f"{kept}/retention",
        "retention-nothing": f"/studies/{world.asked_id}/retention",
        "study-due-soon": kept,
        "recording-without-sound": f"{kept}/recordings/{world.kept.recording_id}",
        "review-without-sound": f"{kept}/recordings/{world.kept.recording_id}/review",
    }
