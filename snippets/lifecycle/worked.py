"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/lifecycle.md.

Premises that only this page needs are constants in capitals, said as given on the page. All else is derived from them and from
`snippets.cases`. Closed forms throughout; nothing is drawn at random.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from snippets.cases import SECONDS_A_DAY, assistant, marketplace, payments
from snippets.lifecycle.capacity import (
    busy_servers,
    mean_wait,
    separate_servers_for,
    servers_a_zone,
    servers_for,
    share_slower,
)
from snippets.lifecycle.cost import best_interval, cost_a_day, saturating_cost_a_day, training_gpu_hours
from snippets.lifecycle.latency import Stage, hedged_quantile, meets_slow, quantile_of_sum
from snippets.lifecycle.migrate import missing_inputs, release_id
from snippets.lifecycle.release import Arm, Exposure, alarm_line, canary_requests, difference, false_alarms, verdict
from snippets.lifecycle.storage import monthly_cost, table_bytes

NORMAL = NormalDist()
ENGINEER_HOUR = 90.0  # dollars, all included
DISK = 0.023  # dollars for a gigabyte and month of object storage
GPU_HOUR = 2.50  # dollars for a GPU and hour

# Capacity and latency

PAYMENT_SERVICE = 0.015  # seconds of one core for the features and the score of a payment
RANKING_SERVICE = 0.006  # seconds of one core for the scores of a search's 200 candidates
ZONES = 3
MEDIANS = {"retrieval": 12.0, "features": 6.0, "ranking": 18.0, "rest": 6.0}  # milliseconds
SPIKE_SHARE, SPIKE = 0.009, 300.0  # share of a stage's calls that hang, and for how many milliseconds
HANG_SHARE = 0.02  # share of feature reads that hang, before hedging


def peak_candidates() -> float:
    """Candidate scores a second at Marketplace's peak: searches a second times candidates ranked."""
    return marketplace.peak_searches_per_second * marketplace.ranked


def busy_cores_payments() -> float:
    """Cores busy with Payments at its peak: peak payments a second times 15 ms."""
    return busy_servers(payments.peak_per_second, PAYMENT_SERVICE)


def servers_payments() -> int:
    """Workers behind one queue that keep 99 % of payments within 100 ms at the peak, in an M/M/c queue."""
    return servers_for(payments.peak_per_second, PAYMENT_SERVICE, payments.score_p99_ms / 1_000)


def busy_cores_ranking() -> float:
    """Cores busy with ranking at Marketplace's peak: peak searches a second times 6 ms."""
    return busy_servers(marketplace.peak_searches_per_second, RANKING_SERVICE)


def ranking_limit() -> float:
    """Seconds that ranking may take at the 99th percentile, from the case."""
    return marketplace.ranking_ms / 1_000


def servers_ranking() -> int:
    """Workers behind one shared queue that keep 99 % of rankings within 35 ms at the peak, in an M/M/c queue."""
    return servers_for(marketplace.peak_searches_per_second, RANKING_SERVICE, ranking_limit())


def separate_servers_ranking() -> int:
    """Workers that keep 99 % within 35 ms when each has its own queue and searches are dealt out at random (M/M/1)."""
    return separate_servers_for(marketplace.peak_searches_per_second, RANKING_SERVICE, ranking_limit())


def zone_servers(needed: int) -> int:
    """Workers in all when any one of three zones may be lost and the needed number must be left."""
    return ZONES * servers_a_zone(needed, ZONES)


def ranking_slower(servers: int, growth: float = 1.0) -> float:
    """Share of rankings over 35 ms with so many workers behind one queue, at so many times today's peak."""
    return share_slower(ranking_limit(), growth * marketplace.peak_searches_per_second, RANKING_SERVICE, servers)


def waits_in_services(utilization: float, servers: int) -> float:
    """Mean wait, in service times, of servers that are busy this share of the time (M/M/c)."""
    return mean_wait(utilization * servers, 1.0, servers)


