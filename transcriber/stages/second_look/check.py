"""A second look at what is about to leave, with other eyes than the detectors'.

The verdict of a text follows from its places:

- BLOCK: a roster name, or a name, place, organisation or direct identifier that was replaced
  elsewhere, is readable as written or as it was misheard (case, accents and a plural s aside), or a
  speaker label, code, study or file name holds one. A name that is also an ordinary word counts
  where it has a capital inside a sentence; at the start of one it is for review, in lower case it
  is a word. A single name that is not on the roster is for review where it stands in lower case
  among names with capitals.
- REVIEW: something else that was replaced elsewhere, a word of something replaced, what sounds like
  a known name or breaks off like one, spelt-out letters, four digits or more, the shape of an
  address or postcode, a capital that ordinary words do not have, and in a text without capitals a
  word that is not ordinary.
- PASS: none of these. It says that these checks found nothing, and nothing more.

What the roster's `keep` names and what the policy or a person left on purpose is no leak; a kind of
name that the policy keeps is not sought.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from transcriber.domain.finding import Finding
from transcriber.domain.leak_check import Leak, LeakCheck, Reason, Verdict, in_order
from transcriber.domain.policy import Policy
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.roster import Roster
from transcriber.stages.ordinary_words import ALWAYS_CAPITAL, also_words
from transcriber.stages.second_look.known import Known, is_ordinary, known
from transcriber.stages.second_look.numbers import numbers
from transcriber.stages.second_look.shapes import addresses, capitals, rare_words, remnants, spelt
from transcriber.stages.second_look.sound import Ear
from transcriber.stages.second_look.text import Form, SeenText, form_of, seen

SHORTEST_INSIDE = 5
"""Letters of the shortest name that is sought inside a longer word (`sarahwhitfield1990`)."""
SHORTEST_FRAGMENT = 2

Span = tuple[int, int, Reason, Verdict]
"""Start and end in code points, why, and how grave."""


@dataclass(frozen=True)
class SecondLook:
    """What is known of one study's text; use it for every part and file of one recording."""

    known: Known
    ear: Ear

    def without(self, marks: Iterable[str]) -> "SecondLook":
        """Return a look that passes over marks, which nobody said."""
        hidden = tuple(dict.fromkeys((*self.known.replacements, *marks)))
        return replace(self, known=replace(self.known, replacements=hidden))

    def text(self, text: str, part: str | None = None) -> tuple[Leak, ...]:
        """Return the places in a text, line by line."""
        starts = _line_starts(text)
        return tuple(
            _leak(text, starts, span, part)
            for span in self._spans(seen(text, self.known.replacements))
        )

    def names(self, values: Iterable[tuple[str, str]]) -> tuple[Leak, ...]:
        """Return the labels, codes and file names that hold a known name; pairs of what and it."""
        return tuple(
            Leak(Reason.METADATA, Verdict.BLOCK, value, 1, 0, len(value), part)
            for part, value in dict.fromkeys(values)
            if self._holds_name(value)
        )

    def originals(self, text: str, part: str) -> tuple[Leak, ...]:
        """Return only what blocks: for the insides of files, where words are not talk."""
        view = seen(text, self.known.replacements)
        exempt = _covered(view, self.known.exempt | self.known.kept)
        spans = [
            span
            for span in self._whole(view, cased=True)
            if span[3] is Verdict.BLOCK and not exempt.issuperset(_touched(view, *span[:2]))
        ]
        return tuple(_leak(text, _line_starts(text), span, part) for span in spans)

    def _holds_name(self, value: str) -> bool:
        words = form_of(re.sub(r"[_\W]+|(?<=[a-z])(?=[A-Z])|(?<=\D)(?=\d)", " ", value))
        view = seen(" ".join(words), ())
        exempt = set(_covered(view, self.known.exempt))
        return any(
            not exempt.issuperset(range(first, last + 1))
            for form in self.known.labels
            for first, last in view.occurrences(form)
        )

    def _spans(self, view: SeenText) -> Iterator[Span]:
        """Yield places; words that a graver reason holds already are not pointed out again."""
        exempt, shown = set(_covered(view, self.known.exempt)), _covered(view, self.known.shown)
        quiet = exempt | set(shown)
        taken: set[int] = set()
        for reason, runs in self._by_word(view):
            passed = quiet if reason in _ORDINARY_REASONS else exempt
            for first, last, verdict in runs:
                run = range(first, last + 1)
                if passed.issuperset(run) or taken.issuperset(run):
                    continue
                taken.update(run)
                yield view.words[first].start, view.words[last].end, reason, verdict
        for start, end in addresses(view):
            inside = [n for n in _touched(view, start, end) if n not in quiet | taken]
            if inside and not any(view.words[n].hidden for n in inside):
                yield start, end, Reason.ADDRESS, Verdict.REVIEW

    def _by_word(
        self, view: SeenText
    ) -> Iterator[tuple[Reason, Iterable[tuple[int, int, Verdict]]]]:
        cased, review = view.cased, Verdict.REVIEW
        by_start = {word.start: number for number, word in enumerate(view.words)}
        by_end = {word.end: number for number, word in enumerate(view.words)}
        yield (
            Reason.ORIGINAL,
            [(by_start[a], by_end[z], verdict) for a, z, _, verdict in self._whole(view, cased)],
        )
        letters = list(spelt(view))
        yield (
            Reason.ORIGINAL,
            [(a, z, Verdict.BLOCK) for a, z, word in letters if self._is_original(word)],
        )
        left = list(numbers(view))
        yield (
            Reason.ORIGINAL,
            [(n.first, n.last, Verdict.BLOCK) for n in left if self.known.has_digits(n.digits)],
        )
        yield Reason.PART, [(n, n, review) for n in self._parts(view)]
        yield Reason.SOUND, [(a, z, review) for a, z in self.ear.find(view)]
        yield Reason.REMNANT, [(a, z, review) for a, z in remnants(view)]
        yield Reason.SPELT, [(a, z, review) for a, z, _ in letters]
        yield Reason.NUMBER, [(n.first, n.last, review) for n in left]
        yield Reason.FRAGMENT, [(n, n, review) for n in self._fragments(view)]
        if cased:
            yield Reason.CAPITAL, [(n, n, review) for n in capitals(view)]
        else:
            yield Reason.RARE_WORD, [(n, n, review) for n in rare_words(view)]

    def _whole(self, view: SeenText, cased: bool) -> Iterator[Span]:
        """Yield known forms as written, longest first."""
        for form in sorted(self.known.whole, key=lambda form: (-len(form), form)):
            for first, last in _inflected(view, form):
                verdict = _gravity(view, form, first, self.known.whole[form], cased)
                lower = len(form) == 1 and cased and form[0].isalpha()
                if lower and form not in self.known.rostered and not view.words[first].capital:
                    # Where names have capitals, `frank` is an adjective.
                    verdict = verdict and Verdict.REVIEW
                if verdict is None and form in self.known.rostered:
                    # `June` on the roster: a month, or she.
                    verdict = Verdict.REVIEW if cased and view.words[first].capital else None
                if verdict is not None:
                    start, end = view.words[first].start, view.words[last].end
                    yield start, end, Reason.ORIGINAL, verdict

    def _is_original(self, word: str) -> bool:
        return self.known.whole.get((word,)) is Verdict.BLOCK

    def _parts(self, view: SeenText) -> Iterator[int]:
        long = [
            name
            for name in {form[0] for form in self.known.names if len(form) == 1} | self.known.parts
            if len(name) >= SHORTEST_INSIDE
        ]
        for plain, places in view.by_plain.items():
            whole = plain in self.known.parts or plain.removesuffix("s") in self.known.parts
            if whole or (
                len(plain) > SHORTEST_INSIDE
                and not is_ordinary((plain,))
                and any(name in plain for name in long)
            ):
                yield from (number for number in places if not view.words[number].hidden)

    def _fragments(self, view: SeenText) -> Iterator[int]:
        """Yield words that break off (`Sa-`, `Sa…`) and begin like a known name."""
        names = {form[0] for form in self.known.names}
        for number, word in enumerate(view.words):
            if word.hidden or len(word.plain) < SHORTEST_FRAGMENT or is_ordinary((word.plain,)):
                continue
            if _BROKEN_OFF.match(view.gap(number) or " ") and any(
                name.startswith(word.plain) and name != word.plain for name in names
            ):
                yield number


