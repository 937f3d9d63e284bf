"""The numbers of the practice prompts. Serves docs/chapters/debugging/index.md and docs/chapters/debugging/broken-runs.md.

Constants in capitals are given in a prompt's brief; all else follows from them, from `snippets.cases` and from the runs.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from snippets.cases import assistant, payments
from snippets.debugging import serving_runs
from snippets.debugging.checks import base_rate_entropy, share_explained
from snippets.debugging.ladder import Check, by_likelihood_and_price, expected_minutes
from snippets.metrics import worked as metrics
from snippets.metrics.uncertainty import wilson_interval

# train-falls-validation-rises

SOLD = 0.40  # share of listings sold within a week
SELLERS, DIMENSIONS, LISTINGS = 90_000, 16, 400_000
LOWEST, LAST = 0.56, 0.79  # validation loss at epoch 4 and at epoch 20


def sold_entropy() -> float:
    """Log-loss of saying 40 % to every listing."""
    return base_rate_entropy(SOLD)


def sold_explained(loss: float) -> float:
    """Share of that entropy which a loss removes."""
    return share_explained(loss, SOLD)


def embedding_weights() -> int:
    """Weights of the seller embedding: sellers times dimensions."""
    return SELLERS * DIMENSIONS


def listings_per_seller() -> float:
    """Training listings for each seller, mean."""
    return LISTINGS / SELLERS


# poor-in-one-region

REGION_SHARE = 0.04  # share of payments
REGION_FLAGGED = 0.019  # share of its payments above one in eleven
REGION_FRAUD = 0.0022  # fraud rate on matured payments
REGIONS = 20
REGION_RATIO = 6.0  # mean score over fraud rate there; 1 elsewhere


def region_payments() -> float:
    """Payments a day in the region."""
    return payments.daily_volume * REGION_SHARE


def region_flagged() -> float:
    """Payments a day declined in the region."""
    return region_payments() * REGION_FLAGGED


def region_frauds() -> float:
    """Frauds a day in the region, at its measured rate."""
    return region_payments() * REGION_FRAUD


def region_good_declined() -> float:
    """Good payments a day declined in the region, at least: even if every fraud is among the flagged."""
    return region_flagged() - region_frauds()


def overall_ratio() -> float:
    """Mean score over fraud rate of all payments, when the region stands at its ratio and the rest at 1."""
    there = REGION_SHARE * REGION_FRAUD
    return (there * REGION_RATIO + payments.fraud_rate - there) / payments.fraud_rate


def flagged_elsewhere() -> float:
    """Share of payments above one in eleven in the model as a whole."""
    return metrics.at_break_even().alerts / payments.daily_volume


def challenge_cost_good() -> float:
    """Dollars a challenge costs on a good payment: fee and the margin of those who give up."""
    return payments.challenge_fee + payments.challenge_abandon_rate * payments.lost_margin


def region_declined_dollars() -> float:
    """Dollars a day, at least, of good payments declined in the region."""
    return region_good_declined() * payments.false_decline_cost


def region_challenge_dollars() -> float:
    """Dollars a day if all flagged payments of the region are challenged instead: good ones, and frauds that pass."""
    passed = region_frauds() * payments.challenge_pass_rate * payments.missed_fraud_cost
    return region_good_declined() * challenge_cost_good() + region_frauds() * payments.challenge_fee + passed


def region_lost_baskets() -> float:
    """Good customers a day who give up at the challenge."""
    return region_good_declined() * payments.challenge_abandon_rate


# nightly-pipeline-shift

HOURS = 4.5  # from 02:00 to 06:30


def usual_alerts() -> int:
    """Alerts of the night before the change."""
    return serving_runs.dead_run(False, 1).alerts


def shifted_alerts() -> int:
    """Alerts of the first night after the change."""
    return serving_runs.dead_run(True, 2).alerts


def alert_noise() -> float:
    """Standard deviation of a day's alert count if payments are independent: the root of the count."""
    return math.sqrt(usual_alerts())


def alert_fall() -> float:
    """Fall of the alerts as a share of the usual ones."""
    return 1 - shifted_alerts() / usual_alerts()


