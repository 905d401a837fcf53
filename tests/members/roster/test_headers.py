import pytest

from members.roster.contract import FIELDS, FUSED_WORDS, IGNORED
from members.roster.headers import header_key
from members.roster.vocabulary import MEMBERS


def test_no_word_means_two_fields():
    owners = {}
    for field in FIELDS:
        for word in {field.header, *field.synonyms, *field.loose}:
            owners.setdefault(header_key(word), set()).add(field.key)
    for word, fields in ((word, fields) for fields, names in FUSED_WORDS.items() for word in names.split()):
        owners.setdefault(header_key(word), set()).add(fields)
    for word in IGNORED:
        owners.setdefault(header_key(word), set()).add(None)

    assert {word: keys for word, keys in owners.items() if len(keys) > 1} == {}


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_standard_header_means_its_field(field):
    assert MEMBERS.headers.meaning_of(field.header).fields == (field.key,)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("姓 名", "name"),
        ("姓\n名", "name"),
        ("\u3000姓\u3000名\u3000", "name"),
        ("姓名（必填）", "name"),
        ("*姓名", "name"),
        ("1、您的姓名：", "name"),
        ("（1）姓名", "name"),
        ("姓名Name", "name"),
        ("性别:", "sex"),
        ("性別", "sex"),
        ("性别/Sex", "sex"),
        ("出生\n年月", "birth"),
        ("出生年月\n（岁）", "birth"),
        ("出生日期（如1985-06-12）", "birth"),
        ("Date of Birth", "birth"),
        ("名族", "ethnicity"),
        ("藉贯", "native_place"),
        ("入党（派）时间", "party_joined"),
        ("參加工作時間", "work_started"),
        ("參加\n工作\n時間", "work_started"),
        ("文化程度", "education"),
        ("新的社会阶层(类别)", "category"),
        ("所属类别（四选一）", "category"),
        ("手机号码（11位）", "mobile"),
        ("本人手机号码", "mobile"),
        ("聯繫電話", "mobile"),
        ("电话（办）", "office_phone"),
        ("联系方式-办公电话", "office_phone"),
        ("E-mail", "email"),
        ("身份证号（18位）", "id_number"),
        ("ID Number", "id_number"),
        ("单位职务", "position"),
        ("职务（会内）", "association_posts"),
        ("新专联职务", "association_posts"),
        ("兼职（其他校外职务）", "social_posts"),
        ("学历（全日制）", "full_time_education"),
        ("全日制教育-毕业院校系及专业", "full_time_school"),
        ("備註", "remarks"),
        ("political_status", "political_status"),
    ],
)
def test_header_variants(header, field):
    assert MEMBERS.headers.meaning_of(header).field == field


@pytest.mark.parametrize(
    ("header", "pair"),
    [
        ("工作单位\n及职务", ("employer", "position")),
        ("单位+职务", ("employer", "position")),
        ("创办机构名称及职务", ("employer", "position")),
        ("学历学位", ("education", "degree")),
        ("毕业院校及专业", ("school", "major")),
        ("第一党派及加入时间", ("political_status", "party_joined")),
    ],
)
def test_fused_headers(header, pair):
    assert MEMBERS.headers.meaning_of(header).fields == pair


@pytest.mark.parametrize("header", ["序号", "序 號", "No.", "年龄", "年龄（岁）", "Age"])
def test_columns_that_count_or_follow_are_ignored(header):
    assert MEMBERS.headers.meaning_of(header).ignored


@pytest.mark.parametrize(
    "header",
    [
        "紧急联系人电话",
        "联系人",
        "推荐人姓名",
        "介绍人",
        "配偶姓名",
        "法人代表",
        "填表人",
        "离会时间",
        "入职时间",
        "任职时间",
        "出生地",
        "户籍地址",
        "工作证号",
        "签名",
        "健康状况",
        "邮编",
        "宅电（家）",
        "Title",
        "",
    ],
)
def test_headers_of_other_things_and_other_persons_have_no_field(header):
    meaning = MEMBERS.headers.meaning_of(header)

    assert (meaning.fields, meaning.ignored) == ((), False)


@pytest.mark.parametrize(
    ("parents", "header", "fields"),
    [
        (("学历学位", "全日制\n教育"), "学历", ("full_time_education",)),
        (("学历学位", "在职\n教育"), "毕业院校系及专业", ("in_service_school",)),
        (("学历学位",), "全日制教育", ("full_time_education", "full_time_degree")),
        (("学历",), "在职", ("in_service_education",)),
        (("普通高等学校全日制教育",), "获得学历时间", ()),
        (("联系方式",), "办公", ("office_phone",)),
        (("紧急联系人",), "电话", ()),
        (("家庭成员",), "姓名", ()),
        (("会内任职情况",), "职务", ("association_posts",)),
        (("党派情况",), "加入时间", ("party_joined",)),
        (("基本信息",), "姓名", ("name",)),
        (("出生",), "年月", ("birth",)),
        (("姓",), "名", ("name",)),
    ],
)
def test_header_below_others(parents, header, fields):
    assert MEMBERS.headers.meaning_below(parents, header).fields == fields


def test_contacts_are_known_as_such():
    assert MEMBERS.headers.is_contact("紧急联系人")
    assert not MEMBERS.headers.is_contact("联系电话")
