"""Bytes of tables and logs, and what they cost. Serves docs/chapters/lifecycle.md.

Decimal units: a gigabyte is 10⁹ bytes, as disks and prices are counted.
"""

from snippets.lifecycle._inputs import not_negative, positive

UNITS = ("B", "kB", "MB", "GB", "TB", "PB")


# --8<-- [start:bytes]
def table_bytes(
    rows: float,
    values: float,
    width: float = 4,
    copies: float = 1,
    overhead: float = 0,
) -> float:
    """Bytes of a table: rows × (values × width + overhead) × copies.

    `width` is bytes a value: 4 for float32 or a hashed id, 1 for int8. `overhead` is
    bytes a row beside the values: its key, an index entry. Uncompressed. O(1).
    """
    row = positive(values, "values") * positive(width, "width")
    row += not_negative(overhead, "overhead")
    return positive(rows, "rows") * row * positive(copies, "copies")


def monthly_cost(stored: float, dollars_a_gigabyte: float) -> float:
    """Dollars a month for so many stored bytes. O(1)."""
    return not_negative(stored, "stored") / 1e9 * positive(dollars_a_gigabyte, "price")


# --8<-- [end:bytes]


def human(size: float) -> str:
    """Bytes as text with three significant digits and a decimal unit, `6.14 GB`; up to petabytes. O(1)."""
    value = not_negative(size, "size")
    unit = 0
    while value >= 999.5 and unit < len(UNITS) - 1:
        value, unit = value / 1_000, unit + 1
    return f"{value:.3g} {UNITS[unit]}" if value < 999.5 else f"{value:,.0f} {UNITS[unit]}"
