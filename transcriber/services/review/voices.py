"""Names to voices: what is known of each voice of a recording, and who a person says that it is."""

import re
from dataclasses import dataclass

from transcriber.domain.edit import Edit, SpeakerRenamed, SpeakersMerged
from transcriber.domain.errors import UsageError
from transcriber.domain.interval import Interval
from transcriber.domain.roster import Roster
from transcriber.domain.transcript import (
    SEVERAL_VOICES,
    SPEAKER_LABEL,
    UNKNOWN_SPEAKER,
    Role,
    Speaker,
    Transcript,
)
from transcriber.exports.report_speakers import reasons
from transcriber.exports.wording import guess_sentence
from transcriber.pipeline import CLIPS, TURNS
from transcriber.services.review.seeded import as_shown
from transcriber.services.review.state import Review, review_of
from transcriber.services.stages_done import left_by
from transcriber.services.store import Store
from transcriber.services.studies import show_study
from transcriber.stages.interview.clips import chosen_clips
from transcriber.stages.interview.figures import talk_figures
from transcriber.stages.interview.introductions import suggest_names
from transcriber.stages.interview.speaking import speaking, spoken_as_written

FIRST_WORDS = 24
NAMES_SUGGESTED = 3

_LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_]*")


@dataclass(frozen=True, slots=True)
class MayBe:
    """A name that the talk suggests for a voice, its label on the roster if any, and why."""

    name: str
    label: str | None
    why: str


@dataclass(frozen=True, slots=True)
class VoiceCard:
    """One voice, for the person who says whose it is; times in milliseconds.

    `guess` is a sentence where the label rests on a guess. `names` are private: whom the talk
    suggests. `is_confirmed` says that a person has said who it is.
    """

    id: str
    label: str
    is_confirmed: bool
    guess: str | None
    talk_ms: int
    share: float
    turns: int
    first_words: str
    clips: tuple[Interval, ...]
    names: tuple[MayBe, ...]


@dataclass(frozen=True, slots=True)
class LabelChoice:
    """A label that a voice may get; `name` is the participant's on the roster, where it has one."""

    label: str
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Voices:
    """All voices of a recording, and the labels that they may get.

    `number` is how many events were seen. `unknown_words` are words of nobody that is known, and
    `several_words` of several people at once.
    """

    number: int
    cards: tuple[VoiceCard, ...]
    choices: tuple[LabelChoice, ...]
    unknown_words: int
    several_words: int

    @property
    def are_confirmed(self) -> bool:
        """Whether a person has said of each voice who it is."""
        return all(card.is_confirmed for card in self.cards)


def voices_of(store: Store, study_id: str, recording_id: str) -> Voices:
    """Return the voices of a recording. Raises UsageError `not_ready`, StorageError."""
    review = as_shown(store, review_of(store, study_id, recording_id))
    roster = show_study(store, study_id).agreed.roster
    heard, current = review.fold.raw, review.transcript
    turns = left_by(store, study_id, recording_id, TURNS) or spoken_as_written(heard)
    figures = talk_figures(speaking(turns, heard, current), current)
    talks = {talk.speaker: talk for talk in figures.speakers}
    all_clips = left_by(store, study_id, recording_id, CLIPS)
    clips = chosen_clips(all_clips or (), heard, current)
    found = [judged.finding for judged in review.findings if not judged.leaves]
    names = suggest_names(current, found, roster)
    confirmed = confirmed_voices(review)
    cards = []
    for speaker in real_voices(current):
        talk = talks.get(speaker.id)
        mine = [
            MayBe(suggestion.name, suggestion.label, reasons(suggestion))
            for suggestion in names
            if suggestion.speaker == speaker.id
        ]
        cards.append(
            VoiceCard(
                id=speaker.id,
                label=speaker.label,
                is_confirmed=speaker.id in confirmed and speaker.guess is None,
                guess=guess_sentence(speaker.label, speaker.guess) if speaker.guess else None,
                talk_ms=talk.talk_ms if talk else 0,
                share=talk.share if talk else 0.0,
                turns=talk.turns if talk else 0,
                first_words=_first_words(current, speaker.id),
                clips=tuple(clip.interval for clip in clips.get(speaker.id, ())),
                names=tuple(mine[:NAMES_SUGGESTED]),
            )
        )
    return Voices(
        number=review.number,
        cards=tuple(cards),
        choices=_choices(roster, current),
        unknown_words=sum(word.speaker is None for word in current.words),
        several_words=sum(word.speaker == SEVERAL_VOICES for word in current.words),
    )


