"""Names that the recordings of a study gave away, to be sought in all of them."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Self

from transcriber.domain.edit import version
from transcriber.domain.errors import InputError
from transcriber.domain.finding import Action, EntityType, Finding
from transcriber.domain.known_name import KnownName
from transcriber.exports.findings_json import read_findings
from transcriber.pipeline import LABEL, Work
from transcriber.stages.pseudonymise.apply import introduce

SUFFIX = ".findings.json"
SURE = 0.85
"""What is doubtful in its own recording must not spread to the others."""

TYPES = frozenset({EntityType.PERSON, EntityType.LOCATION, EntityType.ORGANISATION})
SPREAD = ("propagated", "false start", "initials")
"""Sources that repeat what another finding says already, or are too short to go by."""


class StudyNames:
    """Names by the recording that gave them away: as just searched, else as written earlier."""

    def __init__(self) -> None:
        self._names: dict[str, frozenset[KnownName]] = {}

    @classmethod
    def written(cls, private: Path) -> Self:
        """Learn what earlier runs wrote into the private folder.

        A file that cannot be read as findings is passed over: it is another program's, or
        half-made.
        """
        names = cls()
        for path in private.glob(f"*{SUFFIX}"):
            names.learn(path.name.removesuffix(SUFFIX), _read(path))
        return names

    def learn(self, code: str, found: Iterable[Finding]) -> None:
        """Let the findings of a recording take the place of what was written of it earlier."""
        self._names[code] = _names_in(found)

    def all(self) -> tuple[KnownName, ...]:
        """Return the names of all recordings, each once, in an order that only they decide.

        A name that means one person here and another there is nobody's in particular.
        """
        entities: dict[tuple[EntityType, str], set[str]] = {}
        for names in self._names.values():
            for name in names:
                entities.setdefault((name.entity_type, name.name), set()).add(name.entity)
        return tuple(
            KnownName(name, kind, next(iter(meant)) if len(meant) == 1 else name.casefold())
            for (kind, name), meant in sorted(entities.items())
        )


def given_away(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return those findings of a recording that the study's other ones are searched for."""
    return tuple(finding for finding in found if _is_sure(finding))


def introduce_names(work: Work, found: Sequence[Finding]) -> None:
    """Let the register know whom a recording names, before anything of the study is replaced.

    `work` has the result of the stage `label`. To do it twice changes nothing. Raises
    StorageError.
    """
    job = work.job
    text = version(work.of(LABEL), job.edits).text
    introduce(found, job.roster, work.register, {None: text}, job.recording.code)


def _read(path: Path) -> tuple[Finding, ...]:
    try:
        return read_findings(path.read_bytes())
    except (InputError, OSError):
        return ()


def _names_in(found: Iterable[Finding]) -> frozenset[KnownName]:
    return frozenset(
        KnownName(finding.text, finding.entity_type, finding.entity or finding.text.casefold())
        for finding in given_away(found)
    )


def _is_sure(finding: Finding) -> bool:
    return (
        finding.entity_type in TYPES
        and finding.action not in (Action.KEEP, Action.FLAG)
        and finding.score >= SURE
        and not finding.source.startswith(SPREAD)
    )
