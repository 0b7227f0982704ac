"""The sample focus group: synthetic speech from a script that this project wrote.

Nobody in it exists. `script.yaml` is the script, `roster.yaml` the names that a study would know
beforehand, `gold.json` what the generator knows to be true of the sound.
"""

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path


def sample_audio() -> Path:
    """The recording: one moderator and three peer supporters, about three minutes."""
    return _on_disk("focus-group.ogg")


def sample_roster() -> Path:
    """The names that the imagined study knew before the focus group met."""
    return _on_disk("roster.yaml")


def sample_gold() -> Path:
    """Turns with times and identifiers, as the generator made them."""
    return _on_disk("gold.json")


def sample_script() -> Path:
    """What was to be said, with the identifiers marked."""
    return _on_disk("script.yaml")


def _on_disk(name: str) -> Path:
    """A shipped file as a path, because the audio is handed to a child process by name.

    Raises FileNotFoundError when the package was installed without it or runs from an archive.
    """
    resource: Traversable = files(__name__) / name
    if not isinstance(resource, Path) or not resource.is_file():
        raise FileNotFoundError(
            f"The sample file {name} is not installed beside the program. "
            "Install Transcriber again from its source folder."
        )
    return resource
