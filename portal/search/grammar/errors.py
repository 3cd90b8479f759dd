"""What is said when a query cannot be read: one error, and where in the text it lies."""


class QueryError(ValueError):
    """A query that cannot be read. `message` is for people and says what to write instead.

    `start` and `end` are the offsets of the trouble in the text as it was typed.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.message = message
        self.start = start
        self.end = end
