"""Voices across the recordings of a study: compared, listed, confirmed by a person, erased."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from transcriber.domain.edit import SpeakerRenamed, version
from transcriber.domain.errors import UsageError, disk_errors
from transcriber.domain.labels import Labels
from transcriber.domain.transcript import Speaker, Turn, Voice
from transcriber.domain.voice_print import Proposal, VoicePrint
from transcriber.exports.transcript_json import read_transcript
from transcriber.pipeline import LABEL, TURNS, VOICES, StageProgress, Work, run
from transcriber.services.consent_file import Consent
from transcriber.services.edits_file import append_edits, read_edits
from transcriber.stages.interview.voice_matching import LEADERS, propose
from transcriber.storage.study_folder import StudyFolder
from transcriber.storage.voice_store import SqliteVoices


def compare_voices(
    work: Work,
    private: Path,
    consent: Consent,
    progress: StageProgress,
    is_left_out: Callable[[VoicePrint], bool] = lambda _: False,
) -> None:
    """Compare the voices of a finished recording with those heard before; keep their prints.

    Each recording is compared once with those that were heard before it. Where a study's labels are
    unlinked, only those who lead the talk are compared and kept: the link between what one
    participant says alone and in a group is what that study chose not to make. Prints that
    `is_left_out` tells, and those of recordings that the consent excepts by now, are not compared.
    """
    code = work.job.recording.code
    store = SqliteVoices(private)
    if code in consent.exceptions:
        return
    speakers = version(work.of(LABEL), work.job.edits).speakers
    spoken: tuple[Turn, ...] = work.of(TURNS)
    turns = _fingerprint(spoken)
    if store.must_compare(code, turns):
        run(work, (VOICES,), progress)
        model = json.dumps(dict(work.engines.voice_comparer.provenance()), sort_keys=True)
        voices: tuple[Voice, ...] = work.of(VOICES)
        left_out = {code, *consent.exceptions}
        known = [
            p
            for p in store.prints()
            if p.recording not in left_out and p.model == model and not is_left_out(p)
        ]
        proposals = propose(voices, known)
        prints = _prints(code, model, voices, speakers, proposals)
        if work.job.labels is Labels.UNLINKED:
            proposed = {proposal.speaker for proposal in proposals}
            prints = [p for p in prints if p.label in LEADERS or p.speaker in proposed]
        store.keep(code, turns, prints, proposals)
    store.relabel(code, {speaker.id: speaker.label for speaker in speakers})


def open_proposals(private: Path, code: str) -> tuple[Proposal, ...]:
    """Return whom the voices of a recording sound like and nobody has confirmed."""
    store = SqliteVoices(private)
    return store.proposals(code) if store.exists() else ()


def kept_voices(out: Path) -> tuple[VoicePrint, ...]:
    """Return the voice prints of a study. Raises UsageError where there is no study."""
    store = SqliteVoices(_private(out))
    return store.prints() if store.exists() else ()


def all_proposals(out: Path) -> dict[str, tuple[Proposal, ...]]:
    """Return what waits for a person, by recording. Raises UsageError where there is no study."""
    codes = sorted({voice.recording for voice in kept_voices(out)})
    found = {code: open_proposals(_private(out), code) for code in codes}
    return {code: proposals for code, proposals in found.items() if proposals}


def confirm_voice(out: Path, voice: tuple[str, str], known: tuple[str, str]) -> str:
    """Keep that two voices, each a recording and a speaker, are one person's; return the label.

    The first one gets the label of the second by an event in its list of edits, which the next run
    applies. Raises UsageError when one of them is not kept and EditError when the list cannot take
    the event.
    """
    private = _private(out)
    with StudyFolder(out).only_one():
        store = SqliteVoices(private)
        prints = {(p.recording, p.speaker): p for p in kept_voices(out)}
        for asked in (voice, known):
            if asked not in prints:
                raise UsageError(
                    "unknown_voice",
                    "There is no print of such a voice. See transcriber voices list.",
                )
        code, speaker = voice
        renamed = SpeakerRenamed(speaker, prints[known].label)
        with disk_errors():
            transcript = read_transcript((private / f"{code}.transcript.json").read_bytes())
        version(transcript, (*read_edits(private, code), renamed))
        append_edits(private, code, [renamed])
        store.same(prints[voice], prints[known])
    return renamed.label


def forget_voice(out: Path, recording: str, speaker: str) -> None:
    """Erase the print of a voice. Raises UsageError when it is not kept."""
    with StudyFolder(out).only_one():
        store = SqliteVoices(_private(out))
        if not store.exists() or not store.forget(recording, speaker):
            raise UsageError(
                "unknown_voice", "There is no print of such a voice. See transcriber voices list."
            )


def forget_all_voices(out: Path) -> int:
    """Erase all prints of a study; return how many there were."""
    with StudyFolder(out).only_one():
        store = SqliteVoices(_private(out))
        return sum(store.forget(voice.recording, voice.speaker) for voice in kept_voices(out))


def _private(out: Path) -> Path:
    private = out / "private"
    if not private.is_dir():
        raise UsageError(
            "no_study",
            "There is no study in this folder. Give the --out folder of transcriber run.",
        )
    return private


def _prints(
    code: str,
    model: str,
    voices: Sequence[Voice],
    speakers: Sequence[Speaker],
    proposals: Sequence[Proposal],
) -> list[VoicePrint]:
    labels = {speaker.id: speaker.label for speaker in speakers}
    owners = {proposal.speaker: proposal.owner for proposal in proposals}
    return [
        VoicePrint(
            recording=code,
            speaker=voice.speaker,
            label=labels[voice.speaker],
            model=model,
            vector=voice.print,
            resembles=owners.get(voice.speaker),
        )
        for voice in voices
        if voice.speaker in labels
    ]


def _fingerprint(turns: Sequence[Turn]) -> str:
    spoken = [(t.speaker, t.interval.start_ms, t.interval.end_ms) for t in turns]
    return sha256(repr(spoken).encode()).hexdigest()
