//! The application under WebDriver: a data folder, a home and a bus of its own.

use crate::bus::{Bus, tied};
use crate::wait::{patiently, until};
use serde_json::{Value, json};
use std::fs;
use std::future::Future;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use thirtyfour::{By, Capabilities, Key, WebDriver, WebElement};

const BINARY: &str = env!("CARGO_BIN_EXE_maintenance-flows");

/// The journeys share one display.
static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A person's place: folders that go when the test ends, and a bus.
#[derive(Debug)]
pub(crate) struct Desk {
    home: tempfile::TempDir,
    pub(crate) bus: Bus,
    pictures: Option<PathBuf>,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        // A journey that failed leaves nothing that the next one could trip over.
        let turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let pictures = std::env::var_os("MAINTENANCE_FLOWS_PICTURES").map(PathBuf::from);
        Self { home: tempfile::tempdir().expect("a folder"), bus: Bus::start().await, pictures, _turn: turn }
    }

    pub(crate) fn home(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.home.path().join("data")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.data().join("workspaces").join("local.db")
    }

    /// Makes a command live here.
    fn settle(&self, command: &mut Command) {
        command
            .env("HOME", self.home.path())
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus.address)
            .env("NO_AT_BRIDGE", "1")
            .env("GDK_BACKEND", "x11")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("TAURI_AUTOMATION", "true");
        for (variable, folder) in
            [("XDG_DATA_HOME", "share"), ("XDG_CONFIG_HOME", "config"), ("XDG_CACHE_HOME", "cache")]
        {
            command.env(variable, self.home.path().join(folder));
        }
    }

    /// The binary with arguments, on this desk's data folder.
    pub(crate) fn binary(&self, args: &[&str]) -> Command {
        let mut command = tied(BINARY);
        self.settle(&mut command);
        command.arg("--data-dir").arg(self.data()).args(args);
        command
    }

    /// A headless command, as a script would give it.
    pub(crate) fn rpc(&self, command: &str, payload: &Value) -> Value {
        let out = self.binary(&["rpc", command, &payload.to_string()]).output().expect("the binary runs");
        let reply = serde_json::from_slice(&out.stdout).expect("one JSON reply");
        assert!(out.status.success(), "{command}: {reply}");
        reply
    }

    /// Opens the window and waits until it shows something.
    pub(crate) async fn open(&self) -> App {
        self.open_by(tied("WebKitWebDriver")).await
    }

    /// The same on a disk of 16 MiB that nobody but the application sees: in namespaces of its own, which take no rights that
    /// a person lacks. It begins with what the workspace holds.
    pub(crate) async fn open_on_a_small_disk(&self) -> App {
        let script = "set -e; cp -a \"$0\" \"$0.before\"; mount -t tmpfs -o size=16m,mode=700 tmpfs \"$0\"
            cp -a \"$0.before/.\" \"$0\"; exec WebKitWebDriver \"$@\"";
        let mut driver = tied("unshare");
        driver.args(["--map-current-user", "--keep-caps", "--mount", "bash", "-c", script]);
        driver.arg(self.data().join("workspaces"));
        self.open_by(driver).await
    }

    async fn open_by(&self, mut driver: Command) -> App {
        until("the copy before to be forgotten", || async { (!self.bus.knows_a_copy().await).then_some(()) })
            .await;
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address").port();
        self.settle(&mut driver);
        let driver = driver
            .args(["--host=127.0.0.1", &format!("--port={port}")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("WebKitWebDriver is installed");
        until("WebKitWebDriver", || async { TcpStream::connect(("127.0.0.1", port)).ok() }).await;
        let mut wanted = Capabilities::new();
        let data = self.data();
        let options = json!({"binary": BINARY, "args": ["--data-dir", data]});
        wanted.set("webkitgtk:browserOptions", options).expect("JSON");
        let web = WebDriver::new(format!("http://127.0.0.1:{port}"), wanted).await.expect("a session");
        let app = App { driver, web, data, pictures: self.pictures.clone() };
        app.find("html[data-ready=true]").await;
        app
    }
}

/// The open window.
#[derive(Debug)]
pub(crate) struct App {
    driver: Child,
    web: WebDriver,
    data: PathBuf,
    pictures: Option<PathBuf>,
}

impl App {
    /// Looks until there is something; a picture shows what there was instead.
    async fn until<T, F: Future<Output = Option<T>>>(&self, what: &str, look: impl FnMut() -> F) -> T {
        if let Some(found) = patiently(look).await {
            return found;
        }
        let picture = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("window-failure.png");
        let taken = self.web.screenshot(&picture).await;
        panic!("waited in vain for {what}; what there was: {} ({taken:?})", picture.display());
    }

    /// The first element of a selector, as soon as there is one.
    pub(crate) async fn find(&self, selector: &str) -> WebElement {
        self.until(selector, || async { self.web.find(By::Css(selector)).await.ok() }).await
    }

    /// The element with that name for tests.
    pub(crate) async fn named(&self, name: &str) -> WebElement {
        self.find(&format!("[data-testid='{name}']")).await
    }

    /// How many elements of a selector there are.
    pub(crate) async fn count(&self, selector: &str) -> usize {
        self.web.find_all(By::Css(selector)).await.map_or(0, |found| found.len())
    }

    /// Clicks, as soon as the element is there and takes it.
    pub(crate) async fn click(&self, name: &str) {
        self.click_on(&format!("[data-testid='{name}']")).await;
    }

    /// Follows the link of the first row of that name.
    pub(crate) async fn open_row(&self, name: &str) {
        self.click_on(&format!("[data-testid='{name}'] a")).await;
    }

    async fn click_on(&self, selector: &str) {
        self.until(&format!("a click on {selector}"), || async {
            self.web.find(By::Css(selector)).await.ok()?.click().await.ok()
        })
        .await;
    }

    /// Replaces what stands in a field.
    pub(crate) async fn fill(&self, name: &str, text: &str) {
        let field = self.named(name).await;
        field.clear().await.expect("a field");
        // A person ends a line with a key; the driver drops the bare character.
        field.send_keys(text.replace('\n', "\u{e007}")).await.expect("a field");
    }

    /// What stands in a field.
    pub(crate) async fn value(&self, name: &str) -> String {
        self.named(name).await.prop("value").await.expect("a field").unwrap_or_default()
    }

    /// Chooses the option of a select with that text.
    pub(crate) async fn choose(&self, name: &str, text: &str) {
        let select = self.named(name).await;
        for option in select.find_all(By::Tag("option")).await.expect("options") {
            if words(&option).await.expect("a text").contains(text) {
                option.click().await.expect("an option");
                return;
            }
        }
        panic!("{name} has no option {text}");
    }

    /// Types into whatever has the keyboard.
    pub(crate) async fn type_keys(&self, keys: &str) {
        self.web.action_chain().send_keys(keys).perform().await.expect("keys can be typed");
    }

    pub(crate) async fn press_enter(&self) {
        self.web.action_chain().send_keys(Key::Enter).perform().await.expect("keys can be typed");
    }

    /// Waits until the element's text holds `text`; answers the whole text.
    pub(crate) async fn reads(&self, name: &str, text: &str) -> String {
        self.until(&format!("{name} to read {text:?}"), || async {
            let element = self.web.find(By::Css(format!("[data-testid='{name}']"))).await.ok()?;
            let read = words(&element).await?;
            read.contains(text).then_some(read)
        })
        .await
    }

    /// Waits until the page's text holds `text`.
    pub(crate) async fn page_reads(&self, text: &str) {
        self.until(&format!("the page to read {text:?}"), || async {
            let read = words(&self.web.find(By::Tag("body")).await.ok()?).await?;
            read.contains(text).then_some(())
        })
        .await;
    }

    /// Waits until the page is one whose address begins so; answers the whole path.
    pub(crate) async fn page(&self, path: &str) -> String {
        self.until(&format!("the page {path}"), || async {
            let at = self.web.current_url().await.ok()?.path().to_owned();
            at.starts_with(path).then_some(at)
        })
        .await
    }

    /// Leaves a picture where pictures are wanted.
    pub(crate) async fn picture(&self, name: &str) {
        let Some(folder) = &self.pictures else { return };
        fs::create_dir_all(folder).expect("a folder for pictures");
        let png = self.web.screenshot_as_png().await.expect("a picture");
        fs::write(folder.join(format!("{name}.png")), png).expect("it can be written");
    }

    /// A file on the disk that the application sees.
    pub(crate) fn seen(&self, path: &Path) -> PathBuf {
        let pid = processes(&self.data).into_iter().next().expect("it runs");
        let below = path.strip_prefix("/").expect("an absolute path");
        Path::new("/proc").join(pid).join("root").join(below)
    }

    /// kill -9, without a word.
    pub(crate) fn kill(mut self) {
        for pid in processes(&self.data) {
            let killed = Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs");
            assert!(killed.success());
        }
        self.end();
    }

    fn end(&mut self) {
        // Its driver goes with it: asking that to end the session first would only wait for an answer.
        let _ = self.web.clone().leak();
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

impl Drop for App {
    fn drop(&mut self) {
        for pid in processes(&self.data) {
            // It may have ended with its driver.
            let _ = Command::new("kill").args(["-KILL", &pid]).stderr(Stdio::null()).status();
        }
        self.end();
    }
}

/// The text of an element. Not the driver's idea of what is visible: it leaves out what may be cut with an ellipsis.
pub(crate) async fn words(element: &WebElement) -> Option<String> {
    element.prop("textContent").await.ok()?
}

/// The processes of the binary on a data folder.
pub(crate) fn processes(data: &Path) -> Vec<String> {
    let wanted = data.to_string_lossy().into_owned();
    let entries = fs::read_dir("/proc").expect("Linux").filter_map(Result::ok);
    entries
        .filter(|entry| {
            let line = fs::read(entry.path().join("cmdline")).unwrap_or_default();
            let mut args = line.split(|byte| *byte == 0);
            args.next() == Some(BINARY.as_bytes()) && args.any(|arg| arg == wanted.as_bytes())
        })
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}
