//! Files as calendars write them, and the examples of RFC 5545 with the dates it gives for them.

use super::*;
use crate::policy::BlackoutEntry;

fn calendar(body: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{}\r\nEND:VCALENDAR\r\n",
        body.trim().replace('\n', "\r\n")
    )
}

fn event(lines: &str) -> String {
    calendar(&format!("BEGIN:VEVENT\nUID:1@test\n{}\nEND:VEVENT", lines.trim()))
}

fn entries(lines: &str) -> Vec<String> {
    told(&read(&event(lines)).unwrap().entries)
}

fn told(entries: &[BlackoutEntry]) -> Vec<String> {
    let tell = |entry: &BlackoutEntry| match entry {
        BlackoutEntry::Days { from, to: None, .. } => from.to_string(),
        BlackoutEntry::Days { from, to: Some(to), .. } => format!("{from}..{to}"),
        BlackoutEntry::Hours { from, to, zone, .. } => {
            let zone = zone.as_deref().unwrap_or("-");
            format!("{}..{} {zone}", from.format("%Y-%m-%dT%H:%M"), to.format("%Y-%m-%dT%H:%M"))
        }
    };
    entries.iter().map(tell).collect()
}

fn refused(text: &str) -> String {
    let invalid = read(text).unwrap_err();
    assert_eq!(invalid.field, "ical");
    invalid.message
}

#[test]
fn whole_days_and_hours_are_told_apart() {
    assert_eq!(entries("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"), ["2026-12-24..2026-12-26"]);
    assert_eq!(entries("DTSTART;VALUE=DATE:20261224"), ["2026-12-24"]);
    assert_eq!(
        entries("DTSTART:20261224T180000Z\nDTEND:20261225T060000Z"),
        ["2026-12-24T18:00..2026-12-25T06:00 UTC"]
    );
    assert_eq!(
        entries("DTSTART;TZID=Europe/Berlin:20261224T180000\nDURATION:PT12H30M"),
        ["2026-12-24T18:00..2026-12-25T06:30 Europe/Berlin"]
    );
    assert_eq!(
        entries("DTSTART:20261224T180000\nDTEND:20261224T190000"),
        ["2026-12-24T18:00..2026-12-24T19:00 -"]
    );
    // A leap second.
    assert_eq!(
        entries("DTSTART:20261231T235960Z\nDURATION:PT1M"),
        ["2026-12-31T23:59..2027-01-01T00:01 UTC"]
    );
    // An end in another zone, odd seconds, and what takes no time.
    assert_eq!(
        entries("DTSTART;TZID=Europe/Berlin:20261224T180030\nDTEND:20261224T180001Z"),
        ["2026-12-24T18:00..2026-12-24T19:01 Europe/Berlin"]
    );
}

#[test]
fn names_are_unfolded_and_unescaped_and_cancelled_events_are_left_out() {
    let file = calendar(
        "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nSUMMARY:Change freeze\\, all si\n tes\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:2\nDTSTART;VALUE=DATE:20261225\nSTATUS:CANCELLED\nEND:VEVENT\n\
         BEGIN:VTODO\nUID:3\nDUE;VALUE=DATE:20261226\nEND:VTODO",
    );
    let imported = read(&file).unwrap();
    assert_eq!((imported.events, imported.ignored), (1, 1));
    assert_eq!(imported.entries[0].label(), "Change freeze, all sites");
}

#[test]
fn a_file_that_holds_nothing_to_keep_clear_of_is_refused() {
    assert!(refused(&calendar("X-WR-CALNAME:Nothing")).contains("is empty"));
    let to_dos = "BEGIN:VTODO\nUID:1\nDUE;VALUE=DATE:20261226\nEND:VTODO";
    let message = refused(&calendar(&format!("{to_dos}\nBEGIN:VJOURNAL\nUID:2\nEND:VJOURNAL\n{to_dos}")));
    assert!(message.ends_with("only VJOURNAL, VTODO"), "{message}");
    // Busy times beside events, too: a part of a blackout would let runs through.
    let busy = "BEGIN:VFREEBUSY\nFREEBUSY:19970308T160000Z/PT3H\nEND:VFREEBUSY";
    let one = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nEND:VEVENT";
    for file in [busy.to_owned(), format!("{one}\n{busy}")] {
        assert!(refused(&calendar(&file)).contains("VFREEBUSY"), "{file}");
    }
    assert!(refused(&event("DTSTART:20261224T180000Z")).contains("takes no time"));
    assert!(refused(&event("DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED")).contains("cancelled"));
    let some = calendar(&format!("{one}\nBEGIN:VEVENT\nUID:2\nDTSTART:20261224T180000Z\nEND:VEVENT"));
    let some = read(&some).unwrap();
    assert_eq!((some.entries.len(), some.events, some.ignored), (1, 1, 1));
}

