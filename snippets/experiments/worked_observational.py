"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/experiments/observational.md.

Premises of the page and of its prompts are constants in capitals, said as given on the page; all else is derived from them and
from `snippets.cases`. What is simulated names its seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from itertools import product
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from snippets.cases import assistant, marketplace
from snippets.experiments.bandits import Choose, drop_behind, play, split, split_then_best, thompson, ucb
from snippets.experiments.causal import Did, bias_factor, did, e_value
from snippets.experiments.offpolicy import Value, doubly_robust, ips, snips
from snippets.experiments.power import power_of, visible
from snippets.systems.recommendation import HOME_CLICK_RATE

NORMAL = NormalDist()
Z = NORMAL.inv_cdf(0.975)
FIXED = Z + NORMAL.inv_cdf(0.8)  # z that a test has on average when its power is 80 %
Floats = npt.NDArray[np.float64]

# One question, three ways: alerts for saved searches


@dataclass(frozen=True)
class World:
    """A population in which every chance is known: hidden cause, one column, one door, treatment, outcome."""

    hidden: float  # share with the hidden cause
    active: tuple[float, float]  # chance of the measured column without and with it
    door: float  # share with the door, which depends on nothing and changes nothing but the treatment
    treated: Callable[[int, int, int], float]  # chance of treatment by hidden, column, door
    base: Callable[[int, int], float]  # chance of the outcome without treatment, by hidden and column
    effect: float  # added by treatment, the same for everybody

    def cells(self) -> Floats:
        """Rows of hidden, column, door, weight, chance of treatment, chance of the outcome without it."""
        rows = []
        for h, a, d in product((0, 1), repeat=3):
            weight = (self.hidden, 1 - self.hidden)[1 - h]
            weight *= self.active[h] if a else 1 - self.active[h]
            weight *= self.door if d else 1 - self.door
            rows.append((h, a, d, weight, self.treated(h, a, d), self.base(h, a)))
        return np.array(rows, dtype=float)


COLUMNS = {"hidden": 0, "active": 1, "door": 2}

ALERTS = World(
    hidden=0.15,  # furnish a flat
    active=(0.25, 0.60),  # searched on more than five days of last month
    door=0.60,  # use the app, where a prompt offers alerts; the web has a setting
    treated=lambda h, a, d: 0.15 + 0.15 * a + 0.25 * h if d else 0.005 + 0.005 * a + 0.08 * h,
    base=lambda h, a: 0.05 + 0.06 * a + 0.20 * h,
    effect=0.006,
)
ALERT_COST = 0.03  # dollars for a user with alerts, four weeks: mails, and users who turn off all mail
KEPT_INTENT = 0.5  # share of those furnishing now who were already at it four weeks earlier


def groups(world: World, by: tuple[str, ...]) -> list[Floats]:
    """The cells, gathered by the columns that the analysis holds fixed."""
    cells = world.cells()
    keys = [tuple(row[[COLUMNS[name] for name in by]]) for row in cells]
    return [cells[[k == key for k in keys]] for key in sorted(set(keys))]


def arms(world: World, by: tuple[str, ...] = (), whose: str = "all") -> tuple[float, float]:
    """Mean outcome with and without treatment, in points, compared inside groups of the columns held fixed.

    Groups are then weighted as they are among all users, or among the treated.
    """
    on = off = total = 0.0
    for g in groups(world, by):
        weight, t, y = g[:, 3], g[:, 4], g[:, 5]
        share = (weight * t).sum() if whose == "treated" else weight.sum()
        on += share * (weight * t * (y + world.effect)).sum() / (weight * t).sum()
        off += share * (weight * (1 - t) * y).sum() / (weight * (1 - t)).sum()
        total += share
    return 100 * on / total, 100 * off / total


def estimate(world: World, by: tuple[str, ...] = (), whose: str = "all") -> float:
    """Points of difference when the columns are held fixed: exact, without noise."""
    on, off = arms(world, by, whose)
    return on - off


def propensity_auc(world: World, by: tuple[str, ...]) -> float:
    """How well the columns tell who is treated: AUC of the exact propensity, ties half."""
    found = [((g[:, 3] * g[:, 4]).sum(), (g[:, 3] * (1 - g[:, 4])).sum()) for g in groups(world, by)]
    on, off = (np.array(v) / sum(v) for v in zip(*found, strict=True))
    odds = on / off
    return float(on @ ((odds[:, None] > odds) + 0.5 * (odds[:, None] == odds)) @ off)


def true_points(world: World = ALERTS) -> float:
    """Points that treatment adds, as the world was made."""
    return 100 * world.effect


def share_treated(world: World = ALERTS, door: int | None = None) -> float:
    """Share of users with the treatment; of those with or without the door, if named."""
    cells = world.cells()
    kept = cells if door is None else cells[cells[:, 2] == door]
    return float((kept[:, 3] * kept[:, 4]).sum() / kept[:, 3].sum())


def share_bought(world: World = ALERTS, door: int | None = None) -> float:
    """Share of users with the outcome; of those with or without the door, if named."""
    cells = world.cells()
    kept = cells if door is None else cells[cells[:, 2] == door]
    return float((kept[:, 3] * (kept[:, 5] + world.effect * kept[:, 4])).sum() / kept[:, 3].sum())


def by_the_door(world: World = ALERTS) -> float:
    """Points by the door as instrument: difference in the outcome over difference in treatment, door against none."""
    moved = share_treated(world, 1) - share_treated(world, 0)
    return 100 * (share_bought(world, 1) - share_bought(world, 0)) / moved


