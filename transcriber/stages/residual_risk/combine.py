"""What is left of each participant after the policy was applied, worst combinations first."""

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.policy import Policy
from transcriber.domain.residual_risk import (
    About,
    Clue,
    Combination,
    InsiderClue,
    ParticipantRisk,
    ResidualRisk,
    Talk,
    TalkTurn,
    Trace,
)
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import Transcript
from transcriber.stages.residual_risk.weights import combined, is_common, strength, weighed
from transcriber.stages.residual_risk.windows import Windows, redacted_stretch
from transcriber.stages.words import plain_words, word_set

INTERVIEWER = re.compile(r"(?:INT|INTERVIEWER|MOD|MODERATOR|FAC|FACILITATOR|RESEARCHER|Q|I)\d{0,2}")
"""Labels of those who ask. What they tell of themselves is not weighed."""

_STAMP = r"(?:[\[(]?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d+)?[\])]?\s*)?"
OPENING = re.compile(rf"\s*{_STAMP}([^\W_][\w .'\u2019\-]{{0,40}}?)\s*{_STAMP}:(?=\s|$)")
"""`P1:`, `[00:12:04] P1:` and `P1 (00:12:04):` at the start of a line."""

FIRST_PERSON = word_set("i im ive id ill me my mine myself we weve were us our ours")
SECOND_PERSON = word_set("you youre youve your yours")
THIRD_PERSON = word_set("she he they shes hes theyre shed hed theyd her his their")
REACH_CHARACTERS = 120
RELATIVES = word_set(
    "mum mam mom mother dad father husband wife partner boyfriend girlfriend brother sister son "
    "daughter uncle aunt auntie cousin nephew niece gran nan nana granny grandma grandmother "
    "grandad grandfather friend mate neighbour parents husbands mums dads man "
    "fella feller missus"
)
AT_WORK = word_set(
    "work shift shifts rota team ward clinic group groups training supervision supervisor manager "
    "coordinator colleague colleagues service hospital centre center staff office department "
    "induction handover visit visits client clients patient patients union rep meeting boss"
)
"""Words of talk about the service that participants share."""

PER_KIND = 2
MOST_COMBINATIONS = 5
KINDS_TOGETHER = 3
BARE_LABEL = re.compile(r"\[[A-Z]+(?:_[A-Z0-9]+)*\]")
"""A label such as `[DATE_1]` that a generaliser falls back to: it tells the kind and no more."""
SHORT_LABEL = re.compile(r"[\[\]]")


def talk_of_transcript(transcript: Transcript) -> Talk:
    """Return the turns of a transcript under the labels that readers see."""
    turns = []
    for segment in transcript.segments:
        start, end = transcript.layout.offsets(segment.first_word, segment.last_word)
        turns.append(TalkTurn(transcript.label(segment.speaker), start, end))
    guessed = frozenset(speaker.label for speaker in transcript.speakers if speaker.guess)
    return Talk(transcript.text, tuple(turns), guessed)


def talk_of_lines(text: str) -> Talk:
    """Return the turns of a text whose lines may begin with `LABEL:`; others go on as before."""
    turns, label, position = [], "", 0
    for line in text.split("\n"):
        opening, said_from = OPENING.match(line), position
        if opening and len(opening[1].split()) <= 4:
            label, said_from = opening[1], position + opening.end()
        turns.append(TalkTurn(label, said_from, position + len(line)))
        position += len(line) + 1
    return Talk(text, tuple(turn for turn in turns if text[turn.start : turn.end].strip()))


def residual_risk(
    talk: Talk, findings: Sequence[Finding], policy: Policy, roster: Roster
) -> ResidualRisk:
    """Put together what `findings` left standing; their actions are set by the policy.

    Findings outside the body are passed over. Nobody's number is estimated: without a population
    there is no k-anonymity to compute. The same input gives the same answer.
    """
    found = sorted((f for f in findings if f.part is None), key=lambda f: (f.start, f.end))
    reading = _Reading(talk, found, roster)
    traces = _shared(_merged(reading.traces()))
    labels = sorted({*reading.speakers, *traces, *reading.named_labels})
    risks = [_participant(label, traces.get(label, ()), reading) for label in labels]
    return ResidualRisk(
        participants=tuple(sorted(risks, key=lambda r: (-r.weight, -len(r.clues), r.label))),
        not_sought=tuple(kind for kind in EntityType if kind not in policy.sought),
    )


