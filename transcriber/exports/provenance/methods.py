"""A paragraph for a methods section: what really happened, and what is not known said so.

Nobody is named in it, not even who invented a measure: a participant may have the same name.
"""

from collections.abc import Iterator

from transcriber.domain.convention import CONVENTIONS
from transcriber.domain.estimate import Agreement
from transcriber.domain.finding import IN_WORDS, EntityType
from transcriber.exports.provenance.facts import Engine, Facts, Residue, SecondReview, SoundSample
from transcriber.exports.provenance.figures import capital, counted, length, listed, share

OPTIMISTIC = (
    "This estimate is optimistic, because findings of which the software was certain are easier to "
    "notice than those that it misses."
)


def methods_paragraph(facts: Facts) -> str:
    """Return the paragraph, in the past tense and British English."""
    return " ".join(_sentences(facts))


def _sentences(facts: Facts) -> Iterator[str]:
    if not facts.recordings:
        yield "No transcript has been signed off yet, so there is nothing to report."
        return
    yield _what(facts)
    yield from _engines(facts)
    yield from _conventions(facts)
    yield from _redaction(facts)
    yield from _people(facts)
    yield _signing(facts)
    yield from _measured(facts)


def _what(facts: Facts) -> str:
    made = f"Transcriber {listed(facts.transcriber)}" if facts.transcriber else "Transcriber"
    which = recordings(facts)
    if facts.kinds is not None:
        which = f"the {'recording' if facts.recordings == 1 else 'recordings'} of {which}"
    return (
        f"{capital(which)} ({length(facts.duration_ms)}; {facts.released_words:,} words as "
        f"released) {_were(facts.recordings)} transcribed and pseudonymised with {made}, which "
        "works on the machine where it is installed and sends nothing of a recording elsewhere."
    )


def recordings(facts: Facts) -> str:
    """Say what was recorded: interviews and focus groups, or recordings where that is not told."""
    if facts.kinds is None:
        return counted(facts.recordings, "recording", "recordings")
    told = [
        counted(facts.kinds[kind], one, many)
        for kind, one, many in (
            ("individual", "interview", "interviews"),
            ("group", "focus group", "focus groups"),
        )
        if facts.kinds.get(kind)
    ]
    return listed(told)


def _engines(facts: Facts) -> Iterator[str]:
    by_part: dict[str, list[str]] = {}
    for engine in facts.engines:
        by_part.setdefault(engine.part, []).append(named(engine))
    words = by_part.get("recognition")
    if words:
        yield f"Speech was recognised with {listed(list(dict.fromkeys(words)))}."
    if "words" in by_part:
        yield "Words that had been typed elsewhere were brought to it."
    if not words and "words" not in by_part:
        yield "Which software recognised the speech was not recorded."
    voices = [v for v in dict.fromkeys(by_part.get("diarisation", ())) if v != "tracks"]
    if voices:
        yield f"Speakers were told apart with {listed(voices)}."
    if facts.drafts:
        drafts = "its" if facts.recordings == 1 else f"in {facts.drafts:,} of them the"
        yield (
            f"{capital(drafts)} words are a draft of a small recogniser that is wrong in many "
            "places."
        )


def named(engine: Engine) -> str:
    """Name an engine with its version and model."""
    name = f"{engine.name} {engine.version}".strip()
    return f"{name} (model {engine.model})" if engine.model else name


def _conventions(facts: Facts) -> Iterator[str]:
    known = [CONVENTIONS[name] for name in facts.conventions if name in CONVENTIONS]
    if known:
        told = listed([f"'{each.name}' ({each.description})" for each in known])
        yield (
            f"The transcription convention was {told}; speech recognisers leave out hesitations, "
            "so the text is not strictly verbatim."
        )


def _redaction(facts: Facts) -> Iterator[str]:
    names = [f"'{each['name']}'" for each in facts.policies]
    under = f" under the policy {listed(names)}" if names else ""
    removed = replaced_words(facts)
    if removed:
        number = counted(sum(facts.replaced.values()), "mention was", "mentions were")
        yield f"In all, {number} replaced{under}: {removed}."
    else:
        yield f"No mention was replaced{under}."
    if facts.withheld:
        passages = counted(facts.withheld, "passage", "passages")
        yield f"Besides, {passages} ({length(facts.withheld_ms)}) {_were(facts.withheld)} left out."


def replaced_words(facts: Facts) -> str:
    """List what was replaced by kind, most first."""
    ordered = sorted(facts.replaced.items(), key=lambda item: (-item[1], item[0]))
    return listed([f"{IN_WORDS[EntityType(kind)]} ({number:,})" for kind, number in ordered])


