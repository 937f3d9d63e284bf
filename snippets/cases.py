"""The three running cases of the book, as numbers. Shown at `docs/reference/cases.md`; every chapter builds on them.

A field is *given*: a premise that we chose so that the decisions are interesting, of the size such products have. A
property or method is *derived* from given fields, and its docstring's first sentence says how. Money is in US dollars, rates are
shares from 0 to 1, times carry their unit in the name. A cost is always counted against the right decision, which costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

SECONDS_A_DAY = 86_400


@dataclass(frozen=True)
class Payments:
    """Card-not-present fraud scoring at the checkout of a large online retailer."""

    # Volume
    daily_volume: int = 1_000_000  # payments a day
    fraud_rate: float = 0.002  # share of payments that are fraud, before any action
    false_positive_rate: float = 0.01  # share of good payments above the threshold inherited from the last owner
    peak_factor: float = 5.0  # busiest second of the year over the mean second

    # Money
    mean_payment: float = 40.0  # dollars, a good payment
    mean_fraud: float = 140.0  # dollars, a fraudulent payment
    margin: float = 0.15  # contribution margin, share of the payment
    chargeback_fee: float = 20.0  # dollars to the card network for each chargeback
    chargeback_handling: float = 11.0  # dollars of staff time for each chargeback
    leaving_rate: float = 0.03  # share of wrongly declined customers who never come back
    customer_value: float = 200.0  # dollars of future margin of a customer who would have stayed
    contact_rate: float = 0.30  # share of wrongly declined customers who contact support
    contact_cost: float = 10.0  # dollars for one contact

    # Challenge: the cardholder confirms with the bank
    challenge_fee: float = 0.05  # dollars for each challenge
    challenge_abandon_rate: float = 0.08  # share of good customers who give up at the challenge
    challenge_pass_rate: float = 0.30  # share of frauds that get through the challenge

    # Review: an analyst decides
    reviewers: int = 20  # analysts on a day
    review_minutes: float = 4.0  # minutes for one review
    review_hours: float = 6.0  # hours of a shift spent on reviews
    analyst_hour: float = 45.0  # dollars for an analyst's hour, all included
    review_miss_rate: float = 0.10  # share of frauds an analyst approves
    review_false_decline_rate: float = 0.05  # share of good payments an analyst declines

    # Time
    score_p99_ms: int = 100  # milliseconds for the score, 99th percentile, features included
    checkout_p99_ms: int = 800  # milliseconds for the whole authorization, 99th percentile
    review_wait_hours: float = 2.0  # hours a held payment waits for its review, median
    chargeback_days_p10: int = 30  # days until a tenth of the chargebacks are in
    chargeback_days_p50: int = 45  # days until half are in
    chargeback_days_p90: int = 75  # days until nine tenths are in
    label_maturity_days: int = 90  # days after which a payment without chargeback counts as good
    unreported_rate: float = 0.05  # share of approved frauds that never become a chargeback
    friendly_fraud_rate: float = 0.12  # share of chargebacks coded as fraud that the cardholder did make

    @property
    def frauds_per_day(self) -> float:
        """Payments a day times the fraud rate."""
        return self.daily_volume * self.fraud_rate

    @property
    def good_per_day(self) -> float:
        """Payments a day that are not fraud."""
        return self.daily_volume - self.frauds_per_day

    @property
    def false_alarms_per_day(self) -> float:
        """Good payments a day times the false-positive rate of the inherited threshold."""
        return self.good_per_day * self.false_positive_rate

    @property
    def payments_per_second(self) -> float:
        """Payments a day over the seconds of a day: the mean, not the peak."""
        return self.daily_volume / SECONDS_A_DAY

    @property
    def peak_per_second(self) -> float:
        """Mean payments a second times the peak factor."""
        return self.payments_per_second * self.peak_factor

    @property
    def value_per_day(self) -> float:
        """Dollars that pass the checkout on a day, good and fraudulent together."""
        return self.good_per_day * self.mean_payment + self.frauds_per_day * self.mean_fraud

    @property
    def fraud_value_share(self) -> float:
        """Fraud's share of the dollars, larger than its share of payments because a fraud is larger."""
        return self.frauds_per_day * self.mean_fraud / self.value_per_day

    @property
    def lost_margin(self) -> float:
        """Margin on one good payment: mean payment times margin."""
        return self.mean_payment * self.margin

    @property
    def goods_lost(self) -> float:
        """Cost of the goods that a fraud takes: its amount without the margin."""
        return self.mean_fraud * (1 - self.margin)

    @property
    def missed_fraud_cost(self) -> float:
        """Dollars a fraud costs when it is approved: goods, chargeback fee and handling."""
        return self.goods_lost + self.chargeback_fee + self.chargeback_handling

    @property
    def false_decline_cost(self) -> float:
        """Dollars a declined good payment costs: its margin, the customers who leave, the contacts."""
        return self.lost_margin + self.leaving_rate * self.customer_value + self.contact_rate * self.contact_cost

    @property
    def review_cost(self) -> float:
        """Dollars of analyst time for one review."""
        return self.review_minutes / 60 * self.analyst_hour

    @property
    def review_capacity(self) -> float:
        """Reviews a day: analysts times the reviews that fit into a shift."""
        return self.reviewers * self.review_hours * 60 / self.review_minutes

    @property
    def review_share(self) -> float:
        """Share of a day's payments that analysts can look at."""
        return self.review_capacity / self.daily_volume

    @property
    def alarms_per_capacity(self) -> float:
        """False alarms of the inherited threshold for each review the analysts can do."""
        return self.false_alarms_per_day / self.review_capacity

    @property
    def loss_without_model(self) -> float:
        """Dollars a day when every payment is approved: frauds times the cost of a missed one."""
        return self.frauds_per_day * self.missed_fraud_cost

    def expected_cost(self, action: str, probability: float) -> float:
        """Expected dollars of an action on one payment that is fraud with the given probability.

        `action` is approve, challenge, review or decline; another raises `ValueError`. Right decisions cost nothing
        beyond the fee or the analyst's time.
        """
        good, fraud = 1 - probability, probability
        if action == "approve":
            return fraud * self.missed_fraud_cost
        if action == "challenge":
            abandoned = good * self.challenge_abandon_rate * self.lost_margin
            return self.challenge_fee + abandoned + fraud * self.challenge_pass_rate * self.missed_fraud_cost
        if action == "review":
            declined = good * self.review_false_decline_rate * self.false_decline_cost
            return self.review_cost + declined + fraud * self.review_miss_rate * self.missed_fraud_cost
        if action == "decline":
            return good * self.false_decline_cost
        raise ValueError(f"no action {action!r}: approve, challenge, review or decline")


