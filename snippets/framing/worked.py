"""The worked numbers of the chapter on framing, each a function that says how it comes about. Serves docs/chapters/framing.md.

Premises used on this page only are constants in capitals, said as given on the page; the cases' figures come from
`snippets.cases`. Payments' models are the closed-form detectors of the metrics chapter. No number here is simulated.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import NormalDist

from snippets.cases import assistant, marketplace, payments
from snippets.framing.actions import Band, Price, cheapest_bands
from snippets.framing.pilot import days_to_verdict, units_for_mean, units_per_arm
from snippets.framing.proxy import Selected, select_by_proxy
from snippets.framing.units import at_least_one, passed_before_caught
from snippets.framing.uplift import Group, campaign
from snippets.framing.value import Rule, break_even_volume, required_lift, saved
from snippets.metrics import worked as metrics
from snippets.metrics.threshold import Costs, break_even
from snippets.metrics.worked import Detector, bisect, detector_from_auc

NORMAL = NormalDist()
MODEL = metrics.MODEL
YEAR = 365  # days

# Payments: the action, the rule, the model

RULE = Rule(recall=0.60, false_positive_rate=0.05)  # "new device and new delivery address", given on the page
TEAM_YEAR = 1_500_000.0  # dollars a year for five people and their machines, given on the page


def decline_costs() -> Costs:
    """Prices of Payments' two errors when what is flagged is declined."""
    return metrics.costs()


def challenge_costs() -> Costs:
    """Prices when what is flagged is challenged: fee, customers who give up, frauds that pass."""
    return Costs(
        fp=payments.expected_cost("challenge", 0),
        fn=payments.missed_fraud_cost,
        tp=payments.expected_cost("challenge", 1),
    )


def dear_challenge_costs() -> Costs:
    """The same, if a customer who gives up at the challenge costs as much as one who is declined."""
    plain = challenge_costs()
    return plain._replace(fp=payments.challenge_fee + payments.challenge_abandon_rate * payments.false_decline_cost)


def saved_by_rule(costs: Costs) -> float:
    """Dollars a day that the rule saves with this action, against approving everything."""
    return saved(RULE, payments.daily_volume, payments.fraud_rate, costs)


def saved_by_model(costs: Costs, model: Detector = MODEL) -> float:
    """Dollars a day that a model saves with this action, flagging above the action's break-even."""
    cut = model.cut_at(break_even(costs), payments.fraud_rate)
    rule = Rule(model.recall(cut), model.false_positive_rate(cut))
    return saved(rule, payments.daily_volume, payments.fraud_rate, costs)


def saved_by_perfect(costs: Costs) -> float:
    """Dollars a day that a perfect model saves with this action: every fraud flagged and nothing else."""
    return saved(Rule(1.0, 0.0), payments.daily_volume, payments.fraud_rate, costs)


def saved_by_four_actions() -> float:
    """Dollars a day that the AUC 0.97 model saves with challenge, review and decline, within the analysts' capacity."""
    return payments.loss_without_model - metrics.cost_with_four_actions()


def rule_alerts() -> float:
    """Payments a day that the rule flags, frauds and good ones."""
    return payments.frauds_per_day * RULE.recall + payments.good_per_day * RULE.false_positive_rate


def review_days() -> float:
    """Days of analysts' capacity that one day of the rule's alerts would fill."""
    return rule_alerts() / payments.review_capacity


def increment() -> float:
    """Dollars a day that the model adds to the rule when both challenge."""
    return saved_by_model(challenge_costs()) - saved_by_rule(challenge_costs())


def team_day() -> float:
    """Dollars a day that the team costs."""
    return TEAM_YEAR / YEAR


def volume_that_pays() -> float:
    """Payments a day below which the model's gain over the rule does not pay the team."""
    return break_even_volume(increment() / payments.daily_volume, TEAM_YEAR)


def auc_that_pays(gain: float = 0.0) -> float:
    """The AUC from which a challenging model saves this much a day more than the challenging rule."""
    wanted = saved_by_rule(challenge_costs()) + gain
    return bisect(lambda auc: saved_by_model(challenge_costs(), detector_from_auc(auc)) >= wanted, 0.7, 0.999)


