"""The worked numbers of one design. Serves docs/systems/fraud.md.

They continue the classification page: a detector in closed form, four actions, the case's prices. Constants in capitals
are premises of this page and said as given there.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from itertools import pairwise
from statistics import NormalDist

from snippets.cases import payments
from snippets.lifecycle import capacity, latency
from snippets.lifecycle import worked as lifecycle
from snippets.metrics.worked import (
    ACTIONS,
    MODEL,
    Band,
    Detector,
    at_break_even,
    bands,
    bisect,
    chargeback_share_by,
    cost_of,
    cost_of_approve_or_challenge,
    crossing,
    detector_from_auc,
    false_decline_cost_at,
    fitted_bands,
    frauds_passed,
    missed_fraud_cost_at,
    review_shadow_price,
    wilson,
)

# Given on the page
FEATURE_READS = 5  # entities looked up for a payment: card, account, device, address, seller
READ_P99_MS = 10.0  # milliseconds, 99th percentile of one read of the online store
BURST_SECONDS = 6.0  # seconds between two payments of a ring that tests cards
FALLBACK_AUC = 0.90  # of the small model that needs nothing but the payment itself
ATTACK = 200.0  # frauds a day of a new kind of attack
EXPLORED = 0.02  # share of would-be declines that are approved at random
AUDITS = 50  # approved payments a day that analysts look at, picked at random
NEW_COUNTRY_RATE = 0.006  # fraud rate in a new country, three times the old one
MICRO_BATCH_SECONDS = 300.0  # seconds between two runs of a batch job that counts
AGED_AUC = 0.96  # of a model whose newest labels are three months old; the fresh one has 0.97
UNCHALLENGED = 0.005  # share of would-be challenges that are approved at random
RING = 5  # frauds that one ring commits, when they are not independent
AMOUNT_SIGMA = 1.0  # standard deviation of the logarithm of a fraud's amount
CANARY = 0.05  # share of cards that see a new release first
IDLE_HOURS = 2  # paid hours of an analyst's day that hold no reviews, from the case's shift


def edges_for(review_price: float) -> list[float]:
    """Probabilities at which the cheapest action changes, a review being charged an extra price."""
    return [crossing(a, b, review_price) for a, b in pairwise(ACTIONS)]


def day_of(
    edges: list[float],
    volume: float = payments.daily_volume,
    rate: float = payments.fraud_rate,
    believed: float = payments.fraud_rate,
    model: Detector = MODEL,
) -> dict[str, Band]:
    """The four bands of a day whose fraud rate may differ from the one that the scores are calibrated for."""
    cuts = [model.cut_at(edge, believed) for edge in edges]
    above = [(1.0, 1.0), *((model.false_positive_rate(c), model.recall(c)) for c in cuts), (0.0, 0.0)]
    limits = [0.0, *edges, 1.0]
    return {
        action: Band(
            limits[i],
            limits[i + 1],
            volume * (1 - rate) * (above[i][0] - above[i + 1][0]),
            volume * rate * (above[i][1] - above[i + 1][1]),
        )
        for i, action in enumerate(ACTIONS)
    }


@cache
def fitted(capacity: float, volume: float, rate: float, believed: float) -> tuple[float, dict[str, Band]]:
    """The price of a place in the queue, and the day's bands once the queue fits the analysts."""
    price = bisect(lambda p: day_of(edges_for(p), volume, rate, believed)["review"].total <= capacity, 0.0, 80.0)
    return price, day_of(edges_for(price), volume, rate, believed)


# What is at stake


def saved_a_day() -> float:
    """Dollars a day that the four actions save against approving everything."""
    return payments.loss_without_model - cost_of(fitted_bands())


def saved_a_year() -> float:
    """The saving of a day times 365."""
    return 365 * saved_a_day()


def saved_an_hour() -> float:
    """The saving of a day over its 24 hours: what an hour without any score costs."""
    return saved_a_day() / 24


def review_share_of_frauds() -> float:
    """Share of the day's frauds that analysts ever see."""
    return fitted_bands()["review"].fraud / payments.frauds_per_day


