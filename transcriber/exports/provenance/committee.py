"""A page for an ethics committee: how participants are protected, and what nobody can promise."""

from collections.abc import Mapping
from typing import Any

from transcriber.domain.finding import IN_WORDS, EntityType
from transcriber.exports.provenance.facts import Facts
from transcriber.exports.provenance.figures import capital, counted, length, listed, share
from transcriber.exports.provenance.methods import (
    recordings,
    replaced_words,
    residue_sentence,
    second_review_sentence,
)

Section = tuple[str, tuple[str, ...]]
"""A heading, and sentences that stand under it."""

STILL_PSEUDONYMOUS = (
    "The transcripts are pseudonymised, not anonymous: for as long as the recordings or the key of "
    "who is who exist, somebody with access to them can tell who is meant. Whether they may be "
    "called anonymous has to be assessed once both are destroyed."
)
NOT_PROMISED = (
    "No check finds everything. What somebody tells can identify them without any name, to people "
    "who know them above all; the transcripts should be shared only as participants agreed."
)
VOICE = "Where sound is shared as well, the voice still identifies the person."


def committee_sections(facts: Facts) -> tuple[Section, ...]:
    """Return what a committee asks, answered from what happened."""
    if not facts.recordings:
        return (("What was released", ("Nothing has been signed off yet.",)),)
    return (
        ("What was released", _released(facts)),
        ("What was taken out", _taken_out(facts)),
        ("What people checked", _checked(facts)),
        ("What may be left", _left(facts)),
        ("What this does not promise", (STILL_PSEUDONYMOUS, NOT_PROMISED, VOICE)),
    )


def _released(facts: Facts) -> tuple[str, ...]:
    what = "It is" if facts.recordings == 1 else counted(facts.drafts, "of them is", "of them are")
    drafts = (
        f"{what} a draft of a small recogniser, released by an administrator's decision that is on "
        "record."
    )
    return (
        f"{capital(recordings(facts))}, {length(facts.duration_ms)} in all. Recordings were "
        "processed on the machine where Transcriber is installed; nothing of them was sent to "
        "another service.",
        *((drafts,) if facts.drafts else ()),
    )


def _taken_out(facts: Facts) -> tuple[str, ...]:
    removed = replaced_words(facts)
    sentences = [f"Replaced: {removed}." if removed else "Nothing was replaced."]
    if facts.withheld:
        sentences.append(
            f"{capital(counted(facts.withheld, 'passage', 'passages'))} "
            f"({length(facts.withheld_ms)}) {'was' if facts.withheld == 1 else 'were'} left out "
            "altogether."
        )
    sentences += [_left_to_people(policy) for policy in facts.policies]
    if not facts.policies:
        sentences.append("By which rules is not recorded in these releases.")
    return tuple(sentences)


def _left_to_people(policy: Mapping[str, Any]) -> str:
    types: Mapping[str, str] = policy["types"]
    left = [IN_WORDS[EntityType(kind)] for kind, action in types.items() if action == "flag"]
    unsought = [IN_WORDS[kind] for kind in EntityType if types.get(kind.value, "keep") == "keep"]
    sentence = f"The rules are those of the policy '{policy['name']}'."
    if left:
        sentence += f" Shown to a person and left in the text unless they decided: {listed(left)}."
    if unsought:
        sentence += f" Not looked for: {listed(unsought)}."
    return sentence


def _checked(facts: Facts) -> tuple[str, ...]:
    two = sum(number > 1 for number in facts.signatures)
    second = "" if not two else f" {two:,} of {facts.recordings:,} were signed by two people."
    found = (
        ()
        if facts.findings is None
        else (
            f"People marked {counted(facts.findings.found_anew, 'mention', 'mentions')} that the "
            f"software had missed, and left {facts.findings.kept_on_purpose:,} of its findings as "
            "they were said.",
        )
    )
    return (
        f"A person listened to {share(facts.heard_ms, facts.speech_ms)} of the speech and read "
        f"{share(facts.read_turns, facts.turns)} of the turns as they left, and signed."
        f"{second}",
        *found,
        "Accepted or confirmed together with others, not one by one: "
        f"{counted(facts.bulk_accepted, 'finding', 'findings')} and "
        f"{counted(facts.bulk_read, 'turn', 'turns')}.",
        "Before each release a second search with other means looked for known names in every "
        f"file. {capital(counted(facts.looked_at, 'place', 'places'))} that it pointed out "
        f"{'was' if facts.looked_at == 1 else 'were'} looked at by a person and left.",
    )


def _left(facts: Facts) -> tuple[str, ...]:
    second = (
        "No second reviewer marked identifiers independently."
        if facts.second_review is None
        else second_review_sentence(facts.second_review)
    )
    return (residue_sentence(facts.residue), second)
