"""The worked numbers of one design. Serves docs/systems/moderation.md.

A network of posts, three policies, four actions, and reviewers whose minutes run out. The day is computed on a fine grid of
score and predicted views, so nothing is drawn and nothing is noisy. Constants in capitals are premises of the page and said
as given there.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import ndtr
from scipy.stats import nbinom

from snippets.cases import SECONDS_A_DAY, assistant
from snippets.data_audit.agreement import Agreement, Measured, measured_against
from snippets.framing.pilot import z_sum
from snippets.lifecycle.capacity import servers_for
from snippets.metrics.worked import bisect, detector_from_auc

if TYPE_CHECKING:
    from numpy.typing import NDArray

NORMAL = NormalDist()
Z95 = NORMAL.inv_cdf(0.975)

# Given on the page
POSTS = 10_000_000  # posts a day
VIEWS_A_POST = 400.0  # mean views of a post
SIGMA = 2.0  # standard deviation of the logarithm of a post's views
FORESEEN = 0.5  # share of that variance known when a post is published
HALF_LIFE = 6.0  # hours in which half of a post's views happen, then half of the rest, and so on
PEAK = 3.0  # busiest second over the mean one
REVIEWERS = 60  # on a day, so spread that as many work at night
REVIEW_HOURS = 6.0  # hours of a shift spent on decisions
WAGE = 0.60  # dollars a minute of review, all included
MISS = 0.15  # share of violating posts that a reviewer leaves up
WRONG = 0.03  # share of good posts in the queue that a reviewer takes down
WAIT = 1.0  # hours that a post waits for its review
GOOD_VIEW = 0.002  # dollars that a view of a good post is worth
WRONGED = 4.0  # dollars for an author whose good post is taken down, views apart: appeal, contact, leaving
LIMITED = 0.7  # share of the views that a post loses while its reach is limited
AUTO = 0.9  # probability from which on a post may be taken down without review
REPORT_VIEWS = 2_000.0  # views for one report of a violating post, on average
PLAIN_WRONG = 0.005  # share of good posts in a random sample that a reviewer calls a violation


class Policy(NamedTuple):
    """One rule: how often it is broken, what a view of a violation costs, how well its model ranks, how long a decision takes."""

    name: str
    rate: float  # share of posts
    harm: float  # dollars a view
    auc: float
    minutes: float  # of review


SCAM = Policy("scam", 0.003, 0.01, 0.99, 1.0)
HATE = Policy("hate", 0.002, 0.02, 0.97, 2.0)
THREAT = Policy("threat", 0.0002, 0.10, 0.98, 1.5)
POLICIES = (SCAM, HATE, THREAT)
ACTIONS = ("nothing", "limit", "review", "remove")
WITH_LLM = ("nothing", "limit", "llm", "review", "remove")
LLM_MISS, LLM_WRONG = 0.20, 0.08  # of an LLM on the same posts
APPEAL_GOOD, APPEAL_BAD = 0.30, 0.06  # share of wronged authors who appeal, and of the others
APPEAL_MINUTES = 2.0  # of a second person, for an appeal
PROMPT_TOKENS, VERDICT_TOKENS = 1_500, 30  # guideline and post, verdict with its reasons


# The day on a grid


@dataclass(frozen=True)
class Grid:
    """The posts of a day in cells of one policy's score and of predicted views."""

    policy: Policy
    good: NDArray[np.float64]  # posts
    bad: NDArray[np.float64]  # posts
    views: NDArray[np.float64]  # predicted views of one post of the cell
    p: NDArray[np.float64]  # chance that a post of the cell breaks the rule

    @property
    def posts(self) -> NDArray[np.float64]:
        """Posts of each cell, good and bad."""
        return self.good + self.bad


@cache
def grid(policy: Policy, posts: float = POSTS, foreseen: float = FORESEEN) -> Grid:
    """Posts by score and predicted views, which do not depend on each other: the same views for good and bad posts."""
    mean = detector_from_auc(policy.auc).parts[0][1]
    x = np.arange(-5.0, 9.0, 0.04)
    good, bad = (ndtr(center - x) - ndtr(center - x - 0.04) for center in (0.0, mean))
    good, bad = good / good.sum() * posts * (1 - policy.rate), bad / bad.sum() * posts * policy.rate
    width = SIGMA * math.sqrt(foreseen)
    z = np.arange(-5.0, 7.0, 0.1)
    share, seen = (ndtr(center - z) - ndtr(center - z - 0.1) for center in (0.0, width))
    views = VIEWS_A_POST * (seen / seen.sum()) / (share / share.sum())
    share = share / share.sum()
    return Grid(
        policy,
        np.outer(good, share).ravel(),
        np.outer(bad, share).ravel(),
        np.tile(views, x.size),
        np.repeat(bad / (good + bad), z.size),
    )


def llm_call() -> float:
    """Dollars for one verdict of the LLM, at the Assistant case's prices."""
    return (PROMPT_TOKENS * assistant.input_price + VERDICT_TOKENS * assistant.output_price) / 1e6


def left_after(hours: float) -> float:
    """Share of a post's views that are still to come at this age."""
    return math.exp2(-hours / HALF_LIFE)


