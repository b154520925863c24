//! A browser on the bridge of a data folder of its own.

use crate::wait::{patiently, until};
use serde_json::{Value, json};
use std::fs;
use std::future::Future;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use thirtyfour::{By, Capabilities, Key, WebDriver};

const BINARY: &str = env!("CARGO_BIN_EXE_maintenance-flows");
/// Longer than any check of a page takes on a machine that does ten other things.
const PATIENCE: Duration = Duration::from_secs(240);

/// A data folder that goes when the test ends.
#[derive(Debug)]
pub(crate) struct Folder {
    place: TempDir,
    keeps_secrets: bool,
}

impl Folder {
    /// On a computer without a keychain.
    pub(crate) fn new() -> Self {
        Self { place: tempfile::tempdir().expect("a folder"), keeps_secrets: false }
    }

    /// On a computer where somebody chose a file for passwords.
    pub(crate) fn with_secrets() -> Self {
        Self { keeps_secrets: true, ..Self::new() }
    }

    /// Where the browser puts what is saved.
    pub(crate) fn downloads(&self) -> PathBuf {
        self.place.path().join("downloads")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.place.path().join("data/workspaces/local.db")
    }

    fn command(&self) -> Command {
        let mut command = tied(BINARY);
        command.arg("--data-dir").arg(self.place.path().join("data"));
        // No session bus, and so no keychain: the computer of a test has none, or somebody's own.
        command.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", self.place.path());
        let secrets = self.keeps_secrets.then(|| format!("file:{}", self.beside("secrets")));
        match secrets {
            Some(secrets) => command.env("MAINTENANCE_FLOWS_SECRETS", secrets),
            None => command.env_remove("MAINTENANCE_FLOWS_SECRETS"),
        };
        command
    }

    /// A headless command, as a script would give it.
    pub(crate) fn rpc(&self, command: &str, payload: &Value) -> Value {
        self.rpc_in("local", command, payload)
    }

    /// A headless command of a workspace.
    pub(crate) fn rpc_in(&self, workspace: &str, command: &str, payload: &Value) -> Value {
        let arguments = ["--workspace", workspace, "rpc", command, &payload.to_string()];
        let out = self.command().args(arguments).output().expect("it runs");
        let reply = serde_json::from_slice(&out.stdout).expect("one JSON reply");
        assert!(out.status.success(), "{command}: {reply}");
        reply
    }

    /// The path of a file beside the data.
    pub(crate) fn beside(&self, name: &str) -> String {
        self.place.path().join(name).display().to_string()
    }

