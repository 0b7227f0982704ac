"""The policy file: what happens to each type of identifier."""

import difflib
import re
from collections.abc import Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from transcriber.domain.errors import PolicyError
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Locale, NerKind, NerModel, Policy, Style, unsought
from transcriber.domain.released_sound import (
    LEAST_PADDING_MS,
    MOST_PADDING_MS,
    USUAL_SOUND,
    Fill,
    SoundRule,
)
from transcriber.services.settings_file import parse_mapping, read_text, require_known
from transcriber.stages.generalise.apply import LEVELS

FIELDS = ("style", "locale", "types", "models", "sound")
RULE_FIELDS = ("action", "level")
SOUND_FIELDS = ("padding_ms", "fill")
DEFAULT = "default"
FILE_NAME = re.compile(r"[^A-Za-z0-9_-]+")
"""What is replaced in a file's stem before it names a folder."""
PACKAGE_NAME = re.compile(r"[A-Za-z]\w*")
"""What tells the name of an installed spaCy model from the path of a folder."""


def load_policies(paths_or_names: Sequence[str]) -> tuple[Policy, ...]:
    """Read the policies of several profiles, each by its name or file.

    Raises PolicyError as `load_policy` does, when two have one name, because each gets a folder
    under its name, and when their locales differ, because they share one search.
    """
    policies = tuple(load_policy(given) for given in paths_or_names)
    if len({policy.name for policy in policies}) < len(policies):
        raise PolicyError(
            "policy_twice",
            "Two policies have the same name, and each gets a folder of its own. Name each once.",
        )
    require_one_locale(policies)
    return policies


def require_one_locale(policies: Sequence[Policy]) -> None:
    """Raise PolicyError where policies are for different countries."""
    if len({policy.locale for policy in policies}) > 1:
        raise PolicyError(
            "locales_differ",
            "These policies are for different countries, and one search serves them all. "
            "Give them the same 'locale', or run them one by one.",
        )


def require_first_seeks_all(policies: Sequence[Policy]) -> None:
    """Raise PolicyError where a further policy looks for types that the first does not.

    People decide on what the first one found, and release by all of them.
    """
    for further in policies[1:]:
        kinds = unsought(policies[0], further)
        if kinds:
            raise PolicyError(
                "unsought_types",
                f"The policy '{further.name}' looks for {', '.join(kinds)}, and "
                f"'{policies[0].name}', by which people check, does not. Choose '{further.name}' "
                "first, or write `flag` for them in the other one.",
            )


def load_policy(path_or_name: Path | str = DEFAULT) -> Policy:
    """Read a policy from a file, or a shipped one by its name (`default`, `team`, `archive`…).

    Raises PolicyError with one sentence when there is none, when a field, type, action or level is
    not known or stands there twice, when a level is given to what is not generalised, when a
    type would be generalised that cannot be, or when a model is not named by its kind. Whether a
    model is there is not looked at; folders of models are meant from where the file lies.
    """
    name = str(path_or_name)
    shipped = shipped_policies()
    if name in shipped:
        text = shipped[name].read_text(encoding="utf-8")
    elif isinstance(path_or_name, str) and Path(name).name == name and "." not in name:
        raise PolicyError(
            "unknown_policy",
            "There is no shipped policy of this name; there are "
            f"{', '.join(sorted(shipped))}. Give one of these or the path of a file.",
        )
    else:
        text = read_text(Path(name), "policy", PolicyError)
    fields = parse_mapping(text, "policy", PolicyError, as_json=name.endswith(".json"))
    require_known(fields, FIELDS, "the policy", PolicyError)
    if not name.endswith(".json"):
        _require_once(text)
    rules = _rules(fields.get("types"))
    return Policy(
        name=name if name in shipped else FILE_NAME.sub("-", Path(name).stem) or "file",
        style=Style(_one_of("style", "'style'", fields.get("style", Style.LABEL), tuple(Style))),
        actions={kind: action for kind, (action, _) in rules.items()},
        levels={kind: level for kind, (_, level) in rules.items() if level},
        locale=Locale(
            _one_of("locale", "'locale'", fields.get("locale", Locale.GB), tuple(Locale))
        ),
        models=_models(fields.get("models", []), Path(name).absolute().parent),
        sound=_sound(fields.get("sound", {})),
    )


def shipped_policies() -> dict[str, Traversable]:
    """Return the files of the policies that are shipped, by name."""
    folder = files("configs") / "policies"
    return {
        entry.name.removesuffix(".yaml"): entry
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }


