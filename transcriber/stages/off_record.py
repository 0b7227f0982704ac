"""Where somebody asks, in the recording itself, that something stay out of it.

`off the record`, `don't put that in`, `turn that off`, `this is confidential`: no identifiers, so
no detector of identifiers serves them. Each is told with the passage that is probably meant, for
a person to withhold or to leave. English only; in other languages nothing is found.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from transcriber.domain.transcript import Transcript
from transcriber.domain.withheld import Withheld
from transcriber.stages.words import plain

FEW_WORDS = 8
"""Beside so few words of the same turn the plea is about another turn too."""

FARTHEST_TURNS = 40
"""Within so many turns somebody says that it goes on, or it is not looked for any more."""

_IT = r"(?:that|this|it|that bit|this bit|that part|this part|the name|(?:my|his|her|their) names?)"
_TAPE = r"(?:the |that |this |your )?(?:tape|recorder|recording|machine|thing)"
_NOT = r"(?:dont|do not|never|cant|cannot|better not|(?:rather|prefer it if) you (?:didnt|did not))"

_WHAT_COMES = re.compile(
    r"\boff the record\b|\boff (?:the )?tape\b|\bnot for the (?:tape|record|recording)\b"
    r"|\bbetween (?:you and me|ourselves|us two|the two of us|these (?:four )?walls|you me and)\b"
    r"|\b(?:this|that|it|thats) (?:is |was |has to be )?(?:strictly |absolutely |all )?"
    r"confidential\b"
    r"|\bstrictly (?:confidential|private)\b|\bin (?:the )?strict(?:est)? confidence\b"
    rf"|\b(?:turn|switch) (?:that|this|{_TAPE}) off\b|\b(?:turn|switch) off {_TAPE}\b"
    rf"|\b(?:can|could|will|would) you (?:please )?(?:turn|switch) it off\b"
    rf"|\b(?:stop|pause) {_TAPE}\b|\bstop recording\b"
    r"|\bi (?:really )?should(?:nt| not) (?:really |actually )?(?:be )?(?:say|saying|tell|telling) "
    r"(?:you )?(?:this|that)\b"
)
_WHAT_WAS_SAID = re.compile(
    rf"\b{_NOT} (?:please )?(?:write|type|use|include|print|record|mention) {_IT}\b"
    rf"|\b{_NOT} (?:please )?put {_IT} (?:in|down|on|anywhere)\b"
    r"|\b(?:dont|do not) (?:you )?quote me\b"
    rf"|\b(?:leave|keep) {_IT} out\b(?: of)?"
    rf"|\b(?:please|can you|could you|will you|would you|youll|you can) (?:please )?"
    rf"(?:take|cut|edit) {_IT} out\b"
    r"|\b(?:please|can you|could you|would you) (?:please )?"
    rf"(?:delete|erase|scrub|strike|cut) {_IT}\b"
    rf"|\bkeep {_IT} to yoursel(?:f|ves)\b|\b(?:dont|do not) (?:go )?repeat(?:ing)? {_IT}\b"
    rf"|\b(?:dont|do not) tell (?:anyone|anybody|them|her|him) (?:i said|i told you|{_IT})\b"
)
_GOES_ON = re.compile(
    rf"\bback on (?:the )?(?:record|tape)\b|\b(?:turn|switch|turned|switched) (?:{_IT}|{_TAPE}) "
    rf"(?:back )?on\b|\b(?:its|were|thats|is) (?:back )?on again\b|\brecording again\b"
)


@dataclass(frozen=True, slots=True)
class OffRecord:
    """A plea, and the passage that is probably meant: word numbers."""

    said: Withheld
    passage: Withheld


def off_record(transcript: Transcript) -> tuple[OffRecord, ...]:
    """Return where somebody asks that something stay out, in order. Struck words count as said."""
    if transcript.language.partition("-")[0] != "en" or not transcript.words:
        return ()
    talk = _Talk(transcript)
    found = [OffRecord(said, talk.after(said)) for said in talk.places(_WHAT_COMES)]
    found += [OffRecord(said, talk.before(said)) for said in talk.places(_WHAT_WAS_SAID)]
    return tuple(sorted(found, key=lambda plea: plea.said))


class _Talk:
    """The words in the form in which they match, a line for each segment."""

    def __init__(self, transcript: Transcript) -> None:
        self._segments = transcript.segments
        self._firsts = [segment.first_word for segment in transcript.segments]
        pieces: list[str] = []
        self._starts: list[int] = []
        position = 0
        for segment in transcript.segments:
            for number in range(segment.first_word, segment.last_word + 1):
                word = plain(transcript.words[number].text)
                self._starts.append(position)
                last = number == segment.last_word
                pieces.append(f"{word}\n" if last else f"{word} " if word else "")
                position += len(pieces[-1])
        self._text = "".join(pieces)

    def places(self, pattern: re.Pattern[str]) -> Iterator[Withheld]:
        """Yield the words that match."""
        for match in pattern.finditer(self._text):
            first = bisect_right(self._starts, match.start()) - 1
            yield Withheld(first, bisect_left(self._starts, match.end()) - 1)

    def after(self, said: Withheld) -> Withheld:
        """Return what follows a plea: until somebody says that it goes on, or the turn ends."""
        here = self._segment(said.first_word)
        farthest = self._segments[min(here + FARTHEST_TURNS, len(self._segments) - 1)].last_word
        goes_on = (place for place in self.places(_GOES_ON) if place.first_word > said.last_word)
        until = next(goes_on, None)
        if until is not None and until.last_word <= farthest:
            return Withheld(said.first_word, until.last_word)
        last = self._segments[here].last_word
        if last - said.last_word < FEW_WORDS:
            speaker = self._segments[here].speaker
            later = self._segments[here + 1 : here + 4]
            last = next((s.last_word for s in later if s.speaker == speaker), last)
        return Withheld(said.first_word, last)

    def before(self, said: Withheld) -> Withheld:
        """Return what a plea refers back to: the turn so far, or the one before as well."""
        here = self._segment(said.first_word)
        segment = self._segments[here]
        first = segment.first_word
        if said.first_word - first < FEW_WORDS:
            earlier = reversed(self._segments[max(here - 3, 0) : here])
            first = next((s.first_word for s in earlier if s.speaker == segment.speaker), first)
        rest = segment.last_word - said.last_word
        return Withheld(first, segment.last_word if rest < FEW_WORDS else said.last_word)

    def _segment(self, word: int) -> int:
        return bisect_right(self._firsts, word) - 1
