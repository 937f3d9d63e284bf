"""What rarity does to a classifier's alarms and probabilities. Serves docs/chapters/metrics/classification.md."""

import math
from typing import NamedTuple

from snippets.metrics._inputs import fraction


class Alarms(NamedTuple):
    """Expected numbers of true and false alarms."""

    true: float
    false: float


# --8<-- [start:ppv]
def ppv(sensitivity: float, specificity: float, prevalence: float) -> float:
    """The share of alarms that are real: precision, from rates that do not need it.

    By Bayes' rule. All four numbers are shares between 0 and 1, others raise. NaN when
    no alarm is ever raised. O(1).
    """
    found = fraction(sensitivity, "sensitivity") * fraction(prevalence, "prevalence")
    false_alarms = (1 - fraction(specificity, "specificity")) * (1 - prevalence)
    alarms = found + false_alarms
    return found / alarms if alarms else math.nan


# --8<-- [end:ppv]


def npv(sensitivity: float, specificity: float, prevalence: float) -> float:
    """The share of items let pass that are truly negative.

    By Bayes' rule; all shares between 0 and 1, others raise `ValueError`. NaN when every item raises an alarm.
    It is `ppv` with the two classes swapped, and close to 1 for anything rare, whatever the model. O(1).
    """
    return ppv(
        fraction(specificity, "specificity"),
        fraction(sensitivity, "sensitivity"),
        1 - fraction(prevalence, "prevalence"),
    )


def alarms(items: float, prevalence: float, recall: float, false_positive_rate: float) -> Alarms:
    """The true and the false alarms to expect among so many items.

    `items` is a finite number of at least 0, the rates are shares between 0 and 1; others raise `ValueError`. The
    counts are expectations and need not be whole. O(1).
    """
    if not 0 <= items < math.inf:
        raise ValueError(f"items is {items}: a finite number of at least 0 is needed")
    positives = items * fraction(prevalence, "prevalence")
    return Alarms(
        true=positives * fraction(recall, "recall"),
        false=(items - positives) * fraction(false_positive_rate, "false_positive_rate"),
    )


def fpr_for_precision(precision: float, prevalence: float, recall: float) -> float:
    """The highest false-positive rate that still leaves the wanted precision at this recall.

    `precision` lies above 0 and at most at 1, `prevalence` strictly between 0 and 1, `recall` between 0 and 1;
    others raise `ValueError`. The answer is recall · odds(prevalence) / odds(precision), at most 1: where even
    flagging every negative keeps the precision, 1 is returned. A precision of 1 allows no false positive. O(1).
    """
    if fraction(precision, "precision") == 0:
        raise ValueError("precision is 0: any false-positive rate keeps it")
    share = fraction(prevalence, "prevalence", open_ends=True)
    found = fraction(recall, "recall") * share
    return min(1.0, found * (1 - precision) / (1 - share) / precision)


def shift_prior(probability: float, old_prior: float, new_prior: float) -> float:
    """Move a calibrated probability from the share of positives it was trained at to another.

    The odds are multiplied by odds(new) / odds(old), which is right as long as only the share of positives
    changes and each class looks as before. `probability` lies between 0 and 1, which stay put; both priors lie
    strictly between; others raise `ValueError`. O(1). Defined in Elkan 2001 and in Saerens, Latinne and
    Decaestecker 2002.
    """
    p = fraction(probability, "probability")
    old = fraction(old_prior, "old_prior", open_ends=True)
    new = fraction(new_prior, "new_prior", open_ends=True)
    positive = p * new * (1 - old)
    negative = (1 - p) * (1 - new) * old
    return positive / (positive + negative) if positive else 0.0


def undo_downsampling(probability: float, kept: float) -> float:
    """The true probability behind the output of a model whose training set kept only a share of the negatives.

    Keeping a share `kept` of the negatives divides their odds by it, so p = q·kept / (q·kept + 1 − q) for a model
    output q. `probability` lies between 0 and 1, which stay put; `kept` is above 0 and at most 1, which changes
    nothing; others raise `ValueError`. O(1). A special case of `shift_prior`.
    """
    q = fraction(probability, "probability")
    if fraction(kept, "kept") == 0:
        raise ValueError("kept is 0: a model trained without negatives knows no probability")
    return q * kept / (q * kept + (1 - q)) if q else 0.0
