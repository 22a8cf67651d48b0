"""Phrases that say at once what each of their numbers is: 满500返500, 三进一出, 30天后到账.

Letters stand for numbers as in :mod:`model.reading.skeleton`. A group is named after its role;
``back`` and ``given`` are sums from which a multiple is worked out.
"""

from __future__ import annotations

import re

_PAY = (
    r"(?:满|充值?|投资?|投入|入金|消费满?|储值|购买?|购物|买单?|花|存入?|交|缴纳?|支付|付|"
    r"报单)(?:了|满|金额)? ?:?"
)
_THEN = (
    r"[,、\ue000 ]?(?:当天|现场|立即|马上|就|再|直接|可以?|即可?|能|额外|还|全部?|立|最终|共|"
    r"总共|一共|累计)?"
)

#: The word that is the reason, and the phrase.
FRAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        ("满减", r"满(?P<minimum>Y)[,\ue000 ]?(?:立|直|再|就|即)?减(?P<discount>Y)"),
        ("送", rf"{_PAY}(?P<price>Y){_THEN}(?:送|赠送?)(?:您|你)?(?P<given>Y)"),
        (
            "返",
            (
                rf"{_PAY}(?P<price>Y){_THEN}(?:返还?|返现|返利|回|得到?|拿回?|反|领|退还?|变成?|"
                rf"赚|收益|出局)(?:您|你|到)?(?P<back>Y)"
            ),
        ),
        (
            "封顶",
            (
                r"(?P<price>Y)[^A-Z。;\n推邀拉荐人]{0,6}(?:[NHP][^A-Z。;\n推邀拉荐人]{0,6})?(?:最高|"
                r"最多|封顶|上限|总共|共|累计|可)(?:返还?|拿|领|得|分|收回|拿回)?:?(?P<back>Y)"
            ),
        ),
        (
            "额度",
            (
                r"(?P<price>Y)[^A-Z。;\n]{0,20}(?:N[^A-Z。;\n]{0,6})?(?P<back>Y)(?:的)?(?:分红|"
                r"返利|补贴|返现|消费|"
                r"收益)?额度"
            ),
        ),
        (
            "拿出",
            r"(?P<price>Y)[^A-Z。;\n推邀荐]{0,10}(?:让利|让出|拿出|抽出|提取|划出)(?P<part>Y)",
        ),
        ("额度", r"(?P<price>Y)[^A-Z。;\n]{0,6}N?[^A-Z。;\n]{0,8}额度:?(?P<back>Y)"),
        (
            "拿出",
            (
                r"每(?:卖|消费|满|成交|售)?Y(?:元)?[^A-Z。;\n]{0,4}(?:拿出|提取|抽出?|取出?|"
                r"划出?|中|里)(?P<part>Y)"
            ),
        ),
        ("提现", r"满(?P<minimum>[YP])(?:元|分)?[^A-Z\n,、。\ue000]{0,4}(?:提(?!货)|兑)"),
        (
            "提现",
            (
                r"(?P<minimum>[YP])(?:元|分)?(?:即|就|才|便|方|以上)?(?:可|能|起)(?:以)?(?:提|"
                r"申请提|兑|投|购)"
            ),
        ),
        ("出局", r"(?:满|推满)?(?P<newcomers>H)(?:即可)?(?:出局|出队|推满|排满)"),
        ("团队", r"(?:团队|伞下|市场)(?:总人数)?(?:满|达到?|有)?(?P<recruits>H)"),
        ("积分", r"(?P<base>P) ?(?:=|抵|当)|(?:=|抵|兑换?) ?(?P<base2>P)"),
        (
            "提现",
            (
                r"(?:提现|兑换|提取)(?:满|最低|起点|门槛|需|须|额度|金额|要求)+(?:为|"
                r":)?(?P<minimum>[YP])"
            ),
        ),
        ("less", r"\b(?:less|minus) (?:a )?(?P<fee>S)"),
        ("退", r"退(?:还|回|款)?(?P<base>Y)"),
        ("加价", r"(?:加价?|涨价?)(?P<markup>S)(?!收益|利息)"),
        ("抵", r"抵扣?(?P<discount>S)"),
        ("让利", r"(?P<share>S)[^A-Z,。\n\ue000]{0,4}(?:作为|做为|用作)让利"),
        (
            "积分",
            (
                r"(?P<gift>S)(?:的金额|部分)?(?:折算|折成|拿到|得到|获得|赠送|发放|送|返|转化|"
                r"转换|转|变|换|兑换|兑)(?:成|为|作)?"
                r"[^A-Z,。\n\ue000]{0,4}(?:积分|通证|券)(?!池)"
            ),
        ),
        ("池", r"(?P<part>Y)(?:元)?[进入到放打存注划][^A-Z,。\n\ue000]{0,6}池"),
        ("points", r"(?P<price>Y)(?:订单|套餐|元|的单)? ?(?:->|→|=>|➡️?) ?(?P<credit>P)"),
        ("pay", r"\bpay (?P<price>Y) a (?:month|week|year)\b"),
        ("池", r"(?P<share>S)[^A-Z,。;\n\ue000]{0,8}[进入到放][^A-Z,。;\n\ue000]{0,6}池"),
        (
            "pool",
            (
                r"(?P<share>S)[a-z ]{0,40} (?:into|to|in) (?:the |a |our )?[a-z ]{0,20}(?:pool|"
                r"pot|fund)\b"
            ),
        ),
        (
            "of every order",
            (
                r"(?P<share>S) of (?:each|every|all) (?:orders?|sales?|purchases?|"
                r"basket)[a-z ]{0,10} (?:funds?|goes|go|is set|are set|is put|feeds?)"
            ),
        ),
        ("积分价值", r"(?P<point_value>Y) ?= ?P(?!.?池)"),
        ("变", r"(?P<price>Y)(?:元)?(?:变成?|换回?)(?P<back>Y)"),
        ("套餐", r"(?P<price>Y)(?:元)?(?:的)?(?:套餐|礼包|产品|大礼包|配套)"),
        (
            "back",
            (
                r"(?:spend|invest|deposit|pay|put in|buy for) (?P<price>Y)[^A-Z.;\n]{0,30} "
                r"(?:get|receive|earn|collect|take home|be refunded|"
                r"refunded) (?:back )?(?P<back>Y)"
            ),
        ),
        (
            "every",
            (
                r"Y[^A-Z.;\n]{0,24}[, ](?P<part>Y) (?:of (?:it|that|which) )?(?:goes|go|"
                r"is put|flows|"
                r"are put|will go|is paid)"
            ),
        ),
        (
            "抽",
            r"(?:随机)?(?:抽|开|选)(?:出|取|中)(?P<winners>[HN])|随机(?:抽|选)(?P<winners2>[HN])",
        ),
        (
            "费",
            (
                r"(?<![消免])费(?:用|率)?(?:为|按|:|是|收取|收|扣除|扣|仅|只|统一|一律|各)?(?:为|"
                r"按|:)? ?(?P<fee>S)"
            ),
        ),
        (
            "费",
            (
                r"(?<![消免会年学盟理员名门车话])费(?:用)?(?:为|按|:|是|收取|收|扣除|扣|仅|只|"
                r"每笔|每次){0,2}(?:为|按|:)? ?(?P<fee_sum>Y)"
            ),
        ),
        (
            "费",
            (
                r"(?P<fee>S)(?:的|是|为|作为)?[^A-Z\x00-\x7f、。\ue000]{0,6}(?<![消免])费(?!用户|"
                r"者|力|额|的)"
            ),
        ),
        (
            "keep",
            (
                r"(?:we|system|platform|company) (?:keep|keeps|retain|retains|take|takes|deduct|"
                r"deducts) (?P<fee>S)"
            ),
        ),
        (
            "积分价值",
            (
                r"(?:每|一)?(?:个|枚)?(?<![A-Z送赠得返])P ?(?:=|等于|价值|抵|当|"
                r"兑换?) ?(?P<point_value>Y)"
            ),
        ),
        (
            "积分价值",
            (
                r"(?:每|一)(?:个|枚)?积分 ?(?:=|等于|价值|抵|当|现价|初始价|"
                r"兑换?)? ?(?P<point_value>Y)"
            ),
        ),
        ("point is worth", r"P (?:is|are|=|equals?) (?:worth )?(?P<point_value>Y)"),
        (
            "到账",
            (
                r"(?P<arrival>D) ?(?:内|之内|以内|后|左右|即可)*(?:可|自动|秒|快速|即|"
                r"提现)?(?:到账|到帐|到卡|打款|入账|审核|汇入|汇款|转账|拨款|下款|发放)"
            ),
        ),
        ("提现", r"(?:提现|提款)[^A-Z\n。;]{0,4}(?P<arrival>D)(?:内)?(?:到|完成|处理)?"),
        (
            "返完",
            (
                r"(?P<term>D) ?(?:内|左右|即可|就能?)*(?:全部)?(?:返完|返还完|释放完|领完|拿完|"
                r"回本|返清|返满|释放完毕|完毕|还清|结清|还完|付清|翻倍|拿回|出局|收回成本|全返|"
                r"全额返)"
            ),
        ),
        ("周期", r"(?P<term>D)(?:为|是|算)?一(?:期|个?周期|轮)"),
        ("分期", r"(?:分成?|连续|连返|为期|共计|平均分)(?P<term>[DNR])"),
        ("锁定", r"(?:锁定?仓?|冻结|封闭|等待|等|持有满?|满)(?:期)?(?:为|:)? ?(?P<lock>D)"),
        ("后", r"(?P<lock>D) ?(?:之后|以后|后|期满|到期后?)(?!到|入账|打款)"),
        (
            "for",
            (
                r"(?:locked|frozen|held|wait|waiting|lock-up|lock-in)(?: period)?(?: of| for|"
                r":)?(?: at least)? (?P<lock>D)"
            ),
        ),
        ("after", r"\bafter (?P<lock>D)"),
        ("arrive", r"(?:within|in) (?P<arrival>D)(?= of (?:a |the )?(?:withdraw|request))"),
        (
            "arrive",
            (
                r"(?:withdraw\w*|payouts?|arrives?|paid|sent|cash[- ]?outs?|processed|settled|"
                r"credited to your account|reaches? you\w*)[^A-Z.\n]{0,24}(?:within|in|"
                r"after) (?P<arrival>D)"
            ),
        ),
        ("over", r"(?:over|for the next|for|spread over|in) (?P<term>[DNR])(?= |,|\.|$)"),
        (
            "推荐",
            (
                r"(?:直推|推荐|邀请|介绍|拉来|拉|带来|带|推|分享|发展|招募|转介绍)(?:满|够|了|来|"
                r"到|任意)*(?P<recruits>[HN])"
            ),
        ),
        (
            "refer",
            (
                r"(?:refer|invite|bring|bring in|recruit|introduce|find|sign up|enrol|"
                r"sponsor)(?:ring|ing)? (?:just |only |in )?(?P<recruits>H)"
            ),
        ),
        (
            "后面",
            (
                r"(?:后面|后|接下来|再来|再有|新增|又来|排队|排满)(?:每|再)?(?:来|有|进|排|新增|"
                r"进来|够|满)*(?P<newcomers>H)"
            ),
        ),
        ("出局", r"(?P<newcomers>H)(?:即可)?(?:出局|出队|推满|排满|进场)"),
        (
            "newcomers",
            (
                r"(?P<newcomers>H) (?:have |has |must |need to |later )?(?:come|came|join|joined|"
                r"arrive|queue|bought|buy|behind|after|follow)"
            ),
        ),
        ("成团", r"(?P<group>H)(?:即可|就)?(?:一?团|成团|拼团|参团|开团|一组|拼购)"),
        (
            "中奖",
            (
                r"(?P<winners>H)(?:可|能|会)?(?:拼?中奖|拼中|能拿到|拼得|拼到|抽得|抽中|中签|"
                r"中单|得奖|得货|得商品|获得|中(?![心秋国]))"
            ),
        ),
        ("winners", r"(?P<winners>H) (?:is|are|gets?|wins?|will (?:win|get|be))"),
        ("group of", r"(?:group|groups|team|teams|pool) of (?P<group>[HNB])"),
        ("代", r"(?P<levels>G)(?:以?内)?(?:奖励|收益|分销|佣金|团队|推荐奖|分润|返佣|管理奖)"),
        ("退出", r"(?P<rounds>[OR])(?:结束|成功)*(?:后)?(?:成功|退出|出局|失败)"),
        (
            "起提",
            (
                r"(?P<minimum>[YP])(?:元)?(?:起提|起投|起购|起兑|即可提现|可提现|以上可提现|"
                r"以上可提|就能提现|起可提|起充)"
            ),
        ),
        (
            "代",
            (
                r"(?:第?O(?![天月年周期])|G|[一二三四五首][代级层度])(?:朋友|好友|会员|人|名|"
                r"奖励?|提成|返佣|返现|返|拿|回馈|得|给|推荐奖|收益|:|的|佣金|可得|获得|每人|"
                r"每单){0,3} ?(?P<recruit_sum>Y)"
            ),
        ),
        (
            "代",
            (
                r"(?:第?O|G|[一二三四五首][代级层度])(?:朋友|好友|会员|人|名|奖励?|提成|返佣|"
                r"返现|返|拿|回馈|得|给|推荐奖|收益|:|的|佣金|可得|获得){0,4} ?(?P<commission>S)"
            ),
        ),
    )
)

