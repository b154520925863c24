//! A session bus of our own, and the notification server on it.

use crate::wait::until;
use std::collections::HashMap;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;

const PATH: &str = "/org/freedesktop/Notifications";

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

/// The bus with its notification server.
#[derive(Debug)]
pub(crate) struct Bus {
    daemon: Child,
    pub(crate) address: String,
    connection: zbus::Connection,
    shown: Arc<Mutex<Vec<Shown>>>,
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
        let connection = zbus::connection::Builder::address(address.as_str())
            .expect("an address")
            .name("org.freedesktop.Notifications")
            .expect("a name")
            .serve_at(PATH, server)
            .expect("a path")
            .build()
            .await
            .expect("the bus answers");
        Self { daemon, address, connection, shown }
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

    /// A person clicks on the body of a notification.
    pub(crate) async fn click(&self, shown: &Shown) {
        let emitter = SignalEmitter::new(&self.connection, PATH).expect("a path");
        Server::action_invoked(&emitter, shown.id, "default").await.expect("the bus answers");
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}