# --8<-- [start:demo-servers]
def demo_servers() -> None:
    """Ranking at Marketplace's peak: workers behind one queue, and the share over 35 ms."""
    rate = marketplace.peak_searches_per_second
    print(f"{rate:.0f} searches/s x {RANKING_SERVICE * 1e3:.0f} ms = {busy_cores_ranking():.2f} busy")
    for servers in (2, 3, 4):
        slow = share_slower(0.035, rate, RANKING_SERVICE, servers)
        busy = busy_cores_ranking() / servers
        print(f"{servers} workers, {busy:.0%} busy: {slow:6.2%} over 35 ms")
    print("one queue:", servers_ranking(), " dealt out at random:", separate_servers_ranking())


# --8<-- [end:demo-servers]


def stages() -> dict[str, Stage]:
    """Marketplace's four stages as lognormal latencies: the case's 99th percentiles, this page's medians."""
    p99 = (marketplace.retrieval_ms, marketplace.features_ms, marketplace.ranking_ms, marketplace.rest_ms)
    return {name: Stage(median, worst) for (name, median), worst in zip(MEDIANS.items(), p99, strict=True)}


@cache
def p99_if_independent() -> float:
    """99th percentile of a search, in milliseconds, if its four lognormal stages are slow independently (convolved)."""
    return quantile_of_sum([stage.slower for stage in stages().values()], 0.99)


@cache
def p99_with_slower_ranking() -> float:
    """The same with a ranking stage that is slower by 50 over 35 at every quantile."""
    slower = stages()
    factor = (marketplace.ranking_ms + SLOWER - marketplace.search_p99_ms) / marketplace.ranking_ms
    slower["ranking"] = Stage(factor * MEDIANS["ranking"], factor * marketplace.ranking_ms)
    return quantile_of_sum([stage.slower for stage in slower.values()], 0.99)


def searches_that_hang() -> float:
    """Share of searches with at least one hanging stage when each of four hangs in 0.9 % of calls, independently."""
    return meets_slow(len(MEDIANS), SPIKE_SHARE)


def feature_read(milliseconds: float) -> float:
    """Share of feature reads that take longer: the lognormal stage, and 2 % that hang for 300 ms."""
    normal = stages()["features"].slower(milliseconds)
    return (1 - HANG_SHARE) * normal + HANG_SHARE * (milliseconds < SPIKE)


def hedge_at() -> float:
    """Milliseconds after which a second feature read is sent: the 95th percentile of the lognormal stage."""
    return stages()["features"].quantile(0.95)


def hedged_p99_smooth() -> float:
    """99th percentile of a feature read, hedged at its 95th, when latency is lognormal and nothing hangs."""
    return hedged_quantile(stages()["features"].slower, hedge_at(), 0.99)


def hedged_p99_hanging() -> float:
    """99th percentile of a feature read, hedged after the same time, when 2 % of reads hang."""
    return hedged_quantile(feature_read, hedge_at(), 0.99)


def hedge_load() -> float:
    """Extra reads that hedging sends when 2 % of reads hang: the share that is slower than the hedging time."""
    return feature_read(hedge_at())


# Storage

DIMENSIONS = 128  # of a listing's embedding
LINKS = 32  # the M of HNSW: each vector keeps 2 × 32 links of 4 bytes
CANDIDATE_FEATURES = 300  # float32 values, a candidate
PAYMENT_FEATURES = 300  # float32 values, a payment
USER_FEATURES, LISTING_FEATURES = 200, 100  # float32 values
COPIES = 3
KEEP_DAYS = 180  # days that Payments keeps what it logged
ARTICLE_DIMENSIONS = 1_024  # of a passage's embedding
MEMORY = 256e9  # bytes of memory of one large but ordinary machine
WINDOW_SAMPLE = 0.05  # share of good payments in the training table


def embedding_table() -> float:
    """Bytes of one float32 vector of 128 dimensions for each live listing."""
    return table_bytes(marketplace.live_listings, DIMENSIONS)


