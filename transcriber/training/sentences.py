"""Sentences from templates: slots are filled and what fills them is marked."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from transcriber.training.inventory import INVENTIONS, invented, packaged
from transcriber.training.template_files import sections

KINDS = {"P": "PERSON", "L": "LOCATION", "O": "ORGANISATION", "M": "OTHER"}
_PART = re.compile(r"\{([A-Za-z.]+)\}|\[([^\[\]]*)\]")
_NAMED = re.compile(rf"@([a-z_]+)|~({'|'.join(sorted(INVENTIONS, key=len, reverse=True))})")
CAST = 7
"""People who take part in one document."""


@dataclass(frozen=True, slots=True)
class Span:
    """A mention: `text[start:end]`."""

    start: int
    end: int
    kind: str


@dataclass
class Writer:
    """Writes one document: the same people, places and organisations come back in it."""

    draw: random.Random
    word: Callable[[str, random.Random], str]
    text: str = ""
    spans: list[Span] = field(default_factory=list)
    fillers: set[str] = field(default_factory=set)
    _people: list[tuple[str, str]] = field(default_factory=list)
    _seen: dict[str, list[str]] = field(default_factory=dict)

    def write(self, template: str) -> None:
        """Add a template with everything in it chosen and filled."""
        position = 0
        for part in _PART.finditer(template):
            self._add(template[position : part.start()])
            position = part.end()
            if part.group(2) is not None:
                self.write(self.draw.choice(part.group(2).split("|")))
            else:
                self._slot(part.group(1))
        self._add(template[position:])

    def _add(self, text: str) -> None:
        if text.startswith("the ") and self.text.endswith("the "):
            text = text[4:]
        self.text += text

    def _slot(self, slot: str) -> None:
        kind = KINDS.get(slot.partition(".")[0])
        value = self._value(slot)
        if kind is None:
            self._add(value)
            return
        if value.startswith(("the ", "an ")):
            article, _, value = value.partition(" ")
            self._add(f"{article} ")
        self.spans.append(Span(len(self.text), len(self.text) + len(value), kind))
        self.text += value

    def _value(self, slot: str) -> str:
        if slot in ("P.full", "P.first", "P.last") and self.draw.random() < 0.85:
            return self._person(slot)
        if slot == "P.full" or (slot == "P.mid" and self.draw.random() < 0.3):
            return self._fresh(self.draw.choice(sections("slots.ini")["P.famous"]))
        if slot[0] in "xX":
            return self._word(slot)
        seen = self._seen.setdefault(slot, [])
        if seen and slot[0] in "LOM" and self.draw.random() < 0.45:
            return self.draw.choice(seen)
        value = self._fresh(self.draw.choice(sections("slots.ini")[slot]))
        seen.append(value)
        return value

    def _person(self, slot: str) -> str:
        if len(self._people) < CAST or self.draw.random() < 0.3:
            parts = (sections("slots.ini")[name] for name in ("P.first", "P.last"))
            first, last = (self._fresh(self.draw.choice(part)) for part in parts)
            self._people.append((first, last))
            person = self._people[-1]
        else:
            person = self.draw.choice(self._people)
        if slot == "P.full" and self.draw.random() < 0.12:
            middle = self._fresh(self.draw.choice(("~i.", "~i", "~i. ~i.", "{P.first}", "~name")))
            return f"{person[0]} {middle} {person[1]}"
        return {"P.full": " ".join(person), "P.first": person[0], "P.last": person[1]}[slot]

    def _word(self, slot: str) -> str:
        shape = slot.partition(".")[2]
        word = self.word("" if shape == "cap" else shape, self.draw)
        self.fillers.add(word)
        return word.capitalize() if slot[0] == "X" or shape == "cap" else word

    def _fresh(self, pattern: str) -> str:
        """Fill a slot's alternative, which may hold slots, lists and inventions."""
        value, position = "", 0
        for part in re.finditer(r"\{([A-Za-z.]+)\}", pattern):
            value += self._named(pattern[position : part.start()], value)
            inner = self._value(part.group(1)).removeprefix("the ")
            value += inner
            position = part.end()
        return value + self._named(pattern[position:], value)

    def _named(self, pattern: str, before: str) -> str:
        def fill(match: re.Match[str]) -> str:
            name = (
                self.draw.choice(packaged()[match.group(1)])
                if match.group(1)
                else invented(match.group(2), self.draw)
            )
            inside = (before + pattern[: match.start()])[-1:].isalpha()
            return name.lower() if inside and match.group(2) == "town" else name

        return _NAMED.sub(fill, pattern)
