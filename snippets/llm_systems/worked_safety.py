"""The worked numbers of one page, each a function that says how it comes about. Serves docs/chapters/llm-systems/safety.md.

Premises of the page are constants in capitals, said as given there; all else follows from them, from `snippets.cases` and from
the support design.
"""

from __future__ import annotations

import math

from snippets.cases import assistant
from snippets.llm_systems.red_team import best_of, chance_to_see, tries_for, upper_bound
from snippets.metrics import worked_llm as llm
from snippets.metrics.prevalence import Alarms, alarms
from snippets.metrics.uncertainty import wilson_interval
from snippets.systems import support_rag as design

# One comment, traced

COMMENTS_A_DAY = 900  # comments below articles
COMMENT_READ = 0.02  # share of questions whose passages hold the planted comment
WITH_ORDER = 0.30  # share of sessions in which the customer's order was read
OBEYS = 0.25  # share of readings in which the bare model does what the comment says
OBEYS_MARKED = 0.05  # the same with delimiters and a warning, mean over phrasings, which follow Beta(1, 19)
PHRASINGS = 20  # phrasings that the attacker tries at home
RECALL, FALSE_RATE = 0.95, 0.01  # of the detector: attacks caught, other texts flagged
CLICKS = 0.03  # share of customers who click a link in an answer


def readings() -> float:
    """Answers a day that are written with the planted comment in the context."""
    return COMMENT_READ * assistant.questions_per_day


def with_order() -> float:
    """Answers a day in which the comment and the customer's order are in one context."""
    return WITH_ORDER * readings()


def orders_out(obeys: float = OBEYS) -> float:
    """Orders a day that an image address carries out: contexts with comment and order, times the share that obeys."""
    return with_order() * obeys


def best_phrasing() -> float:
    """Share of readings that obey the best of the attacker's phrasings, marked as data, in expectation."""
    return best_of(OBEYS_MARKED, PHRASINGS)


def review_number() -> float:
    """Orders out a day if the detector's miss rate is multiplied with the mean obedience, as a review would."""
    return (1 - RECALL) * orders_out(OBEYS_MARKED)


def attacker_number() -> float:
    """Orders out a day once one variant of the best phrasing has passed the detector."""
    return orders_out(best_phrasing())


def posts_until_passed() -> float:
    """Comments posted until one passes the detector, on average, if each is caught on its own."""
    return 1 / (1 - RECALL)


def clicked_a_day() -> float:
    """Orders out a day when images are off and a link must be clicked."""
    return CLICKS * attacker_number()


def words_a_day() -> float:
    """Answers a day that say what the comment wants, order or not, with every way out closed."""
    return readings() * best_phrasing()


def words_without_orders() -> float:
    """The same when comments are kept out of every session that holds an order."""
    return (1 - WITH_ORDER) * words_a_day()


def words_cost() -> float:
    """Dollars a day if each of those is a wrong answer at the case's mean price."""
    return words_a_day() * assistant.wrong_answer_cost


def comments_held() -> float:
    """Honest comments a day that the detector holds."""
    return FALSE_RATE * COMMENTS_A_DAY


# The detector in front of questions


def flags() -> Alarms:
    """Flags a day in front of questions: attacks, and customers."""
    return alarms(assistant.questions_per_day, assistant.attack_rate, RECALL, FALSE_RATE)


def flag_precision() -> float:
    """Share of the flags that are attacks."""
    return flags().true / (flags().true + flags().false)


def flags_to_agents() -> float:
    """Questions a day that flags send to agents, when a flag means a handover."""
    return flags().true + flags().false


def flags_cost() -> float:
    """Dollars a day of agents' time for customers flagged by mistake."""
    return flags().false * assistant.handover_cost


def slack() -> float:
    """Handovers a day that the support design leaves free."""
    return design.day("two gates, asking").slack


def missed_attacks() -> float:
    """Attacks a day that the detector misses."""
    return assistant.attacks_per_day - flags().true


def passes(tries: int) -> float:
    """Chance that at least one of so many tries passes, each missed independently."""
    return chance_to_see(1 - RECALL, tries)


def attackers_through(attackers: int = 20) -> float:
    """Of so many attackers who share the day's attacks evenly, how many get through, tries independent."""
    return attackers * passes(round(assistant.attacks_per_day / attackers))