def approved_fraud_share() -> float:
    """Share of the day's frauds that are approved without any check."""
    return fitted_bands()["approve"].fraud / payments.frauds_per_day


# Labels


def share_in_by(age: float) -> float:
    """Share of the chargebacks that are in at this age in days: a lognormal each side of the median, through 10, 50 and 90 %.

    The case gives three points and no shape. A straight line from day 0 would put a third of the first tenth before day 10,
    where hardly a statement has reached a cardholder; this curve puts next to nothing there.
    """
    if age <= 0:
        return 0.0
    end = payments.chargeback_days_p10 if age < payments.chargeback_days_p50 else payments.chargeback_days_p90
    width = abs(math.log(end / payments.chargeback_days_p50)) / NormalDist().inv_cdf(0.9)
    return NormalDist().cdf(math.log(age / payments.chargeback_days_p50) / width)


def share_in_straight(age: float) -> float:
    """The same with straight lines between day 0 and the case's points: the other end of what three points allow."""
    return chargeback_share_by(round(age))


def known_after(days: int, attack: float = ATTACK, share: Callable[[float], float] = share_in_by) -> float:
    """Chargebacks in hand so many days after an attack of steady size began, those that are never reported left out."""
    return (1 - payments.unreported_rate) * sum(attack * share(days - day) for day in range(days))


def damage_after(days: int, attack: float = ATTACK) -> float:
    """Dollars lost to the attack by then, every one of its frauds approved."""
    return days * attack * payments.missed_fraud_cost


def first_day_with(chargebacks: int, attack: float = ATTACK) -> int:
    """Days until so many chargebacks of the attack are in."""
    return next(day for day in range(1, 366) if known_after(day, attack) >= chargebacks)


def naive_rate(days: int, purity: float = 1.0, share: Callable[[float], float] = share_in_by) -> float:
    """Fraud rate the young labels show for payments like the attack's, of which this share are fraud, so many days on."""
    return purity * known_after(days, share=share) / (days * ATTACK)


def first_day_challenged(purity: float) -> int:
    """Days until even the young labels put payments like the attack's above the line where a challenge pays."""
    line = crossing("approve", "challenge")
    return next(day for day in range(1, 366) if naive_rate(day, purity) >= line)


def audit_finds_a_day() -> float:
    """Frauds that a day's random audits of approved payments are expected to show."""
    approved = fitted_bands()["approve"]
    return AUDITS * approved.fraud / approved.total


def days_per_audit_find() -> float:
    """Days of random audits for one fraud found."""
    return 1 / audit_finds_a_day()


def explored_a_day() -> tuple[float, float]:
    """Good payments and frauds among the would-be declines that are approved at random in a day."""
    declined = fitted_bands()["decline"]
    return EXPLORED * declined.good, EXPLORED * declined.fraud


def exploration_cost() -> float:
    """Dollars a day for approving them: frauds paid, less the good payments that were not turned away."""
    good, fraud = explored_a_day()
    return fraud * payments.missed_fraud_cost - good * payments.false_decline_cost


def precision_interval(days: int = 60, ring: int = 1) -> tuple[float, float]:
    """95 % interval of the decline rule's precision after so many days of exploration (Wilson), labels ripe and all reported.

    With frauds that come so many to a ring the sample counts as if it were that much smaller.
    """
    good, fraud = explored_a_day()
    return wilson(round(days * fraud / ring), round(days * (good + fraud) / ring))


def good_among_failed() -> float:
    """Share of good customers among those who do not pass a challenge: giving up against being stopped."""
    band = fitted_bands()["challenge"]
    good = band.good * payments.challenge_abandon_rate
    return good / (good + band.fraud * (1 - payments.challenge_pass_rate))


def unchallenged_frauds() -> float:
    """Frauds a day that are approved because a would-be challenge is left out at random."""
    return UNCHALLENGED * fitted_bands()["challenge"].fraud