def embedding_index() -> float:
    """The same with an HNSW graph of M = 32: 2 × 32 links of 4 bytes for each vector."""
    return table_bytes(marketplace.live_listings, DIMENSIONS, overhead=2 * LINKS * 4)


def passage_table() -> float:
    """Bytes of one float32 vector of 1,024 dimensions for each of the Assistant's passages."""
    return table_bytes(assistant.chunks, ARTICLE_DIMENSIONS)


def online_features() -> float:
    """Bytes of online features, three copies: 200 values for each daily user, 100 for each live listing."""
    users = table_bytes(marketplace.daily_users, USER_FEATURES, copies=COPIES)
    return users + table_bytes(marketplace.live_listings, LISTING_FEATURES, copies=COPIES)


def log_a_day(rows_per_search: float) -> float:
    """Bytes a day of logging 300 float32 features for so many rows of each search."""
    return table_bytes(marketplace.searches_per_day * rows_per_search, CANDIDATE_FEATURES)


def log_a_year(rows_per_search: float, sample: float = 1.0) -> float:
    """Bytes a year of logging 300 float32 features for so many rows of a share of the searches."""
    return 365 * sample * log_a_day(rows_per_search)


def log_cost_a_month(rows_per_search: float, sample: float = 1.0) -> float:
    """Dollars a month to keep a year of it in object storage."""
    return monthly_cost(log_a_year(rows_per_search, sample), DISK)


def payments_log_a_year() -> float:
    """Bytes a year of 300 float32 features for each payment."""
    return 365 * table_bytes(payments.daily_volume, PAYMENT_FEATURES)


def payments_log_cost() -> float:
    """Dollars a month to keep a year of it in object storage."""
    return monthly_cost(payments_log_a_year(), DISK)


def training_rows() -> float:
    """Rows of Payments' training table: 90 days of every fraud and of one good payment in twenty."""
    return payments.label_maturity_days * (payments.frauds_per_day + WINDOW_SAMPLE * payments.good_per_day)


def training_table() -> float:
    """Bytes of that table, 300 float32 features a row."""
    return table_bytes(training_rows(), PAYMENT_FEATURES)


def snapshots_a_half_year() -> float:
    """Bytes of the training tables of 26 weekly models."""
    return 26 * training_table()


def snapshots_cost() -> float:
    """Dollars a month to keep the training tables of 26 weekly models."""
    return monthly_cost(snapshots_a_half_year(), DISK)


# Training and retraining

RETRAIN_HANDS, RETRAIN_COMPUTE = 3.0, 60.0  # engineer hours, dollars of compute: a run of Marketplace's ranker
DECAY_SHARE = 0.0002  # share of a day's revenue that one more day of age loses
TREE_SECONDS = 30.0  # measured once on two busy cores: 100 boosted trees, a million rows, 50 features
TREES = 300  # of the fraud model
ENCODER, ENCODER_TOKENS = 100e6, 44e9  # parameters, training tokens of a query and listing encoder
PEAK_FLOPS, MFU = 1e15, 0.35  # operations a second, share of them that counts
WORST, MEMORY_DAYS = (
    20_000.0,
    120.0,
)  # dollars a day that a fraud model with endlessly old data loses; days of its memory
FRAUD_RUN = 330.0  # dollars a run of the fraud model, people included
EARLY_LABELS = 45  # days after which half of the chargebacks are in


def decay() -> float:
    """Dollars a day that Marketplace's ranker loses for each day of age: 0.02 % of a day's revenue."""
    return DECAY_SHARE * marketplace.revenue_per_day


def run_cost(hands: float = RETRAIN_HANDS) -> float:
    """Dollars for one retraining: compute, and engineer hours at $90."""
    return RETRAIN_COMPUTE + hands * ENGINEER_HOUR


def best_days(hands: float = RETRAIN_HANDS) -> float:
    """Days between retrainings with the least cost, by the square-root rule."""
    return best_interval(run_cost(hands), decay())


