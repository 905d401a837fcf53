"""Another kind of sheet than a roster of members is a definition, not another reader."""

from collections import Counter
from pathlib import Path

from members.roster.contract import FIELD, Field
from members.roster.decisions import Decisions
from members.roster.kinds import one_of
from members.roster.reading import read_roster
from members.roster.vocabulary import MEMBERS, Vocabulary
from members.roster.workbook import read_workbook
from tests.members.roster.books import TODAY, fields, read, told, values

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "rosters"
N = None
ATTENDANCE = {
    **{word: word for word in ("出席", "请假", "缺席", "列席", "迟到", "代为出席")},
    "√": "出席",
    "到": "出席",
    "委托": "代为出席",
}
SIGN_IN = Vocabulary(
    [
        FIELD["name"],
        FIELD["employer"],
        FIELD["position"],
        FIELD["mobile"],
        Field("attendance", "出席情况", 10, "attendance", ("签到", "签名", "是否出席")),
        Field("signed_at", "签到时间", 30, "text"),
        Field("excuse", "备注", 10, "attendance", ("请假情况",)),
    ],
    fused={("employer", "position"): "单位及职务 单位职务"},
    readers={"attendance": one_of(ATTENDANCE)},
)


def test_sign_in_sheet_is_read_by_its_own_words():
    workbook = read_workbook(SAMPLES / "signin-2023-autumn.xlsx")

    (sheet,) = read_roster(workbook, today=TODAY, vocabulary=SIGN_IN).sheets

    assert fields(sheet) == {
        "姓名": "name",
        "单位": "employer",
        "职务": "position",
        "联系电话": "mobile",
        "签名": "attendance",
        "备注": "excuse",
    }
    assert sheet.messages == []
    assert Counter((row.values.get("attendance"), row.values.get("excuse")) for row in sheet.rows) == {
        ("出席", N): 61,
        (N, "请假"): 8,
        (N, "缺席"): 3,
    }
    assert not any(row.messages for row in sheet.rows)


def test_values_of_its_own_lists_are_checked():
    rows = [
        ["姓名", "单位及职务", "出席情况", "签到时间"],
        ["张三", "重庆甲律师事务所 主任", "委托", "8:55"],
        ["李四", N, "在路上", N],
    ]

    reading = read(rows, vocabulary=SIGN_IN)

    assert values(reading) == [
        {
            "name": "张三",
            "employer": "重庆甲律师事务所",
            "position": "主任",
            "attendance": "代为出席",
            "signed_at": "8:55",
        },
        {"name": "李四"},
    ]
    assert told(reading.rows[1].messages) == [("C3", "refused", "unknown_value")]
    assert reading.rows[1].messages[0].params["list"] == "出席情况"


def test_fields_of_members_are_unknown_to_it_and_kept():
    rows = [
        ["姓名", "政治面貌", "联系电话", "职务（会内）"],
        ["张三（女）", "群众", "13800000001", "理事"],
        ["李四", "民盟盟员", "023-47521234", N],
        ["几江街道"],
        ["王五", N, "13900000002", N],
    ]

    reading = read(rows, name="白沙镇", vocabulary=SIGN_IN)

    assert values(reading) == [
        {"name": "张三", "mobile": "13800000001"},
        {"name": "李四"},
        {"name": "王五", "mobile": "13900000002"},
    ]
    assert [row.kept for row in reading.rows] == [
        {"A": "女", "B": "群众", "D": "理事"},
        {"B": "民盟盟员", "C": "023-47521234"},
        {},
    ]


def test_person_may_be_named_by_another_field():
    speakers = Vocabulary(
        [Field("speaker", "发言人", 100, "name"), Field("topic", "题目", 200, "text")],
        person="speaker",
        stands_once=False,
    )
    rows = [["发言人", "题目"], ["张三", "营商环境"], ["张三", "养老服务"], [N, "乡村振兴"]]

    reading = read(rows, vocabulary=speakers)

    assert values(reading) == [
        {"speaker": "张三", "topic": "营商环境"},
        {"speaker": "张三", "topic": "养老服务"},
    ]
    assert reading.skipped[0].kind == "note"


def test_choices_for_headers_are_those_of_its_fields():
    rows = [["姓名", "来没来"], ["张三", "到"]]

    reading = read(rows, vocabulary=SIGN_IN, decisions=Decisions(headers={"来没来": "attendance"}))

    assert values(reading) == [{"name": "张三", "attendance": "出席"}]
    assert "来没来" not in SIGN_IN.headers.words


def test_what_one_kind_of_sheet_means_is_nothing_to_another():
    assert MEMBERS.headers.meaning_of("签到时间").field is None
    assert SIGN_IN.headers.meaning_of("政治面貌").field is None
    assert SIGN_IN.pairs == {"employer+position": "单位及职务"}
