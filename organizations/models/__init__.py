from organizations.models.appointments import Appointment
from organizations.models.association import Association, Milestone, indented
from organizations.models.bodies import Body, Post, Term
from organizations.models.charter import CharterRule
from organizations.models.elections import (
    Candidate,
    Contest,
    Election,
    ElectionBody,
    Preparation,
    Round,
    Scrutineer,
    Tally,
)
from organizations.models.filings import Filing
from organizations.models.history import Action, Change, Recorded, acting, change_row, current_action
from organizations.models.meetings import AgendaItem, Attendance, Meeting, MeetingKind, MeetingRule
from organizations.models.papers import PaperTemplate
from organizations.models.resolutions import Resolution, Vote
from organizations.models.strokes import StrokeOverride, refresh_all_stroke_keys

__all__ = [
    "Action",
    "AgendaItem",
    "Appointment",
    "Association",
    "Attendance",
    "Body",
    "Candidate",
    "Change",
    "CharterRule",
    "Contest",
    "Election",
    "ElectionBody",
    "Filing",
    "Meeting",
    "MeetingKind",
    "MeetingRule",
    "Milestone",
    "PaperTemplate",
    "Post",
    "Preparation",
    "Recorded",
    "Resolution",
    "Round",
    "Scrutineer",
    "StrokeOverride",
    "Tally",
    "Term",
    "Vote",
    "acting",
    "change_row",
    "current_action",
    "indented",
    "refresh_all_stroke_keys",
]
