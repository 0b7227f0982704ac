"""Settings are read once, are checked, and are all documented."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from transcriber.domain.errors import UsageError
from transcriber.pipeline import STAGES
from transcriber.services.settings import Settings, load_settings

ROOT = Path(__file__).parents[2]


def names(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            yield from names(field.annotation, f"{before}{name}.")
        else:
            yield before + name


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    for name in names(Settings):
        assert f"| `{name}` |" in page, name


@pytest.mark.parametrize("name", ["default", "cpu", "gpu", "production", "production,gpu"])
def test_shipped_files_are_valid(name: str) -> None:
    settings = load_settings({"TRANSCRIBER_CONFIG": name})
    assert set(settings.queues) == {stage.name for stage in STAGES}
    assert settings.queue_of("transcribe", interactive=False) == ("gpu" if "gpu" in name else "cpu")
    assert settings.queue_of("transcribe", interactive=True) == "interactive"


def test_the_environment_wins(tmp_path: Path) -> None:
    secret = tmp_path / "url"
    secret.write_text("redis://secret\n")
    own = tmp_path / "own.yaml"
    own.write_text(f"broker_url_file: {secret}\n")
    given = {"TRANSCRIBER_CONFIG": str(own), "TRANSCRIBER_HOME": str(tmp_path)}
    assert load_settings(given).broker == "redis://secret"
    assert not load_settings(given).has_own_broker
    given["TRANSCRIBER_BROKER_URL"] = "redis://other"
    assert load_settings(given).broker == "redis://other"
    assert load_settings(given).database == f"sqlite:///{tmp_path}/transcriber.sqlite"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("brokr_url: x", "did you mean 'broker_url'"),
        ("lease: {seconds: 0}", "lease.seconds"),
        ("lease: {seconds: secret}", "lease.seconds"),
        ("queues: {align: fast}", "the queues are"),
        ("master_key_file: a\nmaster_key_command: b", "not both"),
        ("workers: {children: 0}", "workers.children"),
        ("lease: [", "line"),
    ],
)
def test_a_wrong_setting_is_refused_without_its_value(text: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        load_settings({"TRANSCRIBER_CONFIG": str(path)})
    assert told in refused.value.sentence
    assert "secret" not in refused.value.sentence


def test_a_missing_file_is_told() -> None:
    with pytest.raises(UsageError) as refused:
        load_settings({"TRANSCRIBER_CONFIG": "nowhere.yaml"})
    assert refused.value.code == "not_found"


@pytest.mark.parametrize(
    ("cores", "sized"), [(1, (2, 1)), (2, (2, 1)), (8, (2, 4)), (16, (4, 4)), (64, (16, 4))]
)
def test_processes_share_the_cores(cores: int, sized: tuple[int, int]) -> None:
    assert load_settings({}).workers.sized(cores) == sized
