"""The worked numbers of one design. Serves docs/systems/feed.md.

A social app of made-up size. Constants in capitals are premises of this page and said as given there. Rates of what is shown
come from the small feed of made-up posts in `feed_sim`.
"""

from __future__ import annotations

import math
from functools import cache
from statistics import NormalDist

from snippets.cases import SECONDS_A_DAY
from snippets.framing.pilot import z_sum
from snippets.lifecycle import capacity
from snippets.systems import feed_sim as sim

Z = 1.959964

# Given on the page: the app
USERS = 50_000_000  # active in a month
DAILY_USERS = 20_000_000
WEEKLY_USERS = 30_000_000
LOADS = 6  # feed loads of a daily user
PEAK = 3  # busiest second over the mean
TIERS = {  # accounts, mean followers, posts a day each
    "celebrities": (5_000, 400_000, 10.0),
    "known": (500_000, 5_000, 2.0),
    "all others": (49_500_000, 110, 0.18),
}
LARGEST = 8_000_000  # followers of the largest account
WRITES_A_SECOND = 200_000  # what the list store takes
LIST_ENTRIES, ENTRY_BYTES, COPIES = 800, 16, 3
RETURN = 0.90  # share of a month's active users who are active in the next
REVENUE = 2.0  # dollars an active user and month

# Given on the page: the machine
CANDIDATES, RANKED = 1_500, 500
SHARED_FLOP, HEAD_FLOP, HEADS = 50e6, 0.2e6, 10  # arithmetic of the shared network and of one head, for one post
ACCELERATOR_FLOP = 20e12  # a second, sustained
ACCELERATOR_HOUR, CORE_HOUR, MEMORY_GB_HOUR, STORED_GB_MONTH = 2.5, 0.04, 0.005, 0.02  # dollars
UTILIZATION = 0.6
CORE_SECONDS = 0.008  # merging, light model and page rules of one load
POST_BYTES, POST_DAYS = 1_000, 3  # features of a live post, days that posts live
ROW_BYTES, KEPT_DAYS = 1_200, 30
BUDGET = {  # milliseconds, 99th percentile
    "state of the user": 15,
    "candidates in parallel": 50,
    "features": 40,
    "light model": 20,
    "heads and value": 60,
    "page": 15,
}
LATENCY = 250
SESSION_ACTIONS = 50  # actions that the app sends along with a load
TOPICS, ASKED_TOPICS = 10, 3  # topics that a newcomer may be shown, and that we ask for

# Given on the page: three posts, chance of each action when shown
EXAMPLES: dict[str, dict[str, float]] = {
    "bait": {
        "open": 0.30,
        "long dwell": 0.02,
        "like": 0.02,
        "comment": 0.010,
        "share": 0.003,
        "hide": 0.012,
        "report": 0.001,
        "leave": 0.06,
    },
    "photo": {
        "open": 0.10,
        "long dwell": 0.06,
        "like": 0.12,
        "comment": 0.012,
        "share": 0.001,
        "hide": 0.0005,
        "leave": 0.03,
    },
    "essay": {
        "open": 0.08,
        "long dwell": 0.07,
        "like": 0.04,
        "comment": 0.006,
        "share": 0.008,
        "follow": 0.001,
        "hide": 0.001,
        "leave": 0.03,
    },
}
WEEK = {"open": 1.0, "like": 1.0, "comment": 6.0, "share": 6.0}  # weights that look at the week: what makes people tap

# Given in the prompt on hides: share of loads from the new version, and logged over stored comments there
NEW_VERSION, TOUCHES = 0.3, 2.5

