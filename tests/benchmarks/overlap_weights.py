"""Learn and check how talk at once sounds: `python -m tests.benchmarks.overlap_weights`.

Prints the weights that `voices.overlap` has: a logistic regression over the frames of 21 generated
groups (`generated_groups`). With `--check`, for the groups that the diarisation benchmark hears,
whose seeds are others, how many frames of talk at once are marked rightly with what ships. No
recording of a person is heard. Needs `flite` and `sox`; five minutes where nothing else runs.
"""

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment, minimize
from scipy.special import expit

from tests.benchmarks.generated_groups import ROOMS, Group, groups, make
from transcriber.domain.interval import Interval
from transcriber.domain.recording import SpeakerCount
from transcriber.domain.transcript import Turn
from transcriber.engines.silero import SileroDetector
from transcriber.engines.voices.clustering import voices
from transcriber.engines.voices.encoder import Numbers, centred, encoding
from transcriber.engines.voices.overlap import Evidence, listen, second_turns
from transcriber.engines.voices.resegmentation import Doubles, Frames, assign, middles_ms
from transcriber.engines.voices.windows import embed
from transcriber.evaluation.diarisation import COLLAR_MS

Flags = npt.NDArray[np.bool_]

LEARNT = [Group(people, 120, room, 100 + people) for room in ROOMS for people in range(2, 9)]

PENALTY = 1.0
"""On the squared weights of standardised evidence, halved; it hardly matters with 30,000 frames."""


@dataclass(frozen=True)
class Heard:
    """A group as the engine hears it, and what is true of each frame.

    `talking` says how many speak, `both` that the frame's voice and the second one do, `clear`
    that no gold border is near.
    """

    frames: Frames
    evidence: Evidence
    talking: Numbers
    both: Flags
    clear: Flags


def hear(group: Group, sound: Path) -> Heard:
    """Make a group, diarise it with its count of speakers, and compare the frames with the gold."""
    audio, gold = make(group, sound)
    speech = [stretch for stretch in SileroDetector().speech(audio) if stretch.duration_ms]
    with encoding():
        windows = embed(audio, speech, lambda *_: None)
    names = sorted({turn.speaker for turn in gold})
    count = SpeakerCount(len(names), len(names))
    centres = voices(centred(windows.telling), windows.hop_ms, count)
    frames = assign(windows, centres, speech)
    evidence = listen(frames, centres, audio)
    middles = middles_ms(speech)
    active = np.stack([_within(middles, gold, name) for name in names], axis=1)
    owners = _owners(frames.voices, active, len(centres))
    each = np.arange(len(middles))
    both = [active[each, owners[voice]] for voice in (frames.voices, evidence.second)]
    borders = [ms for turn in gold for ms in (turn.interval.start_ms, turn.interval.end_ms)]
    clear = np.abs(middles[:, None] - np.array(borders)).min(axis=1) >= COLLAR_MS
    return Heard(frames, evidence, active.sum(axis=1), both[0] & both[1], clear)


def _within(middles: Doubles, gold: Sequence[Turn], name: str) -> Flags:
    own = [turn.interval for turn in gold if turn.speaker == name]
    return _covered(middles, own)


def _covered(middles: Doubles, stretches: Sequence[Interval]) -> Flags:
    covered = np.zeros(len(middles), dtype=np.bool_)
    for stretch in stretches:
        covered |= (middles >= stretch.start_ms) & (middles < stretch.end_ms)
    return covered


def _owners(found: Numbers, active: Flags, count: int) -> Numbers:
    """Return the gold speaker of each found voice, by the frames in which one person speaks."""
    alone = active.sum(axis=1) == 1
    shared = np.stack([active[alone & (found == voice)].sum(axis=0) for voice in range(count)])
    _, owners = linear_sum_assignment(shared, maximize=True)
    return np.asarray(owners, dtype=np.int64)


def fitted(heard: Doubles, both: Flags) -> tuple[Doubles, float]:
    """Return weights and bias of the logistic regression of `both` on `heard` (n, 5)."""
    mean, spread = heard.mean(axis=0), heard.std(axis=0)
    inputs = np.column_stack([(heard - mean) / spread, np.ones(len(heard))])

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        reach = inputs @ weights
        held = weights * (np.arange(len(weights)) < len(weights) - 1)
        total = float((np.logaddexp(0, reach) - both * reach).sum() + PENALTY * held @ held / 2)
        return total, inputs.T @ (expit(reach) - both) + PENALTY * held

    found = minimize(loss, np.zeros(inputs.shape[1]), jac=True).x
    weights = found[:-1] / spread
    return weights, float(found[-1] - weights @ mean)


def learn(sound: Path) -> None:
    """Print weights and bias."""
    told = [hear(group, sound) for group in LEARNT]
    chosen = [group.clear & (group.talking > 0) for group in told]
    weights, bias = fitted(
        np.concatenate([g.evidence.heard[c] for g, c in zip(told, chosen, strict=True)]),
        np.concatenate([g.both[c] for g, c in zip(told, chosen, strict=True)]),
    )
    print("WEIGHTS =", tuple(weights.round(3).tolist()), "BIAS =", round(bias, 3))


def check(sound: Path) -> None:
    """Print frames marked rightly and wrongly in each room, and how many have two speakers."""
    print("| room | right | wrong | with two |\n|---|---|---|---|")
    for room in ROOMS:
        counts = np.zeros(3, dtype=np.int64)
        for group in groups():
            if group.room == room:
                found = hear(group, sound)
                marks = [stretch for _, stretch in second_turns(found.frames, found.evidence)]
                marked = _covered(middles_ms(found.frames.speech), marks)
                for column, frames in enumerate(
                    (marked & found.both, marked & ~found.both, found.talking >= 2)
                ):
                    counts[column] += np.count_nonzero(frames & found.clear)
        print(f"| {room} | {' | '.join(map(str, counts))} |", flush=True)


def main() -> None:
    """Learn, or check what ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="hear other groups with what ships")
    step = check if parser.parse_args().check else learn
    with tempfile.TemporaryDirectory() as scratch:
        step(Path(scratch) / "group.s16")


if __name__ == "__main__":
    main()
