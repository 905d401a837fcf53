"""The default template of each kind of paper, built anew by code: {key of the kind: function that returns a .docx}."""

from organizations.papers.sheet import (
    CENTER,
    HEI,
    KAI,
    LEFT,
    RED,
    RIGHT,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_5,
    SIZE_SMALL_4,
    SONG,
    Sheet,
)

OFFICIAL = (37, 26, 35, 28)
"""Margins of official documents in millimetres: top, right, bottom, left (GB/T 9704)."""
LIST = (20, 15, 20, 15)


def roster():
    sheet = Sheet(landscape=True, margins=LIST)
    sheet.title("{{ 协会名称 }}{{ 届次 }}{{ 机构名称 }}名册", after=6)
    sheet.text(
        "（截至{{ 截至日期 }}，共{{ 人数 }}人，{{ 排序方式 }}）",
        size=SIZE_SMALL_4,
        font=KAI,
        align=CENTER,
        after=4,
    )
    table = sheet.table([10, 18, 10, 18, 15, 25, 21, 43, 24, 28, 18, 25, 12], size=SIZE_5)
    table.heads(
        "序号", "姓名", "性别", "出生年月", "民族", "政治面貌", "学历", "工作单位", "单位职务", "会内职务", "任职时间",
        "联系电话", "备注",
    )  # fmt: skip
    table.rows(
        "人", "名单", "{{ 人.序号 }}", "{{ 人.姓名 }}", "{{ 人.性别 }}", "{{ 人.出生年月 }}", "{{ 人.民族 }}",
        "{{ 人.政治面貌 }}", "{{ 人.学历 }}", "{{ 人.工作单位 }}", "{{ 人.单位职务 }}", "{{ 人.职务 }}",
        "{{ 人.任职时间 }}", "{{ 人.联系电话 }}", "{{ 人.备注 }}",
        align=(*[CENTER] * 7, LEFT, *[CENTER] * 4, LEFT),
    )  # fmt: skip
    sheet.page_number()
    return sheet.content("名册")


def notice():
    sheet = Sheet(margins=OFFICIAL)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("关于召开{{ 会议名称 }}的通知", after=20)
    sheet.text("{{ 抬头 }}：", align=LEFT)
    sheet.text("经研究，定于{{ 会议时间 }}召开{{ 会议名称 }}，现将有关事项通知如下：", indent=True)
    for lead, line in (
        ("一、会议时间：", "{{ 会议时间 }}。"),
        ("二、会议地点：", "{{ 会议地点 }}。"),
        ("三、参会人员：", "{{ 参会人员 }}。"),
    ):
        sheet.text(line, lead=lead, indent=True)
    sheet.text("四、会议议题", font=HEI, indent=True)
    sheet.tag("{%p for 议题 in 议题列表 %}")
    sheet.text("（{{ 议题.序号 }}）{{ 议题.内容 }}；", indent=True)
    sheet.tag("{%p endfor %}")
    sheet.text(
        "请准时参加会议。因故不能参加的，须履行请假手续。请于{{ 回复日期 }}前将参会回执报送联系人。"
        "联系人：{{ 联系人 }}，电话：{{ 联系电话 }}。",
        lead="五、有关要求：",
        indent=True,
    )
    sheet.text("{{ 协会名称 }}", align=RIGHT, before=28).paragraph_format.keep_with_next = True
    sheet.text("{{ 通知日期 }}", align=RIGHT).paragraph_format.right_indent = 2 * 203200
    receipt = sheet.title("参会回执", after=10)
    receipt.paragraph_format.page_break_before = True
    sheet.text("会议名称：{{ 会议名称 }}", size=SIZE_4, align=LEFT, after=4)
    table = sheet.table([22, 50, 34, 26, 28])
    table.heads("姓名", "单位及职务", "联系电话", "是否参加", "备注")
    for _row in range(4):
        table.row("", "", "", "", "", height=12)
    sheet.text(
        "说明：请于{{ 回复日期 }}前报{{ 联系人 }}（{{ 联系电话 }}）；请假的，请在备注栏写明事由。",
        size=SIZE_SMALL_4,
    )
    sheet.page_number()
    return sheet.content("会议通知")


def sign_in():
    sheet = Sheet(margins=LIST)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 会议名称 }}签到表", after=8)
    sheet.text("时间：{{ 会议时间 }}　　地点：{{ 会议地点 }}", size=SIZE_SMALL_4, align=LEFT)
    sheet.text(
        "应到：{{ 应到人数 }}人　　实到：____人　　请假：____人　　缺席：____人　　（{{ 排序方式 }}）",
        size=SIZE_SMALL_4,
        align=LEFT,
        after=4,
    )
    table = sheet.table([11, 20, 52, 28, 32, 32])
    table.heads("序号", "姓名", "单位", "职务", "联系电话", "签名")
    table.rows(
        "人", "名单", "{{ 人.序号 }}", "{{ 人.姓名 }}", "{{ 人.工作单位 }}", "{{ 人.职务 }}", "{{ 人.联系电话 }}",
        "", align=(CENTER, CENTER, LEFT, CENTER, CENTER, CENTER), height=11,
    )  # fmt: skip
    sheet.page_number()
    return sheet.content("签到表")


