"""What the step machine refuses, each by its name."""

from lienthong.foundation.errors import Conflict, DomainError


class StepNotOpen(Conflict):
    code = "cases.step_not_open"


class ActionNotOffered(DomainError):
    code = "cases.action_not_offered"


class ReasonNeeded(DomainError):
    code = "cases.reason_needed"


class PersonNeeded(DomainError):
    code = "cases.person_needed"


class WaitsForApplicant(DomainError):
    code = "cases.waits_for_applicant"


class ConsultationOpen(DomainError):
    code = "cases.consultation_open"


class AlreadyConsulted(DomainError):
    code = "cases.already_consulted"


class SupplementsUsedUp(DomainError):
    code = "cases.supplements_used_up"


class NothingToApprove(DomainError):
    code = "cases.nothing_to_approve"


class AlreadySigned(DomainError):
    code = "cases.already_signed"


class NotWaiting(DomainError):
    code = "cases.not_waiting"


class TooLateToWithdraw(DomainError):
    code = "cases.too_late_to_withdraw"


class SupplementTooLate(DomainError):
    code = "cases.supplement_too_late"


class NothingToPostpone(DomainError):
    code = "cases.nothing_to_postpone"


class ApologiesUsedUp(DomainError):
    code = "cases.apologies_used_up"


class NewDateNotLater(DomainError):
    code = "cases.new_date_not_later"


class NothingToCorrect(DomainError):
    code = "cases.nothing_to_correct"
