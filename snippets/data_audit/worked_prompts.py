"""The numbers of the chapter's practice prompts. Serves docs/chapters/data-audit/labels.md.

Constants in capitals are given in a prompt's brief; all else is derived from them and from `snippets.cases`.
"""

from __future__ import annotations

import math

from snippets.cases import marketplace, payments
from snippets.data_audit.dedup import banding
from snippets.data_audit.shift import rows_left
from snippets.data_audit.worked_labels import Band, declined

# A lender: whether the first installment is paid is known on day 30, for all loans at once

LOANS_A_DAY, DEFAULT_RATE, DEFAULT_COST, LOAN_GAIN = 2_000, 0.04, 300.0, 20.0
LABEL_DAYS, HISTORY_DAYS, FEWER = 30, 180, 0.10
FAILS_IF_DEFAULT, FAILS_IF_GOOD = 0.40, 0.03  # share whose payment method fails by day 7


def unlabeled_share() -> float:
    """Share of the table's rows that are younger than the label."""
    return LABEL_DAYS / HISTORY_DAYS


def rate_as_labeled() -> float:
    """Default rate of the table when rows without a label count as good."""
    return DEFAULT_RATE * (1 - unlabeled_share())


def loan_break_even() -> float:
    """Default probability at which a loan neither earns nor loses."""
    return LOAN_GAIN / (LOAN_GAIN + DEFAULT_COST)


def loan_line_as_trained() -> float:
    """True default probability at which a model of the whole table refuses."""
    return loan_break_even() / (1 - unlabeled_share())


def loss_at_that_line() -> float:
    """Dollars lost on one loan right at that line."""
    p = loan_line_as_trained()
    return p * DEFAULT_COST - (1 - p) * LOAN_GAIN


def loans_per_arm(rate: float = DEFAULT_RATE, other: float = DEFAULT_RATE * (1 - FEWER)) -> float:
    """Loans in each arm to tell two rates apart at 5 % with 80 % power: 2.8² times the sum of variances over the squared gap."""
    return 2.8**2 * (rate * (1 - rate) + other * (1 - other)) / (rate - other) ** 2


def verdict_day() -> int:
    """Day on which enough loans of both arms, half of the traffic each, have their label."""
    return math.ceil(loans_per_arm() / (LOANS_A_DAY / 2)) + LABEL_DAYS


def proxy_rate(default: float) -> float:
    """Share of loans whose payment method fails by day 7 at this default rate."""
    return default * FAILS_IF_DEFAULT + (1 - default) * FAILS_IF_GOOD


def proxy_loans() -> float:
    """Loans in each arm to see the same difference through the proxy."""
    return loans_per_arm(proxy_rate(DEFAULT_RATE), proxy_rate(DEFAULT_RATE * (1 - FEWER)))


def brake_day() -> int:
    """Day on which the proxy would have shown defaults doubled, with the same certainty."""
    loans = loans_per_arm(proxy_rate(DEFAULT_RATE), proxy_rate(2 * DEFAULT_RATE))
    return math.ceil(loans / (LOANS_A_DAY / 2)) + 7


# Letting declined payments through, more of them near the line

PLAN = ((1 / 11, 0.2, 0.02), (0.2, 0.5, 0.005), (0.5, 1.0, 0.002))  # band of probability and share let through


def planned(part: int) -> Band:
    """A day's payments let through in one band of the plan."""
    low, high, share = PLAN[part]
    band = declined(low, high)
    return Band(share * band.fraud, share * band.good)


def plan_cost() -> float:
    """Dollars a day of the plan with three rates."""
    return sum(planned(part).cost for part in range(3))


def plan_labels(part: int, days: int = 30) -> float:
    """Labels of one band in so many days."""
    return days * planned(part).rows


def band_share(part: int) -> float:
    """Share of a band's payments that are fraud."""
    return planned(part).fraud / planned(part).rows