# Given on the page: labels, surveys, tests
BY_TEN_MINUTES = {  # share of an action's events that are in after ten minutes
    "open": 1.0,
    "long dwell": 0.98,
    "like": 0.95,
    "comment": 0.70,
    "share": 0.60,
    "follow": 0.50,
    "hide": 0.95,
    "report": 0.40,
    "leave": 1.0,
}
ASKED, ANSWERED = 1 / 500, 0.02  # loads with a survey question, share of questions that are answered
TEXT_SECONDS, VIDEO_SECONDS, DWELL_SPREAD = 6.0, 25.0, 0.8  # median dwell, standard deviation of its logarithm
DIRECT, SPILL = 0.02, 0.015  # what a change adds to own comments, and what all friends' having it adds
COMMENT_SPREAD = 3.0  # deviation of a user's comments in four weeks over their mean
OWN_PAST = 0.8  # correlation of a user's comments with their own four weeks before
FRIENDS, FRIENDS_SHARE = 20, 0.8  # closest friends of a user, share of the spill that comes from them
EGOS = 1_000_000
HIDE_SPREAD = 0.8  # how much posts' own rates of an action vary over their mean, beyond what the heads know
EXPLORED_VIEWS = 10  # impressions that each post is promised


# Traffic and fan-out


def loads() -> float:
    """Feed loads a day."""
    return DAILY_USERS * LOADS


def loads_a_second(peak: bool = False) -> float:
    """Feed loads a second, on average or at peak."""
    return loads() / SECONDS_A_DAY * (PEAK if peak else 1)


def impressions() -> float:
    """Posts shown a day."""
    return loads() * sim.SHOWN


def posts() -> float:
    """Posts a day."""
    return sum(accounts * rate for accounts, _, rate in TIERS.values())


def impressions_per_post() -> float:
    """Mean impressions of a post."""
    return impressions() / posts()


def follows() -> float:
    """Accounts that a user follows, on average."""
    return sum(accounts * followers for accounts, followers, _ in TIERS.values()) / USERS


def writes(*tiers: str) -> float:
    """Entries a day when posts of these tiers (all when none is named) are written to every follower's list."""
    chosen = tiers or tuple(TIERS)
    return sum(math.prod(TIERS[tier]) for tier in chosen)


def writes_a_second(*tiers: str, active: float = 1.0, peak: bool = False) -> float:
    """The same a second; `active` is the share of users whose lists are kept."""
    return writes(*tiers) * active / SECONDS_A_DAY * (PEAK if peak else 1)


def reads_a_second(peak: bool = True) -> float:
    """List reads a second when every load asks each followed account for its posts."""
    return loads_a_second(peak) * follows()


def celebrity_share() -> float:
    """Celebrities' share of all writes."""
    return writes("celebrities") / writes()


def celebrity_posts() -> float:
    """Celebrities' share of all posts."""
    accounts, _, rate = TIERS["celebrities"]
    return accounts * rate / posts()


def seconds_to_write_largest() -> float:
    """Seconds until the last follower of the largest account has its post, the store doing nothing else."""
    return LARGEST / WRITES_A_SECOND


def celebrity_bytes() -> float:
    """Bytes of the celebrities' own lists of live posts."""
    accounts, _, rate = TIERS["celebrities"]
    return accounts * rate * POST_DAYS * ENTRY_BYTES


def list_bytes() -> float:
    """Bytes of the lists of the week's users, one copy."""
    return WEEKLY_USERS * LIST_ENTRIES * ENTRY_BYTES


def seen_bytes(entries: int = 500, width: int = 8) -> float:
    """Bytes of what each daily user has seen last."""
    return DAILY_USERS * entries * width


# Capacity


def flop(heads: int = HEADS, shared: bool = True) -> float:
    """Arithmetic for one post: one network with so many heads, or as many networks."""
    return SHARED_FLOP + heads * HEAD_FLOP if shared else heads * (SHARED_FLOP + HEAD_FLOP)


def accelerators(heads: int = HEADS, shared: bool = True, ranked: int = RANKED) -> float:
    """Accelerators busy at peak with the heads."""
    return loads_a_second(peak=True) * ranked * flop(heads, shared) / ACCELERATOR_FLOP


def stores(more: float = 1.0) -> int:
    """List stores that it takes to write ordinary posts for the week's users at peak; `more` multiplies the load."""
    active = WEEKLY_USERS / USERS
    return math.ceil(more * writes_a_second("known", "all others", active=active, peak=True) / WRITES_A_SECOND)


def live_posts(*tiers: str) -> float:
    """Live posts by accounts that a user follows, on average."""
    return writes(*tiers) * POST_DAYS / USERS


