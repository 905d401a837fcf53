from members.models.accounts import RoleGrant, User
from members.models.code_lists import ListedWord
from members.models.counts import MemberCount
from members.models.employer import EmployerAlias
from members.models.imports import ImportBatch, ImportRow, ImportStep, payload_opener, payload_sealer
from members.models.lists import ColumnChoice, ListedMember, SavedList
from members.models.lookups import Listed
from members.models.member import Employer, FurtherCategory, Member, StatusChange, sealed_id

__all__ = [
    "ColumnChoice",
    "Employer",
    "EmployerAlias",
    "FurtherCategory",
    "ImportBatch",
    "ImportRow",
    "ImportStep",
    "Listed",
    "ListedMember",
    "ListedWord",
    "Member",
    "MemberCount",
    "RoleGrant",
    "SavedList",
    "StatusChange",
    "User",
    "payload_opener",
    "payload_sealer",
    "sealed_id",
]
