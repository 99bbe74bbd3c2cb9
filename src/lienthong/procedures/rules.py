"""Whether a process can work at all: checks of its graph, on plain values."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.references import references
from lienthong.procedures.shapes import ProcedureBody, Process, Step, StepKind, Verb

STEPS: Path = ("process", "steps")
WORKING_DAY = timedelta(hours=8)


def problems(procedure: ProcedureBody, *, roles: Iterable[str], functions: Iterable[str]) -> Iterator[Problem]:
    """What keeps the procedure from working, in any of its variants, each with the place in the declaration.

    `roles` and `functions` are those known to the province.
    """
    yield from _variants(procedure)
    known_roles, known_functions = set(roles), set(functions)
    yield from in_every_variant(procedure, lambda body: _problems_of(body, known_roles, known_functions))


def in_every_variant(
    procedure: ProcedureBody, problems_of: Callable[[ProcedureBody], Iterable[Problem]]
) -> Iterator[Problem]:
    """What a check says of the procedure, and as it is in each variant: each once, where it stands."""
    told = set()
    for place, body in _bodies(procedure):
        for problem in problems_of(body):
            at = _declared_at(problem.path, body, procedure, place)
            if (at, str(problem.message)) not in told:
                told.add((at, str(problem.message)))
                yield Problem(at, problem.message)


def _bodies(procedure: ProcedureBody) -> Iterator[tuple[Path, ProcedureBody]]:
    """The procedure, and as it is in each variant, with the place of the variant."""
    yield (), procedure
    for number, variant in enumerate(procedure.variants):
        yield ("variants", number), procedure.in_variant(variant.key)


def _declared_at(path: Path, body: ProcedureBody, procedure: ProcedureBody, place: Path) -> Path:
    """Where a part of a variant's body stands in the declaration."""
    if body.variant is None or not path:
        return path
    if path[0] in body.variant.own():
        return (*place, *path)
    if path[0] == "components" and isinstance(path[1], int):
        return (path[0], procedure.components.index(body.components[path[1]]), *path[2:])
    return path


def _variants(procedure: ProcedureBody) -> Iterator[Problem]:
    keys = [variant.key for variant in procedure.variants]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield Problem(("variants", number, "key"), _("the variant “%(key)s” is there twice") % {"key": key})
    if len(keys) == 1:
        yield Problem(("variants",), _("one variant leaves nothing to choose: leave it out or say another"))
    narrowed = [("components", n, part.variants) for n, part in enumerate(procedure.components)]
    narrowed += [("fees", n, part.variants) for n, part in enumerate(procedure.fees)]
    for name, number, only_in in narrowed:
        for key in set(only_in) - set(keys):
            yield Problem((name, number, "variants"), _("no variant “%(key)s”") % {"key": key})


def _problems_of(procedure: ProcedureBody, roles: set[str], functions: set[str]) -> Iterator[Problem]:
    process = procedure.process
    yield from _doubles(process)
    dangling = list(_dangling(process))
    yield from dangling
    yield from _unknown_names(procedure, roles, functions)
    yield from _reception(process)
    yield from _results(procedure)
    yield from _expressions(procedure)
    if dangling:
        return  # the walks below need every edge to arrive
    yield from _unreachable(process)
    yield from _dead_ends(process)
    yield from _consultations(process)
    yield from _circles_and_limits(procedure)


def onward(process: Process, step: Step) -> list[Step]:
    """The steps a step leads to, forward and back."""
    return [process.step(action.to) for action in step.actions if action.to]


def _place(process: Process, step: Step, *rest: str | int) -> Path:
    return (*STEPS, process.steps.index(step), *rest)


def _doubles(process: Process) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, step in enumerate(process.steps):
        if step.key in seen:
            yield Problem((*STEPS, at, "key"), _("the step “%(step)s” is there twice") % {"step": step.key})
        seen.add(step.key)
        keys = [action.key for action in step.actions]
        for number, key in enumerate(keys):
            if key in keys[:number]:
                place = (*STEPS, at, "actions", number, "key")
                yield Problem(place, _("the action “%(key)s” is there twice") % {"key": key})