LADDER: tuple[tuple[str, Callable[[], float]], ...] = (
    ("rule, decline", lambda: saved_by_rule(decline_costs())),
    ("model, decline", lambda: saved_by_model(decline_costs())),
    ("rule, challenge", lambda: saved_by_rule(challenge_costs())),
    ("model, challenge", lambda: saved_by_model(challenge_costs())),
    ("model, four actions", saved_by_four_actions),
    ("perfect, decline", lambda: saved_by_perfect(decline_costs())),
)


def recall_point() -> float:
    """Dollars a day of one point of recall at the same false alarms: a hundredth of the frauds at the price of a miss."""
    return payments.frauds_per_day / 100 * payments.missed_fraud_cost


def recall_point_year() -> float:
    """The same over a year."""
    return recall_point() * YEAR


# Latency, review, regulation

LATENCY_LOSS = 0.005  # share of conversions lost for 100 ms more, given on the page
FINE = 20_000_000.0  # dollars, given on the page
FINE_CHANCE = 0.02  # a year, given on the page
COMPLIANCE_YEAR = 1_200_000.0  # dollars a year to comply, given on the page


def checkout_latency_cost(ms: float = 100) -> float:
    """Dollars of margin a day that so many more milliseconds at the checkout cost."""
    return payments.good_per_day * payments.lost_margin * LATENCY_LOSS * ms / 100


def recall_points_for_latency(ms: float = 100) -> float:
    """Points of recall, at the same false alarms, that pay for so many milliseconds at the checkout."""
    return checkout_latency_cost(ms) / recall_point()


def expected_fine() -> float:
    """The fine times its chance in a year."""
    return FINE * FINE_CHANCE


# Unit of prediction: Payments

PAYMENTS_A_CARD = 4  # a month, given on the page
BURST = 3  # frauds on a stolen card, given on the page
UNIT_RECALL = 0.60  # share of fraudulent payments a rule catches, given on the page


def cards() -> float:
    """Cards that pay in a month of 30 days."""
    return payments.daily_volume * 30 / PAYMENTS_A_CARD


def stolen_cards() -> float:
    """Cards with fraud in a month, when frauds come in bursts."""
    return payments.frauds_per_day * 30 / BURST


def card_base_rate(bursts: bool) -> float:
    """Share of cards with at least one fraud in a month: in bursts, or as if payments were independent."""
    return stolen_cards() / cards() if bursts else at_least_one(payments.fraud_rate, PAYMENTS_A_CARD)


def card_recall(correlation: float = 0.0) -> float:
    """Share of bursts in which at least one payment is caught."""
    return at_least_one(UNIT_RECALL, BURST, correlation)


def burst_stopped(correlation: float = 0.0) -> float:
    """Share of a burst's payments that are stopped when the first catch blocks the card."""
    return 1 - passed_before_caught(UNIT_RECALL, BURST, correlation) / BURST


def good_cards_hit(months: int = 12, correlation: float = 0.0) -> float:
    """Share of good cards with at least one false alarm in so many months, at the inherited 1 % per payment."""
    return at_least_one(payments.false_positive_rate, PAYMENTS_A_CARD * months, correlation)


def demo_units() -> None:
    """One rule, three units, by how much its catches and its false alarms cluster."""
    print("cluster  frauds  bursts  money  good")
    for rho in (0.0, 0.1, 0.3):
        print(
            f"{rho:>7}  {UNIT_RECALL:>6.0%}  {card_recall(rho):>6.0%}"
            f"  {burst_stopped(rho):>5.0%}  {good_cards_hit(correlation=rho):>4.0%}"
        )


# Unit of prediction: Marketplace and Assistant

HEAVY_USERS, HEAVY_SEARCHES = 0.10, 15.0  # share of users, searches a day of each, given on the page
HEAVY_CHANGE, LIGHT_CHANGE = 0.10, -0.05  # relative change in search success in a test, given on the page
FINE_CONVERSATIONS, GOOD_TURNS, BAD_TURNS = 0.80, 1, 3  # share that go well; questions in each kind, given on the page


def purchase_rate_by(unit: str) -> float:
    """Purchases per unit: for each listing shown, search, or user and day."""
    return {
        "listing shown": marketplace.search_purchase_rate / marketplace.results_per_page,
        "search": marketplace.search_purchase_rate,
        "user-day": marketplace.purchases_per_day / marketplace.daily_users,
    }[unit]


def heavy_search_share() -> float:
    """Share of searches made by heavy users."""
    return HEAVY_USERS * HEAVY_SEARCHES / marketplace.searches_per_user


