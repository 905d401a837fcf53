# ruff: noqa: SIM905  (lists of words read better as text)
"""Made-up member rosters of any size: N rows, 20 columns, the same at every run.

    python -m tests.bench.yardsticks.gen_roster 10000 out.xlsx             # or .csv, .xls (at most 65 535 rows)
    python -m tests.bench.yardsticks.gen_roster 10000 out.xlsx --change 1  # the same rows, 1 % of them edited
    python -m tests.bench.yardsticks.gen_roster 10000 out.xlsx --free      # categories and states not of our lists

Nobody here is a real person: names are drawn character by character from the zh_CN pools of faker, ID numbers carry
a valid check character over a random birth date and a serial, mobile numbers have 0000 in the middle. Row i is a
function of (seed, i) only, so the first 139 rows of every size are the same people.
"""

import argparse
import csv
import datetime as dt
import random

COLUMNS = (
    "会员编号 姓名 性别 身份证号 出生日期 民族 籍贯 政治面貌 学历 会员类别 所属机构 工作单位 职务 手机 电子邮箱 "
    "通讯地址 邮编 入会日期 会员状态 备注"
).split()
FIELDS = (
    "member_no name sex id_number birth_date ethnicity native_place political_status education category body employer "
    "title phone email address postcode joined_on status notes"
).split()
DATES = (FIELDS.index("birth_date"), FIELDS.index("joined_on"))
# values of the roster contract, so that both systems import every cell
CATEGORIES = [
    "民营企业和外商投资企业管理技术人员",
    "中介组织和社会组织从业人员",
    "自由职业人员",
    "新媒体从业人员",
]
STATUS = ["在册", "停权", "退会", "申请"]
# the words an association without our lists might use
FREE = dict(
    zip(
        [*CATEGORIES, *STATUS], "单位会员代表 个人会员 理事 荣誉会员 在册 暂停 退会 待审".split(), strict=True
    )
)
POLITICAL = (
    "中共党员 群众 民革党员 民盟盟员 民建会员 民进会员 农工党党员 致公党党员 九三学社社员 台盟盟员 无党派人士 共青团员"
).split()
EDUCATION = "大专 本科 硕士研究生 博士研究生 高中 中专".split()
ETHNIC = ["汉族"] * 92 + "回族 满族 壮族 苗族 蒙古族 土家族 朝鲜族 维吾尔族".split()
# county codes valid in every year: a library that checks the code against the year of birth passes them
AREAS = (
    "110101 120101 140121 150121 210224 222401 230722 310101 310104 310105 310106 310107 310109 310110 330122 340121 "
    "350121 360121 422822 430121 510121 520203 530124 540121 610323 620121 632221 640121 650121"
).split()
PLACES = (
    "上海 江苏南京 江苏苏州 浙江杭州 浙江宁波 安徽合肥 福建福州 江西南昌 山东济南 河南郑州 湖北武汉 湖南长沙 广东广州 "
    "广东深圳 重庆 四川成都 陕西西安"
).split()
ROADS = "人民路 中山北路 延安西路 天目西路 共和新路 大宁路 江宁路 武宁南路 愚园路 长寿路".split()
TITLES = (
    "董事长 总经理 副总经理 财务总监 工程师 高级工程师 教授 副教授 主任医师 律师 合伙人 主任 科长 校长 经理 研究员"
).split()
FIRMS = "科技有限公司 贸易有限公司 实业有限公司 文化传播有限公司 律师事务所 医院 中学 研究所".split()
FURTHER_CHARACTERS = (
    "梓涵子轩雨欣思远嘉怡浩然诗琪一诺文博宏伟晓东志强国栋春梅秋菊丽娟海燕永福德胜玉兰家豪俊杰"
)
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
DAYS = 22600
FIRST_BIRTH, LAST_JOINED = dt.date(1940, 1, 1), dt.date(2025, 12, 31)


def _pools():
    from faker.providers.company.zh_CN import Provider as Company
    from faker.providers.person.zh_CN import Provider as Person

    given = {ch for name in (*Person.first_names_male, *Person.first_names_female) for ch in name}
    return (
        list(Person.last_names.keys()),
        list(Person.last_names.values()),
        sorted(given | set(FURTHER_CHARACTERS)),
        list(Company.company_prefixes),
    )


def bodies(n):
    """Branches: 12 for a district, up to 400 for a province."""
    return [f"第{i + 1:03d}支会" for i in range(12 if n <= 1000 else 60 if n <= 20000 else 400)]