def followed(tier: str) -> float:
    """Accounts of one tier that a user follows, on average."""
    accounts, followers, _ = TIERS[tier]
    return accounts * followers / USERS


def session_bytes() -> float:
    """Bytes a second at peak when each load brings its person's last actions with it."""
    return loads_a_second(peak=True) * SESSION_ACTIONS * ENTRY_BYTES


def accelerators_bought(zones: int = 3, more: float = 1.0) -> int:
    """Accelerators over all zones, so that the others carry the peak when one zone is lost; `more` multiplies the load."""
    needed = math.ceil(accelerators() * more / UTILIZATION)
    return zones * capacity.servers_a_zone(needed, zones)


def heads_add() -> float:
    """What all heads together add to the shared network's arithmetic."""
    return HEADS * HEAD_FLOP / SHARED_FLOP


def cores() -> float:
    """Cores busy at peak with merging, the light model and page rules."""
    return loads_a_second(peak=True) * CORE_SECONDS


def feature_bytes() -> float:
    """Bytes of the features of all live posts."""
    return posts() * POST_DAYS * POST_BYTES


def account_bytes(numbers: int = 64, width: int = 2) -> float:
    """Bytes of one vector for each account."""
    return USERS * numbers * width


def features_a_second() -> float:
    """Bytes of features a second that the ranked posts need at peak."""
    return loads_a_second(peak=True) * RANKED * POST_BYTES


def log_a_day(shown_only: bool = True) -> float:
    """Bytes a day of logged rows: what was shown, or all that was ranked."""
    return loads() * (sim.SHOWN if shown_only else RANKED) * ROW_BYTES


def training_over_serving() -> float:
    """Arithmetic of training once on each row shown, over that of ranking the loads that showed them."""
    return 3 * sim.SHOWN / RANKED


def cost_a_day(more: float = 1.0) -> float:
    """Dollars a day: accelerators with a zone to lose, training, cores, lists and features in memory, thirty days of log.

    `more` multiplies the network's arithmetic.
    """
    serving = accelerators_bought(more=more) * 24 * ACCELERATOR_HOUR
    training = more * training_over_serving() * accelerators() / PEAK / UTILIZATION * 24 * ACCELERATOR_HOUR
    busy = cores() / UTILIZATION * 1.5 * 24 * CORE_HOUR
    memory = (COPIES * (list_bytes() + seen_bytes() + feature_bytes())) / 1e9 * 24 * MEMORY_GB_HOUR
    log = log_a_day() * KEPT_DAYS / 1e9 * STORED_GB_MONTH / 30
    return serving + training + busy + memory + log


def revenue_a_day() -> float:
    """Dollars a day that the app earns."""
    return USERS * REVENUE / 30


def budgeted() -> int:
    """Milliseconds that the steps may take together."""
    return sum(BUDGET.values())


# Value


def worth(post: str, week: bool = False) -> float:
    """Value of one of the three example posts, by this page's weights or by those that look at the week."""
    weights = WEEK if week else sim.WEIGHTS
    return sum(weights.get(action, 0.0) * chance for action, chance in EXAMPLES[post].items())


def of(**parts: float) -> dict[str, float]:
    """The actions that are changed, each with its number."""
    return parts


def rate(action: str, **change: dict[str, float]) -> float:
    """How often an action follows an impression, under the given weights or changed ones (see `feed_sim.feed`)."""
    return _feed(change).rate[action]


def satisfied(**change: dict[str, float]) -> float:
    """Share of impressions whose reader would say that the post was worth the time."""
    return _feed(change).satisfied


def moved(action: str, **change: dict[str, float]) -> float:
    """Relative change of how often an action follows an impression."""
    return rate(action, **change) / rate(action) - 1


def own_value(**change: dict[str, float]) -> float:
    """Relative change of the value itself, summed over what is shown, by the given weights."""
    before, after = (sum(sim.WEIGHTS[a] * rate(a, **what) for a in sim.ACTIONS) for what in ({}, change))
    return after / before - 1


