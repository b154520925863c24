//! When a maintenance flow comes due: the card on its page, and the dialog that sets it.

mod card;
mod dialog;
mod limits;
mod missed;
mod preview;
mod runs;
mod unreadable;
mod when;

pub use card::{ScheduleCard, no_schedule};
pub use dialog::ScheduleDialog;
pub use unreadable::{Unreadable, UnreadableProps};
