"""Two ways to write replacements into a text give the same text."""

from random import Random

from transcriber.domain.finding import EntityType, Finding
from transcriber.engines.plain_anonymiser import PlainAnonymiser
from transcriber.engines.presidio.anonymiser import PresidioAnonymiser


def test_it_writes_what_presidio_writes() -> None:
    random, presidio = Random(8), PresidioAnonymiser()
    for _ in range(60):
        text = "".join(
            random.choice("abc de\n\u00e9\U0001f600") for _ in range(random.randint(1, 60))
        )
        edges = sorted(random.sample(range(len(text) + 1), min(len(text), 8)))
        findings = [
            Finding(
                start,
                end,
                EntityType.PERSON,
                text[start:end],
                1.0,
                "x",
                replacement=random.choice((None, "[P01]", "[PLACE_1]")),
            )
            for start, end in zip(edges[::2], edges[1::2], strict=False)
        ]
        random.shuffle(findings)
        assert PlainAnonymiser().replace(text, findings) == presidio.replace(text, findings)
