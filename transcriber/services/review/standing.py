"""How a recording stands before sign-off: what would leave, what is done, what is missing."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from transcriber.domain.consent import ConsentBook, ConsentTo
from transcriber.domain.finding import Action
from transcriber.domain.leak_check import Verdict
from transcriber.domain.recording_state import RecordingState
from transcriber.domain.redacted import Checked, RedactedTranscript
from transcriber.domain.transcript import Quality
from transcriber.exports.release_json import text_sha256
from transcriber.services.consent.book import book_in
from transcriber.services.consent.doors import not_to_be_quoted
from transcriber.services.review.leaks import SeenLeak, SidePanel, side_panel
from transcriber.services.review.override import latest_words
from transcriber.services.review.passes import Passes, Place, passes, place_of
from transcriber.services.review.profiles import left_out, profiles
from transcriber.services.review.released import Released, released
from transcriber.services.review.seeded import as_shown
from transcriber.services.store import Store
from transcriber.services.withdrawal.echoes import ShownEcho, open_echoes
from transcriber.storage.database.recording_states import rows_of
from transcriber.storage.database.releases import Release, releases_of
from transcriber.storage.database.sign_offs import DraftOverride, Signature
from transcriber.storage.database.transcripts import StoredTranscript

DONE = frozenset({RecordingState.READY, RecordingState.SIGNED_OFF, RecordingState.DRAFT})


class Missing(StrEnum):
    """What stands in the way of signing; the value is the code of the error."""

    AT_WORK = "still_running"
    SEARCHING = "still_searching"
    DRAFT = "draft_words"
    NOTHING_LEFT = "nothing_left"
    UNDECIDED = "undecided"
    STALE = "stale_turns"
    UNHEARD = "not_heard"
    UNREAD = "not_read"
    BLOCKED = "leak_blocks"
    NOT_LOOKED_AT = "not_looked_at"
    ASKED_OUT = "asked_to_stay_out"
    ECHOES = "echoes_undecided"
    RELEASED = "already_released"
    NO_CONSENT = "no_consent"


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Something that is missing: what, how much of it, in a sentence, and where."""

    missing: Missing
    count: int
    sentence: str
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Standing:
    """How a recording stands.

    `text` is what would be released by the policy that is checked, `profiles` what would be by the
    study's further ones, and `left_out` the names of those that cannot. `signatures` are of all
    these texts. `replaced` counts the findings of each type for which something stands in `text`.
    """

    released: Released
    profiles: tuple[Released, ...]
    left_out: tuple[str, ...]
    transcript: StoredTranscript
    text: RedactedTranscript
    text_sha256: str
    text_tag: bytes
    passes: Passes
    panel: SidePanel
    replaced: Mapping[str, int]
    signatures: tuple[Signature, ...]
    releases: tuple[Release, ...]
    override: DraftOverride | None
    obstacles: tuple[Obstacle, ...]

    @property
    def seen(self) -> int:
        """How many decisions it rests on: to be sent back with the signature."""
        return self.released.review.number

    @property
    def may_be_signed(self) -> bool:
        """Whether nothing stands in the way."""
        return not self.obstacles

    @property
    def needs_two(self) -> bool:
        """Whether two people have to sign."""
        return self.released.terms.checking.second_reviewer

    @property
    def release(self) -> Release | None:
        """The release that stands, None where there is none."""
        return next((each for each in reversed(self.releases) if not each.withdrawn), None)


def standing(store: Store, study_id: str, recording_id: str) -> Standing:
    """Tell how a recording stands. Raises what `as_released` raises."""
    found = released(store, study_id, recording_id)
    further = profiles(store, found)
    with store.database.read() as connection:
        transcript = latest_words(store, connection, study_id, recording_id)
        (row,) = rows_of(connection, [recording_id])
        override = store.sign_offs.overridden(connection, transcript)
        texts = [
            replace(each, text=checked_text(each.text, override)) for each in (found, *further)
        ]
        digests = [text_sha256(each.text) for each in texts]
        text_tag = store.sign_offs.text_tag(connection, recording_id, "\n".join(digests))
        signatures = store.sign_offs.signatures(connection, transcript, text_tag)
        releases = releases_of(connection, transcript.id)
        book = book_in(store, connection, study_id)
    signed = texts[0]
    made = Standing(
        released=signed,
        profiles=tuple(texts[1:]),
        left_out=left_out(found),
        transcript=transcript,
        text=signed.text,
        text_sha256=digests[0],
        text_tag=text_tag,
        passes=passes(signed, as_shown(store, signed.review)),
        panel=side_panel(store, texts, transcript),
        replaced=replaced_in(signed),
        signatures=signatures,
        releases=releases,
        override=override,
        obstacles=(),
    )
    echoes = open_echoes(store, found.review)
    return replace(made, obstacles=tuple(_obstacles(made, row.state, book, echoes)))


def checked_text(text: RedactedTranscript, override: DraftOverride | None) -> RedactedTranscript:
    """Return a text as a release says it: that a person checked it, and why a draft may leave."""
    why = () if override is None else (f"a draft, released all the same because {override.reason}",)
    return replace(text, checked=Checked.YES, remarks=why)