def frauds_lost_per_day() -> int:
    """Frauds a day that the healthy pipeline flags on the same night and the changed one does not."""
    return serving_runs.dead_run(False, 2).caught - serving_runs.dead_run(True, 2).caught


def good_spared_per_day() -> int:
    """Good payments a day that the changed pipeline no longer flags, on the same night."""
    healthy, broken = serving_runs.dead_run(False, 2), serving_runs.dead_run(True, 2)
    return (healthy.alerts - healthy.caught) - (broken.alerts - broken.caught)


def shift_dollars() -> float:
    """Dollars lost in 4.5 hours: frauds no longer declined, less good payments no longer declined."""
    missed = frauds_lost_per_day() * payments.missed_fraud_cost
    spared = good_spared_per_day() * payments.false_decline_cost
    return HOURS / 24 * (missed - spared)


def alerts_in(minutes: float) -> float:
    """Usual alerts in so many minutes at the mean rate."""
    return usual_alerts() * minutes / (24 * 60)


def shifted_alerts_in(minutes: float) -> float:
    """Alerts in so many minutes after the change."""
    return shifted_alerts() * minutes / (24 * 60)


def chance_of_fewer(than: int = 8, minutes: float = 10) -> float:
    """Chance of fewer alerts than this in so many minutes of a usual day, if they come independently (Poisson)."""
    mean = alerts_in(minutes)
    return math.fsum(math.exp(-mean) * mean**k / math.factorial(k) for k in range(than))


# loss-turns-nan

WARM_TO, WARM_STEPS, NAN_STEP = 3e-4, 4_000, 3_000


def rate_at_nan() -> float:
    """Learning rate at the step of the NaN, linear warm-up."""
    return WARM_TO * NAN_STEP / WARM_STEPS


def half_exponent_limit() -> float:
    """Largest x whose exponential fits into half precision, whose largest number is 65,504."""
    return math.log(65_504)


# fine-tuned-classifier-drops

OFFLINE, PRODUCTION, GRADED = 0.92, 0.78, 300


def graded_interval() -> tuple[float, float]:
    """95 % Wilson interval of the accuracy in production."""
    found = wilson_interval(round(PRODUCTION * GRADED), GRADED)
    return found.low, found.high


def out_of_scope() -> float:
    """Share of questions the help center does not answer."""
    return 1 - assistant.answerable_rate


def accuracy_if_no_none() -> float:
    """Accuracy when every question outside the intents is wrong and the rest is as good as offline."""
    return assistant.answerable_rate * OFFLINE


def wrong_graded() -> float:
    """Wrong among the graded."""
    return GRADED * (1 - PRODUCTION)


def outside_graded() -> float:
    """Graded questions outside the intents, expected."""
    return GRADED * out_of_scope()


def wrong_inside() -> float:
    """Graded questions inside the intents that are wrong, at the offline error."""
    return GRADED * assistant.answerable_rate * (1 - OFFLINE)


def interval_of_outside() -> tuple[int, int]:
    """Range, two standard deviations each way, of the graded questions outside the intents."""
    spread = 2 * math.sqrt(GRADED * out_of_scope() * (1 - out_of_scope()))
    return round(outside_graded() - spread), round(outside_graded() + spread)


# worse-on-mondays

GAIN, LOSS = 0.04, 0.06  # points of recall, six days and Monday


def frauds_gained_a_week() -> float:
    """Frauds more a week on the six good days."""
    return 6 * GAIN * payments.frauds_per_day


def frauds_lost_on_monday() -> float:
    """Frauds fewer on a Monday."""
    return LOSS * payments.frauds_per_day


def net_frauds() -> float:
    """Frauds more a week, Monday included."""
    return frauds_gained_a_week() - frauds_lost_on_monday()


def monday_dollars() -> float:
    """Dollars a week that serving the old model on Mondays saves."""
    return frauds_lost_on_monday() * payments.missed_fraud_cost


def points_gained() -> float:
    """Gain of recall on six days, in points."""
    return 100 * GAIN


def points_lost() -> float:
    """Loss of recall on Mondays, in points."""
    return 100 * LOSS


