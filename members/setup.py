"""The accounts a new installation begins with, to look around with; the office replaces them by its own."""

from django.db import transaction

from members.cards.services import issue_card, why_no_card
from members.codes import Category, Education, IdKind, PoliticalStatus, Sex
from members.identity import check_character
from members.models import Employer, Member, RoleGrant, User
from members.models.links import new_token
from members.rights import Role
from organizations.models import Action, acting

FIRST_ACCOUNTS = {
    "manager@example.org": Role.MANAGER,
    "secretary@example.org": Role.SECRETARY,
    "member@example.org": Role.MEMBER,
}
PASSWORD_GROUPS = 3
"""Of four characters, 59 bits: ``k7mq-x2dh-9tfp``."""


@transaction.atomic
def make_first_accounts(association):
    """[(user, password)] of the accounts made, each with its role in `association`; [] if there is any account.

    Any, not these: an office that removed them must not get them back at the next start.
    """
    if User.objects.exists():
        return []
    made = []
    with acting(kind=Action.Kind.COMMAND, note="start"):
        for email, role in FIRST_ACCOUNTS.items():
            password = new_token(PASSWORD_GROUPS)
            user = User.objects.create_user(email=email, password=password)
            RoleGrant.objects.create(user=user, role=role, association=association)
            made.append((user, password))
    return made


@transaction.atomic
def connect_first_member(user, association):
    """Give `user` a record of `association` as own: the first one free, in an empty register a made-up one.

    With a number it has a card too.
    """
    with acting(kind=Action.Kind.COMMAND, note="start"):
        member = Member.objects.filter(association=association, user=None).order_by("pk").first()
        if member is None:
            member = made_up_member(association)
        member.user = user
        member.save()
        if not why_no_card(member):
            issue_card(member, actor=None)
    return member


def made_up_member(association):
    """An unsaved record of nobody, filled in far enough to see the screens."""
    body = "50011619900101000"  # sequence 000: a number that stands for no person
    member = Member(
        association=association,
        name="示例会员",
        sex=Sex.FEMALE,
        birth="1990-01-01",
        political_status=PoliticalStatus.NON_PARTISAN,
        id_kind=IdKind.RESIDENT_CARD,
        employer=Employer.objects.create(association=association, name="示例文化传媒有限公司"),
        position="总经理",
        category=Category.NEW_MEDIA,
        education=Education.UNDERGRADUATE,
        mobile="13800000000",
        email="member@example.org",
        township="几江街道",
        joined="2023-12",
    )
    member.id_number = body + check_character(body)
    return member
