"""What the members of the sample association left for its staff to do: an application, requests; and its notice."""

import datetime as dt

from django.utils import timezone

from members.applications.applying import begin_application, save_answers, submit
from members.applications.fields import introducer_keys
from members.change_requests.asking import ask_for_changes
from members.codes import Category, Education, IdKind, PoliticalStatus, Sex
from members.identity import check_character
from members.models import PersonRequest
from members.privacy.default_notice import default_text
from members.privacy.notices import keep_draft, publish_notice
from members.privacy.requests import receive_request

NAME, MOBILE = "江小舟", "13900000016"


def make_sample_self_service(association, members):
    """The notice of `association`, and what three of its `members` (in order) and an applicant ask for."""
    today = timezone.localdate()
    association.takes_applications = True
    association.data_contact = "秘书处，023-47000000"
    association.save(update_fields=["takes_applications", "data_contact"])
    notice = keep_draft(association, text=default_text(association), valid_from=today)
    publish_notice(notice, actor=None, today=today)
    _application(association, notice, introducers=members[:2])
    ask_for_changes(
        members[4],
        {"title": "高级工程师", "native_place": "重庆江津"},
        reason="职称今年评定，籍贯原来填错了。",
        actor=None,
    )
    receive_request(
        association,
        kind=PersonRequest.Kind.EXPLANATION,
        asker=members[5].name,
        member=members[5],
        text="想了解手机号会提供给哪些单位。",
        received_on=today - dt.timedelta(days=3),
    )


def _application(association, notice, introducers):
    application = begin_application(association, name=NAME, mobile=MOBILE, notice=notice)
    body = "50011619920229000"  # sequence 000: a number that stands for no person
    answers = {
        "id_kind": IdKind.RESIDENT_CARD,
        "id_number": body + check_character(body),
        "sex": Sex.FEMALE,
        "birth": "1992-02-29",
        "ethnicity": "汉族",
        "political_status": PoliticalStatus.MASSES,
        "category": Category.NEW_MEDIA,
        "employer": "重庆某某文化传媒有限公司",
        "position": "主编",
        "education": Education.UNDERGRADUATE,
        "reason": "从事本地新媒体内容制作八年，希望参加协会的公益宣传活动。",
    }
    for place, member in enumerate(introducers, start=1):
        name, about = introducer_keys(place)
        answers |= {name: member.name, about: member.number}
    application = save_answers(application, answers)
    submit(application, version=application.version)
