"""Dossiers and what belongs to them: tables and constraints, nothing that decides."""

from lienthong.cases.models.components import Component, Digitised, Document
from lienthong.cases.models.counter import CounterEntry, HandOver, HandOverLine, Taker
from lienthong.cases.models.dossiers import (
    ACCOUNT,
    PAUSING,
    Dossier,
    Extension,
    FormerData,
    Paper,
    ReturnWay,
    StepVisit,
)
from lienthong.cases.models.drafts import Draft, DraftFile
from lienthong.cases.models.talk import Message, MessageFile

__all__ = [
    "ACCOUNT",
    "PAUSING",
    "Component",
    "CounterEntry",
    "Digitised",
    "Document",
    "Dossier",
    "Draft",
    "DraftFile",
    "Extension",
    "FormerData",
    "HandOver",
    "HandOverLine",
    "Message",
    "MessageFile",
    "Paper",
    "ReturnWay",
    "StepVisit",
    "Taker",
]
