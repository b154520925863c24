use super::*;
use crate::core::row::{Columns, Key};
use mf_domain::ids::DeviceId;
use mf_domain::version::HybridClock;
use uuid::Uuid;

fn version(device: u128, millis: u64) -> Version {
    HybridClock::new(DeviceId(Uuid::from_u128(device))).stamp(millis)
}

fn row(table: &str, version: Version, value: i64) -> Row {
    let columns = Columns::from([("paused".to_owned(), Scalar::Int(value))]);
    Row::new(Key { table: table.into(), id: Uuid::nil() }, version, false, columns)
}

fn edit(version: Version, value: i64, base: Option<Version>) -> Edit {
    Edit { row: row("target_lists", version, value), base_version: base }
}

fn stored(version: Version, value: i64, base: Option<Version>) -> Stored {
    Stored { row: row("target_lists", version, value), base_version: base, received_at: 100 }
}

fn ask(edit: &Edit, stored: Option<&Stored>) -> Decision {
    ask_as(edit, stored, Role::Owner)
}

fn ask_as(edit: &Edit, stored: Option<&Stored>, role: Role) -> Decision {
    decide(edit, &situation(stored, role))
}

fn situation(stored: Option<&Stored>, role: Role) -> Situation<'_> {
    static HORIZON: std::sync::LazyLock<Version> = std::sync::LazyLock::new(|| version(0, 10));
    Situation {
        stored,
        accepted_before: false,
        horizon: &HORIZON,
        role,
        seen_until: None,
        parents_there: true,
    }
}

#[test]
fn an_edit_on_what_the_server_has_is_taken() {
    let (old, new) = (version(1, 20), version(2, 30));
    let decision = ask(&edit(new.clone(), 2, Some(old.clone())), Some(&stored(old, 1, None)));
    assert_eq!(
        decision,
        Decision { answer: Answer::Accepted, store: Some(row("target_lists", new, 2)), loser: None }
    );
}

#[test]
fn of_two_concurrent_edits_the_lesser_is_kept_whichever_comes_first() {
    let (base, lesser, greater) = (version(1, 20), version(2, 30), version(3, 40));
    let late = ask(
        &edit(lesser.clone(), 2, Some(base.clone())),
        Some(&stored(greater.clone(), 3, Some(base.clone()))),
    );
    assert_eq!((late.answer, late.store.is_none()), (Answer::Superseded, true));
    let early = ask(&edit(greater, 3, Some(base.clone())), Some(&stored(lesser.clone(), 2, Some(base))));
    assert_eq!(early.answer, Answer::Accepted);
    assert_eq!((late.loser.clone(), early.loser), (Some(row("target_lists", lesser, 2)), late.loser));
}

#[test]
fn an_ancestor_is_no_conflict() {
    let (first, second, third) = (version(1, 20), version(2, 30), version(3, 40));
    // Its reply was lost, and somebody has edited it since; then somebody else.
    assert_eq!(
        ask(&edit(first.clone(), 1, None), Some(&stored(second.clone(), 2, Some(first.clone())))).loser,
        None
    );
    let late = edit(first, 1, None);
    let stored = stored(third, 3, Some(second));
    let known = Situation { accepted_before: true, ..situation(Some(&stored), Role::Owner) };
    assert_eq!(decide(&late, &known), Decision::only(Answer::Superseded));
    assert!(ask(&late, Some(&stored)).loser.is_some(), "the same, had it never been accepted");
    // A device's own later edit, whose earlier one was accepted without its knowing.
    let own = edit(version(1, 50), 5, None);
    assert_eq!(ask(&own, Some(&self::stored(version(1, 20), 1, None))).loser, None);
}

#[test]
fn the_same_content_is_no_conflict() {
    let decision = ask(&edit(version(2, 30), 1, None), Some(&stored(version(3, 40), 1, None)));
    assert_eq!(decision, Decision::only(Answer::Superseded));
    let decision = ask(&edit(version(3, 40), 1, None), Some(&stored(version(2, 30), 1, None)));
    assert_eq!((decision.answer, decision.store.is_some(), decision.loser), (Answer::Accepted, true, None));
}

#[test]
fn what_follows_from_an_occurrence_meets_without_a_conflict() {
    let fired = edit(Version::bottom(), 1, None);
    assert_eq!(ask(&fired, Some(&stored(Version::bottom(), 1, None))), Decision::only(Answer::Accepted));
    let other = ask(&edit(Version::bottom(), 2, None), Some(&stored(Version::bottom(), 1, None)));
    let back = ask(&fired, Some(&stored(Version::bottom(), 2, None)));
    assert_eq!((other.loser, back.loser), (None, None));
    assert_ne!(other.answer, back.answer, "one of the two wins, whichever comes first");
    assert_eq!(ask(&fired, Some(&stored(version(2, 30), 2, None))), Decision::only(Answer::Superseded));
    assert_eq!(ask(&edit(version(2, 30), 2, None), Some(&stored(Version::bottom(), 1, None))).loser, None);
}

