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

/// Reads a command line, its first element being the program.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Invocation, lexopt::Error> {
    let mut parser = lexopt::Parser::from_iter(args);
    let mut data_dir = None;
    let mut start = Start::Shown;
    let mut lines = false;
    #[cfg(debug_assertions)]
    let mut port = 0;
    let mut words: Vec<String> = Vec::new();
    while let Some(arg) = parser.next()? {
        match arg {
            Long("data-dir") => data_dir = Some(PathBuf::from(parser.value()?)),
            #[cfg(debug_assertions)]
            Long("port") => port = parser.value()?.parse()?,
            Long("hidden") => start = Start::Hidden,
            Long("stdin") => lines = true,
            Long("version") | Short('V') => return Ok(Invocation::Version),
            Long("help") | Short('h') => return Ok(Invocation::Help),
            Value(word) => words.push(word.string()?),
            _ => return Err(arg.unexpected()),
        }
    }
    let mut words = words.into_iter();
    match words.next().as_deref() {
        None if lines => Err("--stdin belongs to rpc".into()),
        None => Ok(Invocation::Window { data_dir, start }),
        Some("rpc") => rpc(words, lines).map(|input| Invocation::Rpc { data_dir, input }),
        #[cfg(debug_assertions)]
        Some("serve") if words.len() == 0 && !lines => Ok(Invocation::Serve { data_dir, port }),
        Some(other) => Err(lexopt::Error::UnexpectedArgument(other.into())),
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
        let expected = Some(Invocation::Rpc { data_dir: Some("/d".into()), input: one });
        assert_eq!(read(&["--data-dir", "/d", "rpc", "flow_counts"]), expected);
        let one = RpcInput::One { command: "flow_counts".into(), payload: "{}".into() };
        let expected = Some(Invocation::Rpc { data_dir: Some("/d".into()), input: one });
        assert_eq!(read(&["rpc", "flow_counts", "{}", "--data-dir=/d"]), expected);
    }

    #[test]
    fn a_dash_reads_the_payload_from_standard_input() {
        let input = RpcInput::OneFromStdin { command: "join_workspace".into() };
        assert_eq!(read(&["rpc", "join_workspace", "-"]), Some(Invocation::Rpc { data_dir: None, input }));
    }

    #[test]
    fn lines_take_no_command() {
        let expected = Some(Invocation::Rpc { data_dir: None, input: RpcInput::Lines });
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
    fn only_a_debug_build_serves_browsers() {
        let served = read(&["serve", "--port", "4711", "--data-dir", "/d"]);
        #[cfg(debug_assertions)]
        assert_eq!(served, Some(Invocation::Serve { data_dir: Some("/d".into()), port: 4711 }));
        #[cfg(not(debug_assertions))]
        assert_eq!(served, None);
        assert!(read(&["serve", "extra"]).is_none());
    }
}