#: Phrases that say a little less.
WEAK: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern))
    for reason, pattern in (
        ("一份", r"(?:一(?:股|份|单|套|件)|每[股份套件])(?:=|是|为|只要|只需|价格?)?(?P<price>Y)"),
        ("share", r"(?:share|unit|package|box|set|place) (?:=|is|costs?|at) (?P<price>Y)"),
        ("of it", r"(?P<share>S) of (?:it|this|that|which) (?:is|are|goes|go|will)"),
        (
            "for",
            (
                r"\b(?:for|at|costs?|costing|price of) (?:just |only )?(?P<price>Y)(?! (?:each|"
                r"for|per|of))"
            ),
        ),
        ("一份", r"(?P<price>Y) ?(?:/|一|每) ?(?:单|套|盒|桶|瓶|份|台|件|斤|袋|箱|壶|罐|张|支|提)"),
        ("起", r"(?P<minimum>Y)(?:元)?(?:以上|及以上|起投|起步|起(?=[,、。\n\ue000]|$))"),
        (
            "generations",
            (
                r"(?P<commission>S) (?:on|from|of|for|in) (?:each |all |the |every |your |"
                r"a )*(?:of )?(?:the )?(?:[GO]|first|second|third|fourth|next)"
            ),
        ),
        (
            "价格",
            (
                r"(?:^|\n|"
                r"[:;])[^A-Z\n,、。\ue000返奖得送赚领补罚收扣退赠抵减拿提佣税费薪]{0,10}(?P<price>Y)(?!元?起)(?=[^\n]{0,40}[A-Z])"
            ),
        ),
        (
            "单价",
            (
                r"(?:单[把件幅台套个只瓶张枚副]|每[把件幅台套个只瓶张枚副平份席位座桌]|"
                r"(?:会员|入会|入门|"
                r"报名|注册|入场|激活|开通|入股)费)[^A-Z,\n\ue000]{0,3}(?P<price>Y)"
            ),
        ),
        ("价格", r"(?P<price>Y)的(?!收益|工资|奖|补|手续|佣|红|价值|券)"),
        ("times your", r"(?P<multiple>M) (?:your|the|what|of your|of the|their)"),
        (
            "minimum",
            (
                r"(?:withdraw\w*|cash[- ]?outs?|payouts?) (?:from|at|starts? at|"
                r"starting at)(?: just|"
                r" only)? (?P<minimum>[YP])"
            ),
        ),
        (
            "提现",
            (
                r"(?:提现|兑换|提取)(?:满|最低|起点|门槛|需|须|额度|金额|要求)+(?:为|"
                r":)?(?P<minimum>[YP])"
            ),
        ),
    )
)
