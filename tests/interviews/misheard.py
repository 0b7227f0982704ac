"""The interviews as a recogniser writes them that does not know the names of the roster.

`misheard.yaml` beside a set says, word by word, what it writes instead. The roster stays right.
"""

from dataclasses import replace
from functools import cache
from pathlib import Path

import yaml

from tests.interviews import Interview, Mention, interviews
from transcriber.domain.finding import EntityType

FILE = "misheard.yaml"


@cache
def misheard_interviews(folder: Path) -> list[tuple[Interview, tuple[Mention, ...]]]:
    """Each interview of a set with its names misheard, and those of its mentions that were."""
    written = yaml.safe_load((folder / FILE).read_text("utf-8"))
    return [_misheard(interview, written[interview.name]) for interview in interviews(folder)]


def _misheard(
    interview: Interview, written: dict[str, str]
) -> tuple[Interview, tuple[Mention, ...]]:
    pieces: list[str] = []
    gold: list[Mention] = []
    changed: list[Mention] = []
    length = done = 0
    for mention in interview.gold:
        before = interview.text[done : mention.start]
        is_person = mention.type == EntityType.PERSON
        words = [written.get(w, w) if is_person else w for w in mention.text.split(" ")]
        start = length + len(before)
        heard = replace(
            mention, start=start, end=start + len(" ".join(words)), text=" ".join(words)
        )
        pieces += [before, heard.text]
        length, done = heard.end, mention.end
        gold.append(heard)
        if heard.text != mention.text:
            changed.append(heard)
    text = "".join([*pieces, interview.text[done:]])
    return replace(interview, text=text, gold=tuple(gold)), tuple(changed)
