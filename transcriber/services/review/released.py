"""Exactly what would leave of a recording now: read before it is signed, checked, and signed.

It rests on the findings themselves and never on what a page shows: what is put before a reviewer
without a mark, to see whether they find it, is replaced here all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from transcriber.domain.convention import FULL
from transcriber.domain.finding import Action, Finding
from transcriber.domain.policy import Policy
from transcriber.domain.recording import Recording
from transcriber.domain.redacted import RedactedTranscript, RedactedTurn
from transcriber.domain.review import FindingState, JudgedFinding
from transcriber.domain.roster import Roster
from transcriber.domain.study_terms import StudyTerms
from transcriber.domain.transcript import Transcript
from transcriber.domain.withheld import Withheld
from transcriber.engines.plain_anonymiser import PlainAnonymiser
from transcriber.services.latest import Latest
from transcriber.services.recording_list import not_in_study
from transcriber.services.review.state import Review, review_of
from transcriber.services.store import Store
from transcriber.services.studies import no_such_study
from transcriber.stages.convention import apply_convention
from transcriber.stages.redact import TurnSpan, redact

Spans = tuple[TurnSpan | None, ...]

Text = tuple[RedactedTranscript, Spans]

KEPT = 8
"""Recordings whose text is kept, so that a page of the cold read does not write it again."""


@dataclass(frozen=True)
class Released:
    """What would leave, what it was made from, and what the study agreed on.

    `spans` say from which words each turn of `text` was written, None for a turn of nothing but a
    mark of speech without words.
    `findings` are as they leave, those that a person rejected among them with the action `keep`;
    none lies in a passage that is withheld.
    """

    review: Review
    recording: Recording
    text: RedactedTranscript
    spans: Spans
    findings: tuple[Finding, ...]
    withheld: tuple[Withheld, ...]
    roster: Roster
    policies: tuple[Policy, ...]
    terms: StudyTerms

    @property
    def policy(self) -> Policy:
        """The policy by which the text is written; those of the study that follow are others'."""
        return self.policies[0]

    def anchor(self, word: int) -> str:
        """Return the id of the first word of the review's turn that has a word of this number."""
        turn = self.review.turns[self.review.fold.turns_of(range(word, word + 1)).start]
        return self.review.transcript.words[turn.first_word].id


def as_released(store: Store, study_id: str, recording_id: str) -> RedactedTranscript:
    """Return exactly what would leave of a recording now, by the policy that is checked.

    The same decisions give the same text in every process. Raises UsageError `not_found` or
    `not_ready`, RedactionRefused, StorageError.
    """
    return released(store, study_id, recording_id).text


def released(store: Store, study_id: str, recording_id: str) -> Released:
    """Return it with what it was made from. Raises what `as_released` raises."""
    review = review_of(store, study_id, recording_id)
    with store.database.read() as connection:
        study = store.studies.get(connection, study_id)
        if study is None:
            raise no_such_study()
        stored = store.recordings.get(connection, study, recording_id)
    if stored is None:
        raise not_in_study()
    source = _Source(stored.recording, review.transcript, review.findings, withheld_in(review))
    kept = _kept.get(recording_id)
    if kept is None or not kept[0].is_same(source):
        kept = source, written(stored.recording, review, _as_they_leave(review))
    _kept.put(recording_id, kept)
    text, spans = kept[1]
    return Released(
        review=review,
        recording=stored.recording,
        text=text,
        spans=spans,
        findings=leaving(review),
        withheld=withheld_in(review),
        roster=study.agreed.roster,
        policies=study.agreed.policies,
        terms=study.agreed.terms,
    )


def leaving(review: Review) -> tuple[Finding, ...]:
    """Return the findings as they leave: rejected ones are kept on purpose, not replaced."""
    return outside(_as_they_leave(review), withheld_in(review))


def outside(findings: Sequence[Finding], withheld: Sequence[Withheld]) -> tuple[Finding, ...]:
    """Return the findings that do not lie in a passage that is withheld."""
    return tuple(finding for finding in findings if not _inside(finding, withheld))


def _as_they_leave(review: Review) -> tuple[Finding, ...]:
    return tuple(_as_it_leaves(judged) for judged in review.findings)


def withheld_in(review: Review) -> tuple[Withheld, ...]:
    """Return the passages that do not leave, without who withheld them and why."""
    return tuple(Withheld(each.first_word, each.last_word) for each in review.withheld)


def _as_it_leaves(judged: JudgedFinding) -> Finding:
    if judged.state is FindingState.REJECTED:
        return replace(judged.finding, action=Action.KEEP, replacement=None)
    return judged.finding


def _inside(finding: Finding, withheld: Sequence[Withheld]) -> bool:
    place = finding.place
    return place is not None and any(
        place.first_word in passage and place.last_word in passage for passage in withheld
    )


def written(recording: Recording, review: Review, findings: Sequence[Finding]) -> Text:
    """Write a review down with its findings as some policy acts on them, and tell from which words.

    As `transcriber run` does, with pauses and with speech that gave no words. Raises
    RedactionRefused.
    """
    made = redact(recording, review.transcript, findings, withheld_in(review), PlainAnonymiser())
    text = apply_convention(made.transcript, FULL)
    spans = iter(made.spans)
    return text, tuple(next(spans) if has_words(turn) else None for turn in text.turns)


def has_words(turn: RedactedTurn) -> bool:
    """Whether anything in a turn stands for words."""
    return any(token.redacted or not token.mark for token in turn.tokens)


def is_said(turn: RedactedTurn) -> bool:
    """Whether a turn has more than marks, so that somebody has to read it."""
    return any(not token.mark for token in turn.tokens)


@dataclass(frozen=True)
class _Source:
    """What a text follows from; what was merely heard, read or noted changes none of it."""

    recording: Recording
    transcript: Transcript
    findings: tuple[JudgedFinding, ...]
    withheld: tuple[Withheld, ...]

    def is_same(self, other: "_Source") -> bool:
        """Whether they give the same text; what did not change is the same object."""
        return (
            self.transcript is other.transcript
            and self.recording == other.recording
            and self.findings == other.findings
            and self.withheld == other.withheld
        )


_kept: Latest[str, tuple[_Source, Text]] = Latest(KEPT)