def change_by(unit: str) -> float:
    """Mean relative change of search success when each search, or each user, counts the same."""
    weight = {"search": heavy_search_share(), "user": HEAVY_USERS}[unit]
    return weight * HEAVY_CHANGE + (1 - weight) * LIGHT_CHANGE


def good_questions(bad_turns: float = BAD_TURNS) -> float:
    """Share of questions that belong to a conversation that went well."""
    good = FINE_CONVERSATIONS * GOOD_TURNS
    return good / (good + (1 - FINE_CONVERSATIONS) * bad_turns)


# Moment of prediction


@dataclass(frozen=True)
class Moment:
    """A time at which a payment can be scored: how well, and what share of the loss can still be stopped."""

    name: str
    auc: float
    stoppable: float


AT_ONCE = 0.40  # share of payments delivered at once, good and fraudulent alike, given on the page
CHECKOUT = Moment("checkout", 0.97, 1.0)
DISPATCH = Moment("dispatch", 0.985, 1 - AT_ONCE)  # given on the page
SETTLEMENT = Moment("settlement", 0.99, 0.10)  # given on the page


def saved_at(moment: Moment) -> float:
    """Dollars a day saved by declining at this moment alone, on what can still be stopped."""
    return moment.stoppable * saved_by_model(decline_costs(), detector_from_auc(moment.auc))


def saved_by_split() -> float:
    """Dollars a day when what is delivered at once is decided at checkout and the rest at dispatch."""
    return AT_ONCE * saved_at(CHECKOUT) + saved_at(DISPATCH)


# Label timing


def seen_share(window: int) -> float:
    """Share of a window's frauds whose chargeback is in on its last day, for frauds spread evenly over its days."""
    share = metrics.chargeback_share_by
    arrived = sum((share(day) + share(day + 1)) / 2 for day in range(window)) / window
    return arrived * (1 - payments.unreported_rate)


def fraud_if_silent(age: int) -> float:
    """Probability that an approved payment of this age without a chargeback is fraud, at the case's rate."""
    silent = payments.fraud_rate * (1 - metrics.chargeback_share_by(age) * (1 - payments.unreported_rate))
    return silent / (silent + 1 - payments.fraud_rate)


# Marketplace and Assistant: the lines of the worksheet

RANKER_GAIN = 0.02  # relative gain in purchases from search, given on the page
RANKER_MS = 60  # milliseconds that the ranker adds, given on the page
SEARCH_BOX = 0.30  # share of questions that a search box over the help center resolves, given on the page


def search_margin() -> float:
    """Net fees a day from purchases that search led to."""
    return marketplace.searches_per_day * marketplace.search_purchase_rate * marketplace.net_fee


def ranker_gain() -> float:
    """Dollars a day of the ranker's gain in purchases."""
    return search_margin() * RANKER_GAIN


def ranker_latency() -> float:
    """Dollars a day that the ranker's milliseconds cost."""
    return search_margin() * LATENCY_LOSS * RANKER_MS / 100


def ranker_net() -> float:
    """Dollars a day that the ranker earns at its own speed: what an A/B test measures."""
    return ranker_gain() - ranker_latency()


def ranker_lift_that_pays() -> float:
    """Relative rise in purchases from search, measured at the ranker's own speed, that pays the team."""
    return team_day() / search_margin()


def marketplace_ceiling() -> float:
    """Net fees a day that could be added if every listing sold: what supply leaves to ranking."""
    return marketplace.new_listings_per_day * (1 - marketplace.sold_share) * marketplace.net_fee


def all_by_agents() -> float:
    """Dollars a day if agents took every question."""
    return assistant.questions_per_day * assistant.handover_cost


def search_box_saves() -> float:
    """Dollars a day of agent time that a search box saves."""
    return all_by_agents() * SEARCH_BOX


def perfect_assistant_saves() -> float:
    """Dollars a day saved when every answerable question is answered right and the rest are handed over."""
    return assistant.answerable_per_day * assistant.handover_cost - assistant.questions_per_day * assistant.answer_cost


def gated_assistant_saves() -> float:
    """Dollars a day saved by the assistant that answers above 0.7, on the graded answers of the metrics chapter."""
    return all_by_agents() - metrics.gate_cost(0.7) * assistant.questions_per_day


# New domain one: the churn offer

