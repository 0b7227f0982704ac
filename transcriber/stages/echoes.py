"""Where others repeat or answer what somebody said who now takes it back.

What is taken out of a transcript may still stand in a reply: `Twins! And he was away the whole
time?` Nobody can tell that for certain without the words that are being destroyed, so it is found
before, listed, and decided by a person. It rests on words that both use and few others do in this
recording, on how soon after them, on phrases such as `like she said`, and on the next turn speaking
to them of what they told (`how did she find you?`). Which words do so, and how rare a word is in
ordinary talk, is known for English alone. In other languages words that many turns hold count for
little, and that is all.

The weights were chosen on talk written for it (tests/echoes); docs/measurements.md has the figures.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import pairwise

from transcriber.domain.echo import Echo, Ground
from transcriber.domain.transcript import Transcript, Word
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.ordinary_words import ordinary_words
from transcriber.stages.words import plain, word_set

NEAR_TURNS = 6
"""So many turns after one of theirs may answer it."""

NEAR_MS = 120_000
"""So long after one of their turns another may answer it."""

WHOLE_WORDS = 30
"""A turn of at most so many words is listed whole; of a longer one what lies about the evidence."""

ABOUT_WORDS = 12
"""So many words before and after the evidence are listed with it, fewer where a sentence ends."""

COMMON, ORDINARY, RARE = 1.0, 1.5, 2.5
"""How much a word tells that is common in talk, that is but an ordinary one, or that is neither."""

PHRASE = 0.75
"""What two such words add that stand beside one another with both."""

RETOLD = 1.5
"""What it adds that a turn refers back to what somebody said."""

HEAD_WORDS = 24
"""Within so many words the next turn speaks to them, with `you`, of what they told, with `that`,
`she` or `then`, if it answers them."""

FADES = 0.7
"""How fast a word tells less with each turn in fifty that has it and answers nothing of theirs."""

TOPIC = 5.0
"""Words that so many turns in fifty hold are what everybody talks about, and tell nothing."""

PER_TURNS = 50

SOON_TURNS = 3
ENOUGH_SOON = 1.0
"""What the first three turns of others after one of theirs need to be listed."""

ENOUGH = 1.5
"""What any later turn needs. Where it is not near, words that are common in talk count for nothing,
unless it refers back."""

_SAYS_NOTHING = word_set(
    "a about above after again ago all almost alone along already also although always am an and "
    "another any anybody anyone anything anyway are arent around as ask asked at away back bad be "
    "because been before being best better between big bit both but by came can cannot cant come "
    "comes coming could couldnt day days did didnt do does doesnt doing done dont down each "
    "either else end er erm even ever every everybody everyone everything exactly few find first "
    "for from full get gets getting give gives go god goes going gone good goodness got great had "
    "hadnt happen happened happens hard has hasnt have havent having he hear heard her here hers "
    "herself hes hi him himself his hm hmm honest honestly how however i id if ill im in inside "
    "instead into is isnt it its itself ive just keep keeping kept kind knew know knows last "
    "least leave left less let lets like little ll long look looked looking lot lots love lovely "
    "made make makes making many matter may maybe me mean means meant might mine mm mmm more most "
    "mostly much must my myself near need needed never new next nice no nobody none nor not "
    "nothing now of off oh ok okay old on once one ones only or other others our ours out over "
    "own part people perhaps place please point pretty probably put quite ran rather re real "
    "really remember right said same saw say saying says see seem seen shall she shed shell shes "
    "should shouldnt since so some somebody somehow someone something sometimes somewhere soon "
    "sorry sort sorts start started still stop stopped stuff such suppose sure take takes taking "
    "talk talked talking tell telling than thank thanks that thatll thats the their them "
    "themselves then there theres these they theyd theyll theyre theyve thing things think "
    "thinking this those though thought three through time times to today together told too took "
    "towards tried true try trying twice two uh um under until up us used usually ve very want "
    "wanted wants was wasnt way we wed well went were werent weve what whatever whats when where "
    "whether which while who whole whos whose why will wish with within without wont word words "
    "would wouldnt wow yeah year years yep yes yet you youd youll your youre yours yourself youve"
)
"""Plain forms that say nothing by themselves, whoever uses them."""

_TOLD = r"(?:said|says|say|was saying|were saying|mentioned|told us|described|put it)"
_REFERS = re.compile(
    rf"\b(?:as|like|what) (?:you|she|he|they|somebody|someone) (?:just |also )?{_TOLD}\b"
    r"|\b(?:as|like) (?:we|you) (?:just |have )?heard\b"
    r"|\bwhat happened to (?:you|her|him|them)\b"
    rf"|\bwhen you (?:just )?{_TOLD}\b|\byou (?:just |have )?(?:mentioned|told us)\b"
    r"|\b(?:your|her|his|their) (?:story|point|example|experience) (?:about|of|with)\b"
)
_YOU = word_set("you your youd youre youve yours yourself youll")
_POINTS_BACK = word_set(
    "that thats then there he hes him his she shes her hed shed they theyd theyre them their"
)
_SENTENCE_ENDS = (".", "?", "!", "…")
_ENDING = re.compile(r"(?<=\w{4})(?:ing|ed)$")


def find_echoes(
    transcript: Transcript, turns_of: frozenset[str], mentions: Collection[range] = ()
) -> tuple[Echo, ...]:
    """Return where others echo what the speakers of these ids said, in order.

    `mentions` are the numbers of the words with which others mention them: what is said around one
    is an echo too. As only the first word of a mention stays, no echo begins or ends at another
    one. What was struck or withdrawn before counts for nothing. The same transcript gives the same
    answer everywhere.
    """
    talk = _Talk(transcript, turns_of)
    stays = _what_stays(transcript, mentions)
    found = []
    for number, turn in enumerate(talk.turns):
        if not turn.theirs:
            told = _told(talk, number, mentions)
            for span, evidence in _passages(transcript.words, turn, told):
                if all(number in stays for number in turn.plains if span[0] <= number <= span[1]):
                    continue  # a mention alone, of which nothing is left
                first, last = (transcript.words[stays.get(word, word)].id for word in span)
                found.append(_echo(first, last, evidence))
    return tuple(found)


def _what_stays(transcript: Transcript, mentions: Collection[range]) -> Mapping[int, int]:
    """Return for each word of a mention the one of the same segment that stands for it."""
    stays: dict[int, int] = {}
    for span in sorted(mentions, key=lambda span: (span.start, span.stop)):
        open_words = [number for number in span if number not in stays]
        for segment in transcript.segments if open_words else ():
            inside = [n for n in open_words if segment.first_word <= n <= segment.last_word]
            stays |= dict.fromkeys(inside, inside[0]) if inside else {}
    return stays


@dataclass(frozen=True)
class _Turn:
    """What one voice says in a row: the plain forms of its words, by number."""

    theirs: bool
    start_ms: int
    end_ms: int
    plains: Mapping[int, str]

    @cached_property
    def terms(self) -> Mapping[int, str]:
        """The words that say something by themselves, without their endings."""
        return {n: _term(word) for n, word in self.plains.items() if word not in _SAYS_NOTHING}

    @cached_property
    def kinds(self) -> frozenset[str]:
        return frozenset(self.terms.values())

    @cached_property
    def phrases(self) -> frozenset[tuple[str, str]]:
        return frozenset(
            (one, two)
            for (at, one), (to, two) in pairwise(self.terms.items())
            if to - at <= 2 and one != two
        )

    @cached_property
    def answering(self) -> frozenset[int]:
        """The numbers of the words with which it answers whoever spoke before."""
        head = list(self.plains.items())[:HEAD_WORDS]
        you = {number for number, word in head if word in _YOU}
        back = {number for number, word in head if word in _POINTS_BACK}
        return frozenset(you | back) if you and back else frozenset()

    @cached_property
    def retold(self) -> frozenset[int]:
        """The numbers of the words with which it refers back to what somebody said."""
        numbers, text = list(self.plains), " ".join(self.plains.values())
        return frozenset(
            numbers[text.count(" ", 0, place)]
            for match in _REFERS.finditer(text)
            for place in range(*match.span())
        )


class _Talk:
    """The turns of a recording, and how much it tells that two use the same word."""

    def __init__(self, transcript: Transcript, turns_of: frozenset[str]) -> None:
        self.turns = tuple(_turns(transcript, turns_of))
        self._share = PER_TURNS / max(len(self.turns), PER_TURNS)
        self._first: dict[str, int] = {}
        self._elsewhere: defaultdict[str, set[int]] = defaultdict(set)
        latest: dict[str, int] = {}
        for number, turn in enumerate(self.turns):
            for term in turn.kinds:
                if turn.theirs:
                    self._first.setdefault(term, number)
                    latest[term] = number
                elif term not in latest or not self._is_near(latest[term], number):
                    self._elsewhere[term].add(number)

    def answered(self, number: int) -> Iterator[tuple[int, _Turn]]:
        """Yield the turns of theirs that a turn may answer, and after how many turns of others."""
        others = 0
        for before in range(number - 1, -1, -1):
            if not self._is_near(before, number):
                return
            if self.turns[before].theirs:
                yield others, self.turns[before]
            else:
                others += 1

    def told_before(self, number: int) -> frozenset[str]:
        """Return the terms of a turn that they had used before it."""
        kinds = self.turns[number].kinds
        return frozenset(term for term in kinds if self._first.get(term, number) < number)

    def weight(self, number: int, terms: Iterable[str], common: float = COMMON) -> float:
        """Return how much it tells that they and a turn use these words.

        `common` is how much a word does that is common in talk.
        """
        return sum(self._weight(number, term, common) for term in terms)

    def _weight(self, number: int, term: str, common: float) -> float:
        spread = len(self._elsewhere.get(term, set()) - {number}) * self._share
        if spread >= TOPIC:
            return 0.0
        told = common if term in _common() else ORDINARY if term in _ordinary() else RARE
        return told / (1 + FADES * spread)

    def _is_near(self, before: int, after: int) -> bool:
        gap_ms = self.turns[after].start_ms - self.turns[before].end_ms
        return after - before <= NEAR_TURNS and gap_ms <= NEAR_MS


@dataclass(frozen=True)
class _Told:
    """What of a turn echoes theirs: the words that both use, and more by the numbers of words."""

    shared: frozenset[str] = frozenset()
    retold: frozenset[int] = frozenset()
    answers: frozenset[int] = frozenset()
    named: frozenset[int] = frozenset()


def _told(talk: _Talk, number: int, mentions: Collection[range]) -> _Told:
    turn = talk.turns[number]
    retold = RETOLD if turn.retold else 0.0
    shared: set[str] = set()
    answering: frozenset[int] = frozenset()
    is_echo = False
    for others, theirs in talk.answered(number):
        both = turn.kinds & theirs.kinds
        told = talk.weight(number, both) + PHRASE * len(turn.phrases & theirs.phrases) + retold
        if told >= (ENOUGH_SOON if others < SOON_TURNS else ENOUGH):
            shared, is_echo = shared | both, True
        if not others:
            answering = turn.answering
    before = talk.told_before(number)
    told = talk.weight(number, before, common=COMMON if retold else 0.0)
    if told and told + retold >= ENOUGH:
        shared, is_echo = shared | before, True
    return _Told(
        frozenset(term for term in shared if talk.weight(number, [term])),
        turn.retold if is_echo else frozenset(),
        answering,
        frozenset(span.start for span in mentions if span.start in turn.plains),
    )


def _passages(
    words: Sequence[Word], turn: _Turn, told: _Told
) -> Iterator[tuple[tuple[int, int], _Told]]:
    """Yield the first and last words to be listed of a turn, each with what is told in between."""
    evidence = sorted(
        {number for number, term in turn.terms.items() if term in told.shared}
        | told.retold
        | told.answers
        | told.named
    )
    numbers = list(turn.plains)
    if not evidence:
        return
    if len(numbers) <= WHOLE_WORDS:
        yield (numbers[0], numbers[-1]), told
        return
    reach = [(_back(words, numbers, at), _on(words, numbers, at)) for at in evidence]
    joined = [reach[0]]
    for first, last in reach[1:]:
        if first <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    for span in joined:
        inside = range(span[0], span[1] + 1)
        shared = {term for number, term in turn.terms.items() if number in inside} & told.shared
        yield (
            span,
            _Told(
                frozenset(shared),
                frozenset(n for n in told.retold if n in inside),
                frozenset(n for n in told.answers if n in inside),
                frozenset(n for n in told.named if n in inside),
            ),
        )


def _back(words: Sequence[Word], numbers: Sequence[int], at: int) -> int:
    """Return where a passage about a word begins: with its sentence, or so many words before."""
    place = bisect_right(numbers, at) - 1
    for before in range(place, max(place - ABOUT_WORDS, 0), -1):
        if words[numbers[before - 1]].text.endswith(_SENTENCE_ENDS):
            return numbers[before]
    return numbers[max(place - ABOUT_WORDS, 0)]


def _on(words: Sequence[Word], numbers: Sequence[int], at: int) -> int:
    place = bisect_right(numbers, at) - 1
    last = min(place + ABOUT_WORDS, len(numbers) - 1)
    ends = (n for n in numbers[place : last + 1] if words[n].text.endswith(_SENTENCE_ENDS))
    return next(ends, numbers[last])


def _echo(first: str, last: str, told: _Told) -> Echo:
    grounds = (
        (Ground.NAMES, told.named),
        (Ground.REFERS, told.retold),
        (Ground.REPEATS, told.shared),
        (Ground.ANSWERS, told.answers),
    )
    ground = next(ground for ground, evidence in grounds if evidence)
    return Echo(first, last, ground, len(told.shared))


def _turns(transcript: Transcript, turns_of: frozenset[str]) -> Iterator[_Turn]:
    """Yield what each voice says in a row, without what was struck or withdrawn before."""
    words, begun = transcript.words, 0
    heard = [
        number
        for number, word in enumerate(words)
        if word.struck is None and word.text not in (CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN)
    ]
    for place, number in enumerate(heard):
        ends = place + 1 == len(heard)
        if ends or words[heard[place + 1]].speaker != words[number].speaker:
            span, begun = heard[begun : place + 1], place + 1
            plains = {each: form for each in span if (form := plain(words[each].text))}
            if plains:
                yield _Turn(
                    words[number].speaker in turns_of,
                    words[span[0]].start_ms,
                    words[number].end_ms,
                    plains,
                )


def _term(word: str) -> str:
    """Return a plain form without a plural or an ending of a verb, so that both forms match."""
    stem = _ENDING.sub("", word)
    if stem != word:
        return stem[:-1] if stem[-1] == stem[-2] and stem[-1] not in "ls" else stem
    if word.endswith("s") and len(word) > 3 and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


@cache
def _common() -> frozenset[str]:
    return COMMON_WORDS | {_term(word) for word in COMMON_WORDS}


@cache
def _ordinary() -> frozenset[str]:
    return ordinary_words() | {_term(word) for word in ordinary_words()}
