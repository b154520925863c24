//! What a team's changes do here. Rows are merged by `mf-sync`; what follows from them in this workspace is done in the same
//! transaction by the ways a person's edit takes, and windows are told as of an edit.
//!
//! Deliberately absent: anything a merge would start by itself. What colleagues did has been told where it was done.

mod merge;
mod schedules;
mod told;
