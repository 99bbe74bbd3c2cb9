"""A small procedure as a declaration, to be bent by tests."""

from copy import deepcopy
from typing import Any

from lienthong.procedures.shapes import ProcedureBody

ROLES = ["clerk", "handler", "head", "leader"]
FUNCTIONS = ["one-stop", "office", "committee", "police"]

PERMIT: dict[str, Any] = {
    "key": "giay-phep",
    "name": "Cấp giấy phép",
    "effective_from": "2020-01-01",
    "code": "1.000001",
    "field": {"key": "xay-dung", "name": "Xây dựng"},
    "level": "district",
    "competent": "committee",
    "subjects": ["citizen"],
    "online": "full",
    "summary": "Xin giấy phép.",
    "how": "Nộp, chờ, nhận.",
    "limit": "10 working days",
    "legal_basis": [{"number": "1/2020/NĐ-CP", "title": "Nghị định", "date": "2020-01-01"}],
    "form": [{"key": "floors", "type": "integer", "label": "Số tầng", "required": True}],
    "results": [{"key": "permit", "name": "Giấy phép"}],
    "process": {
        "steps": [
            {
                "key": "receive",
                "name": "Tiếp nhận",
                "kind": "reception",
                "at": "one-stop",
                "role": "clerk",
                "actions": [
                    {"key": "accept", "name": "Nhận", "does": "accept", "to": "assign"},
                    {"key": "more", "name": "Bổ sung", "does": "request-supplement"},
                    {"key": "refuse", "name": "Từ chối", "does": "refuse"},
                ],
            },
            {
                "key": "assign",
                "name": "Phân công",
                "at": "office",
                "role": "head",
                "limit": "4 working hours",
                "actions": [{"key": "assign", "name": "Giao", "does": "assign", "to": "examine"}],
            },
            {
                "key": "examine",
                "name": "Thẩm định",
                "at": "office",
                "role": "handler",
                "limit": "5 working days",
                "waits_for": ["police"],
                "actions": [
                    {"key": "more", "name": "Bổ sung", "does": "request-supplement"},
                    {"key": "consult", "name": "Hỏi", "does": "consult", "opens": ["police"], "when": "floors > 2"},
                    {"key": "stop", "name": "Dừng", "does": "stop"},
                    {
                        "key": "draft",
                        "name": "Dự thảo",
                        "does": "draft",
                        "results": ["permit"],
                        "to": "sign",
                        "after_consultations": True,
                    },
                    {"key": "pay", "name": "Yêu cầu nộp tiền", "does": "request-payment"},
                ],
            },
            {
                "key": "police",
                "name": "Ý kiến công an",
                "kind": "consultation",
                "at": "police",
                "role": "handler",
                "limit": "3 working days",
                "silence_is_consent": True,
                "actions": [{"key": "agree", "name": "Đồng ý", "does": "answer"}],
            },
            {
                "key": "sign",
                "name": "Ký",
                "at": "committee",
                "role": "leader",
                "limit": "1 working day",
                "actions": [
                    {"key": "sign", "name": "Ký", "does": "approve", "to": "return"},
                    {"key": "back", "name": "Trả lại", "to": "examine", "back": True},
                ],
            },
            {
                "key": "return",
                "name": "Trả kết quả",
                "kind": "return",
                "at": "one-stop",
                "role": "clerk",
                "actions": [{"key": "return", "name": "Trả", "does": "return-result"}],
            },
        ]
    },
}


def permit() -> dict[str, Any]:
    """A copy to change."""
    return deepcopy(PERMIT)


def step(declared: dict[str, Any], key: str) -> dict[str, Any]:
    return next(entry for entry in declared["process"]["steps"] if entry["key"] == key)


def action(declared: dict[str, Any], at: str, key: str) -> dict[str, Any]:
    return next(entry for entry in step(declared, at)["actions"] if entry["key"] == key)


def body(declared: dict[str, Any] | None = None) -> ProcedureBody:
    return ProcedureBody.model_validate(declared or PERMIT)
