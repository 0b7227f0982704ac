"""How long a job will take yet, learnt from what past jobs took on this installation.

A stage takes so many milliseconds for each minute of sound: the median of the last recordings, and
the quartiles as its range. Where fewer than three were seen, nobody knows yet, and that is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from transcriber.pipeline.order import State
from transcriber.pipeline.plan import STAGES
from transcriber.services.recording_list import StageSummary
from transcriber.storage.database.stage_times import Took

SEEN_AT_LEAST = 3
LEARN_FROM = 50
"""Of each stage the last so many: what was before the machine was changed is soon forgotten."""

MINUTE_MS = 60_000
NEARLY = 0.95
"""A stage that takes longer than most is nearly done for as long as it lasts."""


@dataclass(frozen=True, slots=True)
class Eta:
    """In how many milliseconds a job ends: likely, and between which bounds half of them do."""

    low_ms: float
    likely_ms: float
    high_ms: float

    def __add__(self, other: "Eta") -> "Eta":
        """Return one after the other."""
        return Eta(
            self.low_ms + other.low_ms,
            self.likely_ms + other.likely_ms,
            self.high_ms + other.high_ms,
        )

    def times(self, factor: float) -> "Eta":
        """Return `factor` times this."""
        return Eta(self.low_ms * factor, self.likely_ms * factor, self.high_ms * factor)

    def less(self, elapsed_ms: float) -> "Eta":
        """Return what is left after some time; never less than nothing."""
        return Eta(
            max(self.low_ms - elapsed_ms, 0),
            max(self.likely_ms - elapsed_ms, 0),
            max(self.high_ms - elapsed_ms, 0),
        )


NOTHING = Eta(0, 0, 0)
Speeds = Mapping[str, Eta]
"""What each stage takes for a minute of sound; stages that were seen too seldom are left out."""


def learnt(times: Mapping[str, Sequence[Took]]) -> Speeds:
    """Return the speed of every stage that was seen often enough."""
    speeds = {}
    for stage, seen in times.items():
        if len(seen) >= SEEN_AT_LEAST:
            rates = [took.took_ms * MINUTE_MS / took.duration_ms for took in seen]
            low, _, high = quantiles(rates, n=4, method="inclusive")
            speeds[stage] = Eta(low, median(rates), high)
    return speeds


@dataclass(frozen=True, slots=True)
class Machine:
    """What jobs compute with: so many steps are done at once."""

    at_once: int


def remaining(
    stages: Sequence[StageSummary],
    duration_ms: int | None,
    speeds: Speeds,
    now_ms: int,
    machine: Machine,
) -> Eta | None:
    """Return how long a job takes that waits for nothing but itself: its longest way to the end.

    None where its length is not known yet or a stage was seen too seldom.
    """
    left = _left(stages, duration_ms, speeds, now_ms, machine)
    if left is None:
        return None
    ends: dict[str, Eta] = {}
    for stage in STAGES:
        if stage.name in left:
            before = [ends[needed.name] for needed in stage.needs if needed.name in ends]
            begins = max(before, key=lambda eta: eta.likely_ms, default=NOTHING)
            ends[stage.name] = begins + left[stage.name]
    return max(ends.values(), key=lambda eta: eta.likely_ms, default=NOTHING)


def work_left(
    stages: Sequence[StageSummary],
    duration_ms: int | None,
    speeds: Speeds,
    now_ms: int,
    machine: Machine,
) -> Eta | None:
    """Return how long the machine is busy with a job, all of its stages one after another."""
    left = _left(stages, duration_ms, speeds, now_ms, machine)
    return None if left is None else _sum(left.values())


def whole_work(stages: Iterable[str], duration_ms: int, speeds: Speeds) -> Eta | None:
    """Return the same for a job of which nothing was done yet."""
    wanted = list(stages)
    if any(stage not in speeds for stage in wanted):
        return None
    return _sum(speeds[stage] for stage in wanted).times(duration_ms / MINUTE_MS)


def fraction_done(
    stages: Sequence[StageSummary], duration_ms: int | None, speeds: Speeds, now_ms: int
) -> float:
    """Return how much of a job is done, from 0 to 1; stages count by what they usually take.

    Where that is not known, every stage counts the same.
    """
    known = all(stage.stage in speeds for stage in stages)
    weights = [speeds[stage.stage].likely_ms if known else 1.0 for stage in stages]
    minutes = (duration_ms or 0) / MINUTE_MS
    done = sum(
        weight * _done(stage, weight * minutes if known else 0, now_ms)
        for stage, weight in zip(stages, weights, strict=True)
    )
    total = sum(weights)
    return round(done / total, 3) if total else 0.0


def _done(stage: StageSummary, usually_ms: float, now_ms: int) -> float:
    if stage.state is State.DONE:
        return 1.0
    if stage.parts > 1:
        return stage.done / stage.parts
    if stage.state is State.RUNNING and stage.started_at_ms is not None and usually_ms > 0:
        return min((now_ms - stage.started_at_ms) / usually_ms, NEARLY)
    return 0.0


def _left(
    stages: Sequence[StageSummary],
    duration_ms: int | None,
    speeds: Speeds,
    now_ms: int,
    machine: Machine,
) -> dict[str, Eta] | None:
    ahead = [stage for stage in stages if stage.state not in (State.DONE, State.FAILED)]
    if not ahead:
        return {}
    if duration_ms is None or any(stage.stage not in speeds for stage in ahead):
        return None
    return {
        stage.stage: _of_stage(
            stage, speeds[stage.stage].times(duration_ms / MINUTE_MS), now_ms, machine
        )
        for stage in ahead
    }


def _of_stage(stage: StageSummary, whole: Eta, now_ms: int, machine: Machine) -> Eta:
    if stage.parts > 1:
        # What a divided stage took counts the time of all of its parts.
        side_by_side = min(machine.at_once, stage.parts)
        return whole.times((stage.parts - stage.done) / stage.parts / side_by_side)
    if stage.state is State.RUNNING and stage.started_at_ms is not None:
        return whole.less(now_ms - stage.started_at_ms)
    return whole


def _sum(etas: Iterable[Eta]) -> Eta:
    total = NOTHING
    for eta in etas:
        total += eta
    return total
