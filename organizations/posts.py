"""The posts that bodies of each kind begin with; an association changes them as its charter says."""

from organizations.models import Body, Post

ROLE, KIND = Post.Role, Body.Kind
# {kind of body: [(title, role, seats, counts for the quorum)]}, highest first. Titles as charters of the ministry's
# model name them (domain.md D2), of the party branch as 支部工作条例 does (D5).
USUAL_POSTS = {
    KIND.ASSEMBLY: [("会员代表", ROLE.DELEGATE, None, True)],
    KIND.COUNCIL: [
        ("会长", ROLE.PRESIDENT, 1, True),
        ("常务副会长", ROLE.VICE_PRESIDENT, None, True),
        ("副会长", ROLE.VICE_PRESIDENT, None, True),
        ("秘书长", ROLE.SECRETARY_GENERAL, 1, True),
        ("副秘书长", ROLE.DEPUTY_SECRETARY_GENERAL, None, False),
        ("理事", ROLE.COUNCIL_MEMBER, None, True),
        ("名誉会长", ROLE.HONORARY, None, False),
        ("顾问", ROLE.HONORARY, None, False),
    ],
    KIND.STANDING_COUNCIL: [("常务理事", ROLE.STANDING_MEMBER, None, True)],
    KIND.SUPERVISORS: [
        ("监事长", ROLE.CHAIR, 1, True),
        ("副监事长", ROLE.VICE_CHAIR, None, True),
        ("监事", ROLE.SUPERVISOR, None, True),
    ],
    KIND.PARTY_BRANCH: [
        ("书记", ROLE.PARTY_SECRETARY, 1, True),
        ("副书记", ROLE.PARTY_DEPUTY, 1, True),
        ("组织委员", ROLE.PARTY_COMMITTEE, 1, True),
        ("宣传委员", ROLE.PARTY_COMMITTEE, 1, True),
        ("纪检委员", ROLE.PARTY_COMMITTEE, 1, True),
        ("党员", ROLE.PARTY_MEMBER, None, True),
    ],
    KIND.SECRETARIAT: [
        ("主任", ROLE.HEAD, 1, True),
        ("会计", ROLE.FINANCE, None, True),
        ("出纳", ROLE.FINANCE, None, True),
        ("工作人员", ROLE.STAFF, None, True),
    ],
    KIND.COMMITTEE: [
        ("主任", ROLE.HEAD, 1, True),
        ("副主任", ROLE.DEPUTY_HEAD, None, True),
        ("委员", ROLE.MEMBER, None, True),
    ],
    KIND.GROUP: [
        ("组长", ROLE.HEAD, 1, True),
        ("副组长", ROLE.DEPUTY_HEAD, None, True),
        ("成员", ROLE.MEMBER, None, True),
    ],
    KIND.CORPS: [
        ("团长", ROLE.HEAD, 1, True),
        ("副团长", ROLE.DEPUTY_HEAD, None, True),
        ("团员", ROLE.MEMBER, None, True),
    ],
    KIND.BASE: [("负责人", ROLE.HEAD, 1, True), ("联络员", ROLE.MEMBER, None, True)],
    KIND.HOME: [("负责人", ROLE.HEAD, 1, True), ("联络员", ROLE.MEMBER, None, True)],
}
RANK_STEP = 10


def usual_posts(association, kind):
    """The unsaved Posts with which bodies of `kind` begin in `association`, highest first."""
    return [
        Post(
            association=association,
            body_kind=kind,
            title=title,
            role=role,
            rank=place * RANK_STEP,
            seats=seats,
            counts_for_quorum=counts,
            is_officer=role in Post.OFFICERS,
        )
        for place, (title, role, seats, counts) in enumerate(USUAL_POSTS[kind], start=1)
    ]


def ensure_posts(association, kind):
    """The posts that bodies of `kind` offer in `association`; where there are none yet, the usual ones are made."""
    posts = Post.objects.filter(association=association, body_kind=kind)
    if not posts.exists():
        for post in usual_posts(association, kind):
            post.save()
    return posts.all()
