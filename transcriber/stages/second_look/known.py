"""What must not be read in a redacted text: the roster, and all that was replaced somewhere."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from transcriber.domain.finding import INDIRECT, EntityType, Finding
from transcriber.domain.leak_check import Verdict
from transcriber.domain.policy import REMOVED, Policy
from transcriber.domain.roster import Roster
from transcriber.stages.number_words import DIGITS, TEENS, TENS, digit_string
from transcriber.stages.ordinary_words import ALWAYS_CAPITAL, ordinary_words
from transcriber.stages.second_look.text import Form, form_of

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
NAMING = DIRECT | {EntityType.LOCATION, EntityType.ORGANISATION}
"""Types of which a whole mention, read elsewhere as it was said, undoes what was replaced."""
COUNTED = frozenset({EntityType.AGE, EntityType.DATE})
"""Types whose words say little out of their place: `four`, `2019`."""
NUMBERED = frozenset({EntityType.PHONE, EntityType.ID})
SHORTEST_NUMBER = 5
"""Digits of a number that nobody says by chance."""
SHORTEST_PART = 4
"""Letters of a part that is sought by itself; shorter ones stand in too many words."""
SHORTEST_NAME = 3
SURE_SCORE = 0.5
"""Below it a finding is a doubt, and its text elsewhere is one too."""


@dataclass(frozen=True)
class Known:
    """Forms to seek: `whole` with their verdicts, `parts` for review, and `names` by sound.

    `rostered` are those of `whole` that the study knew beforehand.
    `labels` are the forms that no label or file name may hold, `digits` the numbers that were
    replaced. `exempt` was left on purpose: a form on it is no leak, whoever sees it. `kept` was
    left on purpose somewhere, so that a file that holds it tells nothing that the talk does not.
    `shown` was left to a person's judgement, so that its capitals and numbers are no news.
    """

    whole: dict[Form, Verdict]
    parts: frozenset[str]
    names: tuple[Form, ...]
    rostered: frozenset[Form]
    labels: frozenset[Form]
    digits: frozenset[str]
    exempt: frozenset[Form]
    kept: frozenset[Form]
    shown: frozenset[Form]
    replacements: tuple[str, ...]

    def has_digits(self, said: str) -> bool:
        """Whether the digits of a number that was replaced are among these."""
        return any(number in said for number in self.digits)


def known(
    findings: Sequence[Finding],
    roster: Roster,
    policy: Policy,
    on_record: Sequence[Finding] = (),
) -> Known:
    """Gather what is sought. A kind of name that the policy keeps is not.

    `on_record` are other forms of what was replaced, as they were misheard here or said in other
    recordings; none is sought that was left on purpose here.
    """
    removed = [f for f in findings if f.replacement is not None and f.action in REMOVED]
    left = [f for f in findings if f.action not in REMOVED]
    people, others = _rostered(roster, policy)
    whole = dict.fromkeys((*people, *others), Verdict.BLOCK)
    for (part,) in _singles(people):
        whole.setdefault((part,), Verdict.REVIEW if is_ordinary((part,)) else Verdict.BLOCK)
    kept = {form_of(f.text) for f in left if f.entity_type not in INDIRECT}
    exempt = frozenset(map(form_of, roster.keep)) | (
        kept - whole.keys() - {form_of(f.text) for f in removed}
    )
    others_say = [
        f for f in on_record if f.entity_type in policy.removed and form_of(f.text) not in kept
    ]
    for finding in (*removed, *others_say):
        form = form_of(finding.text)
        if _tells(form, finding.entity_type):
            whole.setdefault(form, Verdict.REVIEW)
            if finding.entity_type in NAMING and finding.score >= SURE_SCORE:
                whole[form] = Verdict.BLOCK
    rostered = frozenset((*people, *others, *_singles(people)))
    said = [form_of(f.text) for f in removed if f.entity_type is EntityType.PERSON]
    singles = [form for form in _singles((*people, *said)) if not is_ordinary(form)]
    names = dict.fromkeys((*people, *others, *said, *singles))
    blocking = [form for form, verdict in whole.items() if verdict is Verdict.BLOCK]
    secret = [form for form in (*singles, *said, *blocking) if form and not is_ordinary(form)]
    shown = {form_of(f.text) for f in left}
    return Known(
        whole=whole,
        parts=frozenset(_parts(removed, others)) - {form[0] for form in whole if len(form) == 1},
        names=tuple(form for form in names if form),
        rostered=rostered,
        labels=rostered | frozenset(secret),
        digits=frozenset(_numbers(removed)),
        exempt=exempt,
        kept=frozenset(kept),
        shown=frozenset(shown),
        replacements=tuple(dict.fromkeys(f.replacement for f in removed if f.replacement)),
    )


def is_ordinary(form: Form) -> bool:
    """Whether every word is one that anybody says."""
    return ordinary_words().issuperset(form)


def _rostered(roster: Roster, policy: Policy) -> tuple[list[Form], list[Form]]:
    """Return the forms of people, and of places and organisations, that the policy removes."""
    removed = policy.removed
    taking_part = [n for person in roster.participants for n in (person.name, *person.aliases)]
    people = [*taking_part, *roster.people] if EntityType.PERSON in removed else []
    others = [
        name
        for kind, names in (
            (EntityType.LOCATION, roster.places),
            (EntityType.ORGANISATION, roster.organisations),
        )
        if kind in removed
        for name in names
    ]
    return [f for f in map(form_of, people) if f], [f for f in map(form_of, others) if f]


def _name_parts(form: Form) -> Iterator[str]:
    if len(form) > 1:
        for part in form:
            if len(part) >= SHORTEST_NAME and part not in ALWAYS_CAPITAL:
                yield part


def _singles(forms: Iterable[Form]) -> Iterator[Form]:
    for form in forms:
        for part in _name_parts(form):
            yield (part,)


def _tells(form: Form, kind: EntityType) -> bool:
    """Whether the text by itself points at somebody."""
    if kind in COUNTED:
        return len(form) > 1 and any(not _is_number(word) for word in form)
    return sum(map(len, form)) >= SHORTEST_NAME


def _is_number(word: str) -> bool:
    return word.isdecimal() or word in DIGITS or word in TEENS or word in TENS


def _numbers(findings: Iterable[Finding]) -> Iterator[str]:
    for finding in findings:
        if finding.entity_type in NUMBERED:
            said = digit_string(form_of(finding.text))
            if len(said) >= SHORTEST_NUMBER:
                yield said


def _parts(findings: Iterable[Finding], others: Iterable[Form]) -> Iterator[str]:
    """Yield words of what was replaced that are no common words."""
    replaced = [form_of(f.text) for f in findings if f.entity_type not in COUNTED]
    for form in (*replaced, *others):
        for word in form if len(form) > 1 else ():
            if len(word) >= SHORTEST_PART and word not in ordinary_words():
                yield word