def _people(facts: Facts) -> Iterator[str]:
    if facts.asked_for and all(each["entities"] for each in facts.asked_for):
        by_one = ", one by one" if not facts.bulk_accepted else ""
        yield f"A person decided on every finding of the software that they were shown{by_one}."
    if facts.bulk_accepted:
        yield (
            f"Of these, {facts.bulk_accepted:,} {_were(facts.bulk_accepted)} accepted together "
            "with other mentions of the same name."
        )
    if facts.findings is not None:
        yield (
            f"People marked {counted(facts.findings.found_anew, 'mention', 'mentions')} that the "
            f"software had not found, and left {facts.findings.kept_on_purpose:,} of its findings "
            "as they were said."
        )
    yield (
        f"{capital(share(facts.heard_ms, facts.speech_ms))} of the speech was listened to "
        f"({length(facts.heard_ms)} of {length(facts.speech_ms)}), and "
        f"{_read(facts)}."
    )
    if facts.words is None:
        yield "How many words people corrected was not recorded."
    elif facts.words.said:
        yield (
            f"People corrected {facts.words.corrected:,} of {facts.words.said:,} words "
            f"({share(facts.words.corrected, facts.words.said)})."
        )


def _read(facts: Facts) -> str:
    of = counted(facts.turns, "turn was", "turns were")
    turns = f"all {of}" if facts.read_turns >= facts.turns > 1 else f"{facts.read_turns:,} of {of}"
    at_once = f" ({facts.bulk_read:,} confirmed several at once)" if facts.bulk_read else ""
    return f"{turns} read in the form that was released{at_once}"


def _signing(facts: Facts) -> str:
    two = sum(number > 1 for number in facts.signatures)
    if two == facts.recordings:
        people = "two people"
    elif two:
        people = f"one person, and {two:,} of them by two"
    else:
        people = "one person"
    what = "The transcript was" if facts.recordings == 1 else "Each transcript was"
    return f"{what} signed off by {people} before release."


def _measured(facts: Facts) -> Iterator[str]:
    for sample in facts.sound:
        yield _against_sound(sample)
    if facts.second_review is None:
        yield "No second reviewer marked identifiers independently."
    else:
        yield second_review_sentence(facts.second_review)
    yield residue_sentence(facts.residue)


def _against_sound(sample: SoundSample) -> str:
    kind = "interviews" if sample.kind == "individual" else "focus groups"
    interval = (
        f"; 95% interval {sample.low:.1%} to {sample.high:.1%}"
        if sample.low is not None and sample.high is not None
        else "; too few stretches for an interval"
    )
    return (
        f"In {counted(sample.stretches, 'random stretch', 'random stretches')} of {kind} that a "
        f"person corrected against the sound, {sample.errors:,} words were wrong for "
        f"{sample.words:,} spoken ({sample.errors / max(sample.words, 1):.1%}{interval})."
    )


def second_review_sentence(second: SecondReview) -> str:
    """Say how a second reviewer agrees, and how many stretches were clean."""
    return (
        f"A second reviewer, who was not shown what had been found, marked identifiers in "
        f"{counted(second.stretches, 'random stretch', 'random stretches')} of up to 20 seconds: "
        f"the two agreed on {_agreed(second.words)}, and in {second.clean:,} of the stretches the "
        "second reviewer marked nothing that had been missed."
    )


def _agreed(words: Agreement) -> str:
    kappa = "" if words.kappa is None else f" (kappa {words.kappa:.2f})"
    return f"{share(words.both + words.neither, words.words)} of {words.words:,} words{kappa}"


def residue_sentence(residue: Residue | None) -> str:
    """Say how much may be left, and how that is known."""
    if residue is None:
        return "How many identifying mentions may be left was not estimated."
    of = counted(residue.recordings, "recording", "recordings")
    seen = (
        f"To estimate what was overlooked, {counted(residue.hidden, 'finding', 'findings')} of "
        f"which the software was certain {_were(residue.hidden)} not shown to the reviewer, who "
        f"noticed {residue.caught:,} of them and found {residue.found_anew:,} others anew"
    )
    if residue.high is None:
        return f"{seen}; in the {of} concerned this is too little to say how many are left."
    return (
        f"{seen}: between {residue.low:,} and {residue.high:,} identifying mentions may be left in "
        f"the {of} concerned (95% interval, by capture and recapture). {OPTIMISTIC}"
    )


def _were(number: int) -> str:
    return "was" if number == 1 else "were"
