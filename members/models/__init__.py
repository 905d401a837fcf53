from members.models.accounts import RoleGrant, User
from members.models.counts import MemberCount
from members.models.imports import ImportBatch, ImportRow, ImportStep, payload_opener, payload_sealer
from members.models.lookups import Listed
from members.models.member import Employer, FurtherCategory, Member, StatusChange, sealed_id

__all__ = [
    "Employer",
    "FurtherCategory",
    "ImportBatch",
    "ImportRow",
    "ImportStep",
    "Listed",
    "Member",
    "MemberCount",
    "RoleGrant",
    "StatusChange",
    "User",
    "payload_opener",
    "payload_sealer",
    "sealed_id",
]