def check_digit(body):
    return "10X98765432"[sum(int(c) * w for c, w in zip(body, WEIGHTS, strict=True)) % 11]


def mobile(r):
    return f"1{r.choice('3578')}{r.randrange(10)}0000{r.randrange(10**4):04d}"


def joined(r, birth):
    first = max(dt.date(1985, 1, 1), birth + dt.timedelta(days=6600))
    return first + dt.timedelta(days=r.randrange((LAST_JOINED - first).days))


def rows(n, seed=20260101, change=0.0):
    """The rows as lists of text and dates, in the order of COLUMNS; `change` percent of them edited."""
    last, weights, given, firms = _pools()
    surnames = random.Random(seed).choices(last, weights, k=4096)
    branches = bodies(n)
    for i in range(n):
        r = random.Random(seed * 1_000_003 + i)
        sex = "男" if r.random() < 0.55 else "女"
        name = surnames[r.randrange(4096)] + "".join(r.choices(given, k=1 if r.random() < 0.16 else 2))
        # area and serial walk with i; whoever gets the same again is born on another day, so that numbers never repeat
        turn, place = divmod(i, 500 * len(AREAS))
        first_day = random.Random(f"{seed} {place}").randrange(DAYS)
        birth = FIRST_BIRTH + dt.timedelta(days=(first_day + 7919 * turn) % DAYS)
        serial = place // len(AREAS) * 2 + (1 if sex == "男" else 0)
        body = f"{AREAS[i % len(AREAS)]}{birth:%Y%m%d}{serial:03d}"
        row = [
            f"M{i + 1:07d}",
            name,
            sex,
            body + check_digit(body),
            birth,
            r.choice(ETHNIC),
            r.choice(PLACES),
            r.choice(POLITICAL),
            r.choice(EDUCATION),
            CATEGORIES[min(3, int(r.random() ** 2 * 4))],
            branches[r.randrange(len(branches))],
            r.choice(PLACES)[:2] + r.choice(firms) + r.choice(given) + r.choice(FIRMS),
            r.choice(TITLES),
            mobile(r),
            f"m{i + 1}@example.org",
            f"{r.choice(PLACES)}市{r.choice(ROADS)}{r.randrange(1, 2000)}号"
            f"{r.randrange(1, 30)}幢{r.randrange(101, 2900)}室",
            f"{r.randrange(200000, 202200)}",
            joined(r, birth),
            STATUS[0] if r.random() < 0.88 else r.choice(STATUS[1:]),
            "" if r.random() < 0.8 else "历届代表；" + r.choice(TITLES),
        ]
        if change and r.random() * 100 < change:
            row[FIELDS.index("phone")] = mobile(r)
            row[FIELDS.index("employer")] += "（新）"
            row[FIELDS.index("title")] = r.choice(TITLES) + "（代）"
        yield row


def write(path, n, change=0.0, free=False):
    """Write the roster of `n` rows to `path`, its kind told by the ending."""
    people = rows(n, change=change)
    if free:
        people = ([FREE.get(cell, cell) for cell in row] for row in people)
    kind = str(path).rsplit(".", 1)[1]
    {"csv": write_csv, "xls": write_xls, "xlsx": write_xlsx}[kind](str(path), people)


def write_csv(path, people):
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([c.isoformat() if isinstance(c, dt.date) else c for c in row] for row in people)


def write_xls(path, people):
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("名册")
    day = xlwt.easyxf(num_format_str="yyyy-mm-dd")
    for j, header in enumerate(COLUMNS):
        sheet.write(0, j, header)
    for i, row in enumerate(people, 1):
        for j, cell in enumerate(row):
            sheet.write(i, j, cell, *([day] if j in DATES else []))
    book.save(path)


def write_xlsx(path, people):
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("名册")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, COLUMNS)
    for i, row in enumerate(people, 1):
        for j, cell in enumerate(row):
            if j in DATES:
                sheet.write_datetime(i, j, cell, day)
            elif cell:
                sheet.write_string(i, j, cell)
    book.close()


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("n", type=int)
    parser.add_argument("out")
    parser.add_argument("--change", type=float, default=0.0, help="percent of rows edited")
    parser.add_argument(
        "--free", action="store_true", help="categories and states in words that are not of our lists"
    )
    args = parser.parse_args()
    write(args.out, args.n, args.change, args.free)


if __name__ == "__main__":
    main()
