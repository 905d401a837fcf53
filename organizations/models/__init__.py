from organizations.models.appointments import Appointment
from organizations.models.association import Association, Milestone, indented
from organizations.models.bodies import Body, Post, Term
from organizations.models.history import Action, Change, Recorded, acting, change_row, current_action

__all__ = [
    "Action",
    "Appointment",
    "Association",
    "Body",
    "Change",
    "Milestone",
    "Post",
    "Recorded",
    "Term",
    "acting",
    "change_row",
    "current_action",
    "indented",
]