#[test]
fn names_mean_the_same_in_any_case() {
    let file = event(
        "SUMMARY:Freeze\nDTSTART;TZID=Europe/Berlin:20261201T220000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n\
         EXDATE;TZID=Europe/Berlin:20261202T220000\nRDATE;TZID=Europe/Berlin:20261224T220000",
    );
    let as_written = read(&file).unwrap();
    assert_eq!((as_written.entries.len(), as_written.entries[0].label()), (3, "Freeze"));
    for name in [
        "BEGIN:",
        "END:",
        "VCALENDAR",
        "VEVENT",
        "SUMMARY",
        "DTSTART",
        "TZID=",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
    ] {
        let capital = format!("{}{}", &name[..1], name[1..].to_ascii_lowercase());
        for spelt in [name.to_ascii_lowercase(), capital] {
            let other = file.replace(name, &spelt);
            assert_ne!(other, file, "{name}");
            assert_eq!(read(&other).as_ref(), Ok(&as_written), "{spelt}");
        }
    }
    // Begun in one case, ended in the other; and the parts of a zone.
    assert_eq!(read(&file.replacen("VEVENT", "vEvent", 1)), Ok(as_written));
    let rules = "BEGIN:VTIMEZONE\nTZID:Here\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0530\n\
                 TZOFFSETTO:+0530\nEND:STANDARD\nEND:VTIMEZONE";
    let single = "BEGIN:VEVENT\nDTSTART;TZID=Here:20261224T180000\nDURATION:PT1H\nEND:VEVENT";
    let lower = |line: &str| match line.split_once(':') {
        Some((name, value)) if matches!(name, "BEGIN" | "END") => format!("{name}:{}", value.to_lowercase()),
        Some((name, value)) => format!("{}:{value}", name.to_lowercase()),
        None => line.to_owned(),
    };
    let rules: Vec<String> = rules.lines().map(|line| lower(line.trim())).collect();
    let indian = read(&calendar(&format!("{}\n{single}", rules.join("\n"))));
    assert_eq!(told(&indian.unwrap().entries), ["2026-12-24T18:00..2026-12-24T19:00 Asia/Kolkata"]);
    assert!(refused(&event("DTSTART;VALUE=DATE:20261224\nexrule:FREQ=WEEKLY")).contains("EXRULE"));
    assert!(refused(&format!("{file}{file}")).contains("several calendars"));
}

#[test]
fn days_in_a_row_with_one_name_are_one_entry() {
    assert_eq!(entries("DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY;COUNT=3"), ["2026-12-24..2026-12-26"]);
    assert_eq!(entries("DTSTART;VALUE=DATE:20261224\nRRULE:FREQ=DAILY"), ["2026-12-24..2101-01-01"]);
}

#[test]
fn what_is_excluded_added_or_moved_by_itself() {
    assert_eq!(
        entries(
            "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;COUNT=4\nEXDATE;VALUE=DATE:20261208,20261215\nRDATE;VALUE=DATE:20261217"
        ),
        ["2026-12-01", "2026-12-17", "2026-12-22"]
    );
    // In UTC, while the event has a zone.
    assert_eq!(
        entries(
            "DTSTART;TZID=Europe/Berlin:20261201T220000\nDTEND;TZID=Europe/Berlin:20261201T230000\nRRULE:FREQ=DAILY;UNTIL=20261203T210000Z\nEXDATE:20261202T210000Z"
        ),
        [
            "2026-12-01T22:00..2026-12-01T23:00 Europe/Berlin",
            "2026-12-03T22:00..2026-12-03T23:00 Europe/Berlin",
        ]
    );
    let moved = calendar(
        "BEGIN:VEVENT\nUID:w\nDTSTART;VALUE=DATE:20261201\nRRULE:FREQ=WEEKLY;COUNT=3\nEND:VEVENT\n\
         BEGIN:VEVENT\nUID:w\nRECURRENCE-ID;VALUE=DATE:20261208\nDTSTART;VALUE=DATE:20261210\nEND:VEVENT",
    );
    assert_eq!(told(&read(&moved).unwrap().entries), ["2026-12-01", "2026-12-10", "2026-12-15"]);
}