def unchallenged_cost() -> float:
    """Dollars a day for leaving those challenges out: frauds paid, less what challenging the same payments costs."""
    band = fitted_bands()["challenge"]
    approved = band.fraud * payments.missed_fraud_cost
    challenged = (
        band.total * payments.challenge_fee
        + band.fraud * payments.challenge_pass_rate * payments.missed_fraud_cost
        + band.good * payments.challenge_abandon_rate * payments.lost_margin
    )
    return UNCHALLENGED * (approved - challenged)


def raw_ratio() -> float:
    """Predicted over observed of a perfect model on approved payments, when chargebacks are counted as they come."""
    return (1 - payments.friendly_fraud_rate) / (1 - payments.unreported_rate)


def lower_cut_pays() -> float:
    """The precision below which declining costs more than a review would, the case's amounts being mean ones."""
    return crossing("review", "decline")


# Freshness


def unseen_in_burst(lag: float) -> int:
    """Payments of a burst that were scored before its first one was counted."""
    return math.floor(lag / BURST_SECONDS) + 1


def burst_cost(lag: float) -> float:
    """Dollars for the unseen payments of one burst, all of them approved frauds."""
    return unseen_in_burst(lag) * payments.missed_fraud_cost


# Serving


def reads_at_peak() -> float:
    """Reads of the online store in the busiest second."""
    return payments.peak_per_second * FEATURE_READS


def slow_payments() -> float:
    """Share of payments for which at least one parallel read is slower than the 99th percentile of a read."""
    return latency.meets_slow(FEATURE_READS)


def quantile_needed() -> float:
    """The percentile each read must keep so that 99 % of payments have all of them in time."""
    return latency.quantile_needed(FEATURE_READS)


def fallback_cost(auc: float = FALLBACK_AUC) -> float:
    """Dollars a day if every payment were scored by a model of this AUC, actions and queue as before."""
    model = detector_from_auc(auc)
    price = bisect(lambda p: bands(p, model)["review"].total <= payments.review_capacity, 0.0, 80.0)
    return cost_of(bands(price, model))


def challenge_saves() -> float:
    """Dollars a day that approve or challenge saves against approve or decline."""
    return at_break_even().cost - cost_of_approve_or_challenge()


def point_of_auc() -> float:
    """Dollars a day that 0.98 would save against the case's 0.97."""
    return cost_of(fitted_bands()) - fallback_cost(0.98)


def aging_cost() -> float:
    """Dollars a day that an aged model costs beyond a fresh one."""
    return fallback_cost(AGED_AUC) - cost_of(fitted_bands())


def fallback_extra_an_hour() -> float:
    """Dollars that an hour on the fallback model costs beyond an hour on the full one."""
    return (fallback_cost() - cost_of(fitted_bands())) / 24


def timeout_cost(share: float = 0.01) -> float:
    """Dollars a day when this share of payments times out and gets the fallback's decision."""
    return share * (fallback_cost() - cost_of(fitted_bands()))


# The queue


def gain_of_review(probability: float, amount: float) -> float:
    """Dollars by which reviewing one payment of this amount beats the best of approve, challenge and decline."""
    good, fraud = 1 - probability, probability
    lost, missed = false_decline_cost_at(amount), missed_fraud_cost_at(amount)
    margin = amount * payments.margin
    others = (
        fraud * missed,
        payments.challenge_fee
        + good * payments.challenge_abandon_rate * margin
        + fraud * payments.challenge_pass_rate * missed,
        good * lost,
    )
    review = payments.review_cost + good * payments.review_false_decline_rate * lost
    return min(others) - review - fraud * payments.review_miss_rate * missed


# Watching and comparing


def hourly(action: str) -> float:
    """Payments an hour that get this action."""
    return fitted_bands()[action].total / 24


def visible_rise(action: str, hours: float = 1.0, z: float = 4.0, share: float = 1.0) -> float:
    """Smallest relative rise of an action's count that stands z standard deviations out (Poisson), on this share of traffic."""
    return z / math.sqrt(hourly(action) * hours * share)


