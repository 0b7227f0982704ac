"""What is written down is what the documentation says is written down."""

import re
from pathlib import Path

from transcriber.domain.audit import Action

PAGE = Path(__file__).parents[2] / "docs" / "accounts.md"


def test_every_code_of_the_audit_is_documented_and_no_other() -> None:
    section = PAGE.read_text().partition("## What is written down")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| .* \| (`.*) \|$", section, re.MULTILINE)
    codes = re.findall(r"`(\w+)`", " ".join(listed))
    assert sorted(codes) == sorted(Action)
