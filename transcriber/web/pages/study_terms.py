"""The rules of a study, in plain words with an example, and what its participants were promised."""

from dataclasses import replace
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response

from transcriber.api.policies import detectors
from transcriber.domain.access import Permission
from transcriber.domain.errors import TranscriberError, UsageError
from transcriber.domain.retention import UNLIMITED, Retention, Rule
from transcriber.domain.study_terms import Checking, HandOff, Listening, StudyTerms
from transcriber.exports.rights.withdrawal import KEY_WARNING
from transcriber.services.policy_file import load_policy
from transcriber.services.policy_words import (
    SAMPLE,
    SAMPLE_ROSTER,
    Piece,
    example,
    in_words,
    shipped_in_words,
)
from transcriber.services.studies import draft_of, edit_study, require_known_policy, show_study
from transcriber.web.pages.steps import StepForm, after, step_page
from transcriber.web.visits import Visit, visit_by

router = APIRouter(include_in_schema=False)

Editing = Annotated[Visit, visit_by(Permission.EDIT_STUDY)]

HAND_OFFS = {
    HandOff.NVIVO: "NVivo",
    HandOff.ATLAS_TI: "ATLAS.ti",
    HandOff.MAXQDA: "MAXQDA",
    HandOff.QUALCODER: "QualCoder",
    HandOff.TAGUETTE: "Taguette",
    HandOff.FOLDER: "A folder",
    HandOff.WEBHOOK: "Another program (webhook)",
}

LISTENING = {
    Listening.EVERYTHING: ("the whole recording was heard", ""),
    Listening.RISKY: (
        "the risky parts were heard",
        "The turns where the machine is least sure, and a tenth of the others, drawn at random.",
    ),
    Listening.NOTHING: (
        "nothing has to be heard",
        "What the recogniser misheard stays unseen. Only for transcripts that people typed.",
    ),
}


class RulesForm(StepForm):
    """The policy that is checked, those by which is released besides, and a sentence to try on."""

    policy: str
    further: tuple[str, ...] = ()
    text: str = SAMPLE


class PromisesForm(StepForm):
    """What participants agreed to; days and dates as they were typed."""

    voice_comparison: bool = False
    archiving: bool = False
    sound_days: str = ""
    sound_on: str = ""
    words_days: str = ""
    words_on: str = ""
    key_days: str = ""
    key_on: str = ""
    warning_days: str = "14"
    hand_off: tuple[HandOff, ...] = ()
    entities: bool = False
    listening: Listening = Listening.EVERYTHING
    cold_read: bool = False
    second_reviewer: bool = False
    release_sound: bool = False
    consent_per_person: bool = False

    @property
    def retention(self) -> Retention:
        """What is destroyed when. Raises UsageError for days and dates that are none."""
        return Retention(
            Rule(_days(self.sound_days), _date(self.sound_on)),
            Rule(_days(self.words_days), _date(self.words_on)),
            Rule(_days(self.key_days), _date(self.key_on)),
            _days(self.warning_days) or UNLIMITED.warning_days,
        )

    @property
    def checking(self) -> Checking:
        """What sign-off is to ask for."""
        return Checking(self.entities, self.listening, self.cold_read, self.second_reviewer)


@router.get("/studies/{study_id}/rules")
def rules(visit: Editing, study_id: str) -> Response:
    """Ask what becomes of what identifies people."""
    study = show_study(visit.store, study_id)
    first, *further = (policy.name for policy in study.agreed.policies)
    return _rules(visit, RulesForm(version=study.version, policy=first, further=tuple(further)))


@router.post("/studies/{study_id}/rules")
def keep_rules(visit: Editing, study_id: str, typed: Annotated[RulesForm, Form()]) -> Response:
    """Keep the rules, or show what a sentence becomes under them."""
    try:
        if typed.then == "try":
            return _rules(visit, typed, pieces=_tried(visit, study_id, typed))
        study = show_study(visit.store, study_id)
        draft = replace(draft_of(study), policies=(typed.policy, *typed.further))
        edit_study(visit.store, visit.who.account_id, study_id, draft, typed.version)
    except TranscriberError as error:
        return _rules(visit, typed, wrong=error.sentence)
    return after(visit, "rules", typed)


