use super::*;
use proptest::prelude::*;

fn parsed(expression: &str) -> CronExpr {
    CronExpr::parse(expression).unwrap_or_else(|refusal| panic!("{expression}: {refusal}"))
}

fn numbers(set: Numbers) -> Vec<u8> {
    set.iter().collect()
}

#[test]
fn fields_become_sorted_numbers() {
    let it = parsed("*/20 9-17/4 1,15,31 JAN,jul-Sep Mon-fri");
    assert_eq!(numbers(it.minutes()), [0, 20, 40]);
    assert_eq!(numbers(it.hours()), [9, 13, 17]);
    assert_eq!(numbers(it.days_of_month()), [1, 15, 31]);
    assert_eq!(numbers(it.months()), [1, 7, 8, 9]);
    assert_eq!(numbers(it.weekdays()), [1, 2, 3, 4, 5]);
    assert_eq!(numbers(parsed("59,0,7,0-2 * * * *").minutes()), [0, 1, 2, 7, 59]);
    assert_eq!(numbers(parsed("*/59 */23 * * *").minutes()), [0, 59]);
    assert_eq!(numbers(parsed("007 * * * *").minutes()), [7]);
    // Larger than the range, as in cronie: the first value alone.
    assert_eq!(numbers(parsed("*/90 * * * *").minutes()), [0]);
    assert_eq!(numbers(parsed("\t 5  4 *\t* sun ").hours()), [4]);
}

#[test]
fn sunday_is_0_and_7_and_may_end_a_range() {
    for (field, expected) in [
        ("0", &[0][..]),
        ("7", &[0]),
        ("sun", &[0]),
        ("5-SUN", &[0, 5, 6]),
        ("fri-sun", &[0, 5, 6]),
        ("5-7", &[0, 5, 6]),
        ("5-0", &[0, 5, 6]),
        ("5-7/2", &[0, 5]),
        ("sun-mon", &[0, 1]),
        ("0-7", &[0, 1, 2, 3, 4, 5, 6]),
        ("sun-sun", &[0]),
        ("7-sun", &[0]),
        ("*/2", &[0, 2, 4, 6]),
        ("*/7", &[0]),
        ("1-7/3", &[0, 1, 4]),
    ] {
        assert_eq!(numbers(parsed(&format!("0 0 * * {field}")).weekdays()), expected, "{field}");
    }
}

#[test]
fn macros_are_what_the_manual_says() {
    for (name, fields) in [
        ("@yearly", "0 0 1 1 *"),
        ("@annually", "0 0 1 1 *"),
        ("@monthly", "0 0 1 * *"),
        ("@weekly", "0 0 * * 0"),
        ("@daily", "0 0 * * *"),
        ("@midnight", "0 0 * * *"),
        (" @hourly ", "0 * * * *"),
    ] {
        assert_eq!(parsed(name), parsed(fields), "{name}");
    }
}

#[test]
fn a_star_decides_the_day_rule_and_what_is_fixed() {
    for (expression, rule) in [
        ("0 0 * * *", DayRule::Both),
        ("0 0 1 * 1", DayRule::Either),
        ("0 0 */2 * 1", DayRule::Both),
        ("0 0 1 * */2", DayRule::Both),
        ("0 0 *,1 * 1", DayRule::Both),
        // Not a star at the beginning: cronie takes either, so this is every day.
        ("0 0 1-31 * 1", DayRule::Either),
        ("0 0 1,* * 1", DayRule::Either),
    ] {
        assert_eq!(parsed(expression).day_rule(), rule, "{expression}");
    }
    assert!(parsed("0 0 1-31 * 1").is_every_day());
    assert!(!parsed("0 0 1 * 1").is_every_day());
    for (expression, fixed) in [
        ("0 2 * * *", true),
        ("0-59 0-23 * * *", true),
        ("* 2 * * *", false),
        ("*/5 2 * * *", false),
        ("0 */2 * * *", false),
        ("@daily", true),
        ("@hourly", false),
    ] {
        assert_eq!(parsed(expression).is_fixed(), fixed, "{expression}");
    }
}

