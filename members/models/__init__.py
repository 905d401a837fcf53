from members.models.accounts import RoleGrant, User
from members.models.code_lists import ListedWord
from members.models.counts import MemberCount
from members.models.employer import EmployerAlias
from members.models.imports import (
    HeaderChoice,
    ImportBatch,
    ImportRow,
    ImportStep,
    payload_opener,
    payload_sealer,
)
from members.models.lists import ColumnChoice, ListedMember, SavedList
from members.models.lookups import Listed
from members.models.member import Employer, FurtherCategory, Member, StatusChange, sealed_id
from members.models.merges import DistinctPair, MemberMerge

__all__ = [
    "ColumnChoice",
    "DistinctPair",
    "Employer",
    "EmployerAlias",
    "FurtherCategory",
    "HeaderChoice",
    "ImportBatch",
    "ImportRow",
    "ImportStep",
    "Listed",
    "ListedMember",
    "ListedWord",
    "Member",
    "MemberCount",
    "MemberMerge",
    "RoleGrant",
    "SavedList",
    "StatusChange",
    "User",
    "payload_opener",
    "payload_sealer",
    "sealed_id",
]
