//! Settings: one frame, a section each.

pub mod about;
pub mod appearance;
pub mod audit;
pub mod backups;
pub mod blackouts;
mod export;
pub mod members;
pub mod notifications;
mod path_dialog;
pub mod sharing;

use crate::components::icon::Icon;
use crate::components::link::To;
use crate::pages::frame::{Crumb, Frame};
use crate::route::Route;
use yew::prelude::*;

/// A section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    TargetLists,
    Blackouts,
    Sharing,
    Members,
    Audit,
    Appearance,
    Notifications,
    Backups,
    About,
}

impl Section {
    const ALL: [Self; 9] = [
        Self::TargetLists,
        Self::Blackouts,
        Self::Sharing,
        Self::Members,
        Self::Audit,
        Self::Appearance,
        Self::Notifications,
        Self::Backups,
        Self::About,
    ];

    fn words(self) -> &'static str {
        match self {
            Self::TargetLists => "Target lists",
            Self::Blackouts => "Blackout calendars",
            Self::Sharing => "Workspace and sync",
            Self::Members => "Members",
            Self::Audit => "Audit",
            Self::Appearance => "Appearance",
            Self::Notifications => "Notifications",
            Self::Backups => "Backup and restore",
            Self::About => "About",
        }
    }

    fn route(self) -> Route {
        match self {
            Self::TargetLists => Route::TargetLists,
            Self::Blackouts => Route::Blackouts,
            Self::Sharing => Route::Sharing,
            Self::Members => Route::Members,
            Self::Audit => Route::Audit,
            Self::Appearance => Route::Appearance,
            Self::Notifications => Route::NotificationSettings,
            Self::Backups => Route::Backups,
            Self::About => Route::About,
        }
    }

    fn icon(self) -> Icon {
        match self {
            Self::TargetLists => Icon::Server,
            Self::Blackouts => Icon::Stop,
            Self::Sharing => Icon::Retry,
            Self::Members => Icon::Team,
            Self::Audit => Icon::List,
            Self::Appearance => Icon::Sun,
            Self::Notifications => Icon::Bell,
            Self::Backups => Icon::Download,
            Self::About => Icon::Note,
        }
    }
}

/// Properties of [`SettingsFrame`].
#[derive(Debug, Properties, PartialEq)]
pub struct SettingsFrameProps {
    pub section: Section,
    pub children: Html,
}

/// A section in the frame of the settings.
#[component]
pub fn SettingsFrame(props: &SettingsFrameProps) -> Html {
    html! {
        <Frame crumbs={vec![Crumb::to("Settings", Route::Appearance), Crumb::here(props.section.words())]}>
            <div class="settings">
                <nav class="settings-nav" aria-label="Settings">
                    for section in Section::ALL {
                        <To route={section.route()} class="nav-link" current={section == props.section}>
                            { section.icon().svg() }{ section.words() }
                        </To>
                    }
                </nav>
                <div>{ props.children.clone() }</div>
            </div>
        </Frame>
    }
}