SUBSCRIBERS = 500_000
CUSTOMER, GIFT = 100.0, 12.0  # dollars that a kept customer is worth, that an offer costs; given on the page
GROUPS = (
    Group("lost causes", 0.10, 0.60, 0.58),
    Group("persuadables", 0.20, 0.30, 0.15),
    Group("sleeping dogs", 0.15, 0.20, 0.25),
    Group("sure things", 0.55, 0.03, 0.03),
)
BY_RISK = tuple(sorted(GROUPS, key=lambda g: -g.without))
BY_UPLIFT = tuple(sorted(GROUPS, key=lambda g: -g.uplift))


def group(name: str) -> Group:
    """One of the four groups."""
    return next(g for g in GROUPS if g.name == name)


def churn_rate() -> float:
    """Share of all customers that leave without an offer."""
    return sum(g.share * g.without for g in GROUPS)


def churn_auc() -> float:
    """AUC of a model that knows each group's risk exactly; within a group it can't tell, so ties count half."""
    rate = churn_rate()
    pairs = sum(
        a.share * a.without * b.share * (1 - b.without) * (1.0 if a.without > b.without else 0.5 * (a is b))
        for a in GROUPS
        for b in GROUPS
    )
    return pairs / (rate * (1 - rate))


def offer_profit(name: str) -> float:
    """Dollars earned by offering to the whole of one group."""
    g = group(name)
    return SUBSCRIBERS * g.share * (g.uplift * CUSTOMER - GIFT)


def campaign_profit(by: str, reach: float) -> float:
    """Dollars earned when the first share of customers gets the offer, ranked by risk or by uplift."""
    return SUBSCRIBERS * campaign(BY_RISK if by == "risk" else BY_UPLIFT, reach, CUSTOMER, GIFT)


def offer_break_even() -> float:
    """Uplift at which an offer pays: its cost over the value of a kept customer."""
    return GIFT / CUSTOMER


def discount_profit(name: str) -> float:
    """Dollars earned on one group by a discount that only those who stay take."""
    g = group(name)
    return SUBSCRIBERS * g.share * (g.uplift * CUSTOMER - GIFT * (1 - g.offered))


def discount_by_risk() -> float:
    """Dollars earned when the two riskiest groups get that discount."""
    return sum(discount_profit(g.name) for g in BY_RISK[:2])


def trial_size(pays: bool) -> int:
    """Persuadables needed in each arm to show that the offer works, or that it pays."""
    g = group("persuadables")
    return units_per_arm(g.without, g.offered, offer_break_even() if pays else 0.0)


def trial_ratio() -> float:
    """How many times as many customers it takes to show that the offer pays as that it works."""
    return trial_size(True) / trial_size(False)


# New domain two: pumps

PUMPS, FAILURES = 2_000, 120  # machines; failures a year if nobody inspects; given on the page
FAILURE_COST, REPAIR_COST, INSPECTION = 30_000.0, 6_000.0, 400.0  # dollars, given on the page
FOUND = 0.90  # share of coming failures that an inspection finds, given on the page
PUMP_TEAM = 500_000.0  # dollars a year of two people and sensors' data, given on the page
CAUGHT = {  # inspections a week: share of coming failures among them, given on the page
    "rule": {10: 0.25, 50: 0.40},
    "model": {20: 0.45, 50: 0.60},
}


def pump_break_even() -> float:
    """Probability of failing within the week from which an inspection pays."""
    return INSPECTION / (FOUND * (FAILURE_COST - REPAIR_COST))


def pump_base_rate() -> float:
    """Share of pump-weeks that end in a failure."""
    return FAILURES / (PUMPS * 52)


def pump_lift() -> float:
    """Times the base rate that a pump must be at for an inspection to pay."""
    return pump_break_even() / pump_base_rate()


def pumps_saved(who: str, weekly: int) -> float:
    """Dollars a year saved by so many inspections a week, chosen by the rule or by the model."""
    prevented = FAILURES * CAUGHT[who][weekly] * FOUND
    return prevented * (FAILURE_COST - REPAIR_COST) - 52 * weekly * INSPECTION


def pumps_ceiling() -> float:
    """Dollars a year saved by a perfect choice: every coming failure inspected and nothing else."""
    return FAILURES * (FOUND * (FAILURE_COST - REPAIR_COST) - INSPECTION)


def pump_increment() -> float:
    """Dollars a year that the model at 20 inspections adds to the rule at 10, each at its better setting."""
    return pumps_saved("model", 20) - pumps_saved("rule", 10)


