"""Lists of values a member record may hold.

The stored value of each choice is the Chinese text that rosters, exports and screens show; the label is its
English name. The tables beside the lists give the codes of the national standards by value.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Sex(TextChoices):
    MALE = "男", pgettext_lazy("sex", "Male")
    FEMALE = "女", pgettext_lazy("sex", "Female")


# GB/T 2261.1-2003; 0 (not known) and 9 (not stated) stand for an empty value.
SEX_CODES = {Sex.MALE.value: "1", Sex.FEMALE.value: "2"}


class Ethnicity(TextChoices):
    """The 56 groups of GB/T 3304-1991 in the order of their codes; then two entries of identity cards."""

    HAN = "汉族", pgettext_lazy("ethnic group", "Han")
    MONGOL = "蒙古族", pgettext_lazy("ethnic group", "Mongol")
    HUI = "回族", pgettext_lazy("ethnic group", "Hui")
    TIBETAN = "藏族", pgettext_lazy("ethnic group", "Tibetan")
    UYGHUR = "维吾尔族", pgettext_lazy("ethnic group", "Uyghur")
    MIAO = "苗族", pgettext_lazy("ethnic group", "Miao")
    YI = "彝族", pgettext_lazy("ethnic group", "Yi")
    ZHUANG = "壮族", pgettext_lazy("ethnic group", "Zhuang")
    BUYEI = "布依族", pgettext_lazy("ethnic group", "Buyei")
    KOREAN = "朝鲜族", pgettext_lazy("ethnic group", "Korean")
    MANCHU = "满族", pgettext_lazy("ethnic group", "Manchu")
    DONG = "侗族", pgettext_lazy("ethnic group", "Dong")
    YAO = "瑶族", pgettext_lazy("ethnic group", "Yao")
    BAI = "白族", pgettext_lazy("ethnic group", "Bai")
    TUJIA = "土家族", pgettext_lazy("ethnic group", "Tujia")
    HANI = "哈尼族", pgettext_lazy("ethnic group", "Hani")
    KAZAKH = "哈萨克族", pgettext_lazy("ethnic group", "Kazakh")
    DAI = "傣族", pgettext_lazy("ethnic group", "Dai")
    LI = "黎族", pgettext_lazy("ethnic group", "Li")
    LISU = "傈僳族", pgettext_lazy("ethnic group", "Lisu")
    WA = "佤族", pgettext_lazy("ethnic group", "Wa")
    SHE = "畲族", pgettext_lazy("ethnic group", "She")
    GAOSHAN = "高山族", pgettext_lazy("ethnic group", "Gaoshan")
    LAHU = "拉祜族", pgettext_lazy("ethnic group", "Lahu")
    SUI = "水族", pgettext_lazy("ethnic group", "Sui")
    DONGXIANG = "东乡族", pgettext_lazy("ethnic group", "Dongxiang")
    NAXI = "纳西族", pgettext_lazy("ethnic group", "Naxi")
    JINGPO = "景颇族", pgettext_lazy("ethnic group", "Jingpo")
    KYRGYZ = "柯尔克孜族", pgettext_lazy("ethnic group", "Kyrgyz")
    TU = "土族", pgettext_lazy("ethnic group", "Tu")
    DAUR = "达斡尔族", pgettext_lazy("ethnic group", "Daur")
    MULAO = "仫佬族", pgettext_lazy("ethnic group", "Mulao")
    QIANG = "羌族", pgettext_lazy("ethnic group", "Qiang")
    BLANG = "布朗族", pgettext_lazy("ethnic group", "Blang")
    SALAR = "撒拉族", pgettext_lazy("ethnic group", "Salar")
    MAONAN = "毛南族", pgettext_lazy("ethnic group", "Maonan")
    GELAO = "仡佬族", pgettext_lazy("ethnic group", "Gelao")
    XIBE = "锡伯族", pgettext_lazy("ethnic group", "Xibe")
    ACHANG = "阿昌族", pgettext_lazy("ethnic group", "Achang")
    PUMI = "普米族", pgettext_lazy("ethnic group", "Pumi")
    TAJIK = "塔吉克族", pgettext_lazy("ethnic group", "Tajik")
    NU = "怒族", pgettext_lazy("ethnic group", "Nu")
    UZBEK = "乌孜别克族", pgettext_lazy("ethnic group", "Uzbek")
    RUSSIAN = "俄罗斯族", pgettext_lazy("ethnic group", "Russian")
    EVENKI = "鄂温克族", pgettext_lazy("ethnic group", "Evenki")
    DEANG = "德昂族", pgettext_lazy("ethnic group", "De’ang")
    BONAN = "保安族", pgettext_lazy("ethnic group", "Bonan")
    YUGUR = "裕固族", pgettext_lazy("ethnic group", "Yugur")
    GIN = "京族", pgettext_lazy("ethnic group", "Gin")
    TATAR = "塔塔尔族", pgettext_lazy("ethnic group", "Tatar")
    DERUNG = "独龙族", pgettext_lazy("ethnic group", "Derung")
    OROQEN = "鄂伦春族", pgettext_lazy("ethnic group", "Oroqen")
    HEZHEN = "赫哲族", pgettext_lazy("ethnic group", "Hezhen")
    MONBA = "门巴族", pgettext_lazy("ethnic group", "Monba")
    LHOBA = "珞巴族", pgettext_lazy("ethnic group", "Lhoba")
    JINO = "基诺族", pgettext_lazy("ethnic group", "Jino")
    OTHER = "其他", pgettext_lazy("ethnic group", "Other")
    FOREIGN_DESCENT = "外国血统中国籍人士", _("Chinese citizen of foreign descent")


# GB/T 3304-1991: 01–56 in the order above; 97 and 98 are extensions of identity-card tables, outside the 56.
ETHNICITY_CODES = {value: f"{number:02}" for number, value in enumerate(Ethnicity.values[:56], 1)} | {
    Ethnicity.OTHER.value: "97",
    Ethnicity.FOREIGN_DESCENT.value: "98",
}
# What statistics count as 少数民族: codes 02–56 of GB/T 3304.
MINORITIES = frozenset(Ethnicity.values[1:56])


class PoliticalStatus(TextChoices):
    """The everyday names of GB/T 4762-1984, in the order of its codes."""

    CPC = "中共党员", _("CPC member")
    CPC_PROBATIONARY = "中共预备党员", _("CPC probationary member")
    YOUTH_LEAGUE = "共青团员", _("Communist Youth League member")
    RCCK = "民革党员", _("RCCK member")
    CDL = "民盟盟员", _("China Democratic League member")
    CNDCA = "民建会员", _("CNDCA member")
    CAPD = "民进会员", _("CAPD member")
    CPWDP = "农工党党员", _("CPWDP member")
    ZHI_GONG = "致公党党员", _("China Zhi Gong Party member")
    JIUSAN = "九三学社社员", _("Jiusan Society member")
    TDSL = "台盟盟员", _("TDSL member")
    NON_PARTISAN = "无党派人士", _("Person without party affiliation")
    MASSES = "群众", pgettext_lazy("political status", "Citizen outside any party")


# GB/T 4762-1984: code 01–13 and the name in the standard, by everyday name.
POLITICAL_STATUS_CODES = {value: f"{number:02}" for number, value in enumerate(PoliticalStatus.values, 1)}
POLITICAL_STATUS_STANDARD_NAMES = {
    PoliticalStatus.CPC.value: "中国共产党党员",
    PoliticalStatus.CPC_PROBATIONARY.value: "中国共产党预备党员",
    PoliticalStatus.YOUTH_LEAGUE.value: "中国共产主义青年团团员",
    PoliticalStatus.RCCK.value: "中国国民党革命委员会会员",
    PoliticalStatus.CDL.value: "中国民主同盟盟员",
    PoliticalStatus.CNDCA.value: "中国民主建国会会员",
    PoliticalStatus.CAPD.value: "中国民主促进会会员",
    PoliticalStatus.CPWDP.value: "中国农工民主党党员",
    PoliticalStatus.ZHI_GONG.value: "中国致公党党员",
    PoliticalStatus.JIUSAN.value: "九三学社社员",
    PoliticalStatus.TDSL.value: "台湾民主自治同盟盟员",
    PoliticalStatus.NON_PARTISAN.value: "无党派民主人士",
    PoliticalStatus.MASSES.value: "群众",
}
# What statistics count as members of the CPC (01, 02) and of the eight democratic parties (04–11).
CPC_MEMBERS = frozenset(PoliticalStatus.values[:2])
DEMOCRATIC_PARTIES = frozenset(PoliticalStatus.values[3:11])


class Education(TextChoices):
    DOCTORAL = "博士研究生", pgettext_lazy("education", "Doctoral studies")
    MASTER = "硕士研究生", pgettext_lazy("education", "Master’s studies")
    POSTGRADUATE = "研究生", pgettext_lazy("education", "Postgraduate studies")
    UNDERGRADUATE = "大学本科", pgettext_lazy("education", "Undergraduate studies")
    COLLEGE = "大学专科", pgettext_lazy("education", "Junior college")
    SECONDARY_SPECIALIZED = "中专", pgettext_lazy("education", "Secondary specialized school")
    VOCATIONAL = "职业高中", pgettext_lazy("education", "Vocational high school")
    TECHNICAL = "技工学校", pgettext_lazy("education", "Technical school")
    SENIOR_HIGH = "高中", pgettext_lazy("education", "Senior high school")
    JUNIOR_HIGH = "初中", pgettext_lazy("education", "Junior high school")
    PRIMARY = "小学", pgettext_lazy("education", "Primary school")
    OTHER = "其他", pgettext_lazy("education", "Other")


# GB/T 4658-2006, the code of "graduated"; 研究生 has only the code of the group.
EDUCATION_CODES = {
    Education.POSTGRADUATE.value: "10",
    Education.DOCTORAL.value: "11",
    Education.MASTER.value: "14",
    Education.UNDERGRADUATE.value: "21",
    Education.COLLEGE.value: "31",
    Education.SECONDARY_SPECIALIZED.value: "41",
    Education.VOCATIONAL.value: "44",
    Education.TECHNICAL.value: "47",
    Education.SENIOR_HIGH.value: "61",
    Education.JUNIOR_HIGH.value: "71",
    Education.PRIMARY.value: "81",
    Education.OTHER.value: "90",
}


class TitleLevel(TextChoices):
    """Levels of professional titles (职称级别); a licence to practise is not a title."""

    SENIOR = "正高级", pgettext_lazy("title level", "Full senior")
    ASSOCIATE_SENIOR = "副高级", pgettext_lazy("title level", "Associate senior")
    INTERMEDIATE = "中级", pgettext_lazy("title level", "Intermediate")
    JUNIOR = "初级", pgettext_lazy("title level", "Junior")
    NONE = "无", pgettext_lazy("title level", "None")


class Category(TextChoices):
    """The four kinds named in the United Front Work Regulations of the CPC (revised 2020)."""

    ENTERPRISE = (
        "民营企业和外商投资企业管理技术人员",
        _("Managers and technical staff of private and foreign-invested firms"),
    )
    ORGANIZATION = "中介组织和社会组织从业人员", _("Staff of intermediary and social organisations")
    FREELANCE = "自由职业人员", _("Freelancers")
    NEW_MEDIA = "新媒体从业人员", _("New-media workers")


# For columns of lists, where the full names would take half the screen.
CATEGORY_SHORT = {
    Category.ENTERPRISE.value: pgettext_lazy("category in short", "Managers, technicians"),
    Category.ORGANIZATION.value: pgettext_lazy("category in short", "Organisations"),
    Category.FREELANCE.value: pgettext_lazy("category in short", "Freelancers"),
    Category.NEW_MEDIA.value: pgettext_lazy("category in short", "New media"),
}
# Our own numbering: no standard has codes for the four kinds.
CATEGORY_CODES = {value: str(number) for number, value in enumerate(Category.values, 1)}


class IdKind(TextChoices):
    RESIDENT_CARD = "居民身份证", _("Resident identity card")
    HK_MACAO_RESIDENCE = "港澳居民居住证", _("Residence permit for Hong Kong and Macao residents")
    TAIWAN_RESIDENCE = "台湾居民居住证", _("Residence permit for Taiwan residents")
    FOREIGN_PERMANENT = "外国人永久居留身份证", _("Foreign permanent resident card")
    PASSPORT = "护照", _("Passport")
    OTHER = "其他", pgettext_lazy("kind of identity document", "Other")


class Status(TextChoices):
    """Where a member stands in the life cycle of membership (会员状态)."""

    APPLIED = "申请", pgettext_lazy("member status", "Applied")
    ACTIVE = "在册", pgettext_lazy("member status", "Registered")
    SUSPENDED = "停权", pgettext_lazy("member status", "Suspended")
    WITHDRAWN = "退会", pgettext_lazy("member status", "Withdrawn")
    EXPELLED = "除名", pgettext_lazy("member status", "Expelled")
    DECEASED = "去世", pgettext_lazy("member status", "Deceased")
    TRANSFERRED = "转出", pgettext_lazy("member status", "Transferred out")
