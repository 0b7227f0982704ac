"""Who a voice may be: how it introduces itself, and how others address it.

Suggestions with their reasons, for a person to judge: somebody may introduce a colleague, and an
address may be answered by another.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from transcriber.domain.finding import EntityType, Finding
from transcriber.domain.roster import Participant, Roster
from transcriber.domain.suggestion import Reason, Sign, Suggestion
from transcriber.domain.transcript import SEVERAL_VOICES, Transcript
from transcriber.stages.spoken_names.forms import form_of
from transcriber.stages.words import plain, word_set

_INTRODUCES = (
    ("my", "name", "is"),
    ("my", "names"),
    ("i", "am"),
    ("im",),
    ("this", "is"),
    ("call", "me"),
)
"""What people say before their own name."""

_THANKS = (("thank", "you"), ("thanks",), ("cheers",), ("thank", "you", "very", "much"))

_ASKS = word_set(
    "can could would will do did does have has are were is what how why when where who shall tell "
    "you maybe perhaps"
)
"""What follows a name when its owner is asked something."""

_NOT_TO = word_set(
    "about with to from of and said told for by than as like met saw called my our his her the a"
)
"""Before a name these speak of somebody, not to somebody."""

NEAR_THE_END = 25
"""Words: whoever is called this close to the end of a turn is expected to speak next."""

LOOK_BACK = 4


def suggest_names(
    transcript: Transcript, findings: Sequence[Finding], roster: Roster
) -> tuple[Suggestion, ...]:
    """Return who each speaker may be, what most points at first.

    `findings` are the persons found in this version of the transcript, with their places.
    """
    owners = _owners(roster)
    turns = _turns(transcript)
    reasons: defaultdict[tuple[str, str, str | None], list[Reason]] = defaultdict(list)
    for finding in findings:
        if finding.entity_type is not EntityType.PERSON or finding.place is None:
            continue
        known = owners.get(finding.entity)
        name, label = (known.name, known.label) if known else (finding.text, None)
        for speaker, sign in _signs(transcript, turns, finding):
            reasons[speaker, name, label].append(Reason(sign, finding.place.start_ms))
    found = _strongest([Suggestion(*who, tuple(why)) for who, why in reasons.items()])
    return tuple(sorted(found, key=lambda s: (s.speaker, -s.weight, s.reasons[0].at_ms)))


def _strongest(found: Sequence[Suggestion]) -> list[Suggestion]:
    """Keep a name where most points at it: nobody is two of the speakers."""
    most: dict[str, int] = {}
    for suggestion in found:
        most[suggestion.name] = max(most.get(suggestion.name, 0), suggestion.weight)
    return [suggestion for suggestion in found if suggestion.weight == most[suggestion.name]]


@dataclass(frozen=True, slots=True)
class _Turn:
    """Words by one speaker, numbers inclusive, over pauses."""

    speaker: str | None
    first: int
    last: int

    @property
    def somebody(self) -> str | None:
        """The speaker, where it is one."""
        return None if self.speaker == SEVERAL_VOICES else self.speaker


def _owners(roster: Roster) -> dict[str, Participant]:
    return {" ".join(form_of(person.name)): person for person in roster.participants}


def _turns(transcript: Transcript) -> list[_Turn]:
    turns: list[_Turn] = []
    for segment in transcript.segments:
        if turns and turns[-1].speaker == segment.speaker:
            turns[-1] = _Turn(segment.speaker, turns[-1].first, segment.last_word)
        else:
            turns.append(_Turn(segment.speaker, segment.first_word, segment.last_word))
    return turns


def _signs(
    transcript: Transcript, turns: Sequence[_Turn], finding: Finding
) -> Iterator[tuple[str, Sign]]:
    """Yield whom a mention points at, and how."""
    assert finding.place is not None
    first, last = finding.place.first_word, finding.place.last_word
    place = next((n for n, turn in enumerate(turns) if turn.first <= first <= turn.last), None)
    if place is None:
        return
    turn = turns[place]
    before = _said(transcript, max(turn.first, first - LOOK_BACK), first)
    after = _said(transcript, last + 1, min(turn.last + 1, last + 2))
    if _ends_with(before, _INTRODUCES):
        if turn.somebody is not None:
            yield turn.somebody, Sign.INTRODUCES
    elif _ends_with(before, _THANKS):
        spoke = turns[place - 1].somebody if place else None
        if spoke is not None and spoke != turn.speaker:
            yield spoke, Sign.THANKED
    elif _calls(before, after, turn.last - last) and place + 1 < len(turns):
        answers = turns[place + 1].somebody
        if answers is not None:
            yield answers, Sign.ADDRESSED


def _calls(before: Sequence[str], after: Sequence[str], words_left: int) -> bool:
    """Whether a name is called: a question follows it, or it ends the turn."""
    if words_left > NEAR_THE_END or (before and before[-1] in _NOT_TO):
        return False
    return not after or after[0] in _ASKS


def _said(transcript: Transcript, first: int, end: int) -> list[str]:
    return [plain(word.text) for word in transcript.words[first:end] if plain(word.text)]


def _ends_with(said: Sequence[str], phrases: Sequence[tuple[str, ...]]) -> bool:
    return any(tuple(said[-len(phrase) :]) == phrase for phrase in phrases)
