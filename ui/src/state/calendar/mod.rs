//! The calendar: which days it shows, what stands on each of them, in which words, and where a key leads.

mod day;
mod span;
mod words;

pub use day::{Answered, Day, Entry, OfDay, Past, What, cut_at, days, with_all};
pub use span::{Span, Step, View, is_shown, stepped};
pub use words::{blackout_words, fitting, rest, summary, window_hours, window_names};
