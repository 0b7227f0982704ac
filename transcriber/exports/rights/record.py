"""A record of processing activities, with the headings of GDPR Art. 30(1)(a) to (g)."""

from transcriber.domain.processing import Processing
from transcriber.exports.provenance.committee import Section
from transcriber.exports.provenance.figures import counted
from transcriber.exports.rights.sentences import (
    DRAFT,
    kept_places,
    members,
    recipients,
    retention,
)


def record_sections(about: Processing) -> tuple[Section, ...]:
    """Return the record, filled in as far as the software knows."""
    talks = [
        counted(about.individual, "interview", "interviews"),
        counted(about.groups, "focus group", "focus groups"),
    ]
    return (
        ("About this document", (DRAFT,)),
        (
            "Controller and contact",
            (
                "[Name and contact of the controller, of joint controllers and of the "
                "data-protection officer.]",
            ),
        ),
        (
            "Purposes",
            (
                f"Research in the study '{about.study}': recordings are transcribed, what "
                "identifies people is replaced, and transcripts that a person has checked are "
                "handed on for analysis. [State the research question and the lawful basis: Art. 6 "
                "and, for special categories, Art. 9.]",
            ),
        ),
        (
            "People and data",
            (
                f"Participants on the roster: {about.participants:,}. Recordings: "
                f"{' and '.join(talks)}. People whom participants speak about are concerned too.",
                "Voices, words, names, labels and what is told, which may be about health, origin, "
                "religion or other special categories.",
                "Voice prints, which are biometric data, may be made: participants agreed."
                if about.terms.voice_comparison
                else "Voices are not compared across recordings.",
                *(
                    (
                        "Consent is kept for each participant and each of five things by itself "
                        "(being recorded, transcribed, quoted, archived, voices compared), with "
                        "its date. What it does not cover is refused by the software.",
                    )
                    if about.terms.consent_per_person
                    else ("[Say where the consent of each participant is kept.]",)
                ),
                "Accounts of those who work in the study, and what they did (ids, actions, times).",
            ),
        ),
        ("Recipients", (f"In the study: {members(about)}.", *recipients(about))),
        (
            "Transfers to other countries",
            (
                "Transcriber sends no recording and no transcript to another service to have it "
                "transcribed. [State transfers that follow from where you run it, and from the "
                "recipients above.]",
            ),
        ),
        ("Time limits", (retention(about), "[State how long releases are kept.]")),
        (
            "Security measures",
            (
                *kept_places(about),
                "People sign in "
                + (
                    "through the organisation's identity provider, or with a password."
                    if about.single_sign_on
                    else "with a password."
                ),
                "What each role may do is fixed. A record says who saw, heard, changed, signed, "
                "took away or erased what. It is a chain that shows tampering; its end is noted "
                + (
                    "in a place outside the data folder."
                    if about.places.anchors_elsewhere
                    else "in a file beside the database. [Move that file where whoever administers "
                    "the database cannot write.]"
                ),
                "[Add what holds outside the software: the machine, its disks, backups, training.]",
            ),
        ),
    )