@router.get("/studies/{study_id}/promises")
def promises(visit: Editing, study_id: str) -> Response:
    """Ask what participants agreed to, and what was promised to them."""
    study = show_study(visit.store, study_id)
    terms = study.agreed.terms
    typed = PromisesForm(
        version=study.version,
        voice_comparison=terms.voice_comparison,
        archiving=terms.archiving,
        hand_off=terms.hand_off,
        entities=terms.checking.entities,
        listening=terms.checking.listening,
        cold_read=terms.checking.cold_read,
        second_reviewer=terms.checking.second_reviewer,
        release_sound=terms.release_sound,
        consent_per_person=terms.consent_per_person,
    ).model_copy(update=_typed(terms.retention))
    return _promises(visit, typed)


@router.post("/studies/{study_id}/promises")
def keep_promises(
    visit: Editing, study_id: str, typed: Annotated[PromisesForm, Form()]
) -> Response:
    """Keep what was promised."""
    try:
        terms = StudyTerms(
            typed.voice_comparison,
            typed.archiving,
            typed.retention,
            typed.hand_off,
            typed.checking,
            typed.release_sound,
            typed.consent_per_person,
        )
        draft = replace(draft_of(show_study(visit.store, study_id)), terms=terms)
        edit_study(visit.store, visit.who.account_id, study_id, draft, typed.version)
    except UsageError as error:
        return _promises(visit, typed, error.sentence)
    return after(visit, "promises", typed)


def _promises(visit: Visit, typed: PromisesForm, wrong: str = "") -> Response:
    return step_page(
        visit,
        "promises",
        wrong=wrong,
        typed=typed,
        hand_offs=HAND_OFFS,
        listening=LISTENING,
        key_warning=KEY_WARNING,
    )


def _typed(retention: Retention) -> dict[str, str]:
    """Return rules as they are typed into the form."""
    rules = {"sound": retention.sound, "words": retention.transcript, "key": retention.key}
    fields = {"warning_days": str(retention.warning_days)}
    for name, rule in rules.items():
        days = rule.days_after_release
        fields[f"{name}_days"] = "" if days is None else str(days)
        fields[f"{name}_on"] = "" if rule.on is None else rule.on.isoformat()
    return fields


def _date(typed: str) -> date | None:
    text = typed.strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError(
            "bad_retention", "Write a date as 2027-03-31, or leave the field empty."
        ) from None


def _days(typed: str) -> int | None:
    text = typed.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 6:
        raise UsageError(
            "bad_retention", "Write the days as a number, such as 30, or leave the field empty."
        )
    return int(text)


def _tried(visit: Visit, study_id: str, typed: RulesForm) -> tuple[Piece, ...]:
    """Return what a sentence becomes; of the shipped one the people are known."""
    text = " ".join(typed.text.split())
    agreed = show_study(visit.store, study_id).agreed
    own = {policy.name: policy for policy in agreed.policies}
    require_known_policy(typed.policy, own)
    policy = own.get(typed.policy) or load_policy(typed.policy)
    known = SAMPLE_ROSTER if text == SAMPLE else agreed.roster
    return example(policy, known, detectors(), text)


def _rules(
    visit: Visit, typed: RulesForm, *, pieces: tuple[Piece, ...] = (), wrong: str = ""
) -> Response:
    shipped = shipped_in_words()
    names = {policy.name for policy in shipped}
    study = show_study(visit.store, visit.request.path_params["study_id"])
    own = [in_words(policy) for policy in study.agreed.policies if policy.name not in names]
    return step_page(
        visit, "rules", wrong=wrong, policies=(*shipped, *own), typed=typed, pieces=pieces
    )