def retraining(days: float, hands: float = RETRAIN_HANDS) -> float:
    """Dollars a day of retraining and staleness together when the ranker is retrained this often."""
    return cost_a_day(days, run_cost(hands), decay())


def best_retraining(hands: float = RETRAIN_HANDS) -> float:
    """Dollars a day at the best interval."""
    return retraining(best_days(hands), hands)


BAD_RUN, BAD_RUN_COST = 0.01, 5_000.0  # share of runs that ship a regression, dollars until it is found


def risky_best_days() -> float:
    """Days between retrainings without hands when one run in a hundred ships a regression of $5,000."""
    return best_interval(run_cost(0) + BAD_RUN * BAD_RUN_COST, decay())


def automation_a_year() -> float:
    """Dollars a year that daily retraining without hands saves against weekly retraining by hand, to the thousand."""
    return round(365 * (retraining(7) - retraining(1, 0)), -3)


def tree_minutes() -> float:
    """Minutes for the fraud model's trees, scaled from the measured run by rows, features and trees."""
    return TREE_SECONDS * training_rows() / 1e6 * PAYMENT_FEATURES / 50 * TREES / 100 / 60


def encoder_hours() -> float:
    """GPU hours for an encoder of 100 million parameters on 44 billion tokens, at 35 % of 10¹⁵ operations a second."""
    return training_gpu_hours(ENCODER, ENCODER_TOKENS, PEAK_FLOPS, MFU)


def encoder_cost() -> float:
    """Dollars for it at $2.50 a GPU hour."""
    return encoder_hours() * GPU_HOUR


def stale_fraud(days: float, born: float = payments.label_maturity_days) -> float:
    """Dollars a day of a fraud model retrained this often on labels that are so many days old at birth."""
    return saturating_cost_a_day(days, FRAUD_RUN, WORST, MEMORY_DAYS, born)


def cadence_gain() -> float:
    """Dollars a day that retraining the fraud model weekly instead of every 30 days brings."""
    return stale_fraud(30) - stale_fraud(7)


def daily_gain() -> float:
    """Dollars a day that retraining the fraud model daily instead of weekly brings; below zero it costs."""
    return stale_fraud(7) - stale_fraud(1)


def label_gain() -> float:
    """Dollars a day that labels of 45 instead of 90 days bring, retrained weekly."""
    return stale_fraud(7) - stale_fraud(7, EARLY_LABELS)


# Canary and rollback

EXTRA_DECLINES = 0.01  # share of good payments that the bad release declines beyond the right ones
REACTION = 0.5  # hours from the alarm until all traffic is back
LOOKS = 24  # looks in two hours, one every five minutes
DECLINE_RATE = 0.003439  # share of payments declined at break-even, from the classification page
MISSED_RATE = 0.00111  # share of approved payments that are fraud there
CONTACT_HOURS = 24.0  # hours until customers' contacts show in a report


def payments_an_hour() -> float:
    """Payments an hour, mean."""
    return payments.daily_volume / 24


def bad_rate() -> float:
    """Share declined under the bad release: the usual, and one good payment in a hundred more."""
    return DECLINE_RATE + EXTRA_DECLINES * (1 - payments.fraud_rate)


def needed(share: float, worse: float | None = None, rate: float = DECLINE_RATE) -> int:
    """Canary payments to see it with 90 % power at the alarm line of 24 looks; at 100 % there is only last week's rate to compare with."""
    ratio = (1 - share) / share if share < 1 else math.inf
    alarm = NORMAL.cdf(-look_line())
    return canary_requests(rate, bad_rate() if worse is None else worse, alarm, 0.9, ratio)


def harm_per_payment() -> float:
    """Dollars that a payment exposed to the bad release loses: its share of extra false declines at $15."""
    return EXTRA_DECLINES * (1 - payments.fraud_rate) * payments.false_decline_cost


def exposure(share: float, reaction: float = REACTION) -> Exposure:
    """The bad release at this share, found by its decline rate."""
    return Exposure(payments_an_hour(), harm_per_payment(), needed(share), reaction)


