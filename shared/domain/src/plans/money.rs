//! Prices: an amount of a currency for each billing interval.

use crate::named;
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use tinystr::TinyAsciiStr;

named! {
    /// Interval at which a plan is paid.
    #[derive(PartialOrd, Ord, Hash)]
    #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = BillingInterval))]
    pub enum Interval or UnknownInterval {
        /// Every month.
        Month = "month",
        /// Every year.
        Year = "year",
    }
}

/// ISO 4217 currency code in lower case, as Stripe writes it.
/// <https://docs.stripe.com/currencies>
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(
    feature = "openapi",
    derive(utoipa::ToSchema),
    schema(value_type = String, pattern = "^[a-z]{3}$", example = "usd")
)]
#[serde(try_from = "String", into = "String")]
pub struct Currency(TinyAsciiStr<3>);

/// The text is not a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be the code of a currency in lower case, such as usd")]
pub struct InvalidCurrency;

impl Currency {
    /// The United States dollar.
    pub const USD: Self = Self::literal("usd");

    /// The currency `code`, for constants.
    ///
    /// # Panics
    /// If `code` is not a currency.
    #[must_use]
    #[expect(clippy::panic, reason = "a constant that is wrong does not compile")]
    pub const fn literal(code: &str) -> Self {
        match parse(code) {
            Some(code) => Self(code),
            None => panic!("not a currency"),
        }
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An amount in the currency's minor unit as text, such as `29.00 USD`.
    #[must_use]
    pub fn write(&self, amount: u64) -> String {
        let code = self.0.as_str().to_uppercase();
        let decimals = self.decimals();
        let unit = 10_u64.pow(decimals);
        let (whole, rest) = (amount / unit, amount % unit);
        match usize::try_from(decimals) {
            Ok(width) if width > 0 => format!("{whole}.{rest:0width$} {code}"),
            Ok(_) | Err(_) => format!("{whole} {code}"),
        }
    }

    /// Number of decimals of the minor unit in which Stripe states amounts.
    /// <https://docs.stripe.com/currencies#zero-decimal>
    fn decimals(&self) -> u32 {
        match self.0.as_str() {
            "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf" | "vnd" | "vuv" | "xaf"
            | "xof" | "xpf" => 0,
            "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
            _ => 2,
        }
    }
}

/// Returns the code, if `text` is one.
const fn parse(text: &str) -> Option<TinyAsciiStr<3>> {
    let [b'a'..=b'z', b'a'..=b'z', b'a'..=b'z'] = text.as_bytes() else { return None };
    match TinyAsciiStr::try_from_str(text) {
        Ok(code) => Some(code),
        Err(_) => None,
    }
}

impl FromStr for Currency {
    type Err = InvalidCurrency;

    fn from_str(text: &str) -> Result<Self, InvalidCurrency> {
        parse(text).map(Self).ok_or(InvalidCurrency)
    }
}

impl TryFrom<String> for Currency {
    type Error = InvalidCurrency;

    fn try_from(text: String) -> Result<Self, InvalidCurrency> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.as_str().to_owned()
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Price of a plan for one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Price {
    /// The billing interval.
    pub interval: Interval,
    /// The currency.
    pub currency: Currency,
    /// Amount in the currency's minor unit, for example cents; currencies such as JPY have none.
    /// <https://docs.stripe.com/currencies#minor-units>
    pub amount: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn currencies_are_three_lower_case_letters() {
        let usd = "usd".parse::<Currency>().unwrap();
        assert_eq!((usd, serde_json::to_value(usd).unwrap()), (Currency::literal("usd"), "usd".into()));
        for text in ["", "us", "USD", "usdt", "u5d", "ééé"] {
            assert_eq!(text.parse::<Currency>(), Err(InvalidCurrency), "{text}");
        }
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        let written = |code, amount| Currency::literal(code).write(amount);
        assert_eq!([written("usd", 29_00), written("usd", 5)], ["29.00 USD", "0.05 USD"]);
        assert_eq!([written("jpy", 2_900), written("kwd", 29_000)], ["2900 JPY", "29.000 KWD"]);
    }

    #[test]
    fn written_intervals_parse_back() {
        assert!(Interval::ALL.into_iter().all(|interval| interval.name().parse() == Ok(interval)));
        assert_eq!("monthly".parse::<Interval>(), Err(UnknownInterval));
    }
}