    /// Many headless commands, one after the other: `{"command":…,"payload":…}`.
    pub(crate) fn rpc_each(&self, requests: impl IntoIterator<Item = Value>) {
        let mut rpc = self.command();
        let mut rpc = rpc
            .args(["rpc", "--stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let mut lines = rpc.stdin.take().expect("its input");
        for request in requests {
            writeln!(lines, "{request}").expect("it reads");
        }
        drop(lines);
        assert!(rpc.wait().expect("it ends").success());
    }

    /// Opens the interface in a browser.
    pub(crate) async fn open(&self) -> Browser {
        let mut bridge = self.command();
        let mut bridge = bridge
            .arg("serve")
            .env(
                "MAINTENANCE_FLOWS_INTERFACE",
                Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("gallery"),
            )
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary runs");
        let out = bridge.stdout.take().expect("its output");
        let mut children = Children(vec![bridge]);
        let mut address = String::new();
        BufReader::new(out).read_line(&mut address).expect("a line");

        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        let driver = tied("chromedriver")
            .arg(format!("--port={port}"))
            .env("HOME", self.place.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed: cargo xtask test");
        children.0.push(driver);
        until("chromedriver", || async { TcpStream::connect(("127.0.0.1", port)).ok() }).await;
        let mut wanted = Capabilities::new();
        wanted.set("browserName", "chrome").expect("JSON");
        let profile = format!("--user-data-dir={}", self.place.path().join("chromium").display());
        let mut args = vec!["--headless=new", "--disable-gpu", "--disable-dev-shm-usage", &profile];
        // Half-faded text has no contrast to speak of.
        args.extend(["--force-prefers-reduced-motion", "--window-size=1280,800"]);
        if is_root() {
            // Chromium's own walls do not stand up for root.
            args.push("--no-sandbox");
        }
        // A folder that is not there yet would be passed over.
        fs::create_dir_all(self.downloads()).expect("a folder");
        let prefs = json!({
            "download.default_directory": self.downloads(),
            // A test clicks by script; the browser would ask before it saves a second file.
            "profile.default_content_setting_values.automatic_downloads": 1,
        });
        wanted.set("goog:chromeOptions", json!({"args": args, "prefs": prefs})).expect("JSON");
        let web = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.expect("chromium starts");
        web.set_script_timeout(PATIENCE).await.expect("a timeout");
        web.goto(address.trim()).await.expect("the bridge answers");
        let browser = Browser { web, _children: children };
        browser.settled().await;
        browser
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout == b"0\n"
}

/// A command that does not outlive us.
fn tied(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

#[derive(Debug)]
struct Children(Vec<Child>);

impl Drop for Children {
    fn drop(&mut self) {
        for child in self.0.iter_mut().rev() {
            // Both fail only for a process that is gone, which is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The open page.
#[derive(Debug)]
pub(crate) struct Browser {
    web: WebDriver,
    _children: Children,
}

impl Browser {
    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl FnMut() -> F) -> T {
        if let Some(found) = patiently(look).await {
            return found;
        }
        let picture = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("browser-failure.png");
        let taken = self.web.screenshot(&picture).await;
        panic!("waited in vain for {what}; what there was: {} ({taken:?})", picture.display());
    }

    /// Ends the browser with all its processes.
    pub(crate) async fn close(self) {
        self.web.clone().quit().await.expect("it ends");
    }

    /// Runs a script; what it returns.
    pub(crate) async fn script(&self, script: &str) -> Value {
        self.web.execute(script, Vec::new()).await.expect("a script runs").json().clone()
    }

    /// Runs a script that calls its last argument back.
    pub(crate) async fn script_async(&self, script: &str) -> Value {
        self.web.execute_async(script, Vec::new()).await.expect("a script runs").json().clone()
    }

    /// Loads a page of the interface, by its path, and waits until its data is there.
    pub(crate) async fn load(&self, path: &str) {
        self.go(path).await;
        self.settled().await;
    }

    /// Goes to a page of which nobody knows when it is there.
    pub(crate) async fn go(&self, path: &str) {
        let at = self.web.current_url().await.expect("an address").join(path).expect("a path");
        self.web.goto(at.as_str()).await.expect("the bridge answers");
    }

    /// Waits until nothing is loading.
    pub(crate) async fn settled(&self) {
        self.until("a page without anything loading", || async {
            let script = "return !!document.querySelector('html[data-ready=true]')
                && !document.querySelector('.skeleton, [aria-busy=true]')";
            let settled = self.web.execute(script, Vec::new()).await.ok()?;
            (settled.json() == &json!(true)).then_some(())
        })
        .await;
    }

    /// Waits until there is an element of a selector.
    pub(crate) async fn find(&self, selector: &str) {
        self.until(selector, || async { self.web.find(By::Css(selector)).await.ok() }).await;
    }

    /// Waits until there is an element of that name, and clicks it.
    pub(crate) async fn click(&self, name: &str) {
        self.find(&format!("[data-testid='{name}']")).await;
        self.script(&format!("document.querySelector(`[data-testid='{name}']`).click()")).await;
    }

    /// Waits until an element with that name reads `text`.
    pub(crate) async fn reads(&self, name: &str, text: &str) {
        let script = format!(
            "return [...document.querySelectorAll(`[data-testid='{name}']`)].some((one) => one.textContent.includes({}))",
            json!(text)
        );
        self.until(&format!("{name} to read {text:?}"), || async {
            (self.web.execute(&script, Vec::new()).await.ok()?.json() == &json!(true)).then_some(())
        })
        .await;
    }

    /// Waits until a script returns true.
    pub(crate) async fn holds(&self, script: &str) {
        self.until(script, || async {
            (self.web.execute(script, Vec::new()).await.ok()?.json() == &json!(true)).then_some(())
        })
        .await;
    }

    /// Waits until there is no element with that name.
    pub(crate) async fn gone(&self, name: &str) {
        self.holds(&format!("return !document.querySelector(`[data-testid='{name}']`)")).await;
    }

    /// Waits until the page's path begins so.
    pub(crate) async fn page(&self, path: &str) {
        self.until(&format!("the page {path}"), || async {
            self.web.current_url().await.ok()?.path().starts_with(path).then_some(())
        })
        .await;
    }

    /// Types into whatever has the keyboard.
    pub(crate) async fn keys(&self, keys: impl Into<String>) {
        self.web.action_chain().send_keys(keys.into()).perform().await.expect("keys can be typed");
    }

    /// One key.
    pub(crate) async fn press(&self, key: Key) {
        self.keys(char::from(key).to_string()).await;
    }

    /// One key with Ctrl held.
    pub(crate) async fn ctrl(&self, key: impl Into<char>) {
        let chord = self.web.action_chain().key_down(Key::Control).send_keys(key.into().to_string());
        chord.key_up(Key::Control).perform().await.expect("keys can be typed");
    }
}
