"""Wording for an information sheet, from what the study has set: to be taken over and adapted."""

from transcriber.domain.processing import Processing
from transcriber.domain.study_terms import Listening
from transcriber.exports.provenance.committee import Section
from transcriber.exports.rights.sentences import DRAFT, TOOLS, kept_until


def information_sections(about: Processing) -> tuple[Section, ...]:
    """Return paragraphs that speak to participants."""
    return (
        ("About this document", (DRAFT,)),
        (
            "How your recording becomes text",
            (
                "What you say is recorded. Software that runs on a computer of [the university] "
                "turns the recording into text and tells the speakers apart. The recording is not "
                "sent to any other company or website for that. Software mishears at times.",
                "The software looks for names, places and other things that may identify you or "
                "others, and we replace them. Your name becomes a code. The software does not find "
                "everything, so a person checks the text before anybody else may use it.",
            ),
        ),
        *((("What you agree to", _AGREED),) if about.terms.consent_per_person else ()),
        ("Who listens and who reads", _who(about)),
        ("When it is deleted", _deleted(about)),
        (
            "If you change your mind",
            (
                "You may ask us until [date] to take out what you said. We then erase your "
                "recording and your words. In a group, what others said stays, and we take out "
                "yours as far as that can be done.",
                "What was already handed on or published cannot always be called back; we tell you "
                "what could not. Once the list of who is who is destroyed, we can no longer find "
                "your words, so they can then no longer be taken out.",
                "You may ask what we hold on you at any time, and you get a copy. [Contact.]",
            ),
        ),
    )


_AGREED = (
    "We ask you about five things, each by itself: that you are recorded, that the recording is "
    "turned into text, that we quote from the text, that the text goes to an archive, and that "
    "voices are compared. You may say yes to one and no to another. What you say no to is not "
    "done.",
    "You may withdraw your consent at any time, without giving a reason. What was done before "
    "stays lawful.",
)


def _who(about: Processing) -> tuple[str, ...]:
    listening = {
        Listening.EVERYTHING: "A member of our team listens to the whole recording to check it.",
        Listening.RISKY: "Members of our team listen to parts of the recording to check it.",
        Listening.NOTHING: "Members of our team may listen to the recording.",
    }[about.terms.checking.listening]
    two = " Two people check each text." if about.terms.checking.second_reviewer else ""
    tools = [TOOLS[each] for each in about.terms.hand_off]
    return (
        f"{listening}{two} Who listened is written down.",
        "Others in the study read only the checked text, without your name"
        + (f"; it is analysed with {tools[0]}." if len(tools) == 1 else "."),
        *(
            ("We also share sound, without names. People who know you may know your voice.",)
            if about.terms.release_sound
            else ()
        ),
        *(
            ("With your agreement the checked text goes to a data archive. [Name it.]",)
            if about.terms.archiving
            else ()
        ),
        *(
            (
                "With your agreement we compare voices, to find where you speak again. How your "
                "voice sounds can identify you, so you may say no to this alone.",
            )
            if about.terms.voice_comparison
            else ()
        ),
    )


def _deleted(about: Processing) -> tuple[str, ...]:
    rules = about.terms.retention
    things = {
        "the recording": rules.sound_at_latest,
        "the text that still has names": rules.transcript,
        "the list of who is who": rules.key,
    }
    until = {name: kept_until(rule) for name, rule in things.items()}
    return (
        *(f"We destroy {name} {when}." for name, when in until.items() if when),
        *(f"[Say when {name} is destroyed.]" for name, when in until.items() if not when),
        "Release means that the text was checked and signed.",
        "Until then somebody with access to them could tell who you are. Afterwards people who "
        "know you may still recognise what you tell.",
        "[Say how long the checked text is kept.]",
    )
