"""Who gave: who may know it, and how a donor is named in a form."""

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from members.models import Employer, Member
from members.rights import Ability
from organizations.meetings.plan_forms import members_named

MEMBER, EMPLOYER, OTHER, UNKNOWN = "member", "employer", "other", "unknown"
# in papers and files, whose language is Chinese
UNNAMED = "爱心人士"
SUGGESTED = 5


def knows(user, donation):
    """Whether `user` may know who gave `donation`, which is in sight: who wished to stay unnamed editors know alone."""
    return not donation.is_anonymous or user.rights.may(Ability.EDIT, donation.association_id)


def known_to(user):
    """The condition for donations whose donor `user` may know."""
    return Q(is_anonymous=False) | Q(association__in=user.rights.associations_for(Ability.EDIT))


def shown_donor(user, donation):
    """The donor of `donation` as `user` may read it on the screen."""
    return donation.donor if knows(user, donation) else donation.public_donor


def written_donor(donation, *, with_names=False):
    """The donor as papers and files say."""
    if donation.is_anonymous and not with_names:
        return UNNAMED
    return str(donation.member or donation.employer or donation.donor_name or UNNAMED)


def kind_of(donation):
    if donation.member_id:
        return MEMBER
    if donation.employer_id:
        return EMPLOYER
    return OTHER if donation.donor_name else UNKNOWN


def name_in_form(donation):
    """What one would type for the donor."""
    if donation.member_id:
        return donation.member.number or donation.member.name
    return str(donation.employer or donation.donor_name)


def named_donor(kind, text, *, association, user):
    """{column: value} of the donor whom `text` names in `association`; raises ValidationError."""
    found = {"member": None, "employer": None, "donor_name": ""}
    if kind == UNKNOWN:
        if text:
            raise ValidationError(_("Leave this empty where nobody knows who gave."))
        return found
    if not text:
        raise ValidationError(_("Name the donor."))
    if kind == MEMBER:
        return found | {"member": _member(text, association, user)}
    if kind == EMPLOYER:
        return found | {"employer": _employer(text, association, user)}
    return found | {"donor_name": text}


def _member(text, association, user):
    try:
        people = members_named(text, association_id=association.pk, user=user)
    except ValidationError as error:
        rows = Member.objects.editable_by(user).filter(association=association)
        near = rows.search(text, user)[:SUGGESTED]
        raise ValidationError(
            [*error.messages, *_meant(f"{one} {one.number}".strip() for one in near)]
        ) from error
    if len(people) != 1:
        raise ValidationError(_("Name one donor."))
    return people[0]


def _employer(text, association, user):
    rows = Employer.objects.visible_to(user).filter(association=association)
    employer = rows.filter(Q(name=text) | Q(aliases__name=text)).first()
    if employer is None:
        near = rows.filter(name__icontains=text).order_by("name")[:SUGGESTED]
        raise ValidationError(
            [_("“{name}”: no employer of this name in the register.").format(name=text), *_meant(near)]
        )
    return employer


def _meant(near):
    names = "、".join(map(str, near))
    return [_("Did you mean: {names}?").format(names=names)] if names else []
