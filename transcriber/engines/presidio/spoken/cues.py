"""Words near a number that say what it is."""

from transcriber.engines.presidio.spoken.text import Run, SpokenText
from transcriber.stages.words import word_set


class Cue:
    """Single words and phrases; any of them counts within a reach of words."""

    def __init__(self, single: str, phrases: tuple[str, ...] = ()) -> None:
        self._single = word_set(single)
        self._phrases = tuple(tuple(phrase.split()) for phrase in phrases)
        self._lasts = frozenset(phrase[-1] for phrase in self._phrases)

    def before(self, spoken: SpokenText, run: Run, reach: int) -> bool:
        """Whether one stands at most `reach` words before a run."""
        return self.distance(spoken, run, reach) is not None

    def distance(self, spoken: SpokenText, run: Run, reach: int) -> int | None:
        """Words from the nearest one before a run, 1 when it stands next to it, else None."""
        first = run.signs[0].first
        for at in range(first - 1, max(first - 1 - reach, -1), -1):
            if self._ends_at(spoken, at):
                return first - at
        return None

    def after(self, spoken: SpokenText, run: Run, reach: int) -> int | None:
        """Words to the nearest one after a run, else None."""
        last = run.signs[-1].last
        for at in range(last + 1, min(last + 1 + reach, len(spoken.keys))):
            if self._ends_at(spoken, at):
                return at - last
        return None

    def _ends_at(self, spoken: SpokenText, at: int) -> bool:
        key = spoken.keys[at]
        if key in self._single:
            return True
        return key in self._lasts and any(
            tuple(spoken.keys[max(at + 1 - len(phrase), 0) : at + 1]) == phrase
            for phrase in self._phrases
        )