def days_to_compare(change: float = 0.05, power: float = 0.8, share: float = 0.5, spread: float = 1.0) -> float:
    """Days of traffic until a relative change of the passed frauds shows in chargebacks, at 5 % two-sided.

    Those never reported are missing and friendly ones, which no model changes, are noise. `share` of the cards see the new
    model. `spread` multiplies the Poisson variance: rings, or amounts if dollars are compared.
    """
    z = NormalDist().inv_cdf(0.975) + NormalDist().inv_cdf(power)
    real = frauds_passed() * (1 - payments.unreported_rate)
    seen = real / (1 - payments.friendly_fraud_rate)
    variance = spread * (seen / (1 - share) + (seen - change * real) / share)
    return z * z * variance / (change * real) ** 2


def amount_spread() -> float:
    """Variance of summed lognormal amounts over that of as many equal ones: one plus the squared coefficient of variation."""
    return math.exp(AMOUNT_SIGMA**2)


def days_worded(change: float) -> str:
    """Days of a half-and-half comparison for this change, as words."""
    days = round(days_to_compare(change))
    return f"{days} day{'s' * (days != 1)}"


# Other worlds


def world(volume: float = 1.0, analysts: float = 1.0, rate: float = payments.fraud_rate) -> tuple[float, float, float]:
    """Dollars a day, price of a place in the queue and reviewed share, with volume and analysts multiplied and this rate."""
    price, chosen = fitted(payments.review_capacity * analysts, payments.daily_volume * volume, rate, rate)
    return cost_of(chosen), price, chosen["review"].total / (payments.daily_volume * volume)


def world_cost(volume: float = 1.0, analysts: float = 1.0, rate: float = payments.fraud_rate) -> float:
    """Dollars a day in that world, with the best bands for it."""
    return world(volume, analysts, rate)[0]


def world_price(volume: float = 1.0, analysts: float = 1.0, rate: float = payments.fraud_rate) -> float:
    """Dollars that one more review would be worth there beyond its cost."""
    return world(volume, analysts, rate)[1]


def analyst_margin(volume: float = 1.0, analysts: float = 1.0) -> float:
    """Dollars a day that one more analyst's reviews bring there, less the paid hours that hold none."""
    reviews = payments.review_capacity / payments.reviewers
    return reviews * world_price(volume, analysts) - IDLE_HOURS * payments.analyst_hour


def analysts_that_pay(volume: float) -> int:
    """Analysts up to whom the next one still brings more than the idle hours, with volume multiplied."""
    return next(n for n in range(payments.reviewers, 10_000) if analyst_margin(volume, n / payments.reviewers) <= 0)


def busy_cores_a_zone(volume: float) -> float:
    """Cores that a zone's share of the peak keeps busy, with volume multiplied and three zones."""
    return volume * lifecycle.busy_cores_payments() / lifecycle.ZONES


def workers() -> int:
    """Workers behind one queue so that 99 % of payments wait and work within what the reads leave of the limit (M/M/c)."""
    left = (payments.score_p99_ms - BUDGET["five reads in parallel"]) / 1_000
    return capacity.servers_for(payments.peak_per_second, lifecycle.PAYMENT_SERVICE, left)


def uncorrected_cost(rate: float = NEW_COUNTRY_RATE) -> float:
    """Dollars a day in a country with this fraud rate when scores still assume the old one and the old lines stay."""
    return cost_of(day_of(edges_for(review_shadow_price()), payments.daily_volume, rate, payments.fraud_rate))


def uncorrected_reviews(rate: float = NEW_COUNTRY_RATE) -> float:
    """Payments a day that the old lines would send to review there, capacity ignored."""
    return day_of(edges_for(review_shadow_price()), payments.daily_volume, rate, payments.fraud_rate)["review"].total


BUDGET = {  # milliseconds, 99th percentile of each step, given
    "gateway, identity, hard rules": 8,
    "five reads in parallel": 25,
    "assembly of 300 features": 7,
    "score, 300 trees": 10,
    "policy and decision log": 10,
}


def budgeted() -> int:
    """Milliseconds of the steps, added up."""
    return sum(BUDGET.values())


def reserve() -> int:
    """Milliseconds of the limit that no step may count on: retries, pauses, the fallback."""
    return payments.score_p99_ms - budgeted()