def damage(share: float, reaction: float = REACTION) -> float:
    """Dollars lost until all traffic is back, at this canary share and reaction time in hours."""
    return exposure(share, reaction).damage(share)


def hours_to_see(share: float) -> float:
    """Hours until the canary has seen enough, without the reaction."""
    return exposure(share, 0).hours(share)


def unwatched_day() -> float:
    """Dollars that the bad release costs in a day on all traffic: extra false declines at $15 each."""
    return payments.daily_volume * harm_per_payment()


def fraud_needed(share: float = 0.01) -> int:
    """Canary payments to see 10 % more missed fraud, one-sided 5 %, power 80 %, were the labels there at once."""
    return canary_requests(MISSED_RATE, 1.1 * MISSED_RATE, control_ratio=(1 - share) / share)


def fraud_days(share: float = 0.01) -> float:
    """Days until a canary of this share has seen so many payments, before the labels mature."""
    return fraud_needed(share) / (share * payments.daily_volume)


def naive_alarms() -> float:
    """Chance that a harmless release trips a one-sided 5 % test at one of 24 looks."""
    return false_alarms(LOOKS, NORMAL.inv_cdf(0.95))


@cache
def look_line() -> float:
    """The z that keeps it at 5 % over all 24 looks."""
    return alarm_line(LOOKS, 0.05)


def payments_to_go_on() -> float:
    """Canary payments until 2.42 standard errors of its decline rate are 0.2 points, to the thousand."""
    return round((look_line() / 0.002) ** 2 * DECLINE_RATE * (1 - DECLINE_RATE), -3)


DEMO = {
    "after ten minutes": (Arm(6_875, 24), Arm(69, 1)),
    "the bad release, after three hours": (Arm(123_750, 426), Arm(1_250, 17)),
    "a good one, after two days": (Arm(1_980_000, 6_810), Arm(20_000, 70)),
}


def demo_verdict() -> None:
    """A 1 % canary of Payments: declines, control and canary; 0.2 points more are acceptable."""
    for when, (control, canary) in DEMO.items():
        low, high = difference(control, canary, look_line())
        print(f"{when}: {100 * low:+.2f} to {100 * high:+.2f} points")
        print("   ", verdict(control, canary, margin=0.002, z=look_line()))


# A canary with more clicks and a longer tail

CANARY_SHARE, CLICK_GAIN, SLOWER = 0.05, 0.004, 115.0  # of searches, relative, milliseconds at the canary's p99
OLD_MEDIAN, NEW_MEDIAN = 48.0, 58.0  # milliseconds of a search, control and canary


def canary_searches() -> float:
    """Searches a day in a 5 % canary."""
    return CANARY_SHARE * marketplace.searches_per_day


def click_error() -> float:
    """Standard error of the difference in click rate between canary and control after a day, searches independent."""
    rate = marketplace.search_click_rate
    control = marketplace.searches_per_day - canary_searches()
    return math.sqrt(rate * (1 - rate) * (1 / canary_searches() + 1 / control))


def click_gain() -> float:
    """The canary's gain in click rate, as a share of searches: 0.4 % of 35 %."""
    return CLICK_GAIN * marketplace.search_click_rate


def click_interval() -> tuple[float, float]:
    """95 % interval of the gain, relative to the click rate of 35 %."""
    half = 1.96 * click_error()
    rate = marketplace.search_click_rate
    return (click_gain() - half) / rate, (click_gain() + half) / rate


def p99_interval() -> tuple[float, float]:
    """95 % interval of the canary's p99 in milliseconds after a day, if a search's latency is lognormal."""
    half = 1.96 * math.sqrt(0.99 * 0.01 / canary_searches())
    slow = Stage(NEW_MEDIAN, SLOWER)
    return slow.quantile(0.99 - half), slow.quantile(0.99 + half)


def ranks_aside() -> float:
    """Ranks to each side of a p99's own rank that its 95 % interval reaches in the canary's searches."""
    return 1.96 * math.sqrt(canary_searches() * 0.99 * 0.01)


