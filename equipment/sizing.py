"""How large a pool must be: the share of those who ask for whom nothing is free. Pure.

The load is the rate of asking times the mean time a unit is taken for each, in the same unit of time; that time includes waiting to
be collected, being late, inspection and turnaround. A. K. Erlang, "Solution of some problems in the theory of probabilities of
significance in automatic telephone exchanges", 1917 (loss formula). It holds for every distribution of the time taken; it takes
whoever finds nothing free to go away, so that with a queue it is a little too hopeful.
"""

_MOST_UNITS = 10_000
_HALVINGS = 60


def share_without(units: int, load: float) -> float:
    """The share, 0 to 1, of those who ask that find no unit free (Erlang's B), for `units` ≥ 0 and `load` ≥ 0."""
    share = 1.0
    for unit in range(1, units + 1):
        share = load * share / (unit + load * share)
    return share


def units_for(load: float, share: float) -> int:
    """The fewest units with which at most `share` of those who ask find none free. `share` above 0.

    Raises `ValueError` when ten thousand would not do.
    """
    found, units = 1.0, 0
    while found > share:
        units += 1
        if units > _MOST_UNITS:
            raise ValueError(f"A load of {load:.0f} needs more than {_MOST_UNITS} units.")
        found = load * found / (units + load * found)
    return units


def most_load(units: int, share: float) -> float:
    """The largest load at which at most `share` (above 0, below 1) of those who ask find none of `units` free."""
    if units == 0:
        return 0.0
    # The share at a load so large that it must be exceeded: of a load a at most `units` are served, so B ≥ 1 − units / a.
    low, high = 0.0, units / (1 - share) + 1
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if share_without(units, middle) <= share else (low, middle)
    return low
