"""What the runtime says when it cannot go on: to the person at the terminal, who has no page to look at."""


class Trouble(Exception):
    """Something about this machine or installation is in the way. `way_out` says how to mend it."""

    def __init__(self, message: str, *, way_out: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.way_out = way_out

    def __str__(self) -> str:
        return f"{self.message}\n{self.way_out}" if self.way_out else self.message
