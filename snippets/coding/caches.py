"""A cache that forgets by use and by age. Serves docs/chapters/coding/streams.md."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any


# --8<-- [start:cache]
class Cache:
    """At most `size` values, each for less than `ttl` seconds after it was put.

    The one least recently used goes first. O(1) a call, O(size) memory.
    """

    def __init__(self, size: int, ttl: float, clock: Callable[[], float]) -> None:
        """Empty; `clock` in seconds, as `time.monotonic`."""
        self.size, self.ttl, self.clock = size, ttl, clock
        self.held: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()

    def get(self, key: Hashable, default: Any = None) -> Any:
        """The value, or the default when it was never put, pushed out or is too old."""
        if key not in self.held:
            return default
        put_at, value = self.held[key]
        if self.clock() - put_at >= self.ttl:
            del self.held[key]
            return default
        self.held.move_to_end(key)  # used now; as old as before
        return value

    def put(self, key: Hashable, value: Any) -> None:
        """Store or replace; the age begins anew."""
        self.held[key] = (self.clock(), value)
        self.held.move_to_end(key)
        if len(self.held) > self.size:
            self.held.popitem(last=False)


# --8<-- [end:cache]
