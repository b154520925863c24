//! A window under WebKitWebDriver, as far as measuring it and picturing it need: WebDriver is JSON over HTTP, and the little of
//! it that is asked for here does not want a client library with a runtime below it.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::display::{VirtualDisplay, tied};
use crate::process::wait_for;

/// A loaded machine may take its time.
const PATIENCE: Duration = Duration::from_secs(120);

/// The open window of an application; ended with all its processes when dropped.
#[derive(Debug)]
pub(crate) struct Window {
    driver: Child,
    port: u16,
    session: String,
}

impl Window {
    /// Opens the application on a data folder; everything else it remembers goes below `home`.
    pub(crate) fn open(
        binary: &Path,
        data_dir: &Path,
        home: &Path,
        display: &VirtualDisplay,
    ) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = tied("WebKitWebDriver");
        driver.args(["--host=127.0.0.1", &format!("--port={port}")]);
        at_home(&mut driver, home, display);
        driver.env("TAURI_WEBVIEW_AUTOMATION", "true").env("TAURI_AUTOMATION", "true");
        let driver = driver.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("WebKitWebDriver")?;
        let mut window = Self { driver, port, session: String::new() };
        wait_for("WebKitWebDriver", PATIENCE, || Ok(TcpStream::connect(("127.0.0.1", port)).is_ok()))?;
        let options = json!({"binary": binary, "args": ["--data-dir", data_dir]});
        let wanted = json!({"capabilities": {"alwaysMatch": {"webkitgtk:browserOptions": options}}});
        let opened = window.ask("POST", "/session", &wanted)?;
        window.session = opened["sessionId"].as_str().context("no session")?.to_owned();
        let timeout = json!({"script": PATIENCE.as_millis() as u64});
        window.of_session("POST", "timeouts", &timeout)?;
        window.ready()?;
        Ok(window)
    }

    /// Waits until the interface has drawn its first data.
    pub(crate) fn ready(&self) -> Result<()> {
        wait_for("the first page", PATIENCE, || {
            let asked = self.script("return document.documentElement.dataset.ready === 'true'", json!([]));
            // While a page is loaded there is none to ask.
            Ok(asked.is_ok_and(|ready| ready == true))
        })
    }

    /// Runs a script; what it returns.
    pub(crate) fn script(&self, script: &str, args: Value) -> Result<Value> {
        self.of_session("POST", "execute/sync", &json!({ "script": script, "args": args }))
    }

    /// Runs a script that calls its last argument back.
    pub(crate) fn script_async(&self, script: &str, args: Value) -> Result<Value> {
        self.of_session("POST", "execute/async", &json!({ "script": script, "args": args }))
    }

    /// Makes the page this large.
    pub(crate) fn resize(&self, width: u32, height: u32) -> Result<()> {
        // What is asked for is the window with its frame, so the page says what is missing.
        let size = || self.script("return [innerWidth, innerHeight]", json!([]));
        let (mut outer_width, mut outer_height) = (width, height);
        wait_for("a window of that size", PATIENCE, || {
            self.of_session("POST", "window/rect", &json!({"width": outer_width, "height": outer_height}))?;
            std::thread::sleep(Duration::from_millis(300));
            let found = size()?;
            let off =
                |place: usize, wanted: u32| i64::from(wanted) - found[place].as_i64().unwrap_or_default();
            let (across, down) = (off(0, width), off(1, height));
            outer_width = outer_width.saturating_add_signed(i32::try_from(across)?);
            outer_height = outer_height.saturating_add_signed(i32::try_from(down)?);
            Ok((across, down) == (0, 0))
        })
    }

    /// What the page looks like, as a PNG file.
    pub(crate) fn picture(&self) -> Result<Vec<u8>> {
        let taken = self.ask("GET", &format!("/session/{}/screenshot", self.session), &Value::Null)?;
        decode64(taken.as_str().context("no picture")?)
    }

    /// The process of the application.
    pub(crate) fn pid(&self) -> Result<u32> {
        children(self.driver.id()).first().copied().context("the application has ended")
    }

    fn of_session(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        self.ask(method, &format!("/session/{}/{path}", self.session), body)
    }

    fn ask(&self, method: &str, path: &str, body: &Value) -> Result<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        let body = body.to_string();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nContent-Type: application/json\r\nConnection: close\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.port,
            body.len()
        )?;
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply)?;
        let head =
            reply.windows(4).position(|bytes| bytes == b"\r\n\r\n").context("no reply of the driver")?;
        let mut reply: Value = serde_json::from_slice(&reply[head + 4..]).context("the driver's reply")?;
        match reply["value"].take() {
            Value::Object(error) if error.contains_key("error") => {
                bail!("{path}: {}", error.get("message").and_then(Value::as_str).unwrap_or_default())
            }
            value => Ok(value),
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        // The application first: it would outlive its driver.
        for pid in children(self.driver.id()) {
            let _ = Command::new("kill").args(["-KILL", &pid.to_string()]).stderr(Stdio::null()).status();
        }
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// Base64 as WebDriver writes pictures.
fn decode64(text: &str) -> Result<Vec<u8>> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => Ok(u32::from(byte - b'A')),
        b'a'..=b'z' => Ok(u32::from(byte - b'a') + 26),
        b'0'..=b'9' => Ok(u32::from(byte - b'0') + 52),
        b'+' => Ok(62),
        b'/' => Ok(63),
        _ => bail!("no base64"),
    };
    let (mut bytes, mut held, mut bits) = (Vec::with_capacity(text.len() / 4 * 3), 0_u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        held = held << 6 | digit(byte)?;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits & 0xff) as u8);
        }
    }
    Ok(bytes)
}

/// Makes a command live on the display and below `home`, away from the person's own files.
pub(crate) fn at_home(command: &mut Command, home: &Path, display: &VirtualDisplay) {
    display.apply(command);
    command.env("HOME", home);
    for (variable, folder) in
        [("XDG_DATA_HOME", "share"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
    {
        command.env(variable, home.join(folder));
    }
}

/// The children of a process.
pub(crate) fn children(pid: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().filter_map(Result::ok);
    let lists = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// A folder below the target folder, empty.
pub(crate) fn fresh(dir: PathBuf) -> Result<PathBuf> {
    if dir.exists() {
        fs::remove_dir_all(&dir)?;
    }
    fs::create_dir_all(&dir)?;
    Ok(dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read() {
        assert_eq!(decode64("TWFu").unwrap(), b"Man");
        assert_eq!(decode64("TWE=").unwrap(), b"Ma");
        assert_eq!(decode64("/+8=").unwrap(), [0xff, 0xef]);
        assert!(decode64("a b").is_err());
    }
}
