from activities.models.activities import Activity, Partner
from activities.models.audience import Audience, Question
from activities.models.calendar import CalendarFeed
from activities.models.campaigns import Campaign, ServiceField
from activities.models.check_in import Door, Scan
from activities.models.contributions import DonatedGoods, Donation, Honour, Service
from activities.models.files import ActivityFile
from activities.models.objections import Objection
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
