import pytest

from members.roster.workbook import Sheet
from tests.members.roster.books import fields, read, read_sheets, skipped, told, values

N = None
PEOPLE = [[1, "张三", "男", "13800000001"], [2, "李四", "女", "13800000002"]]


def test_header_below_titles_and_a_count():
    rows = [
        N,
        ["会员名册"],
        ["填报单位：白沙镇", N, N, "2023年5月"],
        ["人数2"],
        ["序号", "姓名", "性别", "手机"],
        *PEOPLE,
    ]

    reading = read([row or [] for row in rows])

    assert reading.header_rows == [5]
    assert fields(reading) == {"姓名": "name", "性别": "sex", "手机": "mobile"}
    assert skipped(reading) == [(2, "title"), (3, "title"), (4, "title")]
    assert [row.row for row in reading.rows] == [6, 7]


def test_header_far_down_and_without_numbers():
    reading = read([*[["说明"]] * 14, ["姓名", "单位"], ["张三", "甲公司"]])

    assert reading.header_rows == [15]
    assert values(reading) == [{"name": "张三", "employer": "甲公司"}]


def test_bare_list_of_names():
    reading = read([["会员名单"], ["姓名"], ["张三"], ["欧阳小修"]])

    assert reading.header_rows == [2]
    assert values(reading) == [{"name": "张三"}, {"name": "欧阳小修"}]


@pytest.mark.parametrize("unknown", [4, 21, 150])
def test_a_list_with_many_unknown_columns(unknown):
    further = [f"其他{number}" for number in range(unknown)]

    reading = read([["姓名", "手机", *further], ["张三", "13800000001", *further], ["李四", "13800000002"]])

    assert values(reading) == [
        {"name": "张三", "mobile": "13800000001"},
        {"name": "李四", "mobile": "13800000002"},
    ]
    assert [code for *_where, code in told(reading.messages)] == ["header_unknown"] * unknown


@pytest.mark.parametrize(
    ("row", "below"),
    [
        (["姓名", "手机", "甲", "乙", "乙", "丙"], ["张三"]),  # the same word twice
        (["姓名", "手机", "甲", "乙", "丙", "13800000001"], ["张三"]),  # a number among them
        (["姓名", "手机", "甲", "乙", "丙", "丁"], ["填写本人姓名"]),  # over no name
    ],
)
def test_words_of_which_few_are_known_are_no_header(row, below):
    assert read([row, below]).header_rows == []


def test_sheet_without_header_is_only_listed():
    reading = read([["张三", "男", "13800000001"], ["李四", "女", "13800000002"]])

    assert (reading.header_rows, reading.rows, reading.skipped) == ([], [], [])


def test_merged_header_of_three_levels():
    rows = [
        ["序号", "姓名", "学历学位", N, N, N, "联系方式", N],
        [N, N, "全日制\n教育", N, "在职\n教育", N, "手机", "办公电话"],
        [N, N, "学历", "学位", "学历", "学位", N, N],
        [1, "张三", "本科", "工学学士", "研究生", "硕士", "13800000001", "023-47000001"],
    ]
    merged = [
        (0, 0, 2, 0),
        (0, 1, 2, 1),
        (0, 2, 0, 5),
        (1, 2, 1, 3),
        (1, 4, 1, 5),
        (0, 6, 0, 7),
        (1, 6, 2, 6),
        (1, 7, 2, 7),
    ]

    reading = read(rows, merged=merged)

    assert reading.header_rows == [1, 2, 3]
    assert fields(reading) == {
        "姓名": "name",
        "学历学位-全日制教育-学历": "full_time_education",
        "学历学位-全日制教育-学位": "full_time_degree",
        "学历学位-在职教育-学历": "in_service_education",
        "学历学位-在职教育-学位": "in_service_degree",
        "联系方式-手机": "mobile",
        "联系方式-办公电话": "office_phone",
    }