def band_error(part: int, days: int = 30) -> float:
    """Half of a 95 % interval for that share after so many days (binomial)."""
    p = band_share(part)
    return 1.96 * math.sqrt(p * (1 - p) / plan_labels(part, days))


def plan_error(days: int = 30) -> float:
    """Half of a 95 % interval for the share of all declines that are fraud, from the plan's bands weighted by their size."""
    rows = [declined(low, high).rows for low, high, _ in PLAN]
    return math.sqrt(sum((n / sum(rows) * band_error(part, days)) ** 2 for part, n in enumerate(rows)))


def band_cost_if(fraud: float) -> float:
    """Dollars a day of the plan's lowest band if this share of it is fraud, whatever the model says."""
    rows = planned(0).rows
    return Band(rows * fraud, rows * (1 - fraud)).cost


def uniform_labels_near_line(share: float = 0.01, days: int = 30) -> float:
    """Labels between one in eleven and one in five that an equal share of all declines yields."""
    low, high, _ = PLAN[0]
    return share * days * declined(low, high).rows


def analyst_cost(share: float = 0.01) -> float:
    """Dollars a day for an analyst's look at this share of the declined."""
    return share * declined().rows * payments.review_cost


# Marketplace: new users on the home page


def new_users() -> float:
    """Users a day without history."""
    return marketplace.daily_users * marketplace.new_user_share


def value_of_new_users() -> float:
    """Dollars a day of net fee from new users' home views, at the average purchase rate."""
    views = new_users() * marketplace.home_views_per_user
    return views * marketplace.home_purchase_rate * marketplace.net_fee


# A gate on tables

SAMPLED, COLUMNS, LEVEL = 300, 200, 0.01
TABLES, NIGHTS = 40, 30


def builds() -> int:
    """Builds a month: forty tables, every night."""
    return TABLES * NIGHTS


def missed_by_sample(share: float) -> float:
    """Chance that no sampled row is one of this share of rows that a leak touches."""
    return (1 - share) ** SAMPLED


def stopped_by_tests() -> float:
    """Share of honest tables on which at least one of the columns fails a test at that level, if they were independent."""
    return 1 - (1 - LEVEL) ** COLUMNS


VALIDATION_ROWS, VALIDATION_POSITIVES = 1_000, 100


def shuffled_error() -> float:
    """Standard error of an AUC of one half on that many validation rows: √((m + n + 1) / 12mn)."""
    m, n = VALIDATION_POSITIVES, VALIDATION_ROWS - VALIDATION_POSITIVES
    return math.sqrt((m + n + 1) / (12 * m * n))


def stopped_at(band: float) -> float:
    """Share of honest shuffled runs outside 0.5 ± `band` (normal)."""
    return math.erfc(band / shuffled_error() / math.sqrt(2))


# Adversarial validation before a launch

WITHOUT_IDS, SAVES_A_DAY = 0.62, 12_000.0


def rows_left_without_ids() -> float:
    """Share of the rows that stays effective at the AUC without the two columns, for one normal feature."""
    return rows_left(WITHOUT_IDS)


TENTH = 0.1  # share of the traffic on the first day


def declines_on_a_tenth() -> float:
    """Payments declined on a day with a tenth of the traffic."""
    return TENTH * declined().rows


def cost_of_a_tenth() -> float:
    """Dollars not saved on a day on which only a tenth of the traffic has the new model."""
    return (1 - TENTH) * SAVES_A_DAY


# Numbers of the pages that need two cases' figures


def missed_in_negatives(rows: int = 200) -> float:
    """Frauds among so many random negatives when analysts miss their share of all frauds."""
    return rows * payments.fraud_rate * payments.review_miss_rate


def proposed_pairs(similarity: float, bands: int = 30, rows: int = 3) -> float:
    """Pairs of a day's new listings that MinHash proposes when any two are so similar."""
    n = marketplace.new_listings_per_day
    return n * (n - 1) / 2 * banding(similarity, bands, rows)