def _dangling(process: Process) -> Iterator[Problem]:
    """Actions that lead nowhere, or to a step that is not there."""
    known = {step.key for step in process.steps}
    for step in process.steps:
        for name in step.waits_for:
            if name not in known:
                yield Problem(_place(process, step, "waits_for"), _("no step “%(name)s”") % {"name": name})
        for number, action in enumerate(step.actions):
            here = _place(process, step, "actions", number)
            if action.does.moves and not action.to:
                yield Problem(here, _("“%(action)s” leads nowhere: say `to: <step>`") % {"action": action.key})
            if action.to and not action.does.moves:
                yield Problem(
                    (*here, "to"), _("“%(verb)s” does not move the dossier: leave `to` out") % {"verb": action.does}
                )
            if action.to and action.to not in known:
                yield Problem((*here, "to"), _("no step “%(step)s”") % {"step": action.to})
            if action.does is Verb.CONSULT and not action.opens:
                yield Problem(here, _("“%(action)s” consults nobody: say `opens: [<step>]`") % {"action": action.key})
            for name in action.opens:
                if name not in known:
                    yield Problem((*here, "opens"), _("no step “%(name)s”") % {"name": name})


def _unknown_names(procedure: ProcedureBody, roles: set[str], functions: set[str]) -> Iterator[Problem]:
    if procedure.competent not in functions:
        yield Problem(("competent",), _("no function “%(function)s”") % {"function": procedure.competent})
    for step in procedure.process.steps:
        if step.role not in roles:
            yield Problem(_place(procedure.process, step, "role"), _("no role “%(role)s”") % {"role": step.role})
        if step.at not in functions:
            yield Problem(
                _place(procedure.process, step, "at"), _("no function “%(function)s”") % {"function": step.at}
            )


def _reception(process: Process) -> Iterator[Problem]:
    first = process.first
    if first.kind is not StepKind.RECEPTION:
        yield Problem(_place(process, first, "kind"), _("the first step must be of kind reception"))
    elif not any(action.does is Verb.ACCEPT for action in first.actions):
        yield Problem(_place(process, first, "actions"), _("no action accepts the dossier (does: accept)"))
    for step in process.steps[1:]:
        if step.kind is StepKind.RECEPTION:
            yield Problem(_place(process, step, "kind"), _("only the first step can be of kind reception"))
        for number, action in enumerate(step.actions):
            if action.does in {Verb.ACCEPT, Verb.REFUSE}:
                place = _place(process, step, "actions", number, "does")
                yield Problem(place, _("“%(verb)s” belongs to the reception") % {"verb": action.does})


def _results(procedure: ProcedureBody) -> Iterator[Problem]:
    known = {result.key for result in procedure.results}
    drafted: set[str] = set()
    for step in procedure.process.steps:
        for number, action in enumerate(step.actions):
            drafted.update(action.results)
            for key in set(action.results) - known:
                place = _place(procedure.process, step, "actions", number, "results")
                yield Problem(place, _("no result “%(key)s”") % {"key": key})
            if action.does is Verb.DRAFT and not action.results:
                place = _place(procedure.process, step, "actions", number)
                yield Problem(
                    place, _("“%(action)s” drafts nothing: say `results: [<result>]`") % {"action": action.key}
                )
    for number, result in enumerate(procedure.results):
        if result.key not in drafted:
            yield Problem(("results", number), _("no action drafts the result “%(result)s”") % {"result": result.key})
    verbs = {action.does for step in procedure.process.steps for action in step.actions}
    if drafted and Verb.APPROVE not in verbs:
        yield Problem(STEPS, _("results are drafted, but no action approves them"))


def _expressions(procedure: ProcedureBody) -> Iterator[Problem]:
    """Conditions and texts that read what the application does not have."""
    for path, source in procedure.expressions():
        for reference in references(source):
            for why in procedure.form.complaints_of(reference):
                yield Problem(path, why)
    for number, result in enumerate(procedure.results):
        known = {field.key for field in result.fields}
        for path, source in result.expressions():
            for reference in references(source):
                if reference.path[0] not in known:
                    for why in procedure.form.complaints_of(reference):
                        yield Problem(("results", number, *path), why)


def _reached(process: Process) -> set[str]:
    found: set[str] = set()
    waiting = [process.first]
    while waiting:
        step = waiting.pop()
        if step.key in found:
            continue
        found.add(step.key)
        waiting += onward(process, step)
        waiting += [process.step(name) for action in step.actions for name in action.opens]
    return found


def _unreachable(process: Process) -> Iterator[Problem]:
    reached = _reached(process)
    for step in process.steps:
        if step.key not in reached:
            yield Problem(_place(process, step), _("no action leads to the step “%(step)s”") % {"step": step.key})


