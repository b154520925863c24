//! Instants on the screen: on the viewer's wall clock, with the distance from now and the zone in the tooltip.

use crate::browser;
use crate::state::clock::use_now;
use crate::state::time;
use chrono::{DateTime, Utc};
use yew::prelude::*;

/// What is shown of an instant.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// `18 Dec 2026, 22:00`
    #[default]
    DateTime,
    /// `18 Dec 2026`
    Date,
    /// `22:00`
    Clock,
    /// `in 42 min`
    Relative,
}

/// Properties of [`When`].
#[derive(Debug, Properties, PartialEq)]
pub struct WhenProps {
    pub at: DateTime<Utc>,
    #[prop_or_default]
    pub shown: Shown,
}

/// An instant.
#[component]
pub fn When(props: &WhenProps) -> Html {
    let now = use_now();
    let wall = time::in_viewer_zone(props.at);
    let relative = time::relative(now, props.at);
    let text = match props.shown {
        Shown::DateTime => time::date_clock(wall),
        Shown::Date => time::date(wall),
        Shown::Clock => time::clock(wall),
        Shown::Relative => relative.clone(),
    };
    let title = format!("{} ({}), {relative}", time::full(wall), browser::viewer_zone());
    html! { <time datetime={props.at.to_rfc3339()} {title}>{ text }</time> }
}
