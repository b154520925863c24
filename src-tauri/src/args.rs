//! The command line, read once at the edge.

use std::ffi::OsString;
use std::path::PathBuf;

use lexopt::prelude::*;

/// What `--help` prints.
pub const USAGE: &str = "\
Maintenance Flows

  maintenance-flows [--hidden]                    open the window, or bring it up if it is open already
  maintenance-flows rpc <command> [<json>|-]      answer one command on standard output; - reads it from standard input
  maintenance-flows rpc --stdin                   answer one {\"command\":…,\"payload\":…} per line
  maintenance-flows --version | --help

  --data-dir <folder>    where everything is kept (or MAINTENANCE_FLOWS_DATA_DIR)
  --workspace <name>     which workspace rpc asks, by name or id; the local one by default
  --hidden               start in the tray
";

/// What the person asked for.
#[derive(Debug, PartialEq, Eq)]
pub enum Invocation {
    Window {
        data_dir: Option<PathBuf>,
        start: Start,
    },
    Rpc {
        data_dir: Option<PathBuf>,
        /// Name or id.
        workspace: Option<String>,
        input: RpcInput,
    },
    /// The interface for a plain browser; in debug builds only.
    #[cfg(debug_assertions)]
    Serve {
        data_dir: Option<PathBuf>,
        port: u16,
    },
    Version,
    Help,
}

/// Whether the window shows itself at start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    Shown,
    Hidden,
}

/// Where headless commands come from.
#[derive(Debug, PartialEq, Eq)]
pub enum RpcInput {
    /// One command with its payload.
    One { command: String, payload: String },
    /// One command whose payload is all of standard input, so that no secret stands in a command line.
    OneFromStdin { command: String },
    /// One command per line of standard input.
    Lines,
}

/// A command line that asks for nothing the program does.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// Meant for `rpc`, whose caller reads a reply.
    #[error(transparent)]
    Rpc(lexopt::Error),
    #[error(transparent)]
    Other(lexopt::Error),
}

/// Reads a command line, its first element being the program.
///
/// # Errors
/// When it does not fit the usage. What is wrong first is told.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Invocation, UsageError> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut given = Given::default();
    let read = given.read(&mut parser);
    if read.is_err() {
        // To the end even so: `rpc` may stand behind what is wrong.
        while given.read(&mut parser).is_err() {}
    }
    let for_rpc = given.words.first().is_some_and(|word| word == "rpc");
    let asked = read.and_then(|shown| shown.map_or_else(|| given.asks_for(), Ok));
    asked.map_err(if for_rpc { UsageError::Rpc } else { UsageError::Other })
}

/// What a command line holds, in whatever order.
#[derive(Debug, Default)]
struct Given {
    words: Vec<String>,
    data_dir: Option<PathBuf>,
    workspace: Option<String>,
    hidden: bool,
    lines: bool,
    #[cfg(debug_assertions)]
    port: Option<u16>,
}

impl Given {
    /// Reads on to the end, to what is wrong, or to what is answered whatever else there is.
    fn read(&mut self, parser: &mut lexopt::Parser) -> Result<Option<Invocation>, lexopt::Error> {
        while let Some(arg) = parser.next()? {
            match arg {
                Long("data-dir") => self.data_dir = Some(PathBuf::from(parser.value()?)),
                Long("workspace") => self.workspace = Some(parser.value()?.string()?),
                #[cfg(debug_assertions)]
                Long("port") => self.port = Some(parser.value()?.parse()?),
                Long("hidden") => self.hidden = true,
                Long("stdin") => self.lines = true,
                Long("version") | Short('V') => return Ok(Some(Invocation::Version)),
                Long("help") | Short('h') => return Ok(Some(Invocation::Help)),
                Value(word) => self.words.push(word.string()?),
                _ => return Err(arg.unexpected()),
            }
        }
        Ok(None)
    }

    fn asks_for(self) -> Result<Invocation, lexopt::Error> {
        let mode = self.words.first().map(String::as_str);
        if self.lines && mode != Some("rpc") {
            return Err("--stdin belongs to rpc".into());
        }
        if self.workspace.is_some() && mode != Some("rpc") {
            return Err("--workspace belongs to rpc".into());
        }
        if self.hidden && mode.is_some() {
            return Err("--hidden belongs to the window".into());
        }
        #[cfg(debug_assertions)]
        if self.port.is_some() && mode != Some("serve") {
            return Err("--port belongs to serve".into());
        }
        let data_dir = self.data_dir;
        match mode {
            None => {
                let start = if self.hidden { Start::Hidden } else { Start::Shown };
                Ok(Invocation::Window { data_dir, start })
            }
            Some("rpc") => {
                let input = rpc(self.words.into_iter().skip(1), self.lines)?;
                Ok(Invocation::Rpc { data_dir, workspace: self.workspace, input })
            }
            #[cfg(debug_assertions)]
            Some("serve") if self.words.len() == 1 => {
                Ok(Invocation::Serve { data_dir, port: self.port.unwrap_or(0) })
            }
            Some(other) => Err(lexopt::Error::UnexpectedArgument(other.into())),
        }
    }
}

