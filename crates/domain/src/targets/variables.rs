//! Variables of a target as text: one `key = value` per line.

use super::{LineError, VARIABLES_MAX, check_variable_key, lines, on_one_line, trimmed};
use crate::Invalid;
use std::collections::BTreeMap;

/// Reads variables. Blank lines are ignored; the first `=` of a line ends the key.
///
/// # Errors
/// Every line that is wrong, in order: no `=`, a key that cannot be one or that an earlier line has, no value, a value
/// that is too long, one variable too many.
pub fn parse(text: &str) -> Result<BTreeMap<String, String>, Vec<LineError>> {
    let mut variables = BTreeMap::new();
    let mut errors = Vec::new();
    for (line, number) in lines(text).zip(1..).filter(|(line, _)| !trimmed(line).is_empty()) {
        match parse_line(line) {
            Ok((key, _)) if variables.contains_key(&key) => {
                errors.push(LineError::new(number, format!("there is another variable {key}")));
            }
            Ok(_) if variables.len() == VARIABLES_MAX => {
                errors.push(LineError::new(number, format!("more than {VARIABLES_MAX} variables")));
                break;
            }
            Ok((key, value)) => drop(variables.insert(key, value)),
            Err(invalid) => errors.push(LineError::new(number, invalid.message)),
        }
    }
    if errors.is_empty() { Ok(variables) } else { Err(errors) }
}

fn parse_line(line: &str) -> Result<(String, String), Invalid> {
    let (key, value) = line
        .split_once('=')
        .ok_or_else(|| Invalid::new("key", "write key = value, for example ip = 10.0.0.1"))?;
    let key = trimmed(key);
    check_variable_key(key).map_err(|invalid| Invalid::new("key", format!("the key {}", invalid.message)))?;
    let value = on_one_line("value", value)
        .map_err(|invalid| Invalid::new("value", format!("the value {}", invalid.message)))?;
    Ok((key.to_owned(), value.ok_or_else(|| Invalid::new("value", "there is no value after ="))?))
}

/// The text that [`parse`] reads back to the same variables.
#[must_use]
pub fn to_text(variables: &BTreeMap<String, String>) -> String {
    let mut text = String::new();
    for (key, value) in variables {
        text.push_str(key);
        text.push_str(" = ");
        text.push_str(value);
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_become_variables_and_lines_again() {
        let read = parse("ip = 10.0.0.1\r\n\n os=Windows Server = 2025 \n").unwrap();
        let expected = [("ip", "10.0.0.1"), ("os", "Windows Server = 2025")];
        assert_eq!(read, expected.map(|(key, value)| (key.to_owned(), value.to_owned())).into());
        assert_eq!(parse(&to_text(&read)).unwrap(), read);
        assert_eq!(parse(" \n"), Ok(BTreeMap::new()));
    }

    #[test]
    fn every_wrong_line_is_named() {
        let text = format!("ip = 1\nIP = 2\nnothing\nip = 3\nsite = Rome\nos =\nlong = {}", "x".repeat(501));
        let errors = parse(&text).unwrap_err();
        let lines: Vec<usize> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 6, 7]);
        assert_eq!(errors[2].message, "there is another variable ip");
        assert!(errors[3].message.contains("field of every target"), "{}", errors[3].message);
        let many: String = (0..=VARIABLES_MAX).map(|n| format!("k{n} = v\n")).collect();
        assert_eq!(parse(&many).unwrap_err()[0].line, VARIABLES_MAX + 1);
    }
}
