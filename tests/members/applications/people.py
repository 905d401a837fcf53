"""What tests of applications share: an association that takes them, and an applicant who fills them in."""

import datetime as dt

from django.utils import timezone

from members.applications import applying
from members.applications.fields import STEPS
from members.models import Application, Notice
from tests.make import make_association, make_id_number

MOBILE = "13900000001"
ANSWERS = {
    "name": "赵六",
    "id_number": make_id_number(2, born=dt.date(1990, 5, 4)),
    "sex": "女",
    "birth": "1990-05-04",
    "ethnicity": "汉族",
    "political_status": "群众",
    "category": "新媒体从业人员",
    "employer": "重庆某某传媒有限公司",
    "position": "主编",
    "education": "大学本科",
    "mobile": MOBILE,
    "email": "zhaoliu@example.org",
    "reason": "愿意参加社会服务。",
}


def make_open_association(name="", **fields):
    """An association that takes applications under a notice, wants no introducers and announces nothing."""
    fields = {"takes_applications": True, "introducers": 0, "number_pattern": "JJ{year}{serial:04}"} | fields
    association = make_association(name, **fields)
    publish_notice(association)
    return association


def publish_notice(association):
    return Notice.objects.create(
        association=association, version=1, valid_from=dt.date(2020, 1, 1), text="我们如何使用您的信息。"
    )


def make_draft(association, **answers):
    """A draft with everything in it, but for what `answers` say."""
    notice = applying.notice_for(association)
    draft = applying.begin_application(association, name="赵六", mobile=MOBILE, notice=notice)
    return applying.save_answers(draft, ANSWERS | answers)


def make_submitted(association, **answers):
    draft = make_draft(association, **answers)
    return applying.submit(draft, version=draft.version)


def of(step):
    """What the form of the step with that key sends."""
    keys = next(each.fields for each in STEPS if each.key == step)
    return {key: value for key, value in ANSWERS.items() if key in keys}


def only():
    return Application.objects.get()


def today():
    return timezone.localdate()
