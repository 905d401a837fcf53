"""The fields a roster may hold: keys, standard headers, lengths, kinds of value, words for them in headers.

The headers are a file format, not interface text, and therefore not translated. Words are written as
`text.squeeze` leaves them: simplified, without blanks, English in lower case. Sources of the words: forms and
systems of the united front, civil affairs and professional societies, as collected for this registry.
"""

from dataclasses import dataclass

from members.roster.text import words


@dataclass(frozen=True, slots=True)
class Field:
    key: str
    header: str
    """What the export writes and the template shows."""
    max_length: int
    kind: str
    """How cells are read; `values.READERS` has a reader for each."""
    synonyms: tuple[str, ...] = ()
    """Headers that mean this field and nothing else."""
    loose: tuple[str, ...] = ()
    """Headers that mean it unless another column says so more clearly, or the cells under them say otherwise."""


def _field(key, header, max_length, kind, synonyms="", loose=""):
    return Field(key, header, max_length, kind, tuple(synonyms.split()), tuple(loose.split()))


FIELDS = (
    _field(
        "number",
        "会员编号",
        50,
        "text",
        "会员证号 会员号 会员证编号 会员证号码 会员号码 会员代码 会籍编号 入会编号 会员卡号 会员id 会员序号 "
        "memberno memberno. membernumber memberid memberno号 membershipno membershipnumber membershipno.",
        "编号 证号",
    ),
    _field(
        "name",
        "姓名",
        100,
        "name",
        "名字 会员姓名 委员姓名 人员姓名 中文姓名 真实姓名 本人姓名 代表姓名 理事姓名 成员姓名 会员名字 "
        "姓名全称 "
        "参会人员姓名 参会人姓名 参加人员姓名 人士姓名 人选姓名 个人姓名 申请人姓名 被推荐人姓名 "
        "报名人姓名 会员名 "
        "姓名中文 姓民 性名 "
        "name fullname membername chinesename nameofmember",
        "申请人 参会人员 参加人员 被推荐人 会员",
    ),
    _field(
        "former_name",
        "曾用名",
        100,
        "name",
        "曾用姓名 原名 原用名 曾用名字 formername previousname",
    ),
    _field("sex", "性别", 1, "sex", "男/女 男女 性別 姓别 性别男/女 sex gender"),
    _field(
        "birth",
        "出生年月",
        10,
        "birth",
        "出生日期 出生时间 出生年月日 生日 出生 出身年月 出生年份 出生月日 出生年 诞生日期 出生年月时间 "
        "生年月日 出生曰期 "
        "出身日期 出生年月份 出生 birth birthday birthdate dateofbirth dob born 出生的年月 出生日",
    ),
    _field(
        "ethnicity",
        "民族",
        20,
        "ethnicity",
        "名族 族别 族 民簇 民组 民族成份 民族成分 族群 ethnicity ethnicgroup ethnic",
    ),
    _field(
        "native_place",
        "籍贯",
        100,
        "text",
        "藉贯 籍惯 祖籍 籍贯省市 籍贯所在地 nativeplace placeoforigin hometown",
    ),
    _field(
        "political_status",
        "政治面貌",
        20,
        "party",
        "党派 所属党派 党派名称 政治面目 政治面膜 政治面貎 正治面貌 政治身份 党派情况 所在党派 参加党派 "
        "第一党派 党派政治面貌 "
        "政治面貌党派 党派归属 民主党派 面貌 政治面貌情况 "
        "politicalstatus politicalaffiliation party partyaffiliation politicalparty politicaloutlook",
    ),
    _field(
        "second_party",
        "第二党派",
        20,
        "second_party",
        "第二党派名称 交叉党派 其他党派 secondparty",
    ),
    _field(
        "party_joined",
        "加入党派时间",
        10,
        "date",
        "入党时间 入党派时间 入党日期 加入党派日期 入党年月 加入中共时间 加入中国共产党时间 参加党派时间 "
        "入党派日期 党派加入时间 "
        "入党团时间 第一党派加入时间 加入党派年月 入党/派时间 入党或加入民主党派时间 "
        "加入民主党派时间 入盟时间 "
        "partyjoined datejoinedparty",
    ),
    _field(
        "education",
        "学历",
        20,
        "education",
        "文化程度 最高学历 最后学历 教育程度 学历层次 文化水平 文化 学厉 受教育程度 现有学历 目前学历 "
        "最高文化程度 学历情况 "
        "学历程度 学历水平 最高学历层次 教育水平 education educationlevel educationallevel "
        "levelofeducation highesteducation",
    ),
    _field(
        "degree",
        "学位",
        100,
        "degree",
        "最高学位 所获学位 学位名称 最后学位 学位类别 获得学位 学位情况 最高学位名称 degree "
        "academicdegree highestdegree",
    ),
    _field(
        "school",
        "毕业院校",
        200,
        "text",
        "毕业学校 毕业院校名称 毕业学校名称 院校 学校 毕业于 就读院校 院校名称 学校名称 毕业院系 "
        "毕业大学 毕业院校系 最高学历毕业院校 "
        "最高学历毕业学校 最后毕业院校 毕业校 最高学历院校 school university college graduatedfrom "
        "almamater graduateschool",
    ),
    _field(
        "major",
        "专业",
        200,
        "text",
        "所学专业 毕业专业 主修专业 学历专业 所学专业名称 专业名称 学习专业 就读专业 最高学历专业 "
        "系及专业 系专业 所读专业 院系专业 "
        "major specialty fieldofstudy",
    ),
    _field("full_time_education", "全日制学历", 20, "education", "全日制教育学历 全日制最高学历"),
    _field("full_time_degree", "全日制学位", 100, "degree", "全日制教育学位 全日制最高学位"),
    _field(
        "full_time_school",
        "全日制毕业院校系及专业",
        400,
        "text",
        "全日制毕业院校及专业 全日制毕业院校 全日制毕业院校专业 全日制院校及专业 全日制毕业学校及专业 "
        "全日制教育毕业院校系及专业 "
        "全日制教育毕业院校及专业 全日制毕业院校系专业 全日制毕业学校 全日制院校 全日制毕业院校、专业",
    ),
    _field("in_service_education", "在职学历", 20, "education", "在职教育学历 在职最高学历"),
    _field("in_service_degree", "在职学位", 100, "degree", "在职教育学位 在职最高学位"),
    _field(
        "in_service_school",
        "在职毕业院校系及专业",
        400,
        "text",
        "在职毕业院校及专业 在职毕业院校 在职毕业院校专业 在职院校及专业 在职毕业学校及专业 "
        "在职教育毕业院校系及专业 "
        "在职教育毕业院校及专业 在职毕业院校系专业 在职毕业学校 在职院校 在职毕业院校、专业",
    ),
    _field(
        "title",
        "职称",
        200,
        "text",
        "专业技术职务 专业技术职称 技术职称 技术职务 职称名称 专业职称 现有职称 专业技术职务名称 "
        "专业技术资格 职称情况 最高职称 "
        "专业技术任职资格 专技职务 专业技术职务任职资格 职务职称名称 具有职称 评定职称 "
        "professionaltitle technicaltitle academictitle",
    ),
    _field(
        "title_level",
        "职称级别",
        10,
        "title_level",
        "职称等级 专业技术职务级别 专业技术职称级别 技术职称级别 职称层次 职称级 专业技术等级 titlelevel",
        "级别 技术等级 技术级别",
    ),
    _field(
        "qualification",
        "执业资格",
        200,
        "text",
        "职业资格 执业资格证书 职业资格证书 资格证书 执业证书 执业（职业）资格 执业证 从业资格 "
        "职业资格名称 执业资格名称 执业资质 "
        "职业（执业）资格 资格证 证书名称 资格证书名称 从业资格证 执（职）业资格 执业职业资格 职业执业资格 "
        "qualification qualifications licence license certificate",
    ),
    _field(
        "employer",
        "工作单位",
        200,
        "text",
        "单位 所属单位 所在单位 现工作单位 单位名称 工作单位名称 现单位 现任单位 任职单位 就职单位 "
        "服务单位 供职单位 所在企业 "
        "所在公司 公司名称 企业名称 公司 企业 律所名称 机构名称 执业机构 所在律所 所在机构 工作机构 "
        "从业单位 工作单位全称 单位全称 "
        "所在工作单位 目前工作单位 现在工作单位 工做单位 现工作单位名称 所在单位名称 创办机构名称 "
        "执业机构名称 就业单位 工作单位/住址 "
        "employer company companyname organization organisation workunit employername workplace unit "
        "companyororganization",
    ),
    _field(
        "position",
        "职务",
        200,
        "text",
        "工作职务 单位职务 所属单位职务 现任职务 行政职务 所任职务 单位及部门职务 所在单位职务 岗位 职位 "
        "工作岗位 现职务 现职 "
        "任职岗位 担任单位职务 职物 单位任职 所在单位担任职务 企业职务 部门职务 部门及职务 现任工作职务 "
        "部门/职务 "
        "position jobtitle post role",
    ),
    _field(
        "employer_kind",
        "单位性质",
        100,
        "text",
        "单位类型 企业性质 单位类别 机构性质 单位属性 企业类型 单位所有制性质 工作单位性质 公司性质 "
        "机构类型 所在单位性质 "
        "employerkind employertype companytype natureofemployer",
    ),
    _field(
        "employer_uscc",
        "统一社会信用代码",
        18,
        "credit_code",
        "社会信用代码 统一信用代码 登记证号 信用代码 统一社会信用代码证号 单位统一社会信用代码 "
        "统一社会信用代码号 单位信用代码 "
        "企业统一社会信用代码 统一社会信用代码/登记证号 uscc unifiedsocialcreditcode creditcode",
    ),
    _field(
        "category",
        "所属类别",
        40,
        "category",
        "新的社会阶层 新的社会阶层类别 新的社会阶层人士类别 社会阶层类别 新阶层类别 阶层类别 所属阶层 "
        "所属阶层类别 新阶层人士类别 "
        "新的社会阶层人士所属类别 新的社会阶层所属类别 所属新的社会阶层类别 "
        "类别名称 新的社会阶层人士分类 "
        "所属领域类别 新的社会阶层分类 所属类型 category",
        "类别 人员类别 人士类别 群体类别 所属群体 界别 会员类别 人员类型 分类 类型 所属界别 所属领域",
    ),
    _field(
        "occupation",
        "职业",
        100,
        "text",
        "从事职业 现从事职业 职业名称 职业身份 目前职业 从业职业 从事的职业 职业工种 occupation profession",
    ),
    _field(
        "mobile",
        "手机",
        30,
        "mobile",
        "手机号 手机号码 移动电话 移动电话号码 本人手机 手机电话 联系手机 个人手机 手机号玛 常用手机 "
        "常用手机号 联系手机号 本人手机号码 "
        "手机联系方式 移动手机 手机1 手机号1 手机号码1 手机/微信 手机微信 手机微信同号 "
        "mobile mobilephone mobileno mobileno. mobilenumber cellphone cell cellphonenumber mobilephonenumber",
        "联系电话 电话 联系方式 电话号码 联系号码 联络电话 联络方式 联系电话号码 本人电话 连系电话 "
        "本人联系电话 本人联系方式 通讯方式 "
        "联系电话手机 电话手机 联系电话1 个人电话 电话/手机 手机/电话 手机或电话 联糸电话 联系方法 通信方式 "
        "phone phonenumber telephone tel tel. contactnumber contactphone contact phoneno phoneno. "
        "telephonenumber contactno",
    ),
    _field(
        "second_mobile",
        "备用手机",
        30,
        "second_mobile",
        "备用手机号 备用电话 第二手机 其他手机 备用联系电话 备用手机号码 备用号码 手机2 手机号2 "
        "手机号码2 联系电话2 第二联系电话 "
        "备用联系方式 其他联系电话 secondmobile othermobile",
    ),
    _field(
        "office_phone",
        "办公电话",
        40,
        "office_phone",
        "单位电话 办公室电话 固定电话 座机 座机号码 办公电话号码 单位联系电话 固话 工作电话 单位座机 "
        "办公固话 公司电话 办公联系电话 "
        "officephone officetel officetelephone workphone businessphone landline",
    ),
    _field(
        "email",
        "邮箱",
        254,
        "email",
        "email e-mail 电子邮件 电子邮箱 邮箱地址 电子邮件地址 电子信箱 信箱 电邮 常用邮箱 电子邮箱地址 "
        "邮件 邮件地址 联系邮箱 个人邮箱 "
        "emailaddress e-mailaddress mail",
    ),
    _field(
        "wechat",
        "微信号",
        100,
        "text",
        "微信 微信号码 微信账号 个人微信 微信id 微信帐号 本人微信 wechat wechatid weixin",
    ),
    _field(
        "id_kind",
        "证件类型",
        20,
        "id_kind",
        "证件种类 证件类别 身份证件类型 身份证件种类 有效证件类型 证件名称 idtype idkind typeofid "
        "documenttype",
    ),
    _field(
        "id_number",
        "证件号码",
        30,
        "id_number",
        "身份证号 身份证号码 身份证 公民身份号码 公民身份证号 公民身份证号码 证件号 身份证件号码 "
        "居民身份证号 居民身份证号码 身分证号 "
        "身分证号码 有效证件号码 身份证件号 居民身份证 身份号码 二代身份证号码 身份证号/护照号 "
        "身份证号码护照号码 身份证编号 "
        "身份证或护照号码 有效身份证件号码 本人身份证号 本人身份证号码 身份证证号 身份证号玛 "
        "idnumber idno idno. idcard idcardnumber identitynumber idcardno idcardno. nationalid passportno "
        "passportnumber citizenid",
    ),
    _field(
        "address",
        "通讯地址",
        300,
        "text",
        "通信地址 联系地址 邮寄地址 通讯住址 详细通讯地址 收件地址 address mailingaddress contactaddress",
        "家庭住址 家庭地址 租住地址 经营地址 住址 现住址 居住地址 地址 现居住地址 居住地 家庭详细住址 "
        "常住地址 "
        "现居住地 住所 详细地址 现家庭住址 家庭住址详细 homeaddress",
    ),
    _field(
        "township",
        "所属镇街",
        100,
        "text",
        "镇街 街道 所在镇街 街镇 所属街道 所属街镇 所在街道 镇街道 街道镇 乡镇街道 所属乡镇 乡镇 "
        "乡镇/街道 街道/乡镇 镇/街道 街道/镇 "
        "镇（街道） 所在乡镇 所在街镇 所属镇 所属乡镇街道 所属镇街道 所在乡镇街道 所在地镇街 镇、街道 "
        "街道、镇 镇街名称 township subdistrict town",
        "所属片区 所属社区 片区",
    ),
    _field(
        "work_started",
        "参加工作时间",
        10,
        "date",
        "参加工作日期 参加工作年月 参工时间 参加工作 开始工作时间 工作起始时间 参加工作年份 "
        "参加工作的时间 参工年月 首次工作时间 "
        "workstarted startedwork dateofemployment",
    ),
    _field(
        "social_posts",
        "社会职务",
        4000,
        "lines",
        "社会兼职 其他社会职务 兼职其他校外职务 兼职 社会任职 主要社会职务 社会兼职情况 社会职务情况 "
        "主要社会兼职 其他社会兼职 社会职务兼职 "
        "社会团体职务 社会兼职职务 担任社会职务 socialposts socialpositions publicposts",
    ),
    _field(
        "honours",
        "荣誉",
        4000,
        "lines",
        "获奖表彰 荣誉称号 获奖情况 所获荣誉 表彰奖励 奖惩情况 获得荣誉 奖励情况 荣誉奖励 获奖荣誉 "
        "主要荣誉 荣誉情况 获奖及荣誉 受表彰情况 "
        "曾获荣誉 所获奖项 获奖 表彰情况 获得奖项 荣誉及奖励 主要获奖情况 获奖励情况 奖惩 荣誉表彰 "
        "获得荣誉情况 "
        "honours honors awards honoursandawards",
    ),
    _field(
        "association_posts",
        "会内职务",
        400,
        "posts",
        "担任职务 新联会职务 新专联职务 拟任职务 本会职务 会内任职 担任会内职务 在会内担任职务 "
        "会中职务 联合会职务 联谊会职务 "
        "新阶联职务 本会任职 理事会职务 拟任会内职务 会内职位 本会担任职务 在本会职务 "
        "在本会担任职务 会内身份 会内担任职务 "
        "拟担任职务 本届职务 新联会内职务 associationposts associationpost associationposition",
    ),
    _field(
        "joined",
        "入会时间",
        10,
        "date",
        "入会日期 入会年月 加入本会时间 加入协会时间 加入新联会时间 加入新专联时间 入会年份 加入本会日期 "
        "批准入会时间 批准入会日期 "
        "入会批准时间 加入联合会时间 加入联谊会时间 joined joindate datejoined joineddate membersince "
        "joiningdate dateofjoining",
    ),
    _field(
        "status",
        "会员状态",
        10,
        "status",
        "状态 会籍状态 会员资格状态 当前状态 在册状态 会员现状 会籍情况 status memberstatus membershipstatus",
    ),
    _field(
        "remarks",
        "备注",
        4000,
        "text",
        "备柱 备住 备 备注说明 备注情况 附注 其他备注 remarks remark notes note comments comment",
        "其他 其它 其他说明 其他需要说明的情况 其他需要说明的事项 需要说明的情况 其他情况 注 说明",
    ),
)
FIELD = {field.key: field for field in FIELDS}
HEADERS = {field.key: field.header for field in FIELDS}

