//! Light or dark: as the system has it, unless the person said otherwise on this machine.

use crate::browser;
use yew::prelude::*;

const KEY: &str = "mf.theme";
/// The event that says so.
const CHANGED: &str = "mf-theme";

/// A choice of theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// What was chosen on this machine.
    #[must_use]
    pub fn stored() -> Self {
        browser::recall(KEY).map_or(Self::System, |name| Self::of_name(&name))
    }

    /// The theme of that name.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        match name {
            "light" => Self::Light,
            "dark" => Self::Dark,
            _ => Self::System,
        }
    }

    /// How it is written where it is kept; nothing for that of the system.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::System => None,
            Self::Light => Some("light"),
            Self::Dark => Some("dark"),
        }
    }

    /// What the person reads.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::System => "Theme: as the system",
            Self::Light => "Theme: light",
            Self::Dark => "Theme: dark",
        }
    }

    /// The next one of the toggle.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Self::System => Self::Light,
            Self::Light => Self::Dark,
            Self::Dark => Self::System,
        }
    }

    /// Shows this theme.
    pub fn apply(self) {
        browser::set_root_attribute("data-theme", self.name());
    }

    /// Shows this theme and remembers it.
    pub fn choose(self) {
        self.apply();
        browser::remember(KEY, self.name());
        browser::tell_window(CHANGED);
    }
}

/// The theme as it is chosen, wherever it was chosen.
#[hook]
pub fn use_theme() -> Theme {
    let theme = use_state(Theme::stored);
    let set = theme.setter();
    use_effect_with((), move |()| {
        let listener = browser::on_window(CHANGED, move || set.set(Theme::stored()));
        move || drop(listener)
    });
    *theme
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_toggle_visits_all_and_names_read_back() {
        let mut theme = Theme::System;
        for _ in 0..3 {
            theme = theme.next();
            assert_eq!(Theme::of_name(theme.name().unwrap_or("")), theme);
        }
        assert_eq!(theme, Theme::System);
    }
}