def _require_once(text: str) -> None:
    """Refuse a field or type that stands there twice: YAML would silently take the last one."""
    level = [yaml.compose(text, Loader=yaml.SafeLoader)]
    for _ in ("fields", "types", "rules"):
        mappings = [node for node in level if isinstance(node, yaml.MappingNode)]
        for mapping in mappings:
            seen: set[str] = set()
            for key, _value in mapping.value:
                if key.value in seen:
                    raise PolicyError(
                        "said_twice",
                        f"In the policy, line {key.start_mark.line + 1} says again what a line "
                        "before it has said. Keep one of them.",
                    )
                seen.add(key.value)
        level = [
            inner
            for mapping in mappings
            for _, value in mapping.value
            for inner in (value.value if isinstance(value, yaml.SequenceNode) else [value])
        ]


def _rules(value: Any) -> dict[EntityType, tuple[Action, str]]:
    """Return action and level of every type; the level is empty where nothing is generalised."""
    if not isinstance(value, dict) or not value:
        raise PolicyError(
            "no_types", "In the policy, 'types' must list types of identifiers, such as PERSON."
        )
    types = [str(key) for key in value]
    require_known(types, [kind.value for kind in EntityType], "'types' of the policy", PolicyError)
    return {EntityType(str(key)): _rule(EntityType(str(key)), rule) for key, rule in value.items()}


def _rule(kind: EntityType, value: Any) -> tuple[Action, str]:
    rule = value if isinstance(value, dict) else {"action": value}
    require_known([str(key) for key in rule], RULE_FIELDS, f"{kind} of the policy", PolicyError)
    said = rule.get("action")
    action = Action(_one_of("action", f"the action for {kind}", said, tuple(Action)))
    if action is not Action.GENERALISE:
        if "level" in rule:
            raise PolicyError(
                "level_without_generalise",
                f"In the policy, {kind} has a level, which only generalise takes. Write 'action: "
                f"generalise' for {kind} or take the level out.",
            )
        return action, ""
    if kind not in LEVELS:
        raise PolicyError(
            "cannot_generalise",
            f"In the policy, {kind} cannot be generalised; {_listed(sorted(LEVELS), 'and')} can. "
            f"Use replace for {kind}.",
        )
    levels = LEVELS[kind]
    said = rule.get("level", levels[0])
    return action, _one_of("level", f"the level for {kind}", said, levels)


def _sound(value: Any) -> SoundRule:
    said = value if isinstance(value, dict) else {"": value}
    require_known([str(key) for key in said], SOUND_FIELDS, "'sound' of the policy", PolicyError)
    padding_ms = said.get("padding_ms", USUAL_SOUND.padding_ms)
    if type(padding_ms) is not int or not LEAST_PADDING_MS <= padding_ms <= MOST_PADDING_MS:
        raise PolicyError(
            "bad_padding",
            "In the policy, 'padding_ms' of 'sound' must be a whole number from "
            f"{LEAST_PADDING_MS} to {MOST_PADDING_MS}.",
        )
    fill = _one_of("fill", "'fill' of 'sound'", said.get("fill", USUAL_SOUND.fill), tuple(Fill))
    return SoundRule(padding_ms, Fill(fill))


def _models(value: Any, folder: Path) -> tuple[NerModel, ...]:
    """Return the models that are added, each once; `folder` is where the policy lies."""
    if not isinstance(value, list):
        raise _no_model()
    return tuple(dict.fromkeys(_model(entry, folder) for entry in value))


def _model(entry: Any, folder: Path) -> NerModel:
    if not isinstance(entry, dict) or len(entry) != 1:
        raise _no_model()
    ((key, said),) = entry.items()
    require_known([str(key)], tuple(NerKind), "'models' of the policy", PolicyError)
    if not isinstance(said, str) or not said.strip():
        raise _no_model()
    kind = NerKind(str(key))
    if kind is NerKind.SPACY and PACKAGE_NAME.fullmatch(said):
        return NerModel(kind, said)
    return NerModel(kind, str(folder / said))


def _no_model() -> PolicyError:
    return PolicyError(
        "no_model",
        "In the policy, 'models' must be a list of lines with a kind and a name or folder, such "
        "as '- spacy: en_core_web_lg'. Kinds are spacy, gliner and transformers.",
    )


def _one_of(subject: str, what: str, value: Any, known: Sequence[str]) -> str:
    """Return `value` if it is known, else refuse `what` with the nearest that is."""
    if isinstance(value, str) and value in known:
        return value
    near = difflib.get_close_matches(str(value).casefold(), [k.casefold() for k in known], n=1)
    guess = next((f"; did you mean '{k}'?" for k in known if [k.casefold()] == near), ".")
    raise PolicyError(
        f"unknown_{subject}", f"In the policy, {what} must be {_listed(known, 'or')}{guess}"
    )


def _listed(names: Sequence[str], last: str) -> str:
    *most, final = names
    return f"{', '.join(most)} {last} {final}" if most else final
