//! A session bus of our own, with the notification server and the tray of a desktop on it.

use crate::wait::until;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use zbus::message::Header;
use zbus::object_server::SignalEmitter;
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const PATH: &str = "/org/freedesktop/Notifications";
const TRAY: &str = "org.kde.StatusNotifierWatcher";
const TRAY_PATH: &str = "/StatusNotifierWatcher";

/// A program that does not outlive the test.
pub(crate) fn tied(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

/// A notification as the server got it.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    pub(crate) id: u32,
    pub(crate) summary: String,
    pub(crate) body: String,
    pub(crate) actions: Vec<String>,
}

#[derive(Debug)]
struct Server {
    shown: Arc<Mutex<Vec<Shown>>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Server {
    #[expect(clippy::too_many_arguments, reason = "the signature is the desktop's")]
    fn notify(
        &self,
        _app_name: &str,
        _replaces: u32,
        _icon: &str,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedValue>,
        _timeout: i32,
    ) -> u32 {
        let mut shown = self.shown.lock().expect("no test panics while it notes one");
        let id = u32::try_from(shown.len()).expect("few") + 1;
        shown.push(Shown { id, summary, body, actions });
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<&str> {
        vec!["body", "actions"]
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("test", "maintenance-flows", "1", "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action: &str) -> zbus::Result<()>;
}

/// An icon in the tray: who put it there, and where it answers.
#[derive(Clone, Debug)]
struct Icon {
    owner: String,
    path: String,
}

/// The tray. It shows nothing; it knows who is in it.
#[derive(Debug)]
struct Tray {
    icons: Arc<Mutex<Vec<Icon>>>,
}

#[zbus::interface(name = "org.kde.StatusNotifierWatcher")]
impl Tray {
    fn register_status_notifier_item(&self, item: String, #[zbus(header)] header: Header<'_>) {
        let Some(sender) = header.sender() else { return };
        // A name is that of whoever answers at the usual path.
        let path = if item.starts_with('/') { item } else { "/StatusNotifierItem".to_owned() };
        let icon = Icon { owner: sender.to_string(), path };
        self.icons.lock().expect("no test panics while it notes one").push(icon);
    }

    fn register_status_notifier_host(&self, _host: &str) {}

    #[zbus(property)]
    fn registered_status_notifier_items(&self) -> Vec<String> {
        Vec::new()
    }

    #[zbus(property)]
    fn is_status_notifier_host_registered(&self) -> bool {
        true
    }

    #[zbus(property)]
    fn protocol_version(&self) -> i32 {
        0
    }
}

/// An entry of a menu, with those below it: number, properties, entries.
type Entry = (i32, HashMap<String, OwnedValue>, Vec<OwnedValue>);

/// The bus with its notification server and its tray.
#[derive(Debug)]
pub(crate) struct Bus {
    daemon: Child,
    pub(crate) address: String,
    connection: zbus::Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
    icons: Arc<Mutex<Vec<Icon>>>,
}

impl Bus {
    pub(crate) async fn start() -> Self {
        let mut daemon = tied("dbus-daemon")
            .args(["--session", "--nofork", "--print-address=1"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed");
        let mut address = String::new();
        BufReader::new(daemon.stdout.take().expect("its output"))
            .read_line(&mut address)
            .expect("an address");
        let address = address.trim().to_owned();
        let shown = Arc::default();
        let server = Server { shown: Arc::clone(&shown) };
        let icons = Arc::default();
        let tray = Tray { icons: Arc::clone(&icons) };
        let connection = zbus::connection::Builder::address(address.as_str())
            .expect("an address")
            .name("org.freedesktop.Notifications")
            .expect("a name")
            .serve_at(PATH, server)
            .expect("a path")
            .name(TRAY)
            .expect("a name")
            .serve_at(TRAY_PATH, tray)
            .expect("a path")
            .build()
            .await
            .expect("the bus answers");
        Self { daemon, address, connection, shown, icons }
    }

    /// Whether a copy of the application is known to the bus: another one that starts now gives way to it. One that was
    /// killed is known until the bus has noticed.
    pub(crate) async fn knows_a_copy(&self) -> bool {
        let bus = zbus::fdo::DBusProxy::new(&self.connection).await.expect("the bus answers");
        let names = bus.list_names().await.expect("the bus answers");
        names.iter().any(|name| name.contains("maintenance"))
    }

    pub(crate) fn shown(&self) -> Vec<Shown> {
        self.shown.lock().expect("no test panics while it notes one").clone()
    }

    /// Waits for a notification.
    pub(crate) async fn notification(&self) -> Shown {
        until("a native notification", || async { self.shown().into_iter().next() }).await
    }

    /// A person chooses an entry of the menu of the icon in the tray.
    pub(crate) async fn choose_in_tray(&self, label: &str) {
        let icon = until("an icon in the tray", || async {
            self.icons.lock().expect("no test panics while it notes one").last().cloned()
        })
        .await;
        let item = self.proxy(&icon.owner, &icon.path, "org.kde.StatusNotifierItem").await;
        let menu: OwnedObjectPath = item.get_property("Menu").await.expect("the icon has a menu");
        let menu = self.proxy(&icon.owner, menu.as_str(), "com.canonical.dbusmenu").await;
        let entry = until(&format!("{label} in the menu"), || async {
            let properties: Vec<&str> = Vec::new();
            let (_, (_, _, entries)): (u32, Entry) =
                menu.call("GetLayout", &(0, -1, properties)).await.ok()?;
            let entries = entries.into_iter().filter_map(|entry| Entry::try_from(entry).ok());
            let named = |entry: &Entry| {
                entry
                    .1
                    .get("label")
                    .is_some_and(|text| <&str>::try_from(text).is_ok_and(|text| text == label))
            };
            entries.filter(named).map(|(number, ..)| number).next()
        })
        .await;
        // The application may be gone before it answers: that is what one of its entries is for.
        let clicked = (entry, "clicked", Value::from(0), 0_u32);
        let _: zbus::Result<()> = menu.call("Event", &clicked).await;
    }

    async fn proxy<'a>(&self, owner: &'a str, path: &'a str, interface: &'a str) -> zbus::Proxy<'a> {
        zbus::Proxy::new(&self.connection, owner, path, interface).await.expect("the bus answers")
    }

    /// A person clicks on the body of a notification.
    pub(crate) async fn click(&self, shown: &Shown) {
        self.press(shown, "default").await;
    }

    /// A person presses a button of a notification.
    pub(crate) async fn press(&self, shown: &Shown, action: &str) {
        let emitter = SignalEmitter::new(&self.connection, PATH).expect("a path");
        Server::action_invoked(&emitter, shown.id, action).await.expect("the bus answers");
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
