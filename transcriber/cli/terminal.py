"""What a person sees while a batch runs: bars on a terminal, one line a stage in a log."""

import sys
import time
from pathlib import Path
from types import TracebackType

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from transcriber.services.outcome import Done, Failed, Outcome

DOING = {
    "ingest": "reading the sound",
    "transcribe": "writing down the words",
    "diarise": "telling voices apart",
    "turns": "noting who speaks when",
    "clips": "choosing clips of each voice",
    "voices": "comparing voices",
    "sound_check": "checking the sound",
    "review_copy": "making the copy to listen to",
    "spot": "listening for known names",
    "compare": "comparing words with the voices",
    "align": "joining words and voices",
    "read": "reading the transcript",
    "label": "labelling the speakers",
    "detect": "looking for identifiers",
    "propagate": "looking for the study's names",
    "pseudonymise": "replacing them",
}


def console() -> Console:
    """Standard output; on anything but a terminal plain text, 80 columns wide."""
    return Console(width=None if sys.stdout.isatty() else 80, highlight=False)


class TerminalReporter:
    """Implements `Reporter`: one line a recording, one bar a stage.

    Everything goes to standard error, so that `--json` on standard output stays clean.
    """

    def __init__(self) -> None:
        self._console = Console(stderr=True, highlight=False)
        self._bars: Progress | None = None
        self._tasks: dict[str, TaskID] = {}
        self._stage_started_s: dict[str, float] = {}

    def __enter__(self) -> "TerminalReporter":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_bars()

    def searching(self, number: int, total: int, path: Path) -> None:
        """Head the bars of one input; in a log without its name, which may be a person's."""
        self._head(f"{number} of {total}", path)
        self._open_bars()

    def writing(self, number: int, total: int, path: Path) -> None:
        """Head the bars of its results; those of a single input follow on its first ones."""
        if total > 1:
            self._head(f"{number} of {total}, results", path)
        self._open_bars()

    def _head(self, place: str, path: Path) -> None:
        name = f"  {path.name}" if self._console.is_terminal else ""
        self._console.print(Text(f"{place}{name}", style="bold"))

    def _open_bars(self) -> None:
        self._stage_started_s.clear()
        if self._console.is_terminal:
            self._bars = Progress(
                TextColumn("  {task.description:<28}"),
                BarColumn(bar_width=26),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
                console=self._console,
            )
            self._bars.start()

    def stage(self, stage: str, done: int, total: int) -> None:
        """Move a stage's bar, or write its line when it is done."""
        now_s = time.monotonic()
        started_s = self._stage_started_s.setdefault(stage, now_s)
        if self._bars is None:
            if done >= total and stage not in self._tasks:
                self._tasks[stage] = TaskID(0)
                self._console.print(f"  {DOING[stage]:<28} done {now_s - started_s:8.1f} s")
            return
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(DOING[stage], total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)

    def ended(self, outcome: Outcome | None) -> None:
        """Close the bars and say what became of the input."""
        self._close_bars()
        match outcome:
            case Done(code=code):
                self._console.print(Text(f"  {code} is done", style="green"))
            case Failed(error=error):
                sentence = Text(f"not done: {error.sentence}", style="red")
                self._console.print(Padding(sentence, (0, 0, 0, 2)))

    def _close_bars(self) -> None:
        if self._bars is not None:
            self._bars.stop()
            self._bars = None
        self._tasks.clear()