def agenda():
    sheet = Sheet(margins=OFFICIAL)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 会议名称 }}议程", after=20)
    for label, name in (
        ("时　　间", "会议时间"),
        ("地　　点", "会议地点"),
        ("主 持 人", "主持人"),
        ("参会人员", "参会人员"),
    ):
        sheet.text(f"{label}：{{{{ {name} }}}}", align=LEFT)
    sheet.text("", size=SIZE_5, line=10)
    table = sheet.table([14, 82, 32, 30], size=SIZE_4)
    table.heads("序号", "议题", "报告人", "备注")
    table.rows(
        "议题", "议题列表", "{{ 议题.序号 }}", "{{ 议题.内容 }}", "{{ 议题.报告人 }}", "{{ 议题.备注 }}",
        align=(CENTER, LEFT, CENTER, CENTER), height=13,
    )  # fmt: skip
    sheet.page_number()
    return sheet.content("会议议程")


def seat_heading(sheet, *, size, before):
    """The line above the candidates for a post, kept with them."""
    line = sheet.text(
        "{{ 项目.职务 }}（应选{{ 项目.应选人数 }}名，候选人{{ 项目.候选人数 }}名，{{ 项目.选举方式 }}）",
        size=size,
        font=HEI,
        before=before,
        line=28,
    )
    line.paragraph_format.keep_with_next = True


def ballot():
    sheet = Sheet(margins=(25, 22, 22, 22))
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 选举名称 }}选票", after=10)
    sheet.text("（{{ 选举日期 }}，候选人{{ 排序方式 }}）", size=SIZE_4, font=KAI, align=CENTER, after=4)
    sheet.text("填票说明：{{ 填票说明 }}", size=SIZE_4, before=6)
    sheet.tag("{%p for 项目 in 选举项目 %}")
    seat_heading(sheet, size=SIZE_4, before=12)
    sheet.tag("{%p if 项目.双列 %}")
    table = sheet.table([26, 57, 26, 57], size=SIZE_4)
    table.heads("符号", "候选人", "符号", "候选人")
    table.rows("排", "项目.双列", "", "{{ 排.左 }}", "", "{{ 排.右 }}", height=11)
    sheet.tag("{%p else %}")
    table = sheet.table([26, 140], size=SIZE_4)
    table.heads("符号", "候选人")
    table.rows("人", "项目.候选人", "", "{{ 人.姓名 }}", height=13)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if 项目.另选行 %}")
    sheet.text(
        "另选他人（请写明姓名）", size=SIZE_SMALL_4, before=4, line=22
    ).paragraph_format.keep_with_next = True
    table = sheet.table([26, 140], size=SIZE_4)
    table.rows("行", "项目.另选行", "", "", height=11)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p endfor %}")
    sheet.text("", size=SIZE_5)
    return sheet.content("选票")


def count():
    sheet = Sheet(margins=LIST)
    sheet.title("{{ 选举名称 }}计票单", after=8)
    sheet.text("{{ 协会名称 }}　{{ 选举日期 }}", size=SIZE_SMALL_4, align=CENTER, after=4)
    table = sheet.table([1, 1, 1, 1, 1, 1, 1, 1])
    table.row(
        "发出票数", "{{ 发出票数 }}", "收回票数", "{{ 收回票数 }}", "有效票数", "{{ 有效票数 }}", "无效票数",
        "{{ 无效票数 }}", height=11,
    )  # fmt: skip
    sheet.tag("{%p for 项目 in 选举项目 %}")
    seat_heading(sheet, size=SIZE_SMALL_4, before=10)
    table = sheet.table([12, 24, 76, 22, 22, 22])
    table.heads("序号", "姓名", "计票（画“正”字）", "同意", "反对", "弃权")
    table.tag("{%tr for 人 in 项目.候选人 %}")
    table.row("{{ 人.序号 }}", "{{ 人.姓名 }}", "", "", "", "", height=13)
    table.tag("{%tr endfor %}")
    table.row("", "另选", "", "", "", "", height=13)
    sheet.tag("{%p endfor %}")
    sheet.text(
        "总监票人：{{ 总监票人 }}　　监票人：{{ 监票人 }}　　计票人：{{ 计票人 }}",
        size=SIZE_SMALL_4,
        before=16,
    )
    sheet.text(
        "（签字）____________________　　____________________　　____________________",
        size=SIZE_SMALL_4,
        before=10,
    )
    sheet.page_number()
    return sheet.content("计票单")


