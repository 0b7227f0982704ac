"""Documents to learn from: talk with names marked, with capitals and as small recognisers write."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from transcriber.engines.presidio.names.lexicon import UNKNOWN, NameLexicon, WordKnown
from transcriber.stages.common_words import COMMON_WORDS
from transcriber.stages.words import plain, plain_words
from transcriber.training.sentences import Span, Writer
from transcriber.training.template_files import sections, templates

WEIGHTS = {
    "peer": 1.0,
    "life": 1.0,
    "work": 1.0,
    "talk": 2.2,
    "bodies": 1.6,
    "news": 2.0,
    "podcast": 1.2,
    "things": 3.2,
    "negatives": 1.7,
}
"""How often a register opens a document's next sentence, beside its number of templates."""
SENTENCES = 40
FORGOTTEN = 0.4
"""Share of a document's names that the lexicon does not know while the model learns."""
CLOSED = frozenset("dn")
"""Days, months, peoples and languages: nobody has to learn them from the sentence."""
LABELS = (
    "S1", "S2", "Interviewer", "Participant", "Speaker 1", "Speaker 2", "I", "P", "Q", "A",
    "Moderator", "Respondent", "Facilitator", "Mother", "Researcher", "Volunteer", "Host", "Guest",
)  # fmt: skip
FILLERS = ("Um, ", "Erm, ", "So ", "And ", "But ", "Yeah, ", "Well, ", "I mean, ", "Like, ", "No, ")


@dataclass(frozen=True, slots=True)
class Document:
    """A text, the names marked in it and the ordinary words that were drawn to fill it."""

    text: str
    spans: tuple[Span, ...]
    fillers: frozenset[str]


def documents(
    count: int, seed: int, word: Callable[[str, random.Random], str]
) -> Iterator[Document]:
    """Yield documents; the same ones for the same seed. `word` draws an ordinary word."""
    drawn = dict(templates())
    names = list(drawn)
    weights = [WEIGHTS[name] * len(drawn[name]) ** 0.5 for name in names]
    for number in range(count):
        draw = random.Random(seed * 1_000_003 + number)
        writer = Writer(draw, word)
        labels = _speakers(draw)
        for _ in range(SENTENCES):
            (register,) = draw.choices(names, weights)
            _sentence(writer, draw.choice(drawn[register]), labels)
        yield Document(writer.text, tuple(writer.spans), frozenset(writer.fillers))


def _speakers(draw: random.Random) -> tuple[str, ...]:
    """Return labels that open turns, a slot when they are names."""
    kind = draw.random()
    if kind < 0.5:
        return ()
    if kind < 0.65:
        return ("{P.first}", "{P.first}")
    first = draw.randrange(0, len(LABELS), 2)
    return LABELS[first : first + 2]


def _sentence(writer: Writer, template: str, labels: tuple[str, ...]) -> None:
    draw = writer.draw
    new_line = not writer.text or draw.random() < 0.5
    for turn in template.split(" || "):
        if new_line and writer.text:
            writer.text = writer.text.rstrip() + "\n"
        if new_line and labels:
            writer.write(f"{draw.choice(labels)}: ")
        start = len(writer.text)
        if draw.random() < 0.12 and turn[0] not in "{[" and not turn.startswith(("I ", "I'")):
            writer.write(draw.choice(FILLERS))
            writer.write(turn[0].lower() + turn[1:])
        else:
            writer.write(turn)
        _raise_first(writer, start)
        stop = "" if writer.text[-1:] in ".?!…" else draw.choice([".", ".", "", ",", "?"])
        writer.text += f"{stop} "
        new_line = True


def _raise_first(writer: Writer, start: int) -> None:
    """Give the sentence a capital, but for one in eight."""
    if writer.draw.random() < 0.88 and start < len(writer.text):
        text = writer.text
        writer.text = text[:start] + text[start].upper() + text[start + 1 :]


def uncased(document: Document) -> Document:
    """Return the document as a recogniser without capitals or punctuation writes it."""
    pieces: list[str] = []
    offsets: list[int] = []
    length = 0
    for character in document.text:
        offsets.append(length)
        if character in "'\u2019":
            continue
        kept = character.lower() if character.isalnum() or character == "\n" else " "
        if kept == " " and pieces and pieces[-1] in (" ", "\n"):
            continue
        pieces.append(kept[:1])
        length += 1
    offsets.append(length)
    text = "".join(pieces)
    capital_only = set(sections("slots.ini")["P.office"])
    spans = (
        Span(offsets[s.start], offsets[s.end], s.kind)
        for s in document.spans
        if document.text[s.start : s.end] not in capital_only
    )
    return Document(text, tuple(spans), document.fillers)


def careless(document: Document, draw: random.Random) -> Document:
    """Return the document with some names in lower case, as typists and recognisers leave them."""
    text = document.text
    for span in document.spans:
        if draw.random() < 0.03:
            text = text[: span.start] + text[span.start : span.end].lower() + text[span.end :]
    return Document(text, document.spans, document.fillers)


@dataclass
class Forgetful:
    """A lexicon that does not know some of a document's names, so that the sentence must tell."""

    lexicon: NameLexicon
    forgotten: dict[str, WordKnown] = field(default_factory=dict)
    lost: frozenset[tuple[str, ...]] = frozenset()

    @property
    def sizes(self) -> dict[str, tuple[int, ...]]:
        """Lengths of the names of several words that begin with a word, longest first."""
        return self.lexicon.sizes

    def known(self, word: str) -> WordKnown:
        """Return what is still known of a plain form."""
        known = self.forgotten.get(word)
        return self.lexicon.known(word) if known is None else known

    def phrase(self, words: tuple[str, ...]) -> str:
        """Return the kind of a name of several words unless it is forgotten."""
        return "" if words in self.lost else self.lexicon.phrase(words)


def forgetful(document: Document, lexicon: NameLexicon, draw: random.Random) -> Forgetful:
    """Return a lexicon without some of the document's names and a few of its ordinary words."""
    forgotten: dict[str, WordKnown] = {}
    lost = set()
    for span in document.spans:
        words = plain_words(document.text[span.start : span.end])
        if draw.random() < FORGOTTEN:
            lost.add(words)
        for word in words:
            known = lexicon.known(word)
            if word in forgotten or word in COMMON_WORDS or set(known.flags) & CLOSED:
                continue
            if draw.random() > FORGOTTEN:
                continue
            kept = "v" if "v" in known.flags and draw.random() < 0.5 else ""
            forgotten[word] = UNKNOWN if draw.random() < 0.6 else known._replace(flags=kept)
    for filler in sorted(document.fillers):
        if draw.random() < 0.1 and plain(filler) not in forgotten:
            forgotten[plain(filler)] = UNKNOWN
    return Forgetful(lexicon, forgotten, frozenset(lost))
