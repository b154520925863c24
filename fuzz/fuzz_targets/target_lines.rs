//! Targets as lines, and variables as lines: what can be read is valid, and reads back from what it is written as.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mf_domain::targets::{LineError, parse_lines, to_lines, validate, variables};

fuzz_target!(|text: &str| {
    match parse_lines(text) {
        Ok(targets) => {
            assert_eq!(validate(&targets).as_ref(), Ok(&targets));
            assert_eq!(parse_lines(&to_lines(&targets)).as_ref(), Ok(&targets));
        }
        Err(errors) => in_order(text, &errors),
    }
    match variables::parse(text) {
        Ok(read) => assert_eq!(variables::parse(&variables::to_text(&read)).as_ref(), Ok(&read)),
        Err(errors) => in_order(text, &errors),
    }
});

/// Every error names a line of the text.
fn in_order(text: &str, errors: &[LineError]) {
    let lines = text.split(['\n', '\r']).count();
    assert!(!errors.is_empty());
    assert!(errors.iter().all(|error| (1..=lines).contains(&error.line)), "{errors:?}");
    assert!(errors.windows(2).all(|pair| pair[0].line < pair[1].line), "{errors:?}");
}
