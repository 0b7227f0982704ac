"""What `python -m tests.service.big_upload` shows, in the size of CI."""

from pathlib import Path

import pytest

from tests.service.big_upload import CI, run

pytestmark = pytest.mark.slow


def test_a_recording_arrives_whole_whatever_breaks(tmp_path: Path) -> None:
    outcome = run(tmp_path, CI)
    assert outcome.sha256_is_that_of_sha256sum
    assert outcome.what_is_stored_is_the_file
    assert (outcome.cuts, outcome.kills) == (CI.cuts + CI.kills, CI.kills)
    assert outcome.plain_bytes_found_in == []
    assert outcome.files_of_no_use == 0
    assert outcome.most_memory_mib - outcome.memory_after_start_mib < 120