fn rpc(mut words: impl Iterator<Item = String>, lines: bool) -> Result<RpcInput, lexopt::Error> {
    let input = match (words.next(), words.next()) {
        (None, _) if lines => RpcInput::Lines,
        (Some(_), _) if lines => return Err("--stdin takes its commands from standard input alone".into()),
        (None, _) => return Err("rpc needs a command".into()),
        (Some(command), None) => RpcInput::One { command, payload: "{}".into() },
        (Some(command), Some(payload)) if payload == "-" => RpcInput::OneFromStdin { command },
        (Some(command), Some(payload)) => RpcInput::One { command, payload },
    };
    match words.next() {
        None => Ok(input),
        Some(extra) => Err(lexopt::Error::UnexpectedArgument(extra.into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &[&str]) -> Option<Invocation> {
        let args = std::iter::once("maintenance-flows").chain(line.iter().copied());
        parse(args.map(OsString::from)).ok()
    }

    #[test]
    fn nothing_opens_the_window() {
        assert_eq!(read(&[]), Some(Invocation::Window { data_dir: None, start: Start::Shown }));
    }

    #[test]
    fn the_data_folder_may_stand_before_or_after_the_command() {
        let one = RpcInput::One { command: "flow_counts".into(), payload: "{}".into() };
        let expected = Some(Invocation::Rpc { data_dir: Some("/d".into()), workspace: None, input: one });
        assert_eq!(read(&["--data-dir", "/d", "rpc", "flow_counts"]), expected);
        let one = RpcInput::One { command: "flow_counts".into(), payload: "{}".into() };
        let expected = Some(Invocation::Rpc { data_dir: Some("/d".into()), workspace: None, input: one });
        assert_eq!(read(&["rpc", "flow_counts", "{}", "--data-dir=/d"]), expected);
    }

    #[test]
    fn a_dash_reads_the_payload_from_standard_input() {
        let input = RpcInput::OneFromStdin { command: "join_workspace".into() };
        assert_eq!(
            read(&["rpc", "join_workspace", "-"]),
            Some(Invocation::Rpc { data_dir: None, workspace: None, input })
        );
    }

    #[test]
    fn a_workspace_is_named_for_rpc_alone() {
        let input = RpcInput::One { command: "list_flows".into(), payload: "{}".into() };
        let expected = Some(Invocation::Rpc { data_dir: None, workspace: Some("Field team".into()), input });
        assert_eq!(read(&["rpc", "--workspace", "Field team", "list_flows"]), expected);
        assert!(read(&["--workspace", "Field team"]).is_none());
    }

    #[test]
    fn lines_take_no_command() {
        let expected = Some(Invocation::Rpc { data_dir: None, workspace: None, input: RpcInput::Lines });
        assert_eq!(read(&["rpc", "--stdin"]), expected);
        assert!(read(&["rpc", "--stdin", "flow_counts"]).is_none());
        assert!(read(&["--stdin"]).is_none());
    }

    #[test]
    fn what_is_not_known_is_refused() {
        assert!(read(&["rpc"]).is_none());
        assert!(read(&["open"]).is_none());
        assert!(read(&["--verbose"]).is_none());
        assert!(read(&["rpc", "a", "{}", "b"]).is_none());
    }

    #[test]
    fn what_belongs_to_another_mode_is_refused() {
        assert!(read(&["rpc", "flow_counts", "--hidden"]).is_none());
        assert!(read(&["rpc", "flow_counts", "--port", "1"]).is_none());
        assert!(read(&["--port", "1"]).is_none());
        assert!(read(&["serve", "--hidden"]).is_none());
        assert!(read(&["serve", "--stdin"]).is_none());
        assert!(read(&["--hidden"]).is_some());
    }

    #[test]
    fn who_asked_for_a_reply_is_told_wherever_the_word_stands() {
        let for_rpc = |line: &[&str]| {
            let args = std::iter::once("maintenance-flows").chain(line.iter().copied());
            matches!(parse(args.map(OsString::from)), Err(UsageError::Rpc(_)))
        };
        for line in [
            &["rpc"][..],
            &["--data-dir", "/d", "rpc"],
            &["rpc", "a", "{}", "b"],
            &["--data-dir", "/d", "rpc", "a", "{}", "b"],
            &["--data-dir=/d", "rpc", "--verbose"],
            &["--verbose", "rpc", "a"],
            &["--hidden=yes", "rpc", "a"],
            &["rpc", "a", "--data-dir"],
            &["--hidden", "rpc", "a"],
        ] {
            assert!(for_rpc(line), "{line:?}");
        }
        for line in [&["--verbose"][..], &["open", "rpc"], &["--stdin"], &["--verbose", "--data-dir", "rpc"]]
        {
            assert!(!for_rpc(line), "{line:?}");
        }
    }

    #[test]
    fn only_a_debug_build_serves_browsers() {
        let served = read(&["serve", "--port", "4711", "--data-dir", "/d"]);
        #[cfg(debug_assertions)]
        assert_eq!(served, Some(Invocation::Serve { data_dir: Some("/d".into()), port: 4711 }));
        #[cfg(not(debug_assertions))]
        assert_eq!(served, None);
        assert!(read(&["serve", "extra"]).is_none());
    }
}