@dataclass(frozen=True)
class Marketplace:
    """Search and home page of a marketplace for second-hand goods, where every listing is one of a kind."""

    # Catalog
    new_listings_per_day: int = 120_000  # listings a day
    mean_days_live: float = 100.0  # days from listing to sale or removal
    sold_share: float = 0.75  # share of listings that sell in the end
    query_languages: int = 4  # languages people search in

    # Use
    daily_users: int = 2_000_000  # users a day
    new_user_share: float = 0.05  # share of a day's users without any history
    searches_per_user: float = 3.0  # searches a user and day
    home_views_per_user: float = 2.0  # home-page views a user and day
    results_per_page: int = 24  # listings on a page
    search_click_rate: float = 0.35  # share of searches with a click
    search_purchase_rate: float = 0.012  # share of searches that lead to a purchase
    home_purchase_rate: float = 0.0045  # share of home-page views that lead to a purchase
    peak_factor: float = 4.0  # busiest second of a week over the mean second

    # Money
    mean_price: float = 30.0  # dollars, an item sold
    fee_rate: float = 0.10  # share of the price that the marketplace keeps
    dispute_rate: float = 0.02  # share of purchases that end in a dispute
    dispute_cost: float = 12.0  # dollars for one dispute
    sold_already_rate: float = 0.005  # share of shown listings that are sold when they are shown

    # Stages of a search
    retrieved: int = 1_000  # candidates after retrieval
    ranked: int = 200  # candidates the ranking model scores

    # Time
    retrieval_ms: int = 30  # milliseconds, 99th percentile
    features_ms: int = 20  # milliseconds, 99th percentile
    ranking_ms: int = 35  # milliseconds, 99th percentile
    rest_ms: int = 15  # milliseconds, 99th percentile: network, filters, assembly of the page
    index_minutes: float = 5.0  # minutes until a new or sold listing shows in the index
    attribution_days: int = 7  # days in which a purchase counts for the search that led to it
    dispute_days: int = 14  # days in which a buyer can open a dispute

    @property
    def live_listings(self) -> float:
        """New listings a day times the days one stays (Little's law, in a steady state)."""
        return self.new_listings_per_day * self.mean_days_live

    @property
    def cold_share(self) -> float:
        """Share of live listings younger than a day, on which nothing is known but the listing itself."""
        return self.new_listings_per_day / self.live_listings

    @property
    def searches_per_day(self) -> float:
        """Users a day times searches a user."""
        return self.daily_users * self.searches_per_user

    @property
    def home_views_per_day(self) -> float:
        """Users a day times home-page views a user."""
        return self.daily_users * self.home_views_per_user

    @property
    def sold_per_day(self) -> float:
        """New listings a day times the share that sells (in a steady state)."""
        return self.new_listings_per_day * self.sold_share

    @property
    def purchases_per_day(self) -> float:
        """Purchases a day from search and from the home page; it equals the listings sold a day."""
        return self.searches_per_day * self.search_purchase_rate + self.home_views_per_day * self.home_purchase_rate

    @property
    def fee(self) -> float:
        """Dollars the marketplace keeps of one purchase."""
        return self.mean_price * self.fee_rate

    @property
    def net_fee(self) -> float:
        """Dollars kept of one purchase after its share of disputes."""
        return self.fee - self.dispute_rate * self.dispute_cost

    @property
    def revenue_per_day(self) -> float:
        """Purchases a day times the fee."""
        return self.purchases_per_day * self.fee

    @property
    def searches_per_second(self) -> float:
        """Searches a day over the seconds of a day: the mean, not the peak."""
        return self.searches_per_day / SECONDS_A_DAY

    @property
    def peak_searches_per_second(self) -> float:
        """Mean searches a second times the peak factor."""
        return self.searches_per_second * self.peak_factor

    @property
    def search_p99_ms(self) -> int:
        """Milliseconds of the stages, added up: the budget of a search."""
        return self.retrieval_ms + self.features_ms + self.ranking_ms + self.rest_ms


