"""The texts of releases without what one participant said, and the version that comes after."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from transcriber.domain.interval import Interval, joined
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn, Token
from transcriber.domain.withdrawal import CONTRIBUTION_WITHDRAWN, NAME_WITHDRAWN, Withdrawing
from transcriber.exports.release_json import ReleasedText, read_texts, text_sha256, write_release
from transcriber.services.release_sound import sound_of, sound_record
from transcriber.stages.name_spellings import is_named, named
from transcriber.stages.words import plain, plain_words


@dataclass(frozen=True)
class Rewritten:
    """The texts of a release without them, and how much of theirs was in the one that was signed.

    `spoken` is when they spoke, in milliseconds.
    """

    texts: tuple[ReleasedText, ...]
    turns: int
    words: int
    mentions: int
    spoken: tuple[Interval, ...]

    @property
    def is_same(self) -> bool:
        """Whether nothing of theirs was in any of its texts."""
        return not (self.turns or self.mentions)

    @property
    def data(self) -> bytes:
        """The file of the release."""
        return write_release(self.texts[0].transcript, self.texts[0].facts, self.texts[1:])


def rewritten(data: bytes, who: Withdrawing) -> Rewritten:
    """Return a stored release without them; turns stay where they are, one word in each of theirs.

    Raises StorageError `release_unreadable`.
    """
    texts = read_texts(data)
    left = tuple(
        _with_digest(text, replace(text.transcript, turns=_turns(text.transcript, who)), who)
        for text in texts
    )
    theirs = [
        turn
        for turn in texts[0].transcript.turns
        if turn.label in who.labels and turn.text != CONTRIBUTION_WITHDRAWN
    ]
    return Rewritten(
        left,
        turns=len(theirs),
        words=sum(not token.mark for turn in theirs for token in turn.tokens),
        mentions=max(
            _named(after.transcript) - _named(before.transcript)
            for before, after in zip(texts, left, strict=True)
        ),
        spoken=tuple(Interval(turn.start_ms, turn.end_ms) for turn in theirs),
    )


def _turns(transcript: RedactedTranscript, who: Withdrawing) -> tuple[RedactedTurn, ...]:
    return tuple(
        replace(turn, tokens=(_standing(turn),))
        if turn.label in who.labels
        else replace(turn, tokens=tuple(_tokens(turn, who)))
        for turn in transcript.turns
    )


def _standing(turn: RedactedTurn) -> Token:
    return Token(CONTRIBUTION_WITHDRAWN, turn.start_ms, turn.end_ms, redacted=True, mark=True)


def _tokens(turn: RedactedTurn, who: Withdrawing) -> Iterator[Token]:
    """Yield what others said: neither what stood for them nor a name of theirs is in it."""
    spans = {number: span for span in _naming(turn.tokens, who) for number in span}
    for number, token in enumerate(turn.tokens):
        span = spans.get(number)
        if span is None:
            yield replace(token, text=_unnamed(token.text, who)) if token.redacted else token
        elif number == span.start:
            last = turn.tokens[span.stop - 1]
            end_ms = max(token.end_ms, last.end_ms)
            yield Token(NAME_WITHDRAWN, token.start_ms, end_ms, redacted=True)


def _naming(tokens: Sequence[Token], who: Withdrawing) -> Iterator[range]:
    """Yield the numbers of tokens that name them, also where a part of a name was left standing."""
    texts = [token.text for token in tokens]
    yield from named(texts, who.spellings)
    for number, token in enumerate(tokens):
        if not token.redacted or _unnamed(token.text, who) == token.text:
            continue
        first = last = number
        for name in map(plain_words, who.spellings):
            for count in range(1, len(name)):
                if _plains(texts[number + 1 : number + 1 + count]) == name[-count:]:
                    last = max(last, number + count)
                if _plains(texts[max(number - count, 0) : number]) == name[:count]:
                    first = min(first, number - count)
        if first < last:
            yield range(first, last + 1)


def _plains(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(plain(text) for text in texts)


def _unnamed(text: str, who: Withdrawing) -> str:
    """Return a replacement in which nothing stands for them."""
    if not who.replacements:
        return text
    either = "|".join(re.escape(each) for each in sorted(who.replacements, key=len, reverse=True))
    return re.sub(rf"(?<!\w)(?:{either})(?!\w)", NAME_WITHDRAWN, text)


def _named(transcript: RedactedTranscript) -> int:
    return sum(
        token.text.count(NAME_WITHDRAWN) for turn in transcript.turns for token in turn.tokens
    )


def next_version(signed: Rewritten, number: int, at_ms: int, silenced: Sequence[Interval]) -> bytes:
    """Return the file of the version that takes the place of one that was signed.

    It says so; its sound lacks the silenced stretches too.
    """
    day = f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d}"
    remark = (
        f"A contribution was withdrawn on {day} (UTC); what others said is as it was signed in "
        f"version {number}"
    )
    texts = [
        _with_digest(
            ReleasedText(text.transcript, _silenced(text.facts, silenced)),
            replace(text.transcript, remarks=(*text.transcript.remarks, remark)),
        )
        for text in signed.texts
    ]
    return write_release(texts[0].transcript, texts[0].facts, texts[1:])


def _with_digest(
    text: ReleasedText, transcript: RedactedTranscript, who: Withdrawing | None = None
) -> ReleasedText:
    """Return a text with the hash that it has now: that of a text that is gone would tell of it.

    What people typed that names `who` is not said any more.
    """
    facts = text.facts
    if who is not None:
        remarks = tuple(each for each in transcript.remarks if not is_named(each, who.spellings))
        transcript = replace(transcript, remarks=remarks)
        facts = {name: _told(value, who) for name, value in facts.items()}
    if "text_sha256" in facts:
        facts = {**facts, "text_sha256": text_sha256(transcript)}
    return ReleasedText(transcript, facts)


def _told(value: Any, who: Withdrawing) -> Any:
    """Return a fact without the strings that name them."""
    if isinstance(value, str):
        return NAME_WITHDRAWN if is_named(value, who.spellings) else value
    if isinstance(value, Mapping):
        return {name: _told(each, who) for name, each in value.items()}
    if isinstance(value, list):
        return [_told(each, who) for each in value]
    return value


def _silenced(facts: Mapping[str, Any], silenced: Sequence[Interval]) -> Mapping[str, Any]:
    gone = sound_of(facts)
    if gone is None:
        return facts
    stretches = tuple(joined([*gone.stretches, *silenced]))
    return {**facts, "sound": sound_record(replace(gone, stretches=stretches))}