def tries_for_even() -> int:
    """Tries after which an attacker has passed with a chance of at least one half."""
    return tries_for(RECALL, 0.5)


def honest_strikes(questions: int = 10, strikes: int = 3) -> float:
    """Chance that a customer with so many questions collects so many flags by mistake, flags independent."""
    q = FALSE_RATE
    return 1 - math.fsum(math.comb(questions, i) * q**i * (1 - q) ** (questions - i) for i in range(strikes))


# Ways out


def bits_of_order(digits: int = 8) -> float:
    """Bits in an order number of so many digits."""
    return digits * math.log2(10)


def bits_of_citation() -> float:
    """Bits that the choice of one among an answer's passages can carry."""
    return math.log2(assistant.passages)


def citations_for_order() -> int:
    """Citations whose choice spells an order number, where somebody can see which articles are opened."""
    return math.ceil(bits_of_order() / bits_of_citation())


# Permissions

RESTRICTED = 0.02  # share of passages that a customer may not read
PERSONAL = 0.08  # share of answers that hold something of the customer's own


def short_list_by_chance(missing: int = 4) -> float:
    """Chance that at least so many of six passages are restricted, if they fall at random."""
    k, q = assistant.passages, RESTRICTED
    return math.fsum(math.comb(k, i) * q**i * (1 - q) ** (k - i) for i in range(missing, k + 1))


def cached_leaks() -> float:
    """Answers a day that a cache shared by all serves with another customer's data, if personal ones hit as often."""
    return design.ANSWER_CACHE_HITS * PERSONAL * assistant.questions_per_day


def saved_per_leak() -> float:
    """Dollars that the shared cache saves for each such answer."""
    return design.answer_cache_saves() / cached_leaks()


# Personal data

HOLDS = 0.06  # share of questions that hold an identifier
MASKED = 0.97  # share of these that come out clean
KEPT_LONG, KEPT_SHORT = 365, 30  # days the log is kept
GOLDEN = 1_000  # questions in the golden set


def missed_a_day(masked: float = MASKED) -> float:
    """Questions a day that go into the log with an identifier in them."""
    return HOLDS * (1 - masked) * assistant.questions_per_day


def standing(days: float, masked: float = MASKED) -> float:
    """Questions with an identifier that lie in the log at any time, kept so many days."""
    return missed_a_day(masked) * days


def recall_worth_of_retention() -> float:
    """Share masked at which the long log holds as few as the short one does today."""
    return 1 - (1 - MASKED) * KEPT_SHORT / KEPT_LONG


def golden_identifiers() -> float:
    """Questions of the golden set with an identifier left after masking, on average."""
    return GOLDEN * HOLDS * (1 - MASKED)


# Volume

FLOOD = 10  # questions a second from one script
QUESTIONS_AN_ACCOUNT, HANDOVERS_AN_ACCOUNT = 20, 2  # limits a day


def flood_cost() -> float:
    """Dollars a day of answers for a script that asks around the clock."""
    return FLOOD * 86_400 * assistant.answer_cost


def minutes_between_handovers() -> float:
    """Minutes between the questions that fill the agents' free places in a day."""
    return 24 * 60 / slack()


def slack_cost() -> float:
    """Dollars of agents' time in the free places of a day."""
    return slack() * assistant.handover_cost


def slack_tokens() -> float:
    """Dollars for the answers that precede so many handovers."""
    return slack() * assistant.answer_cost


def account_cost() -> float:
    """Dollars a day that one account can spend on answers under the limit."""
    return QUESTIONS_AN_ACCOUNT * assistant.answer_cost


def accounts_to_fill() -> int:
    """Accounts that fill the agents' free places under the limit."""
    return math.ceil(slack() / HANDOVERS_AN_ACCOUNT)


# The suite

SUITE, FAMILIES = 400, 8  # attacks, in families of equal size
LIVE_RATE = 0.002  # obedience of the release that is live, per attack


def suite_bound() -> float:
    """Upper end, one-sided at 95 %, of the success rate after no success in the whole suite."""
    return upper_bound(0, SUITE)