def after_llm(p: NDArray[np.float64], wrong: float = LLM_WRONG, miss: float = LLM_MISS) -> NDArray[np.float64]:
    """Probability of a violation once the LLM has called the post one, its errors independent of the score."""
    yes = p * (1 - miss)
    return yes / (yes + (1 - p) * wrong)


def llm_may_remove_from() -> float:
    """Probability from which on the LLM's yes reaches the floor: the floor's odds over the LLM's ratio of hits to false alarms."""
    odds = AUTO / (1 - AUTO) / ((1 - LLM_MISS) / LLM_WRONG)
    return odds / (1 + odds)


def costs(
    g: Grid, wait: float = WAIT, floor: float = AUTO, llm_wrong: float = LLM_WRONG, llm_miss: float = LLM_MISS
) -> dict[str, NDArray[np.float64]]:
    """Expected dollars of each action on a post of each cell: harm of views, lost good views, wronged authors.

    A post that waits for review is limited meanwhile where that is cheaper. Reviewers' pay is not in it: they are there. Below
    `floor` nothing is removed without review. An LLM decides at once; what it calls a violation is removed where that is cheaper
    and lifts the probability to the floor, and is limited elsewhere.
    """
    harm, good = g.p * g.policy.harm * g.views, (1 - g.p) * GOOD_VIEW * g.views
    left = left_after(wait)
    wronged = (1 - g.p) * WRONGED
    limited = harm * (1 - LIMITED) + good * LIMITED
    waiting = np.minimum(harm, limited) * (1 - left)
    missed = harm * llm_miss + llm_call()
    llm_limits = missed + harm * (1 - llm_miss) * (1 - LIMITED) + llm_wrong * good * LIMITED
    llm_removes = missed + llm_wrong * (wronged + good)
    may_remove = after_llm(g.p, llm_wrong, llm_miss) >= floor
    return {
        "nothing": harm,
        "limit": limited,
        "review": waiting + harm * left * MISS + WRONG * (wronged + good * left),
        "llm": np.where(may_remove, np.minimum(llm_removes, llm_limits), llm_limits),
        "remove": np.where(g.p >= floor, wronged + good, np.inf),
    }