def over_budget() -> float:
    """Share of the canary's searches that take longer than 100 ms, if latency is lognormal."""
    return Stage(NEW_MEDIAN, SLOWER).slower(marketplace.search_p99_ms)


def searches_over_budget() -> float:
    """Searches a day over 100 ms beyond the 1 % allowed, were the canary on all traffic."""
    return marketplace.searches_per_day * (over_budget() - 0.01)


def worth_if_sold(gain: float = CLICK_GAIN) -> float:
    """Dollars a day if the gain in clicks came through as the same relative gain in purchases from search."""
    return gain * marketplace.searches_per_day * marketplace.search_purchase_rate * marketplace.net_fee


def clicks_per_arm() -> float:
    """Searches in each arm to see +0.4 % clicks: two-sided 5 %, power 80 %, searches independent."""
    rate = marketplace.search_click_rate
    return 2 * (NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.8)) ** 2 * rate * (1 - rate) / click_gain() ** 2


def candidates_within() -> float:
    """Candidates that leave ranking's p99 where it was if the new model takes 50 ms for 200 and time goes with their number."""
    return marketplace.ranked * marketplace.ranking_ms / (marketplace.ranking_ms + SLOWER - marketplace.search_p99_ms)


# Buy or build, batch or online

ANSWERS_A_GPU = 1.5  # answers a second and GPU within the latency limit
OPERATING_HOURS = 4.0  # engineer hours a day to run one's own model


def bought(volume: float = assistant.questions_per_day) -> float:
    """Dollars a day for tokens of so many answers at the case's prices."""
    return volume * (assistant.answer_cost - assistant.search_cost)


def gpus(volume: float = assistant.questions_per_day) -> int:
    """GPUs for the peak of so many questions a day, and one more so that one can fail."""
    return math.ceil(volume / SECONDS_A_DAY * assistant.peak_factor / ANSWERS_A_GPU) + 1


def built(volume: float = assistant.questions_per_day) -> float:
    """Dollars a day for one's own model: GPUs around the clock and four engineer hours."""
    return gpu_bill(volume) + people_bill()


def gpu_bill(volume: float = assistant.questions_per_day) -> float:
    """Dollars a day for the GPUs alone."""
    return gpus(volume) * 24 * GPU_HOUR


def people_bill() -> float:
    """Dollars a day for four engineer hours."""
    return OPERATING_HOURS * ENGINEER_HOUR


def peak_questions() -> float:
    """Questions a second in the Assistant's busiest minute."""
    return assistant.questions_per_day / SECONDS_A_DAY * assistant.peak_factor


def points_for_free_hosting() -> float:
    """Points of wrong answers, in a hundred, that cost as much as the whole token bill."""
    return bought() / point_of_wrong()


def gpu_use(volume: float = assistant.questions_per_day) -> float:
    """Share of their capacity that the GPUs work on average."""
    return volume / SECONDS_A_DAY / (ANSWERS_A_GPU * gpus(volume))


@cache
def break_even_questions(price: float = 1.0) -> int:
    """Questions a day, to the thousand, where one's own model is first no dearer, at so many times today's token price."""
    return next(volume for volume in range(1_000, 1_000_000, 1_000) if built(volume) <= price * bought(volume))


@cache
def settled_questions() -> int:
    """Questions a day, to the thousand, from which it stays cheaper whatever GPU the growing peak adds."""
    return 1_000 + max(volume for volume in range(1_000, 1_000_000, 1_000) if built(volume) > bought(volume))


def gpu_cost_a_question() -> float:
    """Dollars of GPU that one more question a day brings, since GPUs are bought for the peak."""
    return 24 * GPU_HOUR * assistant.peak_factor / (SECONDS_A_DAY * ANSWERS_A_GPU)


def point_of_wrong() -> float:
    """Dollars a day of one more wrong answer in a hundred questions."""
    return 0.01 * assistant.questions_per_day * assistant.wrong_answer_cost


