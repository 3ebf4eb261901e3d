/** 0.6 %, of what is paid. */
const FEE_PER_MILLE = 6;

/**
 * What both Chinese channels take of a payment, and what each of its refunds gives back; in fen. The fee is rounded
 * half up. A refund gives back of the fee that is left as much as it takes of the amount that is left, rounded half to
 * even, so that all of it is back in the end. From documents: what merchants were told of WeChat Pay's rounding, and
 * bills that they show; at Alipay it is a matter of the contract whether a refund gives anything back.
 */
export function feesOf(
  total: number,
  refunds: readonly number[],
): { readonly fee: number; readonly back: readonly number[] } {
  const fee = Math.floor((total * FEE_PER_MILLE + 500) / 1000);
  let left = { amount: total, fee };
  const back = refunds.map((amount) => {
    const share = shareOf(left.fee, amount, left.amount);
    left = { amount: left.amount - amount, fee: left.fee - share };
    return share;
  });
  return { fee, back };
}

/** `fee * part / whole`, half to even; exact, as the product may be more than a number holds. */
function shareOf(fee: number, part: number, whole: number): number {
  if (part === 0) return 0;
  const [dividend, divisor] = [BigInt(fee) * BigInt(part), BigInt(whole)];
  const [quotient, twice] = [dividend / divisor, (dividend % divisor) * 2n];
  const up = twice > divisor || (twice === divisor && quotient % 2n === 1n);
  return Number(quotient + (up ? 1n : 0n));
}
