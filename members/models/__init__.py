from members.models.accounts import RoleGrant, User
from members.models.applications import Application, Introduction, NumberSeries
from members.models.cards import MemberCard
from members.models.change_requests import ChangeRequest, RequestedChange
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
from members.models.inbox import Message
from members.models.invitations import Invitation
from members.models.lists import ColumnChoice, ListedMember, SavedList
from members.models.lookups import Listed
from members.models.member import Employer, FurtherCategory, Member, StatusChange, sealed_id
from members.models.merges import DistinctPair, MemberMerge
from members.models.privacy import Consent, Disclosed, Notice, PersonRequest, Viewing
from members.models.retention import RetentionItem, RetentionRun
from members.models.sign_ins import SignIn

__all__ = [
    "Application",
    "ChangeRequest",
    "ColumnChoice",
    "Consent",
    "Disclosed",
    "DistinctPair",
    "Employer",
    "EmployerAlias",
    "FurtherCategory",
    "HeaderChoice",
    "ImportBatch",
    "ImportRow",
    "ImportStep",
    "Introduction",
    "Invitation",
    "Listed",
    "ListedMember",
    "ListedWord",
    "Member",
    "MemberCard",
    "MemberCount",
    "MemberMerge",
    "Message",
    "Notice",
    "NumberSeries",
    "PersonRequest",
    "RequestedChange",
    "RetentionItem",
    "RetentionRun",
    "RoleGrant",
    "SavedList",
    "SignIn",
    "StatusChange",
    "User",
    "Viewing",
    "payload_opener",
    "payload_sealer",
    "sealed_id",
]
