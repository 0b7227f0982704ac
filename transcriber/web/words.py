"""Words and figures of pages: states, stages and kinds as people say them, lengths and days."""

from datetime import datetime

from transcriber.domain.access import Permission, Role
from transcriber.domain.recording import Kind
from transcriber.domain.recording_state import RecordingState
from transcriber.pipeline.order import State
from transcriber.services.review.samples import Rate

STATES = {
    RecordingState.WAITING: "Waiting",
    RecordingState.WORKING: "At work",
    RecordingState.FAILED: "Failed",
    RecordingState.CANCELLED: "Stopped",
    RecordingState.DRAFT: "Draft",
    RecordingState.READY: "Ready for checking",
    RecordingState.SIGNED_OFF: "Signed off",
    RecordingState.DESTROYED: "Destroyed as promised",
}

STATE_MARKS = {
    RecordingState.WAITING: "",
    RecordingState.WORKING: "working",
    RecordingState.FAILED: "failed",
    RecordingState.CANCELLED: "",
    RecordingState.DRAFT: "ready",
    RecordingState.READY: "ready",
    RecordingState.SIGNED_OFF: "done",
    RecordingState.DESTROYED: "",
}
"""The class that each state has in the style sheet."""

STAGES = {
    "ingest": "Reading the file",
    "transcribe": "Writing words",
    "diarise": "Telling voices apart",
    "turns": "Noting who speaks when",
    "clips": "Cutting a sample of each voice",
    "voices": "Listening to the voices",
    "compare": "Comparing voices",
    "sound_check": "Checking the sound",
    "review_copy": "Making the copy to listen to",
    "spot": "Listening for names",
    "align": "Giving words to speakers",
    "read": "Reading the transcript",
    "label": "Giving speakers labels",
    "detect": "Finding identifiers",
    "propagate": "Seeking found names again",
    "pseudonymise": "Replacing identifiers",
}

STEPS = {
    State.WAITING: "Waits for others",
    State.READY: "In the queue",
    State.RUNNING: "At work",
    State.DONE: "Done",
    State.FAILED: "Failed",
    State.CANCELLED: "Stopped",
}

STEP_MARKS = {
    State.WAITING: "",
    State.READY: "",
    State.RUNNING: "working",
    State.DONE: "done",
    State.FAILED: "failed",
    State.CANCELLED: "",
}

KINDS = {Kind.INDIVIDUAL: "Interview", Kind.GROUP: "Focus group"}

LANGUAGES = {
    "en": "English",
    "auto": "Find out from the recording",
    "ar": "Arabic",
    "bn": "Bengali",
    "cy": "Welsh",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "gu": "Gujarati",
    "hi": "Hindi",
    "it": "Italian",
    "pa": "Punjabi",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "so": "Somali",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "zh": "Chinese",
}
"""Languages of talk by their codes, first those that are asked for most."""

ROLES = {
    Role.LEAD: "Lead",
    Role.DATA_MANAGER: "Data manager",
    Role.RESEARCHER: "Researcher",
    Role.REVIEWER: "Second reviewer",
    Role.ANALYST: "Analyst",
}

ROLE_DUTIES = {
    Role.LEAD: "Leads the study: does all that the others do, and manages it.",
    Role.DATA_MANAGER: "Manages members, names, retention and erasing; does not hear or read.",
    Role.RESEARCHER: "Adds recordings, listens, checks and signs off.",
    Role.REVIEWER: "Listens, checks and signs off; adds nothing.",
    Role.ANALYST: "Sees what was signed off and released; hears nothing.",
}


PERMISSIONS = {
    Permission.SEE_STUDY: "see studies",
    Permission.BEGIN_STUDY: "make studies",
    Permission.EDIT_STUDY: "change studies",
    Permission.MANAGE_MEMBERS: "change members",
    Permission.SEE_NAMES: "see names on rosters",
    Permission.EDIT_NAMES: "change names on rosters",
    Permission.UPLOAD: "add recordings",
    Permission.SEE_RECORDINGS: "see recordings and how far they are",
    Permission.RUN_JOBS: "try again and stop",
    Permission.HEAR_AND_READ: "hear recordings and read raw transcripts",
    Permission.REVIEW: "check",
    Permission.SIGN_OFF: "sign off",
    Permission.SEE_RELEASES: "see releases",
    Permission.EXPORT_KEY: "export the key",
    Permission.ANSWER_REQUESTS: "export what is held on a participant",
    Permission.ERASE: "erase",
    Permission.MANAGE_WEBHOOKS: "manage webhooks",
    Permission.SEE_AUDIT: "see the audit log",
    Permission.MANAGE_SERVICE: "manage the service",
}
"""What a token may be allowed, in the order in which it is asked."""


def length(duration_ms: int | None) -> str:
    """Return a length as `42:10` or `1:03:22`; a hyphen where it is not known yet."""
    if duration_ms is None:
        return "-"
    minutes, seconds = divmod(round(duration_ms / 1000), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"


def day(at_ms: int) -> str:
    """Return a day as `26 November 2026`, in the time zone of the server."""
    moment = datetime.fromtimestamp(at_ms / 1000).astimezone()
    return f"{moment.day} {moment:%B %Y}"


def clock(at_ms: int) -> str:
    """Return a moment as `26 November 2026, 14:02`, in the time zone of the server."""
    return f"{day(at_ms)}, {datetime.fromtimestamp(at_ms / 1000).astimezone():%H:%M}"


def size(size_bytes: int) -> str:
    """Return a size as `12 kB`, `640 MB` or `1.2 GB`."""
    if size_bytes < 1_000_000:
        return f"{-(-size_bytes // 1000)} kB"
    if size_bytes < 1_000_000_000:
        return f"{size_bytes / 1e6:.0f} MB"
    return f"{size_bytes / 1e9:.1f} GB"


def counted(number: int, one: str, many: str) -> str:
    """Return `1 recording` or `2 recordings`."""
    return f"{number:,} {one if number == 1 else many}"


def hours_and_minutes(duration_ms: float) -> str:
    """Return a time that somebody needs as `3 h 20 min`, to the minute."""
    minutes = round(duration_ms / 60_000)
    if not minutes:
        return "no time" if duration_ms <= 0 else "a minute"
    hours, minutes = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours:,} h {minutes} min" if minutes else f"{hours:,} h"


def error_rate(rate: Rate) -> str:
    """Return a share of errors with its interval, as `4.2 % (2.1 to 6.5)`."""
    if rate.rate is None:
        return "-"
    share = f"{rate.rate * 100:.1f} %"
    if rate.interval is None:
        return f"{share} (too few stretches for an interval)"
    low, high = rate.interval
    return f"{share} ({low * 100:.1f} to {high * 100:.1f})"