def recall_noise(recall: float, days: int) -> float:
    """Standard error of recall over so many days of frauds, as if unpaired."""
    return math.sqrt(recall * (1 - recall) / (days * payments.frauds_per_day))


# validation-better-than-training

TRAIN_ACCURACY, VALIDATION_ACCURACY, VALIDATION_ROWS = 0.860, 0.880, 500


def accuracy_interval() -> tuple[float, float]:
    """95 % Wilson interval of the validation accuracy."""
    found = wilson_interval(round(VALIDATION_ACCURACY * VALIDATION_ROWS), VALIDATION_ROWS)
    return found.low, found.high


def rows_for_two_errors(gap: float = 0.02) -> float:
    """Validation rows at which this gap is two standard errors of the validation accuracy."""
    return VALIDATION_ACCURACY * (1 - VALIDATION_ACCURACY) * (2 / gap) ** 2


# more-data-worse-model

VALIDATION_FRAUDS, FOUND_BEFORE, FOUND_AFTER = 6_000, 2_070, 1_740
ONLY_BEFORE, ONLY_AFTER = 510, 180  # frauds found by one model alone


def paired_z() -> float:
    """The difference in standard errors, from the frauds that only one of the models finds (McNemar)."""
    return (ONLY_BEFORE - ONLY_AFTER) / math.sqrt(ONLY_BEFORE + ONLY_AFTER)


# cannot-overfit-one-batch

BATCH_MIX = (13, 6, 4, 3, 1, 1, 1, 1, 1, 1)  # of 32 examples, by language


def blind_loss(mix: Sequence[int] = BATCH_MIX) -> float:
    """Lowest mean loss of a model that sees no input: the entropy of the batch's labels."""
    total = sum(mix)
    return math.fsum(n / total * math.log(total / n) for n in mix)


def blind_loss_if_even() -> float:
    """The same when the 32 are spread over twelve languages as evenly as they can be."""
    return blind_loss([3] * 8 + [2] * 4)


def conflict_floor(copies: int = 4, batch: int = 32) -> float:
    """Lowest mean loss of a batch in which so many equal inputs carry as many different labels."""
    return copies / batch * math.log(copies)


# which-check-first

CHECKS = (
    Check("retrain", 240, 0.30),
    Check("row diff", 45, 0.25),
    Check("data report", 15, 0.20),
    Check("slices", 20, 0.15),
)
LOSING, GAINING = 2_500.0, 600.0  # dollars an hour, the release broken and healthy, both against the old model


def minutes_best() -> float:
    """Expected minutes in the order of chance over minutes."""
    return expected_minutes(by_likelihood_and_price(CHECKS))


def minutes_as_proposed() -> float:
    """Expected minutes in the order proposed, the retrain first."""
    return expected_minutes(CHECKS)


def names_best() -> str:
    """The checks in the order of chance over minutes."""
    return ", ".join(check.name for check in by_likelihood_and_price(CHECKS))


def found_without_retrain() -> float:
    """Chance that one of the three short checks finds the fault."""
    return math.fsum(check.chance for check in CHECKS[1:])


def minutes_without_retrain() -> float:
    """Minutes of the three short checks, if all are done."""
    return math.fsum(check.minutes for check in CHECKS[1:])


def dollars_while_looking(minutes: float) -> float:
    """Dollars lost in so many minutes with the release left on."""
    return LOSING * minutes / 60


def rollback_break_even() -> float:
    """Chance that the release is broken above which rolling back costs less: gain over gain plus loss."""
    return GAINING / (GAINING + LOSING)


def chance_for_retrain_first() -> float:
    """Chance the retrain would need to go first: its minutes times the best rival's chance per minute."""
    return CHECKS[0].minutes * max(check.chance / check.minutes for check in CHECKS[1:])


def chance_before_row_diff() -> float:
    """Chance the retrain would need to go before the row diff."""
    return CHECKS[0].minutes * CHECKS[1].chance / CHECKS[1].minutes


# bug-you-chased


def story_frauds_a_day() -> float:
    """Frauds a day that the queue missed because of the stale count, at the recalls of the broken run."""
    run = serving_runs.stale_run(True)
    return (run.offline - run.production) * payments.frauds_per_day
