"""The speakers of a recording as a file (schema `transcriber/speakers/1`, docs/schemas.md)."""

from dataclasses import asdict

from transcriber.domain.clip import Clip
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.suggestion import Suggestion
from transcriber.domain.talk import SpeakerTalk
from transcriber.domain.transcript import RoleGuess, Speaker
from transcriber.domain.voice_print import Proposal
from transcriber.exports.jsonbytes import dump

SCHEMA = "transcriber/speakers/1"


def write_speakers(overview: SpeakerOverview) -> bytes:
    """Write UTF-8 JSON; times in milliseconds of the review copy."""
    figures = overview.figures
    talks = {talk.speaker: talk for talk in figures.speakers}
    stretches = {
        talk.speaker: spoken
        for talk, spoken in zip(figures.speakers, figures.stretches, strict=True)
    }
    return dump(
        {
            "schema": SCHEMA,
            "code": overview.code,
            "duration_ms": figures.duration_ms,
            "silence_ms": figures.silence_ms,
            "overlap_ms": figures.overlap_ms,
            "speakers": [
                {
                    **speaker_record(speaker),
                    "talk": _talk_record(talks.get(speaker.id)),
                    "clips": [_clip_record(clip) for clip in overview.clips.get(speaker.id, ())],
                    "may_be": [
                        _suggestion_record(suggestion)
                        for suggestion in overview.suggestions
                        if suggestion.speaker == speaker.id
                    ],
                    "sounds_like": [
                        _proposal_record(proposal)
                        for proposal in overview.proposals
                        if proposal.speaker == speaker.id
                    ],
                    "stretches": [
                        [stretch.start_ms, stretch.end_ms]
                        for stretch in stretches.get(speaker.id, ())
                    ],
                }
                for speaker in overview.speakers
            ],
        }
    )


def speaker_record(speaker: Speaker) -> dict[str, object]:
    """Return id and label, and the guess where the label rests on one."""
    guess = {} if speaker.guess is None else {"guess": guess_record(speaker.guess)}
    return {"id": speaker.id, "label": speaker.label, **guess}


def guess_record(guess: RoleGuess) -> dict[str, object]:
    """Return why a speaker was taken for the one who leads the talk."""
    return {**asdict(guess), "role": guess.role.value}


def _talk_record(talk: SpeakerTalk | None) -> dict[str, object] | None:
    if talk is None:
        return None
    record = asdict(talk)
    del record["speaker"]
    return record


def _clip_record(clip: Clip) -> dict[str, object]:
    return {
        "start_ms": clip.interval.start_ms,
        "end_ms": clip.interval.end_ms,
        "clarity": clip.clarity,
    }


def _proposal_record(proposal: Proposal) -> dict[str, object]:
    return {
        "recording": proposal.known_recording,
        "speaker": proposal.known_speaker,
        "label": proposal.known_label,
        "similarity": proposal.similarity,
    }


def _suggestion_record(suggestion: Suggestion) -> dict[str, object]:
    return {
        "name": suggestion.name,
        "label": suggestion.label,
        "reasons": [
            {"sign": reason.sign.value, "at_ms": reason.at_ms} for reason in suggestion.reasons
        ],
    }
