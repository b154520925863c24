//! The one contract between the engine and everyone who speaks to it.
//!
//! One macro list ([`commands`](mod@command)) names every command with its request and reply. From it come the typed
//! [`Command`]s the interface sends, the [`Handlers`] the engine must provide (a command without a handler does not
//! compile) and [`dispatch`], which the window, the headless `rpc` mode and the tests all call. Deliberately absent:
//! any way of carrying the text from one side to the other.

pub mod agenda;
pub mod audit;
pub mod batches;
pub mod blackouts;
pub mod board;
pub mod command;
pub mod confidential;
pub mod drafts;
pub mod error;
pub mod event;
pub mod flows;
pub mod members;
pub mod notifications;
pub mod patch;
pub mod reports;
pub mod sample;
pub mod schedules;
pub mod search;
pub mod sessions;
pub mod standings;
pub mod sync;
pub mod target_imports;
pub mod target_lists;
pub mod workspace;
pub mod workspaces;

pub use command::{Answers, COMMANDS, Command, Handle, Handlers, dispatch, parse};
pub use confidential::Confidential;
pub use error::{ApiError, ErrorCode};
pub use event::{EVENT_CHANNEL, Event};
pub use patch::Patch;

use serde::{Deserialize, Serialize};

/// The reply of commands that have nothing to say but that they succeeded: `{}`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {}
