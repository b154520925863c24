//! The binary without a window, on a folder of its own.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_maintenance-flows");

/// A data folder that goes when the test ends.
pub(crate) struct Folder {
    pub(crate) dir: tempfile::TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { dir: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path().join("workspaces").join("local.db")
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(BINARY);
        command.arg("--data-dir").arg(self.path());
        command
    }

    /// One command: its reply, or the error object.
    pub(crate) fn call(&self, command: &str, payload: &Value) -> Result<Value, Value> {
        let out =
            self.command().args(["rpc", command, &payload.to_string()]).output().expect("the binary runs");
        let reply: Value = serde_json::from_slice(&out.stdout).expect("one JSON reply");
        if out.status.success() { Ok(reply) } else { Err(reply["error"].clone()) }
    }

    pub(crate) fn ok(&self, command: &str, payload: &Value) -> Value {
        self.call(command, payload).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// A process that answers line by line.
    pub(crate) fn lines(&self) -> Lines {
        let mut child = self
            .command()
            .args(["rpc", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let stdin = child.stdin.take().expect("its input");
        let stdout = BufReader::new(child.stdout.take().expect("its output"));
        Lines { child, stdin, stdout }
    }

    /// A maintenance flow with `steps` steps; its id.
    pub(crate) fn flow(&self, steps: usize) -> String {
        let mut list: Vec<Value> = (1..=steps)
            .map(|n| json!({"id": format!("s{n}"), "type": "procedure_step", "title": format!("Step {n}")}))
            .collect();
        list.push(json!({"type": "procedure_end", "title": "Done"}));
        let flow = json!({"name": "Patch", "flow_type": "maintenance", "structure": {"steps": list}});
        text(&self.ok("create_flow", &flow)["id"])
    }

    /// A list of `count` targets; its id.
    pub(crate) fn list(&self, count: usize) -> String {
        let targets: Vec<Value> = (1..=count).map(|n| json!({"label": format!("RDS-{n:02}")})).collect();
        text(&self.ok("create_target_list", &json!({"name": "Farm", "targets": targets}))["id"])
    }
}

/// A running `rpc --stdin`.
pub(crate) struct Lines {
    pub(crate) child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Lines {
    /// Sends a command and waits for its line; `None` when the process is gone.
    pub(crate) fn call(&mut self, command: &str, payload: &Value) -> Option<Value> {
        let line = json!({"command": command, "payload": payload});
        writeln!(self.stdin, "{line}").ok()?;
        let mut reply = String::new();
        self.stdout.read_line(&mut reply).ok()?;
        // A line without its end was cut off by the kill: not an acknowledgement.
        reply.ends_with('\n').then(|| serde_json::from_str(&reply).expect("a JSON line"))
    }
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}
