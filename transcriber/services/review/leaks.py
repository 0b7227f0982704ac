"""The side panel of sign-off: leak check, what was asked to stay out, what still tells, gaps."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from transcriber.domain.finding import PERSON_SOURCE, Finding
from transcriber.domain.leak_check import Leak, LeakCheck, Verdict, in_order
from transcriber.domain.residual_risk import ParticipantRisk
from transcriber.services.latest import Latest
from transcriber.services.review.kept_places import without_kept
from transcriber.services.review.off_record import Plea, place_key, pleas
from transcriber.services.review.on_record import OnRecord, on_record
from transcriber.services.review.passes import Place
from transcriber.services.review.released import KEPT, Released, outside
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
    policy: str
    """Under which of the study's policies it stands there: the first of them that shows it."""


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


def look_of(released: Released, record: OnRecord) -> SecondLook:
    """Prepare the second look at what would leave."""
    return second_look(_replaced_anywhere(released), released.roster, released.policy, record.forms)


def side_panel(store: Store, texts: Sequence[Released], transcript: StoredTranscript) -> SidePanel:
    """Look at what would leave now with other eyes than those that searched it.

    `texts` are one for each policy, the one that is signed first.
    """
    record = on_record(store, texts[0].review)
    return _seen(store, texts, transcript, [_looked(text, record) for text in texts])


def place_keys(panel: SidePanel) -> frozenset[str]:
    """Return the keys of all places that somebody may have looked at."""
    return frozenset((*(seen.key for seen in panel.leaks), *(seen.key for seen in panel.pleas)))


@dataclass(frozen=True)
class _Looked:
    """What a second look gives; it follows from the text and from what is known."""

    released: Released
    record: OnRecord
    check: LeakCheck
    asked: tuple[Plea, ...]
    risks: tuple[ParticipantRisk, ...]

    def holds_for(self, other: Released, record: OnRecord) -> bool:
        """Whether nothing that it follows from is another by now."""
        mine = self.released
        return (
            self.record == record
            and mine.text == other.text
            and mine.findings == other.findings
            and mine.withheld == other.withheld
            and (mine.roster, mine.policy) == (other.roster, other.policy)
        )


_kept: Latest[tuple[str, str], _Looked] = Latest(3 * KEPT)
"""The latest looks, by recording and policy: a page that is opened again need not look anew."""


def _looked(released: Released, record: OnRecord) -> _Looked:
    which = released.review.recording.id, released.policy.name
    known = _kept.get(which)
    holds = known is not None and known.holds_for(released, record)
    return _kept.put(which, known if known and holds else _look(released, record))


def _look(released: Released, record: OnRecord) -> _Looked:
    look = look_of(released, record)
    check = without_kept(released, check_leaks(released.text, look))
    for remark in released.text.remarks:
        check = check.merged(LeakCheck(look.text(remark, "remark")))
    risk = residual_risk(
        talk_of_transcript(released.review.transcript),
        released.findings,
        released.policy,
        released.roster,
    )
    asked = pleas(released.review.transcript, released.withheld)
    return _Looked(released, record, check, asked, risk.participants)


def _seen(
    store: Store,
    texts: Sequence[Released],
    transcript: StoredTranscript,
    looks: Sequence[_Looked],
) -> SidePanel:
    signed, look = texts[0], looks[0]
    leaks = [
        (leak, text, _leak_key(text, leak))
        for text, found in zip(texts, looks, strict=True)
        for leak in _anew(found, looks)
    ]
    leaks.sort(key=lambda found: found[0].verdict is not Verdict.BLOCK)
    asked = [(plea, plea.key) for plea in look.asked]
    keys = [key for *_, key in leaks] + [key for _, key in asked]
    with store.database.read() as connection:
        looked = store.sign_offs.looked(connection, transcript, keys)
    return SidePanel(
        check=LeakCheck(in_order(tuple(leak for leak, *_ in leaks))),
        leaks=tuple(
            SeenLeak(leak, _place(text, leak), key, key in looked, text.policy.name)
            for leak, text, key in leaks
        ),
        pleas=tuple(SeenPlea(plea, key, key in looked) for plea, key in asked),
        risks=look.risks,
        untranscribed=_gaps(signed),
    )


def _anew(look: _Looked, looks: Sequence[_Looked]) -> list[Leak]:
    """Return the places of a text that no text before it shows: one look at each is enough."""
    before: set[tuple[object, ...]] = set()
    for earlier in looks:
        if earlier is look:
            break
        before.update(map(_what, earlier.check.leaks))
    return [leak for leak in look.check.leaks if _what(leak) not in before]


def _what(leak: Leak) -> tuple[object, ...]:
    return leak.reason, leak.text, leak.line, leak.start_ms, leak.part


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
    removed = released.policy.removed
    replaced = tuple(
        judged.finding
        for judged in released.review.findings
        if not judged.leaves and judged.finding.replacement is not None
    )
    leaving = set(outside(replaced, released.withheld))
    inside = [
        finding
        for finding in replaced
        if finding not in leaving
        and (finding.entity_type in removed or finding.source == PERSON_SOURCE)
    ]
    return (*released.findings, *inside)


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
