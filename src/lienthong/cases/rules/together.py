"""What can be done to several dossiers with one confirmation, and how work is spread. Pure."""

import heapq
from collections.abc import Iterable, Mapping

from lienthong.procedures.shapes import Action, Verb

_TOGETHER = frozenset({Verb.ASSIGN, Verb.APPROVE, Verb.RETURN_RESULT, Verb.FORWARD})


def together(action: Action) -> bool:
    """Whether an action has nothing that must be thought about for each dossier: no questions, no reason that one
    applicant reads, no result to draft, nothing that another agency may refuse, and an end only where the result is
    there."""
    plain = not action.reason_needed and not len(action.asks) and not action.opens
    return plain and action.does in _TOGETHER


def spread(count: int, posts: Iterable[int], loads: Mapping[int, int]) -> list[int]:
    """A post for each of `count` tasks, each time the one with the least to do; of equals the first named.

    `loads` says how much lies with a post already. Raises ValueError without posts.
    """
    waiting = [(loads.get(post, 0), place, post) for place, post in enumerate(posts)]
    if not waiting:
        raise ValueError("there is nobody to spread the work among")
    heapq.heapify(waiting)
    chosen = []
    for _task in range(count):
        load, place, post = waiting[0]
        heapq.heapreplace(waiting, (load + 1, place, post))
        chosen.append(post)
    return chosen
