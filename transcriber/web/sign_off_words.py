"""What pages of sign-off call things: what is missing, what is pointed out, what still tells."""

from transcriber.domain.leak_check import Reason, Verdict
from transcriber.domain.residual_risk import About
from transcriber.services.review.standing import Missing

MISSING = {
    Missing.AT_WORK: ("", "Look at the recording"),
    Missing.SEARCHING: ("/sign-off", "Look again"),
    Missing.DRAFT: ("", "Look at the recording"),
    Missing.NOTHING_LEFT: ("/review", "Open the review"),
    Missing.UNDECIDED: ("/review", "Decide on them"),
    Missing.STALE: ("/read", "Read them again"),
    Missing.UNHEARD: ("/review", "Go on listening"),
    Missing.UNREAD: ("/read", "Read them"),
    Missing.BLOCKED: ("/sign-off#second-look", "See the places"),
    Missing.NOT_LOOKED_AT: ("/sign-off#second-look", "See the places"),
    Missing.ASKED_OUT: ("/sign-off#asked-out", "See what was asked"),
    Missing.ECHOES: ("/review", "Decide on them"),
    Missing.RELEASED: ("", "Look at the recording"),
    Missing.NO_CONSENT: ("/review", "Open the review"),
}
"""Where somebody goes about it, below the recording, and what the link says."""

LEADS_TO_TURN = {
    Missing.UNDECIDED: "/review",
    Missing.UNHEARD: "/review",
    Missing.STALE: "/review",
    Missing.UNREAD: "/read",
    Missing.BLOCKED: "/review",
    Missing.NOT_LOOKED_AT: "/review",
    Missing.ECHOES: "/review",
    Missing.NO_CONSENT: "/review",
}

CHECKS = {
    Verdict.PASS: "Pass",
    Verdict.REVIEW: "To look at",
    Verdict.BLOCK: "Must not leave",
}

REASONS = {
    Reason.METADATA: "a known name in a label, a code or the name of the study",
    Reason.ORIGINAL: "a known name, or what was replaced elsewhere",
    Reason.PART: "part of something that was replaced elsewhere",
    Reason.SOUND: "sounds like a known name",
    Reason.REMNANT: "looks like the rest of what was replaced beside it",
    Reason.SPELT: "letters one by one",
    Reason.ADDRESS: "looks like an address or a postcode",
    Reason.NUMBER: "four figures or more",
    Reason.FRAGMENT: "breaks off and begins like a known name",
    Reason.CAPITAL: "a capital where ordinary words have none",
    Reason.RARE_WORD: "no ordinary word",
}


ABOUT = {
    About.SELF: "of themselves",
    About.CLOSE: "of family or friends",
    About.OTHER: "of somebody they tell of",
    About.TOLD: "told by another",
}
