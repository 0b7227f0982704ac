"""What one recording tells about its speakers, gathered from its stages."""

from collections.abc import Sequence
from pathlib import Path

from transcriber.domain.clip import Clip
from transcriber.domain.edit import version
from transcriber.domain.finding import Finding
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.domain.transcript import Turn
from transcriber.exports.speakers_csv import write_speakers_csv
from transcriber.exports.speakers_json import write_speakers
from transcriber.pipeline import CLIPS, LABEL, REVIEW_COPY, TURNS, Work
from transcriber.services.voices import open_proposals
from transcriber.stages.interview.clips import chosen_clips
from transcriber.stages.interview.figures import talk_figures
from transcriber.stages.interview.introductions import suggest_names
from transcriber.stages.interview.speaking import speaking

SPEAKER_TARGETS = (TURNS, CLIPS)
"""The stages that an overview needs besides the transcript."""


def speaker_overview(work: Work, findings: Sequence[Finding], private: Path) -> SpeakerOverview:
    """Return the overview of the version that people's edits give.

    `findings` are what was found in that version; `private` is the folder of the study, where it
    may keep voice prints.
    """
    heard = work.of(LABEL)
    current = version(heard, work.job.edits)
    turns: tuple[Turn, ...] = work.of(TURNS)
    clips: tuple[Clip, ...] = work.of(CLIPS)
    code = work.job.recording.code
    return SpeakerOverview(
        code=code,
        speakers=current.speakers,
        figures=talk_figures(speaking(turns, heard, current), current),
        clips=chosen_clips(clips, heard, current),
        suggestions=suggest_names(current, findings, work.job.roster),
        proposals=open_proposals(private, code),
        clips_failed=CLIPS.name in work.failures,
        review_copy=f"{code}.{work.of(REVIEW_COPY).path.name}",
    )


def speaker_files(overview: SpeakerOverview) -> dict[str, bytes]:
    """Return the private files that hold an overview, by name."""
    return {
        f"{overview.code}.speakers.json": write_speakers(overview),
        f"{overview.code}.speakers.csv": write_speakers_csv(overview),
    }
