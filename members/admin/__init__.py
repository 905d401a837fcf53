"""Staff screens of the register: members, employers, accounts, imports."""

from members.admin.accounts import UserAdmin
from members.admin.code_lists import ListedWordAdmin
from members.admin.employer import EmployerAdmin
from members.admin.imports import ImportBatchAdmin
from members.admin.member import MemberAdmin
from members.admin.strokes import StrokeOverrideAdmin

__all__ = [
    "EmployerAdmin",
    "ImportBatchAdmin",
    "ListedWordAdmin",
    "MemberAdmin",
    "StrokeOverrideAdmin",
    "UserAdmin",
]
