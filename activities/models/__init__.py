from activities.models.activities import (
    Activity,
    ActivityFile,
    Audience,
    Campaign,
    Partner,
    Question,
    ServiceField,
)
from activities.models.calendar import CalendarFeed
from activities.models.check_in import Door, Scan
from activities.models.contributions import DonatedGoods, Donation, Honour, Objection, Service
from activities.models.participation import (
    PRESENT,
    Answer,
    Counts,
    Participation,
    Presence,
)

__all__ = [
    "PRESENT",
    "Activity",
    "ActivityFile",
    "Answer",
    "Audience",
    "CalendarFeed",
    "Campaign",
    "Counts",
    "DonatedGoods",
    "Donation",
    "Door",
    "Honour",
    "Objection",
    "Participation",
    "Partner",
    "Presence",
    "Question",
    "Scan",
    "Service",
    "ServiceField",
]