# The order in which a fused column's parts belong: the first field takes what cannot be divided.
FUSED_WORDS = {
    ("employer", "position"): (
        "工作单位及职务 单位及职务 单位+职务 现工作单位及职务 创办机构名称及职务 工作单位职务 "
        "工作单位和职务 工作单位与职务 工作单位/职务 "
        "工作单位、职务 单位、职务 单位/职务 单位和职务 单位与职务 现任工作单位及职务 现单位及职务 "
        "所在单位及职务 工作单位及岗位 "
        "工作单位及职位 单位及岗位 单位及职位 工作单位及现任职务 任职单位及职务 现工作单位和职务 "
        "工作单位及担任职务 单位名称及职务 "
        "工作单位(职务) 单位(职务) 工作单位+职务 现工作单位、职务 所在单位职务情况 工作单位、职务 "
        "单位名称职务 公司及职务 企业及职务 "
        "机构名称及职务 所属单位及职务 工作单位及行政职务 单位及行政职务 employerandposition "
        "companyandposition employer/position "
        "工作单位及职务职称 现工作单位/职务 单位职务职称 就职单位及职务 服务单位及职务 律所及职务 "
        "工作单位名称及职务 现任单位及职务 "
        "工作单位以及职务 单位兼职务"
    ),
    ("education", "degree"): (
        "学历学位 学历/学位 学历及学位 学历、学位 学历和学位 学历与学位 学历(学位) 最高学历学位 "
        "最高学历及学位 最高学历/学位 最高学历、学位 "
        "文化程度及学位 学历+学位 学历学位情况 文化程度(学位) 文化程度/学位 educationanddegree "
        "education/degree"
    ),
    ("school", "major"): (
        "毕业院校及专业 毕业学校及专业 毕业院校系及专业 毕业院校/专业 毕业院校、专业 毕业院校专业 "
        "毕业学校专业 院校及专业 毕业院校和专业 "
        "毕业院校与专业 毕业院校及所学专业 毕业学校/专业 学校及专业 毕业院校系专业 毕业院校、系及专业 "
        "毕业院校(专业) 院校专业 毕业学校、专业 "
        "毕业学校和专业 毕业院校+专业 毕业院校及系专业 学校专业 毕业院校、系、专业 毕业院系及专业 "
        "毕业学校及所学专业 最高学历毕业院校及专业 "
        "毕业院校所学专业 schoolandmajor school/major 毕业院校系别及专业 毕业院校系及所学专业"
    ),
    ("political_status", "party_joined"): (
        "政治面貌及加入时间 第一党派及加入时间 党派及加入时间 政治面貌及入党时间 政治面貌/加入时间 "
        "政治面貌(加入时间) 所属党派及加入时间 "
        "政治面貌及时间 党派及时间 政治面貌、加入时间 入党(派)及时间 政治面貌和加入时间 "
        "政治面貌及加入党派时间 政治面貌入党时间"
    ),
    ("second_party", ""): "第二党派及加入时间 第二党派及时间 交叉党派及加入时间",
    (
        "title",
        "title_level",
    ): "职称及级别 职称/级别 职称(级别) 职称及等级 职称名称及级别 职称、级别 职称和级别",
    ("full_time_education", "full_time_degree"): (
        "全日制学历学位 全日制教育 全日制学历/学位 全日制学历及学位 全日制学历、学位 全日制"
    ),
    ("in_service_education", "in_service_degree"): (
        "在职学历学位 在职教育 在职学历/学位 在职学历及学位 在职学历、学位"
    ),
}

# 是否中共党员 tells of members of two parties: “yes” is a second party.
CPC_QUESTIONS = frozenset(words("是否中共党员 是否中共党员(交叉) 是否党员 是否为中共党员"))

# What our error sheet adds to a workbook: a column, and at the end a sheet that is known by its first cell.
REMARKS = "问题"
DOUBTS = "待核对清单"
DOUBTS_TITLE = "待核对清单（由系统生成，重新导入时不读取本表）"

# Columns that count or follow from others, and the one our error sheet adds: known, and left out without a word.
IGNORED = frozenset(
    words(
        "序号 序 序列 序列号 排序 行号 项次 no no. 号 次序 顺序 顺序号 序数 # 编次 s/n sn index 总序号 "
        "分序号 "
        "年龄 岁数 周岁 实足年龄 年龄岁 现年 实龄 当前年龄 年纪 age ages 年岁 问题"
    )
)
