"""The side panel of sign-off: leak check, what was asked to stay out, what still tells, gaps."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.domain.finding import Finding
from transcriber.domain.leak_check import Leak, LeakCheck, Verdict
from transcriber.domain.residual_risk import ParticipantRisk
from transcriber.services.latest import Latest
from transcriber.services.review.off_record import Plea, place_key, pleas
from transcriber.services.review.passes import Place
from transcriber.services.review.released import KEPT, Released
from transcriber.services.store import Store
from transcriber.stages.residual_risk.combine import residual_risk, talk_of_transcript
from transcriber.stages.second_look.check import SecondLook, check_leaks, second_look
from transcriber.storage.database.transcripts import StoredTranscript


@dataclass(frozen=True, slots=True)
class SeenLeak:
    """A place of the leak check: which turn it is in, and whether somebody looked at it.

    `key` names the place on a form. It holds for as long as neither the place nor the turn around
    it is changed, and tells nothing of either.
    """

    leak: Leak
    place: Place | None
    key: str
    looked: bool


@dataclass(frozen=True, slots=True)
class SeenPlea:
    """A plea that something stay out, and whether somebody dealt with it."""

    plea: Plea
    key: str
    looked: bool

    @property
    def is_open(self) -> bool:
        """Whether it is neither withheld nor looked at."""
        return not (self.looked or self.plea.is_withheld)


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of speech without words, and the review's turn in or before which it lies.

    Times in milliseconds; `word` is the id of the turn's first word.
    """

    start_ms: int
    end_ms: int
    word: str


@dataclass(frozen=True)
class SidePanel:
    """What somebody has to see before they sign."""

    check: LeakCheck
    leaks: tuple[SeenLeak, ...]
    pleas: tuple[SeenPlea, ...]
    risks: tuple[ParticipantRisk, ...]
    untranscribed: tuple[Gap, ...]

    @property
    def blocking(self) -> tuple[SeenLeak, ...]:
        """Places for which nothing may leave."""
        return tuple(seen for seen in self.leaks if seen.leak.verdict is Verdict.BLOCK)

    @property
    def to_look_at(self) -> tuple[SeenLeak, ...]:
        """Places that somebody has to look at first, and nobody has."""
        return tuple(
            seen for seen in self.leaks if seen.leak.verdict is Verdict.REVIEW and not seen.looked
        )

    @property
    def open_pleas(self) -> tuple[SeenPlea, ...]:
        """Pleas that nobody dealt with."""
        return tuple(seen for seen in self.pleas if seen.is_open)


def look_of(released: Released) -> SecondLook:
    """Prepare the second look at what would leave."""
    return second_look(_replaced_anywhere(released), released.roster, released.policy)


def side_panel(store: Store, released: Released, transcript: StoredTranscript) -> SidePanel:
    """Look at what would leave now with other eyes than those that searched it."""
    return _seen(store, released, transcript, _looked(released))


def place_keys(panel: SidePanel) -> frozenset[str]:
    """Return the keys of all places that somebody may have looked at."""
    return frozenset((*(seen.key for seen in panel.leaks), *(seen.key for seen in panel.pleas)))


@dataclass(frozen=True)
class _Looked:
    """What a second look gives; it follows from the text and from what is known."""

    released: Released
    check: LeakCheck
    asked: tuple[Plea, ...]
    risks: tuple[ParticipantRisk, ...]

    def holds_for(self, other: Released) -> bool:
        """Whether nothing that it follows from is another by now."""
        mine = self.released
        return (
            mine.text == other.text
            and mine.findings == other.findings
            and mine.withheld == other.withheld
            and (mine.roster, mine.policy) == (other.roster, other.policy)
        )


_kept: Latest[str, _Looked] = Latest(KEPT)
"""The latest looks, by recording: a page that is opened again need not look anew."""


def _looked(released: Released) -> _Looked:
    recording_id = released.review.recording.id
    known = _kept.get(recording_id)
    holds = known is not None and known.holds_for(released)
    return _kept.put(recording_id, known if known and holds else _look(released))


def _look(released: Released) -> _Looked:
    look = look_of(released)
    check = check_leaks(released.text, look)
    for remark in released.text.remarks:
        check = check.merged(LeakCheck(look.text(remark, "remark")))
    risk = residual_risk(
        talk_of_transcript(released.review.transcript),
        released.findings,
        released.policy,
        released.roster,
    )
    return _Looked(
        released, check, pleas(released.review.transcript, released.withheld), risk.participants
    )


def _seen(
    store: Store, released: Released, transcript: StoredTranscript, found: _Looked
) -> SidePanel:
    leaks = [(leak, _leak_key(released, leak)) for leak in found.check.leaks]
    asked = [(plea, plea.key) for plea in found.asked]
    keys = [key for _, key in leaks] + [key for _, key in asked]
    with store.database.read() as connection:
        looked = store.sign_offs.looked(connection, transcript, keys)
    return SidePanel(
        check=found.check,
        leaks=tuple(
            SeenLeak(leak, _place(released, leak), key, key in looked) for leak, key in leaks
        ),
        pleas=tuple(SeenPlea(plea, key, key in looked) for plea, key in asked),
        risks=found.risks,
        untranscribed=_gaps(released),
    )


def _gaps(released: Released) -> tuple[Gap, ...]:
    words, turns = released.review.transcript.words, released.review.turns
    starts = [words[turn.first_word].start_ms for turn in turns]
    found = []
    for gap in released.text.coverage.untranscribed if turns else ():
        turn = turns[max(bisect_right(starts, gap.start_ms) - 1, 0)]
        found.append(Gap(gap.start_ms, gap.end_ms, words[turn.first_word].id))
    return tuple(found)


def _replaced_anywhere(released: Released) -> Sequence[Finding]:
    """Return also what was found in withheld passages: it must not be read elsewhere either."""
    inside = [
        judged.finding
        for judged in released.review.findings
        if not judged.leaves and judged.finding.replacement is not None
    ]
    return tuple(dict.fromkeys((*released.findings, *inside)))


def _place(released: Released, leak: Leak) -> Place | None:
    """Return the turn of a place in the talk, None for a label, the code or the study's name."""
    if leak.part is not None:
        return None
    turn = leak.line - 1
    span = released.spans[turn]
    if span is None:
        return None
    start_ms = leak.start_ms if leak.start_ms is not None else released.text.turns[turn].start_ms
    return Place(leak.line, released.anchor(span.first_word), start_ms)


def _leak_key(released: Released, leak: Leak) -> str:
    around = leak.part or released.text.turns[leak.line - 1].text
    span = None if leak.part else released.spans[leak.line - 1]
    word = str(span.first_word) if span else ""
    return place_key("leak", leak.reason.value, leak.text, str(leak.start), word, around)