def pumps_that_pay() -> float:
    """Pumps from which that gain pays the team, if it grows with the fleet."""
    return PUMPS * PUMP_TEAM / pump_increment()


def recall_on_failures(who: str = "model", weekly: int = 20) -> float:
    """Recall computed on the failures that still happen: what was prevented is gone from the labels."""
    caught = CAUGHT[who][weekly]
    flagged_failures = caught * (1 - FOUND)
    return flagged_failures / (flagged_failures + 1 - caught)


# Proxies

TOP, PROXY_CORRELATION, GAMERS, BOOST = 0.05, 0.6, 0.10, 2.0  # given on the page


def honest() -> Selected:
    """The top 5 % by a proxy nobody games."""
    return select_by_proxy(TOP, PROXY_CORRELATION, 0.0, 0.0)


def gamed() -> Selected:
    """The top 5 % by the same proxy once one in ten raises it by two standard deviations."""
    return select_by_proxy(TOP, PROXY_CORRELATION, GAMERS, BOOST)


def proxy_rise() -> float:
    """Relative rise of the selected items' mean proxy when it is gamed."""
    return gamed().proxy / honest().proxy - 1


def goal_fall() -> float:
    """Relative fall of the selected items' mean goal when the proxy is gamed."""
    return 1 - gamed().goal / honest().goal


def correlation_when_gamed() -> float:
    """Correlation of proxy and goal over everybody once it is gamed: the boost adds g(1 − g)·boost² to the variance."""
    return PROXY_CORRELATION / math.sqrt(1 + GAMERS * (1 - GAMERS) * BOOST**2)


def demo_proxy() -> None:
    """The top 5 % by proxy: what the dashboard shows, what the goal got, who was chosen."""
    print("gamers  proxy   goal  among chosen")
    for gamers in (0.0, 0.02, 0.05, 0.10):
        top = select_by_proxy(TOP, PROXY_CORRELATION, gamers, BOOST)
        print(f"{gamers:>6.0%}  {top.proxy:>5.2f}  {top.goal:>5.2f}  {top.gamers:>12.0%}")


# When not to

PERFECT_IN_TESTS = 3.0  # the rule of three: none seen in n leaves up to 3 in n


def tests_to_trust(rate: float) -> float:
    """Cases without an error needed before 95 % confidence puts the error rate below this: three over the rate."""
    return PERFECT_IN_TESTS / rate


# The size of a pilot


def variance_of_loss(rule: Rule) -> float:
    """Variance of the fraud loss of one payment when what is flagged is challenged: frauds that pass times the price squared."""
    passing = payments.fraud_rate * (1 - rule.recall * (1 - payments.challenge_pass_rate))
    return passing * payments.missed_fraud_cost**2


def challenge_rule() -> Rule:
    """Recall and false-positive rate of the model at the challenge's break-even."""
    cut = MODEL.cut_at(break_even(challenge_costs()), payments.fraud_rate)
    return Rule(MODEL.recall(cut), MODEL.false_positive_rate(cut))


def loss_spread() -> float:
    """Standard deviation of a payment's loss, the mean of the two arms' variances, for the pilot of model against rule."""
    return math.sqrt((variance_of_loss(RULE) + variance_of_loss(challenge_rule())) / 2)


def pilot_units(pays: bool = True) -> int:
    """Payments in each arm to show that the gain over the rule pays the team, or is not zero; three times as many for bursts."""
    gain = increment() - (team_day() if pays else 0.0)
    return math.ceil(units_for_mean(loss_spread(), gain / payments.daily_volume) * BURST)


def pilot_days() -> float:
    """Days until both arms of that pilot have their labels."""
    return days_to_verdict(pilot_units(), payments.daily_volume, payments.label_maturity_days)


def early_days(age: int = payments.chargeback_days_p50) -> float:
    """Days until the verdict when chargebacks are read at this age: a share in, so as many times more traffic."""
    return fill_days() / metrics.chargeback_share_by(age) + age


def fill_days() -> float:
    """Days of traffic that the pilot itself takes."""
    return days_to_verdict(pilot_units(), payments.daily_volume, 0)


# Prompt: sellers

SELLERS, SELLER_FRAUD = 200_000, 1 / 5_000  # new sellers a month, share that is fraudulent: given
SELLER_LOSS, INVESTIGATION, STOPPED = 2_000.0, 40.0, 0.90  # dollars, dollars, share of fraud stopped: given
DISPUTED, DISPUTED_FRAUD, STILL_STOPPED = 0.75, 1 / 20, 0.70  # given: frauds with an early dispute; fraud among them
SELLER_TEAM = 400_000.0  # dollars a year: given
SELLER_AUC = 0.90  # given