#[test]
fn a_refusal_names_the_field() {
    for (expression, message) in [
        ("", "empty; five fields are needed: minute, hour, day of month, month, weekday"),
        ("  ", "empty"),
        ("* * * *", "five fields are needed: minute, hour, day of month, month, weekday; this has 4"),
        ("0 * * * * *", "this has 6, and seconds and years are not part of crontab"),
        ("0 0 * * * * 2026", "this has 7, and seconds"),
        ("1 2 3 4 5 6 7 8", "this has 8"),
        ("60 * * * *", "minute: 60 is out of range, 0 to 59"),
        ("* 24 * * *", "hour: 24 is out of range, 0 to 23"),
        ("* * 0 * *", "day of month: 0 is out of range, 1 to 31"),
        ("* * 32 * *", "day of month: 32 is out of range"),
        ("* * * 13 *", "month: 13 is out of range"),
        ("* * * 0 *", "month: 0 is out of range"),
        ("* * * * 8", "weekday: 8 is out of range, 0 to 7"),
        ("99999999999999999999 * * * *", "minute: 99999999999999999999 is out of range"),
        ("-1 * * * *", "minute: a number is missing"),
        ("1- * * * *", "minute: a number is missing"),
        (",1 * * * *", "minute: a comma without a value beside it"),
        ("* 1,,2 * * *", "hour: a comma without a value beside it"),
        ("* * 1, * *", "day of month: a comma"),
        ("*/0 * * * *", "minute: a step of 0 never gets anywhere"),
        ("*/ * * * *", "minute: the step “” is not a number"),
        ("*/x * * * *", "minute: the step “x” is not a number"),
        ("*/2/3 * * * *", "minute: the step “2/3” is not a number"),
        ("*/70000 * * * *", "minute: the step 70000 is out of range"),
        ("5/10 * * * *", "minute: a step needs * or a range before it, not the single 5"),
        ("0 0 * * mon/2", "weekday: a step needs * or a range"),
        ("30-10 * * * *", "minute: the range 30-10 runs backwards"),
        ("* 5-0 * * *", "hour: the range 5-0 runs backwards"),
        ("* * * dec-jan *", "month: the range dec-jan runs backwards"),
        ("* * * * fri-mon", "weekday: the range fri-mon runs backwards"),
        ("* * * * 7-1", "weekday: the range 7-1 runs backwards"),
        ("jan * * * *", "minute: “jan” is not a number"),
        ("* * * * jan", "weekday: “jan” is neither a number nor a name such as mon"),
        ("* * * january *", "month: “january” is neither"),
        ("*5 * * * *", "minute: “*5” is not a number"),
        ("1-2-3 * * * *", "minute: “2-3” is not a number"),
        ("+5 * * * *", "minute: “+5” is not a number"),
        ("٣ * * * *", "minute: “٣” is not a number"),
        ("? * * * *", "minute: “?” is not a number"),
        ("0 0 L * *", "day of month: “L” is not a number"),
        ("0 0 * * 5#2", "weekday: “5#2” is neither"),
        ("0~30 * * * *", "minute: “0~30” is not a number"),
        ("0 0 * * *\n", "weekday: “*\n” is neither"),
        ("@reboot", "@reboot has no time to run at"),
        ("@Daily", "unknown macro; known, in lower case: @yearly"),
        ("@fortnightly", "unknown macro"),
        ("0 0 31 2 *", "day of month: day 31 never comes in the chosen months"),
        ("0 0 30 2 *", "day of month: day 30 never comes"),
        ("0 0 30,31 feb */2", "day of month: day 30 never comes"),
        ("0 0 31 4,6 *", "day of month: day 31 never comes"),
    ] {
        let refusal = CronExpr::parse(expression).unwrap_err();
        assert_eq!(refusal.field, "expression");
        assert!(
            refusal.message.starts_with(message) || refusal.message.contains(message),
            "{expression:?}: {refusal}"
        );
    }
}

#[test]
fn dates_that_come_at_some_time_are_accepted() {
    for expression in
        ["0 0 29 2 *", "0 0 31 2 1", "0 0 31 2 0-6", "0 0 31 2,3 *", "0 0 31 4-6 *", "0 0 */30 2 *"]
    {
        parsed(expression);
    }
}

#[test]
fn length_is_counted_in_characters() {
    let padded = format!("{:<100}", "0 0 * * *");
    parsed(&padded);
    let refusal = CronExpr::parse(&format!("{padded} ")).unwrap_err();
    assert_eq!(refusal.message, "longer than 100 characters");
}