def real_voices(transcript: Transcript) -> tuple[Speaker, ...]:
    """Return the speakers who are one person each and say something, by first appearance."""
    speaking_now = {word.speaker for word in transcript.words}
    return tuple(
        speaker
        for speaker in transcript.speakers
        if speaker.id in speaking_now and speaker.id not in (SEVERAL_VOICES, UNKNOWN_SPEAKER)
    )


def confirmed_voices(review: Review) -> frozenset[str]:
    """Return the ids of the speakers of whom a person has said who they are."""
    return frozenset(
        edit.speaker for edit in review.fold.counting if isinstance(edit, SpeakerRenamed)
    )


def named(voices: Voices, voice: str, label: str) -> tuple[Edit, ...]:
    """Return the events that say whose a voice is.

    `UNK` says that nobody knows, `SEVERAL` that it is several people. Raises UsageError for a
    label that no coding tool reads, for one that another voice has, and for no such voice.
    """
    card = _card(voices, voice)
    label = label.strip().upper() if _LABEL.fullmatch(label.strip()) else label.strip()
    if label in (UNKNOWN_SPEAKER, SEVERAL_VOICES):
        return (SpeakersMerged(card.id, label),)
    if not SPEAKER_LABEL.fullmatch(label):
        raise UsageError(
            "bad_label",
            "A label begins with a letter and has letters, digits and underscores only, such as "
            "P01. Names of people are no labels: transcripts carry them.",
        )
    if any(other.label == label for other in voices.cards if other.id != voice):
        raise UsageError(
            "label_taken",
            f"Another voice is {label} already. If both are one person, merge this voice into "
            "that one.",
        )
    return (SpeakerRenamed(card.id, label),)


def merged(voices: Voices, voice: str, into: str) -> tuple[Edit, ...]:
    """Return the events that say that two voices are one person's: all becomes the second's.

    Raises UsageError where one of them is not there, or they are the same.
    """
    one, other = _card(voices, voice), _card(voices, into)
    if one.id == other.id:
        raise UsageError("same_speaker", "A voice cannot be merged with itself. Choose another.")
    return (SpeakersMerged(one.id, other.id),)


def all_right(voices: Voices) -> tuple[Edit, ...]:
    """Return the events that say that every voice has the right label."""
    return tuple(SpeakerRenamed(card.id, card.label) for card in voices.cards if not _said(card))


def _said(card: VoiceCard) -> bool:
    return card.is_confirmed and card.guess is None


def _card(voices: Voices, voice: str) -> VoiceCard:
    for card in voices.cards:
        if card.id == voice:
            return card
    raise UsageError(
        "unknown_voice",
        "There is no such voice here any more: somebody has merged it with another. Look again.",
    )


def _first_words(transcript: Transcript, speaker: str) -> str:
    """Return how a voice begins: the first words of its first turn that says something."""
    theirs = [segment for segment in transcript.segments if segment.speaker == speaker]
    if not theirs:
        return ""
    long = [s for s in theirs if s.last_word - s.first_word >= FIRST_WORDS // 4]
    first = (long or theirs)[0]
    end = min(first.last_word + 1, first.first_word + FIRST_WORDS)
    words = " ".join(word.text for word in transcript.words[first.first_word : end])
    return words + (" …" if end <= first.last_word else "")


def _choices(roster: Roster, transcript: Transcript) -> tuple[LabelChoice, ...]:
    """Return the labels on the roster, those that ask, and those that voices have by now."""
    known = {
        person.label.upper(): LabelChoice(person.label.upper(), person.name)
        for person in roster.participants
        if person.label and SPEAKER_LABEL.fullmatch(person.label.upper())
    }
    for label in (*(role.value for role in Role), *(s.label for s in real_voices(transcript))):
        known.setdefault(label, LabelChoice(label))
    return tuple(known.values())
