"""Who an applicant may be already: records and other applications alike. For the staff; applicants are told nothing."""

from members.applications.fields import ApplicationForm
from members.duplicates import pairs_with
from members.models import Application, Employer, Member
from members.pinyin import romanise
from members.rights import Ability


def like_members(application, user):
    """(the record that the answers would make, [(Member, sentences)] of records alike that `user` may edit)."""
    form = ApplicationForm(application.answers, application=application)
    form.is_valid()
    record = form.instance
    # a key that nobody has: it is compared with rows that have theirs
    record.pk = 0
    record.pinyin = romanise(record.name)[0]
    name = (form.cleaned_data or {}).get("employer")
    if name:
        employers = Employer.objects.filter(association=application.association_id, name=name)
        record.employer_id = employers.values_list("pk", flat=True).first()
    pairs = pairs_with(record, sorted(user.rights.associations_for(Ability.EDIT)))
    sentences = {max(pair.one, pair.other): pair.sentences for pair in pairs}
    sentences.pop(application.member_id, None)
    members = Member.objects.filter(pk__in=sentences).select_related("association", "employer", "application")
    found = {member.pk: member for member in members}
    return record, [(found[pk], sentences[pk]) for pk in sentences if pk in found]


def like_applications(application, user):
    """Other applications of somebody of that name that `user` sees, latest first."""
    if not application.name:
        return []
    rows = Application.objects.visible_to(user).filter(
        association=application.association_id, name=application.name
    )
    return list(rows.exclude(pk=application.pk)[:5])
