"""The matrix: its plans against brute arithmetic, and the page's tables against the data."""

import re
from pathlib import Path

import pytest

from snippets.roles import matrix
from snippets.roles.matrix import LEVELS, LOOPS, ROLES, TOPICS

PAGE = (Path(__file__).parents[3] / "docs/chapters/roles.md").read_text(encoding="utf-8")


def test_the_page_prints_the_matrix():
    rows = re.findall(r"^\| (.+) \((\d+) h\) \| (.+) \| (.+) \| (.+) \|$", PAGE, re.MULTILINE)
    by_role = [matrix.minutes_by_topic(role) for role in ROLES]
    expected = [
        (
            topic.label,
            str(topic.half_gap),
            *(
                f"{d}\N{NARROW NO-BREAK SPACE}·\N{NARROW NO-BREAK SPACE}{minutes[key]:g}" if d else "0"
                for d, minutes in zip(topic.depths, by_role, strict=True)
            ),
        )
        for key, topic in TOPICS.items()
    ]
    assert rows == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_page_prints_each_round_with_its_minutes(role):
    for position, slot in enumerate(LOOPS[role]):
        assert f'| {slot.name}, {{{{{slot.minutes} = roles.matrix.LOOPS["{role}"][{position}].minutes}}}}: ' in PAGE


@pytest.mark.parametrize("role", ROLES)
def test_minutes_add_up_to_the_loop(role):
    minutes = matrix.minutes_by_topic(role)
    assert sum(minutes.values()) == pytest.approx(sum(slot.minutes for slot in LOOPS[role]))
    assert all(matrix.depth(topic, role) for topic, m in minutes.items() if m)  # no minutes for what is not asked


def test_depth_stays_in_range_and_never_falls_with_the_level():
    for topic in TOPICS:
        for role in ROLES:
            depths = [matrix.depth(topic, role, level) for level in LEVELS]
            assert depths == sorted(depths), (topic, role)
            assert 0 <= depths[0] <= depths[-1] <= 3
            assert matrix.depth(topic, role) == depths[2] == TOPICS[topic].depths[ROLES.index(role)]


def test_what_a_role_does_not_ask_no_level_asks():
    assert [matrix.depth("llm-ops", "applied-scientist", level) for level in LEVELS] == [0, 0, 0, 0]


def test_unknown_keys():
    with pytest.raises(KeyError):
        matrix.depth("juggling", "mle")
    with pytest.raises(ValueError, match="not in tuple"):
        matrix.depth("coding", "manager")


def test_a_plan_spends_its_hours_on_gaps_only():
    yours = {topic: TOPICS[topic].depths[0] for topic in TOPICS} | {"metrics": 1, "stories": 2}
    given = matrix.plan_topics("mle", yours, 10)
    assert set(given) == {"metrics", "stories"}
    assert sum(given.values()) == 10
    # by hand: metrics 35 minutes, gap 2, halved in 4 h; stories 60 minutes, gap 1, halved in 3 h
    worth = {h: 70 * (1 - 2 ** (-h / 4)) + 60 * (1 - 2 ** (-(10 - h) / 3)) for h in range(11)}
    assert given["metrics"] == max(worth, key=worth.get)


def test_no_gap_no_plan():
    yours = dict.fromkeys(TOPICS, 3)
    assert matrix.plan_topics("ai-engineer", yours, 10) == {}


def test_a_missing_rating_counts_as_nothing_known():
    assert "retrieval" in matrix.plan_topics("ai-engineer", {}, 40)


def test_cells_that_change():
    assert matrix.cells_that_change("senior", "senior") == 0
    assert matrix.cells_that_change("senior", "staff") == matrix.cells_that_change("staff", "senior")
