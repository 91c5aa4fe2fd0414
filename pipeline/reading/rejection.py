"""The exception that turns an input into a row of `rejected`."""

from __future__ import annotations

from pipeline.schemas import Reason


class RejectedInputError(Exception):
    """An input that cannot be read as a Dutch article; `detail` is a sentence for a person."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail
