/* Who pays whom: the rules of refund schemes as plain loops, to be read with "view source".
 *
 * whoPays(s) plays a scheme day by day. It knows nothing of the server's program, which computes
 * the same in another way; a test holds the two together to nine digits.
 *
 * s: { rule: one of the four rules below, days, demand, prices: yuan of each package,
 *      chosen: the part of buyers who take it, and the numbers of the rule }
 * Returns, by the day of joining, `buyers` and the yuan they `received` in all by the last day; and
 * of everybody: `pool` yuan left in the pool, `paid` yuan paid to buyers, `held` yuan that those
 * still in are owed or hold, `left` buyers who are out, and the last `price` (of a point in yuan;
 * otherwise yuan paid on a unit on the last day, or the part paid of what was due).
 */
var whoPays = (() => {
  const NOTHING = 1e-12; // a smaller part of a sum is left by rounding alone
  const sum = (list) => list.reduce((total, x) => total + x, 0);

  /* Whole orders of each day. A fraction is carried over: half an order a day is one every other
   * day. The small nudges keep ten times 0.1 a whole order in spite of rounding. */
  function ordersByDay(s) {
    const { kind, first, growth, lastDay } = s.demand;
    const orders = [];
    let placed = 0, whole = 0;
    for (let day = 0; day < s.days; day++) {
      let today = first;
      if (kind === "growing") today = Math.exp(Math.log(first) + day * Math.log1p(growth));
      today = Math.min(today, 1e9);
      if (lastDay !== null && day >= lastDay) today = 0;
      placed += today;
      const upTo = Math.floor(placed * (1 + 1e-12) + 1e-9);
      orders.push(upTo - whole);
      whole = upTo;
    }
    return orders;
  }

  /* POINTS POOL. A part of the price goes into one pool. The buyer is credited points for `gift` of
   * that, at the price before: a point costs what the pool holds, divided by all points there are.
   * Whose points have come to be worth `multiple` times the price paid has to sell, oldest first,
   * and is paid just that, less a fee which stays in the pool. */
  function pointsPool(s) {
    const REACHED = 1 - 1e-10; // so near to it is there: rounding must not decide who is paid
    const spend = s.prices[0], paidIn = s.share * spend, credit = s.gift * paidIn;
    const due = s.multiple === null ? Infinity : s.multiple * spend * REACHED;
    const cash = s.multiple * spend * (1 - s.fee);
    const buyers = ordersByDay(s), received = [];
    const points = new Float64Array(sum(buyers)); // of each order, as they came
    let pool = 0, supply = 0, price = s.launchPrice, mostSupply = 0;
    let joined = 0, oldest = 0, dayOfOldest = 0, joinedByThen = 0, over = false;
    for (let day = 0; day < s.days; day++) {
      received.push(0);
      over = over || price > 1e150; // beyond all sense: nothing happens any more
      if (over) buyers[day] = 0;
      for (let k = 0; k < buyers[day]; k++) {
        points[joined] = credit / price;
        supply += points[joined];
        joined++;
        pool = joined * paidIn - oldest * cash;
        price = pool / supply;
      }
      mostSupply = Math.max(mostSupply, supply);
      // In the evening: whoever is due at the price that the last payment has left.
      while (!over && oldest < joined && points[oldest] * price >= due) {
        while (oldest >= joinedByThen + buyers[dayOfOldest]) joinedByThen += buyers[dayOfOldest++];
        received[dayOfOldest] += cash;
        supply -= points[oldest];
        oldest++;
        pool = joined * paidIn - oldest * cash;
        if (supply < mostSupply / 2) {
          // Taking off leaves the rounding of all that was there: add up what is still held.
          supply = 0;
          for (let k = oldest; k < joined; k++) supply += points[k];
          mostSupply = supply;
        }
        // When nobody holds points the last price stands.
        if (pool > 0 && supply > 0) price = pool / supply;
      }
    }
    let held = 0;
    for (let k = oldest; k < joined; k++) held += points[k];
    return { buyers, received, pool, held: held * price, price, left: oldest };
  }

  /* What is due is paid by the rule's own pool, then by the platform's account. Returns the part of
   * it that can be paid, and the yuan that the account pays. */
  function payable(due, pool, account) {
    const lack = Math.max(due - pool, 0), given = Math.min(lack, Math.max(account, 0));
    const enough = lack <= given * (1 + NOTHING);
    const part = enough ? 1 : (due - lack + given) / due;
    return { given, part, short: lack > given + NOTHING * due };
  }

  /* What is left of a pool: what rounding leaves of all that was there is no money. */
  function after(pool, paid) {
    return Math.abs(pool - paid) < NOTHING * paid ? 0 : pool - paid;
  }

  /* REFUND QUEUE. Buyers wait in line for `refund` times the price, and nobody's turn comes before
   * the `lock` days are over. Three ways to say whose turn it is. "pool": the oldest, as far as
   * the pool reaches. "shared": every `newcomers` buyers after the first bring the turn of the one
   * in front. "own": each waits for as many buyers after oneself. The last two are promises: what
   * the pool lacks the platform pays, and where both have too little all are paid the same part. */
  function refundQueue(s) {
    const spend = s.prices[0], refund = s.refund * spend, dust = 1e-9 * refund;
    const buyers = ordersByDay(s), received = buyers.map(() => 0);
    const waiting = buyers.map(() => 0); // by day: buyers whose turn has not come
    const waitsFor = buyers.map(() => refund); // by day: yuan to one of them
    let turn = []; // whose turn has come, or who was paid in part: { day, orders, owed }
    let front = 0; // the oldest day with anybody whose turn has not come
    let numbered = 0, inside = 0; // numbers given before that day; of that day, those called
    let pool = 0, account = s.capital, before = 0, left = 0, price = 1, stopped = false;

    const next = () => { numbered += buyers[front]; inside = 0; front++; };
    const leave = () => {
      for (const one of turn) if (one.owed <= dust) left += one.orders;
      turn = turn.filter((one) => one.owed > dust);
    };

    for (let day = 0; day < s.days; day++) {
      price = 1;
      if (stopped) { buyers[day] = 0; continue; }
      const today = buyers[day];
      pool += s.share * spend * today;
      account += s.platform * spend * today;
      if (spend >= s.threshold) waiting[day] = today;

      // Whoever brought one of today's buyers, each as likely as any other, is paid ahead.
      const wanted = before > 0 ? s.advance * spend * today / before : 0;
      const there = s.advancePayer === "pool" ? pool : account;
      if (wanted > 0 && there > 0) {
        const first = s.turns === "pool" && turn.length && turn[0].day < day ? turn[0] : null;
        let asked = first ? Math.min(wanted, first.owed) * first.orders : 0;
        for (let d = front; d < day; d++) asked += Math.min(wanted, waitsFor[d]) * waiting[d];
        const part = there < asked ? there / asked : 1;
        if (first) {
          const step = part * Math.min(wanted, first.owed);
          first.owed -= step;
          received[first.day] += step * first.orders;
        }
        for (let d = front; d < day; d++) {
          const step = part * Math.min(wanted, waitsFor[d]);
          waitsFor[d] -= step;
          received[d] += step * waiting[d];
        }
        if (s.advancePayer === "pool") pool -= Math.min(asked, there);
        else account -= Math.min(asked, there);
        leave();
        while (front < day && (waitsFor[front] <= dust || waiting[front] === 0)) {
          left += waiting[front];
          waiting[front] = 0;
          next();
        }
      }
      before += today;

      if (s.turns === "pool") {
        let money = pool;
        if (turn.length && money > 0) {
          const first = turn[0], given = Math.min(first.owed * first.orders, money);
          first.owed -= given / first.orders;
          received[first.day] += given;
          money -= given;
          leave();
        }
        while (money > 0 && front <= day - s.lock) {
          const each = waitsFor[front], asked = waiting[front] * each;
          if (asked <= money * (1 + NOTHING)) { // all of that day
            received[front] += asked;
            left += waiting[front];
            waiting[front] = 0;
            money = Math.max(money - asked, 0);
            next();
            continue;
          }
          // Whole buyers; the next one has the rest, and is in front tomorrow.
          const whole = Math.floor(money / each + 1e-9), rest = money - whole * each;
          received[front] += money;
          left += whole;
          waiting[front] -= whole;
          if (rest > dust) {
            waiting[front] -= 1;
            turn.push({ day: front, orders: 1, owed: each - rest });
          }
          money = 0;
        }
        pool = money;
        continue;
      }

      const shared = s.turns === "shared";
      const called = shared ? Math.floor((before - 1) / s.newcomers) : before - s.newcomers;
      while (spend >= s.threshold && front <= day - s.lock) {
        const rest = buyers[front] - inside, orders = Math.min(called - numbered - inside, rest);
        if (rest > 0 && orders <= 0) break;
        if (orders > 0) turn.push({ day: front, orders, owed: waitsFor[front] });
        if (rest > 0) waiting[front] -= orders;
        inside += Math.max(orders, 0);
        if (orders < rest) break;
        next();
      }
      let due = 0;
      for (const one of turn) due += one.orders * one.owed;
      const pay = payable(due, pool, account);
      for (const one of turn) {
        received[one.day] += pay.part * one.orders * one.owed;
        one.owed -= pay.part * one.owed;
      }
      leave();
      price = pay.part;
      account -= pay.given;
      pool = after(pool, due * pay.part - pay.given);
      stopped = pay.short && s.policy === "stop";
    }
    let held = 0;
    for (const one of turn) held += one.orders * one.owed;
    for (let d = 0; d < s.days; d++) held += waiting[d] * waitsFor[d];
    return { buyers, received, pool, held, price, left };
  }

  /* How many of the rising levels have been reached, in spite of rounding. */
  function reached(pairs, have, of) {
    let count = 0;
    while (count < pairs.length && pairs[count][0] <= have + 1e-10 * of) count++;
    return count;
  }

  /* The buyers of each day by package, whole ones: the part of those left over who choose it, and
   * the last package takes the rest. */
  function byPackage(s, buyers) {
    const counts = s.prices.map(() => buyers.map(() => 0)), had = s.prices.map(() => 0);
    let placed = 0;
    buyers.forEach((today, day) => {
      placed += today;
      let rest = placed, shareLeft = 1;
      s.prices.forEach((_, p) => {
        const part = Math.min(s.chosen[p] / shareLeft, 1);
        const last = p === s.prices.length - 1;
        const upTo = last ? rest : Math.floor(rest * part * (1 + 1e-12) + 1e-9);
        counts[p][day] = upTo - had[p];
        had[p] = upTo;
        rest -= upTo;
        shareLeft = Math.max(shareLeft - s.chosen[p], 1e-12);
      });
    });
    return counts;
  }

  /* SCHEDULED RELEASE. Every buyer is credited a sum, and from the day after on is due a part of
   * the price, or of what is left of the credit, or so much for each task, until that is used up.
   * The pool has its share of sales, and what advertisers pay for tasks; what it lacks the platform
   * pays. Where both have too little everybody is paid the same part of what is due that day, after
   * the fee on withdrawals has been raised if that is the rule; under "stop" it is the last day. */
  function scheduledRelease(s) {
    const buyers = ordersByDay(s), received = buyers.map(() => 0);
    const counts = byPackage(s, buyers), packages = s.prices.map((_, p) => p);
    const sales = buyers.map((_, day) => sum(packages.map((p) => s.prices[p] * counts[p][day])));
    const credit = packages.map((p) => buyers.map(() => 0)); // what one buyer of a day has left
    const due = packages.map(() => buyers.map(() => 0));
    const base = buyers.map(() => 0); // of all buyers of a day together
    const recruits = [], before = []; // of one earlier buyer on the day; buyers before it
    let pool = 0, account = s.capital, fee = s.fee, sold = 0, placed = 0, working = 0;
    let first = 0, left = 0, price = 1, stopped = false;

    for (let day = 0; day < s.days; day++) {
      price = 1;
      if (stopped) { buyers[day] = 0; continue; }
      pool += s.share * sales[day] + s.adYuan * working;
      account += s.platform * sales[day];
      sold += sales[day];
      before.push(placed);
      recruits.push(placed > 0 ? buyers[day] / placed : 0);
      placed += buyers[day];
      for (const p of packages) credit[p][day] = s.credits[p];

      // By oneself.
      let allBase = 0;
      for (let d = first; d < day; d++) {
        base[d] = 0;
        for (const p of packages) {
          const has = credit[p][d];
          let a = s.dailyRate * (s.basis === "price" ? s.prices[p] : has);
          if (s.rewards.length) {
            const level = reached(s.rewards, has, s.credits[p]);
            a = level ? s.tasks * s.rewards[level - 1][1] : 0;
          }
          due[p][d] = Math.min(a, has);
          base[d] += due[p][d] * counts[p][d];
        }
        allBase += base[d];
      }
      // Because of one's recruits, and theirs, in the mean: every buyer of a later day was brought
      // by one of all buyers before, each as likely as any other. From the last day backwards.
      if (s.firstGeneration || s.secondGeneration) {
        let direct = 0, indirect = 0;
        for (let d = day - 1; d >= first; d--) {
          const more = s.firstGeneration * direct + s.secondGeneration * indirect;
          for (const p of packages) due[p][d] = Math.min(due[p][d] + more, credit[p][d]);
          indirect += recruits[d] * direct;
          if (before[d] > 0) direct += base[d] / before[d];
        }
      }
      // Stars: by all sales so far a part of everybody's due, to the oldest, up to their credit.
      const star = reached(s.stars, sold, sold);
      let stars = star ? s.stars[star - 1][1] * allBase : 0;
      for (let d = first; d < day && stars > 0; d++) {
        let room = 0;
        for (const p of packages) room += (credit[p][d] - due[p][d]) * counts[p][d];
        const part = room > stars ? stars / room : 1;
        for (const p of packages) due[p][d] += part * (credit[p][d] - due[p][d]);
        stars -= room;
      }

      let gross = 0;
      for (const p of packages) {
        for (let d = first; d < day; d++) gross += due[p][d] * counts[p][d];
      }
      let pay = payable(gross * (1 - fee), pool, account);
      const short = pay.short;
      if (short && s.policy === "raise_fee") {
        const there = pool + pay.given;
        while (gross * (1 - fee) > there * (1 + NOTHING) && fee < 0.9) {
          fee = Math.min(fee + s.feeStep, 0.9);
        }
        pay = payable(gross * (1 - fee), pool, pay.given);
      }
      const cash = pay.part * gross * (1 - fee);
      working = 0;
      for (const p of packages) {
        for (let d = first; d <= day; d++) {
          if (credit[p][d] === 0) continue;
          if (d < day) {
            const paid = pay.part * due[p][d];
            received[d] += paid * (1 - fee) * counts[p][d];
            credit[p][d] -= paid;
            if (credit[p][d] <= 1e-9 * s.credits[p]) {
              credit[p][d] = 0;
              left += counts[p][d];
              continue;
            }
          }
          working += counts[p][d];
        }
      }
      while (first < day && packages.every((p) => credit[p][first] === 0)) first++;
      price = pay.part;
      account -= pay.given;
      pool = after(pool, cash - pay.given);
      stopped = short && s.policy === "stop";
    }
    let held = 0;
    for (const p of packages) {
      for (let d = 0; d < s.days; d++) held += credit[p][d] * counts[p][d];
    }
    return { buyers, received, pool, held, price, left };
  }

  /* DIVIDEND POOL. A part of sales is divided every `interval` days over the units that came with
   * orders; whoever has less left of the quota than that takes only what is left and is out, and
   * the others divide the rest in the same way. Another part goes in ten equal pots to the ranks:
   * pot k to all buyers of rank k or higher. One running sum of what a unit has been paid serves
   * everybody: who joined later began at a later value of it. Of one package and rank the oldest
   * have had most, so they are out first. */
  function dividendPool(s) {
    const MORE = 1 + NOTHING;
    const buyers = ordersByDay(s), received = buyers.map(() => 0), counts = byPackage(s, buyers);
    const groups = []; // of one package and rank, which `part` of the package's buyers have
    s.prices.forEach((price, p) => s.ranks.forEach((part, rank) => {
      const quota = s.quotas === null ? Infinity : s.quotas[p], units = s.units[p];
      if (units > 0 && part > 0) groups.push({ p, rank, part, quota, units, first: 0, live: 0 });
    }));
    const earned = s.ranks.map(() => 0), earnedBefore = []; // yuan to one buyer of each rank so far
    const unitBefore = []; // the same of a unit, when the buyers of a day joined
    const pots = s.ranks.slice(1).map(() => 0);
    let unit = 0, base = 0, issued = 0, price = 0, left = 0;

    const had = (g, d) => g.units * (unit - unitBefore[d])
      + earned[g.rank] - earnedBefore[d][g.rank];
    const liveUnits = () => sum(groups.map((g) => g.live * g.units));
    /* Pay those of the groups whose quota is used up by so much; the yuan, or null if none are. */
    function payOff(some, day, aUnit, each) {
      let paid = null;
      for (const g of some) {
        while (g.first <= day) {
          const rest = g.quota - had(g, g.first), orders = g.part * counts[g.p][g.first];
          if (rest > (aUnit * g.units + each) * MORE && rest > NOTHING * g.quota) break;
          if (g.quota === Infinity) break;
          paid = (paid || 0) + Math.max(rest, 0) * orders;
          received[g.first] += g.quota * orders;
          left += orders;
          g.first++;
          g.live = g.first > day ? 0 : Math.max(g.live - orders, 0);
        }
      }
      return paid;
    }

    for (let day = 0; day < s.days; day++) {
      let sales = 0;
      s.prices.forEach((spend, p) => {
        sales += spend * counts[p][day];
        issued += s.units[p] * counts[p][day];
      });
      unitBefore.push(unit);
      earnedBefore.push(earned.slice());
      for (const g of groups) g.live += g.part * counts[g.p][day];
      base += s.share * sales;
      for (let k = 0; k < pots.length; k++) pots[k] += s.rankShare * sales / pots.length;
      price = 0;
      if ((day + 1) % s.interval) continue;

      let live = liveUnits(), money = base;
      const liveAtFirst = live;
      while (money > 0 && live > 0) {
        const part = money / (s.over === "all" ? issued : live);
        const paid = payOff(groups, day, part, 0);
        if (paid !== null) {
          money = Math.max(money - paid, 0);
          live = liveUnits();
          if (s.over === "live") continue;
        }
        const given = Math.min(part * live, money);
        if (given > 0) { unit += part; price = part; }
        money = s.over === "all" ? money - given : 0;
        break;
      }
      if (price === 0 && liveAtFirst > 0) price = (base - money) / liveAtFirst;
      base = money;
      pots.forEach((_, k) => {
        const some = groups.filter((g) => g.rank > k);
        while (pots[k] > 0) {
          const members = sum(some.map((g) => g.live));
          if (members <= 0) break;
          const part = pots[k] / members, paid = payOff(some, day, 0, part);
          if (paid !== null) { pots[k] = Math.max(pots[k] - paid, 0); continue; }
          for (let rank = k + 1; rank < earned.length; rank++) earned[rank] += part;
          pots[k] = 0;
        }
      });
    }
    let held = 0;
    for (const g of groups) {
      for (let d = g.first; d < s.days; d++) {
        const orders = g.part * counts[g.p][d];
        received[d] += had(g, d) * orders;
        if (g.quota < Infinity) held += Math.max(g.quota - had(g, d), 0) * orders;
      }
    }
    return { buyers, received, pool: base + sum(pots), held, price, left };
  }

  const RULES = {
    points_pool: pointsPool,
    refund_queue: refundQueue,
    scheduled_release: scheduledRelease,
    dividend_pool: dividendPool,
  };

  return (s) => {
    const found = RULES[s.rule](s);
    found.paid = sum(found.received);
    return found;
  };
})();