def seller_costs(left: float = 1.0) -> Costs:
    """Prices of the two errors when an investigation stops most of what is left of the loss."""
    return Costs(fp=INVESTIGATION, fn=SELLER_LOSS * left, tp=INVESTIGATION + SELLER_LOSS * left * (1 - STOPPED))


def seller_break_even(left: float = 1.0) -> float:
    """Probability of fraud from which an investigation pays."""
    return break_even(seller_costs(left))


def seller_lift() -> float:
    """Times the base rate at which an investigation at sign-up pays."""
    return required_lift(seller_costs(), SELLER_FRAUD)


def sellers_saved(auc: float = SELLER_AUC) -> float:
    """Dollars a month saved by a model at sign-up, investigating above break-even."""
    model = detector_from_auc(auc)
    cut = model.cut_at(seller_break_even(), SELLER_FRAUD)
    rule = Rule(model.recall(cut), model.false_positive_rate(cut))
    return saved(rule, SELLERS, SELLER_FRAUD, seller_costs())


def sellers_found(auc: float = SELLER_AUC) -> float:
    """Fraudulent sellers a month that such a model sends to investigation."""
    model = detector_from_auc(auc)
    return SELLERS * SELLER_FRAUD * model.recall(model.cut_at(seller_break_even(), SELLER_FRAUD))


def sellers_investigated(auc: float = SELLER_AUC) -> float:
    """Sellers a month that such a model sends to investigation, fraudulent or not."""
    model = detector_from_auc(auc)
    cut = model.cut_at(seller_break_even(), SELLER_FRAUD)
    return sellers_found(auc) + SELLERS * (1 - SELLER_FRAUD) * model.false_positive_rate(cut)


def sellers_ceiling() -> float:
    """Dollars a month saved by a perfect model at sign-up."""
    return saved(Rule(1.0, 0.0), SELLERS, SELLER_FRAUD, seller_costs())


def all_sellers() -> float:
    """Dollars a month that investigating every new seller would cost."""
    return SELLERS * INVESTIGATION


def seller_auc_that_pays() -> float:
    """AUC at which the model at sign-up pays its team."""
    return bisect(lambda auc: 12 * sellers_saved(auc) >= SELLER_TEAM, 0.8, 0.9999)


def disputed_sellers() -> float:
    """Sellers a month with an early dispute."""
    return SELLERS * SELLER_FRAUD * DISPUTED / DISPUTED_FRAUD


def disputed_saved() -> float:
    """Dollars a month saved by investigating every seller with an early dispute, with no model."""
    return saved(Rule(1.0, 1.0), disputed_sellers(), DISPUTED_FRAUD, seller_costs(STILL_STOPPED))


def disputed_ranking_worth() -> float:
    """Dollars a month that a perfect ranking of the disputed sellers adds: no investigation of an honest one."""
    perfect = saved(Rule(1.0, 0.0), disputed_sellers(), DISPUTED_FRAUD, seller_costs(STILL_STOPPED))
    return perfect - disputed_saved()


# Prompt: delivery time

LATE, EARLY = 0.90, 0.30  # dollars for a minute late, for a minute quoted too long: given
SPREAD, BETTER_SPREAD, PICKUP_SPREAD = 10.0, 8.0, 6.0  # minutes, standard deviations of the error: given
TYPICAL = 35.0  # minutes, mean delivery time: given
TAP_LEAD = 3.0  # minutes by which couriers tap early at a door: given


def quote_quantile() -> float:
    """The quantile whose expected cost is lowest: the late minute's share of the two prices."""
    return LATE / (LATE + EARLY)


def quote_minutes(spread: float = SPREAD) -> float:
    """Minutes to quote on a typical order: that quantile of a normal error."""
    return TYPICAL + NORMAL.inv_cdf(quote_quantile()) * spread


def quote_cost(spread: float = SPREAD, at: float | None = None) -> float:
    """Expected dollars an order when the quote stands at this quantile of a normal error."""
    z = NORMAL.inv_cdf(quote_quantile() if at is None else at)
    late = spread * (NORMAL.pdf(z) - z * NORMAL.cdf(-z))  # mean minutes late
    return (LATE + EARLY) * late + EARLY * z * spread