def replaced_in(found: Released) -> Counter[str]:
    """Count the findings of each type for which something stands in a text."""
    return Counter(
        finding.entity_type.value
        for finding in found.findings
        if finding.action in (Action.REPLACE, Action.GENERALISE) and finding.replacement is not None
    )


def _obstacles(
    made: Standing, state: RecordingState, book: ConsentBook, echoes: Sequence[ShownEcho]
) -> list[Obstacle]:
    asked = [
        *_of_recording(made, state),
        *_of_consent(made, book),
        *_of_passes(made.passes),
        *_of_panel(made),
        *_of_echoes(made.released, echoes),
    ]
    latest = made.release
    if latest is not None and latest.text_tag == made.text_tag:
        asked.append(
            Obstacle(
                Missing.RELEASED,
                1,
                "This text is released already. Withdraw the release, or change the text first.",
            )
        )
    return asked


def _of_recording(made: Standing, state: RecordingState) -> list[Obstacle]:
    found = []
    if state not in DONE:
        found.append(
            Obstacle(
                Missing.AT_WORK,
                1,
                "This recording is still being worked on, or its last job failed. Wait until it "
                "is done.",
            )
        )
    if made.released.review.searching:
        found.append(
            Obstacle(
                Missing.SEARCHING,
                1,
                "What was changed last is still being searched for names. Look again in a moment.",
            )
        )
    if made.text.quality is Quality.DRAFT and made.override is None:
        found.append(
            Obstacle(
                Missing.DRAFT,
                1,
                "Its words are a draft of the small built-in recogniser. Ask IT for a speech "
                "model.",
            )
        )
    if not made.text.turns:
        found.append(
            Obstacle(Missing.NOTHING_LEFT, 1, "Everything is withheld: nothing would leave.")
        )
    return found


def _of_consent(made: Standing, book: ConsentBook) -> list[Obstacle]:
    """Return what stands in the way where somebody in the text did not agree to be quoted."""
    recording_id = made.transcript.recording_id
    lacking = not_to_be_quoted(book, made.text, recording_id)
    if not lacking:
        return []
    turns = zip(made.text.turns, made.released.spans, strict=True)
    places = tuple(
        Place(number, made.released.anchor(span.first_word), turn.start_ms)
        for number, (turn, span) in enumerate(turns, start=1)
        if span is not None and turn.label in lacking
    )
    sentence = book.reason(lacking, ConsentTo.QUOTED, recording_id)
    return [Obstacle(Missing.NO_CONSENT, len(places), sentence, places)]


def _of_passes(done: Passes) -> list[Obstacle]:
    found = []
    if done.entities.is_missing:
        number = len(done.entities.left)
        sentence = f"{_counted(number, 'finding is', 'findings are')} not decided on."
        found.append(Obstacle(Missing.UNDECIDED, number, sentence, done.entities.left))
    if done.stale:
        number = len(done.stale)
        sentence = (
            f"{_counted(number, 'turn was', 'turns were')} changed after somebody had heard or "
            "read them."
        )
        found.append(Obstacle(Missing.STALE, number, sentence, done.stale))
    if done.listening.is_missing:
        number = len(done.listening.left)
        sentence = f"{_counted(number, 'turn was', 'turns were')} not heard."
        found.append(Obstacle(Missing.UNHEARD, number, sentence, done.listening.left))
    if done.cold_read.is_missing:
        number = len(done.cold_read.left)
        sentence = f"{_counted(number, 'turn was', 'turns were')} not read as they will leave."
        found.append(Obstacle(Missing.UNREAD, number, sentence, done.cold_read.left))
    return found


def _of_panel(made: Standing) -> list[Obstacle]:
    found, panel = [], made.panel
    if panel.check.verdict is Verdict.BLOCK:
        number = len(panel.blocking)
        sentence = (
            f"{_counted(number, 'place shows', 'places show')} a known name or number. "
            "Mark it, withhold the passage, or add it to the names that may stay."
        )
        found.append(Obstacle(Missing.BLOCKED, number, sentence, _places(panel.blocking)))
    if panel.to_look_at:
        number = len(panel.to_look_at)
        sentence = f"Nobody has looked at {_counted(number, 'place', 'places')} of the leak check."
        found.append(Obstacle(Missing.NOT_LOOKED_AT, number, sentence, _places(panel.to_look_at)))
    if panel.open_pleas:
        number = len(panel.open_pleas)
        sentence = (
            f"Somebody asked {_counted(number, 'time', 'times')} that something stay out. "
            "Withhold it, or say that you looked."
        )
        found.append(Obstacle(Missing.ASKED_OUT, number, sentence))
    return found


def _of_echoes(released: Released, echoes: Sequence[ShownEcho]) -> list[Obstacle]:
    if not echoes:
        return []
    number = len(echoes)
    sentence = (
        f"{_counted(number, 'passage', 'passages')} may repeat what a participant withdrew. "
        "Withhold each, or say that it may stay."
    )
    places = tuple(
        place_of(released, each.passage.first_word) for each in echoes if each.passage is not None
    )
    return [Obstacle(Missing.ECHOES, number, sentence, places)]


def _places(leaks: Sequence[SeenLeak]) -> tuple[Place, ...]:
    return tuple(leak.place for leak in leaks if leak.place is not None)


def _counted(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