_BROKEN_OFF = re.compile(r"(?:-|\u2013|\u2014|…|\.\.\.)(?:\s|$)")
_ORDINARY_REASONS = frozenset({Reason.NUMBER, Reason.CAPITAL, Reason.RARE_WORD, Reason.SPELT})
"""Reasons that are no news where a finding was left for a person to judge."""


def second_look(
    findings: Sequence[Finding],
    roster: Roster,
    policy: Policy,
    on_record: Sequence[Finding] = (),
) -> SecondLook:
    """Prepare a second look: what was replaced, what is on record of it, what the roster knows."""
    sought = known(findings, roster, policy, on_record)
    return SecondLook(sought, Ear(sought.names))


def check_leaks(redacted: RedactedTranscript, look: SecondLook) -> LeakCheck:
    """Look at a redacted transcript: its talk, its labels, its code and the name of its study.

    `line` of a place is the number of its turn, offsets are in that turn's text.
    """
    marks = [token.text for turn in redacted.turns for token in turn.tokens if token.mark]
    spoken = "\n".join(_one_line(turn) for turn in redacted.turns)
    leaks = [
        _timed(leak, redacted.turns[leak.line - 1]) for leak in look.without(marks).text(spoken)
    ]
    labels = [("speaker label", turn.label) for turn in redacted.turns]
    outside = look.names([("code", redacted.code), ("study", redacted.study), *labels])
    return LeakCheck(in_order((*leaks, *outside)))