def break_even() -> float:
    """Points of buyers at which alerts pay for themselves: their cost over the net fee."""
    return 100 * ALERT_COST / marketplace.net_fee


def worth(points: float) -> float:
    """Dollars for each user with alerts in four weeks, if they add so many points."""
    return points / 100 * marketplace.net_fee - ALERT_COST


def moved_by_prompt() -> float:
    """Share of web users who would take alerts because of the prompt: the app's share less the web's."""
    return share_treated(ALERTS, 1) - share_treated(ALERTS, 0)


def encouraged(points: float, moved: float, base: float) -> float:
    """Users, both arms, to see an effect of so many points through an encouragement that moves a share, 80 % at 5 %."""
    return FIXED**2 * 4 * base * (1 - base) / (moved * points / 100) ** 2


def prompt_users() -> float:
    """Web users for a test of the prompt that sees the break-even effect."""
    return encouraged(break_even(), moved_by_prompt(), share_bought(ALERTS, 0))


def default_users() -> float:
    """The same if everybody in the arm got alerts."""
    return encouraged(break_even(), 1.0, share_bought(ALERTS, 0))


def prompt_speaks_for() -> float:
    """Part of the users without alerts whom the prompt on the web would move."""
    return (1 - ALERTS.door) * moved_by_prompt() / (1 - share_treated())


def prompt_leak(points: float = 0.1) -> float:
    """Points of error if the prompt by itself adds so many points of buyers."""
    return points / moved_by_prompt()


def buy_more() -> float:
    """How much more often users with alerts buy, nothing held fixed."""
    on, off = arms(ALERTS)
    return on / off - 1


def furnishing_on_the_web() -> float:
    """Share of web users with alerts who are furnishing."""
    web = ALERTS.cells()
    web = web[web[:, 2] == 0]
    taken = web[:, 3] * web[:, 4]
    return float(taken[web[:, 0] == 1].sum() / taken.sum())


# Two clocks: an adopter had to stay long enough to adopt

LEAVE, ADOPT, STAY_WEEKS = 0.10, 0.05, 8  # leave a week; of those left without it, adopt; weeks


def stayed() -> tuple[float, float]:
    """Share still there at the end among those who ever adopted and among the others, if adopting does nothing."""
    without, adopted, ever = 1.0, 0.0, 0.0
    for _ in range(STAY_WEEKS):
        without, adopted = without * (1 - LEAVE), adopted * (1 - LEAVE)
        new = without * ADOPT
        without, adopted, ever = without - new, adopted + new, ever + new
    return adopted / ever, without / (1 - ever)


# What a hidden cause has to do


def risk_ratio() -> float:
    """Buyers with over buyers without alerts, activity held fixed."""
    on, off = arms(ALERTS, ("active",))
    return on / off


def needed_strength(down_to: float = 1.0) -> float:
    """E-value of that ratio, down to a ratio."""
    return e_value(risk_ratio(), down_to)


def break_even_ratio() -> float:
    """Risk ratio at which alerts pay: buyers without them plus the break-even points, over buyers without."""
    off = arms(ALERTS, ("active",))[1]
    return 1 + break_even() / off


def hidden_strength() -> tuple[float, float]:
    """What the hidden intent has: its ratio with alerts and with buying, the larger of the two activity groups each."""
    with_alerts, with_buying = [], []
    for g in groups(ALERTS, ("active",)):
        h, weight, t = g[:, 0], g[:, 3], g[:, 4]
        on = (weight * t * h).sum() / (weight * t).sum()
        off = (weight * (1 - t) * h).sum() / (weight * (1 - t)).sum()
        with_alerts.append(on / off)
        with_buying.append(g[h == 1, 5].mean() / g[h == 0, 5].mean())
    return max(with_alerts), max(with_buying)


def activity_strength() -> tuple[float, float]:
    """What the measured column has: its ratio with alerts, and with buying among those without alerts."""
    g = ALERTS.cells()
    a, weight, t, y = g[:, 1], g[:, 3], g[:, 4], g[:, 5]
    on = (weight * t * a).sum() / (weight * t).sum()
    off = (weight * (1 - t) * a).sum() / (weight * (1 - t)).sum()
    free = weight * (1 - t)
    buying = ((free * y)[a == 1].sum() / free[a == 1].sum()) / ((free * y)[a == 0].sum() / free[a == 0].sum())
    return float(on / off), float(buying)


def activity_could() -> float:
    """Most by which a cause as strong as activity can multiply the ratio."""
    return bias_factor(*activity_strength())


def intent_could() -> float:
    """Most by which a cause as strong as the intent can multiply the ratio."""
    return bias_factor(*hidden_strength())


def placebo() -> float:
    """Points by which alert users bought more in the four weeks *before* alerts existed, activity held fixed.

    Half of those furnishing now did so then, and the share of them was the same.
    """
    others = ALERTS.hidden * (1 - KEPT_INTENT) / (1 - ALERTS.hidden)
    lasting = KEPT_INTENT - others  # how much more often, by intent now
    return lasting * (estimate(ALERTS, ("active",)) - true_points())


# Differences: six of forty regions

REGIONS, CHANGED = 40, 6
WEEKS = 12  # before, and as many after
WEEK_SPREAD = 0.02  # standard deviation of a region's week, relative
CARRY = 0.8  # correlation of a region's week with the next


