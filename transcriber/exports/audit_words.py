"""What was done, in words that follow whoever did it: "Ada" and "signed in"."""

from collections.abc import Mapping

from transcriber.domain.audit import Action

DONE: Mapping[Action, str] = {
    Action.SIGNED_IN: "signed in",
    Action.SIGN_IN_FAILED: "turned away a sign-in with a wrong password or link",
    Action.SIGN_IN_REFUSED: "refused more attempts to sign in for a while",
    Action.SIGNED_OUT: "signed out",
    Action.PASSWORD_CHANGED: "changed a password",
    Action.ACCOUNT_CREATED: "made an account",
    Action.ACCOUNT_INVITED: "made a link by which somebody gets an account",
    Action.RESET_LINK_MADE: "made a link to set a new password",
    Action.SIGN_IN_LINK_MADE: "made a link to sign in",
    Action.RIGHTS_CHANGED: "changed what an account may do",
    Action.ACCOUNT_DISABLED: "disabled an account",
    Action.ACCOUNT_ENABLED: "let an account in again",
    Action.TOKEN_CREATED: "made a token for a program",
    Action.TOKEN_REVOKED: "revoked a token",
    Action.MEMBER_ADDED: "made somebody a member of the study",
    Action.ROLE_CHANGED: "changed the role of a member",
    Action.MEMBER_REMOVED: "ended a membership",
    Action.STUDY_CREATED: "made the study",
    Action.RECORDING_ADDED: "added a recording",
    Action.JOB_RETRIED: "had a recording worked on again",
    Action.JOB_CANCELLED: "stopped the work on a recording",
    Action.JOB_PRIORITISED: "changed what is worked on first",
    Action.WEBHOOK_CREATED: "had another program told what happens",
    Action.WEBHOOK_REMOVED: "stopped telling another program",
    Action.VIEWED: "read or saw what is confidential",
    Action.PLAYED: "listened",
    Action.CHANGED: "changed something",
    Action.EXPORTED: "took a copy of text",
    Action.SOUND_EXPORTED: "took a copy of sound",
    Action.PARTICIPANT_EXPORTED: "took a copy of all that is held on one participant",
    Action.CONSENT_CHANGED: "changed what somebody agreed to, or who takes part",
    Action.AUDIT_EXPORTED: "took a copy of the audit",
    Action.KEY_ROTATED: "changed the master key",
    Action.SIGNED: "signed a text",
    Action.LOOKED_AT: "looked at a place that the last search pointed out, and left it",
    Action.DRAFT_OVERRIDDEN: "allowed a draft to be signed",
    Action.RELEASED: "released a transcript",
    Action.RELEASE_WITHDRAWN: "withdrew a release",
    Action.DESTINATION_ADDED: "had releases brought somewhere",
    Action.DESTINATION_REMOVED: "stopped bringing releases somewhere",
    Action.HANDED_OFF: "brought a release where the study wants it",
    Action.RECALL_HANDED_OFF: "brought the notice of a recall",
    Action.IDENTIFIER_SEEN: "reported an identifier in a release",
    Action.SIGHTING_ANSWERED: "dealt with a reported identifier",
    Action.RELEASE_RECALLED: "recalled a release",
    Action.PARTICIPANT_WITHDRAWN: "began to take out what a participant gave",
    Action.WITHDRAWAL_FINISHED: "finished taking out what a participant gave",
    Action.ECHO_DECIDED: "decided on words that repeat what was withdrawn",
    Action.SOUND_DESTROYED: "destroyed the sound of a recording as promised",
    Action.TRANSCRIPT_DESTROYED: "destroyed a named transcript as promised",
    Action.KEY_DESTROYED: "destroyed the key of who is who as promised",
    Action.HOLD_PLACED: "placed a legal hold",
    Action.HOLD_LIFTED: "lifted a legal hold",
    Action.ASSESSED: "recorded that nobody can be named any more",
    Action.BACKED_UP: "made a backup",
    Action.RESTORED: "put a backup back",
    Action.RECORDING_ERASED: "erased a recording",
    Action.STUDY_ERASED: "erased the study",
}

_ASKED_FOR = {
    "seen": ("Read or seen", frozenset({Action.VIEWED})),
    "played": ("Listened", frozenset({Action.PLAYED})),
    "changed": (
        "Changed",
        frozenset(
            {
                Action.CHANGED,
                Action.ECHO_DECIDED,
                Action.CONSENT_CHANGED,
                Action.RECORDING_ADDED,
                Action.STUDY_CREATED,
            }
        ),
    ),
    "signed": (
        "Signed, released, recalled",
        frozenset(
            {
                Action.SIGNED,
                Action.LOOKED_AT,
                Action.DRAFT_OVERRIDDEN,
                Action.RELEASED,
                Action.RELEASE_WITHDRAWN,
                Action.IDENTIFIER_SEEN,
                Action.SIGHTING_ANSWERED,
                Action.RELEASE_RECALLED,
            }
        ),
    ),
    "exported": (
        "Taken away",
        frozenset(
            {
                Action.EXPORTED,
                Action.SOUND_EXPORTED,
                Action.PARTICIPANT_EXPORTED,
                Action.AUDIT_EXPORTED,
                Action.HANDED_OFF,
                Action.RECALL_HANDED_OFF,
                Action.BACKED_UP,
            }
        ),
    ),
    "erased": (
        "Erased",
        frozenset(
            {
                Action.RECORDING_ERASED,
                Action.STUDY_ERASED,
                Action.PARTICIPANT_WITHDRAWN,
                Action.WITHDRAWAL_FINISHED,
                Action.SOUND_DESTROYED,
                Action.TRANSCRIPT_DESTROYED,
                Action.KEY_DESTROYED,
            }
        ),
    ),
}

GROUPS: Mapping[str, tuple[str, frozenset[Action]]] = {
    **_ASKED_FOR,
    "others": (
        "Accounts, members, the service",
        frozenset(Action).difference(*(actions for _, actions in _ASKED_FOR.values())),
    ),
}
"""What may be asked for, by its code in addresses: a name, and the actions of it; none in two."""
