"""Rules about officers (负责人: president, vice-presidents, secretary-general) and the chair of supervisors.

Sources: charter model of 1998 [CH98A], Fujian 2022 [FJ], 民发〔2015〕166号 [MF166] (domain.md D2, D3).
"""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from organizations.charter.facts import Role, once
from organizations.charter.findings import Found
from organizations.charter.kinds import Group, kind
from organizations.charter.parameters import Flag, Share, Whole
from organizations.charter.rules.bodies import KIND, named
from organizations.partial_dates import age_on, sentence
from organizations.shares import at_most, most

BOTH = [KIND.COUNCIL, KIND.SUPERVISORS]


def elected(facts):
    """The officers as persons, without a hired secretary-general ([FJ])."""
    return once(
        seat for _body, seat in facts.leaders if not (seat.is_hired and seat.role == Role.SECRETARY_GENERAL)
    )


def limited(facts, body):
    """The seats whose holders are limited in age and terms: of supervisors the chair, of the council the officers."""
    if body.kind == KIND.SUPERVISORS:
        return [seat for seat in body.holding(Role.CHAIR) if not seat.is_acting]
    return [seat for _body, seat in facts.leaders]


def with_age(persons, day):
    """The `persons` as a finding names them, with their birth and age on `day` as the detail."""
    return named(
        persons,
        {
            person.id: _("born {birth}, {age} years on {day}").format(
                birth=sentence(person.birth), age=age_on(person.birth, day), day=sentence(day.isoformat())
            )
            for person in persons
        },
    )


@kind(
    "fewest_leaders",
    Group.LEADERS,
    gettext_lazy("Number of officers"),
    gettext_lazy("There are at least {least} elected officers."),
    parameters=[Whole("least", gettext_lazy("at least (persons)"), least=1, most=100)],
    bodies=[KIND.COUNCIL],
)
def fewest_leaders(facts, body, least):
    count = len(elected(facts))
    if body.seats and count < least:
        yield Found(
            _("There are {count} elected officers; at least {least} are needed.").format(
                count=count, least=least
            ),
            cure=_("Elect further vice-presidents or a secretary-general."),
        )


@kind(
    "leaders_share",
    Group.LEADERS,
    gettext_lazy("Share of officers"),
    gettext_lazy(
        "Officers are no more than {of_council} of the council; with a standing council, no more than {of_standing} "
        "of that."
    ),
    parameters=[
        Share("of_council", gettext_lazy("of the council at most")),
        Share("of_standing", gettext_lazy("of the standing council at most")),
    ],
    bodies=[KIND.COUNCIL],
)  # fmt: skip
def leaders_share(facts, body, of_council, of_standing):
    standing = facts.the(KIND.STANDING_COUNCIL)
    has_standing = standing is not None and bool(standing.people)
    whole, share = (len(standing.people), of_standing) if has_standing else (len(body.people), of_council)
    count = len(elected(facts))
    if whole and not at_most(count, whole, share):
        said = (
            _("There are {count} officers; {share} of a standing council of {whole} is at most {most}.")
            if has_standing
            else _("There are {count} officers; {share} of a council of {whole} is at most {most}.")
        )
        yield Found(
            said.format(count=count, share=share, whole=whole, most=most(whole, share)),
            cure=_("Elect fewer vice-presidents."),
        )


@kind(
    "one_president",
    Group.LEADERS,
    gettext_lazy("One president"),
    gettext_lazy("There is one president."),
    bodies=[KIND.COUNCIL],
)
def one_president(facts, body):
    seats = body.holding(Role.PRESIDENT)
    presidents = once(seat for seat in seats if not seat.is_acting)
    if len(presidents) > 1:
        yield Found(
            _("There are {count} presidents.").format(count=len(presidents)),
            cure=_("End the appointments of all but one."),
            persons=named(presidents),
        )
    elif not presidents and seats:
        yield Found(
            _("The post of president is vacant; somebody acts as president."),
            cure=_("Elect a president."),
            persons=named(once(seats)),
        )
    elif not presidents and body.seats:
        yield Found(_("The post of president is vacant."), cure=_("Elect a president."))


@kind(
    "president_not_secretary_general",
    Group.LEADERS,
    gettext_lazy("President and secretary-general are two"),
    gettext_lazy("The president is not also the secretary-general."),
    bodies=[KIND.COUNCIL],
)
def president_not_secretary_general(facts, body):
    secretaries = {person.id for person in _holding(facts, Role.SECRETARY_GENERAL)}
    both = [person for person in _holding(facts, Role.PRESIDENT) if person.id in secretaries]
    if both:
        yield Found(
            _("The president is the secretary-general as well."),
            cure=_("Elect or hire another secretary-general."),
            persons=named(both),
        )