def week_covariance(weeks: int = 2 * WEEKS) -> Floats:
    """Covariance of one region's weeks: each remembers the last."""
    lag = np.abs(np.subtract.outer(np.arange(weeks), np.arange(weeks)))
    return np.asarray(WEEK_SPREAD**2 * CARRY**lag)


def contrast_error(weights: Floats, changed: int = CHANGED, regions: int = REGIONS) -> float:
    """Standard error of the mean over changed less the others of one weighted sum of each region's weeks."""
    own = float(weights @ week_covariance(weights.size) @ weights)
    return math.sqrt(own * (1 / changed + 1 / (regions - changed)))


def change_weights(weeks: int = WEEKS) -> Floats:
    """Mean after less mean before, so many weeks each."""
    return np.repeat([-1 / weeks, 1 / weeks], weeks)


def slope_weights(weeks: int = WEEKS) -> Floats:
    """Slope a week over the weeks before; nothing after."""
    t = np.arange(weeks) - (weeks - 1) / 2
    return np.concatenate([t / (t @ t), np.zeros(weeks)])


def did_error() -> float:
    """Standard error of the difference in differences."""
    return contrast_error(change_weights())


def textbook_error() -> float:
    """The same if every region's every week were a coin of its own."""
    return WEEK_SPREAD * math.sqrt(2 / WEEKS * (1 / CHANGED + 1 / (REGIONS - CHANGED)))


BEND = 0.02  # what unequal trends add to the difference in differences, when nothing else happens


def bend_a_week() -> float:
    """Difference in slopes, a week, that adds it: the two windows' middles lie twelve weeks apart."""
    return BEND / WEEKS


def bend_seen_before() -> float:
    """Chance that the check of slopes in the weeks before finds it."""
    return power_of(bend_a_week(), contrast_error(slope_weights()))


def bend_called_effect() -> float:
    """Chance that the difference in differences calls it a significant effect."""
    return power_of(BEND, did_error())


def bend_to_be_seen() -> float:
    """Bias that the check finds four times in five."""
    return FIXED * contrast_error(slope_weights()) * WEEKS


def extrapolated_error() -> float:
    """Standard error once the trend before is drawn on and taken off."""
    return contrast_error(change_weights() - WEEKS * slope_weights())


@cache
def placebo_alarms(runs: int = 3_000, seed: int = 3) -> tuple[float, float, float]:
    """Share of invented launches called significant: rows as independent, errors by cluster, regions permuted (seed 3)."""
    rng = np.random.default_rng(seed)
    weeks = 2 * WEEKS
    y = rng.standard_normal((runs, REGIONS, weeks)) @ np.linalg.cholesky(week_covariance()).T
    on = np.zeros((REGIONS, weeks))
    on[:CHANGED, WEEKS:] = 1
    x = on - on.mean(axis=0) - on.mean(axis=1, keepdims=True) + on.mean()
    flat = y - y.mean(axis=1, keepdims=True) - y.mean(axis=2, keepdims=True) + y.mean(axis=(1, 2), keepdims=True)
    b = (flat * x).sum(axis=(1, 2)) / (x**2).sum()
    left = flat - b[:, None, None] * x
    rows = REGIONS * weeks - REGIONS - weeks
    plain = np.sqrt((left**2).sum(axis=(1, 2)) / rows / (x**2).sum())
    cluster = np.sqrt((((left * x).sum(axis=2)) ** 2).sum(axis=1) * REGIONS / (REGIONS - 1)) / (x**2).sum()
    change = y @ change_weights()
    # the same 300 relabelings for every run, as a matrix of ones: order each run's own against them
    picked = (np.argsort(rng.random((300, REGIONS)), axis=1) < CHANGED).astype(float)
    sums = change @ picked.T
    shown = np.abs(sums / CHANGED - (change.sum(axis=1, keepdims=True) - sums) / (REGIONS - CHANGED))
    ranks = (1 + (shown >= np.abs(b)[:, None]).sum(axis=1)) / 301
    rates = ((np.abs(b) > Z * plain).mean(), (np.abs(b) > Z * cluster).mean(), (ranks <= 0.05).mean())
    return float(rates[0]), float(rates[1]), float(rates[2])


def series_error() -> float:
    """Standard error of one region's mean after less its mean before, no region beside it."""
    return float(math.sqrt(change_weights() @ week_covariance() @ change_weights()))


def series_alarm() -> float:
    """Chance that a date on which nothing happened is significant in one series whose weeks are taken as independent."""
    return 2 * NORMAL.cdf(-Z * WEEK_SPREAD * math.sqrt(2 / WEEKS) / series_error())


def series_sees() -> float:
    """Change in one series that is seen four times in five with the true error."""
    return FIXED * series_error()


def units_for_a_jump(points: int = 20_001) -> float:
    """Users that a jump at a cutoff needs for each one that a lottery in the same window would.

    Straight line on each side, users spread evenly over the window: variance of a line's end against that of a mean.
    """
    score = np.linspace(0, 1, points)
    design = np.stack([np.ones(points), score], axis=1)
    return float(np.linalg.inv(design.T @ design)[0, 0] * points)


def least_p(changed: int, regions: int) -> float:
    """Smallest two-sided p-value that permuting regions can give: one labeling of all, or two when both sides are equal."""
    return (2 if 2 * changed == regions else 1) / math.comb(regions, changed)


