"""Errors that tell an author what is wrong, where, and what to write instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:

    class _Base(Exception): ...

else:
    try:  # MkDocs prints a BuildError as one line and stops; anything else it prints as a traceback.
        from mkdocs.exceptions import BuildError as _Base
    except ImportError:  # under a builder that does without MkDocs
        _Base = Exception


class BookError(_Base):
    """Something in the book's source is wrong; the message begins with `file:line`."""

    def __init__(self, where: str, message: str) -> None:
        text = f"{where}: {message}" if where else message
        super().__init__(text)
        self.where = where
        self.message = text  # MkDocs prints this attribute, and `str` gives it back, so it carries the place


class BookErrors(BookError):
    """Several errors found in one pass, one a line."""

    def __init__(self, errors: list[BookError]) -> None:
        self.errors = errors
        super().__init__("", "\n".join(str(error) for error in errors))