def minutes():
    sheet = Sheet(margins=OFFICIAL)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 会议名称 }}纪要", after=20)
    for label, name in (
        ("时　　间", "会议时间"),
        ("地　　点", "会议地点"),
        ("主 持 人", "主持人"),
        ("记 录 人", "记录人"),
    ):
        sheet.text(f"{label}：{{{{ {name} }}}}", align=LEFT)
    sheet.text("应到人数：{{ 应到人数 }}人　　实到人数：{{ 实到人数 }}人", align=LEFT)
    sheet.text("出　　席：{{ 出席人员 }}")
    sheet.tag("{%p if 列席人员 %}")
    sheet.text("列　　席：{{ 列席人员 }}")
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if 缺席人员 %}")
    sheet.text("缺　　席：{{ 缺席人员 }}")
    sheet.tag("{%p endif %}")
    sheet.text("{{ 法定人数 }}", indent=True, before=10)
    sheet.tag("{%p for 议题 in 议题列表 %}")
    sheet.text("议题{{ 议题.序号 }}：{{ 议题.标题 }}", font=HEI, indent=True, before=6)
    sheet.tag("{%p if 议题.内容 %}")
    sheet.text("{{ 议题.内容 }}", indent=True)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if 议题.表决结果 %}")
    sheet.text("表决结果：{{ 议题.表决结果 }}", indent=True)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p endfor %}")
    sheet.tag("{%p if 正文 %}")
    sheet.text("{{ 正文 }}", indent=True, before=6)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p if 决议列表 %}")
    sheet.text("会议形成以下决议：", font=HEI, indent=True, before=6)
    sheet.tag("{%p for 决议 in 决议列表 %}")
    sheet.text(
        "（{{ 决议.序号 }}）{{ 决议.内容 }}{% if 决议.编号 %}（{{ 决议.编号 }}）{% endif %}", indent=True
    )
    sheet.tag("{%p endfor %}")
    sheet.tag("{%p endif %}")
    sheet.text("主持人（签字）：______________", align=LEFT, before=36)
    sheet.text("记录人（签字）：______________", align=LEFT, before=10)
    sheet.text("{{ 会议日期 }}", align=RIGHT, before=10)
    sheet.page_number()
    return sheet.content("会议纪要")


def letter():
    sheet = Sheet(landscape=True, margins=(30, 45, 25, 45), size=SIZE_2)
    sheet.tag("{%p for 聘书 in 聘书列表 %}")
    title = sheet.title("聘　书", size=48, after=16, color=RED)
    title.paragraph_format.page_break_before = True
    sheet.text("{{ 聘书.姓名 }}{{ 聘书.称谓 }}：", size=SIZE_2, align=LEFT, line=40)
    sheet.text(
        "兹聘请您担任{{ 协会名称 }}{{ 聘书.届次 }}{{ 聘书.机构名称 }}{{ 聘书.职务 }}，任期自{{ 聘书.任期起 }}起"
        "{% if 聘书.任期止 %}至{{ 聘书.任期止 }}止{% endif %}。",
        size=SIZE_2,
        indent=True,
        line=40,
    )
    sheet.text("此聘。", size=SIZE_2, indent=True, line=40)
    sheet.text("{{ 协会名称 }}", size=SIZE_3, font=SONG, align=RIGHT, before=20, line=30)
    sheet.text("{{ 聘书.落款日期 }}", size=SIZE_3, font=SONG, align=RIGHT, line=30)
    sheet.tag("{%p endfor %}")
    return sheet.content("聘书")


def filing():
    sheet = Sheet(landscape=True, margins=LIST)
    sheet.title("社会团体负责人备案表", after=8)
    table = sheet.table([28, 74, 30, 46, 40, 40])
    table.row("社团名称", "{{ 协会名称 }}", "登记证号", "{{ 登记证号 }}", "届次", "{{ 届次 }}")
    table.row(
        "本届任期",
        "{{ 本届任期 }}",
        "本届开始日期",
        "{{ 本届开始日期 }}",
        "章程规定换届日期",
        "{{ 换届日期 }}",
    )
    table.row(
        "业务主管单位",
        "{{ 业务主管单位 }}",
        "登记管理机关",
        "{{ 登记管理机关 }}",
        "制表日期",
        "{{ 制作日期 }}",
    )
    sheet.text("", size=SIZE_5, line=8)
    table = sheet.table([10, 40, 18, 10, 19, 25, 43, 22, 22, 24, 24, 15], size=SIZE_5)
    table.heads(
        "序号", "身份证号", "姓名", "性别", "出生年月", "政治面貌", "工作单位", "单位职务", "担任职务", "任职开始",
        "任职结束", "备注",
    )  # fmt: skip
    table.rows(
        "人", "名单", "{{ 人.序号 }}", "{{ 人.身份证号 }}", "{{ 人.姓名 }}", "{{ 人.性别 }}", "{{ 人.出生年月 }}",
        "{{ 人.政治面貌 }}", "{{ 人.工作单位 }}", "{{ 人.单位职务 }}", "{{ 人.担任职务 }}", "{{ 人.任职开始 }}",
        "{{ 人.任职结束 }}", "{{ 人.备注 }}",
        align=(*[CENTER] * 6, LEFT, *[CENTER] * 4, LEFT),
    )  # fmt: skip
    sheet.text(
        "法定代表人（签字）：______________　　　　社会团体（盖章）　　　　　　年　　月　　日",
        size=SIZE_SMALL_4,
        align=LEFT,
        before=18,
    )
    sheet.page_number()
    return sheet.content("负责人备案表")


