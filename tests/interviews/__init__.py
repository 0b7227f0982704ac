"""Our own annotated interviews: a regression gate for redaction, held apart from training text.

The rules of the mark-up are in README.md beside this file. Everybody in the interviews, and
everything that would identify them, is invented.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transcriber.domain.finding import INDIRECT, EntityType
from transcriber.domain.roster import Roster
from transcriber.services.roster_file import load_roster

FOLDER = Path(__file__).parent
BLIND = FOLDER / "blind"
"""A second set, written without a look at rules and word lists, and measured before any change."""
KEPT_BACK = FOLDER / "kept_back"
"""A third, of which nothing but the totals is looked at: what it misses changes nothing."""
THIRD = FOLDER / "third"
"""A fourth, of two further writers who saw no code: measured, then read and mended."""
SOURCE = ".marked.txt"
NEUTRAL = "NEUTRAL"
MARK = re.compile(r"\{(?P<type>[A-Z]+)(?:\.(?P<origin>[a-z_]+))?\|(?P<text>[^{}|\n]+)\}")

ORIGINS = (
    *("english", "irish", "scottish", "welsh", "south_asian", "african", "caribbean", "arabic"),
    *("east_asian", "east_european", "hispanic", "other"),
)
"""Backgrounds of names, so that recall can be told for each."""

DIRECT = frozenset(
    {
        EntityType.PERSON,
        EntityType.PHONE,
        EntityType.EMAIL,
        EntityType.URL,
        EntityType.HANDLE,
        EntityType.ID,
        EntityType.POSTCODE,
        EntityType.ADDRESS,
    }
)
"""Types that point at one person without the help of anything else."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A marked stretch: `text == interview.text[start:end]`, offsets in code points.

    `type` is an EntityType or `NEUTRAL`; `group` is `direct`, `quasi`, `indirect` or `neutral`;
    `origin` is one of ORIGINS for a PERSON and None for everything else.
    """

    start: int
    end: int
    type: str
    group: str
    text: str
    origin: str | None = None

    def as_json(self) -> dict[str, int | str]:
        """The mention in the shape of a `.gold.json` file; `group` is called `class` there."""
        fields: dict[str, int | str] = {
            "start": self.start,
            "end": self.end,
            "type": self.type,
            "class": self.group,
            "text": self.text,
        }
        return fields if self.origin is None else {**fields, "origin": self.origin}


@dataclass(frozen=True, slots=True)
class Interview:
    """One transcript, what is marked in it in order, and the roster that its study had, if any."""

    name: str
    text: str
    gold: tuple[Mention, ...]
    roster: Roster | None

    @property
    def cased(self) -> bool:
        """False where it is written as some recognisers write, in lower case without a stop."""
        return self.text != self.text.lower()


@cache
def interviews(folder: Path = FOLDER) -> list[Interview]:
    """All of one set, by name. Raises ValueError with the place where a mark is not well formed."""
    return [_read(path) for path in sorted(folder.glob(f"*{SOURCE}"))]


def unmarked(source: str) -> tuple[str, tuple[Mention, ...]]:
    """The text of a marked source without its marks, and the marks with their offsets."""
    pieces: list[str] = []
    mentions: list[Mention] = []
    length = done = 0
    for mark in MARK.finditer(source):
        before, text = source[done : mark.start()], mark["text"]
        start = length + len(before)
        length, done = start + len(text), mark.end()
        pieces += [before, text]
        group = _group(mark["type"])
        mentions.append(Mention(start, length, mark["type"], group, text, mark["origin"]))
    return "".join([*pieces, source[done:]]), tuple(mentions)


def _group(kind: str) -> str:
    if kind == NEUTRAL:
        return "neutral"
    entity_type = EntityType(kind)
    if entity_type in INDIRECT:
        return "indirect"
    return "direct" if entity_type in DIRECT else "quasi"


def _read(path: Path) -> Interview:
    name = path.name.removesuffix(SOURCE)
    text, gold = unmarked(path.read_text("utf-8"))
    stray = re.search(r"[{}|]", text)
    if stray:
        line = text.count("\n", 0, stray.start()) + 1
        raise ValueError(f"{path.name}, line {line}: a mark is not well formed.")
    roster = path.with_name(f"{name}.roster.yaml")
    return Interview(name, text, gold, load_roster(roster) if roster.exists() else None)
