import pytest

from members import codes
from members.roster import education, lists, parties, titles
from members.roster.messages import Doubt


def doubt_of(read, text):
    with pytest.raises(Doubt) as caught:
        read(text)
    return caught.value.level, caught.value.code


UNKNOWN = ("refused", "unknown_value")
UNCLEAR = ("question", "unclear_value")


@pytest.mark.parametrize(
    ("text", "sex"),
    [
        ("男", "男"),
        ("男性", "男"),
        (" 女\n", "女"),
        ("1", "男"),
        ("2", "女"),
        ("F", "女"),
        ("A.男", "男"),
        ("1-男", "男"),
    ],
)
def test_sex(text, sex):
    assert lists.read_sex(text).value == sex


@pytest.mark.parametrize("text", ["未知", "男/女", "0", "9"])
def test_sex_that_is_none(text):
    assert doubt_of(lists.read_sex, text) == UNKNOWN


@pytest.mark.parametrize("name", codes.Ethnicity.values[:56])
def test_every_ethnic_group_is_known_with_and_without_its_last_character(name):
    code = codes.ETHNICITY_CODES[name]

    for text in (name, name[:-1], f"{name[:-1]} 族", code, f"{code}-{name}", f"{code}{name}"):
        assert lists.read_ethnicity(text).value == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("毛难族", "毛南族"),
        ("崩龙族", "德昂族"),
        ("傈傈族", "傈僳族"),
        ("僳僳族", "傈僳族"),
        ("达翰尔族", "达斡尔族"),
    ],
)
def test_old_and_mistyped_ethnic_groups_are_told(text, name):
    assert lists.read_ethnicity(text) == lists.Understood(name, outdated=True)


@pytest.mark.parametrize(
    ("text", "name"), [("漢族", "汉族"), ("維吾爾族", "维吾尔族"), ("滿", "满族"), ("Han", "汉族")]
)
def test_ethnic_groups_in_other_scripts(text, name):
    assert lists.read_ethnicity(text) == lists.Understood(name)


def test_ethnic_groups_that_are_none():
    assert doubt_of(lists.read_ethnicity, "华族") == UNKNOWN
    assert doubt_of(lists.read_ethnicity, "1") == UNCLEAR
    assert doubt_of(lists.read_ethnicity, "02-汉族") == UNCLEAR


SHORT_PARTIES = {
    "民革": "民革党员",
    "民盟": "民盟盟员",
    "民建": "民建会员",
    "民进": "民进会员",
    "农工党": "农工党党员",
    "致公党": "致公党党员",
    "九三学社": "九三学社社员",
    "台盟": "台盟盟员",
}


@pytest.mark.parametrize(("short", "value"), SHORT_PARTIES.items())
def test_every_pairing_of_party_and_kind_of_member_is_understood(short, value):
    for suffix in ("", "党员", "会员", "盟员", "社员", "成员"):
        assert parties.read_parties(short + suffix).values == (value,)


@pytest.mark.parametrize(("value", "standard"), codes.POLITICAL_STATUS_STANDARD_NAMES.items())
def test_standard_names_and_codes_of_political_status(value, standard):
    code = codes.POLITICAL_STATUS_CODES[value]

    for text in (value, standard, code, f"{code}-{value}", f"{code}-{standard}", f"（{code}）{value}"):
        assert parties.read_parties(text).values == (value,)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("党员", ("中共党员",)),
        ("中共", ("中共党员",)),
        ("预备党员", ("中共预备党员",)),
        ("中共党员（预备）", ("中共预备党员",)),
        ("团员", ("共青团员",)),
        ("无党派", ("无党派人士",)),
        ("普通公民", ("群众",)),
        ("群眾", ("群众",)),
        ("中共黨員", ("中共党员",)),
        ("中共党员、民建会员", ("中共党员", "民建会员")),
        ("中共党员/民革", ("中共党员", "民革党员")),
        ("民进 民盟", ("民进会员", "民盟盟员")),
        ("中共 党员", ("中共党员",)),
    ],
)
def test_political_status_in_everyday_words(text, values):
    assert parties.read_parties(text) == parties.Parties(values)


def test_date_beside_a_party_is_found():
    assert parties.read_parties("民建（2008年6月加入）") == parties.Parties(("民建会员",), "2008年6月")
    assert parties.read_parties("民盟2010.05") == parties.Parties(("民盟盟员",), "2010.05")


@pytest.mark.parametrize("text", ["无", "民主党派", "非党员", "入党积极分子", "1", "01-群众"])
def test_political_status_that_may_mean_several(text):
    assert doubt_of(parties.read_parties, text) == UNCLEAR