def staggered() -> tuple[float, float]:
    """Effect that a two-way regression reports and the true mean over treated weeks, without noise.

    Half the regions start in week 2, half in week 6 of 8, nobody stays out; the effect is 1 in the first week and grows by 1.
    """
    weeks, starts = 8, (1, 5)
    effect = np.array([[max(0, w - s + 1) for w in range(weeks)] for s in starts], dtype=float)
    on = (effect > 0).astype(float)
    x = on - on.mean(axis=0) - on.mean(axis=1, keepdims=True) + on.mean()
    return float((effect * x).sum() / (x**2).sum()), float(effect[on == 1].mean())


# Weighting and overlap: activity is the only shared cause

LOG_USERS = 100_000
START, TILT = -3.0, 1.7  # log odds of alerts at mean activity, and for one standard deviation more


@cache
def curve() -> tuple[Floats, Floats, Floats, Floats, Floats]:
    """Activity in standard deviations, its weight, chance of alerts, chance to buy without, effect; on a fine grid."""
    x = np.linspace(-5, 5, 2_001)
    weight = np.exp(-(x**2) / 2)
    chance = 1 / (1 + np.exp(-(START + TILT * x)))
    below = np.array([NORMAL.cdf(v) for v in x])
    base = 0.03 + 0.16 * np.array([NORMAL.cdf(v - 0.5) for v in x])
    return x, weight / weight.sum(), chance, base, 0.03 * below**2


@dataclass(frozen=True)
class Target:
    """What one choice of users gives: points, half-width, effective treated rows, share of users."""

    points: float
    half: float
    rows: float
    share: float


def leaning(whose: str) -> Floats:
    """How much each activity counts in the effect on those users."""
    chance = curve()[2]
    return {
        "all": np.ones_like(chance),
        "treated": chance,
        "untreated": 1 - chance,
        "overlap": chance * (1 - chance),
        "trimmed": ((chance > 0.1) & (chance < 0.9)).astype(float),
    }[whose]


def target(whose: str, users: int = LOG_USERS) -> Target:
    """Effect for those users, and what a log of so many users knows about it, normalized weights, exact integrals."""
    _, w, e, y0, effect = curve()
    h = leaning(whose)
    total = float(w @ h)
    spread = 0.0
    for y, chance in ((y0 + effect, e), (y0, 1 - e)):
        mean = float(w @ (h * y)) / total
        spread += float(w @ (h**2 / chance * (y * (1 - y) + (y - mean) ** 2)))
    rows = users * total**2 / float(w @ (h**2 / e))
    return Target(100 * float(w @ (h * effect)) / total, 100 * Z * math.sqrt(spread / users) / total, rows, total)


@cache
def drawn_logs(whose: str, runs: int = 150, seed: int = 6) -> tuple[Floats, Floats]:
    """Estimates and the half-widths that they claim, in points, from so many drawn logs (seed 6)."""
    _, w, e, y0, effect = curve()
    h = leaning(whose)
    y1 = y0 + effect
    cells = np.stack([w * e * y1, w * e * (1 - y1), w * (1 - e) * y0, w * (1 - e) * (1 - y0)])
    n = np.random.default_rng(seed).multinomial(LOG_USERS, cells.ravel() / cells.sum(), runs).reshape(runs, 4, -1)
    means, spread = [], np.zeros(runs)
    for bought, not_bought, weight in ((n[:, 0], n[:, 1], h / e), (n[:, 2], n[:, 3], h / (1 - e))):
        total = (bought + not_bought) @ weight
        mean = bought @ weight / total
        spread += (bought @ weight**2 * (1 - mean) ** 2 + not_bought @ weight**2 * mean**2) / total**2
        means.append(mean)
    return 100 * (means[0] - means[1]), 100 * Z * np.sqrt(spread)


def claimed_half(whose: str) -> float:
    """Half-width that the median log claims for itself."""
    return float(np.median(drawn_logs(whose)[1]))


def naive_by_activity() -> float:
    """Points between users with and without alerts, nothing held fixed."""
    _, w, e, y0, effect = curve()
    return 100 * float(w @ (e * (y0 + effect)) / (w @ e) - w @ ((1 - e) * y0) / (w @ (1 - e)))


def alert_users() -> float:
    """Users with alerts in that log."""
    _, w, e, _, _ = curve()
    return LOG_USERS * float(w @ e)


def unnormalized_half() -> float:
    """Half-width for all users if the weights are not normalized."""
    _, w, e, y0, effect = curve()
    second = float(w @ ((y0 + effect) / e + y0 / (1 - e))) - float(w @ effect) ** 2
    return 100 * Z * math.sqrt(second / LOG_USERS)


def unnormalized_half_of_others() -> float:
    """The same when those who did *not* buy are counted: the same effect with another sign."""
    _, w, e, y0, effect = curve()
    second = float(w @ ((1 - y0 - effect) / e + (1 - y0) / (1 - e))) - float(w @ effect) ** 2
    return 100 * Z * math.sqrt(second / LOG_USERS)


def heaviest(share: float = 0.01) -> float:
    """Part of all treated weight that the heaviest hundredth of treated users holds, expected."""
    _, w, e, _, _ = curve()
    order = np.argsort(e)
    people = np.cumsum((w * e)[order]) / (w @ e)
    return float(np.interp(share, people, np.cumsum(w[order])))


# Off-policy: ten modules for the home page's first row

