"""Reads subtitles with webvtt-py and srt."""

import html
import io
from collections.abc import Sequence

import srt
import webvtt

from tests.formats.generated import Generated
from transcriber.exports.cues import LONGEST_CUE_MS

LARGEST_SHIFT_MS = 50
"""Cues that would start together move 1 ms apart; no generated talk has more of them in a row."""


def check_vtt(data: bytes, case: Generated) -> None:
    """Cues with voices, read by webvtt-py."""
    captions = webvtt.from_buffer(io.StringIO(data.decode())).captions
    _check_cues(
        [
            (c.voice, html.unescape(c.text), _vtt_ms(c.start_time), _vtt_ms(c.end_time))
            for c in captions
        ],
        case,
    )


def check_srt(data: bytes, case: Generated) -> None:
    """Cues with labels, read by srt."""
    mark, *cues = srt.parse(data.decode())
    assert (mark.index, mark.end.total_seconds()) == (0, 0.001)
    assert [cue.index for cue in cues] == list(range(1, len(cues) + 1))
    found = []
    for cue in cues:
        label, _, text = cue.content.partition(": ")
        found.append(
            (
                label,
                text,
                round(cue.start.total_seconds() * 1000),
                round(cue.end.total_seconds() * 1000),
            )
        )
    _check_cues(found, case)


def _check_cues(cues: Sequence[tuple[str, str, int, int]], case: Generated) -> None:
    """Cues start one after another and hold, label by label, the words and times of the turns."""
    starts = [start for _, _, start, _ in cues]
    assert starts == sorted(set(starts))
    assert all(0 < end - start <= LONGEST_CUE_MS for _, _, start, end in cues)
    waiting = {label: [cue for cue in cues if cue[0] == label] for label, *_ in cues}
    for turn in case.turns:
        mine = waiting.get(turn.label, [])
        taken: list[tuple[str, str, int, int]] = []
        while mine and len(" ".join(text for _, text, _, _ in taken)) < len(turn.text):
            taken.append(mine.pop(0))
        assert " ".join(text for _, text, _, _ in taken) == turn.text
        assert 0 <= taken[0][2] - turn.start_ms <= LARGEST_SHIFT_MS
        assert abs(max(end for *_, end in taken) - turn.end_ms) <= LARGEST_SHIFT_MS
    assert not any(waiting.values())


def _vtt_ms(time: webvtt.models.Timestamp) -> int:
    seconds = (time.hours * 60 + time.minutes) * 60 + time.seconds
    return int(seconds * 1000 + time.milliseconds)
