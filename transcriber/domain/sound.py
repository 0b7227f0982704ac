"""How good the sound of a recording is, and what that means for its transcript."""

from dataclasses import dataclass
from enum import StrEnum

POOR_CLARITY_DB = 3.0
"""Measured on simulated rooms: from a metre away it is lower in a bare room (echo of 0.8 s), higher
in a furnished one (0.5 s)."""

SOME_SHARE = 0.15
"""Of the talk: less than this is not worth a warning."""


class Aspect(StrEnum):
    """What about the sound can be good or bad, in the order in which people are told."""

    NOISE = "noise"
    DISTANCE = "distance"
    SPREAD = "spread"
    CLIPPING = "clipping"
    LEVEL = "level"
    HUM = "hum"
    BANDWIDTH = "bandwidth"
    OVER_TALK = "over_talk"


class Severity(StrEnum):
    """What an aspect does to the transcript: nothing, some wrong words, many."""

    GOOD = "good"
    FAIR = "fair"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one aspect of a recording is."""

    aspect: Aspect
    severity: Severity


@dataclass(frozen=True, slots=True)
class SoundFigures:
    """What was measured; levels are in decibels relative to full scale, from 100 Hz up.

    `speech_level_dbfs` is that of speech while it lasts, `noise_level_dbfs` what goes on besides.
    `hum_db` is the mains hum relative to the speech; None where none stands out.
    `clipped_share` is the share of the talk that is cut off at the top.
    `clarity_db` estimates how far the sound that comes straight or within 50 ms stands above the
    echo after that (C50 of ISO 3382-1), and `distant_share` is the share of the talk where it is
    poor; both None where too little could be measured. `level_spread_db` lies between loud and
    quiet stretches of talk. `bandwidth_hz` is where the speech ends. `over_talk_share` is the
    share of the talk in which several speak at once: a sign, not a count, too low more often
    than too high; None where the sound is no evidence for it.
    """

    speech_level_dbfs: float
    noise_level_dbfs: float
    hum_db: float | None
    clipped_share: float
    clarity_db: float | None
    distant_share: float | None
    level_spread_db: float
    bandwidth_hz: int
    over_talk_share: float | None

    @property
    def signal_to_noise_db(self) -> float:
        """How far the speech stands above the noise."""
        return self.speech_level_dbfs - self.noise_level_dbfs


@dataclass(frozen=True, slots=True)
class SoundCheck:
    """The figures, and a verdict on each aspect for which there is evidence."""

    figures: SoundFigures
    verdicts: tuple[Verdict, ...]

    def severity(self, aspect: Aspect) -> Severity | None:
        """Return how an aspect is; None where there is no evidence."""
        return next((v.severity for v in self.verdicts if v.aspect is aspect), None)


def judged(figures: SoundFigures) -> SoundCheck:
    """Return the verdicts that follow from `figures`, in the order of `Aspect`."""
    found = {
        # 15 dB is what ANSI/ASA S12.60 wants in classrooms; below 10 dB of pub noise recognisers
        # broke down (Radford et al. 2022, section 3.7).
        Aspect.NOISE: _falling(figures.signal_to_noise_db, 15.0, 10.0),
        Aspect.DISTANCE: _distance(figures),
        # Sound falls by 6 dB with each doubling: four and eight times as far away.
        Aspect.SPREAD: _falling(-figures.level_spread_db, -12.0, -18.0),
        # Measured: below 0.001 on every recording that is not clipped.
        Aspect.CLIPPING: _falling(-figures.clipped_share, -0.005, -0.05),
        # Speech tests are recorded at -26 (ITU-T P.830): a fifth and a thirtieth as high.
        Aspect.LEVEL: _falling(figures.speech_level_dbfs, -40.0, -55.0),
        Aspect.HUM: Severity.GOOD if figures.hum_db is None else _falling(-figures.hum_db, 25, 10),
        # The telephone ends at 3.4 kHz (ITU-T G.712); its filter falls until 4 kHz.
        Aspect.BANDWIDTH: _falling(figures.bandwidth_hz, 4_500, 0),
        Aspect.OVER_TALK: _over_talk(figures.over_talk_share),
    }
    return SoundCheck(
        figures,
        tuple(Verdict(aspect, severity) for aspect, severity in found.items() if severity),
    )


def _falling(value: float, fair_below: float, poor_below: float) -> Severity:
    if value < poor_below:
        return Severity.POOR
    return Severity.FAIR if value < fair_below else Severity.GOOD


def _distance(figures: SoundFigures) -> Severity | None:
    if figures.clarity_db is None or figures.distant_share is None:
        return None
    if figures.distant_share >= SOME_SHARE and figures.clarity_db >= POOR_CLARITY_DB:
        return Severity.FAIR
    return _falling(figures.clarity_db, 8.0, POOR_CLARITY_DB)


def _over_talk(share: float | None) -> Severity | None:
    """Never poor: the estimate is too rough for that."""
    if share is None:
        return None
    return Severity.FAIR if share >= SOME_SHARE else Severity.GOOD