USERS = 8_000_000  # users with an account that was used in the last month
HOME_SERVICE = 0.006  # seconds of a core for one home page
CORE_HOUR = 0.04  # dollars


def batch_core_hours() -> float:
    """Core hours of computing a home page for each of 8 million users once."""
    return USERS * HOME_SERVICE / 3_600


def wasted_share() -> float:
    """Share of the nightly pages that nobody opens: users of the last month who do not come on a day."""
    return 1 - marketplace.daily_users / USERS


def online_core_hours() -> float:
    """Core hours a day of computing each home page when it is opened."""
    return marketplace.home_views_per_day * HOME_SERVICE / 3_600


def sold_share_a_day() -> float:
    """Share of live listings that sell on a day: so fast does a list computed at night lose its items."""
    return marketplace.sold_per_day / marketplace.live_listings


HOT = 10.0  # a recommended listing sells this many times as fast as a mean one


def stale_slots(hours: float) -> float:
    """Listings of a page of 24 that are sold after so many hours, if what is recommended sells ten times as fast."""
    return marketplace.results_per_page * (1 - math.exp(-HOT * sold_share_a_day() * hours / 24))


def gone_by_noon(turnover: float = 10.0) -> float:
    """Share of a list of midnight that is sold by noon if the stock turns so many times as fast as today."""
    return 1 - math.exp(-turnover * HOT * sold_share_a_day() / 2)


def batch_store() -> float:
    """Bytes of 40 listings of 8 bytes for each of 8 million users."""
    return table_bytes(USERS, SPARE_LIST, width=8)


ONLINE_ENGINEERS = 0.25  # engineers to run an online service with on-call, beyond the nightly job
SPARE_LIST = 40  # listings computed for a page of 24


def daily_compute(core_hours: float) -> float:
    """Dollars a day of so many core hours at $0.04."""
    return core_hours * CORE_HOUR


def home_profit() -> float:
    """Dollars a day kept from purchases that begin on the home page."""
    return marketplace.home_views_per_day * marketplace.home_purchase_rate * marketplace.net_fee


def online_extra() -> float:
    """Dollars a day of a quarter engineer at $160,000 a year."""
    return ONLINE_ENGINEERS * ENGINEER_YEAR / 365


def lift_that_pays() -> float:
    """Relative gain in home-page purchases that pays for the quarter engineer."""
    return online_extra() / home_profit()


def visible_lift(days: float = 14) -> float:
    """Smallest relative gain in home purchases seen in so many days on two halves: two-sided 5 %, power 80 %, views independent."""
    rate = marketplace.home_purchase_rate
    views = days * marketplace.home_views_per_day / 2
    z = NORMAL.inv_cdf(0.975) + NORMAL.inv_cdf(0.8)
    return z * math.sqrt(2 * rate * (1 - rate) / views) / rate


def changed_passages() -> float:
    """Share of the Assistant's passages that belong to an article edited on a day."""
    return assistant.edits_per_day / assistant.articles


WRONG, WRONG_AFTER = 0.10, 0.11  # of answers, before and after a release that makes one more in a hundred wrong


def graded_for_a_point() -> int:
    """Graded answers in each half to see 10 % wrong become 11 %: one-sided 5 %, power 80 %."""
    return canary_requests(WRONG, WRONG_AFTER, control_ratio=1)


def graded_days() -> float:
    """Days until 300 graded answers a day, split over both halves, are so many."""
    return 2 * graded_for_a_point() / assistant.graded_per_day


# Feature platform

ENGINEER_YEAR = 160_000.0  # dollars
YEARS = 3
NEW_MODELS = 6  # a year
SKEW_INCIDENTS, INCIDENT_COST = 4.0, 25_000.0  # a year; dollars each


class Platform(NamedTuple):
    """A way to serve features: who builds it, who runs it, what it costs, what it saves."""

    build: float  # engineer months, once
    run: float  # engineers, for good
    fee: float  # dollars a year
    caught: float  # share of skew incidents prevented
    weeks: float  # engineer weeks of feature work for a new model


