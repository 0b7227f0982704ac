"""Studies as people make and change them: name, roster, policy, consent, retention, hand-off."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from transcriber.domain.access import Role
from transcriber.domain.audit import Action
from transcriber.domain.errors import PolicyError, UsageError
from transcriber.domain.policy import Policy
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.retention import Held, Retention
from transcriber.domain.roster import NOBODY_KNOWN, Roster
from transcriber.domain.study_terms import UNDECIDED, StudyTerms
from transcriber.services.accounts import known_account
from transcriber.services.consent.work import ask_anew
from transcriber.services.page import Page, cursor_of, place_of
from transcriber.services.policy_file import (
    load_policy,
    require_first_seeks_all,
    require_one_locale,
    shipped_policies,
)
from transcriber.services.store import Store
from transcriber.services.study_form import checked_roster
from transcriber.services.typed_text import require_text
from transcriber.storage.database.audit_events import AuditEvent
from transcriber.storage.database.database import Conflict
from transcriber.storage.database.memberships import Membership, add_member
from transcriber.storage.database.recording_states import count_states
from transcriber.storage.database.studies import Agreed, Study, lock_study

LONGEST_STUDY_NAME = 200
LONGEST_RETENTION_DAYS = 36_525
"""A hundred years: longer is a slip of the hand."""

LONGEST_WARNING_DAYS = 365


@dataclass(frozen=True, slots=True)
class StudyDraft:
    """What somebody wrote about a study; policies by the names of those that are shipped."""

    name: str
    roster: Roster = NOBODY_KNOWN
    policies: tuple[str, ...] = ("default",)
    terms: StudyTerms = UNDECIDED


@dataclass(frozen=True, slots=True)
class StudySummary:
    """A study in a list: how many recordings are in each state. The time is UTC milliseconds."""

    id: str
    name: str
    created_at_ms: int
    version: int
    recordings: Mapping[RecordingState, int]


def list_studies(
    store: Store, study_ids: Collection[str], cursor: str | None = None, limit: int = 50
) -> Page[StudySummary]:
    """Return a page of some studies, those of an account, the newest first.

    Raises UsageError for a cursor that is none.
    """
    with store.database.read() as connection:
        found = store.studies.page(connection, study_ids, place_of(cursor), limit + 1)
        shown = found[:limit]
        counted = count_states(connection, [study.id for study in shown])
    more = cursor_of(shown[-1].created_at_ms, shown[-1].id) if len(found) > limit else None
    return Page(
        tuple(
            StudySummary(
                study.id,
                study.name,
                study.created_at_ms,
                study.version,
                counted.get(study.id, Counter()),
            )
            for study in shown
        ),
        more,
    )


def show_study(store: Store, study_id: str) -> Study:
    """Return a study. Raises UsageError where there is none."""
    with store.database.read() as connection:
        study = store.studies.get(connection, study_id)
    if study is None:
        raise no_such_study()
    return study


def create_study(store: Store, actor_id: str, draft: StudyDraft) -> Study:
    """Make a study, of which the account `actor_id` is the lead.

    Raises UsageError when the name will not do or is taken, RosterError, PolicyError.
    """
    agreed = _agreed(draft, ())
    name = _name(draft.name)
    try:
        with store.database.write() as connection:
            known_account(store, connection, actor_id)
            study = store.studies.add(connection, name, agreed)
            add_member(connection, Membership(study.id, actor_id, Role.LEAD))
            store.audit.record(connection, AuditEvent(Action.STUDY_CREATED, actor_id, study.id))
    except Conflict:
        raise _name_taken() from None
    return study


def edit_study(
    store: Store, actor_id: str, study_id: str, draft: StudyDraft, version: int
) -> Study:
    """Replace what is kept of a study, whose `version` the editor has seen.

    Recordings that are done keep what they were given. Where from now on each person is asked for
    consent, work that it does not cover is stopped. Raises UsageError `changed_meanwhile` where
    somebody else was faster, and what `create_study` raises.
    """
    name = _name(draft.name)
    try:
        with store.database.write() as connection:
            lock_study(connection, study_id)
            study = store.studies.get(connection, study_id)
            if study is None:
                raise no_such_study()
            if study.version != version:
                raise changed_meanwhile()
            agreed = _agreed(draft, study.agreed.policies)
            asked_each = study.agreed.terms.consent_per_person
            study = store.studies.change(connection, study, name, agreed)
            if agreed.terms.consent_per_person != asked_each:
                ask_anew(store, connection, actor_id, study)
            store.audit.record(connection, AuditEvent(Action.CHANGED, actor_id, study.id))
    except Conflict:
        raise _name_taken() from None
    return study


def draft_of(study: Study) -> StudyDraft:
    """Return what a study holds as a draft to change."""
    agreed = study.agreed
    names = tuple(policy.name for policy in agreed.policies)
    return StudyDraft(study.name, agreed.roster, names, agreed.terms)


def edit_roster(store: Store, actor_id: str, study_id: str, roster: Roster, version: int) -> Study:
    """Replace the roster of a study and nothing else. Raises what `edit_study` raises."""
    draft = replace(draft_of(show_study(store, study_id)), roster=roster)
    return edit_study(store, actor_id, study_id, draft, version)


def no_such_study() -> UsageError:
    """Say that there is no study of an id."""
    return UsageError("not_found", "There is no such study, or it is not yours to see.")


def changed_meanwhile() -> UsageError:
    """Say that somebody else has changed what was to be changed."""
    return UsageError(
        "changed_meanwhile",
        "Somebody else has changed this since you opened it. Open it again, and make your change "
        "once more.",
    )


def _name(name: str) -> str:
    return require_text(name, LONGEST_STUDY_NAME, "The name of the study").strip()


def _agreed(draft: StudyDraft, before: tuple[Policy, ...]) -> Agreed:
    """Return what a draft agrees on; a policy of one's own stays for as long as it is named."""
    require_retention(draft.terms.retention)
    if not draft.policies:
        raise UsageError("no_policy", "The study has no policy. Choose one.")
    own = {policy.name: policy for policy in before}
    for name in draft.policies:
        require_known_policy(name, own)
    policies = tuple(own.get(name) or load_policy(name) for name in dict.fromkeys(draft.policies))
    require_one_locale(policies)
    if policies != before:
        require_first_seeks_all(policies)
    return Agreed(checked_roster(draft.roster), policies, draft.terms)


def require_retention(retention: Retention) -> None:
    """Raise UsageError `bad_retention` for days that are none."""
    days = [retention.rule(held).days_after_release for held in Held]
    if not all(each is None or 0 <= each <= LONGEST_RETENTION_DAYS for each in days):
        raise UsageError(
            "bad_retention",
            f"Things can be kept for 0 to {LONGEST_RETENTION_DAYS} days after release, or until "
            "somebody erases them.",
        )
    if not 1 <= retention.warning_days <= LONGEST_WARNING_DAYS:
        raise UsageError(
            "bad_retention", f"People can be told 1 to {LONGEST_WARNING_DAYS} days before."
        )


def require_known_policy(name: str, own: Collection[str]) -> None:
    """Raise PolicyError for a policy that is neither shipped nor the study's own.

    On the command line a policy may be the path of a file; nobody names files of the server here.
    """
    if name not in own and name not in shipped_policies():
        raise PolicyError("unknown_policy", "There is no such policy. Choose one of those shown.")


def _name_taken() -> UsageError:
    return UsageError("name_taken", "There is a study of this name already. Choose another one.")
