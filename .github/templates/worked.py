"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/CHAPTER/PAGE.md.

Premises that a prompt gives are constants in capitals, said as given on the page; all else is derived from them and
from `snippets.cases`.
"""

from __future__ import annotations

from snippets.cases import payments

REVIEWED = 0.6  # share of alerts that analysts reach, given in the prompt


def reviewed_alerts() -> float:
    """Alerts a day that analysts reach: the first sentence is what the reader finds at the end of the page."""
    return REVIEWED * payments.false_alarms_per_day
