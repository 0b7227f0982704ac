"""docker-compose.yml is valid: nothing runs as root, interviews have no way out, health is told."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from compose_pydantic import ComposeSpecification

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
OURS = {"worker-cpu", "worker-gpu", "beat", "web"}


@pytest.fixture
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return content


def test_it_follows_the_schema_of_compose(compose: dict[str, Any]) -> None:
    # Extensions (`x-…`) are allowed by the specification and unknown to its models.
    ComposeSpecification.model_validate({k: v for k, v in compose.items() if k[:2] != "x-"})


def test_the_schema_would_notice_a_mistake(compose: dict[str, Any]) -> None:
    compose["services"]["redis"]["helthcheck"] = {}
    with pytest.raises(ValueError, match="helthcheck"):
        ComposeSpecification.model_validate({k: v for k, v in compose.items() if k[:2] != "x-"})


def test_compose_itself_reads_it() -> None:
    works = (
        shutil.which("docker")
        and not subprocess.run(
            ["docker", "compose", "version"], capture_output=True, check=False
        ).returncode
    )
    if not works:
        pytest.skip("docker compose does not run here")
    subprocess.run(
        ["docker", "compose", "--profile", "gpu", "config", "--quiet"],
        cwd=ROOT,
        check=True,
    )


def test_all_services_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == OURS | {"redis", "postgres", "proxy"}
    assert compose["services"]["worker-gpu"]["profiles"] == ["gpu"]


def test_nothing_runs_as_root_or_writes_its_image(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "healthcheck" in service, name
        if name != "proxy":  # which binds a low port and drops everything else
            assert service["user"].partition(":")[0] not in ("", "0", "root"), name


def test_whoever_touches_interviews_has_no_way_out(compose: dict[str, Any]) -> None:
    assert compose["networks"]["inside"]["internal"] is True
    for name in {*OURS, "redis", "postgres"}:
        assert compose["services"][name]["networks"] == ["inside"], name


def test_the_web_server_believes_the_network_of_the_proxy_and_listens_inside(
    compose: dict[str, Any],
) -> None:
    web = compose["services"]["web"]
    (network,) = compose["networks"]["inside"]["ipam"]["config"]
    assert web["command"][web["command"].index("--proxy") + 1] == network["subnet"]
    assert "--web-only" in web["command"]
    assert "ports" not in web


def test_secrets_are_files(compose: dict[str, Any]) -> None:
    for secret in compose["secrets"].values():
        assert set(secret) == {"file"}
    for service in compose["services"].values():
        for variable, value in service.get("environment", {}).items():
            assert "password" not in variable.lower() or variable.endswith("_FILE")
            assert "://" not in str(value)


def test_the_master_key_is_a_file_of_those_who_read_it(compose: dict[str, Any]) -> None:
    """Compose mounts it with the owner and mode that it has outside, and others are refused."""
    lines = (ROOT / "configs" / "docker" / "make-secrets").read_text().splitlines()
    (given,) = [line.split() for line in lines if line.startswith("chown ")]
    assert "secrets/master_key" in given
    assert "umask 077" in lines
    assert not any(line.startswith("chmod ") and "master_key" in line for line in lines)
    readers = [s for s in compose["services"].values() if "master_key" in s.get("secrets", ())]
    assert len(readers) == len(OURS)
    assert {service["user"] for service in readers} == {given[1]}


def test_what_it_names_is_in_the_checkout(compose: dict[str, Any]) -> None:
    assert (ROOT / compose["services"]["beat"]["build"]["dockerfile"]).is_file()
    for service in compose["services"].values():
        for volume in service.get("volumes", ()):
            source = volume.partition(":")[0]
            assert not source.startswith("./") or (ROOT / source).exists()


def test_redis_keeps_an_append_only_file_and_refuses_rather_than_forgets() -> None:
    settings = (ROOT / "configs" / "docker" / "redis.conf").read_text().splitlines()
    assert {"appendonly yes", "maxmemory-policy noeviction"} <= set(settings)
    assert any(line.startswith("aclfile ") for line in settings)
