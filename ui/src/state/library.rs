//! How the library is shown: its order and its view.

use crate::browser;
use crate::route::Sort;
use mf_contract::flows::FlowSummary;
use mf_domain::flow::FlowType;
use std::cmp::Ordering;

/// One of three ways to look at the library.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum View {
    Grid,
    List,
    #[default]
    Table,
}

const KEY: &str = "mf.library.view";

impl View {
    /// All of them, in the order of the buttons.
    pub const ALL: [Self; 3] = [Self::Grid, Self::List, Self::Table];

    /// How it is remembered.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Grid => "grid",
            Self::List => "list",
            Self::Table => "table",
        }
    }

    fn parse(name: &str) -> Self {
        Self::ALL.into_iter().find(|view| view.name() == name).unwrap_or_default()
    }

    /// The view chosen last on this machine.
    #[must_use]
    pub fn stored() -> Self {
        browser::recall(KEY).map_or_else(Self::default, |name| Self::parse(&name))
    }

    /// Remembers the view.
    pub fn remember(self) {
        browser::remember(KEY, Some(self.name()));
    }
}

/// What a flow of a type consists of.
#[must_use]
pub fn unit(flow_type: FlowType) -> &'static str {
    match flow_type {
        FlowType::Troubleshooting => "node",
        FlowType::Procedural | FlowType::Maintenance => "step",
    }
}

/// Whether a description takes more than a few lines.
#[must_use]
pub fn is_long(description: &str) -> bool {
    let lines = description.lines().filter(|line| !line.trim().is_empty()).count();
    lines > 3 || description.chars().count() > 300
}

/// The flows in an order. The engine answers them by name, and equal ones stay so.
#[must_use]
pub fn sorted(flows: &[FlowSummary], sort: Sort) -> Vec<&FlowSummary> {
    let mut sorted: Vec<&FlowSummary> = Vec::with_capacity(flows.len());
    for flow in flows {
        // Behind its equals. A few hundred pointers are moved faster than a sort of their own is loaded.
        let at = sorted.partition_point(|other| order(other, flow, sort) != Ordering::Greater);
        sorted.insert(at, flow);
    }
    sorted
}

fn order(a: &FlowSummary, b: &FlowSummary, sort: Sort) -> Ordering {
    match sort {
        Sort::Name => Ordering::Equal,
        Sort::Updated => b.updated_at.cmp(&a.updated_at),
        Sort::Next => match (a.next_run_at, b.next_run_at) {
            (Some(a), Some(b)) => a.cmp(&b),
            // Nothing planned comes last.
            (a, b) => b.is_some().cmp(&a.is_some()),
        },
        Sort::Steps => b.step_count.cmp(&a.step_count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Utc};
    use mf_domain::ids::FlowId;

    fn flow(name: &str, steps: u32, next: Option<i64>) -> FlowSummary {
        let at = |seconds: i64| DateTime::<Utc>::from_timestamp(seconds, 0).unwrap();
        FlowSummary {
            id: FlowId(uuid::Uuid::nil()),
            name: name.to_owned(),
            description: String::new(),
            flow_type: FlowType::Maintenance,
            step_count: steps,
            revision: 1,
            updated_at: at(i64::from(steps)),
            next_run_at: next.map(at),
            open_batches: 0,
        }
    }

    #[test]
    fn a_description_is_long_by_its_lines_or_its_letters() {
        assert!(!is_long("Patches the farm.\n\n- drain\n- patch"));
        assert!(is_long("Patches the farm.\n\n- drain\n- patch\n- undrain"));
        assert!(is_long(&"ä".repeat(301)));
        assert!(!is_long(&"ä".repeat(300)));
    }

    #[test]
    fn every_order_puts_first_what_it_says() {
        let flows = [flow("a", 3, None), flow("b", 9, Some(50)), flow("c", 3, Some(20))];
        let names = |sort| sorted(&flows, sort).iter().map(|flow| flow.name.clone()).collect::<String>();
        assert_eq!(names(Sort::Name), "abc");
        assert_eq!(names(Sort::Updated), "bac");
        assert_eq!(names(Sort::Next), "cba");
        assert_eq!(names(Sort::Steps), "bac");
    }

    #[test]
    fn views_read_back() {
        for view in View::ALL {
            assert_eq!(View::parse(view.name()), view);
        }
        assert_eq!(View::parse("poem"), View::Table);
    }
}
