"""Passages that are withheld: of their words nothing is left in anything that leaves."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tests.talk import said_by, talk
