import pytest

from members.roster import splitting


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("重庆甲建筑有限公司\n财务经理", ("重庆甲建筑有限公司", "财务经理")),
        ("重庆甲新媒体有限公司副总经理", ("重庆甲新媒体有限公司", "副总经理")),
        ("重庆甲评估有限公司评估部经理", ("重庆甲评估有限公司", "评估部经理")),
        ("重庆甲有限公司内容总监", ("重庆甲有限公司", "内容总监")),
        ("重庆甲有限公司总经理助理", ("重庆甲有限公司", "总经理助理")),
        ("重庆甲有限公司董事长兼总经理", ("重庆甲有限公司", "董事长兼总经理")),
        ("重庆甲有限公司江津分公司经理", ("重庆甲有限公司江津分公司", "经理")),
        ("重庆甲有限公司，总经理", ("重庆甲有限公司", "总经理")),
        ("重庆甲律师事务所 主任", ("重庆甲律师事务所", "主任")),
        ("重庆甲律师事务所(普通合伙)高级合伙人", ("重庆甲律师事务所(普通合伙)", "高级合伙人")),
        ("重庆甲有限公司/总经理", ("重庆甲有限公司", "总经理")),
        ("重庆甲有限公司 董事长、总经理", ("重庆甲有限公司", "董事长、总经理")),
        ("江津区甲协会秘书长", ("江津区甲协会", "秘书长")),
        ("甲音乐工作室主理人", ("甲音乐工作室", "主理人")),
        ("重庆甲律师事务所", ("重庆甲律师事务所", "")),
        ("自由职业", ("自由职业", "")),
    ],
)
def test_employer_and_post_are_divided(written, parts):
    assert splitting.split_employer(written) == parts


@pytest.mark.parametrize(
    "written",
    [
        "重庆甲有限公司总经理、江津区乙协会副会长",
        "重庆甲有限公司总经理 江津区乙协会会长",
        "重庆甲有限公司总经理江津区政协委员",
        "重庆甲有限公司董事长、总经理",
        "总经理 重庆甲有限公司",
        "重庆 甲有限公司总经理",
        "重庆甲有限公司 江津分公司 经理",
        "总经理",
    ],
)
def test_employer_and_post_stay_together_where_the_division_is_not_sure(written):
    assert splitting.split_employer(written) is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("四川大学/工程管理", ("四川大学", "工程管理")),
        ("重庆文理学院 汉语言文学", ("重庆文理学院", "汉语言文学")),
        ("西南大学\n法学", ("西南大学", "法学")),
        ("四川外国语大学机械设计专业", ("四川外国语大学", "机械设计")),
        ("重庆大学", ("重庆大学", "")),
        ("西南政法大学法学院法学专业", None),
        ("西南大学会计学", None),
        ("法学", None),
    ],
)
def test_school_and_subject(written, parts):
    assert splitting.split_school(written) == parts


@pytest.mark.parametrize(
    ("written", "posts"),
    [
        ("副会长/理事", ["副会长", "理事"]),
        ("秘书长、\n理事、\n联络组组长", ["秘书长", "理事", "联络组组长"]),
        ("会长 理事", ["会长", "理事"]),
        ("第一届 理事", ["第一届 理事"]),
        ("理事；理事", ["理事"]),
    ],
)
def test_posts_in_the_association(written, posts):
    assert splitting.split_posts(written) == posts


def test_lines_become_one_text():
    assert splitting.join_lines("1.甲\n\n2.乙；\n3.丙 ") == "1.甲；2.乙；3.丙"
