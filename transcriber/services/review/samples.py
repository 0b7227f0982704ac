"""How right the words are: random stretches that a person corrected by their sound.

What is compared is the text as it stood when the person heard it, so corrections that were made
before count for it. Interviews and groups are told apart, because groups are harder.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from transcriber.domain.audit import Action
from transcriber.domain.errors import UsageError
from transcriber.domain.recording import Kind
from transcriber.domain.sample_kind import SampleKind
from transcriber.domain.transcript import Transcript
from transcriber.evaluation.bootstrap import rate_interval
from transcriber.evaluation.normalise import normaliser
from transcriber.evaluation.word_errors import WordErrors, word_errors
from transcriber.services.review.state import review_of
from transcriber.services.review.stretches import Asked, Stretch, answered_in
from transcriber.services.store import Store
from transcriber.services.typed_text import require_text
from transcriber.storage.database.audit_events import AuditEvent

LONGEST_PIECE = 2_000
MOST_PIECES = 60


@dataclass(frozen=True, slots=True)
class Piece:
    """What one speaker says in a row within a stretch, by id of the speaker; None is nobody's."""

    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Corrected:
    """A piece as it stood and as it was heard; `heard` is empty where nobody said it.

    `shown` is empty where the person adds what was left out.
    """

    shown: Piece
    heard: Piece


_PIECES = TypeAdapter(tuple[Corrected, ...])


@dataclass(frozen=True, slots=True)
class Rate:
    """Errors of a number of words, over stretches; the interval is of 95 %.

    `interval` is None with fewer than five stretches.
    """

    errors: int
    words: int
    interval: tuple[float, float] | None

    @property
    def rate(self) -> float | None:
        """The share of words that are wrong; None without words."""
        return self.errors / self.words if self.words else None


@dataclass(frozen=True, slots=True)
class SoundResult:
    """What the stretches of interviews, or of groups, came to.

    `invented` are pieces that nobody said, `pieces` all that were shown. Invented words count as
    word errors too.
    """

    kind: Kind
    stretches: int
    words: Rate
    speakers: Rate
    invented: int
    pieces: int


def pieces_of(transcript: Transcript, stretch: Stretch) -> tuple[Piece, ...]:
    """Return the words of a stretch as they stand: one piece for each run of one speaker."""
    found: list[Piece] = []
    for word in transcript.words[stretch.first_word : stretch.last_word + 1]:
        if word.struck is not None:
            continue
        if found and found[-1].speaker == word.speaker:
            found[-1] = Piece(word.speaker, f"{found[-1].text} {word.text}")
        else:
            found.append(Piece(word.speaker, word.text))
    return tuple(found)


def keep_heard(
    store: Store,
    study_id: str,
    asked: Asked,
    heard: Sequence[Piece],
    added: Sequence[Piece] = (),
) -> None:
    """Keep what somebody heard in a stretch: a piece for each that was shown, and what was missing.

    It is audited. Raises UsageError where the pieces do not fit the stretch, and where it was
    answered already.
    """
    recording_id = asked.sample.recording_id
    if asked.answer is not None:
        raise UsageError("answered", "You have corrected this stretch already. Go on to the next.")
    shown = pieces_of(review_of(store, study_id, recording_id).transcript, asked.stretch)
    if len(shown) != len(heard) or len(added) > MOST_PIECES:
        raise UsageError(
            "changed_meanwhile",
            "Somebody has changed these words since you opened them. Open the stretch again.",
        )
    pairs = [Corrected(was, _tidy(now)) for was, now in zip(shown, heard, strict=True)]
    pairs += [Corrected(Piece(None, ""), _tidy(piece)) for piece in added if piece.text.strip()]
    with store.database.write() as connection:
        store.samples.answer(connection, asked.sample, _PIECES.dump_json(tuple(pairs)))
        who = asked.sample.account_id
        event = AuditEvent(Action.CHANGED, who, study_id, recording_id, asked.sample.id)
        store.audit.record(connection, event)


def sound_results(store: Store, study_id: str) -> tuple[SoundResult, ...]:
    """Return what was measured in a study: one result for each kind of recording that has any."""
    by_kind: dict[Kind, list[tuple[Corrected, ...]]] = {}
    languages: dict[Kind, str] = {}
    for review, done in answered_in(store, study_id, SampleKind.HEARD):
        kind = review.recording.kind
        by_kind.setdefault(kind, []).extend(
            _PIECES.validate_json(one.answer or b"[]") for one in done
        )
        languages.setdefault(kind, review.fold.raw.language)
    return tuple(
        score(kind, stretches, languages[kind]) for kind, stretches in by_kind.items() if stretches
    )


def score(kind: Kind, stretches: Iterable[Sequence[Corrected]], language: str) -> SoundResult:
    """Score stretches of one kind; intervals draw whole stretches, as their errors belong together.

    A word is under the wrong speaker when the person gave its piece to somebody else; pieces that
    nobody said, and what was left out, tell nothing of speakers.
    """
    normalise = normaliser(language)
    words: list[tuple[int, int]] = []
    speakers: list[tuple[int, int]] = []
    invented = pieces = 0
    for stretch in stretches:
        errors = word_errors(
            normalise(" ".join(pair.heard.text for pair in stretch)),
            normalise(" ".join(pair.shown.text for pair in stretch)),
        )
        words.append((_errors(errors), errors.words))
        said = [pair for pair in stretch if pair.shown.text and pair.heard.text]
        wrong = [pair for pair in said if pair.shown.speaker != pair.heard.speaker]
        speakers.append((_count(wrong), _count(said)))
        invented += sum(bool(pair.shown.text) and not pair.heard.text for pair in stretch)
        pieces += sum(bool(pair.shown.text) for pair in stretch)
    return SoundResult(kind, len(words), _rate(words), _rate(speakers), invented, pieces)


def _errors(errors: WordErrors) -> int:
    return errors.substitutions + errors.deletions + errors.insertions


def _count(pairs: Iterable[Corrected]) -> int:
    return sum(len(pair.shown.text.split()) for pair in pairs)


def _rate(counts: Sequence[tuple[int, int]]) -> Rate:
    errors, words = (sum(column) for column in zip(*counts, strict=True)) if counts else (0, 0)
    return Rate(errors, words, rate_interval(counts))


def _tidy(piece: Piece) -> Piece:
    text = " ".join(piece.text.split())
    if not text:
        return Piece(piece.speaker, "")
    return Piece(piece.speaker, require_text(text, LONGEST_PIECE, "What was said"))