def overstated() -> float:
    """Logged over stored comments, both app versions together."""
    return NEW_VERSION * TOUCHES + 1 - NEW_VERSION


def comment_weight(known: bool = False) -> float:
    """What the weight of comments becomes by the overstated label; for the new version alone if the head knows versions."""
    return sim.WEIGHTS["comment"] * (TOUCHES if known else overstated())


def hides_if_known() -> float:
    """Rise of hides over both versions if the head knows versions, so that only the new one's feeds change."""
    return NEW_VERSION * moved("hide", factor=of(comment=TOUCHES))


def points(**change: dict[str, float]) -> float:
    """Change of the satisfied share, as a share of all impressions."""
    return satisfied(**change) - satisfied()


def _feed(change: dict[str, dict[str, float]]) -> sim.Feed:
    return _cached(tuple((what, tuple(sorted(parts.items()))) for what, parts in sorted(change.items())))


@cache
def _cached(change: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]) -> sim.Feed:
    return sim.feed(**{what: dict(parts) for what, parts in change})


def better(*actions: str) -> float:
    """Change of the satisfied share when these heads (all when none is named) see 0.9 of their variance, weights as they are."""
    return points(signal=dict.fromkeys(actions or sim.ACTIONS, 0.9))


@cache
def _pages(change: tuple[tuple[str, tuple[tuple[str, float], ...]], ...]) -> list[set[int]]:
    return [set(page) for page in sim.shown(**{what: dict(parts) for what, parts in change}).tolist()]


def say(action: str, weight: float = 0.0, **change: dict[str, float]) -> float:
    """Share of the shown posts that would be others if the action's weight were zero (or `weight`): what it orders."""
    other = change | {"weights": change.get("weights", {}) | {action: weight}}
    now, then = (
        _pages(tuple((what, tuple(sorted(parts.items()))) for what, parts in sorted(how.items())))
        for how in (change, other)
    )
    return 1 - sum(len(a & b) for a, b in zip(now, then, strict=True)) / (len(now) * sim.SHOWN)


@cache
def variance_share(action: str) -> float:
    """An action's share of the variance of the value over all candidates: what it seems to order."""
    import numpy as np

    whole = sim.value()
    part = sim.WEIGHTS[action] * sim.predicted(action, sim.SIGNAL)
    return float(np.mean((part - part.mean()) * (whole - whole.mean())) / whole.var())


@cache
def open_weight_after(signal: float = 0.9) -> float:
    """The weight of opens at which a better open head leaves satisfaction where it was (bisection)."""
    low, high = 0.0, sim.WEIGHTS["open"]
    for _ in range(12):
        middle = (low + high) / 2
        if satisfied(weights={"open": middle}, signal={"open": signal}) > satisfied():
            low = middle
        else:
            high = middle
    return (low + high) / 2


# Labels


def impressions_for(action: str, precision: float = 0.05) -> float:
    """Impressions until an action's rate is known to ± this share (95 %, independent events)."""
    return (Z / precision) ** 2 * (1 - rate(action)) / rate(action)


def canary_precision(action: str, share: float = 0.01, hours: float = 1.0) -> float:
    """± share to which a canary's observed rate of an action is known."""
    n = impressions() * share * hours / 24
    return Z * math.sqrt((1 - rate(action)) / (rate(action) * n))


def answers_a_day(asked: float = ASKED, share: float = 1.0) -> float:
    """Survey answers a day from this share of the users."""
    return loads() * share * asked * ANSWERED


def days_for_survey(point: float = 0.01, share: float = 0.05, asked: float = ASKED) -> float:
    """Days until two arms of this share each see a difference of so much in the satisfied share (80 % power)."""
    p = satisfied()
    return 2 * z_sum() ** 2 * p * (1 - p) / point**2 / answers_a_day(asked, share)


def calibration_answers(precision: float = 0.05, slices: int = 20) -> float:
    """Answers until the satisfied share of each slice is known to ± this, an even split."""
    p = satisfied()
    return slices * Z**2 * p * (1 - p) / precision**2