def _dead_ends(process: Process) -> Iterator[Problem]:
    """Steps from which no end of the dossier can be reached."""
    main = [step for step in process.steps if step.kind is not StepKind.CONSULTATION]
    ending = {step.key for step in main if any(action.does.ends for action in step.actions)}
    grown = True
    while grown:
        more = {s.key for s in main if s.key not in ending and any(n.key in ending for n in onward(process, s))}
        grown = bool(more)
        ending |= more
    for step in main:
        if step.key not in ending:
            yield Problem(
                _place(process, step), _("from “%(step)s” the dossier never comes to an end") % {"step": step.key}
            )


def _consultations(process: Process) -> Iterator[Problem]:
    for step in process.steps:
        is_consultation = step.kind is StepKind.CONSULTATION
        answers = any(action.does is Verb.ANSWER for action in step.actions)
        if step.dossier and (not is_consultation or step.actions):
            message = _("“%(step)s” is a dossier elsewhere: it must be of kind consultation, without actions")
            yield Problem(_place(process, step, "dossier"), message % {"step": step.key})
        if is_consultation and not answers and not step.dossier:
            yield Problem(
                _place(process, step), _("the consultation “%(step)s” has no action that answers") % {"step": step.key}
            )
        if not is_consultation and answers:
            yield Problem(
                _place(process, step), _("“%(step)s” answers, but is not of kind consultation") % {"step": step.key}
            )
        if step.silence_is_consent and not (is_consultation and step.limit):
            yield Problem(_place(process, step, "silence_is_consent"), _("only a consultation with a limit can lapse"))
        if is_consultation and onward(process, step):
            yield Problem(
                _place(process, step), _("the consultation “%(step)s” may not move the dossier") % {"step": step.key}
            )
        for name in step.waits_for:
            if process.step(name).kind is not StepKind.CONSULTATION:
                yield Problem(
                    _place(process, step, "waits_for"), _("“%(name)s” is not a consultation") % {"name": name}
                )
        for number, action in enumerate(step.actions):
            for name in action.opens:
                if process.step(name).kind is not StepKind.CONSULTATION:
                    place = _place(process, step, "actions", number, "opens")
                    yield Problem(place, _("“%(name)s” is not a consultation") % {"name": name})


def _circles_and_limits(procedure: ProcedureBody) -> Iterator[Problem]:
    process = procedure.process
    circle = _circle(process)
    if circle:
        yield Problem(
            _place(process, circle),
            _("“%(step)s” comes round to itself: mark the way back `back: true`") % {"step": circle.key},
        )
        return
    longest, path = _longest(process, process.first, {})
    for name, limit in (("limit", procedure.limit), ("limit_online", procedure.limit_online)):
        if limit and longest > limit.usual_working_time:
            days = longest / WORKING_DAY
            yield Problem(
                (name,),
                _("the steps %(path)s may take %(days)s working days, the procedure only %(limit)s")
                % {"path": " → ".join(path), "days": f"{days:g}", "limit": limit.text},
            )


def _forward(process: Process, step: Step) -> list[Step]:
    return [process.step(action.to) for action in step.actions if action.to and not action.back]


def _circle(process: Process) -> Step | None:
    """A step that can be reached again without a way marked as back, or None."""
    finished: set[str] = set()
    under_way: set[str] = set()

    def visit(step: Step) -> Step | None:
        if step.key in under_way:
            return step
        if step.key in finished:
            return None
        under_way.add(step.key)
        for following in _forward(process, step):
            found = visit(following)
            if found:
                return found
        under_way.discard(step.key)
        finished.add(step.key)
        return None

    return visit(process.first)


Way = tuple[timedelta, list[str]]
"""Working time, and the steps they go through."""


def _longest(process: Process, step: Step, known: dict[str, Way]) -> Way:
    """The longest way from a step to the end, in a process without circles.

    Reception counts only from acceptance on, so its limit is left out. Consultations run beside their step, and count
    where they take longer than it.
    """
    if step.key in known:
        return known[step.key]
    own = timedelta(0) if step.kind is StepKind.RECEPTION else _time(step)
    beside = [_time(process.step(name)) for action in step.actions for name in action.opens]
    own = max([own, *beside])
    ways = [_longest(process, following, known) for following in _forward(process, step)]
    rest, path = max(ways, key=lambda way: way[0], default=(timedelta(0), []))
    known[step.key] = (own + rest, [step.key, *path])
    return known[step.key]


def _time(step: Step) -> timedelta:
    return step.limit.usual_working_time if step.limit else timedelta(0)
