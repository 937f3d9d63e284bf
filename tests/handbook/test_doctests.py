"""The examples in the machine's docstrings are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import handbook
import pytest

NAMES = [
    module.name.removeprefix("handbook.") for module in pkgutil.walk_packages(handbook.__path__, prefix="handbook.")
]


@pytest.mark.parametrize("name", NAMES)
def test_docstrings(name: str) -> None:
    if name == "__main__":
        pytest.skip("a command")
    done = doctest.testmod(importlib.import_module(f"handbook.{name}"))
    assert done.failed == 0


def test_the_modules_are_found() -> None:
    assert {"grammar", "checked", "links", "plot", "prompts", "paper.write", "editions.book"} <= set(NAMES)
