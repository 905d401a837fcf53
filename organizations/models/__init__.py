from organizations.models.association import Association, Milestone, indented
from organizations.models.history import Action, Change, Recorded, acting, change_row, current_action

__all__ = [
    "Action",
    "Association",
    "Change",
    "Milestone",
    "Recorded",
    "acting",
    "change_row",
    "current_action",
    "indented",
]
