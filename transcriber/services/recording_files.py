"""Everything that is written of one recording once its stages are done."""

from dataclasses import dataclass
from pathlib import Path

from transcriber.domain.convention import FULL, Convention
from transcriber.domain.edit import version
from transcriber.domain.leak_check import LeakCheck
from transcriber.domain.policy import Policy
from transcriber.domain.spotted import Spotted
from transcriber.exports.file_check import check_files
from transcriber.exports.formats import COMMON, FORMATS
from transcriber.exports.peaks_json import write_peaks
from transcriber.exports.report_html import Heard, of_recording, write_report
from transcriber.exports.transcript_json import write_transcript
from transcriber.pipeline import (
    DIARISE,
    LABEL,
    PSEUDONYMISE,
    REVIEW_COPY,
    SOUND_CHECK,
    SPOT,
    Pseudonymised,
    Work,
)
from transcriber.services.outcome import Done, Profile, replaced
from transcriber.services.profile_files import profile_files
from transcriber.services.speakers import SPEAKER_TARGETS, speaker_files, speaker_overview
from transcriber.stages.convention import apply_convention
from transcriber.stages.residual_risk.combine import residual_risk, talk_of_transcript
from transcriber.stages.second_look.check import check_leaks, second_look
from transcriber.stages.spot import spotted_findings
from transcriber.stages.word_speakers.uncertain import uncertain_speakers
from transcriber.storage.study_folder import StudyFolder

WRITTEN_FROM = (LABEL, PSEUDONYMISE, SOUND_CHECK, REVIEW_COPY, SPOT, *SPEAKER_TARGETS)
"""What the files of a recording are written from."""


@dataclass(frozen=True)
class Writing:
    """In which formats, by key, and how talk is written down."""

    formats: tuple[str, ...] = tuple(COMMON)
    convention: Convention = FULL


def write_recording(work: Work, folder: StudyFolder, writing: Writing, path: Path) -> Done:
    """Write the files of a recording, whose input was `path`; the first policy's are `redacted`.

    `work` has the results of `WRITTEN_FROM`. Raises StorageError.
    """
    job, code = work.job, work.job.recording.code
    transcript, copy = work.of(LABEL), work.of(REVIEW_COPY)
    results: tuple[Pseudonymised, ...] = work.of(PSEUDONYMISE)
    private = {
        f"{code}.transcript.json": write_transcript(transcript),
        f"{code}.text.txt": version(transcript, job.edits).text.encode(),
        f"{code}.peaks.json": write_peaks(copy.peaks),
    }
    profiles = []
    for number, (policy, result) in enumerate(zip(job.policies, results, strict=True)):
        name = policy.name if number else ""
        redacted, told, leaks = _profile(work, folder, writing, (policy, result), name)
        files = folder.write(redacted, {**(private if not number else {}), **told}, name)
        profiles.append(Profile(policy.name, replaced(result.findings), leaks, *files))
    return Done(
        input=path,
        code=code,
        quality=transcript.quality,
        duration_ms=transcript.duration_ms,
        speakers=len(transcript.speakers),
        words=len(transcript.words),
        struck=sum(word.struck is not None for word in transcript.words),
        coverage=transcript.coverage,
        profiles=tuple(profiles),
        sound=work.of(SOUND_CHECK),
        review_copy=folder.place(copy.path, f"{code}.{copy.path.name}"),
        speakers_failed=work.failures.get(DIARISE.name),
    )


def _profile(
    work: Work, folder: StudyFolder, writing: Writing, made: tuple[Policy, Pseudonymised], name: str
) -> tuple[dict[str, bytes], dict[str, bytes], LeakCheck]:
    """Return the redacted and the private files of what one policy made, and a second look."""
    (policy, result), job, code = made, work.job, work.job.recording.code
    current = version(work.of(LABEL), job.edits)
    written = apply_convention(result.redacted, writing.convention)
    redacted = {f"{code}.{kind}": FORMATS[kind].write(written) for kind in writing.formats}
    look = second_look(result.findings, job.roster, policy)
    leaks = check_leaks(written, look).merged(check_files(redacted, look))
    risk = residual_risk(talk_of_transcript(current), result.findings, policy, job.roster)
    spotted: tuple[Spotted, ...] = work.of(SPOT)
    placed = spotted_findings(spotted, current, job.roster)
    lost = written.coverage.untranscribed
    heard = Heard(work.of(SOUND_CHECK), placed.unplaced, lost, uncertain_speakers(current))
    overview = speaker_overview(work, result.findings, folder.private)
    source = of_recording(written, current.text, overview)
    page = write_report(source, result.findings, heard, leaks)
    told = profile_files(source, result.findings, leaks, risk, page, name)
    if not name:
        told |= speaker_files(overview)
    return redacted, told, leaks