def quote_cost_if_taps_early() -> float:
    """Expected dollars an order when the label ends three minutes too soon and the quote is the right quantile of it."""
    z = NORMAL.inv_cdf(quote_quantile()) - TAP_LEAD / SPREAD
    return quote_cost(at=NORMAL.cdf(z))


# Prompt: actions from a matrix

ACTIONS = ("approve", "challenge", "review", "decline")


def action_prices() -> dict[str, Price]:
    """What each of Payments' actions costs on a good payment and on a fraud."""
    return {a: Price(payments.expected_cost(a, 0), payments.expected_cost(a, 1)) for a in ACTIONS}


def action_bands() -> list[Band]:
    """Which action is cheapest from which fraud probability."""
    return cheapest_bands(action_prices())


# --8<-- [start:bands]
def demo_bands() -> None:
    """Payments' actions, then a review eight times as dear."""
    prices = action_prices()
    for times in (1, 8):
        dear = (times - 1) * payments.review_cost
        review = Price(*(c + dear for c in prices["review"]))
        print(f"review ${times * payments.review_cost:.0f}")
        for band in cheapest_bands({**prices, "review": review}):
            print(f"  {band.low:.4f}  {band.action}")


# --8<-- [end:bands]


# Prompt: the pilot of a smaller shop

SHOP = 200_000  # payments a day: given
HOPED = 0.05  # dollars a payment that the model is hoped to gain over the rule: given
SHOP_SPREAD = 4.7  # dollars, standard deviation of a payment's loss: given


def must_gain() -> float:
    """Dollars a payment that the gain must exceed to pay the team at the shop's volume."""
    return team_day() / SHOP


def shop_units(margin: float = 0.0, hoped: float = HOPED) -> int:
    """Payments in each arm to show that the gain exceeds the margin, three times as many for frauds in bursts."""
    return math.ceil(units_for_mean(SHOP_SPREAD, hoped - margin) * BURST)


def shop_days(margin: float = 0.0, label_days: float = 0.0, hoped: float = HOPED) -> float:
    """Days until both arms are full, and labeled if the label's days are given."""
    return days_to_verdict(shop_units(margin, hoped), SHOP, label_days)


def shop_days_read_at(age: int) -> float:
    """Days of traffic for the same power on the gain over the team's price when chargebacks are read at this age."""
    return shop_days(must_gain()) / metrics.chargeback_share_by(age)


def waiting_cost(days: float = 1) -> float:
    """Dollars that the hoped gain forgoes on the half of the traffic that stays on the rule."""
    return SHOP * HOPED / 2 * days


def power_of(days: float, gain: float) -> float:
    """Chance that a pilot of so many days of traffic shows more than the team's price, when this is the gain."""
    units = days * SHOP / 2 / BURST
    error = SHOP_SPREAD * math.sqrt(2 / units)
    return 1 - NORMAL.cdf(NORMAL.inv_cdf(0.975) - (gain - must_gain()) / error)


def seen_on_day(days: int) -> float:
    """Share of a pilot's chargebacks that are in on its last day, for payments spread evenly over its days."""
    share = metrics.chargeback_share_by
    return sum((share(day) + share(day + 1)) / 2 for day in range(days)) / days


# Prompt: the churn campaign

HELD_OUT = 0.05  # share of each risk band that got no gift: given


def uplift_half_width(name: str) -> float:
    """Half of the 95 % interval of one group's uplift, 5 % held out and the rest offered."""
    g = group(name)
    people = SUBSCRIBERS * g.share
    control = g.without * (1 - g.without) / (people * HELD_OUT)
    return NORMAL.inv_cdf(0.975) * math.sqrt(control + g.offered * (1 - g.offered) / (people * (1 - HELD_OUT)))


def uplift_points(name: str, parts: int = 1) -> float:
    """The same in points, in one of so many equal parts of the group."""
    return 100 * uplift_half_width(name) * math.sqrt(parts)


def campaign_spent(name: str) -> float:
    """Dollars earned by the campaign on one risk band, on those who got the gift."""
    return offer_profit(name) * (1 - HELD_OUT)


# Prompt: resolved is up

RESOLVED_BEFORE, RESOLVED_AFTER = 0.88, 0.93  # counted as resolved: given
SOLVED_BEFORE, SOLVED_AFTER = 0.70, 0.66  # graded as solved: given
GRADED_DAYS = 14  # days of grades before, and after: given