def test_political_status_that_is_none():
    assert doubt_of(parties.read_parties, "青年志愿者") == UNKNOWN


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("研究生", "研究生"),
        ("硕士研究生", "硕士研究生"),
        ("硕士", "硕士研究生"),
        ("博士", "博士研究生"),
        ("在职研究生", "研究生"),
        ("中央党校研究生", "研究生"),
        ("大学", "大学本科"),
        ("本科", "大学本科"),
        ("自考本科", "大学本科"),
        ("本科（函授）", "大学本科"),
        ("省委党校大学", "大学本科"),
        ("大专", "大学专科"),
        ("專科", "大学专科"),
        ("职高", "职业高中"),
        ("技校", "技工学校"),
        ("中师", "中专"),
        ("本科学历", "大学本科"),
        ("21", "大学本科"),
        ("31-大学专科", "大学专科"),
        ("B.本科", "大学本科"),
    ],
)
def test_education(text, level):
    assert education.read_education(text) == (level, "")


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("研究生/硕士", ("研究生", "硕士")),
        ("研究生（硕士）", ("研究生", "硕士")),
        ("大学、学士", ("大学本科", "学士")),
        ("大学（学士）", ("大学本科", "学士")),
        ("大学学士", ("大学本科", "学士")),
        ("大学本科 学士", ("大学本科", "学士")),
        ("大学本科、法学学士", ("大学本科", "法学学士")),
        ("硕士研究生/法律硕士", ("硕士研究生", "法律硕士")),
    ],
)
def test_education_and_degree_in_one_cell(text, pair):
    assert education.read_education(text) == pair


def test_degree_alone_in_a_column_for_both():
    assert education.read_education("法学学士", fused=True) == ("", "法学学士")
    assert education.read_education("MBA", fused=True) == ("", "工商管理硕士")


@pytest.mark.parametrize(
    "text", ["函授", "自考", "本科肄业", "硕士在读", "MBA", "2", "22", "中职", "高中、中专"]
)
def test_education_that_may_mean_several(text):
    assert doubt_of(education.read_education, text) == UNCLEAR


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        ("硕士学位", "硕士"),
        ("法学学士", "法学学士"),
        ("MBA", "工商管理硕士"),
        ("工商管理硕士（MBA）", "工商管理硕士"),
        ("硕士研究生", "硕士"),
    ],
)
def test_degree(text, degree):
    assert education.read_degree(text) == degree


def test_degree_that_is_none():
    assert doubt_of(education.read_degree, "本科") == UNKNOWN
    assert doubt_of(education.read_degree, "学士/硕士") == UNCLEAR


@pytest.mark.parametrize(
    ("level", "names"),
    [
        (
            "正高级",
            "正高级工程师 正高级会计师 一级律师 教授 正高级教师 主任医师 一级美术师 研究员 教授级高级工程师 正高级",
        ),
        (
            "副高级",
            "高级工程师 高级会计师 高级经济师 二级律师 副教授 高级教师 副主任医师 二级演员 副研究员 副高",
        ),
        (
            "中级",
            "工程师 电气工程师 会计师 经济师 三级律师 讲师 一级教师 主治医师 三级演员 助理研究员 主管护师 馆员 中级",
        ),
        ("初级", "助理工程师 技术员 助理会计师 四级律师 助教 二级教师 住院医师 四级演员 初级 员级"),
        ("", "注册会计师 律师 一级建造师 社会工作师 高级 无 工程师、会计师"),
    ],
)
def test_level_of_titles(level, names):
    assert {name: titles.title_level_of(name) for name in names.split()} == dict.fromkeys(
        names.split(), level
    )


def test_title_level_without_title_is_a_value_and_half_a_word_is_not():
    assert titles.read_title_level("无").value == "无"
    assert titles.read_title_level("高级工程师").value == "副高级"
    assert doubt_of(titles.read_title_level, "高级") == UNCLEAR


FIRM, BODY = codes.Category.ENTERPRISE.value, codes.Category.ORGANIZATION.value


@pytest.mark.parametrize(
    ("text", "category", "outdated"),
    [
        (FIRM, FIRM, False),
        (f"1-{FIRM}", FIRM, False),
        ("（四）新媒体从业人员", "新媒体从业人员", False),
        ("中介組織和社會組織從業人員", BODY, False),
        ("私营企业和外资企业的管理技术人员", FIRM, True),
        ("私营企业和外资企业管理技术人员", FIRM, True),
        ("民企", FIRM, True),
        ("外企", FIRM, True),
        ("管理技术人员", FIRM, True),
        ("中介组织负责人", BODY, True),
        ("社会组织从业人员", BODY, True),
        ("中介组织、社会组织", BODY, True),
        ("自由职业者", "自由职业人员", True),
        ("新媒体", "新媒体从业人员", True),
    ],
)
def test_category(text, category, outdated):
    assert lists.read_category(text) == lists.Understood(category, outdated)


def test_category_that_is_none():
    assert doubt_of(lists.read_category, "个体工商户") == UNKNOWN
    assert doubt_of(lists.read_category, "3") == UNCLEAR
    assert doubt_of(lists.read_category, "1-新媒体从业人员") == UNCLEAR
    assert doubt_of(lists.read_category, "新媒体、自由职业") == UNCLEAR


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("正常", "在册"),
        ("待审", "申请"),
        ("暂停", "停权"),
        ("已退会", "退会"),
        ("开除", "除名"),
        ("病故", "去世"),
        ("转会", "转出"),
    ],
)
def test_status(text, status):
    assert lists.read_status(text).value == status


@pytest.mark.parametrize(
    ("text", "kind"),
    [("身份证", "居民身份证"), ("台胞证", "其他"), ("外国护照", "护照"), ("港澳居住证", "港澳居民居住证")],
)
def test_kind_of_document(text, kind):
    assert lists.read_id_kind(text).value == kind