MODULES = 10
EXPLORE = 0.10  # share of views whose first module is drawn evenly
DIFFER = 0.30  # share of views where the new policy picks another module
GAIN = 0.10  # relative, there
UNSEEN = 0.10  # share of views whose new choice the old rules never allowed
CAP = 20.0
LOOKS, LOOKS_SPREAD = 8.0, 3.0  # listings looked at in a visit, and their spread around the mean
CLICKS = 0.10  # views whose first module is clicked
LOSS_OTHER = 0.22  # relative loss of a module drawn at random against the favorite, in purchases


def rare_chance(among: int = MODULES) -> float:
    """Chance that the old policy shows a module which is not its favorite."""
    return EXPLORE / among


def kept_chance(among: int = MODULES) -> float:
    """Chance that it shows its favorite."""
    return 1 - EXPLORE + rare_chance(among)


@dataclass(frozen=True)
class Reward:
    """Mean of a reward under the old choice, and the variance that no model explains, as a function of the mean."""

    mean: float
    noise: Callable[[float], float]


REWARDS = {
    "purchase": Reward(marketplace.home_purchase_rate, lambda p: p * (1 - p)),
    "click": Reward(CLICKS, lambda p: p * (1 - p)),
    "looks": Reward(LOOKS, lambda _: LOOKS_SPREAD**2),
}


def lift(reward: str) -> float:
    """New policy's value less the old favorite's, a view."""
    return DIFFER * GAIN * REWARDS[reward].mean


def row_variance(reward: str, method: str, among: int = MODULES) -> float:
    """Variance one logged view brings to the difference of new and old policy.

    For a deterministic pair only the views on which they differ count. IPS pays for the square of the reward, SNIPS and a
    perfect model for what is left around their baseline; "test" is a split of half and half on those views.
    """
    r = REWARDS[reward]
    old, new = r.mean, r.mean * (1 + GAIN)
    rare, kept = rare_chance(among), kept_chance(among)
    if method == "test":
        return DIFFER * 2 * (r.noise(old) + r.noise(new))
    if method == "ips":
        second = (r.noise(new) + new**2) / rare + (r.noise(old) + old**2) / kept
        return DIFFER * second - lift(reward) ** 2
    spread = (new - old) ** 2 * DIFFER * (1 - DIFFER)
    model = DIFFER * (r.noise(new) / rare + r.noise(old) / kept) + spread
    if method == "model":
        return model
    value = old * (1 + DIFFER * GAIN)  # SNIPS: each policy's own mean is its baseline
    off = DIFFER * ((r.noise(new) + (new - value) ** 2) / rare + r.noise(old) / kept)
    return off + (1 - DIFFER) * (value - old) ** 2 / kept


def views_needed(reward: str, method: str, among: int = MODULES) -> float:
    """Logged views that see the lift four times in five at 5 %."""
    return FIXED**2 * row_variance(reward, method, among) / lift(reward) ** 2


def log_days(reward: str, method: str, among: int = MODULES) -> float:
    """Days of the home page's log that this takes."""
    return views_needed(reward, method, among) / marketplace.home_views_per_day


def effective_share() -> float:
    """Part of the log that counts for the new policy: 1 over the mean squared weight."""
    return 1 / (DIFFER / rare_chance() + (1 - DIFFER) / kept_chance())


def exploring_cost() -> float:
    """Dollars a day for the modules drawn at random: views, times what the draw loses in purchases, times the net fee."""
    drawn = marketplace.home_views_per_day * (1 - kept_chance())
    return drawn * LOSS_OTHER * marketplace.home_purchase_rate * marketplace.net_fee


def relative_reading(method: str, cap: float = math.inf, unseen: float = 0.0) -> float:
    """New policy's value against the old one's as the method reads it on an endless log.

    `unseen` is the share of views whose new choice has no chance in the log; the gain is 10 % wherever the policies differ.
    "model" is doubly robust with a model that gives every module the old mean.
    """
    seen = DIFFER - unseen
    kept = min(1.0, cap * rare_chance())  # part of the rare views' weight that the cap leaves
    same = 1 - DIFFER
    if method == "ips":
        return same + seen * kept * (1 + GAIN) - 1
    if method == "snips":
        return (same + seen * kept * (1 + GAIN)) / (same + seen * kept) - 1
    return seen * kept * GAIN


def against_log_mean() -> float:
    """Gain in purchases that an endless log shows if the new policy is compared with the log's mean, drawn modules included."""
    return (1 + DIFFER * GAIN) / (1 - (1 - kept_chance()) * LOSS_OTHER) - 1


def unseen_miss(method: str, unseen: float = UNSEEN) -> float:
    """Looks a visit by which the method reads too little on an endless log with such a hole."""
    return LOOKS * (DIFFER * GAIN - relative_reading(method, unseen=unseen))


def mean_weight(unseen: float = UNSEEN) -> float:
    """Mean of the weights when a share of the new policy's choices is never logged."""
    return 1 - unseen


LOG_SIZE = 200_000


@cache
def logged(seed: int = 5, unseen: float = 0.0) -> dict[str, Floats]:
    """A log of 200,000 views, drawn: the reward is looks, chances and new policy as given (seed 5)."""
    rng = np.random.default_rng(seed)
    kind = rng.random(LOG_SIZE)
    differs = kind < DIFFER
    barred = kind < unseen
    favorite = rng.random(LOG_SIZE) < kept_chance()
    # of the draws that miss the favorite, one in nine is the new policy's choice, unless it is barred
    hit = ~favorite & (rng.random(LOG_SIZE) < 1 / (MODULES - 1)) & differs & ~barred
    mean = np.where(hit, LOOKS * (1 + GAIN), LOOKS)
    reward = rng.normal(mean, LOOKS_SPREAD)
    chance = np.where(favorite, kept_chance(), rare_chance())
    wanted = np.where(differs, hit, favorite).astype(float)
    return {"reward": reward, "logged": chance, "wanted": wanted, "kind": differs.astype(float)}


