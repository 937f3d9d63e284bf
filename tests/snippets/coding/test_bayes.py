"""Naive Bayes against scikit-learn, and the text that is too long for a product."""

from math import log

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import GaussianNB, MultinomialNB

from snippets.coding.bayes import gaussian, scores
from snippets.coding.wrong_scratch import most_likely

TEXTS = [["card", "stolen"], ["card", "lost", "card"], ["where", "parcel"], ["parcel"]]
LABELS = ["fraud", "fraud", "delivery", "delivery"]


# --8<-- [start:underflow]
def test_a_long_text_is_not_a_tie_at_zero():
    def right(query):
        told = scores(TEXTS, LABELS, query)
        return max(sorted(told), key=told.__getitem__)

    for usual in ([], ["card"], ["parcel", "new"], ["card"] * 50 + ["parcel"] * 49):
        assert most_likely(TEXTS, LABELS, usual) == right(usual)
    long = ["stolen"] * 600
    assert right(long) == "fraud"
    assert most_likely(TEXTS, LABELS, long) == "delivery"  # 0 = 0, first name


# --8<-- [end:underflow]


# --8<-- [start:library]
def test_words_as_in_the_library():
    counter = CountVectorizer(analyzer=lambda words: words)
    model = MultinomialNB(alpha=0.5).fit(counter.fit_transform(TEXTS), LABELS)
    for query in (["card", "parcel", "new"], ["where"], []):
        told = scores(TEXTS, LABELS, query, alpha=0.5)
        joint = model.predict_joint_log_proba(counter.transform([query]))[0]
        np.testing.assert_allclose([told["delivery"], told["fraud"]], joint)


# --8<-- [end:library]


def test_numbers_as_in_the_library():
    rng = np.random.default_rng(5)
    X, y = rng.normal(size=(60, 3)) * [1, 5, 0.1], rng.integers(0, 3, 60)
    X[y == 1, 2] = 0.25  # constant in a class
    queries = rng.normal(size=(20, 3))
    model = GaussianNB().fit(X, y)
    np.testing.assert_allclose(
        gaussian(X, y, queries), model.predict_log_proba(queries), rtol=1e-6, atol=1e-9
    )


def test_the_edges():
    same = np.ones((4, 2))
    told = gaussian(same, np.array([0, 0, 0, 1]), same[:1])
    np.testing.assert_allclose(np.exp(told), [[0.75, 0.25]])
    tenths = np.full((7, 1), 0.1)  # the mean of six of them isn't 0.1
    told = gaussian(tenths, np.array([0] + [1] * 6), tenths[:1])
    np.testing.assert_allclose(np.exp(told), [[1 / 7, 6 / 7]])
    far = gaussian(np.array([[0.0], [1], [2], [3]]), np.array([0, 0, 1, 1]), [[1e6]])
    assert np.isfinite(far).all()
    assert scores([], [], ["card"]) == {}
    assert scores(TEXTS, LABELS, []) == {"fraud": log(0.5), "delivery": log(0.5)}