def videos_that_outlast(share: float = 0.9) -> float:
    """Share of videos watched for longer than a text post that did better than this share of text posts."""
    normal = NormalDist()
    text = math.log(TEXT_SECONDS) + DWELL_SPREAD * normal.inv_cdf(share)
    return 1 - normal.cdf((text - math.log(VIDEO_SECONDS)) / DWELL_SPREAD)


# Fresh posts


def half_weight(mean: float, spread: float) -> float:
    """Impressions after which a post's own counts weigh as much as what was known before: size of the beta prior."""
    return (1 - mean) / (mean * spread**2) - 1


def hours_to(views: float, tier: str) -> float:
    """Hours until a tier's mean account has so many impressions if each follower's load shows its post."""
    followers = TIERS[tier][1]
    return views / (followers * loads() / USERS / 24)


def explored_share(views: float = EXPLORED_VIEWS) -> float:
    """Share of all impressions that promising each post so many takes."""
    return posts() * views / impressions()


def joins() -> float:
    """People who join in a month, as many as leave."""
    return USERS * (1 - RETURN)


def loads_to_know(topics: int) -> float:
    """Loads until a newcomer's own like rate weighs half on each of so many topics."""
    return topics * half_weight(sim.LIKE_RATE, sim.LIKE_SPREAD) / sim.SHOWN


# Tests


def return_visible(arm: float) -> float:
    """Smallest relative change of the month's return that two arms of so many users see (80 % power)."""
    return z_sum() * math.sqrt(2 * (1 - RETURN) / (RETURN * arm))


def return_interval(arm: float) -> float:
    """Half the width of the 95 % interval of a relative change of return, two arms of so many users."""
    return return_visible(arm) * Z / z_sum()


def users_for_return(change: float) -> float:
    """Users an arm to see a relative change of the month's return (80 % power)."""
    return 2 * (z_sum() / change) ** 2 * (1 - RETURN) / RETURN


def ego_visible(egos: float = EGOS, share: float = FRIENDS_SHARE, past: float = OWN_PAST) -> float:
    """Smallest spill that half of so many egos with treated friends against the other half see, against their own past."""
    noise = COMMENT_SPREAD * math.sqrt(1 - past**2) * math.sqrt(4 / egos)
    return z_sum() * noise / share


def egos_at_most(friends: float) -> float:
    """Egos that there can be when each takes so many friends along and none twice."""
    return USERS / (1 + friends)


# Time up, return down


def base_in_the_end(change: float, invited: float = 0.0) -> float:
    """Active users in the end over today's, when the month's return changes by this share.

    Today as many join as leave; this share of them is brought by the users there are, in proportion to their number.
    """
    kept, joins = RETURN * (1 + change), 1 - RETURN
    return joins * (1 - invited) / (1 - kept - joins * invited)


def base_after(months: float, change: float, invited: float = 0.0) -> float:
    """The same after so many months: the distance to the end shrinks by the share kept and invited each month."""
    end = base_in_the_end(change, invited)
    kept = RETURN * (1 + change) + (1 - RETURN) * invited
    return end + (1 - end) * math.pow(kept, months)


def total_after(months: float, time: float, change: float, invited: float = 0.0) -> float:
    """Relative change of all users' time together."""
    return (1 + time) * base_after(months, change, invited) - 1


def first_month_below(time: float, change: float, invited: float = 0.0) -> int:
    """First month in which all users' time together is below today's."""
    month = 1
    while total_after(month, time, change, invited) >= 0:
        month += 1
    return month


def first_month_in_debt(time: float, change: float, invited: float = 0.0) -> int:
    """First month at whose end all that was gained is lost again, no interest."""
    month, total = 0, 0.0
    while month == 0 or total >= 0:
        month += 1
        total += total_after(month, time, change, invited)
    return month


def return_that_cancels(time: float) -> float:
    """The relative fall of the month's return that in the end takes back such a gain in time."""
    return (1 - (1 - RETURN) * (1 + time)) / RETURN - 1


def monthly_revenue_in_the_end(time: float, change: float, invited: float = 0.0) -> float:
    """Dollars a month gained or lost in the end if revenue follows time."""
    return USERS * REVENUE * ((1 + time) * base_in_the_end(change, invited) - 1)
