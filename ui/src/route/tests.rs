//! Tests of the addresses.

use super::*;

/// All pages.
pub(crate) fn every_page() -> Vec<Route> {
    let id = FlowId(uuid::Uuid::from_u128(7));
    vec![
        Route::Today,
        Route::Flows,
        Route::NewFlow,
        Route::Flow { id },
        Route::NavigateFlow { id },
        Route::NavigateTree { id },
        Route::EditFlow { id },
        Route::EditTree { id },
        Route::Revisions { id },
        Route::Maintenance { id },
        Route::Sessions,
        Route::Batch { id: BatchId(id.0) },
        Route::Session { id: SessionId(id.0) },
        Route::TargetLists,
        Route::Notifications,
        Route::Calendar,
        Route::Schedules,
        Route::Blackouts,
        Route::Appearance,
        Route::NotificationSettings,
        Route::Backups,
        Route::Sharing,
        Route::Members,
        Route::Audit,
        Route::Conflicts,
        Route::About,
    ]
}

#[test]
fn addresses_read_back() {
    for route in every_page() {
        assert_eq!(Route::of_path(&route.path()), route);
    }
    assert_eq!(Route::of_path("/batches"), Route::Sessions);
    assert_eq!(Route::of_path("/nowhere"), Route::NotFound);
    assert_eq!(Route::of_path("/flows/not-an-id"), Route::NotFound);
}

#[test]
fn a_page_about_something_has_a_list_to_go_to_in_another_workspace() {
    for route in every_page() {
        let there = route.elsewhere();
        assert_eq!(there.elsewhere(), there);
        let numbered = there.path().contains(|c: char| c.is_ascii_digit());
        assert!(!numbered, "{route:?} leads to {there:?}");
    }
    let id = FlowId(uuid::Uuid::from_u128(7));
    assert_eq!(Route::EditTree { id }.elsewhere(), Route::Flows);
    assert_eq!(Route::Members.elsewhere(), Route::Members);
}

#[test]
fn filters_read_back_and_nonsense_filters_nothing() {
    let here = Here::of_address(&library_address(Some(FlowType::Procedural), Some("laptop"), Sort::Next));
    assert_eq!(
        (here.flow_type(), here.search().as_deref(), here.sort()),
        (Some(FlowType::Procedural), Some("laptop"), Sort::Next)
    );
    assert!(Here::of_address(&importing_address()).importing());
    assert!(Here::of_address(&importing_targets_address()).importing());
    let flow = FlowId(uuid::Uuid::from_u128(8));
    let here = Here::of_address(&starting_address(flow, FlowType::Maintenance));
    assert_eq!((here.starting(), here.route), (true, Route::Maintenance { id: flow }));
    let here = Here::of_address(&format!("{}?{SCHEDULING}", Route::Maintenance { id: flow }.path()));
    assert_eq!((here.scheduling(), here.starting()), (true, false));
    let list = TargetListId(uuid::Uuid::from_u128(9));
    assert_eq!(Here::of_address(&list_address(list)).list(), Some(list));
    assert_eq!(Here::of_address("/account/target-lists?list=none").list(), None);
    assert_eq!(
        Here::of_address(&editor_address(FlowType::Maintenance)).flow_type(),
        Some(FlowType::Maintenance)
    );
    let day = parse_day("2026-11-25").unwrap();
    let here = Here::of_address(&calendar_address(View::Week, day));
    assert_eq!((here.route, here.calendar_view(), here.day()), (Route::Calendar, View::Week, Some(day)));
    let here = Here::of_address("/calendar?view=poem&date=2026-11-31");
    assert_eq!((here.calendar_view(), here.day()), (View::Month, None));
    assert_eq!(Here::of_address("/flows?type=poem&search=").flow_type(), None);
    assert_eq!(Here::of_address("/flows?type=poem&search=").search(), None);
}