def test_the_same_header_without_merging():
    rows = [
        ["序号", "姓名", "学历学位", N, N, N, "联系方式", N, "备注"],
        [N, N, "全日制教育", N, "在职教育", N, "手机", "办公电话"],
        [N, N, "学历", "学位", "学历", "学位"],
        [1, "张三", "本科", "学士", N, N, "13800000001"],
    ]

    reading = read(rows)

    assert reading.header_rows == [1, 2, 3]
    assert list(fields(reading).values()) == [
        "name",
        "full_time_education",
        "full_time_degree",
        "in_service_education",
        "in_service_degree",
        "mobile",
        "office_phone",
        "remarks",
    ]
    assert [row.row for row in reading.rows] == [4]


def test_headers_of_headers_above_the_names():
    rows = [
        ["名册"],
        ["基本信息", N, "联系方式", N],
        ["姓名", "性别", "手机", "邮箱"],
        ["张三", "男", "13800000001", "a@b.cn"],
    ]

    reading = read(rows, merged=[(0, 0, 0, 3), (1, 0, 1, 1), (1, 2, 1, 3)])

    assert reading.header_rows == [2, 3]
    assert list(fields(reading).values()) == ["name", "sex", "mobile", "email"]
    assert skipped(reading) == [(1, "title")]


def test_title_merged_over_some_columns_is_no_header():
    rows = [
        ["名册"],
        [N, N, "2021年3月", N],
        ["姓名", "性别", "手机", "邮箱"],
        ["张三", "男", "13800000001", "a@b.cn"],
    ]

    reading = read(rows, merged=[(0, 0, 0, 3), (1, 2, 1, 3)])

    assert reading.header_rows == [3]


def test_words_broken_over_two_rows():
    rows = [
        ["序", "姓", "性", "出生", "政治", "工作单位", "联系"],
        ["号", "名", "别", "年月", "面貌", "及职务", "电话"],
        [1, "张三", "男", "1985.06", "群众", "甲有限公司经理", "13800000001"],
    ]

    reading = read(rows)

    assert reading.header_rows == [1, 2]
    assert values(reading) == [
        {
            "name": "张三",
            "sex": "男",
            "birth": "1985.06",
            "political_status": "群众",
            "employer": "甲有限公司",
            "position": "经理",
            "mobile": "13800000001",
        }
    ]


def test_persons_side_by_side():
    header = ["序号", "姓名", "单位", "电话"]
    rows = [
        header * 2,
        [1, "张三", "甲", "13800000001", 2, "李四", "乙", "13800000002"],
        [3, "王五", "丙", "13800000003"],
    ]

    reading = read(rows)

    assert [(row.row, row.values["name"], row.values["mobile"]) for row in reading.rows] == [
        (2, "张三", "13800000001"),
        (2, "李四", "13800000002"),
        (3, "王五", "13800000003"),
    ]


def test_doubt_in_the_right_half_names_its_own_cell():
    rows = [["姓名", "手机", "姓名", "手机"], ["张三", "13800000001", "李四", "138"]]

    reading = read(rows)

    assert [told(row.messages) for row in reading.rows] == [[], [("D2", "refused", "phone_invalid")]]


def test_family_name_and_given_name_in_two_columns():
    assert values(read([["姓", "名"], ["张", "三"], ["欧阳", "修"]])) == [
        {"name": "张三"},
        {"name": "欧阳修"},
    ]
    assert values(read([["First Name", "Last Name"], ["Ann", "Lee"]])) == [{"name": "Ann Lee"}]


def test_second_table_with_other_columns():
    rows = [
        ["理事名单"],
        ["序号", "姓名", "性别", "手机"],
        [1, "张三", "男", "13800000001"],
        [],
        ["监事名单"],
        ["序号", "姓名", "工作单位", "职务"],
        [1, "李四", "乙公司", "经理"],
    ]

    reading = read(rows)

    assert reading.header_rows == [2, 6]
    assert values(reading) == [
        {"name": "张三", "sex": "男", "mobile": "13800000001"},
        {"name": "李四", "employer": "乙公司", "position": "经理"},
    ]
    assert skipped(reading) == [(1, "title"), (5, "subheading")]


