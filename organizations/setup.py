"""The association a new installation begins with."""

from django.db import transaction

from organizations.models import Action, Association, Milestone, acting

# Source: the association's introduction of December 2023; region code GB/T 2260. Only those townships (of 5
# sub-districts and 25 towns in 2019) that the sources name; the office completes the list.
JIANGJIN = {
    "code": "jiangjin",
    "name": "重庆市江津区新的社会阶层专业人士联合会",
    "short_name": "江津区新专联",
    "level": Association.Level.DISTRICT,
    "region_code": "500116",
    "supervising_authority": "中共重庆市江津区委统战部",
    "registry": "重庆市江津区民政局",
    "founded_on": "2019-12-24",
    "registered_on": "2022-02",
    "townships": "几江街道\n鼎山街道\n德感街道\n双福街道",
}
JIANGJIN_MILESTONES = [
    ("2017-07-18", "成立15人活动小组"),
    ("2019-12-24", "联合会成立，会员46人"),
    ("2022-02", "在区民政局登记"),
    ("2022-05", "特设党支部获批成立"),
    ("2023-12", "会员139人"),
]


@transaction.atomic
def make_first_association(*, facts=JIANGJIN, milestones=JIANGJIN_MILESTONES):
    """The register's first association; in an empty register it is made of `facts` and [(partial date, text)].

    Returns (association, whether it was made now). What is there is left as the office has it.
    """
    association = Association.objects.order_by("path").first()
    if association:
        return association, False
    with acting(kind=Action.Kind.COMMAND, note="start"):
        association = Association.objects.create(**facts)
        for on, text in milestones:
            Milestone.objects.create(association=association, on=on, text=text)
    return association, True