def from_log(method: str, cap: float = math.inf, unseen: float = 0.0) -> Value:
    """The new policy's looks a visit, from the drawn log. The model says 8 for every module."""
    log = logged(unseen=unseen)
    triple = log["reward"], log["logged"], log["wanted"]
    if method == "ips":
        return ips(*triple, cap)
    if method == "snips":
        return snips(*triple, cap)
    flat = np.full(LOG_SIZE, LOOKS)
    return doubly_robust(*triple, flat, flat, cap)


def demo_log() -> None:
    """Print what each method reads from the drawn log, and from one with choices that were never shown."""
    truth = LOOKS * (1 + DIFFER * GAIN)
    print(f"truth {truth:.2f}          value   ±     rows    mean weight")
    for name, unseen in (("all seen", 0.0), ("10 % unseen", UNSEEN)):
        for method in ("ips", "snips", "dr"):
            v = from_log(method, unseen=unseen)
            print(
                f"{name:12} {method:5}  {v.value:5.2f}  {Z * v.error:4.2f}  {v.effective:6,.0f}    {v.mean_weight:.2f}"
            )


# Bandits: three texts for a banner

VIEWS = 15_000
RATES = (0.10, 0.10, 0.12)
WIDE = (0.10, 0.10, 0.16)
TRIAL = 3_000  # views of the split before the best text stays
BATCH = 250
LOOK = 750  # views between two looks of a split that drops what is behind
BEHIND = 1.3  # standard errors behind the leader at which it drops a text
POLICIES: dict[str, tuple[Choose, int]] = {
    "split": (split, BATCH),
    "split, then best": (split_then_best(TRIAL), BATCH),
    "split, drop": (drop_behind(BEHIND), LOOK),
    "UCB1": (ucb, 5),
    "UCB, clicks": (partial(ucb, variance=RATES[0] * (1 - RATES[0])), 5),
    "Thompson": (thompson, BATCH),
}


