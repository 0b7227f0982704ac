"""The way from a recording to a redacted transcript, on one page.

Each stage states which stages it needs and what else its result depends on; stages that do not
need one another run side by side (`transcriber.pipeline.run`).
"""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from transcriber import __version__
from transcriber.domain.clip import Clip
from transcriber.domain.edit import Edit, decided, version
from transcriber.domain.finding import Finding
from transcriber.domain.policy import joint
from transcriber.domain.recording import DETECT_LANGUAGE, IngestedRecording, ReviewCopy, Source
from transcriber.domain.sound import SoundCheck
from transcriber.domain.spotted import Spotted
from transcriber.domain.transcript import Diarisation, Recognition, Transcript, Turn, Voice
from transcriber.pipeline.provenance import provenance
from transcriber.pipeline.work import FanOut, Pseudonymised, Stage, Work
from transcriber.stages.align import align
from transcriber.stages.detect import detect, locate, spread
from transcriber.stages.diarise import diarise
from transcriber.stages.ingest import Ears, ingest
from transcriber.stages.interview.clips import find_clips
from transcriber.stages.interview.labels import label_speakers, roster_labels
from transcriber.stages.interview.voice_prints import voice_prints
from transcriber.stages.overlaps import resolve
from transcriber.stages.protocols import Hints
from transcriber.stages.pseudonymise.apply import Texts, apply_policy
from transcriber.stages.redact import redact_transcript
from transcriber.stages.review_copy import review_copy
from transcriber.stages.sound_check.check import check_sound
from transcriber.stages.spot import sought_names, spotted_findings
from transcriber.stages.told_turns import labelled, told_diarisation
from transcriber.stages.transcribe import HeardSet, gather, hear, region_sets, transcribe
from transcriber.stages.word_speakers.likeness import Likeness, likeness
from transcriber.stages.written import written_transcript

HEARD = frozenset({Source.SOUND})
"""Stages that words and voices are heard by: a transcript that people bring needs none of them."""

WITH_SOUND = frozenset({Source.SOUND, Source.BOTH})

WRITTEN = frozenset({Source.WRITTEN, Source.BOTH})

INGEST = Stage[IngestedRecording](
    "ingest",
    IngestedRecording,
    of=WITH_SOUND,
    needs=(),
    depends_on=lambda work: (
        work.job.recording.parts_sha256,
        asdict(work.job.recording.trim),
        work.job.recording.tracks,
        work.job.recording.side_by_side,
        work.engines.speech_detector.name,
    ),
    run=lambda work, progress: ingest(
        work.job.sources,
        work.job.recording,
        work.journal.workspace,
        Ears(work.engines.decoder, work.engines.speech_detector),
        progress,
    ),
)

REVIEW_COPY = Stage[ReviewCopy](
    "review_copy",
    ReviewCopy,
    of=WITH_SOUND,
    needs=(INGEST,),
    depends_on=lambda work: work.engines.review_encoder.suffix,
    run=lambda work, progress: review_copy(
        work.of(INGEST), work.journal.workspace, work.engines.review_encoder, progress
    ),
)

SOUND_CHECK = Stage[SoundCheck](
    "sound_check",
    SoundCheck,
    of=WITH_SOUND,
    needs=(INGEST,),
    depends_on=lambda work: None,
    run=lambda work, progress: check_sound(work.of(INGEST).audio, work.of(INGEST).speech, progress),
)

TRANSCRIBE = Stage[Recognition](
    "transcribe",
    Recognition,
    of=HEARD,
    needs=(INGEST,),
    depends_on=lambda work: (
        work.engines.recogniser.name,
        work.engines.recogniser.provenance(),
        work.job.recording.language,
    ),
    # Names told to the recogniser are left out on purpose: a roster that grows while people check
    # must not make new words, because edits name the words that are there.
    run=lambda work, progress: transcribe(
        work.of(INGEST), _hints(work), work.engines.recogniser, progress
    ),
    fan_out=FanOut[HeardSet, Recognition](
        HeardSet,
        count=lambda work: len(region_sets(work.of(INGEST))),
        run_part=lambda work, number, progress: hear(
            work.of(INGEST),
            region_sets(work.of(INGEST))[number],
            _hints(work),
            work.engines.recogniser,
            progress,
        ),
        merge=lambda work, heard: gather(
            work.of(INGEST), heard, _hints(work), work.engines.recogniser
        ),
    ),
)

