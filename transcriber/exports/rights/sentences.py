"""Sentences that several documents share, each from how a study is set up."""

from datetime import UTC, datetime

from transcriber.domain.access import Role
from transcriber.domain.finding import IN_WORDS, Action
from transcriber.domain.processing import Processing
from transcriber.domain.retention import Retention, Rule
from transcriber.domain.study_terms import HandOff, Listening
from transcriber.exports.provenance.figures import counted, listed

DRAFT = (
    "Draft, written by Transcriber from how this study is set up. To be checked, completed and "
    "decided on by your data-protection officer; what stands in [brackets] is for you to fill in."
)

ROLES = {
    Role.LEAD: ("lead", "leads"),
    Role.DATA_MANAGER: ("data manager", "data managers"),
    Role.RESEARCHER: ("researcher", "researchers"),
    Role.REVIEWER: ("second reviewer", "second reviewers"),
    Role.ANALYST: ("analyst, who sees releases only", "analysts, who see releases only"),
}
HEARS = frozenset({Role.LEAD, Role.RESEARCHER, Role.REVIEWER})

TOOLS = {
    HandOff.NVIVO: "NVivo",
    HandOff.ATLAS_TI: "ATLAS.ti",
    HandOff.MAXQDA: "MAXQDA",
    HandOff.QUALCODER: "QualCoder",
    HandOff.TAGUETTE: "Taguette",
    HandOff.FOLDER: "a folder",
    HandOff.WEBHOOK: "another program",
}


def day(at_ms: int) -> str:
    """Return a day as `27 November 2026`, in UTC."""
    moment = datetime.fromtimestamp(at_ms / 1000, UTC)
    return f"{moment.day} {moment:%B %Y}"


def members(about: Processing) -> str:
    """Return who works in the study, counted by role."""
    told = [counted(number, *ROLES[role]) for role, number in about.roles.items() if number]
    return listed(told) or "nobody yet"


def hears(about: Processing) -> str:
    """Return who may hear recordings and read raw transcripts, counted by role."""
    told = [counted(about.roles.get(role, 0), *ROLES[role]) for role in Role if role in HEARS]
    return listed([each for each in told if not each.startswith("0 ")]) or "nobody yet"


def kept_places(about: Processing) -> tuple[str, ...]:
    """Return where things are kept and what protects them there."""
    places = about.places
    return (
        "Recordings, transcripts and the key of who is who are encrypted (AES-256-GCM) before they "
        "are stored, with a key for each recording and each study.",
        "The database is " + ("on this machine." if places.database_here else _ELSEWHERE),
        "Encrypted files are "
        + (
            "in a folder of this machine."
            if places.files_here
            else "in storage that is named by "
            "its address in the settings; [say who runs it and where]."
        ),
        "The master key "
        + (
            "comes from a command, such as a key service."
            if places.key_from_command
            else "is a file that only the service's own account may read."
        ),
        *(
            ()
            if places.broker_here
            else ("Work is queued on another machine; only ids are sent there.",)
        ),
    )


_ELSEWHERE = "a server that the settings name; [say who runs it and where]."


def policy_sentences(about: Processing) -> tuple[str, ...]:
    """Return what is replaced, generalised, left to people and kept, by each policy."""
    told = []
    for policy in about.policies:
        by_action = {
            action: [IN_WORDS[kind] for kind, does in policy.actions.items() if does is action]
            for action in Action
        }
        parts = [
            f"{verb}: {listed(by_action[action])}."
            for action, verb in _VERBS.items()
            if by_action[action]
        ]
        told.append(" ".join((f"By the policy '{policy.name}':", *parts)))
    return tuple(told)


_VERBS = {
    Action.REPLACE: "Replaced",
    Action.GENERALISE: "Made less exact",
    Action.FLAG: "Shown to a person, and left unless they decide",
    Action.KEEP: "Kept",
}


def retention(about: Processing) -> str:
    """Return when what identifies people is to be destroyed, and what keeps that from happening."""
    until = limits(about.terms.retention)
    told = [f"{name} is to be destroyed {when}." for name, when in until.items() if when]
    open_ones = [name.lower() for name, when in until.items() if not when]
    if open_ones:
        told.append(
            f"No day is set for destroying {listed(open_ones)}: a person has to decide it. "
            "[Set one.]"
        )
    if about.holds:
        told.append(
            f"{counted(about.holds, 'legal hold stands', 'legal holds stand')}: what that is on is "
            "not destroyed before somebody lifts it."
        )
    return " ".join(told)


def limits(rules: Retention) -> dict[str, str]:
    """Return what identifies people, as a sentence begins with it, and until when it is kept."""
    return {
        "The sound": kept_until(rules.sound_at_latest),
        "The named transcript": kept_until(rules.transcript),
        "The key of who is who": kept_until(rules.key),
    }


def kept_until(rule: Rule) -> str:
    """Return a rule in words, such as `30 days after release`; empty where it leaves it open."""
    days, on = rule.days_after_release, rule.on
    after = f"{counted(days, 'day', 'days')} after release" if days is not None else ""
    by = f"by {on.day} {on:%B %Y}" if on else ""
    both = f"{after} or {by}, whichever comes first"
    return both if after and by else after or by


def recipients(about: Processing) -> tuple[str, ...]:
    """Return where releases go."""
    tools = listed([TOOLS[each] for each in about.terms.hand_off])
    told = [f"Signed transcripts are handed to {tools}." if tools else "No hand-off is set up."]
    if about.webhooks:
        told.append(
            f"{counted(about.webhooks, 'address is', 'addresses are')} told that something was "
            "released; ids are sent, never text."
        )
    if about.terms.release_sound:
        told.append(
            "Sound leaves with the transcripts, without what was taken out. The voice in it still "
            "identifies the person."
        )
    if about.terms.archiving:
        told.append("The study may deposit releases with a data archive. [Name it.]")
    return tuple(told)


def checking(about: Processing) -> str:
    """Return what a person has to do before a transcript leaves."""
    asked = about.terms.checking
    heard = {
        Listening.EVERYTHING: "listened to the whole recording",
        Listening.RISKY: "listened to the risky parts and a random share of the others",
        Listening.NOTHING: "",
    }[asked.listening]
    done = [
        *(("decided on each identifier that was found",) if asked.entities else ()),
        *((heard,) if heard else ()),
        *(("read the text as it will leave",) if asked.cold_read else ()),
    ]
    who = "two people have" if asked.second_reviewer else "a person has"
    if not done:
        return f"A transcript leaves once {who} signed it; nothing else is asked for."
    return f"A transcript leaves once {who} {listed(done)}, and signed it."