#[test]
fn words() {
    for (expression, expected) in [
        ("* * * * *", "Every minute"),
        ("*/15 * * * *", "Every 15 minutes"),
        ("5-59/15 * * * *", "Every 15 minutes, starting at minute 5 of the hour"),
        ("0 * * * *", "Every hour"),
        ("20 * * * *", "At 20 minutes past every hour"),
        ("0 22 * * 5", "At 22:00 every Friday"),
        ("0 9 15 * *", "At 09:00 on day 15 of every month"),
        ("0 9 1,15 * *", "At 09:00 on days 1 and 15 of every month"),
        ("30 2 1 * 1", "At 02:30 on day 1 of every month, and also every Monday"),
        ("30 2 1 3 1", "At 02:30 on day 1 of March, and also every Monday in March"),
        ("30 2 1-7 * */6", "At 02:30 on days 1 to 7 of every month, and only if it is a Saturday or Sunday"),
        ("30 2 */10 * 1", "At 02:30 on days 1, 11, 21 and 31 of every month, and only if it is a Monday"),
        ("0 0 * * *", "At 00:00 every day"),
        ("@weekly", "At 00:00 every Sunday"),
        ("@yearly", "At 00:00 on day 1 of January"),
        ("0 0 1-31 * 1", "At 00:00 every day"),
        ("0 7 * * 1-5", "At 07:00 every day from Monday to Friday"),
        ("0 7 * * fri-sun", "At 07:00 every day from Friday to Sunday"),
        ("0 7 * * 0,6", "At 07:00 every Saturday and Sunday"),
        ("0 7,19 * * 1,3,5", "At 07:00 and 19:00 every Monday, Wednesday and Friday"),
        ("0 0 * 1,7 *", "At 00:00 every day in January and July"),
        ("0 0 1 1-3,12 *", "At 00:00 on day 1 of January to March and December"),
        ("*/15 9-17 * * 1-5", "Every 15 minutes from 09:00 to 17:45, every day from Monday to Friday"),
        ("30 9-17 * * *", "Every hour from 09:30 to 17:30"),
        ("* 3 * * 1", "Every minute from 03:00 to 03:59, every Monday"),
        ("0 */2 * * *", "Every 2 hours from 00:00"),
        ("0 */6 * * *", "At 00:00, 06:00, 12:00 and 18:00 every day"),
        ("*/7 * * * *", "At minutes 0, 7, 14, 21, 28, 35, 42, 49 and 56 of every hour"),
        ("1,2,5 9,11,13 * * *", "At minutes 1, 2 and 5 of hours 9, 11 and 13"),
        ("*/10 9,12 * * *", "Every 10 minutes of hours 9 and 12"),
        ("*/5 * * jun *", "Every 5 minutes, every day in June"),
    ] {
        assert_eq!(parsed(expression).describe(), expected, "{expression}");
    }
}

#[test]
fn numbers_below_are_counted() {
    let set = parsed("0,15,59 * * * *").minutes();
    assert_eq!([0, 1, 15, 16, 59, 60, 64, 90].map(|limit| set.count_below(limit)), [0, 1, 1, 2, 2, 3, 3, 3]);
    assert!(!set.contains(64) && !set.is_empty());
}

proptest! {
    #[test]
    fn never_panics_on_any_text(text in "\\PC{0,110}") {
        let _ = CronExpr::parse(&text).map(|it| it.describe());
    }

    #[test]
    fn never_panics_on_text_that_looks_like_cron(text in "[-*/,0-9a-z@ \t]{0,40}") {
        let _ = CronExpr::parse(&text).map(|it| it.describe());
    }

    #[test]
    fn what_is_read_is_in_range(
        text in "([*]|[0-6]{1,2})([-/,][0-9*]{1,2}){0,3}( ([*]|[1-9])([-/,][0-9]){0,2}){4}",
    ) {
        if let Ok(it) = CronExpr::parse(&text) {
            prop_assert!(it.minutes().iter().all(|number| number < 60) && !it.minutes().is_empty());
            prop_assert!(it.hours().iter().all(|number| number < 24) && !it.hours().is_empty());
            prop_assert!(it.days_of_month().iter().all(|number| (1..=31).contains(&number)));
            prop_assert!(it.months().iter().all(|number| (1..=12).contains(&number)));
            prop_assert!(it.weekdays().iter().all(|number| number < 7) && !it.weekdays().is_empty());
            prop_assert!(!it.describe().is_empty());
        }
    }
}
