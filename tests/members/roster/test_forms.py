from tests.members.roster.books import read, told, values

N = None


def test_form_of_one_person():
    rows = [
        ["会员登记表"],
        ["姓  名", "张三", "性  别", "男", "出生年月\n（岁）", "1985.06\n（38岁）", "照\n片"],
        ["民  族", "汉", "学  位", "无", "手机：", "138 0000 0001"],
        ["工作单位\n及职务", "重庆甲律师事务所 主任"],
        ["社会职务", "政协委员\n工商联执委"],
    ]

    reading = read(rows, merged=[(1, 6, 3, 6), (3, 1, 3, 5), (4, 1, 4, 6)])

    assert (reading.layout, reading.header_rows, reading.columns) == ("form", [], [])
    assert [row.row for row in reading.rows] == [2]
    assert values(reading) == [
        {
            "name": "张三",
            "sex": "男",
            "birth": "1985.06",
            "ethnicity": "汉族",
            "mobile": "13800000001",
            "employer": "重庆甲律师事务所",
            "position": "主任",
            "social_posts": "政协委员；工商联执委",
        }
    ]


def test_labels_below_each_other():
    rows = [
        ["会员信息"],
        ["姓名", "李四"],
        ["性别", "女"],
        ["身份证号码", "50011619860101110X"],
        ["政治面貌", "无"],
    ]

    reading = read(rows)

    assert values(reading) == [{"name": "李四", "sex": "女"}]
    assert told(reading.rows[0].messages) == [
        ("B4", "refused", "id_invalid"),
        ("B5", "question", "unclear_value"),
    ]
    assert reading.rows[0].question


def test_label_and_value_in_one_cell():
    reading = read([["姓名：王五", "性别：男"], ["手机：13800000003"]])

    assert (reading.layout, values(reading)) == (
        "form",
        [{"name": "王五", "sex": "男", "mobile": "13800000003"}],
    )


def test_schooling_by_its_way_and_family_passed_over():
    rows = [
        ["姓名", "张三", "性别", "男"],
        ["学历\n学位", "全日制\n教  育", "大学本科\n工学学士", "毕业院校\n系及专业", "重庆大学土木工程专业"],
        [N, "在  职\n教  育", "硕士研究生", "毕业院校\n系及专业", "西南大学"],
        ["称谓", "姓名", "出生年月", "政治面貌", "工作单位及职务"],
        ["妻子", "李某", "1986.01", "群众", "乙公司职员"],
        ["手机", "13800000001"],
    ]

    reading = read(rows, merged=[(1, 0, 2, 0)])

    assert values(reading) == [
        {
            "name": "张三",
            "sex": "男",
            "full_time_education": "大学本科",
            "full_time_degree": "工学学士",
            "full_time_school": "重庆大学土木工程专业",
            "in_service_education": "硕士研究生",
            "in_service_school": "西南大学",
            "mobile": "13800000001",
        }
    ]


def test_several_forms_on_a_sheet():
    form = [["登记表"], ["姓名", "张三", "性别", "男"], ["手机", "13800000001", "民族", "汉"], []]
    other = [["登记表"], ["姓名", "李四", "性别", "女"], ["手机", "13800000002", "民族", "土家"]]

    reading = read(form + other)

    assert [(row.row, row.values["name"], row.values["ethnicity"]) for row in reading.rows] == [
        (2, "张三", "汉族"),
        (6, "李四", "土家族"),
    ]


def test_contact_of_the_person_is_not_the_person():
    rows = [
        ["姓名", "张三", "性别", "男"],
        ["民族", "汉", "学历", "本科"],
        ["紧急联系人", "李四", "联系电话", "13900000002"],
    ]

    reading = read(rows)

    assert values(reading) == [{"name": "张三", "sex": "男", "ethnicity": "汉族", "education": "大学本科"}]
    assert reading.rows[0].kept == {"B3": "李四", "D3": "13900000002"}
    assert {code for _cell, _level, code in told(reading.messages)} == {"header_unknown"}


def test_value_that_is_also_a_header_word():
    rows = [["姓名", "张三", "性别", "男"], ["民族", "其他", "会内职务", "会员"]]

    assert values(read(rows)) == [
        {"name": "张三", "sex": "男", "ethnicity": "其他", "association_posts": "会员"}
    ]


def test_empty_form_and_instructions_hold_nobody():
    empty = read([["登记表"], ["姓名", N, "性别", N], ["手机", N, "民族", N], ["工作单位", N]])
    instructions = read(
        [["填表说明"], ["姓名", "与身份证一致"], ["性别", "填男或女"], ["手机", "填写11位手机号"]]
    )

    for reading in (empty, instructions):
        assert (reading.layout, reading.header_rows, reading.rows) == (None, [], [])
