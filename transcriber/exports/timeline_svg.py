"""Who talks when, as a picture: a lane for each speaker, wrapped into rows as text is.

Places along the time are in percent, so that the picture fills any width and its letters keep their
size. Speakers are told apart by name and lane; colour only helps.
"""

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil

from transcriber.domain.interval import Interval
from transcriber.domain.speaker_overview import SpeakerOverview
from transcriber.exports.clock import clock, short_clock

ROW_MINUTES = {1: 3, 2: 4, 5: 5, 10: 5, 15: 3, 30: 3, 60: 3, 120: 4, 240: 4}
"""How long a row may be, and into how many round pieces it is divided: not so many that their times
meet on a telephone's screen."""

ROWS = 6
"""As many as fit on a page with eight speakers."""

LANE_PX, BAR_PX, AXIS_PX, ROW_GAP_PX = 16, 11, 20, 14
NAME_PX = 88
"""Room for names, which stand left of the time; must agree with `TIMELINE_STYLE`."""

LONGEST_NAME = 11
FINEST = 1 / 1_200
"""Of a row: shorter silences cannot be seen and are not drawn."""

COLOURS = 8

TIMELINE_STYLE = """
.timeline { margin: 12px 0; }
.timeline svg { display: block; margin-left: 88px; width: calc(100% - 88px); overflow: visible; }
.timeline text { font: 12px/1 system-ui, sans-serif; fill: var(--ink);
                 font-variant-numeric: tabular-nums; }
.timeline .time { fill: var(--soft); font-size: 11px; }
.timeline line { stroke: var(--line); }
.v1 { fill: #0072b2; } .v2 { fill: #d55e00; } .v3 { fill: #009e73; } .v4 { fill: #cc79a7; }
.v5 { fill: #e69f00; } .v6 { fill: #56b4e9; } .v7 { fill: var(--ink); } .v8 { fill: #f0e442; }
.v5, .v6, .v8 { stroke: var(--soft); stroke-width: .5px; }
@media (prefers-color-scheme: dark) { .v1 { fill: #3d9bd6; } }
@media print { .timeline { print-color-adjust: exact; } .timeline svg { break-inside: avoid; } }
"""
"""Okabe and Ito's palette; its black is the ink, so that it is white on dark paper."""


def write_timeline(overview: SpeakerOverview) -> str:
    """Return the picture as HTML: one SVG for each row of time, lanes in order of first talk."""
    figures = overview.figures
    if not figures.speakers:
        return ""
    row_ms = _row_ms(figures.duration_ms)
    names = [overview.label(talk.speaker) for talk in figures.speakers]
    rows = range(max(ceil(figures.duration_ms / row_ms), 1))
    pictures = "".join(
        _row(
            names,
            figures.stretches,
            Interval(row * row_ms, (row + 1) * row_ms),
            figures.duration_ms,
        )
        for row in rows
    )
    return f'<div class="timeline">{pictures}</div>\n'


def _row_ms(duration_ms: int) -> int:
    """Return the length of a row: a round one, so that there are few rows."""
    fitting = (minutes for minutes in ROW_MINUTES if ceil(duration_ms / minutes / 60_000) <= ROWS)
    return next(fitting, max(ROW_MINUTES)) * 60_000


def _row(
    names: Sequence[str],
    stretches: Sequence[Sequence[Interval]],
    row: Interval,
    duration_ms: int,
) -> str:
    height = len(names) * LANE_PX + AXIS_PX
    title = f"Who talks from {clock(row.start_ms)} to {clock(min(row.end_ms, duration_ms))}"
    pieces = [
        f'<svg role="img" height="{height + ROW_GAP_PX}">'
        f"<title>{title}</title><desc>{escape(_told(names, stretches, row))}</desc>"
    ]
    for lane, name in enumerate(names):
        y = lane * LANE_PX + BAR_PX
        shown = name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
        pieces.append(f'<text x="{-NAME_PX}" y="{y}">{escape(shown)}</text>')
    pieces += _axis(row, len(names) * LANE_PX)
    for lane, spoken in enumerate(stretches):
        pieces += _bars(lane, spoken, row)
    pieces.append("</svg>\n")
    return "".join(pieces)


def _axis(row: Interval, y: int) -> Iterator[str]:
    pieces = ROW_MINUTES[row.duration_ms // 60_000]
    for tick in range(pieces + 1):
        share = 100 * tick / pieces
        at_ms = row.start_ms + row.duration_ms * tick // pieces
        anchor = "start" if tick == 0 else "end" if tick == pieces else "middle"
        yield f'<line x1="{share:g}%" x2="{share:g}%" y1="0" y2="{y}"/>'
        yield (
            f'<text class="time" x="{share:g}%" y="{y + 13}" text-anchor="{anchor}">'
            f"{short_clock(at_ms)}</text>"
        )


def _bars(lane: int, spoken: Sequence[Interval], row: Interval) -> Iterator[str]:
    finest_ms = row.duration_ms * FINEST
    for bar in _visible(spoken, row, finest_ms):
        x = 100 * (bar.start_ms - row.start_ms) / row.duration_ms
        width = 100 * max(bar.duration_ms, finest_ms) / row.duration_ms
        yield (
            f'<rect class="v{lane % COLOURS + 1}" x="{x:.2f}%" width="{width:.2f}%" '
            f'y="{lane * LANE_PX + 1}" height="{BAR_PX}"/>'
        )


def _visible(spoken: Sequence[Interval], row: Interval, finest_ms: float) -> list[Interval]:
    """Return what of the talk falls into the row, over silences too short to be seen."""
    bars: list[Interval] = []
    for stretch in spoken:
        if not stretch.overlap_ms(row):
            continue
        start_ms, end_ms = max(stretch.start_ms, row.start_ms), min(stretch.end_ms, row.end_ms)
        if bars and start_ms - bars[-1].end_ms < finest_ms:
            bars[-1] = Interval(bars[-1].start_ms, max(end_ms, bars[-1].end_ms))
        else:
            bars.append(Interval(start_ms, end_ms))
    return bars


def _told(names: Sequence[str], stretches: Sequence[Sequence[Interval]], row: Interval) -> str:
    """Return the row in words, for those who do not see it."""
    shares = [
        f"{name} {sum(stretch.overlap_ms(row) for stretch in spoken) // 1000} seconds"
        for name, spoken in zip(names, stretches, strict=True)
    ]
    return f"Talk: {', '.join(shares)}."