DIARISE = Stage[Diarisation](
    "diarise",
    Diarisation,
    of=HEARD,
    needs=(INGEST,),
    depends_on=lambda work: (
        work.engines.diariser.name,
        work.engines.diariser.provenance(),
        asdict(work.job.recording.speakers),
        asdict(work.job.told) if work.job.told else None,
    ),
    run=lambda work, progress: (
        told_diarisation(work.of(INGEST), work.job.told, work.job.recording.trim.start_ms)
        if work.job.told
        else diarise(work.of(INGEST), work.job.recording.speakers, work.engines.diariser, progress)
    ),
    # Words without speakers are worth keeping; a person can still tell who is who by listening.
    instead=Diarisation(),
)

TURNS = Stage[tuple[Turn, ...]](
    "turns",
    tuple[Turn, ...],
    of=HEARD,
    needs=(DIARISE,),
    depends_on=lambda work: None,
    # Apart, because how voices sound is forgotten once a recording is done; when they spoke is not.
    run=lambda work, progress: work.of(DIARISE).turns,
)

CLIPS = Stage[tuple[Clip, ...]](
    "clips",
    tuple[Clip, ...],
    of=HEARD,
    needs=(INGEST, TURNS),
    depends_on=lambda work: work.engines.voice_comparer.provenance(),
    run=lambda work, progress: find_clips(
        work.of(INGEST).audio, _turns(work), work.engines.voice_comparer, progress
    ),
    # A convenience: nobody should lose a transcript for want of clips.
    instead=(),
)

VOICES = Stage[tuple[Voice, ...]](
    "voices",
    tuple[Voice, ...],
    of=HEARD,
    needs=(INGEST, TURNS),
    depends_on=lambda work: work.engines.voice_comparer.provenance(),
    run=lambda work, progress: voice_prints(
        work.of(INGEST).audio, _turns(work), work.engines.voice_comparer, progress
    ),
)

BIOMETRIC = (DIARISE, VOICES)
"""Stages whose results hold voice prints: their records are erased once a recording is done."""

SPOT = Stage[tuple[Spotted, ...]](
    "spot",
    tuple[Spotted, ...],
    of=HEARD,
    needs=(INGEST,),
    depends_on=lambda work: (work.engines.spotter.provenance(), _names_to_spot(work)),
    run=lambda work, progress: _spot(work),
)

COMPARE = Stage[tuple[Likeness, ...]](
    "compare",
    tuple[Likeness, ...],
    of=HEARD,
    needs=(INGEST, TRANSCRIBE, DIARISE),
    depends_on=lambda work: work.engines.voice_comparer.provenance(),
    run=lambda work, progress: likeness(
        work.of(TRANSCRIBE).words,
        work.of(DIARISE),
        work.of(INGEST).audio,
        work.engines.voice_comparer,
        progress,
    ),
)

ALIGN = Stage[Transcript](
    "align",
    Transcript,
    of=HEARD,
    needs=(INGEST, TRANSCRIBE, DIARISE, COMPARE),
    depends_on=lambda work: None,
    run=lambda work, progress: _align(work),
)

READ = Stage[Transcript](
    "read",
    Transcript,
    of=WRITTEN,
    needs=(),
    depends_on=lambda work: (work.job.recording.parts_sha256[-1], work.job.recording.language),
    run=lambda work, progress: _read(work),
)

LABEL = Stage[Transcript](
    "label",
    Transcript,
    needs=(ALIGN, READ),
    depends_on=lambda work: (
        work.job.recording.code,
        work.job.recording.kind,
        work.job.labels,
        sorted(roster_labels(work.job.roster)),
        asdict(work.job.told) if work.job.told else None,
    ),
    run=lambda work, progress: _label(work),
)

DETECT = Stage[tuple[Finding, ...]](
    "detect",
    tuple[Finding, ...],
    needs=(LABEL, SPOT),
    depends_on=lambda work: (
        asdict(work.job.roster),
        sorted(joint(work.job.policies).sought),
        joint(work.job.policies).locale,
        [asdict(model) for model in joint(work.job.policies).models],
        [asdict(edit) for edit in work.job.edits],
    ),
    run=lambda work, progress: _detect(work),
)

PROPAGATE = Stage[tuple[Finding, ...]](
    "propagate",
    tuple[Finding, ...],
    needs=(LABEL, DETECT),
    depends_on=lambda work: [asdict(name) for name in work.job.known],
    run=lambda work, progress: _propagate(work),
)