@dataclass(frozen=True)
class Assistant:
    """Customer-support answers with cited sources over a help center that changes every day."""

    # Volume
    questions_per_day: int = 40_000  # questions a day
    answerable_rate: float = 0.85  # share of questions that the help center answers
    attack_rate: float = 0.005  # share of questions that try to inject instructions or to get another user's data
    feedback_rate: float = 0.04  # share of answers that get a thumb up or down
    graded_per_day: int = 300  # answers a day that people grade, sampled at random
    peak_factor: float = 3.0  # busiest minute of a week over the mean minute

    # Help center
    articles: int = 3_000  # articles
    chunks_per_article: float = 6.0  # passages an article is cut into
    chunk_tokens: int = 300  # tokens, a passage
    edits_per_day: int = 60  # articles changed on a day
    languages: int = 12  # languages of questions and articles

    # Money
    agents: int = 200  # support agents on a day
    handover_minutes: float = 8.0  # minutes an agent needs for a question
    agent_minutes: float = 400.0  # minutes of a shift spent on questions
    agent_hour: float = 45.0  # dollars for an agent's hour, all included
    goodwill: float = 12.0  # dollars of refund or credit after a wrong answer, mean
    leaving_rate: float = 0.01  # share of customers who leave over a wrong answer
    customer_value: float = 200.0  # dollars of future margin of a customer who would have stayed
    input_price: float = 1.00  # dollars for a million input tokens: a premise, no vendor's price
    output_price: float = 4.00  # dollars for a million output tokens: a premise, no vendor's price
    search_cost: float = 0.001  # dollars for retrieval and reranking of one question

    # Tokens of one answer
    system_tokens: int = 800  # tokens, instructions and policy
    question_tokens: int = 400  # tokens, question and history
    passages: int = 6  # passages in the context
    answer_tokens: int = 250  # tokens, answer with citations

    # Time
    first_token_p95_ms: int = 1_500  # milliseconds, 95th percentile
    answer_p95_ms: int = 6_000  # milliseconds, 95th percentile
    resolved_hours: int = 72  # hours without a further contact after which a question counts as resolved

    @property
    def answerable_per_day(self) -> float:
        """Questions a day that the help center answers."""
        return self.questions_per_day * self.answerable_rate

    @property
    def attacks_per_day(self) -> float:
        """Questions a day that are attacks."""
        return self.questions_per_day * self.attack_rate

    @property
    def chunks(self) -> float:
        """Articles times passages an article."""
        return self.articles * self.chunks_per_article

    @property
    def handover_cost(self) -> float:
        """Dollars of agent time for a question that is handed over."""
        return self.handover_minutes / 60 * self.agent_hour

    @property
    def handover_capacity(self) -> float:
        """Questions a day that the agents can take over."""
        return self.agents * self.agent_minutes / self.handover_minutes

    @property
    def wrong_answer_cost(self) -> float:
        """Dollars a wrong answer costs: an agent after all, goodwill, the customers who leave."""
        return self.handover_cost + self.goodwill + self.leaving_rate * self.customer_value

    @property
    def input_tokens(self) -> int:
        """Tokens of instructions, question and passages."""
        return self.system_tokens + self.question_tokens + self.passages * self.chunk_tokens

    @property
    def answer_cost(self) -> float:
        """Dollars for one generated answer: input tokens, output tokens, retrieval."""
        return (self.input_tokens * self.input_price + self.answer_tokens * self.output_price) / 1e6 + self.search_cost


payments = Payments()
marketplace = Marketplace()
assistant = Assistant()
