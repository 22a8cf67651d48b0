"""The words that make a number no term of the offer: denied, past, boasted, an example."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The words of a table, parted by ``|``."""
    return tuple(text.split("|"))


#: In front of a number, in its clause: it is not so.
NOT = listed(
    "不须|毋须|毋需|免缴|不收取|不收|不扣|不再|不是|并非|并不是|没有|无需|无须|不用|不需要|"
    "不需|不必|免收|杜绝|"
    "告别|拒绝|免去|"
    "而不是|而非|绝非|不要|别再|不像|不会|免|从不|never|not|no|without|isn't|aren't|don't|"
    "doesn't|instead of|"
    "rather than|unlike|free of|waived|neither"
)
#: Not a negation though it begins like one.
BOUND = listed(
    "不低于|不超过|不少于|不高于|不足|不限|不满|不到|不中|没中|未中|不封顶|不等|不仅|不但|"
    "不只|免费|免单|不是梦|不止|不管|"
    "免邮|不断|不拼中|没拼中|没有上限|无上限|no more than|no less than|not more than|"
    "not less than|not only|no later than|"
    "not drawn|do not win|don't win|not win|no limit|no matter|免押|不转卖|no risk|"
    "no worries|not sure"
)
#: What follows is behind us, or somebody's boast, in the same clause.
PAST = listed(
    "过去|有人|增长|增速|同比|环比|突破|已有|已经有|已经|累计发放|累计返|累计服务|累计帮助|"
    "累计用户|累计会员|累计销售|累计已|成立|创立|创办|创始|判处|判决|"
    "有期徒刑|获刑|罚款|罚金|涉案|荣获|覆盖|会员超|"
    "注册资本|注册资金|市值|估值|融资|拥有|遍布|门店数|去年|上个月|上月|昨天|昨日|曾经|曾|"
    "当年|从前|此前|以前|历时|历经|获得投资|"
    "被判|占地|员工|实缴|服务过|服务了|好评|复购率|满意度|成功率|市场占有|市场规模|"
    "万亿市场|老品牌|品牌历史|粉丝|下载量|"
    "已发放|已返|已帮助|已为|前年|上线至今|至今|截至|业绩增|销量|用户突破|会员突破|日活|"
    "用户超过|会员超过|人数超|平均提升|年销|年产值|"
    "投资超|总投资|耗资|经验|专利|强企|抽检|同类|评分|赚了|拿了|分了|领了|得了|收了|返了|"
    "买了|投了|花了|分到|拿到了|省了|"
    "grew|grown|growth|sentenced|fined|founded|established|since|awarded|last year|"
    "last month|yesterday|already|"
    "so far|years of experience|rated|registered capital|raised|valuation|members in|over the past|"
    "surged|trusted by|serving|we have|has paid|have been|years in business|in business|"
    "users already|customers in"
)
#: These belong to the number in front of them.
PAST_AFTER = listed(
    "helped|served|欠款|的欠款|我们不做|的我们不|不做|faster|更快|赚了|拿了|赚回|分到|分了|"
    "in the trade|in the business|经验|历史|老品牌|老字号|老店|有期徒刑|罚金|罚款|增长|"
    "会员加入|用户加入|人加入|家门店|"
    "家分店|家商家|好评|满意|评价|专利|员工|年历史|"
    "老牌|城市布局|个城市|债务|的债|已加入|见证|的信赖|years of experience|years in|have already|"
    "in prison|members already|"
    "satisfied|happy|countries|growth|reviews|years old|and counting|customers trust"
)
EXAMPLE = listed(
    "例如|比如|举例|举个例子|如:|譬如|假设|假如|假定|打个比方|案例|实例|若您|for example|"
    "for instance|e.g.|eg:|suppose|imagine|say you|"
    "example|let's say|assume"
)
#: A sentence with one of these tells of a case: nothing in it is a term.
CASE = listed(
    "判刑|吸金|主嫌|诈骗|遭判|骗局|被抓|判决|判处|被判|有期徒刑|获刑|涉案|被查|立案|崩盘|"
    "跑路|非法集资|警方|检察院|公诉|"
    "sentenced|convicted|court|police|prosecut|prison"
)
#: The claim that a price can only rise.
RISES = listed(
    "只涨不跌|只升不降|只升不跌|只涨不降|永不下跌|不会下跌|稳涨不跌|永涨不跌|越来越值钱|"
    "天天涨|价格单边上涨|单边上涨|持续上涨|只会涨|只会上涨|"
    "never falls|never fall|never drops|never drop|only rises|only rise|only goes up|"
    "only go up|can only rise|can only go up|"
    "cannot fall|can't fall|cannot go down|never goes down|always rises|keeps rising|"
    "only ever rises|only ever goes up"
)
