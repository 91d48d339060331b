// Stripe's amounts are in its own minor unit, which is not that of Intl for every currency. https://docs.stripe.com/currencies

const WHOLE = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf".split(" ");
const THOUSANDTHS = "bhd jod kwd omr tnd".split(" ");

/** How many decimals Stripe's amounts in `currency` have. */
export function decimals(currency: string): number {
  const code = currency.toLowerCase();
  if (WHOLE.includes(code)) return 0;
  return THOUSANDTHS.includes(code) ? 3 : 2;
}
