"""Builders of test data: dull, predictable defaults; a test states what it is about.

Persons and numbers are made up: mobile numbers have 0000 in the middle, identity numbers a valid check.
"""

import datetime as dt

from members.identity import check_character
from members.models import Employer, Member, RoleGrant, User
from organizations.models import Association

PASSWORD = "correct horse battery"


def make_association(name="", *, code="", parent=None, **fields):
    """An association, by default 第1联合会, 第2联合会 … with the codes a1, a2 …"""
    serial = Association.objects.count() + 1
    return Association.objects.create(
        name=name or f"第{serial}联合会", code=code or f"a{serial}", parent=parent, **fields
    )


def make_user(email="", *, password=PASSWORD, **fields):
    """An account; user1@example.org, user2@example.org … unless an e-mail or a `phone` is given."""
    if not email and not fields.get("phone"):
        email = f"user{User.objects.count() + 1}@example.org"
    return User.objects.create_user(email=email or None, password=password, **fields)


def grant(user, role, association, **fields):
    """The grant to `user` of `role` (a members.rights.Role); rights read before are dropped."""
    user.__dict__.pop("rights", None)
    return RoleGrant.objects.create(user=user, role=role, association=association, **fields)


def make_employer(name="重庆某某科技有限公司", *, association, **fields):
    return Employer.objects.get_or_create(association=association, name=name, defaults=fields)[0]


def make_member(name="", *, association=None, id_number="", employer=None, **fields):
    """A member: 张一 (张二 …), a mobile number, no identity number. `employer` may be a name."""
    association = association or Association.objects.order_by("pk").first() or make_association()
    serial = Member.objects.count() + 1
    if isinstance(employer, str):
        employer = make_employer(employer, association=association)
    member = Member(
        association=association,
        name=name or f"张{numeral(serial)}",
        employer=employer,
        **{"mobile": make_mobile(serial), **fields},
    )
    member.id_number = id_number
    member.save()
    return member


def make_mobile(serial=1):
    """13800000001 for 1: eleven digits with 0000 in the middle."""
    return f"138{serial:08}"


def make_id_number(serial=1, *, born=dt.date(1985, 6, 15), area="500116"):
    """A citizen number with the right check character (GB 11643-1999); odd serials are men."""
    body = f"{area}{born:%Y%m%d}{serial:03}"
    return body + check_character(body)


def numeral(number):
    """一, 二 … 九, 一〇, 一一 …"""
    return "".join("〇一二三四五六七八九"[int(digit)] for digit in str(number))
