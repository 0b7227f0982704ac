"""The figures behind the sentences, a row each, and the software with its hashes."""

from collections.abc import Iterator

from transcriber.exports.provenance.facts import Engine, Facts
from transcriber.exports.provenance.figures import length, share
from transcriber.exports.provenance.methods import recordings, replaced_words

UNKNOWN = "not recorded"

NO_SOFTWARE = "Which software was used was not recorded."

PARTS = {
    "words": "Words",
    "speech_detection": "Finding speech",
    "recognition": "Recognising words",
    "diarisation": "Telling voices apart",
    "word_speakers": "Giving words to voices",
}
"""What each part of the work is called."""


def figures(facts: Facts) -> Iterator[tuple[str, str]]:
    """Yield what is known, a name and a value each."""
    yield "Recordings", recordings(facts)
    yield "Length", length(facts.duration_ms)
    yield "Speech listened to", _of_time(facts.heard_ms, facts.speech_ms)
    yield "Turns read as they left", _of(facts.read_turns, facts.turns)
    yield "Words as released", f"{facts.released_words:,}"
    words = facts.words
    yield "Words corrected", UNKNOWN if words is None else _of(words.corrected, words.said)
    yield (
        "Words given to another speaker",
        UNKNOWN if words is None else _of(words.given_to_another, words.said),
    )
    yield "Mentions replaced", replaced_words(facts) or "none"
    found = facts.findings
    yield "Marked by hand", UNKNOWN if found is None else f"{found.marked_by_a_person:,}"
    yield "Missed by the software", UNKNOWN if found is None else f"{found.found_anew:,}"
    yield "Kept on purpose", UNKNOWN if found is None else f"{found.kept_on_purpose:,}"
    yield "Passages withheld", f"{facts.withheld:,}"
    yield "Findings accepted together", f"{facts.bulk_accepted:,}"
    yield "Turns confirmed together", f"{facts.bulk_read:,}"
    yield "Places of the leak check left", f"{facts.looked_at:,}"
    yield "Policy", ", ".join(each["name"] for each in facts.policies) or UNKNOWN
    yield "Convention", ", ".join(facts.conventions) or UNKNOWN
    yield "Language", ", ".join(facts.languages)
    yield "Second review", _second_review(facts)
    yield "May be left", _residue(facts)
    yield "Transcriber", ", ".join(facts.transcriber) or UNKNOWN


def engine_rows(facts: Facts) -> Iterator[tuple[str, str, str, str]]:
    """Yield what did a part of the work: the part, its name, settings, and SHA-256 of the model."""
    for engine in facts.engines:
        yield PARTS.get(engine.part, engine.part), _name(engine), _settings(engine), engine.sha256


def _name(engine: Engine) -> str:
    return " ".join(part for part in (engine.name, engine.version, engine.model) if part)


def _settings(engine: Engine) -> str:
    return ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in engine.settings)


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,} ({share(part, whole)})" if whole else f"{part:,}"


def _of_time(part_ms: int, whole_ms: int) -> str:
    return f"{length(part_ms)} of {length(whole_ms)} ({share(part_ms, whole_ms)})"


def _second_review(facts: Facts) -> str:
    second = facts.second_review
    if second is None:
        return "none"
    kappa = "" if second.words.kappa is None else f", kappa {second.words.kappa:.2f}"
    agreed = second.words.both + second.words.neither
    return f"{second.stretches:,} stretches, {_of(agreed, second.words.words)} words alike{kappa}"


def _residue(facts: Facts) -> str:
    residue = facts.residue
    if residue is None:
        return "not estimated"
    high = "no upper bound" if residue.high is None else f"{residue.high:,}"
    return (
        f"{residue.low:,} to {high} mentions (95%) in {residue.recordings:,} recordings; "
        f"{residue.caught:,} of {residue.hidden:,} hidden findings noticed"
    )