def appeal_minutes(p: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Minutes of appeals that each action on a post brings, if limits are told to authors and appealed like removals."""
    good, bad = (1 - p) * APPEAL_GOOD * APPEAL_MINUTES, p * APPEAL_BAD * APPEAL_MINUTES
    return {
        "limit": good + bad,
        "remove": good + bad,
        "review": WRONG * good + (1 - MISS) * bad,
        "llm": LLM_WRONG * good + (1 - LLM_MISS) * bad,
    }


class Chosen(NamedTuple):
    """What becomes of one policy's posts under one action."""

    good: float
    bad: float
    bad_views: float  # predicted views of the bad ones, before any action


class Plan(NamedTuple):
    """A day with the cheapest action for each post."""

    cost: float
    minutes: float  # of review
    chosen: dict[tuple[str, str], Chosen]  # by policy and action


def plan(
    minute_price: float,
    actions: tuple[str, ...] = ACTIONS,
    wait: float = WAIT,
    posts: float = POSTS,
    auc: float = 0.0,
    floor: float = AUTO,
    policies: tuple[Policy, ...] = POLICIES,
    foreseen: float = FORESEEN,
    appeals: bool = False,
) -> Plan:
    """The cheapest action for each post when a minute of review is charged this much; another AUC for all rules if given.

    With `appeals` each limit and removal also takes the minutes of its appeals.
    """
    cost = minutes = 0.0
    chosen = {}
    for policy in policies:
        g = grid(policy._replace(auc=auc) if auc else policy, posts, foreseen)
        by_action, appealed = costs(g, wait, floor), appeal_minutes(g.p)
        real = np.array([by_action[action] for action in actions])
        nobody = np.zeros_like(g.p)
        work = np.array(
            [appeals * appealed.get(action, nobody) + policy.minutes * (action == "review") for action in actions]
        )
        best = (real + minute_price * work).argmin(axis=0)
        cost += float((np.take_along_axis(real, best[None], 0)[0] * g.posts).sum())
        for i, action in enumerate(actions):
            cell = best == i
            chosen[policy.name, action] = Chosen(
                float(g.good[cell].sum()), float(g.bad[cell].sum()), float((g.bad * g.views)[cell].sum())
            )
            minutes += float((g.posts * work[i])[cell].sum())
    return Plan(cost, minutes, chosen)


def minutes_a_day(reviewers: float = REVIEWERS) -> float:
    """Reviewers times the minutes of a shift that go into decisions."""
    return reviewers * REVIEW_HOURS * 60


@cache
def fitted(
    actions: tuple[str, ...] = ACTIONS,
    reviewers: float = REVIEWERS,
    wait: float = WAIT,
    posts: float = POSTS,
    auc: float = 0.0,
    floor: float = AUTO,
    foreseen: float = FORESEEN,
    appeals: bool = False,
) -> tuple[float, Plan]:
    """The price of a reviewer's minute at which the reviews fit into the day, and the day's plan at that price."""
    low, high = 0.0, 16.0
    for _ in range(18):
        middle = (low + high) / 2
        day = plan(middle, actions, wait, posts, auc, floor, foreseen=foreseen, appeals=appeals)
        low, high = (low, middle) if day.minutes <= minutes_a_day(reviewers) else (middle, high)
    return high, plan(high, actions, wait, posts, auc, floor, foreseen=foreseen, appeals=appeals)


# What is at stake


def harm_untouched() -> float:
    """Dollars of harm a day when nothing is taken down: posts, rate, views and harm a view, over the three rules."""
    return sum(POSTS * policy.rate * VIEWS_A_POST * policy.harm for policy in POLICIES)


def day_cost(*actions: str) -> float:
    """Dollars a day with these actions beside doing nothing, each post getting the cheapest, reviews as many as fit."""
    return fitted(("nothing", *actions))[1].cost


def minute_price(reviewers: float = REVIEWERS, volume: float = 1.0) -> float:
    """Dollars that one more minute of review would save in a day, with all four actions."""
    return fitted(reviewers=reviewers, posts=POSTS * volume)[0]


@cache
def reviewers_that_pay(volume: float = 1.0) -> int:
    """Reviewers up to whom the next minute saves more than it is paid."""
    used = plan(WAGE, posts=POSTS * volume).minutes
    return math.floor(used / minutes_a_day(1))


def cost_with(reviewers: float = REVIEWERS, volume: float = 1.0, wait: float = WAIT, auc: float = 0.0) -> float:
    """Dollars a day with all four actions and this many reviewers, their pay left out."""
    return fitted(reviewers=reviewers, posts=POSTS * volume, wait=wait, auc=auc)[1].cost


def cost_if_foreseen(share: float) -> float:
    """Dollars a day when this share of the views' variance is known at publishing."""
    return fitted(foreseen=share)[1].cost


def limited_good() -> float:
    """Good posts a day whose reach is limited."""
    return taken("limit", "good")


def appeals_of_limits() -> float:
    """Minutes of appeals a day over all minutes, if each of those limits is told to its author and appealed like a removal."""
    minutes = (taken("limit", "good") * APPEAL_GOOD + taken("limit", "bad") * APPEAL_BAD) * APPEAL_MINUTES
    return minutes / minutes_a_day()


def with_appeals() -> Plan:
    """The day when the minutes of appeals come out of the reviewers' too, so a limit is charged with its own."""
    return fitted(appeals=True)[1]


def limits_with_appeals() -> float:
    """Posts that are limited a day then."""
    return sum(c.good + c.bad for (_, action), c in with_appeals().chosen.items() if action == "limit")


def appeals_share() -> float:
    """Share of all minutes that appeals take then."""
    reviewed = {name: c.good + c.bad for (name, action), c in with_appeals().chosen.items() if action == "review"}
    return 1 - sum(reviewed[p.name] * p.minutes for p in POLICIES) / with_appeals().minutes


BUSY, BUSY_HOURS = 1.75, 8.0  # load of the busy hours over the mean one, and how many there are


def flat_staff_costs() -> float:
    """Dollars a day that staffing all hours alike costs against staffing by load: each hour has its own price of a minute."""
    share = BUSY_HOURS / 24
    quiet = (1 - BUSY * share) / (1 - share)
    busy, rest = (load * cost_with(REVIEWERS / load) for load in (BUSY, quiet))
    return share * busy + (1 - share) * rest - cost_with()


def reserve_costs() -> float:
    """Dollars a day that keeping the reviewers at 85 % costs."""
    return cost_with(REVIEWERS * UTILIZATION) - cost_with()


def holding_saves() -> float:
    """Dollars a day that holding the reviewed posts until their verdict saves: no views in the hour they wait."""
    return cost_with() - cost_with(wait=0.0)


def taken(action: str, what: str = "posts", policy: str = "") -> float:
    """Posts, good, bad or bad views that get this action in the fitted day, of one policy or of all."""
    cells = [c for (name, act), c in fitted()[1].chosen.items() if act == action and policy in ("", name)]
    return sum(c.good + c.bad if what == "posts" else getattr(c, what) for c in cells)


def untouched(what: str) -> float:
    """Share of the violating posts (bad), or of their views (bad_views), that the cheapest plan leaves alone."""
    return taken("nothing", what) / sum(taken(action, what) for action in ACTIONS)


def top_share(top: float = 0.01, foreseen: float = 1.0) -> float:
    """Share of all views that fall on this share of the posts, the most seen ones (lognormal), or those foreseen as such."""
    return NORMAL.cdf(SIGMA * math.sqrt(foreseen) - NORMAL.inv_cdf(1 - top))


def limit_line(policy: Policy) -> float:
    """Probability from which on limiting beats doing nothing: both sides grow with the views, so these drop out."""
    return GOOD_VIEW / (GOOD_VIEW + policy.harm)


def removal_line(policy: Policy, views: float) -> float:
    """Probability from which on removing a post beats doing nothing: (4 + good views) over that and the harm."""
    wrong = WRONGED + GOOD_VIEW * views
    return wrong / (wrong + policy.harm * views)


def cost_without_floor() -> float:
    """Dollars a day when prices alone decide what is removed without review."""
    return fitted(floor=0.0)[1].cost


def wrong_without_review(floor: float = AUTO) -> float:
    """Share of good posts among those removed without review."""
    cells = [c for (_, action), c in fitted(floor=floor)[1].chosen.items() if action == "remove"]
    return sum(c.good for c in cells) / sum(c.good + c.bad for c in cells)


def wrong_after_review() -> float:
    """Share of good posts among those that reviewers remove."""
    good, bad = taken("review", "good") * WRONG, taken("review", "bad") * (1 - MISS)
    return good / (good + bad)


# People

GRAPHIC_HOURS = 1.0  # hours a day that one person may spend on threats


def minutes_on(policy: Policy) -> float:
    """Minutes of review a day that one rule takes in the fitted day."""
    return taken("review", "posts", policy.name) * policy.minutes


def graphic_limit() -> float:
    """Minutes of review a day that may go to threats: reviewers times the hours each may see them."""
    return REVIEWERS * GRAPHIC_HOURS * 60


@cache
def cost_of_the_limit() -> float:
    """Dollars a day that keeping to the limit costs: threats get their own, higher price of a minute, the rest what is left."""

    def cheapest(policies: tuple[Policy, ...], minutes: float) -> float:
        price = bisect(lambda x: plan(x, policies=policies).minutes <= minutes, 0.0, 16.0)
        return plan(price, policies=policies).cost

    limit = min(graphic_limit(), minutes_on(THREAT))
    return cheapest((THREAT,), limit) + cheapest((SCAM, HATE), minutes_a_day() - limit) - cost_with()


# The queue


class Queue(NamedTuple):
    """A day's queue in some order; posts that nobody reviews get the cheapest of nothing, limit and removal from the floor on."""

    reviews: float
    precision: float  # share of the reviewed that break a rule
    removed: float  # violating posts taken down by reviewers
    saved: float  # dollars that the reviews save
    auto: float  # violating posts taken down without review
    proactive: float  # violating posts taken down before a report, over those and the reported ones


def report_chance(views: NDArray[np.float64]) -> NDArray[np.float64]:
    """Chance that a violating post is reported, 1 − e^(−views / 2,000), over what its views turn out to be."""
    z, weight = np.polynomial.hermite_e.hermegauss(20)
    spread = SIGMA * math.sqrt(1 - FORESEEN)
    seen = views[:, None] * np.exp(spread * z - spread**2 / 2)
    return np.average(-np.expm1(-seen / REPORT_VIEWS), axis=1, weights=weight)


@cache
def queue(order: str, minutes: float = minutes_a_day()) -> Queue:
    """The day when the queue is ordered by `score`, by `severity` (score × harm a view), `spoken` or `gain` (both a minute).

    `spoken` is score × harm a view × predicted views, `gain` what the review saves against the cheapest other action. No order
    reviews a post where that is nothing, and each waits an hour. From the floor on a post is removed at once.
    """
    rows = []
    for policy in POLICIES:
        g, one = grid(policy), np.ones(grid(policy).p.size)
        by_action = costs(g)
        other = np.minimum(by_action["nothing"], by_action["limit"])
        stays = np.where(by_action["limit"] < by_action["nothing"], 1 - LIMITED, 1.0)
        saves = other - by_action["review"]
        rows.append(np.array([g.p, g.views, g.posts, one * policy.minutes, one * policy.harm, saves, stays]))
    joined = np.concatenate(rows, axis=1)
    auto = joined[0] >= AUTO
    auto_posts = float((joined[0] * joined[2])[auto].sum())
    p, views, posts, per, harm, saves, stays = joined[:, ~auto]
    key = {"score": p, "severity": p * harm, "spoken": p * harm * views / per, "gain": saves / per}[order]
    turn = np.argsort(np.where(saves > 0, -key, np.inf), kind="stable")
    need = posts[turn] * per[turn]
    seen = np.empty_like(posts)
    seen[turn] = np.clip((minutes - (np.cumsum(need) - need)) / need, 0.0, 1.0)
    reviewed, hit = posts * seen, posts * seen * p
    found = float(hit.sum()) * (1 - MISS) + auto_posts
    reported = float(((posts * p - hit * (1 - MISS)) * report_chance(views * stays)).sum())
    return Queue(
        float(reviewed.sum()),
        float(hit.sum() / reviewed.sum()),
        float(hit.sum()) * (1 - MISS),
        float((reviewed * saves).sum()),
        auto_posts,
        found / (found + reported),
    )


def best_half() -> float:
    """Share of what a full day's queue saves that the first half of its minutes saves, ordered by gain."""
    return queue("gain", minutes_a_day() / 2).saved / queue("gain").saved


# A spike

UTILIZATION = 0.85  # of the reviewers on an ordinary hour, when a reserve is kept
SPIKE = 2.0  # arrivals over the ordinary ones
SPIKE_HOURS = 4.0


def capacity_an_hour() -> float:
    """Minutes of review that an hour holds, shifts spread evenly."""
    return minutes_a_day() / 24


def reviewers_at_once() -> float:
    """Reviewers who decide at the same time, on average."""
    return capacity_an_hour() / 60


def backlog() -> float:
    """Minutes of review that wait when the spike ends: what came less what was done."""
    return (SPIKE * UTILIZATION - 1) * capacity_an_hour() * SPIKE_HOURS


def longest_wait() -> float:
    """Hours that the last post of the spike waits, first in, first out: the backlog over capacity."""
    return backlog() / capacity_an_hour()


def hours_to_drain() -> float:
    """Hours after the spike until the backlog is gone: it shrinks by the reserve only."""
    return backlog() / ((1 - UTILIZATION) * capacity_an_hour())


def lost_in_order() -> float:
    """Share of the preventable harm of the affected hours that happens while posts wait in order of arrival.

    The wait rises straight to its maximum while the spike comes in, and falls straight to zero while it drains.
    """
    decay, top = math.log(2) / HALF_LIFE, longest_wait()
    return 1 - (1 - math.exp(-decay * top)) / (
        decay * top
    )  # a wait is uniform from none to the longest, in both phases


def affected_work() -> float:
    """Minutes of review that arrive from the start of the spike until the backlog is gone."""
    return UTILIZATION * capacity_an_hour() * (SPIKE * SPIKE_HOURS + hours_to_drain())


def lost_by_gain() -> float:
    """The same share when the least valuable posts of the spike are never reviewed and the others hardly wait."""
    done = 1 / (SPIKE * UTILIZATION)  # share of the spike's minutes that can be done
    whole = minutes_a_day() * UTILIZATION
    kept = queue("gain", whole * done).saved / queue("gain", whole).saved
    return (1 - kept) * UTILIZATION * SPIKE * SPIKE_HOURS * capacity_an_hour() / affected_work()


# Prevalence


def views_for(prevalence: float, within: float) -> float:
    """Views drawn at random for a 95 % interval of ± this share of the prevalence."""
    return Z95**2 * (1 - prevalence) / prevalence / within**2


def prevalence_after(policy: Policy) -> float:
    """Share of all views that break this rule after the fitted day's actions."""
    left = left_after(WAIT)
    keep = {"nothing": 1.0, "limit": 1 - LIMITED, "review": 1 - left + left * MISS, "remove": 0.0}
    return sum(taken(a, "bad_views", policy.name) * keep[a] for a in ACTIONS) / (POSTS * VIEWS_A_POST)


def random_share() -> float:
    """Prevalence of hate after moderation, the number that the sample is to find."""
    return prevalence_after(HATE)


def _views_left() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Share of the views that remain for each cell of hate after the fitted day, and its chance of a violation."""
    g = grid(HATE)
    by_action = costs(g)
    charged = np.array([by_action[a] + (minute_price() * HATE.minutes if a == "review" else 0.0) for a in ACTIONS])
    left = left_after(WAIT)
    keep = np.array([1.0, 1 - LIMITED, 1 - left + left * MISS, 0.0])[charged.argmin(axis=0)]
    weight = g.posts * g.views * keep
    return weight[weight > 0] / weight.sum(), g.p[weight > 0]


def sampling(uniform: float, looks: int = 0) -> tuple[float, float]:
    """Variance of one draw's estimate of hate's prevalence, and the share of draws that the first look calls a violation.

    A part is drawn at random, the rest in proportion to views × √(p(1 − p)), each weighted by one over its chance (calibrated
    scores). With `looks` so many of our reviewers must agree, and what they miss and mistake on average is corrected.
    """
    weight, p = _views_left()
    spread = weight * np.sqrt(p * (1 - p))
    draw = uniform * weight + (1 - uniform) * spread / spread.sum()
    sensitivity, wrong = ((1 - MISS) ** looks, PLAIN_WRONG**looks) if looks else (1.0, 0.0)
    yes = p * sensitivity + (1 - p) * wrong
    variance = float((weight**2 * yes / draw).sum()) - float((weight * yes).sum()) ** 2
    first = p * (1 - MISS) + (1 - p) * PLAIN_WRONG
    return variance / (sensitivity - wrong) ** 2, float((draw * first).sum())


def steered_gain(uniform: float = 0.5) -> float:
    """How many random views one view is worth when half are drawn at random and half by the score, judges without error."""
    return sampling(1.0)[0] / sampling(uniform)[0]


@cache
def sample_share(within: float = 0.3, days: int = 30) -> float:
    """Share of all minutes that a month's interval of ± this share takes for hate, half steered, each find seen by a second."""
    variance, first = sampling(0.5, looks=2)
    weight, p = _views_left()
    views = Z95**2 * variance / (within * float((weight * p).sum())) ** 2
    return views * (1 + first) * HATE.minutes / (days * minutes_a_day())


def sample_cost() -> float:
    """Dollars a day that those minutes would have saved in the queue."""
    return sample_share() * minutes_a_day() * minute_price()


def read_prevalence(true: float, sensitivity: float = 1 - MISS, wrong: float = PLAIN_WRONG, looks: int = 1) -> float:
    """Share that reviewers call violations in a random sample, when so many independent looks must all say so."""
    return true * sensitivity**looks + (1 - true) * wrong**looks


# Labels


def two_reviewers(prevalence: float, wrong: float = WRONG) -> Agreement:
    """Agreement of two of our reviewers who err independently, where this share breaks the rule."""
    yes = read_prevalence(prevalence, wrong=wrong)
    both = read_prevalence(prevalence, wrong=wrong, looks=2)
    observed, chance = 1 - 2 * (yes - both), yes**2 + (1 - yes) ** 2
    return Agreement(observed, chance, (observed - chance) / (1 - chance))


def perfect_model() -> Measured:
    """Precision and recall that a model without any error shows against single labels of our reviewers, on their queue."""
    bad = queue("gain").precision
    spurious = (1 - bad) * WRONG / read_prevalence(bad, wrong=WRONG)
    return measured_against(1.0, 1.0, bad, 1 - MISS, spurious)


OLD_LABELS = 400_000  # labels of hate from the last year, under the old guideline
MOVED = 0.06  # share of the labels where the new guideline's verdict, by the LLM, differs from the old label
AUDITED = 2_000  # of the rest that people look at, drawn at random


def relabel_all() -> float:
    """Dollars for reviewing every old label again."""
    return OLD_LABELS * HATE.minutes * WAGE


def relabel_all_days() -> float:
    """Days of all reviewers for it."""
    return OLD_LABELS * HATE.minutes / minutes_a_day()


def relabel_changed() -> float:
    """Dollars for one LLM pass over all, and people on what moved and on a random part of the rest."""
    return OLD_LABELS * llm_call() + (OLD_LABELS * MOVED + AUDITED) * HATE.minutes * WAGE


def relabel_changed_days() -> float:
    """Days of all reviewers for it."""
    return (OLD_LABELS * MOVED + AUDITED) * HATE.minutes / minutes_a_day()


def unseen_flips() -> float:
    """Upper end of a one-sided 95 % interval for labels wrongly kept when the audit of the rest finds none."""
    return 1 - math.pow(0.05, 1 / AUDITED)


# Appeals


class Language(NamedTuple):
    """Removals of one language: how many were wrong, and who appeals."""

    wrong: float  # share of the removals that hit a good post
    good_appeal: float  # share of wronged authors who appeal
    bad_appeal: float  # share of the others who do


MAIN = Language(0.05, APPEAL_GOOD, APPEAL_BAD)
SMALL = Language(0.10, 0.10, APPEAL_BAD)  # the form is in another language: fewer wronged authors find it


def overturn_rate(language: Language, granted: float = 1.0) -> float:
    """Share of appeals that are won, when wronged authors win with this chance and the others lose."""
    good = language.wrong * language.good_appeal
    return good * granted / (good + (1 - language.wrong) * language.bad_appeal)


def appeal_rate(language: Language) -> float:
    """Share of removals that are appealed."""
    return language.wrong * language.good_appeal + (1 - language.wrong) * language.bad_appeal


def called_good(share: float, looks: int) -> float:
    """Share of removals that so many of our reviewers, one after the other, all call good when this share is (0: no errors)."""
    return share * (1 - WRONG) ** looks + (1 - share) * MISS**looks if looks else share


def audit_size(share: float = MAIN.wrong, other: float = SMALL.wrong, looks: int = 2) -> float:
    """Removals a side to be looked at again to tell these shares of wrong ones apart, at 5 % two-sided and 80 % power.

    What the first reviewer calls good, a second one sees.
    """
    one, two = called_good(share, looks), called_good(other, looks)
    return z_sum() ** 2 * (one * (1 - one) + two * (1 - two)) / (one - two) ** 2


# Slices

SHIFT = 0.5  # standard deviations by which good posts of a dialect score higher


def dialect_ratio(probability: float = AUTO, shift: float = SHIFT) -> float:
    """How many times as often a good post of the dialect is removed, with the line of the whole."""
    model = detector_from_auc(HATE.auc)
    cut = model.cut_at(probability, HATE.rate)
    return NORMAL.cdf(shift - cut) / NORMAL.cdf(-cut)


# Adversaries


def mean_recall(interval: float, half_life: float) -> float:
    """Mean share of a detector's first recall over an interval between updates, when it halves in `half_life` (same unit)."""
    x = math.log(2) * interval / half_life
    return (1 - math.exp(-x)) / x


def proactive(found: float, reported: float) -> float:
    """Violating posts found before a report, over those and the reported ones."""
    return found / (found + reported)


# Two numbers that moved: the prompts

FOUND, REPORTED = 92_000, 8_000  # violating posts of a quarter, found first or reported first
WAVE = 160_000  # copies of known spam, removed by fingerprint
SAMPLED = 20_000  # views drawn at random in each quarter
BEFORE, AFTER = 20, 26  # of them violating


def reports_for(rate: float) -> float:
    """Reports at which the same finds give this proactive rate."""
    return FOUND * (1 - rate) / rate


def z_of_rise() -> float:
    """Standard errors between the two quarters' finds (two Poisson counts)."""
    return (AFTER - BEFORE) / math.sqrt(AFTER + BEFORE)


def ratio_interval() -> tuple[float, float]:
    """95 % interval for this quarter's prevalence over the last one's (two Poisson counts, on the log scale)."""
    half = Z95 * math.sqrt(1 / AFTER + 1 / BEFORE)
    return AFTER / BEFORE * math.exp(-half), AFTER / BEFORE * math.exp(half)


def views_to_compare(power: float = 0.8) -> float:
    """Random views a quarter that tell the two prevalences apart, at 5 % two-sided."""
    before, after = BEFORE / SAMPLED, AFTER / SAMPLED
    return z_sum(power) ** 2 * (before + after) / (after - before) ** 2


REMOVALS = 8_000  # a week in the language
WRONG_BEFORE, WRONG_NOW = 0.03, 0.06  # shares of them that hit good posts, if the removals got worse
GOOD_APPEALS, GOOD_APPEALS_NOW = 0.20, 0.40  # share of wronged authors who appeal, before, and with a translated form
APPEALS = 400  # a week, before and now
WON_BEFORE, WON_NOW = 48, 96
PAUSED_SHARE = 0.10  # of the network's posts are in this language


def won_if(wrong: float, appeal: float) -> float:
    """Appeals a week that are won when this share of the removals is wrong and this share of the wronged appeals."""
    return REMOVALS * wrong * appeal


def pause_cost() -> float:
    """Dollars a day for the language when nothing is removed without review there: a tenth of the network's difference."""
    return PAUSED_SHARE * (day_cost("limit", "review") - cost_with())


def recheck_hours() -> float:
    """Hours of review for the re-review of removals before and after, with a second look at what the first calls good."""
    both = sum(1 + called_good(share, 1) for share in (WRONG_BEFORE, WRONG_NOW))
    return audit_size(WRONG_BEFORE, WRONG_NOW) * both * HATE.minutes / 60


def lost_expected(wrong: float = WRONG_BEFORE) -> float:
    """Lost appeals a week if the rightly removed appeal as before and this share of the removals is wrong."""
    return (APPEALS - WON_BEFORE) * (1 - wrong) / (1 - WRONG_BEFORE)


def lost_z(wrong: float = WRONG_BEFORE) -> float:
    """Standard errors by which the lost appeals are below that (Poisson)."""
    return (lost_expected(wrong) - (APPEALS - WON_NOW)) / math.sqrt(lost_expected(wrong))


def recheck_cost() -> float:
    """Dollars of review for it."""
    return recheck_hours() * 60 * WAGE


# Serving and capacity

TEXT_MS, IMAGE_MS = 5.0, 20.0  # milliseconds: of a core for a post's text, of an accelerator for an image
IMAGES = 0.4  # share of posts with an image
FEATURES, BYTES = 300, 4
EMBEDDING = 256  # bytes of a post's fingerprint and quantized vector in the near-copy index
INDEX_DAYS = 90


def posts_at_peak() -> float:
    """Posts in the busiest second."""
    return POSTS / SECONDS_A_DAY * PEAK


def text_cores() -> float:
    """Cores that the text models keep busy at the peak."""
    return posts_at_peak() * TEXT_MS / 1_000


def accelerators() -> float:
    """Accelerators that the image models keep busy at the peak."""
    return posts_at_peak() * IMAGES * IMAGE_MS / 1_000


def accelerators_needed() -> int:
    """Accelerators behind one queue so that 99 % of images are done in a second (M/M/c)."""
    return servers_for(posts_at_peak() * IMAGES, IMAGE_MS / 1_000, 1.0)


def llm_a_day(share: float) -> float:
    """Dollars a day for an LLM verdict on this share of the posts."""
    return POSTS * share * llm_call()


def llm_calls_at_peak() -> float:
    """Calls of the LLM in the busiest second."""
    return llm_reads() / SECONDS_A_DAY * PEAK


def llm_tokens_at_peak() -> float:
    """Tokens in and out in the busiest minute."""
    return llm_calls_at_peak() * 60 * (PROMPT_TOKENS + VERDICT_TOKENS)


def log_a_day() -> float:
    """Bytes of the decision log a day: three scores and 300 features of a post, four bytes each."""
    return POSTS * (FEATURES + len(POLICIES)) * BYTES


def index_bytes() -> float:
    """Bytes of fingerprints of the last 90 days' removed posts."""
    removed = taken("remove", "posts") + taken("review", "bad")
    return removed * INDEX_DAYS * EMBEDDING


# Rollback

BAD_SHARE = 0.01  # share of good posts that a broken release removes
QUARTER = 0.25  # hours
FORECAST_ERROR = 0.25  # standard deviation of a quarter's forecast, over it
SHARP = 1e-4  # a forecast without error, nearly: then counts are Poisson


def auto_a_quarter(policy: Policy = HATE) -> float:
    """Removals without review in a quarter of an hour, one rule, on average."""
    return taken("remove", "posts", policy.name) * QUARTER / 24


def false_trips_a_day(limit: int, policy: Policy = HATE, error: float = FORECAST_ERROR) -> float:
    """Trips a day of a healthy rule at this limit: Poisson around a rate that is gamma around the quarter's forecast."""
    mean, shape = auto_a_quarter(policy), 1 / error**2
    return 24 / QUARTER * float(nbinom.sf(limit - 1, shape, shape / (shape + mean)))


def hour_tripped() -> float:
    """Dollars an hour that limiting and queueing instead of removing costs."""
    return (day_cost("limit", "review") - cost_with()) / 24


def twice(policy: Policy = HATE) -> int:
    """Twice the removals that a quarter of an hour is forecast to have."""
    return math.ceil(2 * auto_a_quarter(policy))


@cache
def cap(policy: Policy = HATE, error: float = FORECAST_ERROR) -> int:
    """Removals in a quarter of an hour at which the switch trips: a healthy rule reaches them less than once in a year."""
    return next(n for n in range(1, 10_000) if false_trips_a_day(n, policy, error) < 1 / 365)


def seconds_to_trip() -> float:
    """Seconds until a broken release has made that many removals."""
    return cap() / (POSTS * BAD_SHARE / SECONDS_A_DAY)


def broken_a_day() -> float:
    """Good posts that it would remove in a day."""
    return POSTS * BAD_SHARE


def damage_of(hours: float) -> float:
    """Dollars when a broken release runs so long and all is restored then: authors, and the views gone by meanwhile."""
    posts = broken_a_day() * hours / 24
    lost = 1 - mean_recall(hours, HALF_LIFE)  # views lost by a post that was taken down at a uniform time before
    return posts * (WRONGED + GOOD_VIEW * VIEWS_A_POST * lost)


# An experiment and updates


def days_to_compare(change: float = 0.1, share: float = 0.05) -> float:
    """Days until this change in hate's views shows on this share of authors, at 80 % power: by the luck of views alone.

    The violating posts of an arm are independent, each with lognormal views, and the other arm is large.
    """
    each = math.exp(SIGMA**2)  # mean square of a post's views over its squared mean
    return z_sum() ** 2 * each / change**2 / (POSTS * HATE.rate * share)


def daily_instead_of_weekly(half_life: float = 14.0) -> float:
    """Dollars a day of scams that daily instead of weekly updates would save, if what is saved follows recall."""
    untouched = POSTS * SCAM.rate * VIEWS_A_POST * SCAM.harm
    saved = untouched - plan(minute_price(), policies=(SCAM,)).cost
    return saved * (mean_recall(1, half_life) - mean_recall(7, half_life))


# Other worlds

NEW_AUC = 0.90  # of all rules in a language that the models hardly know
NEW_SHARE = 0.10  # of today's posts


def new_language(reviewers: float = 0.0) -> float:
    """Dollars a day of a new language with a tenth of today's posts, models of AUC 0.90 and so many reviewers."""
    if not reviewers:
        return plan(0.0, ("nothing", "limit", "remove"), posts=POSTS * NEW_SHARE, auc=NEW_AUC).cost
    return cost_with(reviewers, NEW_SHARE, auc=NEW_AUC)


def new_language_by_llm(errors: float = 2.0) -> float:
    """Dollars a day there without people, the LLM erring so many times as often as in the languages it was measured in."""
    return llm_instead(LLM_WRONG * errors, LLM_MISS * errors, POSTS * NEW_SHARE, NEW_AUC)


def new_language_untouched() -> float:
    """Dollars a day of its harm when nothing is done."""
    return harm_untouched() * NEW_SHARE


# An LLM as reviewer


def llm_instead(wrong: float = LLM_WRONG, miss: float = LLM_MISS, posts: float = POSTS, auc: float = 0.0) -> float:
    """Dollars a day when an LLM with this share of wrong removals decides what people would, at its price a call."""
    cost = 0.0
    for policy in POLICIES:
        g = grid(policy._replace(auc=auc) if auc else policy, posts)
        by_action = costs(g, llm_wrong=wrong, llm_miss=miss)
        best = np.minimum.reduce([by_action[a] for a in ("nothing", "limit", "llm", "remove")])
        cost += float((best * g.posts).sum())
    return cost


@cache
def llm_break_even() -> float:
    """Share of good posts that the LLM may take down until people, their pay included, cost no more than it does."""
    people = cost_with() + minutes_a_day() * WAGE
    return bisect(lambda wrong: llm_instead(wrong) >= people, 0.0, 1.0)


def llm_beside() -> float:
    """Dollars a day when each post gets the cheapest of all five actions and the reviewers stay."""
    return fitted(WITH_LLM)[1].cost


def minute_beside_llm() -> float:
    """Dollars that one more minute of review saves in a day when the LLM decides too."""
    return fitted(WITH_LLM)[0]


def llm_beside_with_appeals() -> Plan:
    """The same day when the minutes of appeals come out of the reviewers' too."""
    return fitted(WITH_LLM, appeals=True)[1]


def llm_reads(day: Plan | None = None) -> float:
    """Posts that get the LLM's verdict in a day, the one without appeals if none is given."""
    chosen = (day or fitted(WITH_LLM)[1]).chosen
    return sum(c.good + c.bad for (_, action), c in chosen.items() if action == "llm")


def llm_appeals() -> float:
    """Minutes of appeals against the LLM's verdicts over all minutes, in the day without them."""
    cells = [c for (_, action), c in fitted(WITH_LLM)[1].chosen.items() if action == "llm"]
    good, bad = sum(c.good for c in cells) * LLM_WRONG, sum(c.bad for c in cells) * (1 - LLM_MISS)
    return (good * APPEAL_GOOD + bad * APPEAL_BAD) * APPEAL_MINUTES / minutes_a_day()


def audit_llm(within: float = 0.03) -> float:
    """Violating posts that people must have judged to know the LLM's miss rate within ± this, for one rule and language."""
    return Z95**2 * LLM_MISS * (1 - LLM_MISS) / within**2
