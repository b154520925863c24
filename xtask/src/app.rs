//! The application as a child process, and the moment it has drawn its first page.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::display::{VirtualDisplay, tied};

/// What the shell logs when the interface has drawn itself.
const READY: &str = "interface ready";

/// Killed when dropped.
#[derive(Debug)]
pub(crate) struct App {
    child: Child,
    ready: Receiver<()>,
}

impl App {
    /// Starts the application on a virtual display.
    pub(crate) fn start(binary: &Path, data_dir: Option<&Path>, display: &VirtualDisplay) -> Result<Self> {
        let mut command = tied(&binary.to_string_lossy());
        display.apply(&mut command);
        if let Some(dir) = data_dir {
            command.arg("--data-dir").arg(dir);
        }
        Self::spawn(command)
    }

    /// Starts a command that is the application.
    pub(crate) fn spawn(mut command: Command) -> Result<Self> {
        let mut child = command.stderr(Stdio::piped()).spawn().context("cannot start the application")?;
        let log = child.stderr.take().context("no pipe")?;
        let (sender, ready) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(log).lines().map_while(Result::ok) {
                eprintln!("{line}");
                if line.contains(READY) {
                    // Nobody listens any more after the first time.
                    let _ = sender.send(());
                }
            }
        });
        Ok(Self { child, ready })
    }

    /// Waits until the first page is drawn.
    pub(crate) fn wait_ready(&mut self, patience: Duration) -> Result<()> {
        match self.ready.recv_timeout(patience) {
            Ok(()) => Ok(()),
            Err(RecvTimeoutError::Timeout) => bail!("no interface after {} s", patience.as_secs()),
            Err(RecvTimeoutError::Disconnected) => bail!("the application ended: {}", self.child.wait()?),
        }
    }

    /// Its process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Waits until someone quits it.
    pub(crate) fn wait(&mut self) -> Result<ExitStatus> {
        Ok(self.child.wait()?)
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // Both fail only for a process that is gone, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