@cache
def played(
    policy: str, rates: tuple[float, ...] = RATES, worlds: int = 160, size: int = 0, delay: int = 0
) -> tuple[Floats, Floats, Floats]:
    """Losses by batch, wins and tries of many runs of one policy (seed 7)."""
    choose, own = POLICIES[policy]
    size = size or own
    return play(choose, [rates] * (VIEWS // size), size, worlds, seed=7, delay=delay)


def losses(policy: str, rates: tuple[float, ...] = RATES, size: int = 0, delay: int = 0) -> Floats:
    """Clicks lost against always the best text in each of 160 runs; of 60 for variants, of 800 for the split that drops."""
    plain = rates == RATES and not size and not delay
    worlds = 800 if policy == "split, drop" else 160 if plain else 60
    return np.asarray(played(policy, rates, worlds, size, delay)[0].sum(axis=1))


def lost(policy: str, rates: tuple[float, ...] = RATES, size: int = 0, delay: int = 0) -> float:
    """Mean of those losses."""
    return float(losses(policy, rates, size, delay).mean())


def lost_half(policy: str, rates: tuple[float, ...] = RATES, size: int = 0, delay: int = 0) -> float:
    """Half-width of the 95 % interval of that mean over runs."""
    runs = losses(policy, rates, size, delay)
    return float(Z * runs.std() / math.sqrt(runs.size))


@cache
def lost_dropping_at(errors: float, size: int, rates: tuple[float, ...] = RATES) -> float:
    """Clicks lost if texts are dropped so many errors behind, looked at every `size` views (400 runs, seed 7)."""
    loss, _, _ = play(drop_behind(errors), [rates] * (VIEWS // size), size, 400, seed=7)
    return float(loss.sum(axis=1).mean())


TEXTS, TEXTS_SPREAD = 30, 0.015  # a banner with many texts: their click rates are a bell of that width around 10 %


@cache
def lost_among_many(policy: str) -> float:
    """Clicks lost with thirty texts, rates at the bell's even quantiles (30 runs, 300 of the split that drops, seed 7)."""
    rates = tuple(0.10 + TEXTS_SPREAD * NORMAL.inv_cdf((i + 0.5) / TEXTS) for i in range(TEXTS))
    return float(played(policy, rates, 300 if policy == "split, drop" else 30)[0].sum(axis=1).mean())


def curve_of(policy: str) -> tuple[Floats, Floats]:
    """Views so far and clicks lost so far, mean of the runs."""
    loss = played(policy)[0]
    size = VIEWS // loss.shape[1]
    return np.arange(1, loss.shape[1] + 1) * float(size), loss.mean(axis=0).cumsum()


def read_by_bandit(arm: int) -> float:
    """Mean over runs of the rate that Thompson sampling's own counts show for an arm at the end."""
    _, wins, tries = played("Thompson")
    return float((wins / tries)[:, arm].mean())


def lift_by_bandit() -> float:
    """Winner's rate over the other two's, as those means have it."""
    return read_by_bandit(2) / (read_by_bandit(0) / 2 + read_by_bandit(1) / 2) - 1


def lift_after_split() -> float:
    """The same for a split of the trial's views, its winner over the mean of the other two (160 runs, seed 7)."""
    rates = [RATES] * (TRIAL // BATCH)
    _, wins, tries = play(split, rates, BATCH, 160, seed=7)
    shown = np.sort(wins / tries, axis=1)
    return float(shown[:, 2].mean() / shown[:, :2].mean() - 1)


@cache
def after_the_turn() -> float:
    """Share of views that still go to the third text, in the half after it fell from 12 to 8 % (160 runs, seed 8)."""
    half = VIEWS // BATCH // 2
    rates = [RATES] * half + [(0.10, 0.10, 0.08)] * half
    loss, _, _ = play(thompson, rates, BATCH, 160, seed=8)
    return float(loss[:, half:].sum(axis=1).mean() / (0.02 * VIEWS / 2))


@cache
def equal_arms() -> tuple[float, float]:
    """Two texts of equal rate: mean share of the views that one of them has at the end, and runs above 80 % (160 runs, seed 9)."""
    _, _, tries = play(thompson, [(0.10, 0.10)] * (VIEWS // BATCH), BATCH, 160, seed=9)
    lead = tries.max(axis=1) / VIEWS
    return float(lead.mean()), float((lead > 0.8).mean())


def pooled(weekday: float, weekend: float, rates: tuple[float, float] = (0.10, 0.14)) -> tuple[float, float]:
    """Click rates that two *equal* texts show over five weekdays and a weekend, the second's share of views moving in between.

    The rates are those of weekdays and of the weekend; every day has as many views.
    """
    shown = []
    for shares in ((1 - weekday, 1 - weekend), (weekday, weekend)):
        views = np.array([5 * shares[0], 2 * shares[1]])
        shown.append(float(views @ np.array(rates) / views.sum()))
    return shown[0], shown[1]


def pooled_lift(weekday: float, weekend: float) -> float:
    """Second over first in those pooled rates."""
    first, second = pooled(weekday, weekend)
    return second / first - 1


def click_worth() -> float:
    """Dollars a click on the home page brings on average: purchases of its views over clicks, times the net fee."""
    return marketplace.home_purchase_rate / HOME_CLICK_RATE * marketplace.net_fee


# Prompts

VIDEO = World(
    hidden=0.30,  # goods in visibly good shape
    active=(0.40, 0.60),  # price above $50
    door=0.50,  # the new app version, given to a random half of the sellers
    treated=lambda h, a, d: 0.15 + 0.05 * a + 0.20 * h if d else 0.01 + 0.01 * a + 0.06 * h,
    base=lambda h, a: 0.55 + 0.05 * a + 0.20 * h,
    effect=0.015,
)
LISTINGS = 1_000_000


def door_half(world: World = VIDEO, rows: int = LISTINGS) -> float:
    """Half-width, in points, of the estimate by the door, half of the rows on each side."""
    moved = share_treated(world, 1) - share_treated(world, 0)
    p = share_bought(world)
    return 100 * Z * math.sqrt(4 * p * (1 - p) / rows) / moved


def door_stretch(world: World = VIDEO) -> float:
    """Design effect of sellers' listings hanging together at which the interval by the door reaches zero."""
    return (by_the_door(world) / door_half(world)) ** 2


def door_gap(world: World = VIDEO) -> float:
    """Points in the outcome between those with and without the door."""
    return 100 * (share_bought(world, 1) - share_bought(world, 0))


CHANGES = (
    4.0,
    1.9,
    -0.4,
    2.8,
    0.6,
    1.4,
    -1.1,
    0.8,
)  # percent, purchases a user, twelve weeks after over twelve before; the first launched
FAST_PAYOUT = 0.05  # dollars a purchase


def launched() -> Did:
    """Difference in differences of the one region that launched, error unknown, permutation p."""
    return did(CHANGES, [True] + [False] * 7)


def spread_of_others() -> float:
    """Standard deviation of the other seven regions' changes, percent."""
    return float(np.std(CHANGES[1:], ddof=1))


def one_region_half() -> float:
    """Half-width, percent, of one region against seven: t with six degrees of freedom on the others' spread."""
    return 2.447 * spread_of_others() * math.sqrt(1 + 1 / 7)


SELLERS = 350_000  # sellers of the other seven regions who listed in the twelve weeks before the test
SELLER_SPREAD = 1.5  # standard deviation of a seller's sold listings over their mean
SELLER_SHARE = 0.2  # of them that get the payout


def lots_error() -> float:
    """Standard error, percent, of three regions drawn by lot against the other four, with that spread."""
    return spread_of_others() * math.sqrt(1 / 3 + 1 / 4)


def lots_see() -> float:
    """Percent seen four times in five: t quantiles with five degrees of freedom in place of the normal's."""
    return (2.571 + 0.920) * lots_error()


def sellers_see(share: float = SELLER_SHARE) -> float:
    """Smallest relative change in sold listings a seller seen four times in five, with that share treated."""
    return visible(SELLER_SPREAD, SELLERS, share)


def sellers_cost(share: float = SELLER_SHARE, days: int = 84) -> float:
    """Dollars of payouts over the test if they bring nothing: seven eighths of the purchases, that share of them."""
    return -payout_a_day(0.0) * 7 / 8 * share * days


def sellers_forgo(share: float = SELLER_SHARE, days: int = 84) -> float:
    """Dollars not earned over the test if the region's measured gain is true: the sellers without the payout."""
    return payout_a_day(launched().effect / 100) * 7 / 8 * (1 - share) * days


def launch_from(days: int = 84) -> float:
    """Belief in the measured gain, against none, from which launching is cheaper than testing a fifth for twelve weeks.

    A launch that brings nothing runs for so many days; the test is taken to decide rightly at its end.
    """
    cost = sellers_cost(1.0, days) - sellers_cost()
    return cost / (cost + sellers_forgo())


def sellers_significant() -> float:
    """Relative change that lies two standard errors above zero, a fifth of the sellers treated."""
    return Z * sellers_see() / FIXED


def payout_passes() -> float:
    """Relative gain that comes out above break-even four times in five, a fifth of the sellers treated."""
    return payout_pays_from() + NORMAL.inv_cdf(0.8) * sellers_see() / FIXED


def useless_passes() -> float:
    """One in so many payouts that bring nothing comes out above break-even by luck."""
    return 1 / NORMAL.cdf(-payout_pays_from() / (sellers_see() / FIXED))


def payout_pays_from() -> float:
    """Relative gain in purchases at which the payout pays: cost over net fee less cost."""
    return FAST_PAYOUT / (marketplace.net_fee - FAST_PAYOUT)


def payout_a_day(gain: float) -> float:
    """Dollars a day, all regions, at a relative gain in purchases."""
    return marketplace.purchases_per_day * (gain * marketplace.net_fee - (1 + gain) * FAST_PAYOUT)


CONTACTS = 120_000  # visits to the contact page in each arm
UPTAKE = (0.30, 0.42)  # ask the assistant, without and with the nudge
AGENT = (0.360, 0.349)  # then still need an agent
WITH, WITHOUT = (
    0.18,
    0.437,
)  # need an agent, among those who asked the assistant and those who didn't, without the nudge


def nudged() -> float:
    """Points fewer who need an agent, nudge against none."""
    return 100 * (AGENT[0] - AGENT[1])


def nudged_half() -> float:
    """Half-width of that, points."""
    return 100 * Z * math.sqrt(sum(p * (1 - p) for p in AGENT) / CONTACTS)


def by_uptake(points: float) -> float:
    """Points for each visit that the nudge moved: over the difference in uptake."""
    return points / (UPTAKE[1] - UPTAKE[0])


def nudge_worth(wrong: float = 0.0) -> float:
    """Dollars that a nudged visit saves: handovers, less wrong answers if that share of the moved visits gets one."""
    return nudged() / 100 * assistant.handover_cost - wrong * (UPTAKE[1] - UPTAKE[0]) * assistant.wrong_answer_cost


def nudge_bears() -> float:
    """Share of wrong answers among the moved visits at which the line saves nothing."""
    return nudge_worth() / ((UPTAKE[1] - UPTAKE[0]) * assistant.wrong_answer_cost)


def full_users(points: float) -> float:
    """Visits, both arms, if the nudge moved everybody and the effect were so many points."""
    return encouraged(points, 1.0, AGENT[0])


BANNERS = 200  # a week
PLATFORM = 60_000  # dollars to build the bandit service


def banner_gain(policy: str, against: str, rates: tuple[float, ...] = RATES) -> float:
    """Dollars a week that a policy saves against another: clicks not lost, times a click's worth, times banners."""
    return BANNERS * click_worth() * (lost(against, rates) - lost(policy, rates))


def thompson_over_dropping() -> tuple[float, float]:
    """Dollars a week that Thompson sampling saves over dropping, half of the banners with each gap, and half its interval."""
    gains = [banner_gain("Thompson", "split, drop", rates) for rates in (RATES, WIDE)]
    noise = [lost_half(policy, rates) for rates in (RATES, WIDE) for policy in ("Thompson", "split, drop")]
    return sum(gains) / 2, BANNERS * click_worth() * math.hypot(*noise) / 2


def bandit_pays_years() -> float:
    """Years until the service is paid by that."""
    return PLATFORM / thompson_over_dropping()[0] / 52


def part_of_thompson(policy: str, rates: tuple[float, ...] = RATES) -> float:
    """Part of what Thompson sampling saves against the split that another policy saves as well."""
    whole = lost("split", rates)
    return (whole - lost(policy, rates)) / (whole - lost("Thompson", rates))


def in_flight() -> float:
    """Assistant's answers given before the first one counts as resolved."""
    return assistant.questions_per_day * assistant.resolved_hours / 24


def graded_error(days: int, share: float, wrong: float = 0.08) -> float:
    """Standard error, points, of an arm's wrong-answer rate from the graded ones, the arm having a share of the traffic."""
    return 100 * math.sqrt(wrong * (1 - wrong) / (days * assistant.graded_per_day * share))


def graded_half(days: int, share: float) -> float:
    """Half-width of the 95 % interval of that rate, points."""
    return Z * graded_error(days, share)


DAY_VIEWS = 400_000


def within_days_half() -> float:
    """Half-width, points, of B less A once weekdays and weekend are compared apart and averaged by precision."""
    precision = 0.0
    for days, share, rate in ((5, 0.1, 0.10), (2, 0.5, 0.14)):
        views = days * DAY_VIEWS
        precision += views / (rate * (1 - rate) * (1 / share + 1 / (1 - share)))
    return 100 * Z / math.sqrt(precision)


def pooled_z() -> float:
    """Standard errors by which the pooled rates differ, views taken as independent."""
    views = [DAY_VIEWS * (5 * a + 2 * b) for a, b in ((0.9, 0.5), (0.1, 0.5))]
    first, second = pooled(0.1, 0.5)
    both = (first * views[0] + second * views[1]) / sum(views)
    return (second - first) / math.sqrt(both * (1 - both) * (1 / views[0] + 1 / views[1]))
