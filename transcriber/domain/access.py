"""Who may do what: roles, permissions, and the table that joins them. All else is refused.

An administrator runs the service: accounts, machines, disk. That alone opens no study; whoever
works in a study is a member of it, with one role.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a member is in a study.

    The lead may do everything in it: whoever works alone has to hear what they manage.
    """

    LEAD = "lead"
    DATA_MANAGER = "data_manager"
    RESEARCHER = "researcher"
    REVIEWER = "reviewer"
    ANALYST = "analyst"


class Permission(StrEnum):
    """What can be done; every route of the service names one."""

    # Of anybody, of whoever is signed in, of them in person and not by a token, of those who may
    # begin studies, of administrators.
    ANYBODY = "anybody"
    SIGNED_IN = "signed_in"
    OWN_ACCOUNT = "own_account"
    BEGIN_STUDY = "begin_study"
    MANAGE_SERVICE = "manage_service"
    # In a study.
    SEE_STUDY = "see_study"
    EDIT_STUDY = "edit_study"
    MANAGE_MEMBERS = "manage_members"
    SEE_NAMES = "see_names"
    EDIT_NAMES = "edit_names"
    UPLOAD = "upload"
    SEE_RECORDINGS = "see_recordings"
    HEAR_AND_READ = "hear_and_read"
    REVIEW = "review"
    SIGN_OFF = "sign_off"
    RUN_JOBS = "run_jobs"
    SEE_RELEASES = "see_releases"
    EXPORT_KEY = "export_key"
    ANSWER_REQUESTS = "answer_requests"
    ERASE = "erase"
    MANAGE_WEBHOOKS = "manage_webhooks"
    SEE_AUDIT = "see_audit"


_L, _D, _R, _V, _A = Role

ALLOWED: Mapping[Permission, frozenset[Role]] = {
    Permission.SEE_STUDY: frozenset({_L, _D, _R, _V, _A}),
    Permission.EDIT_STUDY: frozenset({_L, _D, _R}),
    Permission.MANAGE_MEMBERS: frozenset({_L, _D}),
    Permission.SEE_NAMES: frozenset({_L, _D, _R, _V}),
    Permission.EDIT_NAMES: frozenset({_L, _D, _R, _V}),
    Permission.UPLOAD: frozenset({_L, _D, _R}),
    Permission.SEE_RECORDINGS: frozenset({_L, _D, _R, _V}),
    Permission.HEAR_AND_READ: frozenset({_L, _R, _V}),
    Permission.REVIEW: frozenset({_L, _R, _V}),
    Permission.SIGN_OFF: frozenset({_L, _R, _V}),
    Permission.RUN_JOBS: frozenset({_L, _D, _R}),
    Permission.SEE_RELEASES: frozenset({_L, _D, _R, _V, _A}),
    Permission.EXPORT_KEY: frozenset({_L, _D}),
    Permission.ANSWER_REQUESTS: frozenset({_L, _D}),
    Permission.ERASE: frozenset({_L, _D}),
    Permission.MANAGE_WEBHOOKS: frozenset({_L, _D}),
    Permission.SEE_AUDIT: frozenset({_L, _D}),
}
"""In a study: which roles may do what. An analyst reaches no key, and only what was released."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who is signed in, or a program with a token of theirs.

    `roles` has the role in each study, by its id; `scopes` are the only permissions that a token
    gives, None where there is no such limit.
    """

    account_id: str
    is_admin: bool = False
    begins_studies: bool = False
    roles: Mapping[str, Role] = field(default_factory=dict)
    scopes: frozenset[Permission] | None = None

    def may(self, permission: Permission, study_id: str | None = None) -> bool:
        """Whether they may do `permission`, in the study of this id where it is one of a study."""
        if self.scopes is not None and permission not in {*self.scopes, Permission.SIGNED_IN}:
            return False
        if permission in (Permission.ANYBODY, Permission.SIGNED_IN):
            return True
        if permission is Permission.OWN_ACCOUNT:
            return self.scopes is None
        if permission is Permission.MANAGE_SERVICE:
            return self.is_admin
        if permission is Permission.BEGIN_STUDY:
            return self.begins_studies
        return study_id is not None and self.roles.get(study_id) in ALLOWED.get(permission, ())
