//! Currencies, and amounts in their minor units (<https://docs.stripe.com/currencies>).

use serde::{Serialize, Serializer};
use std::{fmt, str::FromStr};
use thiserror::Error;

/// Codes of the supported currencies.
const CODES: &str = "usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd \
    cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf \
    idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr \
    mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp \
    sll sos srd std szl thb tjs tnd top try ttd twd tzs uah ugx uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw";

/// Currency that Stripe supports.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Currency(&'static str);

/// Code of no supported currency.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("Invalid currency: {0}. Stripe currently supports these currencies: {list}", list = CODES.replace(' ', ", "))]
pub struct UnknownCurrency(String);

impl Currency {
    /// US dollar.
    pub const USD: Self = Self("usd");

    /// Returns the code, in lower case.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0
    }

    /// Returns the number of decimals of the minor unit (<https://docs.stripe.com/currencies#zero-decimal>).
    #[must_use]
    pub fn decimals(self) -> usize {
        match self.0 {
            "bif" | "clp" | "djf" | "gnf" | "jpy" | "kmf" | "krw" | "mga" | "pyg" | "rwf" | "ugx" | "vnd" | "vuv"
            | "xaf" | "xof" | "xpf" => 0,
            "bhd" | "jod" | "kwd" | "omr" | "tnd" => 3,
            _ => 2,
        }
    }

    /// Returns the minimum amount of a card charge
    /// (<https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts>). For currencies without one in that table
    /// Stripe converts another currency's, which the stand-in does not model.
    pub(crate) fn minimum_charge(self) -> i64 {
        match self.0 {
            "usd" | "aud" | "brl" | "cad" | "chf" | "eur" | "inr" | "jpy" | "nzd" | "sgd" => 50,
            "gbp" => 30,
            "bgn" => 100,
            "aed" | "myr" | "pln" | "ron" => 200,
            "dkk" => 250,
            "nok" | "sek" => 300,
            "hkd" => 400,
            "mxn" | "thb" => 1_000,
            "czk" => 1_500,
            "huf" => 17_500,
            _ => 1,
        }
    }

    /// Formats an amount as Stripe's pages do: "$29.00", "¥500", "CHF 5.00".
    pub(crate) fn amount(self, minor: i64) -> String {
        match self.0 {
            "usd" => self.with("$", minor),
            "eur" => self.with("€", minor),
            "gbp" => self.with("£", minor),
            "jpy" => self.with("¥", minor),
            _ => self.with(&self.prefix(), minor),
        }
    }

    /// Formats an amount without letters outside of ASCII: "$29.00", "JPY 500".
    pub(crate) fn ascii_amount(self, minor: i64) -> String {
        if self == Self::USD { self.amount(minor) } else { self.with(&self.prefix(), minor) }
    }

    fn prefix(self) -> String {
        format!("{} ", self.0.to_uppercase())
    }

    fn with(self, symbol: &str, minor: i64) -> String {
        let sign = if minor < 0 { "-" } else { "" };
        let decimals = self.decimals();
        let digits = format!("{:0width$}", minor.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len().saturating_sub(decimals));
        let point = if decimals == 0 { "" } else { "." };
        format!("{sign}{symbol}{whole}{point}{part}")
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    /// Reads a code in any case.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let code = text.to_lowercase();
        let known = CODES.split(' ').find(|known| *known == code);
        known.map(Self).ok_or(UnknownCurrency(code))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(code: &str, minor: i64, expected: &str) {
        assert_eq!(code.parse::<Currency>().unwrap().amount(minor), expected, "{code} {minor}");
    }

    #[test]
    fn amounts_have_the_decimals_of_their_currency() {
        check("usd", 2_900, "$29.00");
        check("usd", 5, "$0.05");
        check("usd", -1_450, "-$14.50");
        check("EUR", 2_700, "€27.00");
        check("jpy", 500, "¥500");
        check("jpy", -500, "-¥500");
        check("krw", 0, "KRW 0");
        check("kwd", 5_120, "KWD 5.120");
        check("chf", 99, "CHF 0.99");
        assert_eq!(Currency("eur").ascii_amount(2_700), "EUR 27.00");
    }

    #[test]
    fn unknown_codes_are_refused_with_the_known_ones() {
        let refused = "XYZ".parse::<Currency>().unwrap_err().to_string();
        let expected = "Invalid currency: xyz. Stripe currently supports these currencies: usd, aed, afn, ";
        assert!(refused.starts_with(expected) && refused.ends_with("zar, zmw"), "{refused}");
        assert!("".parse::<Currency>().is_err() && "usd aed".parse::<Currency>().is_err());
    }
}
