"""How heard talk is written down: what is marked, and what is left out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Convention:
    """A way to write talk down. Whatever is chosen, speech that gave no words is marked.

    `pauses_from_ms` is the shortest silence that is marked, None for no marks. `hesitations` says
    whether "um", stutters and broken-off starts stay, `back_channels` whether a lone "mm" in the
    middle of another person's sentence does.
    """

    name: str
    description: str
    pauses_from_ms: int | None
    overlaps: bool
    hesitations: bool
    back_channels: bool


FULL = Convention(
    name="full",
    description="every recognised word, pauses from 2 seconds, talk at the same time",
    # Recognisers place words within half a second, so that shorter pauses may not be there.
    pauses_from_ms=2_000,
    overlaps=True,
    hesitations=True,
    back_channels=True,
)

INTELLIGENT = Convention(
    name="intelligent",
    description="without hesitation sounds and stutters; pauses from 3 seconds",
    # Dresing and Pehl's longest sign, "(...)", stands for about 3 seconds.
    pauses_from_ms=3_000,
    overlaps=True,
    hesitations=False,
    back_channels=True,
)

CLEAN = Convention(
    name="clean",
    description="without hesitation sounds, stutters, pauses and listening sounds",
    pauses_from_ms=None,
    overlaps=False,
    hesitations=False,
    back_channels=False,
)

CONVENTIONS: Mapping[str, Convention] = MappingProxyType(
    {convention.name: convention for convention in (FULL, INTELLIGENT, CLEAN)}
)
"""By name, the one that is used unless another is asked for first."""
