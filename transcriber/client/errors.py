"""What the client raises."""


class Refused(Exception):
    """The service did not do what it was asked for.

    `code` is for programs and stable across versions; `sentence` says in plain words what is wrong
    and what to do. `status` is that of HTTP, 0 where the service could not be reached. Where a
    recording is there already, `recording_id` says which.
    """

    def __init__(
        self, status: int, code: str, sentence: str, recording_id: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.sentence = sentence
        self.recording_id = recording_id

    def __reduce__(self) -> tuple[type["Refused"], tuple[int, str, str, str | None]]:
        """Let the error cross a process border with all its arguments."""
        return type(self), (self.status, self.code, self.sentence, self.recording_id)