PLATFORMS = {
    "as it is": Platform(0, 0, 0, 0, 6),
    "library and log": Platform(3, 0.25, 0, 0.5, 4),
    "vendor": Platform(6, 0.5, 180_000, 0.75, 2),
    "own platform": Platform(36, 1.5, 0, 0.75, 2),
}


def platform_cost(name: str, models: float = NEW_MODELS) -> float:
    """Dollars over three years: building, running, fee, the incidents that remain, feature work for new models."""
    plan = PLATFORMS[name]
    yearly = plan.run * ENGINEER_YEAR + plan.fee + SKEW_INCIDENTS * (1 - plan.caught) * INCIDENT_COST
    yearly += models * plan.weeks / 52 * ENGINEER_YEAR
    return plan.build / 12 * ENGINEER_YEAR + YEARS * yearly


def models_for(name: str, over: str) -> float:
    """New models a year from which one way is cheaper than another that takes more weeks for each."""
    gap = platform_cost(name, 0) - platform_cost(over, 0)
    weeks = PLATFORMS[over].weeks - PLATFORMS[name].weeks
    return gap / (YEARS * weeks / 52 * ENGINEER_YEAR)


# Migration

CORRELATION = 0.95  # of old and new score, on a scale where both are normal
FLAGGED = 0.011241  # share that the inherited threshold flags, from the classification page
CONSUMERS = 7


def both_flagged(correlation: float, share: float) -> float:
    """Share of items that two scores both flag when each flags this share and the scores are jointly normal."""
    line = -NORMAL.inv_cdf(share)
    x = np.linspace(line, 10.0, 4_001)
    given = np.array([NORMAL.cdf((correlation * u - line) / math.sqrt(1 - correlation**2)) for u in x])
    return float(np.trapezoid(np.exp(-0.5 * x**2) / math.sqrt(2 * math.pi) * given, x))


def swapped(correlation: float = CORRELATION) -> float:
    """Share of the old alerts that the new score does not flag at the same volume."""
    return 1 - both_flagged(correlation, FLAGGED) / FLAGGED


def swapped_a_day() -> float:
    """Payments a day that the old rule flags and the new one does not; as many the other way round."""
    return swapped() * FLAGGED * payments.daily_volume


def shifted_alerts(stretch: float) -> float:
    """Share flagged at the old threshold when the new score's spread on the normal scale is this many times the old one's."""
    return NORMAL.cdf(NORMAL.inv_cdf(FLAGGED) / stretch)


# Rollback across a schema

AFTER_ROLLBACK = 0.062  # share of payments declined once the old model reads the new features
CAUGHT_A_DAY = 889  # frauds a day among the declined before, from the classification page


def rollback_harm_an_hour() -> float:
    """Dollars an hour of the declines beyond the usual at $15 each, were they all good payments."""
    return (AFTER_ROLLBACK - DECLINE_RATE) * payments_an_hour() * payments.false_decline_cost


def declined_meanwhile() -> float:
    """Payments declined in the quarter of an hour under the old model on new features."""
    return AFTER_ROLLBACK * payments_an_hour() / 4


def forward_harm_an_hour() -> float:
    """Dollars an hour if the new model missed every fraud that the old one caught, at $150 each: its worst case."""
    return CAUGHT_A_DAY * payments.missed_fraud_cost / 24


NEEDS = {"amount": "float32 dollars", "cards_24h": "int32 count", "bin_risk": "float32 share"}
SERVED = {"amount": "float32 cents", "cards_24h": "int32 count", "bin_risk_v2": "float32 share"}


def demo_release() -> None:
    """Last week's model against today's feature service, and what makes two releases one."""
    for problem in missing_inputs(NEEDS, SERVED):
        print(problem)
    parts = {"model": "7f3a", "prompt": "v12", "index": "2026-11-20", "code": "9c41"}
    print(release_id(parts), release_id({**parts, "index": "2026-11-27"}))
