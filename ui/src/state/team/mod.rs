//! A team's workspace in words: how it is shared, who belongs to it, what lost, who did what.

pub mod audit;
pub mod chip;
pub mod conflicts;
pub mod entities;
pub mod forms;
pub mod people;
