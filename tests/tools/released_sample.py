"""The sample focus group, checked and signed: what the real programs are given.

Its words are those of its script and not recognised ones, so that making it takes seconds. All that
comes after goes the way of every recording: decided, read, signed, and taken as a file.
"""

import json
from importlib.resources import files
from itertools import count
from pathlib import Path

from tests.checked import Checked, recording_to_check
from tests.service.signing import now, somebody
from transcriber.domain.finding import EntityType
from transcriber.services.releases import release_file
from transcriber.services.review.leaks import place_keys
from transcriber.services.review.sign_off import look, sign
from transcriber.services.settings import load_settings
from transcriber.services.store import open_store

GOLD = json.loads(files("transcriber.sample").joinpath("gold.json").read_text())
MENTIONS = tuple(dict.fromkeys(each["text"] for each in GOLD["identifiers"]))
"""What identifies somebody in it, as it is said."""


def release_of_the_sample(folder: Path) -> Path:
    """Sign the sample off in a store under `folder`; return the JSON file as it is downloaded."""
    store = open_store(load_settings({"TRANSCRIBER_HOME": str(folder / "home")}))
    numbers = count(1)
    kinds = {each["text"]: EntityType(each["entity_type"]) for each in GOLD["identifiers"]}
    names = [(text, kinds[text], f"[{kinds[text]}_{next(numbers)}]") for text in MENTIONS]
    lines = [(turn["speaker"], turn["text"]) for turn in GOLD["turns"]]
    checked = recording_to_check(store, folder, somebody(store), lines=lines, names=names)
    checked.all_passes()
    _look_at_all(checked)
    release = sign(store, checked.actor_id, *checked.here, now(checked).seen).release_id
    assert release is not None
    file = release_file(store, checked.actor_id, checked.study_id, release)
    path = folder / file.name
    path.write_bytes(file.data)
    return path


def _look_at_all(checked: Checked) -> None:
    """Say of every place that the second look points at that it may stay."""
    panel = now(checked).panel
    assert not panel.blocking
    for key in place_keys(panel):
        look(checked.store, checked.actor_id, *checked.here, key)
