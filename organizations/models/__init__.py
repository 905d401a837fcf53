from organizations.models.appointments import Appointment
from organizations.models.association import Association, Milestone, indented
from organizations.models.bodies import Body, Post, Term
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

__all__ = [
    "Action",
    "Appointment",
    "Association",
    "Body",
    "Candidate",
    "Change",
    "Contest",
    "Election",
    "ElectionBody",
    "Filing",
    "Milestone",
    "Post",
    "Preparation",
    "Recorded",
    "Round",
    "Scrutineer",
    "Tally",
    "Term",
    "acting",
    "change_row",
    "current_action",
    "indented",
]
