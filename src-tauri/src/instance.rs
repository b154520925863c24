//! One copy per data folder, decided on the session bus before GTK is there.
//!
//! On Linux only; elsewhere the plugin serves. It decides in the middle of GTK's start and ends the second copy right
//! there, while GTK's own threads are starting: about one in two hundred crashed. A copy whose predecessor has just died
//! waits here until the bus has noticed, instead of giving way to nobody.

use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::Duration;

use tauri::AppHandle;
use zbus::blocking::{Connection, connection};

use crate::error::ShellError;
use crate::window;

const INTERFACE: &str = "app.maintenance_flows.Instance";
const PATH: &str = "/app/maintenance_flows/instance";
const RETRY: Duration = Duration::from_millis(100);
const RETRIES: u32 = 50;

/// What a start turned out to be.
pub(crate) enum Instance {
    /// The only copy; it hears of later starts.
    First(Doorbell),
    /// Another copy has the folder, and has been told of this start.
    Second,
}

/// Rings when the application is started again. The name on the bus is held for as long as it lives.
pub(crate) struct Doorbell {
    starts: Receiver<Vec<String>>,
    /// None without a session bus, where copies cannot find each other; the lock on the folder still keeps them apart.
    connection: Option<Connection>,
}

struct Ring(Sender<Vec<String>>);

#[zbus::interface(name = "app.maintenance_flows.Instance")]
impl Ring {
    fn started(&self, args: Vec<String>) {
        // Nobody hears it only while this copy is ending.
        let _ = self.0.send(args);
    }
}

impl Instance {
    /// Takes the name (and a part that is ours alone), or tells the copy that has it.
    ///
    /// # Errors
    /// When a copy has the name but does not answer.
    pub(crate) fn claim(name: &str) -> Result<Self, ShellError> {
        let name = format!("{name}.Instance");
        let mut last = zbus::Error::NameTaken;
        for _ in 0..RETRIES {
            let (sender, starts) = channel();
            match own(&name, Ring(sender)) {
                Ok(connection) => {
                    return Ok(Self::First(Doorbell { starts, connection: Some(connection) }));
                }
                Err(zbus::Error::NameTaken) => match tell(&name) {
                    Ok(()) => return Ok(Self::Second),
                    // It is ending, or has died and the bus is about to notice.
                    Err(error) => last = error,
                },
                Err(error) => {
                    tracing::warn!(%error, "no session bus: a second start will not find this copy");
                    return Ok(Self::First(Doorbell { starts, connection: None }));
                }
            }
            thread::sleep(RETRY);
        }
        Err(ShellError::Unanswered(last))
    }
}

impl Doorbell {
    /// Answers later starts from now on, those since the claim included.
    pub(crate) fn answer(self, app: &AppHandle) {
        let app = app.clone();
        thread::spawn(move || {
            let _name = self.connection;
            for args in self.starts {
                window::second_start(&app, &args);
            }
        });
    }
}

fn own(name: &str, ring: Ring) -> zbus::Result<Connection> {
    connection::Builder::session()?
        .name(name)?
        .allow_name_replacements(false)
        .replace_existing_names(false)
        .serve_at(PATH, ring)?
        .build()
}

fn tell(name: &str) -> zbus::Result<()> {
    let args: Vec<String> = std::env::args_os().map(|arg| arg.to_string_lossy().into_owned()).collect();
    let connection = Connection::session()?;
    connection.call_method(Some(name), PATH, Some(INTERFACE), "Started", &args)?;
    Ok(())
}
