"""The policy file: what happens to each type of identifier."""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from transcriber.domain.errors import PolicyError
from transcriber.domain.finding import Action, EntityType
from transcriber.domain.policy import Policy, Style
from transcriber.services.settings_file import parse_mapping, read_text, require_known
from transcriber.stages.generalise import GENERALISED

FIELDS = ("style", "types")
DEFAULT = "default"


def load_policy(path_or_name: Path | str = DEFAULT) -> Policy:
    """Read a policy from a file, or a shipped one by its name (`default`, `strict`).

    Raises PolicyError with one sentence when there is none, when a field, type or action is not
    known, or when it would generalise a type that cannot be.
    """
    name = str(path_or_name)
    shipped = _shipped()
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
    return Policy(
        name=name if name in shipped else "file",
        style=_style(fields.get("style", Style.LABEL.value)),
        actions=_actions(fields.get("types")),
    )


def _shipped() -> dict[str, Traversable]:
    folder = files("configs") / "policies"
    return {
        entry.name.removesuffix(".yaml"): entry
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }


def _style(value: Any) -> Style:
    known = [style.value for style in Style]
    if value not in known:
        raise PolicyError("unknown_style", f"In the policy, 'style' must be {' or '.join(known)}.")
    return Style(value)


def _actions(value: Any) -> dict[EntityType, Action]:
    if not isinstance(value, dict) or not value:
        raise PolicyError(
            "no_types", "In the policy, 'types' must list types of identifiers, such as PERSON."
        )
    types = [str(key) for key in value]
    require_known(types, [kind.value for kind in EntityType], "'types' of the policy", PolicyError)
    return {EntityType(str(key)): _action(str(key), action) for key, action in value.items()}


def _action(kind: str, value: Any) -> Action:
    known = [action.value for action in Action]
    if value not in known:
        raise PolicyError(
            "unknown_action", f"In the policy, the action for {kind} must be {', '.join(known)}."
        )
    action = Action(value)
    if action is Action.GENERALISE and EntityType(kind) not in GENERALISED:
        can = " and ".join(sorted(GENERALISED))
        raise PolicyError(
            "cannot_generalise",
            f"In the policy, {kind} cannot be generalised; {can} can. Use replace for {kind}.",
        )
    return action
