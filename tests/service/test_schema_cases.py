"""The interface answers whatever it is asked without a server error and without an echo."""

from pathlib import Path

import pytest

from tests.service.schema_cases import CI, ask_all

pytestmark = pytest.mark.slow


def test_nothing_that_is_asked_breaks_the_interface(tmp_path: Path) -> None:
    asked = ask_all(tmp_path, CI)
    assert asked.wrong == []
    assert asked.cases >= CI
    assert {200, 201, 404, 422} <= set(asked.statuses)