#[test]
fn a_role_writes_what_it_may_and_no_more() {
    let allowed = |table: &str, role| {
        let edit = Edit { row: row(table, version(1, 20), 1), base_version: None };
        ask_as(&edit, None, role).answer == Answer::Accepted
    };
    assert!(!allowed("flows", Role::Operator) && allowed("flows", Role::Manager));
    assert!(!allowed("target_lists", Role::Readonly) && allowed("target_lists", Role::Operator));
}

#[test]
fn what_was_deleted_long_ago_does_not_come_back() {
    assert_eq!(ask(&edit(version(2, 30), 1, Some(version(1, 9))), None).answer, Answer::Gone);
    assert_eq!(
        ask(&edit(version(2, 30), 1, Some(version(1, 11))), None).answer,
        Answer::Accepted,
        "lost by a restore"
    );
    let known = Situation { accepted_before: true, ..situation(None, Role::Owner) };
    assert_eq!(decide(&edit(version(2, 30), 1, None), &known).answer, Answer::Gone);
}

#[test]
fn a_pause_wins_over_a_concurrent_resuming() {
    let base = version(9, 10);
    let pause = Edit { row: row(PAUSES, version(1, 20), 1), base_version: Some(base.clone()) };
    let resume = Edit { row: row(PAUSES, version(2, 30), 0), base_version: Some(base.clone()) };
    let stored =
        |edit: &Edit| Stored { row: edit.row.clone(), base_version: Some(base.clone()), received_at: 100 };
    let pause_last = ask(&pause, Some(&stored(&resume)));
    let resume_last = ask(&resume, Some(&stored(&pause)));
    assert_eq!((pause_last.answer, resume_last.answer), (Answer::Accepted, Answer::Superseded));
    assert_eq!((&pause_last.store, &pause_last.loser), (&resume_last.store, &resume_last.loser));
    let standing = pause_last.store.unwrap();
    assert!(standing.version > resume.row.version && standing.same_content(&pause.row));
    // Resuming what one has seen paused is no quarrel.
    let seen = Edit { base_version: Some(pause.row.version.clone()), ..resume.clone() };
    assert_eq!(ask(&seen, Some(&stored(&pause))).store, Some(resume.row));
}

#[test]
fn a_restored_server_keeps_what_an_offer_did_not_see() {
    let (newer, between) = (version(1, 40), version(2, 30));
    let offer = edit(newer.clone(), 1, Some(newer));
    let (stored, before) = (stored(between, 2, Some(version(3, 20))), 99);
    let asked =
        |seen_until| decide(&offer, &Situation { seen_until, ..situation(Some(&stored), Role::Owner) });
    assert_eq!(asked(Some(before)).loser, Some(stored.row.clone()), "taken after the device last looked");
    assert_eq!(asked(Some(100)).loser, None, "seen");
}

#[test]
fn a_row_waits_for_its_parents_and_its_base() {
    let orphan = Situation { parents_there: false, ..situation(None, Role::Owner) };
    assert_eq!(decide(&edit(version(1, 20), 1, None), &orphan).answer, Answer::Rejected(Code::ParentMissing));
    let behind = edit(version(1, 20), 1, Some(version(2, 30)));
    assert_eq!(ask(&behind, None).answer, Answer::Rejected(Code::Invalid));
    let unknown = Edit { row: row("later", version(1, 20), 1), base_version: None };
    assert_eq!(ask(&unknown, None).answer, Answer::Rejected(Code::UnknownTable));
}

#[test]
fn a_conflict_can_be_settled_and_nothing_else() {
    let kept = Stored { row: row(CONFLICTS, Version::bottom(), 1), base_version: None, received_at: 1 };
    let mut settled = Edit { row: Row { version: version(1, 20), ..kept.row.clone() }, base_version: None };
    settled.row.tombstone = true;
    assert_eq!(ask(&settled, Some(&kept)).answer, Answer::Accepted);
    settled.row.columns.clear();
    assert_eq!(ask(&settled, Some(&kept)).answer, Answer::Rejected(Code::Invalid));
    assert_eq!(ask(&settled, None).answer, Answer::Rejected(Code::Invalid));
}
