//! The icons: our own strokes on a 24-unit grid, drawn in the colour of the text around them.

use yew::prelude::*;

/// A picture. It never stands alone: a word or an accessible name is always beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Alert,
    Back,
    Bell,
    Book,
    Box,
    BoxTicked,
    Calendar,
    Check,
    Chevron,
    Clock,
    Cross,
    Download,
    Flow,
    Image,
    Inbox,
    Keyboard,
    List,
    Grid,
    Rows,
    Grip,
    Copy,
    More,
    Undo,
    Redo,
    Up,
    Down,
    Clip,
    Eye,
    Sort,
    Moon,
    Note,
    Pause,
    Pencil,
    Person,
    Play,
    Plus,
    Project,
    Retry,
    Run,
    Search,
    Server,
    Skip,
    Spinner,
    Stop,
    Sun,
    System,
    Text,
    Trash,
    Tree,
    Upload,
    Wrench,
}

impl Icon {
    fn paths(self) -> &'static [&'static str] {
        match self {
            Self::Alert => &["M12 4.5L21 19.500H3z", "M12 10v4.500M12 17h.01"],
            Self::Back => &["M14.500 6l-6 6 6 6"],
            Self::Bell => &["M6.500 16.500V11a5.500 5.500 0 0 1 11 0v5.500l1.500 1.500H5z", "M10 20.500h4"],
            Self::Book => &[
                "M5 5.500A1.500 1.500 0 0 1 6.500 4H19v13H6.500A1.500 1.500 0 0 0 5 18.500z",
                "M5 18.500A1.500 1.500 0 0 0 6.500 20H19v-3",
            ],
            Self::Box => {
                &["M6.500 4.500h11a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2z"]
            }
            Self::BoxTicked => &[
                "M6.500 4.500h11a2 2 0 0 1 2 2v11a2 2 0 0 1-2 2h-11a2 2 0 0 1-2-2v-11a2 2 0 0 1 2-2z",
                "M8 12.500l2.800 2.800L16 9.500",
            ],
            Self::Calendar => &[
                "M6.500 5h11A2.500 2.500 0 0 1 20 7.500v10a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 17.500v-10A2.500 2.500 0 0 1 6.500 5z",
                "M4 10h16M8.500 3v4M15.500 3v4",
            ],
            Self::Check => &["M5 12.500l4.500 4.500L19 7.500"],
            Self::Chevron => &["M9.500 6l6 6-6 6"],
            Self::Clock => &["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z", "M12 7.500V12l3 2"],
            Self::Cross => &["M6 6l12 12M18 6L6 18"],
            Self::Download => &["M12 4.500v11M7 11l5 5 5-5M5 20h14"],
            Self::Flow => &[
                "M5.500 4h4A1.500 1.500 0 0 1 11 5.500v2A1.500 1.500 0 0 1 9.500 9h-4A1.500 1.500 0 0 1 4 7.500v-2A1.500 1.500 0 0 1 5.500 4z",
                "M14.500 15h4a1.500 1.500 0 0 1 1.500 1.500v2a1.500 1.500 0 0 1-1.500 1.500h-4a1.500 1.500 0 0 1-1.500-1.500v-2a1.500 1.500 0 0 1 1.500-1.500z",
                "M7.500 9v4.500a4 4 0 0 0 4 4H13",
            ],
            Self::Image => &[
                "M6 4.500h12a1.500 1.500 0 0 1 1.500 1.500v12a1.500 1.500 0 0 1-1.500 1.500H6a1.500 1.500 0 0 1-1.500-1.500V6A1.500 1.500 0 0 1 6 4.500z",
                "M5 16.500l4.500-4.500 3.500 3.500 2-2 4 4M14.500 9h.100",
            ],
            Self::Inbox => {
                &["M4 13.500L6.500 5h11l2.500 8.500V19H4z", "M4 13.500h4.500l1.500 2.500h4l1.500-2.500H20"]
            }
            Self::Keyboard => &[
                "M5 6h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2z",
                "M7 10h.01M10.500 10h.01M14 10h.01M17 10h.01M7 14h.01M17 14h.01M10 14h4",
            ],
            Self::List => &["M9 6h11M9 12h11M9 18h11M4.500 6h.01M4.500 12h.01M4.500 18h.01"],
            Self::Grid => &[
                "M5 5h5.500v5.500H5zM13.500 5H19v5.500h-5.500zM5 13.500h5.500V19H5zM13.500 13.500H19V19h-5.500z",
            ],
            Self::Rows => &["M4.500 6h15v4.500h-15zM4.500 13.500h15V18h-15z"],
            Self::Grip => &["M9 6h.100M15 6h.100M9 12h.100M15 12h.100M9 18h.100M15 18h.100"],
            Self::Copy => &["M9 9h10.500v10.500H9z", "M15 9V4.500H4.500V15H9"],
            Self::More => &["M5.500 12h1M11.500 12h1M17.500 12h1"],
            Self::Undo => &["M9 14.500L4.500 10 9 5.500", "M4.500 10H14a5 5 0 0 1 0 10h-3"],
            Self::Redo => &["M15 14.500L19.500 10 15 5.500", "M19.500 10H10a5 5 0 0 0 0 10h3"],
            Self::Up => &["M12 19V6M6.500 11L12 5.500l5.500 5.500"],
            Self::Down => &["M12 5v13M6.500 13l5.500 5.500 5.500-5.500"],
            Self::Clip => &[
                "M19 11.500l-7.500 7.300a4.600 4.600 0 0 1-6.500-6.500l8-7.800a3.100 3.100 0 0 1 4.400 4.400l-7.700 7.500a1.500 1.500 0 0 1-2.200-2.200l6.800-6.600",
            ],
            Self::Eye => &[
                "M3 12s3.200-6 9-6 9 6 9 6-3.200 6-9 6-9-6-9-6z",
                "M12 9.500a2.500 2.500 0 1 0 0 5 2.500 2.500 0 0 0 0-5z",
            ],
            Self::Sort => &["M8 5v14M4.500 15.500L8 19l3.500-3.500M16 19V5M12.500 8.500L16 5l3.500 3.500"],
            Self::Moon => &["M19.500 14.500A8 8 0 0 1 9.500 4.500a8 8 0 1 0 10 10z"],
            Self::Note => &["M5 4.500h14v10l-5 5H5z", "M14 19.500v-5h5"],
            Self::Pause => &["M9 6v12M15 6v12"],
            Self::Pencil => &["M5 19l1-4L16 5l3 3L9 18z", "M14 7l3 3"],
            Self::Person => {
                &["M12 4.500a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z", "M5 19.500a7 7 0 0 1 14 0"]
            }
            Self::Play => &["M8 5.500v13l10.500-6.500z"],
            Self::Plus => &["M12 5v14M5 12h14"],
            Self::Project => &[
                "M5.500 4.500h13A1.500 1.500 0 0 1 20 6v12a1.500 1.500 0 0 1-1.500 1.500h-13A1.500 1.500 0 0 1 4 18V6a1.500 1.500 0 0 1 1.500-1.500z",
                "M8 9.500l1.500 1.500 2.500-3M14.500 10H17M8 15.500l1.500 1.500 2.500-3M14.500 16H17",
            ],
            Self::Retry => &["M19.500 12a7.500 7.500 0 1 1-2.200-5.300L19.500 9", "M19.500 4.500V9H15"],
            Self::Run => {
                &["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z", "M10.500 9v6l4.500-3z"]
            }
            Self::Search => &["M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12z", "M20 20l-4.500-4.500"],
            Self::Server => &[
                "M6 4.500h12a2 2 0 0 1 2 2V9a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6.500a2 2 0 0 1 2-2z",
                "M6 13h12a2 2 0 0 1 2 2v2.500a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V15a2 2 0 0 1 2-2z",
                "M8 7.800h.01M8 16.300h.01",
            ],
            Self::Skip => &["M6 6l7 6-7 6z", "M17 6v12"],
            Self::Spinner => &["M12 3.500a8.500 8.500 0 0 1 8.500 8.500"],
            Self::Stop => {
                &["M12 3.500a8.500 8.500 0 1 0 0 17 8.500 8.500 0 0 0 0-17z", "M6.500 17.500l11-11"]
            }
            Self::Sun => &[
                "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z",
                "M12 3v2M12 19v2M3 12h2M19 12h2M5.600 5.600L7 7M17 17l1.400 1.400M5.600 18.400L7 17M17 7l1.400-1.400",
            ],
            Self::System => {
                &["M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z", "M9 20h6M12 16v4"]
            }
            Self::Text => &["M6.500 4H14l4.500 4.500V20h-12z", "M14 4v4.500h4.500M9.500 12.500h6M9.500 16h4"],
            Self::Trash => &["M5 7h14M10 4h4M7 7l1 13h8l1-13M10.500 11v5M13.500 11v5"],
            Self::Tree => &[
                "M12 4v5M12 9L6.500 13v2.500M12 9l5.500 4v2.500",
                "M6.500 15.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4zM17.500 15.500a2 2 0 1 0 0 4 2 2 0 0 0 0-4z",
            ],
            Self::Upload => &["M12 16V5M7 9.500l5-5 5 5M5 20h14"],
            Self::Wrench => &[
                "M14.500 6.500a4 4 0 0 0-5.300 4.900L3.500 17a2.100 2.100 0 0 0 3 3l5.700-5.700a4 4 0 0 0 4.900-5.300l-2.600 2.600-2.600-.9-.9-2.600z",
            ],
        }
    }

    /// The picture as markup.
    pub fn svg(self) -> Html {
        self.svg_with("")
    }

    /// The picture with a class of its own.
    pub fn svg_with(self, class: &'static str) -> Html {
        html! {
            <svg class={classes!("i", class)} viewBox="0 0 24 24" aria-hidden="true">
                for path in self.paths() {
                    <path d={*path} />
                }
            </svg>
        }
    }
}
