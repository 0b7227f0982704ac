"""JSON files: our own, those of Whisper programs, and any other.

| shape | body lines |
|---|---|
| `words` and `segments` with word numbers (`transcriber/1`) | segments |
| `segments` or `turns` with `text`, or a list of such objects | their texts |
| anything else | every string, in the order of the file |

Other strings of the known shapes are parts, one a key path with every value once, and so are keys
that we do not know. Numbers stay; copies of the talk that could not be kept in step are left out.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property

from transcriber.exports.documents.document import Replacement, by_line, empty, replaced
from transcriber.exports.documents.json_words import Record, follow, is_words
from transcriber.exports.documents.plain import decode
from transcriber.exports.jsonbytes import bad_json, dump, load

# fmt: off
_OUR_KEYS = frozenset(
    (
        "schema", "status", "study", "code", "language", "quality", "duration_ms", "coverage",
        "speech_ms", "untranscribed_ms", "untranscribed", "start_ms", "end_ms", "turns",
        "speaker", "text", "tokens", "redacted", "speakers", "id", "label", "words",
        "confidence", "segments", "first_word", "last_word", "start", "end", "word", "score",
        "probability", "avg_logprob", "compression_ratio", "no_speech_prob", "temperature",
        "seek", "version", "startTime", "endTime", "body",
    )
)
# fmt: on
_COPIES = frozenset({"chars", "word_segments", "provenance"})
"""What repeats the talk in another form, or tells about the making of the file."""

_SPELLINGS = ("word", "text")

Change = Callable[[str, str], str]


@dataclass(frozen=True)
class JsonFile:
    """A JSON file, `value` without the copies of its talk."""

    value: object

    @cached_property
    def _container(self) -> str:
        """The key path before that of an utterance's fields."""
        held = self.value if isinstance(self.value, dict) else {}
        return next((f"{key}." for key in ("segments", "turns") if held.get(key)), "")

    @cached_property
    def _utterances(self) -> list[Record]:
        """The objects that hold one body line each; empty for an unknown shape."""
        held = self.value
        if isinstance(held, dict):
            held = held.get(self._container.rstrip("."))
        return held if isinstance(held, list) and is_words(held, "text") else []

    @property
    def _numbered(self) -> bool:
        """Whether segments name their words by number (`transcriber/1`)."""
        return isinstance(self.value, dict) and _has_numbered_words(self.value)

    @cached_property
    def _lines(self) -> list[str]:
        if self._numbered:
            return [" ".join(str(word["text"]) for word in words) for words in self._word_lists()]
        if self._utterances:
            return [str(utterance["text"]) for utterance in self._utterances]
        return [text for _, text in _strings(self.value)]

    def _word_lists(self) -> list[list[Record]]:
        assert isinstance(self.value, dict)
        words = self.value["words"]
        return [words[s["first_word"] : s["last_word"] + 1] for s in self.value["segments"]]

    @property
    def text(self) -> str:
        """The body lines of the file's shape, joined by LF."""
        return "\n".join(self._lines)

    @property
    def _body_paths(self) -> frozenset[str]:
        """Key paths of strings that are body lines or follow them; ids are kept as they are."""
        if self._numbered:
            return frozenset({"words.text", "words.id", "schema"})
        before = self._container
        fields = ("text", "words.word", "words.text", "tokens.word", "tokens.text")
        return frozenset({"text", *(f"{before}{field}" for field in fields)})

    @cached_property
    def _asides(self) -> dict[str, list[str]]:
        """Strings that are not body, by key path, every value once."""
        found: dict[str, list[str]] = {}
        if self._numbered or self._utterances:
            for path, text in _strings(self.value):
                if path not in self._body_paths and text:
                    found.setdefault(path, []).append(text)
        keys = [key for key in _keys(self.value) if key not in _OUR_KEYS]
        return {path: list(dict.fromkeys(values)) for path, values in found.items()} | (
            {"keys": list(dict.fromkeys(keys))} if keys else {}
        )

    @property
    def parts(self) -> Mapping[str, str]:
        """Strings outside the body by key path such as `segments.speaker`, and `keys`."""
        return {name: "\n".join(values) for name, values in self._asides.items()}

    def rewrite(
        self,
        text_replacements: Sequence[Replacement],
        part_replacements: Mapping[str, Sequence[Replacement]],
        mark: str,
    ) -> bytes:
        """Return JSON with the mark as `status` at the top.

        A list at the top becomes `{"status", "values"}`. A `status` that an unknown file has of its
        own stays, and the mark goes to `redaction_status`.
        """
        shares = by_line(self._lines, text_replacements)
        renamed = {
            name: dict(zip(values, _each(values, part_replacements.get(name, ())), strict=True))
            for name, values in self._asides.items()
        }
        if self._numbered or self._utterances:
            copy = _copied(self._respoken(shares), _renamer(renamed))
        else:
            pairs = zip(self._lines, shares, strict=True)
            lines = iter([replaced(line, share) for line, share in pairs])
            copy = _copied(self.value, lambda _path, _text: next(lines))
        return dump(_marked(_renamed_keys(copy, renamed.get("keys", {})), mark))

    def _respoken(self, shares: list[list[Replacement]]) -> object:
        """Return a copy with the talk replaced."""
        if self._numbered:
            return self._renumbered(shares)
        copy = JsonFile(deepcopy(self.value))
        for utterance, share in zip(copy._utterances, shares, strict=True):
            _respeak(utterance, share)
        if isinstance(copy.value, dict):
            # Whisper programs repeat all the talk at the top, as one string and as words.
            for name in ("text", "words", "tokens"):
                copy.value.pop(name, None)
        return copy.value

    def _renumbered(self, shares: list[list[Replacement]]) -> object:
        assert isinstance(self.value, dict)
        words: list[Record] = []
        segments: list[Record] = []
        rows = zip(self.value["segments"], self._lines, self._word_lists(), shares, strict=True)
        for segment, line, spoken, share in rows:
            kept = follow(line, spoken, "text", share) or []
            if kept:
                numbers = {"first_word": len(words), "last_word": len(words) + len(kept) - 1}
                segments.append(segment | numbers)
                words += kept
        return self.value | {"words": words, "segments": segments}