def test_repeated_header_page_sums_examples_and_numbered_empty_rows_are_skipped():
    rows = [
        ["序号", "姓名", "性别", "手机"],
        ["示例", "王某", "男", "13800000009"],
        PEOPLE[0],
        ["本页小计：1人"],
        ["序号", "姓名", "性别", "手机"],
        PEOPLE[1],
        [3],
        [N, "小计", N, "2人"],
        ["合计", N, N, "2人"],
        ["备注：1.手机必填；2.如有变动请告知。"],
        [N, "填表人：刘某", "审核人：王某", "联系电话：023-47000100"],
        ["2023年5月20日"],
    ]

    reading = read(rows)

    assert [row["name"] for row in values(reading)] == ["张三", "李四"]
    assert skipped(reading) == [
        (2, "note"),
        (4, "subtotal"),
        (5, "repeated_header"),
        (7, "blank"),
        (8, "subtotal"),
        (9, "subtotal"),
        (10, "note"),
        (11, "note"),
        (12, "note"),
    ]


def test_repeated_header_of_two_rows():
    header = [["姓名", "联系方式", N], [N, "手机", "邮箱"]]

    reading = read([*header, ["张三", "13800000001", N], *header, ["李四", "13800000002", N]])

    assert (reading.header_rows, skipped(reading)) == (
        [1, 2],
        [(4, "repeated_header"), (5, "repeated_header")],
    )
    assert [row["name"] for row in values(reading)] == ["张三", "李四"]


def test_subheadings_give_township_and_category():
    rows = [
        ["序号", "姓名", "手机", "所属类别"],
        ["一、几江街道（2人）"],
        ["（一）新媒体从业人员"],
        [1, "张三", "13800000001"],
        [2, "李四", "13800000002", "自由职业人员"],
        [N, "（二）律师"],
        [3, "王五", "13800000003"],
        ["二、区直单位"],
        [4, "赵六", "13800000004"],
    ]

    reading = read(rows, merged=[(1, 0, 1, 3)])

    assert [(row.values.get("township"), row.values.get("category")) for row in reading.rows] == [
        ("几江街道", "新媒体从业人员"),
        ("几江街道", "自由职业人员"),
        ("几江街道", None),
        (None, None),
    ]
    assert [row.derived for row in reading.rows] == [
        {"township", "category"},
        {"township"},
        {"township"},
        set(),
    ]
    assert [kind for _row, kind in skipped(reading)] == ["subheading"] * 4


def test_subheading_over_two_cells():
    rows = [
        ["序号", "姓名", "手机"],
        ["一", "民营企业管理技术人员"],
        [1, "张三", "13800000001"],
        ["二", "白沙镇", "1人"],
        PEOPLE[1][:2],
    ]

    reading = read(rows)

    assert [row.values.get("category") for row in reading.rows] == [
        "民营企业和外商投资企业管理技术人员",
        None,
    ]
    assert [row.values.get("township") for row in reading.rows] == [None, "白沙镇"]


def test_sums_end_a_group():
    rows = [["姓名", "手机"], ["几江街道"], ["张三", "13800000001"], ["小计"], ["李四", "13800000002"]]

    assert [row.values.get("township") for row in read(rows).rows] == ["几江街道", None]


def test_name_of_the_sheet_gives_category_or_township():
    rows = [["姓名"], ["张三"]]

    assert values(read(rows, name="新媒体（15人）")) == [{"name": "张三", "category": "新媒体从业人员"}]
    assert values(read(rows, name="1.白沙镇")) == [{"name": "张三", "township": "白沙镇"}]
    assert values(read(rows, name="会员名册")) == [{"name": "张三"}]


