"""The words that say what a number is.

A cue is a word, the role it gives to numbers of some units, and how strongly. Signs in the tables:
S a share, M a multiple, Y money, P points, D days, H heads, G generations, R rounds, N what else
is counted, O an ordinal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.reading.base import Role
from model.reading.denials import listed


@dataclass(frozen=True)
class Cue:
    """One word for one role; ``before`` and ``after``: how much it weighs on either side."""

    word: str
    role: Role
    units: str
    before: float
    after: float


#: Role, units, weight in front of the number, weight behind it, words.
_ROWS: tuple[tuple[Role, str, float, float, str], ...] = (
    (
        "price",
        "Y",
        1.0,
        0.5,
        (
            "消费|购买|购物|下单|报单|订单|单价|售价|价格|成交|每成交|充值|充|花|买|买单|"
            "缴纳|交|支付|付|"
            "拍下|认购|满|起|付款|实付|拿货|进货|付费|每单消费|课程|商品|服务包"
        ),
    ),
    (
        "price",
        "Y",
        1.2,
        1.1,
        (
            "现售|做会员|成为会员|套餐|现价|到手价|活动价|会员价|优惠价|只需|仅需|只要|仅要|只卖|"
            "礼包|产品|会费|年费|门票|入场|入会|加入|投资|投入|入股|入门|投|包邮|购|客单价|总价|"
            "房价|车价|首单|储值|每人|大礼包|卡|配套|级别|档|订购|参与|存入|质押|staking|"
            "开通|激活|升级|"
            "区|报名|方案"
        ),
    ),
    (
        "price",
        "Y",
        1.2,
        1.0,
        (
            "stake|lock|spend|spending|spent|buy|buys|pay|price|purchase|package|packages|"
            "cost|costs|invest|"
            "investment|join|top up|entry|ticket|plan|plans|order|kit|starter|stake|membership|"
            "bundle|basket|per box|a box|buy-in|put in|for only|only"
        ),
    ),
    ("price", "Y", 1.0, 0.7, "学费|票价|租金|月租|费用|团费|拼团|房租|客单"),
    ("price", "Y", 0.4, 1.1, "一单|一套|每套|一份|每份|一盒|一件|一瓶|一箱|一斤|一次"),
    (
        "list_price",
        "Y",
        2.2,
        0.9,
        (
            "建议售价|建议价|市价|定价|市场价|市场零售价|原价|货值|要价|市面价|市面|吊牌价|"
            "零售价|价值|标价|"
            "专柜价|门市价|建议零售价|官方价|指导价|划线价|市场售价|市场参考价|list price|"
            "retail price|retail value|worth|valued at|market price|market value|original price|"
            "rrp|regular price|usually|normally"
        ),
    ),
    ("list_price", "Y", 1.2, 0.0, "was|formerly"),
    ("price", "Y", 1.2, 0.4, "now|首拍价|起拍价|首拍|起拍"),
    (
        "goods",
        "Y",
        2.4,
        0.6,
        (
            "别处|别家|别的店|其他店|超市|淘宝|拼多多|京东|外面|同款|菜市场|网购|elsewhere|"
            "supermarket|other shops|other stores|amazon|taobao|online shops"
        ),
    ),
    (
        "share",
        "S",
        1.5,
        1.3,
        (
            "奖金池|奖池|资金池|盈利池|分红池|底池|入池|进池|池子|流入池|资产池|沉淀池|奖励池|"
            "返现池|共享池|池|pool"
        ),
    ),
    (
        "share",
        "S",
        1.3,
        0.9,
        (
            "让利|拿出|营收|成交额|营业额|流水|销售额|利润|注入|沉淀|提取|set aside|sets aside|"
            "goes into|go into|of sales|turnover|of revenue|of every order|of each order|"
            "of every sale|of each sale|of the price"
        ),
    ),
    (
        "share",
        "S",
        1.0,
        0.8,
        (
            "业绩|进入|计入|投入|提拨|提列|拨出|划入|划出|拨入|基金|准备金|让出|加权|分给|贡献|"
            "新增业绩|全网业绩"
        ),
    ),
    (
        "multiple",
        "MS",
        1.4,
        1.4,
        (
            "出局|封顶|额度|上限|限额|返满|拿满|收益上限|forced out|cap|capped|quota|exit|exits|"
            "up to|maximum|ceiling"
        ),
    ),
    (
        "multiple",
        "MS",
        1.0,
        1.0,
        (
            "until you reach|until you have received|until it reaches|reach|reaches|total of|"
            "回馈|received|返还|返利|返现|返回|退还|退回|退|返|回|增值|升值|涨到|拿回|翻|最高|最多|"
            "领取|拿|赚|收益|回报|得到|回本|变|到手|赎回|兑现|出|return|returns|back|pays|paid|"
            "refund|refunded|earn|get|total|value|your money"
        ),
    ),
    (
        "gift",
        "MS",
        1.2,
        0.9,
        (
            "赠送|送|赠|等值|等额|积分|兑换|配送|配股|配|奖励积分|credited|as points|in points|"
            "points|gift|bonus|credit|tokens|coins"
        ),
    ),
    (
        "credit",
        "P",
        1.1,
        0.8,
        (
            "发|发放|派|赠送|送|赠|得|获得|获|返|奖励|领|领取|可得|拿|credited|get|receive|earn|"
            "bonus|gives|given|award|awarded|worth of|gets|receives|free"
        ),
    ),
    (
        "fee",
        "S",
        1.6,
        1.5,
        (
            "手续费|服务费|管理费|提现费|技术服务费|平台服务费|扣除|扣费|扣税|税费|损耗|滑点|"
            "点差|税|综合服务费|交易费|fee|fees|deducted|deduct|charge|charged|"
            "commission on withdrawals|withheld|tax|kept back"
        ),
    ),
    ("fee", "S", 1.1, 0.3, "penalty|违约金|收取|收|costs|cost|系统回收|回收"),
    ("fee", "S", 0.8, 0.3, "抽取|抽|手续"),
    (
        "fee",
        "S",
        1.1,
        0.9,
        (
            "提现|扣|提币|兑出|提取现金|卖出扣|变现|withdraw|withdrawal|withdrawals|cash out|"
            "cashing out"
        ),
    ),
    (
        "fee_sum",
        "Y",
        1.6,
        1.5,
        (
            "手续费|服务费|管理费|工本费|开户费|激活费|审核费|技术费|税费|每笔收|fee|fees|charge|"
            "charged"
        ),
    ),
    (
        "rate",
        "SM",
        1.4,
        1.3,
        (
            "年化|收益率|回报率|年收益|日产|产出|释放|日返|日息|日化|日收益|日利率|周息|月息|"
            "年息|静态收益|静态|利息|月利率|解冻|线性释放|利率|release|released|releases|"
            "interest|daily|yield|apy|apr|roi"
        ),
    ),
    (
        "rate",
        "S",
        0.9,
        0.9,
        (
            "返|返还|收益|分红|回报|返利|返现|增值|到账|领取|return|returns|paid|pays|earn|"
            "profit|dividend|back|income|credited|unlock|unlocked"
        ),
    ),
    (
        "lock",
        "D",
        1.5,
        1.2,
        (
            "锁定|锁仓|冻结|排队时间|等候时间|平均等待|average wait|等候|等待|封闭期|冷静期|"
            "持有|锁|锁定期|冻结期|等待期|封闭|观察期|"
            "质押|tied up|lock|locked|hold|held|wait|waiting|frozen|lock-in|lock-up|freeze|"
            "holding period|cooling"
        ),
    ),
    ("lock", "D", 0.6, 1.0, "后|之后|以后|后可|后才|期满|才能|方可|after|before you can|later"),
    (
        "term",
        "D",
        1.2,
        1.2,
        (
            "term|tenor|maturity|分期|返完|返还完|领完|释放完|释放完毕|拿完|有效期|任期|签约|"
            "合约|合同|时效|周期|"
            "工期|连续|为期|连返|回本|分|返清|合约期|合同期|到期|期限|理财期|共|领满|over|"
            "instalments|for the next|spread over|a term of|for a total of|duration|"
            "in full|paid back|your money back"
        ),
    ),
    ("term", "D", 0.7, 0.8, "返|返还|返现|出局|释放|完|赚|for|until|pays back|break even|release"),
    ("term", "R", 1.2, 1.0, "分期|期返|期返还|分|期|instalments|installments|equal payments"),
    (
        "arrival",
        "D",
        1.6,
        1.6,
        (
            "到账|到帐|入账|打款|审核|提现|到卡|结算|出款|到手|秒到|汇入|转账|提领|提款|arrive|"
            "arrives|arrival|paid out|settle|settled|settlement|processed|withdrawals|withdrawal|"
            "withdraw|land|reach your account|in your account"
        ),
    ),
    (
        "newcomers",
        "H",
        1.4,
        1.3,
        (
            "新进|新来|新加入|每来|每进|排队|公排|出局|出队|后面|推满|排满|进场|新增|后来|滑落|"
            "排到|满员|队列|再来|接下来|排单|behind|after you|queue|newcomers|come after|line|"
            "join after|new orders|later|next"
        ),
    ),
    ("newcomers", "N", 1.3, 0.8, "收满|后面|再卖|每卖出|新增|每满"),
    ("recruits", "H", 0.5, 1.0, "升级|晋升|升老板|成为老板|become|becomes|qualify|升"),
    (
        "recruits",
        "HN",
        1.4,
        0.7,
        (
            "推荐|直推|邀请|介绍|拉|发展|带|分享|邀|拉新|推|招募|招|转介绍|动员|介绍来|refer|"
            "invite|bring|bringing|recruit|introduce|sign up|referring|inviting|recruiting|find|"
            "enroll|sponsor|recruits|personally"
        ),
    ),
    (
        "commission",
        "S",
        1.5,
        1.2,
        (
            "介绍|介绍人|推荐人|finders|introducers|introducer|邀好友|邀|全组|小组|整组|直推|"
            "间推|推荐|"
            "推广|佣金|提成|团队|级差|平级|"
            "拉新|见点|对碰|管理奖|领导奖|伯乐|下级|下线|邀请|分润|直属|一级|二级|三级|推荐奖|"
            "每代|每级|每层|社群|动态|直推奖|间推奖|育成|孵化|绩效|referral|referrals|refer|"
            "recruit|"
            "recruits|commission|commissions|downline|team|invite|invitees|invitee|"
            "of what your|invited|generation|generations|"
            "affiliate|override|matching|sponsor|indirect|direct|level|levels|friends|tier|"
            "introduce"
        ),
    ),
    (
        "commission",
        "S",
        2.2,
        1.5,
        (
            "推荐的人消费|推荐的人|下级消费|好友消费|朋友消费|他们消费|直推消费|personal sales|"
            "their purchases|their spending|their deposits|friends spend|they spend|"
            "what they buy|their earnings|what your friends"
        ),
    ),
    ("commission", "S", 0.75, 0.4, "享受|享|拿|提|归你|归您|分得"),
    ("commission", "S", 1.0, 0.3, "直接|间接"),
    ("commission", "S", 1.3, 1.0, "好友|朋友"),
    (
        "commission",
        "S",
        0.9,
        0.8,
        (
            "分享|推|奖励|奖|好友|朋友|裂变|每人|他们消费|会员消费|拉来|带来|介绍来|拉|带|bonus|"
            "brings|bring|reward"
        ),
    ),
    (
        "recruit_sum",
        "Y",
        1.5,
        1.1,
        (
            "团长|每成一团|开团奖|卖一台|卖一套|卖一单|每卖一|卖出一|直推|间推|推荐|邀请|"
            "介绍|拉新|推荐奖|直推奖|间推奖|团队|见点奖|"
            "见点|对碰|层碰|下线|推荐一人|分享|推广|推一单|推一个|拉一个|拉一人|感恩奖|伯乐奖|"
            "管理奖|佣金|每推|级差|平级奖|每推荐|裂变|referral|refer|recruit|invite|invited|"
            "referring|inviting|each friend|per friend|recruits|recruiting|bring|brings|"
            "commission|downline|team"
        ),
    ),
    ("recruit_sum", "Y", 0.7, 0.6, "奖励|奖|好友|朋友|提成|bonus|friend|reward|friends"),
    ("pay", "Y", 1.5, 0.0, "日薪|日入|日赚|月入|月赚|日收|日领|日结|月领"),
    (
        "pay",
        "Y",
        1.5,
        1.1,
        (
            "工资|底薪|薪资|薪|每天领|任务|看广告|工钱|时薪|周薪|报酬|"
            "日结|津贴|收入|刷视频|点赞|每单佣金|单条|每条|看一条|一条广告|每条广告|每天收益|"
            "每天赚|每日收益|每天可得|salary|wage|wages|per task|per ad|per video|per click|"
            "each ad|each task"
        ),
    ),
    (
        "pay",
        "Y",
        0.9,
        0.6,
        "赚|领|补贴|返|得|返现|释放|收益|分红|earn|earns|make|makes|receive|paid|pays|pay|get",
    ),
    (
        "territory",
        "S",
        1.1,
        0.9,
        "区域|本市|全省|全县|县内|区内|本县|本区|辖区|district|city|province|area",
    ),
    ("territory", "Y", 0.9, 0.7, "代理|合伙人|agent|agents|partner"),
    (
        "territory",
        "Y",
        1.6,
        1.4,
        (
            "代理费|区代|市代|省代|县代|区县代理|市级代理|省级代理|城市合伙人|服务站|加盟|加盟费|"
            "运营中心|服务中心|区域|县级|市级|省级|独家|分公司|联创|agency|franchise|territory|"
            "distributor|regional|district|city|province|licence|license|exclusive"
        ),
    ),
    ("minimum", "P", 1.1, 0.4, "够|积分满|积分达|达标|累计"),
    (
        "minimum",
        "YPNH",
        1.6,
        1.5,
        (
            "业绩满|业绩达到|业绩达|累计满|累计达|月消费|不满|考核|团队业绩|月业绩|业绩需|"
            "起提|最低提现|提现门槛|可提现|起投|起购|需消费|"
            "须消费|维持|保级|最低|不低于|至少|门槛|起订|提现起点|才能提现|即可提现|可申请提现|"
            "起步|起充|满足|单笔最低|最少|起兑|minimum|at least|min|no less than|smallest|"
            "before you can withdraw|threshold|starting at|starting from"
        ),
    ),
    (
        "daily_cap",
        "YPNH",
        1.6,
        1.3,
        (
            "上限|封顶|最高|最多|不超过|up to|max|日封顶|每日上限|每天最多|每日最多|每日封顶|"
            "日上限|每天封顶|每天限|每日限|当天封顶|日收益上限|每日最高|每天最高|提现限额|"
            "提现上限|单日上限|单日提现上限|单日最高|单日最多|日限额|daily limit|daily cap|"
            "per day at most|a day at most|daily maximum|at most"
        ),
    ),
    ("point_value", "Y", 0.8, 0.4, "积分|绿宝|代币|通证|绿分|token|tokens|coin|points"),
    (
        "point_value",
        "Y",
        1.7,
        1.1,
        (
            "积分初始价|积分价值|积分价格|积分单价|每积分|初始价|发行价|开盘|开盘价|起始价|"
            "积分初始|"
            "积分起步价|币价|单枚|每枚|积分现价|兑换价|股价|one point|a point|started at|"
            "per point|point is worth|points are worth|price of a point|price per point|"
            "token price|launch price|initial price|each point|per token|per coin|each token|"
            "coin price"
        ),
    ),
    (
        "deposit",
        "Y",
        1.7,
        1.4,
        (
            "头期款|首付|首期款|押金|保证金|定金|订金|质押金|预付款|诚意金|履约金|预存|deposit|"
            "deposits|bond"
        ),
    ),
    ("levels", "G", 1.0, 1.0, "代|层|级|级分销|无限代|深度|generations|levels|tiers|layers|deep"),
    ("rounds", "R", 1.0, 1.2, "轮|轮次|成功|退出|众筹|循环|rounds|round|cycles"),
    (
        "group",
        "H",
        1.5,
        1.5,
        "一团|人团|成团|拼团|参团|一组|每团|开团|凑齐|拼购|group of|group|per group|teams of",
    ),
    (
        "winners",
        "H",
        0.6,
        1.7,
        (
            "有货|中奖|拼中|抽中|中签|得奖|中单|得货|得商品|中|win|wins|winner|winners|drawn|"
            "lucky|gets the goods|receive the goods"
        ),
    ),
    (
        "consolation",
        "SY",
        1.8,
        0.6,
        (
            "没货的|没货|没拿到的|没拿到|未中|不中|没中|未拼中|没拼中|没抽中|未中奖|其余|其他人|"
            "退款另|未中者|不中奖|没中的|losers|not drawn|others|non-winners|the rest|do not win|"
            "don't win|not win|lose|everyone else|consolation"
        ),
    ),
    ("consolation", "SY", 0.9, 0.7, "红包|补偿|安慰|补贴|参与奖|the other|plus|taking part"),
    (
        "markup",
        "S",
        1.6,
        1.2,
        (
            "加价|溢价|涨价|上浮|每轮涨|转卖|挂售|寄卖|寄售|上架|涨幅|增值|每天涨|每轮|每次涨|"
            "递增|涨|上涨|升值|markup|mark-up|resell|resold|relist|larger|bigger|"
            "more expensive|dearer|higher|raised|"
            "price rises|rises|marked up|increase"
        ),
    ),
    (
        "gain",
        "S",
        1.8,
        0.9,
        (
            "seller's cut|the seller's|卖家|落袋|本人得|卖家得|持有人|自己得|卖方|净得|净赚|"
            "到手|个人收益|会员得|"
            "会员收益|利润|"
            "归你|归卖家|进你口袋|进口袋|你拿|您得|归您|你得|归个人|归本人|收益|赚|you keep|"
            "seller keeps|the seller|the holder|holder gets|yours|your profit|profit|you earn|"
            "to you"
        ),
    ),
    (
        "platform_fee",
        "S",
        1.8,
        1.0,
        (
            "平台收|平台抽|平台|上架费|寄售费|挂售费|委托费|归平台|仓储费|手续费|服务费|转让费|"
            "platform|listing fee|the house|fee|handling"
        ),
    ),
    ("discount", "SY", 1.3, 1.2, "折|优惠|立减|减|折扣|立省|off|discount|saving|savings|save"),
    ("discount", "SY", 0.8, 0.7, "抵扣|抵用|代金券|优惠券|voucher|coupon"),
    ("cashback", "NH", 1.4, 1.2, "集|集满|stamp|stamps|买"),
    (
        "cashback",
        "SYP",
        1.4,
        1.2,
        (
            "回馈|回赠|返现|现金返还|抵扣|返|抵|积分抵|会员日|集|送|cashback|cash back|cash-back|"
            "stamp|stamps|back|rebate|points"
        ),
    ),
)

#: These are read only where words of their kind of offer stand in the text.
ONLY_IN: Mapping[Role, frozenset[str]] = {
    "markup": frozenset({"relay"}),
    "gain": frozenset({"relay"}),
    "platform_fee": frozenset({"relay"}),
    "rounds": frozenset({"relay", "investment", "lottery", "queue"}),
    "group": frozenset({"lottery"}),
    "winners": frozenset({"lottery"}),
    "consolation": frozenset({"lottery"}),
    "newcomers": frozenset({"queue", "shared", "push_three"}),
    "cashback": frozenset({"cashback"}),
}
#: Words that speak of recruiting only where others do.
ONLY_RECRUITING = frozenset(
    (role, word)
    for role in ("commission", "recruit_sum")
    for word in [
        "奖励",
        "奖",
        "分享",
        "bonus",
        "reward",
        "享受",
        "享",
        "拿",
        "提",
        "归你",
        "归您",
        "分得",
    ]
)
RECRUITING = frozenset({"commission", "chain", "push_three", "agents"})
#: Roles of a pool: not read in the ordinary cash-back of a shop.
OF_A_POOL: frozenset[Role] = frozenset({"share", "multiple", "gift", "fee", "rate", "credit"})

CUES: tuple[Cue, ...] = tuple(
    Cue(word, role, units, before, after)
    for role, units, before, after, words in _ROWS
    for word in words.split("|")
)

#: Words that have a shorter cue in them and are none.
NEUTRAL = listed(
    "折算|折成|one-off|pay you|pays you|paid back|pay back|pays back|we pay|直接打|直接进|直接返|"
    "直接到|直接退|手续费的|收益的|服务费的|佣金的|释放部分|释放的部分|faster|让利额|"
    "让利金额|让利部分|让利的|释放额|释放量|电池|泳池|池塘|内发货|送货|配送费|发送|送达|"
    "送到家|返乡|购物车|消费者|投诉|转发|交流|交通|花园|满意|买家|回复|分别|提供|推出|中国|"
    "中心|中间|"
    "其中|打造|减肥|减少|加油|加微|增加|参加|更加|收费|交易所|推动|推送|带动|返程|招牌|招聘|"
    "分类|部分|充分|满满|购车|投票|变现|"
    "交给|买卖|花费|支付宝|得到了|满足|出现|出行|出售|推出|起来|一起|发起|共同|公共|"
    "共享|期待|日期|学期|内容|国内|市内|以内|"
    "服务周到|质量|集团|充足|充电|区块链|地区|小区|社区|卡车|周到|积分的|打开|打包|中午|中秋|中药|"
    "返修|返工|后台|背后|售后|落后|完美|完成|"
    "每天限时|backed|feedback|background|backup"
)
