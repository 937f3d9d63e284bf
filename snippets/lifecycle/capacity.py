"""Machines for a load, with queues and the loss of a zone. Serves docs/chapters/lifecycle.md.

A *server* is whatever works on one request at a time: a core, a worker process, a GPU slot. Rates are requests a second, times
are seconds. The queueing formulas assume that requests come at random (Poisson) and that service times are exponential (M/M/c). Real
service is less spread out and real arrivals are more bursty, so read the results as an order of magnitude.
"""

import math

from snippets.lifecycle._inputs import inside, not_negative, positive, whole


def busy_servers(rate: float, service: float) -> float:
    """Servers that are busy on average: Little's law, rate × service time. O(1)."""
    return positive(rate, "rate") * positive(service, "service")


def chance_of_waiting(servers: int, load: float) -> float:
    """Share of requests that find every server busy: Erlang's C formula.

    `load` is what `busy_servers` gives. A load at or above the number of servers
    gives 1.0: the queue grows without end. By Erlang B's recursion, so nothing
    overflows. O(servers).
    """
    count, busy = whole(servers, "servers"), not_negative(load, "load")
    if busy >= count:
        return 1.0
    lost = 1.0  # Erlang B with no server: every request is turned away
    for c in range(1, count + 1):
        lost = busy * lost / (c + busy * lost)
    return lost / (1 - busy / count * (1 - lost))


def mean_wait(rate: float, service: float, servers: int) -> float:
    """Seconds a request waits before its service begins, on average, in an M/M/c queue; infinite when overloaded. O(servers)."""
    load = busy_servers(rate, service)
    if load >= whole(servers, "servers"):
        return math.inf
    return chance_of_waiting(servers, load) * service / (servers - load)


def share_slower(seconds: float, rate: float, service: float, servers: int) -> float:
    """Share of requests whose waiting and service together take longer than `seconds`, in an M/M/c queue.

    Every request when the servers are overloaded. A wait that happens is exponential with rate (servers − load) / service, and
    the service is exponential too, so the tail is a mixture of two exponentials. O(servers).
    """
    limit, load = not_negative(seconds, "seconds"), busy_servers(rate, service)
    if load >= whole(servers, "servers"):
        return 1.0
    waits, spare = chance_of_waiting(servers, load), servers - load
    served = math.exp(-limit / service)
    if math.isclose(spare, 1.0, abs_tol=1e-9):  # both rates equal: a gamma with two steps
        waited = served * (1 + limit / service)
    else:
        waited = (spare * served - math.exp(-limit * spare / service)) / (spare - 1)
    return (1 - waits) * served + waits * waited


# --8<-- [start:servers]
def servers_for(rate: float, service: float, limit: float, slow: float = 0.01) -> int:
    """The fewest servers behind one shared queue with at most `slow` above the limit.

    `limit` is seconds for waiting and service together. Raises where even an idle
    server is too slow: then no number of servers helps. O(servers²).
    """
    idle = math.exp(-positive(limit, "limit") / positive(service, "service"))
    if idle >= inside(slow, "slow"):
        raise ValueError(f"service alone is over the limit for {idle:.1%} of requests")
    servers = math.floor(busy_servers(rate, service)) + 1
    while share_slower(limit, rate, service, servers) > slow:
        servers += 1
    return servers


def servers_a_zone(needed: int, zones: int) -> int:
    """Servers for each zone so that enough are left when one zone is lost. O(1)."""
    left = whole(zones, "zones", least=2) - 1
    return math.ceil(whole(needed, "needed") / left)


# --8<-- [end:servers]


def separate_servers_for(rate: float, service: float, limit: float, slow: float = 0.01) -> int:
    """The fewest servers when each has a queue of its own and requests are dealt out at random.

    Then each is an M/M/1 queue, whose time is exponential with rate (1 − load) / service. Raises like `servers_for` where the
    service alone is too slow; where it exactly meets the limit no finite number is enough, and it raises too. O(1).
    """
    free = math.log(1 / inside(slow, "slow")) * positive(service, "service") / positive(limit, "limit")
    if free >= 1:
        raise ValueError(f"service alone needs {free:.2f} of the limit at this share")
    return max(1, math.ceil(busy_servers(rate, service) / (1 - free)))
