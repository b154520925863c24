//! The door to the commands: from the window as JSON text, and headless as lines.
//!
//! Both give a name and a payload and get the reply's text; what a command does is none of this module's business.

use std::io::{self, BufRead, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use mf_contract::{ApiError, ErrorCode};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use tauri::ipc::Response;

use crate::args::RpcInput;
use crate::logging;
use crate::paths::DataDir;
use crate::workspaces::Workspaces;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    pub(crate) command: String,
    #[serde(default, deserialize_with = "as_it_stands")]
    payload: Option<Box<RawValue>>,
}

/// A `null` that was sent is a payload, and no good one; only what is absent is that of an empty request.
fn as_it_stands<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Box<RawValue>>, D::Error> {
    Box::deserialize(deserializer).map(Some)
}

impl Line {
    /// The payload's text; that of an empty request where there is none.
    pub(crate) fn payload_text(&self) -> &str {
        self.payload.as_deref().map_or("{}", RawValue::get)
    }
}

#[derive(Debug, Serialize)]
struct Refusal<'a> {
    error: &'a ApiError,
}

/// The window's one command for everything of the contract. The reply is handed over as bytes, which nobody quotes on the
/// way.
#[tauri::command]
pub(crate) async fn rpc(
    workspaces: tauri::State<'_, Workspaces>,
    command: String,
    payload: String,
) -> Result<Response, ApiError> {
    let reply = workspaces.answer(&command, &payload).await?;
    Ok(Response::new(reply.into_bytes()))
}

/// Answers commands on standard output without a window.
pub fn headless(data_dir: Option<PathBuf>, workspace: Option<&str>, input: RpcInput) -> ExitCode {
    logging::to_stderr();
    let mut out = io::stdout().lock();
    let served = match prepare(data_dir) {
        Ok((runtime, data)) => runtime.block_on(async {
            let workspaces = match Workspaces::headless(&data, workspace).await {
                Ok(workspaces) => workspaces,
                Err(error) => return write_line(&mut out, &Err(error)).map(|()| ExitCode::FAILURE),
            };
            let answer = async |command: &str, payload: &str| workspaces.answer(command, payload).await;
            let served = serve(input, io::stdin().lock(), &mut out, answer).await;
            workspaces.close().await;
            served
        }),
        Err(error) => write_line(&mut out, &Err(error)).map(|()| ExitCode::FAILURE),
    };
    // An error here means that standard output is gone: nobody is left to tell.
    served.unwrap_or(ExitCode::FAILURE)
}

fn prepare(data_dir: Option<PathBuf>) -> Result<(tokio::runtime::Runtime, DataDir), ApiError> {
    let unavailable = |message| ApiError::new(ErrorCode::Unavailable, message);
    let data = DataDir::open(data_dir).map_err(|error| unavailable(error.to_string()))?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| unavailable(error.to_string()))?;
    Ok((runtime, data))
}

async fn serve(
    input: RpcInput,
    mut stdin: impl BufRead,
    out: &mut impl Write,
    answer: impl AsyncFn(&str, &str) -> Result<String, ApiError>,
) -> io::Result<ExitCode> {
    let (command, payload) = match input {
        RpcInput::One { command, payload } => (command, payload),
        RpcInput::OneFromStdin { command } => (command, io::read_to_string(&mut stdin)?),
        RpcInput::Lines => {
            for line in stdin.split(b'\n') {
                let reply = match serde_json::from_slice::<Line>(&line?) {
                    Ok(line) => answer(&line.command, line.payload_text()).await,
                    Err(error) => Err(bad_line(&error)),
                };
                write_line(out, &reply)?;
            }
            return Ok(ExitCode::SUCCESS);
        }
    };
    let reply = answer(&command, &payload).await;
    write_line(out, &reply)?;
    Ok(if reply.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The answer to a command line that names no command.
#[must_use]
pub fn usage_error(error: &lexopt::Error) -> String {
    let error = ApiError::new(ErrorCode::Validation, error.to_string()).on("command");
    serde_json::to_string(&Refusal { error: &error }).unwrap_or_default()
}

fn bad_line(error: &serde_json::Error) -> ApiError {
    let form = "{\"command\":…,\"payload\":…}";
    ApiError::new(ErrorCode::Validation, format!("not a line of the form {form}: {error}")).on("line")
}

fn write_line(out: &mut impl Write, reply: &Result<String, ApiError>) -> io::Result<()> {
    match reply {
        Ok(text) => writeln!(out, "{text}")?,
        Err(error) => writeln!(out, "{}", serde_json::to_string(&Refusal { error })?)?,
    }
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn echo(command: &str, payload: &str) -> Result<String, ApiError> {
        if command == "fail" {
            return Err(ApiError::new(ErrorCode::NotFound, "no such thing").on("id"));
        }
        Ok(payload.to_owned())
    }

    fn served(input: RpcInput, stdin: &str) -> (ExitCode, String) {
        let mut out = Vec::new();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let code = runtime.block_on(serve(input, stdin.as_bytes(), &mut out, echo)).unwrap();
        (code, String::from_utf8(out).unwrap())
    }

    #[test]
    fn a_reply_stands_alone_on_its_line() {
        let one = RpcInput::One { command: "get".into(), payload: r#"{"a":1}"#.into() };
        assert_eq!(served(one, ""), (ExitCode::SUCCESS, "{\"a\":1}\n".into()));
    }

    #[test]
    fn a_failure_is_an_error_object_and_a_status() {
        let one = RpcInput::One { command: "fail".into(), payload: "{}".into() };
        let line = r#"{"error":{"code":"not_found","message":"no such thing","field":"id"}}"#;
        assert_eq!(served(one, ""), (ExitCode::FAILURE, format!("{line}\n")));
    }

    #[test]
    fn a_secret_comes_through_standard_input() {
        let one = RpcInput::OneFromStdin { command: "join".into() };
        assert_eq!(served(one, r#"{"invite":"x"}"#), (ExitCode::SUCCESS, "{\"invite\":\"x\"}\n".into()));
    }

    #[test]
    fn a_bad_line_is_answered_and_the_rest_goes_on() {
        let stdin = "{\"command\":\"a\",\"payload\":{\"n\":1}}\nnonsense\n\n{\"command\":\"b\"}\n{\"command\":\"fail\"}\n\
             {\"command\":\"c\",\"payload\":null}\n";
        let (code, out) = served(RpcInput::Lines, stdin);
        let lines: Vec<&str> = out.lines().collect();
        assert_eq!(code, ExitCode::SUCCESS);
        assert_eq!(lines.len(), 6, "{out}");
        assert_eq!(lines[0], r#"{"n":1}"#);
        assert!(lines[1].contains(r#""code":"validation""#) && lines[2].contains(r#""code":"validation""#));
        assert_eq!(lines[3], "{}");
        assert!(lines[4].contains("not_found"));
        assert_eq!(lines[5], "null", "what is sent is passed on as it stands");
    }
}
