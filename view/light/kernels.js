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
      if (kind === "growing") today = Math.min(Math.exp(Math.log(first) + day * Math.log1p(growth)), 1e9);
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
        pool += paidIn;
        price = pool / supply;
        joined++;
      }
      mostSupply = Math.max(mostSupply, supply);
      // In the evening: whoever is due at the price that the last payment has left.
      while (!over && oldest < joined && points[oldest] * price >= due) {
        while (oldest >= joinedByThen + buyers[dayOfOldest]) joinedByThen += buyers[dayOfOldest++];
        received[dayOfOldest] += cash;
        pool = pool - cash > NOTHING * pool ? pool - cash : 0;
        supply -= points[oldest];
        oldest++;
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

  const RULES = { points_pool: pointsPool };

  return (s) => {
    const found = RULES[s.rule](s);
    found.paid = sum(found.received);
    return found;
  };
})();
