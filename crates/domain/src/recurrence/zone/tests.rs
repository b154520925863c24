use super::*;

fn zone(name: &str) -> Zone {
    Zone::named(name).unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn local(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

#[test]
fn names_are_those_of_the_database() {
    assert_eq!(zone("europe/london").name(), "Europe/London");
    assert_eq!(zone("AMERICA/PORT-AU-PRINCE").name(), "America/Port-au-Prince");
    assert_eq!(zone("utc").name(), "UTC");
    assert_eq!(zone("Etc/UTC").name(), "Etc/UTC");
    assert_eq!(zone("Canada/Pacific").name(), "Canada/Pacific");
    for wrong in [
        "",
        " ",
        "local",
        "Local",
        "system",
        "Europe/Londres",
        " Europe/London",
        "EST5EDT,M3.2.0,M11.1.0",
        "<-03>3",
        "+02:00",
        "UTC+2",
        "Etc/Unknown",
        "Factory",
        ":Europe/London",
        "../Europe/London",
        "/etc/localtime",
    ] {
        let refusal = Zone::named(wrong).unwrap_err();
        assert_eq!(refusal.field, "timezone", "{wrong}");
    }
    assert!(Zone::named(&"x".repeat(10_000)).unwrap_err().message.len() < 200);
}

#[test]
fn every_name_of_the_picker_is_a_zone() {
    let names = zone_names();
    assert!(names.len() > 590 && names.contains(&"UTC") && names.is_sorted());
    for name in names {
        assert_eq!(zone(name).name(), name);
    }
}

#[test]
fn the_database_is_the_bundled_one() {
    let version = zone_database_version();
    assert!(version >= "2026e", "{version} is older than the rules pinned below");
}

/// What IANA 2025b (chrono-tz 0.10.4) has an hour wrong: thirteen of the 597 names both databases know, found by comparing
/// them all in steps of a quarter of an hour from 2026 to 2030. Seven are zones; the other six are links to these. The hours
/// are those that are right, as of IANA 2026e.
#[test]
fn zones_that_changed_after_2025b() {
    let (winter, change) = ("2027-01-15T12:00:00Z", "2027-03-28T00:30:00Z");
    for (name, links, instant, hours) in [
        // Back on UTC since 2026-09-20, no longer an hour ahead of it but for Ramadan.
        ("Africa/Casablanca", &[][..], winter, 0),
        ("Africa/El_Aaiun", &[], winter, 0),
        // Alberta, Bill 31 of 2026: the clocks of 2026-11-01 do not go back.
        ("America/Edmonton", &["America/Yellowknife", "Canada/Mountain"], winter, -6),
        ("America/Inuvik", &[], winter, -6),
        // British Columbia since 2026-03-08: https://news.gov.bc.ca/releases/2026AG0013-000209
        ("America/Vancouver", &["Canada/Pacific"], winter, -7),
        ("America/Winnipeg", &["America/Rainy_River", "Canada/Central"], winter, -5),
        // Moldova changes with the Union since 2026, at 01:00 UTC and not at 00:00.
        ("Europe/Chisinau", &["Europe/Tiraspol"], change, 2),
    ] {
        for name in [name].iter().chain(links) {
            assert_eq!(zone(name).to_local(at(instant)).1, hours * 3_600, "{name}");
        }
    }
}

#[test]
fn an_instant_has_a_local_time_offset_and_fold() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(berlin.to_local(at("2026-10-25T00:30:00Z")), (local("2026-10-25T02:30:00"), 7_200, 0));
    assert_eq!(berlin.to_local(at("2026-10-25T01:30:00Z")), (local("2026-10-25T02:30:00"), 3_600, 1));
    assert_eq!(berlin.to_local(at("2026-10-25T02:00:00Z")), (local("2026-10-25T03:00:00"), 3_600, 0));
    let kathmandu = zone("Asia/Kathmandu");
    assert_eq!(kathmandu.to_local(at("2026-01-01T00:00:00Z")), (local("2026-01-01T05:45:00"), 20_700, 0));
    // Nothing panics at the ends of time.
    let _ = berlin.to_local(DateTime::<Utc>::MAX_UTC);
    let _ = berlin.to_local(DateTime::<Utc>::MIN_UTC);
    let _ = berlin.resolve(NaiveDateTime::MAX);
    let _ = berlin.resolve(NaiveDateTime::MIN);
}

#[test]
fn a_local_time_comes_once_never_or_twice() {
    let berlin = zone("Europe/Berlin");
    assert_eq!(berlin.resolve(local("2026-07-01T12:00:00")), Resolved::Once(at("2026-07-01T10:00:00Z")));
    let gap = Resolved::Gap { end: at("2026-03-29T01:00:00Z") };
    assert_eq!(berlin.resolve(local("2026-03-29T02:00:00")), gap);
    assert_eq!(berlin.resolve(local("2026-03-29T02:59:00")), gap);
    assert_eq!(berlin.resolve(local("2026-03-29T03:00:00")), Resolved::Once(at("2026-03-29T01:00:00Z")));
    let fold = Resolved::Fold { first: at("2026-10-25T00:30:00Z"), second: at("2026-10-25T01:30:00Z") };
    assert_eq!(berlin.resolve(local("2026-10-25T02:30:00")), fold);
    let apia = zone("Pacific/Apia").resolve(local("2011-12-30T12:00:00"));
    assert_eq!(apia, Resolved::Gap { end: at("2011-12-30T10:00:00Z") });
    // Far in the future the last rule of the zone goes on.
    let later = berlin.resolve(local("2090-07-01T12:00:00"));
    assert_eq!(later, Resolved::Once(at("2090-07-01T10:00:00Z")));
}

#[test]
fn a_stretch_begins_with_its_transition() {
    let berlin = zone("Europe/Berlin");
    let change = at("2026-03-29T01:00:00Z").timestamp();
    let summer = berlin.stretch_at(change);
    assert_eq!((summer.start, summer.offset, summer.offset_before), (Some(change), 7_200, 3_600));
    assert_eq!(summer.end, Some(at("2026-10-25T01:00:00Z").timestamp()));
    let winter = berlin.stretch_at(change - 1);
    assert_eq!((winter.end, winter.offset, winter.offset_before), (Some(change), 3_600, 7_200));
    let utc = zone("UTC").stretch_at(change);
    assert_eq!(utc, Stretch { start: None, end: None, offset: 0, offset_before: 0 });
}
