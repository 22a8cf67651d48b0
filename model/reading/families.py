"""What kind of an offer it may be: words with weights, and nothing is decided by them alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from model.reading.base import Family, FamilyName
from model.reading.search import places

#: How much is needed before a kind is worth naming; "none" has this much from the start.
LEAST = 1.0

#: Family, weight, words. A word counts once, however often it stands there.
_ROWS: tuple[tuple[FamilyName, float, str], ...] = (
    ("points", 2.2, (
        "增值积分|消费增值|绿色积分|股权积分|只涨不跌|只升不降|积分价格|积分增值|积分涨价|"
        "积分升值|奖金池|底池|盈利池|积分销毁|通缩|卖出积分|积分单价|积分价值|积分池|points rise|"
        "price of a point|price of points|points only|point price|burned|destroyed"
    )),
    ("points", 1.0, "积分|等值积分|让利|points|pool|tokens"),
    ("daily", 2.2, (
        "每天释放|每日释放|日释放|释放|每天返|每日返|天天返|日返|按天返|每天返还|每日返还|"
        "每天领取|余额释放|released daily|released every day|daily release|released each day|"
        "is released|are released"
    )),
    ("daily", 1.2, "每月返|每周返|每季返|分期返|月返|返满|返完|回本计划|线性"),
    ("daily", 0.9, (
        "每天|每日|日结|返完为止|加速释放|加速|a day|per day|daily|each day|every day|"
        "until it is used up|balance"
    )),
    ("queue", 2.6, (
        "排队返现|排队|公排|出队|三出一|排队免单|返现队列|排队返|先到先返|queue|in line|"
        "behind you|出一"
    )),
    ("queue", 1.8, (
        "顺位|最前面|全数退还|收满|numbered place|sold after yours|after yours|in turn|"
        "in order of purchase|your turn|skip the line|skip the queue|轮到|先后顺序|先来先|排在前"
    )),
    ("queue", 0.9, "出局|全额返|免单|refunded|full refund|come after|after you"),
    ("dividends", 2.2, (
        "分红权|股东分红|加权分红|权益值|循环购|全网分红|每日分红|权益|股权|期权|dividend|"
        "dividends|profit share|equity units|among all shares|share out|slice of our sales"
    )),
    ("dividends", 1.5, "分红"),
    ("dividends", 0.8, "额度|业绩|营业额|份额|quota|of sales"),
    ("ads", 1.5, (
        "ads|任务|广告|短视频|短片|滑手机|赚外快|短影音|日领|日结|做单|刷单|兼职|滑视频|videos|"
        "adverts"
    )),
    ("ads", 2.8, (
        "看广告|看视频|广告收益|刷视频|广告任务|做任务|点赞|刷广告|浏览广告|广告电商|看短视频|"
        "watch ads|watching ads|watch adverts|watch videos|watching videos|clicking ads|"
        "click ads|per ad|per video|tasks|per click|watching advertisements|watch advertisements"
    )),
    ("agents", 2.4, (
        "区域代理|代理商|城市合伙人|区县代理|省级代理|市级代理|区级代理|招代理|加盟费|独家代理|"
        "运营中心|县级代理|区域保护|省代理|市代理|县代理|territory|franchise|regional agent|"
        "district agent|city agent|agency fee|exclusive area|provincial agent"
    )),
    ("agents", 1.6, "代理招募|招募代理|村级代理|乡镇代理|招募|站长|诚招"),
    ("agents", 1.4, (
        "area director|area directors|area sales|city partner|partner programme|"
        "regional partner|regional|whole region|"
        "your town|county|area manager|your region|territories"
    )),
    ("agents", 1.4, "区代|市代|省代|县代|district|licence|license|your city|your area"),
    ("agents", 1.0, "代理|合伙人|加盟|agent|agency"),
    ("commission", 2.0, (
        "直推|间推|推荐奖|佣金|下线|团队奖|级差|平级奖|拉新|拉人头|推荐一人|对碰|见点|分销|"
        "动态收益|裂变|推荐人|推荐奖励|referral|recruit|commission|downline|refer a friend|"
        "team bonus|generations|matching bonus|upline|multi-level|override|level 1|level 2|"
        "first level|second level|your friends"
    )),
    ("commission", 0.9, "推荐|邀请|团队|介绍|推广|分享|refer|invite|team|bring"),
    ("relay", 3.2, (
        "转卖|寄售|寄卖|挂售|抢购转售|抢拍|加价转|隔天加价|盲盒抢拍|委托代卖|转拍|每轮涨|竞拍|"
        "代卖|加价|接单转让|resell|resold|consign|consignment|relist|next buyer|next round|"
        "crowdfunding round"
    )),
    ("relay", 2.4, "resale|repriced|next member|relisted"),
    ("relay", 2.4, "每过一手|接力|倒手|下家|接盘|转手|每转一手|一手加"),
    ("relay", 1.5, "众筹|每轮|轮次"),
    ("chain", 4.5, (
        "链动2+1|链动|2+1|二加一|走人留人|脱离|老板身份|升级老板|代理升老板|chain 2+1|"
        "two plus one|2 + 1|leave two|chain"
    )),
    ("push_three", 2.0, "three people|3 people|in thirds|三位亲友"),
    ("push_three", 4.5, (
        "带三免一|带3免1|邀三位|三人行|等于白送|介绍3位|介绍三位|推荐3位|推荐三位|邀请三位|"
        "邀请3位|推荐3个|推荐三个|邀请3人|带三人|带3人|推三返一|推3返1|推三免一|三人免单|"
        "推三反一|推3免1|带三返一|推三返本|推荐三人返|推荐3人返|推荐三人免单|推荐3人免单|三返一|"
        "邀三免一|three back one|bring three|refer three|refer 3|bring 3|three friends|invite 3|"
        "invite three"
    )),
    ("lottery", 2.0, "group-buying|group buying|组团|没拿到|没货|拼一单|拼单|押金团|红包团"),
    ("lottery", 3.4, (
        "拼团抽奖|拼团|中奖|拼中|不中|未中|抽中|拼购|没中|抽奖|成团|人团|一团|group lottery|"
        "group buy|winner|not drawn|lucky draw|drawn|draw"
    )),
    ("shared", 4.6, (
        "共享购|共享消费|消费共享|共享股东店|共享分润|共享购物|共享模式|shared purchase|"
        "shared buying|shared shopping|shared consumption|shared-purchase"
    )),
    ("debt_relief", 5.5, (
        "化债|清债|解债|债务化解|债务清零|负债清零|还债|债务|债权|欠款|烂账|呆账|负债|债事|"
        "debt relief|debt clearing|clear your debt|clear your debts|debts|debt"
    )),
    ("investment", 1.2, "养老|期满|本金|体验金|托管|签约"),
    ("investment", 2.6, (
        "年化|本息|保本|理财|量化|投资回报|利息|日息|月息|静态收益|矿机|挖矿|质押|外汇|炒币|"
        "资金盘|投资|固定收益|到期返本|usdt|apy|apr|yield|trading bot|arbitrage|mining|forex|"
        "invest|investment|staking|fixed return|principal|fund|crypto|roi"
    )),
    ("cashback", 1.4, (
        "第二杯|开业|members collect|points make|points per dollar|free returns|back in vouchers|"
        "back in points|back on|rebate|回馈|下次可用|换购|加购|全品项|"
        "points expire|年费|全年|下次购物|不可提现|不返现|剪发|理发|余额可退|无有效期"
    )),
    ("none", 1.2, (
        "招聘|征才|诚聘|月薪|工时|试用期|hiring|salary|出租|月租|二手|里程|判决|判处|有期徒刑|"
        "法院|质保|学费|开课|for rent|bedroom|apartment|mileage"
    )),
    ("cashback", 3.0, (
        "our own brand|off your first|points card|rewards card|集满|store card|club card|"
        "birthday month|back on every|集章|集点|买十送一|满十送一|"
        "买10送1|会员卡|满减|会员日|积分抵现|抵现|现金返还|cashback|cash back|cash-back|"
        "stamp card|loyalty card|loyalty|stamps|buy ten|buy 10|gift card|信用卡|分期免息|"
        "无理由退货|七天无理由|优惠券|购物券|储值卡|会员积分|返券|储值|洗车|餐厅|到店|现金券|"
        "免费续杯|no expiry|cancel anytime|membership card|抵用|当场|立减|分12期|结账|门店|"
        "our own margin|自家利润|毛利|商家自掏"
    )),
)  # fmt: skip


WORDS = frozenset(word for _, _, listed in _ROWS for word in listed.split("|"))
#: What speaks for a kind, once its numbers have their role: how much each role does, and once.
_BY_ROLE: Mapping[str, tuple[FamilyName, float]] = {
    "newcomers": ("queue", 1.0), "recruits": ("commission", 0.6), "commission": ("commission", 0.6),
    "recruit_sum": ("commission", 0.6), "levels": ("commission", 0.4), "territory": ("agents", 0.8),
    "pay": ("ads", 0.4), "small gift": ("cashback", 2.0), "markup": ("relay", 1.0),
    "gain": ("relay", 1.0), "winners": ("lottery", 1.0),
    "discount": ("cashback", 1.0), "cashback": ("cashback", 0.6), "point_value": ("points", 0.6),
    "day rate": ("daily", 1.0), "week rate": ("daily", 0.9), "month rate": ("investment", 0.8),
    "year rate": ("investment", 1.0),
}  # fmt: skip


def families(text: str, spoken: Iterable[str] = ()) -> tuple[Family, ...]:
    """Every kind that words speak for, the likeliest first, and "none" among them.

    ``spoken``: the roles of the text's numbers, "day rate" for a rate by the day.
    """
    if not text.strip():
        return ()
    by_role = [_BY_ROLE[role] for role in set(spoken) if role in _BY_ROLE]
    scores: dict[FamilyName, float] = {}
    factor = 0.6
    reasons: dict[FamilyName, list[str]] = {}
    for name, weight, words in _ROWS:
        found = [word for word in words.split("|") if places(text, word)]
        # A word inside another that is there says nothing more.
        found = [w for w in found if not any(w != other and w in other for other in found)]
        for i, word in enumerate(found):
            scores[name] = scores.get(name, 0.0) + weight * factor**i
            reasons.setdefault(name, []).append(word)
    for name, weight in by_role:
        scores[name] = scores.get(name, 0.0) + weight
    named = [
        Family(name=name, score=round(score, 3), reasons=tuple(reasons.get(name, ())[:4]))
        for name, score in _settled(scores).items()
        if score > 0 and name != "none"
    ]
    settled = round(LEAST + scores.get("none", 0.0), 3)
    named.append(Family(name="none", score=settled, reasons=tuple(reasons.get("none", ())[:4])))
    return tuple(sorted(named, key=lambda family: -family.score))


def _settled(scores: dict[FamilyName, float]) -> dict[FamilyName, float]:
    """Recruiting beside another rule is part of that offer; a shop's cash-back has none."""
    scores = dict(scores)
    others = {"commission", "cashback", "none"}
    strongest = max((score for name, score in scores.items() if name not in others), default=0.0)
    if strongest >= 1.6:
        scores["commission"] = min(scores.get("commission", 0.0), strongest * 0.9)
    if "cashback" in scores:
        against = scores.get("commission", 0.0) + strongest * 0.8
        scores["cashback"] -= 0.8 * against
    return scores