def check_text_leaks(
    texts: Mapping[str | None, str], look: SecondLook, names: Iterable[tuple[str, str]] = ()
) -> LeakCheck:
    """Look at a redacted document: its body (`None`), its other parts, and `names` about it.

    `names` pairs what it is (`code`, `file name`) with its value.
    """
    inside = [leak for part, text in texts.items() for leak in look.text(text, part)]
    return LeakCheck(in_order((*inside, *look.names(names))))


def _gravity(
    view: SeenText, form: Form, first: int, verdict: Verdict, cased: bool
) -> Verdict | None:
    """Return how grave a known form is here; None where it is an ordinary word."""
    if not also_words().issuperset(form):
        return verdict
    if ALWAYS_CAPITAL.issuperset(form):
        return None
    if not cased:
        return Verdict.REVIEW if len(form) > 1 else None
    if not view.words[first].capital:
        return None
    return Verdict.REVIEW if view.starts_sentence(first) else verdict


def _inflected(view: SeenText, form: Form) -> Iterator[tuple[int, int]]:
    """Yield a form where it stands, also with a plural s (`the Khans`, `Sarahs`)."""
    yield from view.occurrences(form)
    last = form[-1] if form else ""
    if len(last) > len("Al") and last.isalpha():
        yield from view.occurrences((*form[:-1], f"{last}s"))
        if last.endswith("y"):
            yield from view.occurrences((*form[:-1], f"{last[:-1]}ies"))


def _covered(view: SeenText, forms: Iterable[Form]) -> frozenset[int]:
    return frozenset(
        number
        for form in forms
        for first, last in _inflected(view, form)
        for number in range(first, last + 1)
    )


def _touched(view: SeenText, start: int, end: int) -> list[int]:
    at = max(bisect_right(view.words, start, key=lambda word: word.start) - 1, 0)
    found = []
    while at < len(view.words) and view.words[at].start < end:
        if view.words[at].end > start:
            found.append(at)
        at += 1
    return found


def _line_starts(text: str) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]


def _leak(text: str, starts: Sequence[int], span: Span, part: str | None) -> Leak:
    start, end, reason, verdict = span
    line = bisect_right(starts, start)
    offset = starts[line - 1]
    return Leak(reason, verdict, text[start:end], line, start - offset, end - offset, part)


def _one_line(turn: RedactedTurn) -> str:
    return turn.text.replace("\n", " ")


def _timed(leak: Leak, turn: RedactedTurn) -> Leak:
    position = 0
    for token in turn.tokens:
        position += len(token.text) + 1
        if position > leak.start:
            return replace(leak, start_ms=token.start_ms)
    return leak