def test_merged_cells_count_for_each_row_and_empty_ones_for_none():
    rows = [["单位", "姓名"], ["甲公司", "张三"], [N, "李四"], ["乙公司", "王五"], [N, "赵六"], [N]]

    reading = read(rows, merged=[(1, 0, 2, 0), (4, 0, 5, 0)])

    assert [row.get("employer") for row in values(reading)] == ["甲公司", "甲公司", "乙公司", None]


def test_row_that_holds_nothing_but_its_part_of_a_merged_cell_is_empty():
    reading = read([["单位", "姓名"], ["甲公司", "张三"], [N]], merged=[(1, 0, 2, 0)])

    assert (len(reading.rows), skipped(reading)) == (1, [])


def test_column_without_header_is_kept_and_reported():
    reading = read([["姓名", "手机"], ["张三", "13800000001", N, "外聘"]])

    assert told(reading.messages) == [("D1", "warning", "header_unknown")]
    assert reading.rows[0].kept == {"D": "外聘"}


def test_hidden_sheets_and_charts_are_listed_and_not_read():
    person = [["姓名"], ["张三"]]
    sheets = Sheet("一", rows=person), Sheet("旧", True, rows=person), Sheet("图", kind="chart")

    roster = read_sheets(*sheets)

    assert [(sheet.name, sheet.hidden, len(sheet.rows)) for sheet in roster.sheets] == [
        ("一", False, 1),
        ("旧", True, 0),
        ("图", False, 0),
    ]


def test_named_sheet_is_read_even_if_hidden_and_the_others_are_not():
    person = [["姓名"], ["张三"]]

    roster = read_sheets(Sheet("一", rows=person), Sheet("旧", True, rows=person), sheet="旧")

    assert [len(sheet.rows) for sheet in roster.sheets] == [0, 1]


def test_lines_of_a_csv_file_are_the_row_numbers():
    sheet = Sheet("x", rows=[["姓名", "手机"], ["张三", "138"], ["李四", "13800000002"]], lines=[1, 2, 4])

    reading = read_sheets(sheet).sheets[0]

    assert (reading.header_rows, [row.row for row in reading.rows]) == ([1], [2, 4])
    assert told(reading.rows[0].messages) == [("B2", "refused", "phone_invalid")]


def test_title_printed_again_on_the_next_page():
    page = [["会员名册"], ["姓名", "手机"]]

    reading = read([*page, ["张三", "13800000001"], ["第1页"], *page, ["李四", "13800000002"]])

    assert [row["name"] for row in values(reading)] == ["张三", "李四"]
    assert skipped(reading) == [(1, "title"), (4, "note"), (5, "title"), (6, "repeated_header")]


def test_header_merged_over_two_columns_is_one_column():
    rows = [["序号", "姓名", N, "手机"], [1, "张三", N, "13800000001"], [2, "李四", N, "13800000002"]]

    reading = read(rows, merged=[(0, 1, 0, 2), (1, 1, 1, 2), (2, 1, 2, 2)])

    assert fields(reading) == {"姓名": "name", "手机": "mobile"}
    assert [column.column for column in reading.columns] == ["A", "B", "D"]


def test_dittos_repeat_the_cell_above():
    rows = [["姓名", "单位", "手机"], ["张三", "甲", "13800000001"], ["李四", "同上", N], ["王五", "〃", N]]

    assert [row["employer"] for row in values(read(rows))] == ["甲", "甲", "甲"]


def test_two_columns_of_names_leave_no_row_without_a_word():
    reading = read([["姓名", "手机", "姓名", "单位"], ["张三", "13800000001", "李四", "甲"], ["合计"]])

    assert told(reading.messages) == [
        ("A1", "question", "header_ambiguous"),
        ("C1", "question", "header_ambiguous"),
    ]
    assert [(row.error, row.kept) for row in reading.rows] == [(True, {"A": "张三", "C": "李四"})]
    assert skipped(reading) == [(3, "subtotal")]


def test_table_of_relatives_is_no_roster():
    assert read([["称谓", "姓名", "年龄", "工作单位"], ["妻子", "李某", 37, "甲公司"]]).rows == []
