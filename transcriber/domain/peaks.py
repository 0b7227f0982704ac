"""How loud a recording is from moment to moment, for drawing it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class Peaks:
    """The lowest and the highest sample of every stretch of `samples_per_pair` samples.

    `pairs` holds minimum, maximum, minimum, maximum and so on, one signed byte each: -128 to 127
    is full scale. The last stretch may be shorter. Raises ValueError when half a pair is left.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {
        "ser_json_bytes": "base64",  # any byte may come, and JSON holds text
        "val_json_bytes": "base64",
    }

    pairs: bytes
    samples_per_pair: int

    def __post_init__(self) -> None:
        if len(self.pairs) % 2 or self.samples_per_pair < 1:
            raise ValueError("peaks come in pairs, over one sample or more")

    @property
    def length(self) -> int:
        """Number of pairs."""
        return len(self.pairs) // 2