class _Reading:
    """One text with its findings: whose turn it is, and of whom something is said."""

    def __init__(self, talk: Talk, findings: Sequence[Finding], roster: Roster) -> None:
        self.talk = talk
        self.findings = findings
        self.windows = Windows(talk, findings)
        self._starts = [turn.start for turn in talk.turns]
        replacements = {
            " ".join(plain_words(f.text)): SHORT_LABEL.sub("", f.replacement)
            for f in findings
            if f.entity_type is EntityType.PERSON and f.replacement is not None
        }
        self.labels = [_shown(turn.label, replacements) for turn in talk.turns]
        # A wrong guess must not take a participant off the page.
        self.speakers = {
            label
            for label in self.labels
            if label in talk.guessed or not INTERVIEWER.fullmatch(label)
        }
        self._participants = _participant_labels(roster, self.speakers)
        self.people = [
            (finding, whom)
            for finding in findings
            if finding.entity_type is EntityType.PERSON
            for whom in (self._whom(finding),)
            if whom is not None
        ]
        self._people_starts = [finding.start for finding, _ in self.people]

    @property
    def named_labels(self) -> set[str]:
        """Labels of participants whom somebody else names."""
        return {whom for _, _, whom in self.named()}

    def turn_at(self, offset: int) -> int | None:
        """Number of the turn that holds the offset; None for a label or a heading."""
        turn = bisect_right(self._starts, offset) - 1
        return turn if turn >= 0 and offset < self.talk.turns[turn].end else None

    def named(self) -> Iterator[tuple[Finding, int, str]]:
        """Yield each mention of a participant in somebody else's turn."""
        for finding, whom in self.people:
            turn = self.turn_at(finding.start)
            if turn is not None and self.labels[turn] != whom:
                yield finding, turn, whom

    def traces(self) -> Iterator[tuple[str, Trace]]:
        """Yield what was left, with the label of the participant whom it is about."""
        for finding in self.findings:
            turn = self.turn_at(finding.start)
            if turn is None or finding.action is Action.REPLACE:
                continue
            if finding.replacement is not None and BARE_LABEL.fullmatch(finding.replacement):
                continue
            whose = self._about(finding, turn)
            if whose is not None:
                yield whose[0], _trace(finding, turn, whose[1], self.labels[turn])

    def of_staff(self, label: str) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield sentences in which a participant names somebody in talk about the service."""
        for finding in self.findings:
            turn = self.turn_at(finding.start)
            if finding.entity_type is not EntityType.PERSON or turn is None:
                continue
            if self.labels[turn] != label or self._whom(finding) is not None:
                continue
            span = self.windows.around(finding.start, finding.end)
            if AT_WORK.intersection(plain_words(self.talk.text[slice(*span)])):
                yield span, turn

    def _about(self, finding: Finding, turn: int) -> tuple[str, About] | None:
        """Whom it tells of: a participant named before it, the one who speaks or who is asked."""
        speaker = self.labels[turn]
        start, end = self.windows.around(finding.start, finding.end)
        last = bisect_left(self._people_starts, finding.start) - 1
        whom = self.people[last][1] if last >= 0 and self._people_starts[last] >= start else speaker
        said = set(plain_words(self.talk.text[start : finding.start]))
        if whom != speaker and not said & (FIRST_PERSON - {"my", "our"}):
            return whom, About.TOLD
        if INTERVIEWER.fullmatch(speaker):
            asked = self._asked(turn) if said & SECOND_PERSON else None
            return (asked, About.TOLD) if asked is not None else None
        if not said & (FIRST_PERSON | THIRD_PERSON | RELATIVES):
            said = set(plain_words(self.talk.text[start:end]))
        if said & RELATIVES or self._goes_on(turn, start, said):
            return speaker, About.CLOSE
        return speaker, About.SELF if said & FIRST_PERSON else About.OTHER

    def _goes_on(self, turn: int, start: int, said: set[str]) -> bool:
        """Whether a sentence such as `She's on dialysis` goes on about `my mom` just before."""
        if not said & THIRD_PERSON or said & FIRST_PERSON:
            return False
        before = max(self.talk.turns[turn].start, start - REACH_CHARACTERS)
        return bool(RELATIVES.intersection(plain_words(self.talk.text[before:start])))

    def _asked(self, turn: int) -> str | None:
        following = self.labels[turn + 1 :]
        return next((label for label in following if label in self.speakers), None)

    def _whom(self, finding: Finding) -> str | None:
        key = " ".join(plain_words(finding.entity or finding.text))
        known = self._participants.get(key) or self._participants.get(
            " ".join(plain_words(finding.text))
        )
        if known is not None:
            return known
        shown = SHORT_LABEL.sub("", finding.replacement or "")
        return shown if shown and shown in self.speakers else None


def _shown(label: str, replacements: Mapping[str, str]) -> str:
    """The label as the redacted text has it: a name that stood as a label was replaced."""
    return replacements.get(" ".join(plain_words(label)), label)


def _participant_labels(roster: Roster, speakers: set[str]) -> dict[str, str]:
    """Labels by every name; the only participant of a study is the only one who speaks."""
    labels = {
        " ".join(plain_words(name)): person.label
        for person in reversed(roster.participants)
        if person.label
        for name in (*person.aliases, person.name)
    }
    if len(speakers) == 1 and len(set(labels.values()) | speakers) == 2:
        return dict.fromkeys(labels, *speakers)
    return labels


def _trace(finding: Finding, turn: int, about: About, told_by: str) -> Trace:
    return Trace(
        entity_type=finding.entity_type,
        text=finding.replacement or finding.text,
        about=about,
        told_by=told_by,
        start=finding.start,
        end=finding.end,
        turn=turn,
        generalised=finding.replacement is not None,
        common=finding.replacement is None and is_common(finding.text),
    )


def _key(trace: Trace) -> tuple[str, str]:
    words = plain_words(trace.text) or (trace.text,)
    return trace.entity_type.value, " ".join((*words[:-1], words[-1].removesuffix("s")))


def _merged(traces: Iterable[tuple[str, Trace]]) -> dict[str, list[Trace]]:
    """Gather mentions of one thing; the one that is nearest to the participant counts."""
    gathered: dict[str, dict[tuple[str, str], list[Trace]]] = defaultdict(dict)
    for label, trace in traces:
        gathered[label].setdefault(_key(trace), []).append(trace)
    order = (About.SELF, About.TOLD, About.CLOSE, About.OTHER)
    return {
        label: [
            replace(
                min(group, key=lambda t: (order.index(t.about), t.start)),
                mentions=len(group),
            )
            for group in groups.values()
        ]
        for label, groups in gathered.items()
    }


def _shared(traces: Mapping[str, Sequence[Trace]]) -> dict[str, tuple[Trace, ...]]:
    """Weigh every trace, less where the same is said of others; the most telling come first."""
    having: dict[tuple[str, str], set[str]] = defaultdict(set)
    for label, group in traces.items():
        for trace in group:
            having[_key(trace)].add(label)
    return {
        label: tuple(
            sorted(
                (weighed(replace(t, shared=len(having[_key(t)]) - 1)) for t in group),
                key=lambda t: (-t.weight, t.start),
            )
        )
        for label, group in traces.items()
    }


def _participant(label: str, traces: Sequence[Trace], reading: _Reading) -> ParticipantRisk:
    return ParticipantRisk(
        label=label,
        speaks=label in reading.speakers,
        traces=tuple(traces),
        combinations=_combinations(traces),
        clues=_clues(label, traces, reading),
    )


def _combinations(traces: Sequence[Trace]) -> tuple[Combination, ...]:
    """The worst combinations, no two of which are nearly the same."""
    by_kind: dict[EntityType, list[Trace]] = defaultdict(list)
    for trace in traces:
        by_kind[trace.entity_type].append(trace)
    best = [trace for group in by_kind.values() for trace in group[:PER_KIND]]
    size = min(KINDS_TOGETHER, len(by_kind))
    found = [
        _combination(chosen)
        for chosen in combinations(sorted(best, key=lambda t: (-t.weight, t.start)), size)
        if size and len({trace.entity_type for trace in chosen}) == size
    ]
    chosen_ones: list[Combination] = []
    for candidate in sorted(found, key=lambda c: (-c.weight, [t.start for t in c.traces])):
        new = all(
            len({*candidate.traces} & {*other.traces}) < max(size - 1, 1) for other in chosen_ones
        )
        if new and len(chosen_ones) < MOST_COMBINATIONS:
            chosen_ones.append(candidate)
    return tuple(chosen_ones)


def _combination(traces: Sequence[Trace]) -> Combination:
    one_turn = len(traces) > 1 and len({trace.turn for trace in traces}) == 1
    weight = combined(traces, one_turn)
    return Combination(tuple(traces), weight, strength(weight, traces), one_turn)


def _clues(label: str, traces: Sequence[Trace], reading: _Reading) -> tuple[InsiderClue, ...]:
    """What a colleague would recognise: what others tell, rare events, talk about the service."""
    clues: dict[tuple[int, int], InsiderClue] = {}
    for finding, turn, whom in reading.named():
        if whom == label:
            span = reading.windows.around(finding.start, finding.end)
            told = tuple(t for t in traces if span[0] <= t.start < span[1])
            if not told and reading.labels[turn] not in reading.speakers - {""}:
                continue  # being addressed by who asks tells nothing
            kind = Clue.TOLD if told else Clue.NAMED
            clues.setdefault(span, _clue(kind, reading, turn, span, told))
    for trace in traces:
        span = reading.windows.around(trace.start, trace.end)
        kind_of = _own_clue(trace, reading, span)
        if kind_of is not None:
            inside = tuple(t for t in traces if span[0] <= t.start < span[1])
            clues.setdefault(span, _clue(kind_of, reading, trace.turn, span, inside))
    for span, turn in reading.of_staff(label):
        clues.setdefault(span, _clue(Clue.STAFF, reading, turn, span, ()))
    order = list(Clue)
    return tuple(sorted(clues.values(), key=lambda c: (order.index(c.clue), c.start)))


def _own_clue(trace: Trace, reading: _Reading, span: tuple[int, int]) -> Clue | None:
    if trace.about is About.TOLD:
        return Clue.TOLD
    if trace.entity_type is EntityType.EVENT:
        return Clue.EVENT
    said = set(plain_words(reading.talk.text[span[0] : span[1]]))
    return Clue.WORK if said & AT_WORK else None


def _clue(
    clue: Clue, reading: _Reading, turn: int, span: tuple[int, int], traces: tuple[Trace, ...]
) -> InsiderClue:
    sentence = redacted_stretch(reading.talk.text, span, reading.findings)
    return InsiderClue(clue, reading.labels[turn], sentence, traces, span[0])