def candidates():
    sheet = Sheet(landscape=True, margins=LIST)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 选举名称 }}候选人名单", after=6)
    sheet.text("（{{ 选举日期 }}，{{ 排序方式 }}）", size=SIZE_SMALL_4, font=KAI, align=CENTER, after=4)
    sheet.tag("{%p for 项目 in 选举项目 %}")
    sheet.text(
        "{{ 项目.职务 }}候选人（应选{{ 项目.应选人数 }}名，候选人{{ 项目.候选人数 }}名，{{ 项目.选举方式 }}）",
        size=SIZE_4,
        font=HEI,
        before=10,
    ).paragraph_format.keep_with_next = True
    table = sheet.table([11, 20, 11, 22, 17, 26, 22, 64, 34, 30], size=SIZE_5)
    table.heads(
        "序号", "姓名", "性别", "出生年月", "民族", "政治面貌", "学历", "工作单位", "单位职务", "备注"
    )
    table.rows(
        "人", "项目.候选人", "{{ 人.序号 }}", "{{ 人.姓名 }}", "{{ 人.性别 }}", "{{ 人.出生年月 }}", "{{ 人.民族 }}",
        "{{ 人.政治面貌 }}", "{{ 人.学历 }}", "{{ 人.工作单位 }}", "{{ 人.单位职务 }}", "{{ 人.备注 }}",
        align=(*[CENTER] * 7, LEFT, CENTER, LEFT),
    )  # fmt: skip
    sheet.tag("{%p endfor %}")
    sheet.text("", size=SIZE_5)
    sheet.page_number()
    return sheet.content("候选人名单")


def result():
    sheet = Sheet(margins=OFFICIAL)
    sheet.title("{{ 协会名称 }}", after=0)
    sheet.title("{{ 选举名称 }}选举结果报告", after=20)
    sheet.text("{{ 选举日期 }}，{{ 选举名称 }}以无记名投票方式进行选举，现将选举结果报告如下：", indent=True)
    sheet.tag("{%p for 项目 in 选举项目 %}")
    title = sheet.text("{{ 项目.职务 }}（应选{{ 项目.应选人数 }}名）", font=HEI, indent=True, before=6)
    title.paragraph_format.keep_with_next = True
    sheet.text(
        "应到{{ 项目.应到人数 }}人，实到{{ 项目.实到人数 }}人。"
        "发出选票{{ 项目.发出票数 }}张，收回{{ 项目.收回票数 }}张，"
        "其中有效票{{ 项目.有效票数 }}张，无效票{{ 项目.无效票数 }}张。",
        indent=True,
        after=4,
    )
    table = sheet.table([14, 40, 24, 24, 24, 30], size=SIZE_4)
    table.heads("序号", "姓名", "同意", "反对", "弃权", "结果")
    table.rows(
        "人", "项目.候选人", "{{ 人.序号 }}", "{{ 人.姓名 }}", "{{ 人.同意 }}", "{{ 人.反对 }}", "{{ 人.弃权 }}",
        "{{ 人.结果 }}", height=10,
    )  # fmt: skip
    sheet.tag("{%p if 项目.当选人 %}")
    sheet.text("当选{{ 项目.职务 }}：{{ 项目.当选人 }}。", indent=True, before=4)
    sheet.tag("{%p endif %}")
    sheet.tag("{%p endfor %}")
    sheet.text("总监票人（签字）：____________", align=LEFT, before=28)
    sheet.text("监 票 人（签字）：____________", align=LEFT, before=6)
    sheet.text("计 票 人（签字）：____________", align=LEFT, before=6)
    sheet.text("{{ 选举日期 }}", align=RIGHT, before=10)
    sheet.page_number()
    return sheet.content("选举结果报告")


DEFAULTS = {
    "roster": roster,
    "notice": notice,
    "sign_in": sign_in,
    "agenda": agenda,
    "ballot": ballot,
    "count": count,
    "minutes": minutes,
    "letter": letter,
    "filing": filing,
    "candidates": candidates,
    "result": result,
}