def open_json(data: bytes) -> JsonFile:
    """Read JSON. Raises InputError `not_text`, `bad_json`, or `empty` without a word."""
    try:
        document = JsonFile(_without_copies(load(decode(data))))
        words = document.text
    except RecursionError:
        raise bad_json() from None
    if not words.strip():
        raise empty()
    return document


def _without_copies(value: object) -> object:
    if isinstance(value, list):
        return [_without_copies(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: _without_copies(item)
        for key, item in value.items()
        if key not in _COPIES and not (key == "tokens" and _is_numbers(item))
    }


def _is_numbers(value: object) -> bool:
    """Recognise Whisper's `tokens`: numbers from which the raw words can be read back."""
    return isinstance(value, list) and all(isinstance(item, int) for item in value)


def _has_numbered_words(value: Mapping[str, object]) -> bool:
    words, segments = value.get("words"), value.get("segments")
    if not (isinstance(words, list) and words and is_words(words, "text")):
        return False
    if not (isinstance(segments, list) and all(isinstance(s, dict) for s in segments)):
        return False
    following = 0
    for segment in segments:
        first, last = segment.get("first_word"), segment.get("last_word")
        if first != following or not isinstance(last, int) or last < first:
            return False
        following = last + 1
    return following == len(words)


def _respeak(utterance: Record, share: list[Replacement]) -> None:
    """Replace in an utterance's text and in its words; words that do not fit it are dropped."""
    line = str(utterance["text"])
    utterance["text"] = replaced(line, share)
    for name in ("words", "tokens"):
        words = utterance.get(name)
        key = next((key for key in _SPELLINGS if words and is_words(words, key)), None)
        followed = (
            follow(line, words, key, share) if key is not None and isinstance(words, list) else None
        )
        if followed is None:
            utterance.pop(name, None)
        else:
            utterance[name] = [_only(word, key) for word in followed]


def _only(word: Record, key: str | None) -> Record:
    """Drop a second spelling of the word, which was not replaced."""
    return {name: item for name, item in word.items() if name == key or name not in _SPELLINGS}


def _strings(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}" if path else key)


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
    for item in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from _keys(item)


def _copied(value: object, change: Change, path: str = "") -> object:
    """Copy with every string changed, in the order in which `_strings` finds them."""
    if isinstance(value, str):
        return change(path, value)
    if isinstance(value, list):
        return [_copied(item, change, path) for item in value]
    if isinstance(value, dict):
        return {
            key: _copied(item, change, f"{path}.{key}" if path else key)
            for key, item in value.items()
        }
    return value


def _renamer(renamed: Mapping[str, Mapping[str, str]]) -> Change:
    return lambda path, text: renamed.get(path, {}).get(text, text)


def _each(values: list[str], replacements: Sequence[Replacement]) -> list[str]:
    pairs = zip(values, by_line(values, replacements), strict=True)
    return [replaced(value, share) for value, share in pairs]


def _renamed_keys(value: object, names: Mapping[str, str]) -> object:
    """Rename keys; two that become alike get a number, so that none swallows the other."""
    if isinstance(value, list):
        return [_renamed_keys(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    result: Record = {}
    for key, item in value.items():
        name = names.get(key, key)
        fresh = name
        while fresh in result:
            fresh = f"{name}_{len(result)}"
        result[fresh] = _renamed_keys(item, names)
    return result


def _marked(value: object, mark: str) -> Record:
    if not isinstance(value, dict):
        return {"status": mark, "values": value}
    own = value.get("status")
    if own is None or own == mark or "schema" in value:
        return {"status": mark} | {key: item for key, item in value.items() if key != "status"}
    return {"redaction_status": mark, **value}
