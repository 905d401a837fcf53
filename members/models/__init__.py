from members.models.accounts import RoleGrant, User
from members.models.imports import ImportBatch, ImportRow, opened_payload, sealed_payload
from members.models.member import Employer, FurtherCategory, Member, StatusChange, sealed_id

__all__ = [
    "Employer",
    "FurtherCategory",
    "ImportBatch",
    "ImportRow",
    "Member",
    "RoleGrant",
    "StatusChange",
    "User",
    "opened_payload",
    "sealed_id",
    "sealed_payload",
]