@kind(
    "president_not_colleague",
    Group.LEADERS,
    gettext_lazy("President and secretary-general of different employers"),
    gettext_lazy("The president and the secretary-general do not come from the same employer."),
    bodies=[KIND.COUNCIL],
)
def president_not_colleague(facts, body):
    for president in _holding(facts, Role.PRESIDENT):
        for secretary in _holding(facts, Role.SECRETARY_GENERAL):
            if (
                president.employer
                and president.employer == secretary.employer
                and president.id != secretary.id
            ):
                yield Found(
                    _("The president and the secretary-general have the same employer, {employer}.").format(
                        employer=president.employer
                    ),
                    cure=_(
                        "Elect somebody of another employer; if the register is out of date, correct the employer."
                    ),
                    persons=named([president, secretary]),
                )


def _holding(facts, role):
    return once(seat for _body, seat in facts.leaders if seat.role == role)


@kind(
    "age_limit",
    Group.LEADERS,
    gettext_lazy("Age"),
    gettext_lazy("No older than {years} on the day of election and while in office."),
    parameters=[Whole("years", gettext_lazy("at most (years)"), least=18, most=120)],
    bodies=BOTH,
)
def age_limit(facts, body, years):
    people = once(limited(facts, body))
    older = [person for person in people if person.birth and age_on(person.birth, facts.day) > years]
    if older:
        yield Found(
            _("{count} in posts with an age limit are older than {years}.").format(
                count=len(older), years=years
            ),
            cure=_("Elect somebody else, or obtain the approvals that the charter asks for."),
            persons=with_age(older, facts.day),
            reads="birth",
        )


@kind(
    "age_in_term",
    Group.LEADERS,
    gettext_lazy("Age inside the term"),
    gettext_lazy("Who turns {years} before the term ends is normally no candidate."),
    parameters=[Whole("years", gettext_lazy("age (years)"), least=18, most=120)],
    bodies=BOTH,
)
def age_in_term(facts, body, years):
    if body.term is None:
        return
    until = max(body.term.planned_end_on, facts.day)
    turning = [
        person
        for person in once(limited(facts, body))
        if person.birth and age_on(person.birth, facts.day) <= years <= age_on(person.birth, until)
    ]
    if turning:
        yield Found(
            _("{count} have turned {years} or will before the term ends on {day}.").format(
                count=len(turning), years=years, day=sentence(until.isoformat())
            ),
            cure=_("Elect younger people, or note why the supervising authority agrees."),
            persons=with_age(turning, until),
            reads="birth",
        )


@kind(
    "birth_known",
    Group.LEADERS,
    gettext_lazy("Birth is known"),
    gettext_lazy("Of those whose age is limited the date of birth is in the register."),
    bodies=BOTH,
)
def birth_known(facts, body):
    unknown = [person for person in once(limited(facts, body)) if not person.birth]
    if unknown:
        yield Found(
            _("Of {count} the date of birth is missing: their age cannot be checked.").format(
                count=len(unknown)
            ),
            cure=_("Enter the date of birth."),
            persons=named(unknown),
        )


@kind(
    "consecutive_terms",
    Group.LEADERS,
    gettext_lazy("Terms in a row"),
    gettext_lazy("No more than {terms} terms in a row in the same post; hired secretaries-general: {hired}."),
    parameters=[
        Whole("terms", gettext_lazy("at most (terms)"), least=1, most=20),
        Flag(
            "hired",
            gettext_lazy("hired secretaries-general have the same limit"),
            yes=pgettext_lazy("rules", "the same limit"),
            no=pgettext_lazy("rules", "no limit"),
        ),
    ],
    bodies=BOTH,
)
def consecutive_terms(facts, body, terms, hired):
    too_long = [
        seat
        for seat in limited(facts, body)
        if seat.terms_before + 1 > terms
        and (hired or not (seat.is_hired and seat.role == Role.SECRETARY_GENERAL))
    ]
    if too_long:
        details = {
            seat.person.id: _("{post}, term {count} in a row").format(
                post=seat.title, count=seat.terms_before + 1
            )
            for seat in too_long
        }
        yield Found(
            _("{count} are in the same post for more than {terms} terms in a row.").format(
                count=len(details), terms=terms
            ),
            cure=_(
                "Elect somebody else; a further term needs a vote of 2/3 of the members and the consent of the "
                "supervising authority and the registry."
            ),
            persons=named(once(too_long), details),
        )
