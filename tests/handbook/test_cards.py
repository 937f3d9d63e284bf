"""Concept cards: a sound one passes, and each fault is named with its place and what to write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from handbook import bank, cards

SOUND = """\
# Losses

## Squared loss {#squared-loss}

**Define.** The mean of squared differences, $(y-f)^2$; its best constant is the mean. WORDS

**Failure mode.** One label a hundred times too large counts ten thousand times. WORDS

**Diagnostic.** Sort the rows by loss and look at the ten largest. WORDS

**Fix.** Mend the labels first, then take absolute loss or Huber's. WORDS

**Asked.** *"Why not always absolute loss?"* Its best constant is the median, and sums need the mean. WORDS

**Used in.** [Errors of numbers](../metrics/uncertainty.md#regression)

## Sources {#sources}

None.
""".replace("WORDS", "These words only fill the card up to the length that it must have before anybody reads it.")


def found(tmp_path: Path, text: str) -> list[str]:
    page = tmp_path / cards.FOLDER / "losses.md"
    page.parent.mkdir(parents=True)
    page.write_text("---\ndescription: x\n---\n\n" + text, encoding="utf-8")
    return [str(error) for error in cards.check(tmp_path)]


def test_a_sound_card(tmp_path: Path) -> None:
    assert found(tmp_path, SOUND) == []
    (card,) = cards.read(tmp_path)
    assert (card.id, card.title, card.page) == ("squared-loss", "Squared loss", f"{cards.FOLDER}losses.md")
    assert tuple(card.parts) == cards.PARTS
    assert cards.LEAST < card.words < 160


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            "**Diagnostic.**",
            "**Diagnosis.**",
            r"losses\.md:7: card `squared-loss`: its parts are Define, Failure mode, Diagnosis,",
        ),
        ("**Fix.** Mend", "Mend", "its parts are Define, Failure mode, Diagnostic, Asked, Used in"),
        ("$(y-f)^2$", "a square", "no formula, no computed figure and no drawing"),
        ("$(y-f)^2$", "$3 and $4 squared", "no formula"),
        ('*"Why not always absolute loss?"*', "Absolute loss.", "begins with the question"),
        (
            "../metrics/uncertainty.md#regression",
            "../metrics/uncertainty.md",
            "no link to a section of another chapter",
        ),
        ("../metrics/uncertainty.md#regression", "#sources", "no link to a section of another chapter"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in SOUND
    messages = found(tmp_path, SOUND.replace(old, new))
    assert len(messages) == 1
    assert re.search(says, messages[0]), messages


def test_short_long_and_empty(tmp_path: Path) -> None:
    fill = "These words only fill the card up to the length that it must have before anybody reads it."
    assert "words; write 120 to 300" in found(tmp_path / "a", SOUND.replace(fill, ""))[0]
    assert "words; write 120 to 300" in found(tmp_path / "b", SOUND.replace(fill, fill * 4))[0]
    empty = re.sub(r"\*\*Fix\.\*\* .*", "**Fix.**", SOUND).replace("Sort the rows", f"{fill} Sort the rows")
    assert found(tmp_path / "c", empty) == [
        f"docs/{cards.FOLDER}losses.md:7: card `squared-loss`: **Fix.** says nothing; write a sentence"
    ]


def test_a_label_in_code_is_no_part(tmp_path: Path) -> None:
    code = SOUND.replace("**Fix.**", "```text\n**Asked.** not this one\n```\n\n**Fix.**")
    assert found(tmp_path, code) == []


def test_a_heading_with_more_than_an_id_is_a_card_and_one_in_a_comment_is_none(tmp_path: Path) -> None:
    text = SOUND.replace("{#squared-loss}", "{.wide #squared-loss}").replace(
        "## Sources", "<!--\n## Not yet {#not-yet}\n-->\n\n## Sources"
    )
    assert found(tmp_path, text) == []
    assert [card.id for card in cards.read(tmp_path)] == ["squared-loss"]


def test_the_books_cards_are_sound() -> None:
    assert [str(error) for error in cards.check()] == []
    ids = [(card.page, card.id) for card in cards.read()]
    assert len(ids) == len(set(ids))


def test_every_card_is_on_the_map_twice() -> None:
    """Under its group, and under a symptom by which a reader would look for it."""
    index = bank.body_of(f"{cards.FOLDER}index.md")
    groups, _, symptoms = index.partition("{#map ")
    symptoms = symptoms.partition("{#weak-and-strong}")[0]
    for card in cards.read():
        link = f"({card.page.removeprefix(cards.FOLDER)}#{card.id})"
        assert link in groups, f"{link} is in no group"
        assert link in symptoms, f"{link} answers no symptom"
