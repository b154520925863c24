//! iCalendar files of any kind. What is imported can be saved as it is, reads back from what is saved,
//! and can be kept clear of.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mf_domain::policy::{Blackout, BlackoutEntry, blackout, ical};

fuzz_target!(|text: &str| {
    match ical::read(text) {
        Ok(imported) => {
            let entries = imported.entries;
            assert_eq!(blackout::validate(entries.clone()).as_ref(), Ok(&entries));
            let json = serde_json::to_string(&entries).expect("entries can be written");
            let again: Vec<BlackoutEntry> = serde_json::from_str(&json).expect("what was written reads");
            assert_eq!(again, entries);
            Blackout::new([("File", entries.as_slice())]).expect("what was read can be looked up");
        }
        Err(refused) => assert_eq!(refused.field, "ical"),
    }
});
