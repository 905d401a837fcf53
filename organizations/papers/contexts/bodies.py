"""Papers of a body on a day: roster, letters of appointment, filing list of officers."""

from organizations.models import Appointment
from organizations.papers.contexts.common import (
    Filled,
    common,
    in_figures,
    in_words,
    numbered,
    person,
    term_name,
)

ADDRESSES = {"男": "先生", "女": "女士"}


def roster(body, *, user, day):
    """Who sits in `body` on the local date `day`: each person once, the highest post first.

    Source: domain.md E3, order E2.
    """
    term = body.terms.in_force_on(day).first()
    people = {}
    for appointment in _holders(body.appointments, day):
        people.setdefault(appointment.member, []).append(appointment)
    rows = [
        {
            **person(member, user),
            "职务": "、".join(each.post.title for each in held),
            "任职时间": f"{min(each.starts_on for each in held):%Y.%m}",
            "备注": "代理" if any(each.is_acting for each in held) else "",
        }
        for member, held in people.items()
    ]
    return Filled(
        body.association,
        f"{term_name(term)}{body.name}",
        {
            **common(body.association),
            "机构名称": body.name,
            "届次": term_name(term),
            "截至日期": in_words(day),
            "人数": str(len(rows)),
            "名单": numbered(rows),
        },
        tuple(member.pk for member in people),
    )


def letters(body, *, user, day):
    """Letters of appointment for those who hold a post of `body` on `day`."""
    title = f"{term_name(body.terms.in_force_on(day).first())}{body.name}"
    return letters_of(_holders(body.appointments, day), body.association, title, user=user)


def letter(appointment, *, user):
    """The letter of the one appointment."""
    title = f"{appointment.member.name}{appointment.post.title}"
    return letters_of([appointment], appointment.body.association, title, user=user)


def letters_of(appointments, association, title, *, user):
    """Letters for `appointments`, loaded with member, body, post and term."""
    appointments = list(appointments)
    rows = [_letter(each, user) for each in appointments]
    members = tuple(each.member_id for each in appointments)
    return Filled(association, title, {**common(association), "聘书列表": rows}, members)


def _letter(appointment, user):
    member, term = appointment.member, appointment.term
    title = appointment.post.title
    return {
        "姓名": member.name,
        "称谓": ADDRESSES.get(user.rights.shown("sex", member.sex, member.association_id), "同志"),
        "机构名称": appointment.body.name,
        "届次": term_name(term),
        "职务": f"代理{title}" if appointment.is_acting else title,
        "任期起": in_words(appointment.starts_on),
        "任期止": in_words(appointment.ends_on or (term and term.planned_end_on)),
        "落款日期": in_words(appointment.starts_on),
    }


def filing(body, *, user, day, with_identity):
    """The leaders of the association on `day` as the registry asks for them, with the term of `body`.

    Who is a leader (负责人) says the post; fields: domain.md B2 [MZ-F].
    """
    officers = Appointment.objects.visible_to(user).filter(
        body__association=body.association, post__is_officer=True
    )
    term = body.terms.in_force_on(day).first()
    title = f"{term_name(term)}{body.name}"
    return filing_of(
        _holders(officers, day), body.association, term, title, user=user, with_identity=with_identity
    )


def filing_of(officers, association, term, title, *, user, with_identity):
    """The appointments `officers`, loaded with member, post and term, and the particulars of `term` (None: empty)."""
    officers = list(officers)
    rows = [
        {
            **person(each.member, user, with_identity=with_identity),
            "担任职务": each.post.title,
            "任职开始": in_figures(each.starts_on),
            "任职结束": in_figures(each.ends_on or (each.term and each.term.planned_end_on)),
        }
        for each in officers
    ]
    return Filled(
        association,
        title,
        {
            **common(association),
            "登记证号": association.credit_code,
            "届次": term_name(term),
            "本届任期": f"{years(term)}年" if term else "",
            "本届开始日期": in_words(term and term.starts_on),
            "换届日期": in_words(term and term.planned_end_on),
            "业务主管单位": association.supervising_authority,
            "登记管理机关": association.registry,
            "名单": numbered(rows),
        },
        tuple(each.member_id for each in officers),
    )


def years(term):
    """Length of the term as planned, in whole years."""
    return max(round((term.planned_end_on - term.starts_on).days / 365.25), 1)


def _holders(appointments, day):
    rows = appointments.in_force_on(day).in_order_of_rank()
    return rows.select_related("member__employer", "body", "post", "term")
