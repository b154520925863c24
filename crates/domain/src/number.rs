//! Numbers as people read them.

/// A whole number with its thousands apart: `12,345`.
#[must_use]
pub fn grouped(number: impl ToString) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        let of = [0_u64, 12, 999, 1_000, 1_440, 1_234_567].map(grouped);
        assert_eq!(of, ["0", "12", "999", "1,000", "1,440", "1,234,567"]);
        assert_eq!(grouped(100_000_usize), "100,000");
    }
}
