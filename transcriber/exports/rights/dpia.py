"""A draft of a data-protection impact assessment, in the order of GDPR Art. 35(7)(a) to (d)."""

from transcriber.domain.processing import Processing
from transcriber.exports.provenance.committee import NOT_PROMISED, STILL_PSEUDONYMOUS, Section
from transcriber.exports.provenance.figures import counted, listed
from transcriber.exports.rights.sentences import (
    DRAFT,
    checking,
    hears,
    kept_places,
    limits,
    members,
    policy_sentences,
    recipients,
    retention,
)

MEASURED = (
    "In the makers' own test interviews, which no rule was made from, the software found about 99 "
    "in 100 mentions of names and numbers in text as it was written, eight in ten organisations "
    "and about nine in ten of what identifies indirectly; in some texts one was left. After a "
    "small recogniser misheard names, a word of a name was left in about a quarter of mentions. "
    "Your recordings will differ."
)
"""docs/measurements.md: "Redaction of texts" (kept back) and "Names through a recogniser"."""


def dpia_sections(about: Processing) -> tuple[Section, ...]:
    """Return the draft, filled in as far as the software knows."""
    engines = listed(about.engines) or "not known yet"
    return (
        ("About this document", (DRAFT,)),
        (
            "What is done",
            (
                f"Study: {about.study}. {counted(about.individual, 'interview', 'interviews')}, "
                f"{counted(about.groups, 'focus group', 'focus groups')}, "
                f"{counted(about.releases, 'release', 'releases')} so far.",
                "Recordings are uploaded, transcribed and divided into speakers by software on the "
                f"machine where Transcriber {about.version} runs ({engines}); what identifies "
                "people is sought and replaced; a person checks it; what was signed is handed on.",
                checking(about),
                *policy_sentences(about),
                *recipients(about),
            ),
        ),
        (
            "Why it is needed, and whether less would do",
            (
                "[Say why recordings are needed, why they have to be transcribed, and why the data "
                "named here suffice.]",
                retention(about),
                "Voices are compared across recordings because participants agreed. [Say why it is "
                "needed: voice prints are biometric data.]"
                if about.terms.voice_comparison
                else "Voices are not compared across recordings.",
            ),
        ),
        ("Who can reach what", _reach(about)),
        ("Risks to participants and to those they speak about", _risks(about)),
        (
            "What is done against them",
            (
                *kept_places(about),
                "Nothing that no person signed leaves as checked. A second search with other means "
                "looks for known names in every file before it leaves.",
                "Each participant can be told what is held on them. Where one withdraws, their "
                "recordings are erased, their turns in groups and mentions of them by name are "
                "taken out, and releases are recalled; a receipt says what could not be erased.",
                "What is erased loses its key first, so that encrypted files that are left "
                "somewhere cannot be read. [State how long backups from before are kept.]",
                "What is left to judge: whether the measures outweigh the risks. [Your decision, "
                "the advice of the data-protection officer, and the views of participants.]",
            ),
        ),
    )


def _reach(about: Processing) -> tuple[str, ...]:
    administrators = counted(
        about.administrators,
        "administrator of the service manages accounts and sees",
        "administrators of the service manage accounts and see",
    )
    return (
        f"Members of the study: {members(about)}.",
        f"Hear recordings and read raw transcripts: {hears(about)}.",
        f"{administrators} no study because of that. "
        "Whoever can read the master key on the server can read everything.",
        "Every use is written down by id.",
    )


def _risks(about: Processing) -> tuple[str, ...]:
    return (
        "Somebody is recognised in a released transcript: by a name that was missed, or by what "
        f"they tell. {NOT_PROMISED}",
        MEASURED,
        STILL_PSEUDONYMOUS,
        "Automatic transcription mishears, and may give words to the wrong person.",
        "Somebody hears or reads raw recordings who may not: through a stolen account, a stolen "
        "master key or the machine itself.",
        "The master key is lost: then nobody can read what is stored any more, and what was not "
        "exported is lost with it.",
        *(
            ("A voice in released sound identifies its owner.",)
            if about.terms.release_sound
            else ()
        ),
        *(
            ("What identifies people is kept longer than needed, because a day is not set.",)
            if not all(limits(about.terms.retention).values())
            else ()
        ),
        "[Add what is special to your participants: power, dependence, small communities.]",
    )
