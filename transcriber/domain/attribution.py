"""Who said which word, while a person's corrections are applied to it one after the other."""

from dataclasses import dataclass, replace

from transcriber.domain.errors import EditError
from transcriber.domain.transcript import (
    SEVERAL_VOICES,
    SPEAKER_LABEL,
    UNKNOWN_SPEAKER,
    Speaker,
    Word,
)


@dataclass
class Attribution:
    """The words and speakers of a version in the making.

    Words keep their ids, times and order whatever happens here. Wherever a speaker id is taken,
    `UNK` says that nobody knows who spoke and `SEVERAL` that it was more than one at once; an id
    that is new makes a new speaker, whose label it is until somebody renames it.
    """

    words: list[Word]
    speakers: list[Speaker]

    def reassign(self, numbers: range, speaker: str) -> set[int]:
        """Give the words with these numbers to `speaker`; return those that were another's.

        Raises EditError for a bad new id.
        """
        owner = self._owner(speaker)
        moved = {number for number in numbers if self.words[number].speaker != owner}
        for number in numbers:
            self.words[number] = replace(self.words[number], speaker=owner, speaker_uncertain=False)
        return moved

    def split(self, number: int, speaker: str) -> set[int]:
        """Give a turn from this word to its end to `speaker`: two people were taken for one.

        A turn is a run of words by one speaker, over pauses. Returns the words that were another's.
        Raises EditError for a bad new id.
        """
        former, end = self.words[number].speaker, number
        while end < len(self.words) and self.words[end].speaker == former:
            end += 1
        return self.reassign(range(number, end), speaker)

    def merge(self, speaker: str, into: str) -> set[int]:
        """Give all words of `speaker` to `into`, and return them: one person was taken for two.

        Raises EditError when `speaker` is not there or is `into`.
        """
        self._require(speaker)
        if speaker == into:
            raise EditError(
                "same_speaker",
                "An entry of the list of edits merges a speaker with itself. Name two speakers.",
            )
        theirs = [number for number, word in enumerate(self.words) if word.speaker == speaker]
        owner = self._owner(into)
        for number in theirs:
            self.words[number] = replace(self.words[number], speaker=owner)
        self.speakers = [known for known in self.speakers if known.id != speaker]
        return set(theirs)

    def rename(self, speaker: str, label: str) -> None:
        """Give a speaker a label; a guess at the role is settled by that.

        Raises EditError when the speaker is not there, or for a label that no coding tool reads
        or that stands for an honest "not known".
        """
        self._require(speaker)
        _require_label(label)
        if {speaker, label} & {UNKNOWN_SPEAKER, SEVERAL_VOICES}:
            raise EditError(
                "reserved_label",
                "UNK and SEVERAL say that it is not known who spoke, so no speaker can have them "
                "as a label. Merge the speaker into UNK or SEVERAL instead.",
            )
        self.speakers = [
            Speaker(speaker, label) if known.id == speaker else known for known in self.speakers
        ]

    def _owner(self, speaker: str) -> str | None:
        """Return what words of this speaker carry, making the speaker known where it is new."""
        if speaker == UNKNOWN_SPEAKER:
            return None
        if all(known.id != speaker for known in self.speakers):
            _require_label(speaker)
            self.speakers = [*self.speakers, Speaker(speaker, speaker)]
        return speaker

    def _require(self, speaker: str) -> None:
        if all(known.id != speaker for known in self.speakers):
            raise EditError(
                "unknown_speaker",
                "The list of edits renames or merges a speaker who is not there at that point. "
                "Check that the list belongs to this recording and that no earlier entry, which "
                "this one needs, was undone.",
            )


def _require_label(label: str) -> None:
    if not SPEAKER_LABEL.fullmatch(label):
        raise EditError(
            "bad_label",
            "A speaker label in the list of edits is not valid. Labels start with a capital and "
            "hold capitals, digits and underscores only, 63 at most, such as P01.",
        )