/// The starts of a rule of RFC 5545, section 3.8.5.3, which all begin at nine in New York.
fn rfc(start: &str, rule: &str, take: usize) -> Vec<String> {
    let lines = format!("DTSTART;TZID=America/New_York:{start}T090000\nDURATION:PT1H\nRRULE:{rule}");
    let text = event(&lines);
    let found = read(&text).unwrap_or_else(|invalid| panic!("{rule}: {invalid}")).entries;
    told(&found).into_iter().take(take).map(|entry| entry[..10].to_owned()).collect()
}

#[test]
fn the_examples_of_the_standard() {
    let ten = |prefix: &str, days: &[u32]| -> Vec<String> {
        days.iter().map(|day| format!("{prefix}-{day:02}")).collect()
    };
    let of = |parts: &[Vec<String>]| parts.concat();
    assert_eq!(rfc("19970902", "FREQ=DAILY;COUNT=10", 20), ten("1997-09", &[2, 3, 4, 5, 6, 7, 8, 9, 10, 11]));
    assert_eq!(
        rfc("19970902", "FREQ=DAILY;INTERVAL=10;COUNT=5", 20),
        of(&[ten("1997-09", &[2, 12, 22]), ten("1997-10", &[2, 12])])
    );
    assert_eq!(
        rfc("19980101", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA", 99).len(),
        93
    );
    assert_eq!(rfc("19980101", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", 99).len(), 93);
    assert_eq!(
        rfc("19970902", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH", 99),
        of(&[ten("1997-09", &[2, 4, 9, 11, 16, 18, 23, 25, 30]), ten("1997-10", &[2])])
    );
    assert_eq!(
        rfc("19970902", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH", 99),
        of(&[ten("1997-09", &[2, 4, 16, 18, 30]), ten("1997-10", &[2, 14, 16])])
    );
    // The start of the week makes a difference.
    assert_eq!(
        rfc("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", 99),
        ten("1997-08", &[5, 10, 19, 24])
    );
    assert_eq!(
        rfc("19970805", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", 99),
        ten("1997-08", &[5, 17, 19, 31])
    );
    assert_eq!(
        rfc("19970905", "FREQ=MONTHLY;COUNT=4;BYDAY=1FR", 99),
        ["1997-09-05", "1997-10-03", "1997-11-07", "1997-12-05"]
    );
    assert_eq!(
        rfc("19970907", "FREQ=MONTHLY;INTERVAL=2;COUNT=6;BYDAY=1SU,-1SU", 99),
        ["1997-09-07", "1997-09-28", "1997-11-02", "1997-11-30", "1998-01-04", "1998-01-25"]
    );
    assert_eq!(
        rfc("19970922", "FREQ=MONTHLY;COUNT=3;BYDAY=-2MO", 99),
        ["1997-09-22", "1997-10-20", "1997-11-17"]
    );
    assert_eq!(
        rfc("19970928", "FREQ=MONTHLY;BYMONTHDAY=-3", 4),
        ["1997-09-28", "1997-10-29", "1997-11-28", "1997-12-29"]
    );
    assert_eq!(
        rfc("19970902", "FREQ=MONTHLY;COUNT=4;BYMONTHDAY=2,15", 99),
        ["1997-09-02", "1997-09-15", "1997-10-02", "1997-10-15"]
    );
    assert_eq!(
        rfc("19970913", "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13", 3),
        ["1997-09-13", "1997-10-11", "1997-11-08"]
    );
    assert_eq!(
        rfc("19970610", "FREQ=YEARLY;COUNT=4;BYMONTH=6,7", 99),
        ["1997-06-10", "1997-07-10", "1998-06-10", "1998-07-10"]
    );
    assert_eq!(
        rfc("19970101", "FREQ=YEARLY;INTERVAL=3;COUNT=5;BYYEARDAY=1,100,200", 99),
        ["1997-01-01", "1997-04-10", "1997-07-19", "2000-01-01", "2000-04-09"]
    );
    assert_eq!(rfc("19970519", "FREQ=YEARLY;BYDAY=20MO", 3), ["1997-05-19", "1998-05-18", "1999-05-17"]);
    assert_eq!(
        rfc("19970313", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH", 4),
        ["1997-03-13", "1997-03-20", "1997-03-27", "1998-03-05"]
    );
    // The first Tuesday after a Monday in November, every four years.
    assert_eq!(
        rfc("19961105", "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", 3),
        ["1996-11-05", "2000-11-07", "2004-11-02"]
    );
    assert_eq!(
        rfc("19970904", "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", 99),
        ["1997-09-04", "1997-10-07", "1997-11-06"]
    );
    assert_eq!(
        rfc("19970929", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2", 4),
        ["1997-09-29", "1997-10-30", "1997-11-27", "1997-12-30"]
    );
    // Days that a month does not have are left out.
    assert_eq!(
        rfc("20070115", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", 99),
        ["2007-01-15", "2007-01-30", "2007-02-15", "2007-03-15", "2007-03-30"]
    );
    assert_eq!(rfc("20240229", "FREQ=YEARLY", 2), ["2024-02-29", "2028-02-29"]);
    assert_eq!(rfc("20240131", "FREQ=MONTHLY", 3), ["2024-01-31", "2024-03-31", "2024-05-31"]);
}

#[test]
fn zones_are_found_by_name_by_path_and_by_their_rules() {
    let zone = |tzid: &str, definition: &str| {
        let event =
            format!("BEGIN:VEVENT\nUID:1\nDTSTART;TZID={tzid}:20261224T180000\nDURATION:PT1H\nEND:VEVENT");
        let read = read(&calendar(&format!("{definition}\n{event}")));
        read.map(|imported| told(&imported.entries)[0].split(' ').nth(1).unwrap().to_owned())
    };
    let rules = |tzid: &str, standard: &str, daylight: &str| {
        let part = |name: &str, text: &str| format!("BEGIN:{name}\n{text}\nEND:{name}");
        let daylight = if daylight.is_empty() { String::new() } else { part("DAYLIGHT", daylight) + "\n" };
        let standard = part("STANDARD", standard);
        format!("BEGIN:VTIMEZONE\nTZID:{tzid}\n{daylight}{standard}\nEND:VTIMEZONE")
    };
    assert_eq!(zone("America/New_York", "").unwrap(), "America/New_York");
    assert_eq!(zone("/citadel.org/20250101_1/Europe/Berlin", "").unwrap(), "Europe/Berlin");
    let standard = "DTSTART:16010101T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10";
    let daylight = "DTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3";
    let outlook = "W. Europe Standard Time";
    assert_eq!(zone(outlook, &rules(outlook, standard, daylight)).unwrap(), "Europe/Berlin");
    let india = "DTSTART:16010101T000000\nTZOFFSETFROM:+0530\nTZOFFSETTO:+0530";
    assert_eq!(zone("India", &rules("India", india, "")).unwrap(), "Asia/Kolkata");
    let invented = "DTSTART:16010101T000000\nTZOFFSETFROM:+0137\nTZOFFSETTO:+0137";
    let message = zone("Base", &rules("Base", invented, "")).unwrap_err().message;
    assert!(message.contains("“Base”"), "{message}");
    assert!(zone("Nowhere", "").unwrap_err().message.contains("“Nowhere”"));
}

#[test]
fn hours_of_a_duration_pass_while_days_are_those_of_the_wall() {
    let new_york = |start: &str, length: &str| {
        entries(&format!("DTSTART;TZID=America/New_York:{start}\nDURATION:{length}"))[0].clone()
    };
    // The clocks go forward on 8 March 2026 and back on 1 November.
    assert_eq!(new_york("20260307T220000", "PT8H"), "2026-03-07T22:00..2026-03-08T07:00 America/New_York");
    assert_eq!(new_york("20261031T220000", "PT8H"), "2026-10-31T22:00..2026-11-01T05:00 America/New_York");
    assert_eq!(new_york("20260307T220000", "P1D"), "2026-03-07T22:00..2026-03-08T22:00 America/New_York");
    assert_eq!(new_york("20260307T013000", "P1DT1H"), "2026-03-07T01:30..2026-03-08T03:30 America/New_York");
    // In the hour that is skipped, it starts as if the clocks had not been changed yet.
    assert_eq!(new_york("20260308T023000", "PT1H"), "2026-03-08T02:30..2026-03-08T04:30 America/New_York");
    // An end that the wall clock shows before the start.
    assert_eq!(new_york("20261101T014500", "PT30M"), "2026-11-01T05:45..2026-11-01T06:15 UTC");
    // Each of those that repeat by itself.
    assert_eq!(
        entries("DTSTART;TZID=America/New_York:20260306T220000\nDURATION:PT8H\nRRULE:FREQ=DAILY;COUNT=2"),
        [
            "2026-03-06T22:00..2026-03-07T06:00 America/New_York",
            "2026-03-07T22:00..2026-03-08T07:00 America/New_York"
        ]
    );
    // Without a zone there is only the wall.
    assert_eq!(entries("DTSTART:20260307T220000\nDURATION:PT8H"), ["2026-03-07T22:00..2026-03-08T06:00 -"]);
}

#[test]
fn what_began_long_ago_goes_on_to_the_last_year() {
    for (start, end) in [("18000101", "2101-01-01"), ("16010101", "2101-01-01")] {
        let lines = format!("DTSTART;VALUE=DATE:{start}\nRRULE:FREQ=DAILY");
        let [one] = &entries(&lines)[..] else { panic!("{lines}") };
        assert!(one.ends_with(end), "{one}");
    }
    // The first counts, whether the rule names it or not.
    let days = entries("DTSTART;VALUE=DATE:18000101\nRRULE:FREQ=DAILY;BYMONTH=12;BYMONTHDAY=24");
    assert_eq!((days.len(), days.last().map(String::as_str)), (302, Some("2100-12-24")));
}

#[test]
fn what_asks_for_too_much_is_refused_before_it_is_done() {
    let too_much = |body: &str| {
        let refused = read_within(&calendar(body), &Work::new(1_000_000)).unwrap_err();
        assert!(refused.message.contains("asks for too much"), "{refused:?}");
    };
    // Each event is looked for through five centuries and found never, or once.
    let never =
        "BEGIN:VEVENT\nDTSTART;VALUE=DATE:16010101\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30\nEND:VEVENT\n";
    too_much(&never.repeat(6));
    // Zones that none fits, each of which is looked for among all.
    let invented = |n: usize| {
        format!(
            "BEGIN:VTIMEZONE\nTZID:Z{n}\nBEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0137\nTZOFFSETTO:+0137\nEND:STANDARD\nEND:VTIMEZONE\n"
        )
    };
    let zones: String = (0..2).map(invented).collect();
    too_much(&format!("{zones}BEGIN:VEVENT\nDTSTART;VALUE=DATE:20261224\nEND:VEVENT"));
    // Exceptions of one event that thousands of events have to look through.
    let same = "BEGIN:VEVENT\nUID:1\nDTSTART;VALUE=DATE:20261224\nEND:VEVENT\n";
    let other =
        "BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;VALUE=DATE:20261224\nDTSTART;VALUE=DATE:20261225\nEND:VEVENT\n";
    let many = format!("{}{}", same.repeat(1_001), other.repeat(1_001));
    too_much(&many);
}

#[test]
fn what_cannot_be_honoured_in_full_is_refused_by_name() {
    for (lines, named) in [
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=HOURLY", "FREQ=HOURLY"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYHOUR=3", "BYHOUR=3"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=YEARLY;BYWEEKNO=20", "BYWEEKNO=20"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL=0"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:COUNT=3", "FREQ"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=2MO", "fit together"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXRULE:FREQ=WEEKLY", "EXRULE"),
        ("DTSTART:20261324T180000Z\nDURATION:PT1H", "20261324T180000Z"),
        ("DTSTART:20261224T180000Z\nDURATION:one hour", "one hour"),
        ("DTSTART:20261224T180000Z\nDTEND;VALUE=DATE:20261225", "DTEND one is a date"),
        ("DTSTART;VALUE=DATE:20261224\nEXDATE:20261224T000000Z", "EXDATE one is a date"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nEXDATE;VALUE=DATE:20261224", "EXDATE one is a date"),
        ("DTSTART:20261224T180000Z\nDURATION:PT1H\nRDATE;VALUE=DATE:20261226", "RDATE one is a date"),
        ("DTSTART:20261224T180000Z\nDTEND:20261224T170000Z", "before its start"),
        ("DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261223", "before its start"),
        ("DURATION:PT1H", "DTSTART"),
        // Each of these once ended the program: numbers beyond all time, and the one number without an opposite.
        ("DTSTART:20261224T180000Z\nDURATION:P99999999W", "century"),
        ("DTSTART;VALUE=DATE:20261224\nDURATION:P999999999D", "century"),
        (
            "DTSTART:20261224T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTHDAY=-2147483648",
            "BYMONTHDAY=-2147483648",
        ),
        ("DTSTART:99991231T233000Z\nDURATION:PT1H", "1601 to 9999"),
        (
            "DTSTART;TZID=America/New_York:16010102T000000\nDURATION:PT1H\nRDATE:16010101T000000Z",
            "1601 to 9999",
        ),
        ("DTSTART:00010101T180000Z\nDURATION:PT1H", "00010101T180000Z"),
    ] {
        let message = refused(&event(lines));
        assert!(message.contains(named), "{lines}: {message}");
    }
    assert!(refused("hello").contains("BEGIN:VCALENDAR"));
    refused("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n");
    assert!(refused(&calendar(&"BEGIN:X\n".repeat(100_000))).contains("deeply"));
    assert!(refused(&" ".repeat(FILE_MAX + 1)).contains("5 MiB"));
    let often = "DTSTART:20260101T180000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY";
    assert!(refused(&event(often)).contains("more than 20000"));
}
