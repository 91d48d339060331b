//! Numbers as people read them.

/// Returns `number` with `mark` between each three digits, as people read it.
#[must_use]
pub fn grouped(number: u64, mark: char) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len().saturating_mul(2));
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(mark);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_end() {
        let numbers = [0, 999, 1_000, 12_345, 1_000_000, u64::MAX];
        let said = numbers.map(|number| grouped(number, ','));
        assert_eq!(said, ["0", "999", "1,000", "12,345", "1,000,000", "18,446,744,073,709,551,615"]);
        assert_eq!(grouped(100_000, '.'), "100.000");
    }
}