def silent_unsolved(counted: float, solved: float) -> float:
    """Share of unsolved conversations without a further contact: those counted as resolved beyond the solved."""
    return (counted - solved) / (1 - solved)


def graded_half_width() -> float:
    """Half of the 95 % interval of the change in the share graded as solved."""
    n = assistant.graded_per_day * GRADED_DAYS
    variance = (SOLVED_BEFORE * (1 - SOLVED_BEFORE) + SOLVED_AFTER * (1 - SOLVED_AFTER)) / n
    return NORMAL.inv_cdf(0.975) * math.sqrt(variance)


def grade_days(points: float = SOLVED_BEFORE - SOLVED_AFTER) -> float:
    """Days of all the grades, split in two arms, until a difference of so many points from 70 % shows."""
    return 2 * units_per_arm(SOLVED_BEFORE, SOLVED_BEFORE - points) / assistant.graded_per_day


# Prompt: fewer support contacts


SHADOW_DAYS = 14  # days of drafts next to the search box: given


def shadow_points(right: float = 0.91) -> float:
    """Half of the 95 % interval, in points, of the share right after two weeks of grades."""
    n = assistant.graded_per_day * SHADOW_DAYS
    return 100 * NORMAL.inv_cdf(0.975) * math.sqrt(right * (1 - right) / n)


def unserved_today() -> float:
    """Questions a day that neither the search box resolves nor an agent takes."""
    return assistant.questions_per_day * (1 - SEARCH_BOX) - assistant.handover_capacity


def unserved_with_assistant() -> float:
    """Questions a day beyond the agents' capacity at gate 0.7: handovers and wrong answers together."""
    return metrics.gate_load(0.7) - assistant.handover_capacity


# Prompt: an LLM already chosen

TICKETS, MISROUTED = 8_000, 4.0  # tickets a day, dollars for a ticket in the wrong queue: given
KEYWORDS, LINEAR, LLM = 0.82, 0.90, 0.92  # share routed right: given
CALL = 0.02  # dollars a call of the LLM: given
UNSURE, LINEAR_UNSURE, LLM_UNSURE = 0.20, 0.62, 0.74  # share of tickets, share right among them: given


def sure_right(model: str) -> float:
    """Share right among the tickets that the linear model is sure of."""
    overall, unsure = {"linear": (LINEAR, LINEAR_UNSURE), "llm": (LLM, LLM_UNSURE)}[model]
    return (overall - UNSURE * unsure) / (1 - UNSURE)


def cascade_right() -> float:
    """Share right when the linear model keeps what it is sure of and the LLM gets the rest."""
    return (1 - UNSURE) * sure_right("linear") + UNSURE * LLM_UNSURE


def routing_cost(right: float, calls: float = 0.0) -> float:
    """Dollars a day: tickets in the wrong queue, and calls for this share of tickets."""
    return TICKETS * ((1 - right) * MISROUTED + calls * CALL)


def cascade_gain() -> float:
    """Dollars a day that the LLM on the unsure tickets adds to the linear model alone."""
    return routing_cost(LINEAR) - routing_cost(cascade_right(), UNSURE)


def linear_lane_gain() -> float:
    """Dollars a day that the linear model in front adds to the LLM alone: calls spared, and half a point where it is sure."""
    return routing_cost(LLM, 1) - routing_cost(cascade_right(), UNSURE)


def calls_spared() -> float:
    """Dollars a day of LLM calls that the linear model in front spares: the part of its gain that is certain."""
    return TICKETS * (1 - UNSURE) * CALL


def cheap_calls(calls: float) -> float:
    """Dollars a day at a tenth of a cent a call: for the LLM on every ticket, or on the unsure ones."""
    return routing_cost(LLM if calls == 1 else cascade_right()) + TICKETS * calls * 0.001


# Prompt: the bakery

WASTE, WASTE_RULE, WASTE_MODEL = 900.0, 500.0, 380.0  # dollars a day thrown away: given
VENDOR = 90_000.0  # dollars a year: given


def bakery_gain(of: str) -> float:
    """Dollars a year: the rule against today, or the vendor's model against the rule."""
    return YEAR * {"rule": WASTE - WASTE_RULE, "model": WASTE_RULE - WASTE_MODEL}[of]


def shops_that_pay(shops: int = 12) -> float:
    """Shops at which the model's gain over the rule pays the same vendor's price."""
    return shops * VENDOR / bakery_gain("model")