def family_bound() -> float:
    """The same for one family of attacks."""
    return upper_bound(0, SUITE // FAMILIES)


def attacks_left() -> float:
    """Attacks a day that the suite's bound still allows, if tomorrow's were a sample like it."""
    return suite_bound() * assistant.attacks_per_day


def gate_blocks(rate: float = LIVE_RATE) -> float:
    """Chance that a release of this obedience fails the rule "none of the suite"."""
    return chance_to_see(rate, SUITE)


def family_seen(rate: float) -> float:
    """Chance that one family shows at least one success at this rate."""
    return chance_to_see(rate, SUITE // FAMILIES)


# Incident


def readings_an_hour() -> float:
    """Answers a mean hour with the planted comment in the context."""
    return readings() / 24


def answers_to_read() -> float:
    """Answers a day to search when the log holds no passage ids."""
    return llm.answers_a_day()


def obeyed_interval(obeyed: int = 3, reruns: int = 60) -> tuple[float, float]:
    """Of a day's contexts with an order, how many obeyed: the 95 % Wilson interval of the reruns, times all of them."""
    low, high = wilson_interval(obeyed, reruns)
    return low * with_order(), high * with_order()


# Prompt: refunds

REQUESTS = 1_200  # refund requests a day
BANDS = {"small": (0.70, 9.0), "middle": (0.25, 35.0), "large": (0.05, 120.0)}  # share, mean dollars
NOT_DUE = 0.02  # share of requests that should not be paid
CAUGHT_BY_AGENT, CAUGHT_BY_CLICK = 0.90, 0.60  # of those, by a full handling and by a confirmation
ACCOUNTS = 50  # accounts of one attacker
LIMITS = {"small": 15.0, "middle": 60.0, "large": 200.0}  # dollars, upper end of each band


def click_cost() -> float:
    """Dollars of one confirmation: a minute of an agent."""
    return assistant.agent_hour / 60


def bad_day(alone: tuple[str, ...], caught: float = CAUGHT_BY_CLICK, agents: tuple[str, ...] = ()) -> float:
    """Dollars a mean day: agents and confirmations where a person looks, and refunds not due that get through."""
    cost = 0.0
    for band, (share, dollars) in BANDS.items():
        requests = REQUESTS * share
        if band in alone:
            cost += requests * NOT_DUE * dollars
        elif band in agents:
            cost += requests * (assistant.handover_cost + NOT_DUE * (1 - CAUGHT_BY_AGENT) * dollars)
        else:
            cost += requests * (click_cost() + NOT_DUE * (1 - caught) * dollars)
    return cost


def by_agents() -> float:
    """Dollars a mean day when agents handle every request in full."""
    mean = math.fsum(share * dollars for share, dollars in BANDS.values())
    return REQUESTS * (assistant.handover_cost + NOT_DUE * (1 - CAUGHT_BY_AGENT) * mean)


def worst_day(alone: float, clicked: float = LIMITS["large"]) -> float:
    """Dollars one attacker expects in a day, each account asking once: alone, past a click, or past an agent."""
    past_click, past_agent = (1 - CAUGHT_BY_CLICK) * clicked, (1 - CAUGHT_BY_AGENT) * LIMITS["large"]
    return ACCOUNTS * max(alone, past_click, past_agent)


def honest_spread(hours: float) -> float:
    """Standard deviation of dollars paid alone up to the middle limit in so many mean hours: requests Poisson, each at its band's mean, so at least this."""
    square = math.fsum(BANDS[band][0] * BANDS[band][1] ** 2 for band in ("small", "middle"))
    return math.sqrt(REQUESTS * hours / 24 * square)


def breaker(hours: float, deviations: float = 4) -> float:
    """Dollars above forecast at which a breaker over so many hours acts."""
    return deviations * honest_spread(hours)


def days_between_attacks() -> float:
    """Days between such attacks at which the lower limit costs as much as the higher one."""
    dearer = bad_day(("small",)) - bad_day(("small", "middle"))
    return (worst_day(LIMITS["middle"], 0) - worst_day(LIMITS["small"], LIMITS["middle"])) / dearer


def days_between_clicked() -> float:
    """Days between attacks at which agents above the middle limit cost as much as clicks there."""
    dearer = bad_day(("small",), agents=("large",)) - bad_day(("small",))
    return (worst_day(LIMITS["small"]) - worst_day(LIMITS["small"], LIMITS["middle"])) / dearer


def point_not_due() -> float:
    """Dollars a day of one more point of small refunds that are not due and paid alone."""
    share, dollars = BANDS["small"]
    return 0.01 * REQUESTS * share * dollars


def points_until_gain_is_gone() -> float:
    """Points more of small refunds not due at which paying them alone costs as much as confirming all."""
    return (bad_day(()) - bad_day(("small",))) / (CAUGHT_BY_CLICK * point_not_due())


def click_pays_from(caught: float = CAUGHT_BY_CLICK) -> float:
    """Dollars from which a confirmation saves more than its minute costs, at the mean share not due."""
    return click_cost() / (NOT_DUE * caught)


# Prompt: guardrail

GUARD_RECALL, GUARD_FALSE = 0.98, 0.02  # what the vendor promises
GUARD_PRICE = 0.0004  # dollars a question
GUARD_MS = 120  # milliseconds before the first token


def guard_flags() -> Alarms:
    """Flags a day by the guardrail model."""
    return alarms(assistant.questions_per_day, assistant.attack_rate, GUARD_RECALL, GUARD_FALSE)


def guard_precision() -> float:
    """Share of its flags that are attacks."""
    return guard_flags().true / (guard_flags().true + guard_flags().false)


def guard_day() -> float:
    """Dollars a day: its price, agents for customers it flags, and customers who give up while it reads."""
    price = GUARD_PRICE * assistant.questions_per_day
    return price + guard_flags().false * assistant.handover_cost + design.wait_price(GUARD_MS)


def guard_day_quiet() -> float:
    """Dollars a day when a flag only drops tools and comments: its price and the wait."""
    return GUARD_PRICE * assistant.questions_per_day + design.wait_price(GUARD_MS)


def guard_passes(tries: int) -> float:
    """Chance that one of so many tries passes it, each missed independently."""
    return chance_to_see(1 - GUARD_RECALL, tries)


# Prompt: a cache across tenants

TENANTS = 40  # shops that use one assistant
HITS_ALL, HITS_TENANT, HITS_RIGHTS = 0.30, 0.22, 0.17  # hit rates by what the key holds
CROSS = 0.30  # share of hits that were stored by another tenant
DEPENDS = 0.25  # share of answers that differ by tenant


def cross_answers() -> float:
    """Answers a day that come from another tenant's cache entry."""
    return HITS_ALL * CROSS * assistant.questions_per_day


def cross_wrong() -> float:
    """Of these, answers a day that were that tenant's own."""
    return cross_answers() * DEPENDS


def cache_saves(hits: float) -> float:
    """Dollars a day that a cache with this hit rate takes off the invoice."""
    return hits * assistant.questions_per_day * assistant.answer_cost


# Prompt: a test plan

PLAN_FAMILIES, PLAN_EACH = 6, 100  # families, attacks in each
JUDGE_SEES = 0.90  # share of successes that the reader of replies notices
SEEN = 2  # successes in the first run


def plan_tests() -> int:
    """Attacks in the plan."""
    return PLAN_FAMILIES * PLAN_EACH


def plan_bound(seen: int = SEEN) -> float:
    """Upper end of the obedience rate after so many successes seen, one-sided at 95 %, for what the reader notices."""
    return upper_bound(seen, plan_tests())


def plan_bound_true(seen: int = SEEN) -> float:
    """The same for all successes, divided by the share that the reader notices."""
    return plan_bound(seen) / JUDGE_SEES


def plan_family_bound() -> float:
    """Upper end for a family in which nothing was seen, divided by the share that the reader notices."""
    return upper_bound(0, PLAN_EACH) / JUDGE_SEES


def plan_families_bound() -> float:
    """Upper end for all families in which nothing was seen, jointly at 95 % (an equal part of the 5 % for each)."""
    return (1 - math.pow(0.05 / (PLAN_FAMILIES - 1), 1 / PLAN_EACH)) / JUDGE_SEES


# Prompt: personal data in logs and in the golden set


def reading_hours(seconds: float = 20.0) -> float:
    """Hours for one person to read the golden set at so many seconds a question."""
    return GOLDEN * seconds / 3_600


def reading_cost() -> float:
    """Dollars for that, at an agent's hour."""
    return reading_hours() * assistant.agent_hour
