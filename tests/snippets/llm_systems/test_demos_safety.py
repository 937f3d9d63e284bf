"""The printed examples of the safety page say what the page says of them."""

from __future__ import annotations

import pytest

from snippets.llm_systems import canaries, egress, redaction, rights, tool_gate


def test_canaries(capsys: pytest.CaptureFixture[str]) -> None:
    canaries.demo_canaries()
    out = capsys.readouterr().out
    assert (out.count("caught"), out.count("missed")) == (7, 5)


def test_render(capsys: pytest.CaptureFixture[str]) -> None:
    egress.demo_render()
    out = capsys.readouterr().out
    assert out.count("<a ") == 1
    assert "<img" not in out


def test_redaction(capsys: pytest.CaptureFixture[str]) -> None:
    redaction.demo_redaction()
    assert capsys.readouterr().out.count("spoiled") == redaction.spoiled()


def test_rights(capsys: pytest.CaptureFixture[str]) -> None:
    rights.demo_rights()
    shown = [line.partition("[")[2] for line in capsys.readouterr().out.splitlines()]
    assert [shown[i] == shown[i + 1] for i in (0, 2, 4)] == [False, False, True]


def test_gate(capsys: pytest.CaptureFixture[str]) -> None:
    tool_gate.demo_gate()
    assert [line.split()[-1] for line in capsys.readouterr().out.splitlines()] == (
        ["ALLOW", "CONFIRM", "CONFIRM", "DENY", "DENY", "CONFIRM", "DENY", "DENY", "DENY"]
    )