PSEUDONYMISE = Stage[tuple[Pseudonymised, ...]](
    "pseudonymise",
    tuple[Pseudonymised, ...],
    needs=(LABEL, PROPAGATE),
    depends_on=lambda work: (
        [asdict(policy) for policy in work.job.policies],
        asdict(work.job.roster),
        work.job.recording.code,
        work.job.recording.study,
    ),
    run=lambda work, progress: _pseudonymise(work),
)

STAGES: tuple[Stage[Any], ...] = (
    INGEST,
    TRANSCRIBE,
    DIARISE,
    TURNS,
    CLIPS,
    VOICES,
    SOUND_CHECK,
    REVIEW_COPY,
    SPOT,
    COMPARE,
    ALIGN,
    READ,
    LABEL,
    DETECT,
    PROPAGATE,
    PSEUDONYMISE,
)


def _hints(work: Work) -> Hints:
    return Hints(work.job.recording.language, work.job.roster.names)


def _align(work: Work) -> Transcript:
    ingested, recognition = work.of(INGEST), work.of(TRANSCRIBE)
    likenesses: tuple[Likeness, ...] = work.of(COMPARE)
    made_by = provenance(work, ingested, recognition)
    duration_ms = ingested.audio.duration_ms
    return align(recognition, work.of(DIARISE), likenesses, duration_ms, made_by)


def _read(work: Work) -> Transcript:
    assert work.job.written is not None
    turns = work.engines.reader.read(work.job.written)
    made_by = {"transcriber": __version__, "words": {"source": "a transcript that was brought"}}
    return written_transcript(turns, work.job.recording.language, made_by)


def _turns(work: Work) -> tuple[Turn, ...]:
    turns: tuple[Turn, ...] = work.of(TURNS)
    return turns


def _label(work: Work) -> Transcript:
    job, code = work.job, work.job.recording.code
    reserved = roster_labels(job.roster)

    def allot(speakers: Sequence[str]) -> Sequence[str]:
        return work.register.labels(code, speakers, reserved)

    words = work.of(ALIGN if job.recording.source is Source.SOUND else READ)
    transcript = label_speakers(words, job.recording, job.labels, allot)
    return labelled(transcript, job.told) if job.told else transcript


def _spot(work: Work) -> tuple[Spotted, ...]:
    names, ingested = _names_to_spot(work), work.of(INGEST)
    if not names:
        return ()
    spotter = work.engines.spotter
    return tuple(
        hit for track in ingested.heard for hit in spotter.spot(track.audio, track.regions, names)
    )


def _names_to_spot(work: Work) -> tuple[str, ...]:
    """Names sound as English speakers say them; in other talk they would be heard wrongly."""
    english = work.job.recording.language.partition("-")[0] in ("en", DETECT_LANGUAGE)
    return sought_names(work.job.roster) if english else ()


def _detect(work: Work) -> tuple[Finding, ...]:
    job = work.job
    current = version(work.of(LABEL), job.edits)
    spotted: tuple[Spotted, ...] = work.results.get(SPOT.name, ())
    heard = spotted_findings(spotted, current, job.roster).findings
    policy, detectors = joint(job.policies), work.engines.detectors
    found = detect(current.text, policy, job.roster, detectors, heard, current.quality)
    return _judged(found, current, job.edits)


def _propagate(work: Work) -> tuple[Finding, ...]:
    job = work.job
    current = version(work.of(LABEL), job.edits)
    found: tuple[Finding, ...] = work.of(DETECT)
    everywhere = spread(current.text, found, joint(job.policies), job.roster, job.known)
    return _judged(everywhere, current, job.edits)


def _judged(
    found: Sequence[Finding], current: Transcript, edits: Sequence[Edit]
) -> tuple[Finding, ...]:
    """Return located findings as people decided on them; to decide twice changes nothing."""
    judged = decided(locate(found, current), current, edits)
    return locate(resolve(current.text, judged), current)


def _pseudonymise(work: Work) -> tuple[Pseudonymised, ...]:
    job = work.job
    found: tuple[Finding, ...] = work.of(PROPAGATE)
    current = version(work.of(LABEL), job.edits)
    code = job.recording.code
    results = []
    for policy in job.policies:
        concerned = [finding for finding in found if policy.concerns(finding)]
        texts: Texts = {None: current.text}
        findings = apply_policy(concerned, policy, job.roster, work.register, texts, code)
        redacted = redact_transcript(job.recording, current, findings, work.engines.anonymiser)
        results.append(Pseudonymised(findings, redacted))
    return tuple(results)
