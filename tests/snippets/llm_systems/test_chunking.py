"""Parsing and chunking: nothing lost, nothing made up, provenance that leads back."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from snippets.llm_systems import chunking
from snippets.llm_systems.chunking import Block, chunk, parse, update

quick = settings(max_examples=60, deadline=None, derandomize=True, database=None)
lengths = st.lists(st.tuples(st.integers(0, 2), st.integers(1, 40)), max_size=6)


def article(shape):
    """Numbered words, so that every position can be told."""
    blocks, at = [], 0
    for heading, count in shape:
        blocks.append(Block((f"h{heading}",), " ".join(f"w{at + i}" for i in range(count))))
        at += count
    return blocks, at


@quick
@given(lengths, st.integers(1, 20), st.data())
def test_offsets_lead_back_and_every_word_is_in_some_passage(shape, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    blocks, total = article(shape)
    passages = chunk(blocks, "a", 3, size, overlap)
    seen = set()
    for passage in passages:
        assert passage.text.split() == [f"w{i}" for i in range(passage.start, passage.end)]
        assert 0 < passage.end - passage.start <= size
        seen |= set(range(passage.start, passage.end))
    assert seen == set(range(total))
    assert all(passage.version == 3 for passage in passages)


@quick
@given(st.integers(1, 80), st.integers(1, 20), st.data())
def test_a_span_of_overlap_plus_one_is_whole_somewhere(total, size, data):
    overlap = data.draw(st.integers(0, size - 1))
    blocks, _ = article([(0, total)])
    passages = chunk(blocks, "a", 1, size, overlap)
    for start in range(max(1, total - overlap)):
        end = min(start + overlap + 1, total)
        assert any(p.start <= start and end <= p.end for p in passages)
    assert len(passages) == 1 or all(a.end - b.start == overlap for a, b in pairwise(passages))


def test_no_passage_crosses_a_heading():
    blocks = [Block(("a",), "one two"), Block(("a",), "three"), Block(("b",), "four")]
    assert [(p.path, p.text) for p in chunk(blocks, "x")] == [(("a",), "one two three"), (("b",), "four")]


def test_nothing_gives_nothing_and_overlap_stays_below_size():
    assert chunk([], "a") == []
    with pytest.raises(ValueError, match="size"):
        chunk([], "a", size=10, overlap=10)
    with pytest.raises(ValueError, match="overlap"):
        chunk([], "a", overlap=-1)


def test_a_row_keeps_its_column_names_and_navigation_goes():
    texts = [(block.path, block.text) for block in parse(chunking.SOURCE)]
    assert texts[1] == (("Sync errors", "Codes"), "Code: E-4127; Cause: clock is off; Do: set the time, sync again")
    assert texts[-1] == (("Sync errors", "After an update"), "Sign in again on each device.")
    assert not any("Contact" in text for _, text in texts)


@pytest.mark.parametrize(
    ("html", "blocks"),
    [
        ("", []),
        ("loose <b>words</b>", [((), "loose words")]),
        ("<nav><h2>Menu</h2></nav><p>x</p>", [((), "x")]),
        ("<h1>A</h1><h2>B</h2><p>x</p><h1>C</h1><p>y", [(("A", "B"), "x"), (("C",), "y")]),
        ("<table><tr><td><p>a</p></td><td><ul><li>b</li></ul></td></tr></table>", [((), "a; b")]),
        ("<table><tr><th>n</th></tr><tr><td>1</td><td>2</td></tr></table>", [((), "n: 1; 2")]),
        (
            "<table><tr><th>n</th></tr></table><table><tr><td>1</td></tr></table>",
            [((), "1")],
        ),
        ("<p>one<table><tr><td>2</td></tr></table>", [((), "one"), ((), "2")]),
        ("<ul><li>a</li><li>b</li></ul>", [((), "a"), ((), "b")]),
    ],
)
def test_parsing(html, blocks):
    assert [(block.path, block.text) for block in parse(html)] == blocks


def test_an_edit_embeds_what_changed_and_deletes_what_went():
    blocks = [Block((str(i),), f"text {i}") for i in range(6)]
    old = chunk(blocks, "a", 7)
    new = chunk([*blocks[:2], Block(("2",), "text two"), *blocks[3:]], "a", 8)
    deleted, added = update(old, new)
    assert deleted == [old[2].key]
    assert [passage.text for passage in added] == ["text two"]
    assert update(old, old) == ([], [])
    assert update([], new) == ([], new)
    assert update(old, []) == (sorted(p.key for p in old), [])


def test_equal_text_under_another_heading_or_article_is_another_passage():
    keys = {chunk([Block((h,), "x")], a)[0].key for h in "uv" for a in "ab"}
    assert len(keys) == 4


def test_demo(capsys):
    chunking.demo_passages()
    assert "Sync errors > Codes [10:26]" in capsys.readouterr().out
