"""What the page calls things, and which key does what."""

from dataclasses import dataclass

from transcriber.domain.finding import EntityType

ENTITY_TYPES = {
    EntityType.PERSON: "person",
    EntityType.LOCATION: "place",
    EntityType.ORGANISATION: "organisation",
    EntityType.DATE: "date",
    EntityType.AGE: "age",
    EntityType.PHONE: "phone number",
    EntityType.EMAIL: "email address",
    EntityType.URL: "web address",
    EntityType.HANDLE: "user name",
    EntityType.ID: "number of somebody",
    EntityType.POSTCODE: "postcode",
    EntityType.ADDRESS: "street address",
    EntityType.OCCUPATION: "occupation",
    EntityType.FAMILY: "family",
    EntityType.EVENT: "event",
    EntityType.HEALTH: "health",
    EntityType.RELIGION: "religion",
    EntityType.NATIONALITY: "nationality",
    EntityType.LANGUAGE: "language",
}

SEEN = {
    "unheard": "not heard",
    "heard": "heard",
    "read": "read",
    "again": "check again",
}


@dataclass(frozen=True, slots=True)
class Key:
    """A key as `KeyboardEvent.key` names it, what it does, and how it is written on the page."""

    key: str
    act: str
    told: str
    cap: str = ""

    @property
    def shown(self) -> str:
        """How the key is written."""
        return self.cap or (f"Shift {self.key}" if self.key.isupper() else self.key)


KEYS: dict[str, tuple[Key, ...]] = {
    "Go to": (
        Key("j", "next", "the next mark"),
        Key("k", "previous", "the mark before"),
        Key("n", "nextUndecided", "the next mark to decide"),
        Key("b", "previousUndecided", "the mark to decide before"),
        Key("J", "nextTurn", "the next turn"),
        Key("K", "previousTurn", "the turn before"),
        Key("h", "nextUnheard", "the next turn that nobody has heard"),
        Key("y", "nextStale", "the next turn to check again"),
    ),
    "Decide on a mark": (
        Key("a", "accept", "take it out"),
        Key("r", "reject", "leave it as said"),
        Key("A", "acceptAll", "take out all mentions in this recording"),
        Key("R", "rejectAll", "leave all mentions in this recording"),
        Key("g", "acceptStudy", "take out all mentions in the study"),
        Key("G", "rejectStudy", "leave all mentions in the study"),
        Key("s", "alike", "the next that only sounds like it"),
        Key("S", "acceptAlikes", "take out all that only sound like it"),
        Key("x", "never", "never take this out, in the whole study"),
        Key("t", "type", "change what it is"),
        Key("c", "replacement", "change what stands for it"),
        Key("[", "widenLeft", "one word more to the left"),
        Key("]", "widenRight", "one word more to the right"),
        Key("{", "narrowLeft", "one word less on the left"),
        Key("}", "narrowRight", "one word less on the right"),
    ),
    "Words": (
        Key("ArrowRight", "wordRight", "choose the next word (with Shift: more words)", "→"),
        Key("ArrowLeft", "wordLeft", "choose the word before (with Shift: more words)", "←"),
        Key("m", "mark", "mark the chosen words as an identifier"),
        Key("Enter", "edit", "correct the words of this turn"),
        Key("/", "find", "find and replace words"),
        Key("w", "who", "say who speaks, in this turn or the chosen words"),
        Key("o", "note", "leave a note for the second reviewer"),
        Key("d", "withhold", "take out the whole passage, with a reason"),
    ),
    "Sound": (
        Key(" ", "play", "play and pause", "Space"),
        Key(",", "back", "back 3 seconds"),
        Key("l", "loop", "play this mark again and again"),
        Key("-", "slower", "slower"),
        Key("=", "faster", "faster"),
    ),
    "Page": (
        Key("u", "undo", "undo"),
        Key("U", "redo", "do it again"),
        Key("v", "view", "as heard, as it leaves, or both"),
        Key("?", "help", "this list"),
        Key("Escape", "close", "close what is open", "Esc"),
    ),
}
"""All keys of the page, by what they are for."""
