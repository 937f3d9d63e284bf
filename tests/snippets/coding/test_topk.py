"""The best sellers in three languages; and the cut that the alphabet decides."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta

from equal import frame, hostile, quick, run, same
from hypothesis import example, given, settings
from hypothesis import strategies as st

from snippets.coding.topk import ZONE, Sale, top_items, top_items_frame
from snippets.coding.wrong_events import top_rows

brief = settings(quick, max_examples=25)

NOON = datetime(2026, 10, 28, 12, tzinfo=UTC)  # a Wednesday
MONDAY = date(2026, 10, 26)
moments = st.builds(
    lambda days, hours: NOON + timedelta(days=days, hours=hours),
    st.sampled_from((0, 0, 0, 4, 5)),
    st.sampled_from((0, 15, 16, 17)),
)
logs = hostile(
    Sale,
    number="sale_id",
    item=st.sampled_from("abcdef"),
    category=st.sampled_from(("x", "x", "x", "y", None)),
    sold_at=moments,
    again=True,
    max_size=14,
)


back = Sale(
    0, "x", "a", datetime(2026, 11, 1, 5, 30, tzinfo=UTC)
)  # 1:30, twice that night


def sold(items, category="x"):
    """A sale for each letter."""
    return [Sale(i, category, item, NOON) for i, item in enumerate(items)]


@brief
@example(sold("aabbcd") * 2, 3)
@example(sold("aabbcd"), 2)
@example(sold("ab", None), 1)
@example([back, back._replace(sold_at=back.sold_at.astimezone(ZONE))], 1)
@given(logs, st.integers(0, 3))
def test_three_languages_one_answer(sales, k):
    same(
        plain=top_items(sales, k),
        pandas=top_items_frame(frame(sales, Sale), k),
        sql=run("coding/sql/topk.sql:top", {"k": k}, sales=sales),
    )


@quick
@given(logs)
def test_equal_items_are_in_or_out_together(sales):
    counts = Counter()
    found = top_items(sales, 2)
    for sale in {s.sale_id: s for s in sales}.values():
        day = sale.sold_at.astimezone(ZONE).date()
        monday = day - timedelta(days=day.weekday())
        counts[monday, sale.category, sale.item] += 1
    kept = {row[:3] for row in found}
    for (week, category, item), n in counts.items():
        better = sum(
            m > n for (w, c, _), m in counts.items() if (w, c) == (week, category)
        )
        assert ((week, category, item) in kept) == (better < 2)


# --8<-- [start:tie]
def test_a_tie_at_the_cut_is_kept_whole():
    def ranks(best):
        return [(item, n, rank) for _, _, item, n, rank in best]

    for usual in ("", "a", "aab", "aaabbc", "aaaabbbccd", "aabbc"):
        assert top_rows(sold(usual)) == top_items(sold(usual))
    tie = sold("aaabbcd")  # c and d sold once each
    third = [("a", 3, 1), ("b", 2, 2), ("c", 1, 3)]
    assert ranks(top_items(tie)) == [*third, ("d", 1, 3)]
    assert ranks(top_rows(tie)) == third


# --8<-- [end:tie]
