//! A display of our own: Xvfb, a window manager, and a session bus when an application is to live on it.
//!
//! Every process dies with this one, even when it is killed: `setpriv --pdeathsig`.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::process::target_dir;

/// What a technician's laptop shows.
pub(crate) const LAPTOP: &str = "1440x900x24";
/// Room for a window whose page is 1920x1080, with its frame.
pub(crate) const DESK: &str = "2048x1280x24";

/// Folders of framebuffers below the target folder, each named after the process that made it.
const FRAMEBUFFERS: &str = "xvfb-";

/// Whether the display comes with a session bus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bus {
    Own,
    None,
}

/// Running until dropped.
#[derive(Debug)]
pub(crate) struct VirtualDisplay {
    children: Vec<Child>,
    name: String,
    bus: Option<String>,
    framebuffer: PathBuf,
}

impl VirtualDisplay {
    pub(crate) fn start(bus: Bus) -> Result<Self> {
        Self::sized(bus, LAPTOP)
    }

    /// With a screen of that size.
    pub(crate) fn sized(bus: Bus, screen: &str) -> Result<Self> {
        forget_the_dead();
        let dir = target_dir().join(format!("{FRAMEBUFFERS}{}", std::process::id()));
        std::fs::create_dir_all(&dir)?;
        let mut display = Self {
            children: Vec::new(),
            name: String::new(),
            bus: None,
            framebuffer: dir.join("Xvfb_screen0"),
        };

        let mut xvfb = tied("Xvfb");
        xvfb.args(["-displayfd", "1", "-screen", "0", screen, "-nolisten", "tcp", "-noreset", "-fbdir"])
            .arg(&dir);
        display.name = format!(":{}", display.first_line(xvfb, "Xvfb")?);
        if bus == Bus::Own {
            let mut daemon = tied("dbus-daemon");
            daemon.args(["--session", "--nofork", "--print-address=1"]);
            display.bus = Some(display.first_line(daemon, "dbus-daemon")?);
        }
        let mut openbox = tied("openbox");
        display.apply(&mut openbox);
        let openbox = openbox.stdout(Stdio::null()).stderr(Stdio::null()).spawn().context("openbox")?;
        display.children.push(openbox);
        Ok(display)
    }

    /// Makes a command show itself here and nowhere else.
    pub(crate) fn apply(&self, command: &mut Command) {
        command.env("DISPLAY", &self.name).env("GDK_BACKEND", "x11").env("NO_AT_BRIDGE", "1");
        command.env_remove("WAYLAND_DISPLAY");
        if let Some(bus) = &self.bus {
            command.env("DBUS_SESSION_BUS_ADDRESS", bus);
        }
    }

    /// The file that holds what the screen shows.
    pub(crate) fn framebuffer(&self) -> &Path {
        &self.framebuffer
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    fn first_line(&mut self, mut command: Command, name: &str) -> Result<String> {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let out: Option<ChildStdout> = child.stdout.take();
        self.children.push(child);
        let mut line = String::new();
        BufReader::new(out.context("no pipe")?).read_line(&mut line)?;
        if line.trim().is_empty() {
            bail!("{name} did not start");
        }
        Ok(line.trim().to_owned())
    }
}

impl Drop for VirtualDisplay {
    fn drop(&mut self) {
        for child in self.children.iter_mut().rev() {
            // Both fail only for a process that is gone, which is what is wanted.
            let _ = child.kill();
            let _ = child.wait();
        }
        if let Some(dir) = self.framebuffer.parent() {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

/// Removes what processes ended by Ctrl-C left behind.
fn forget_the_dead() {
    let entries = std::fs::read_dir(target_dir()).into_iter().flatten().filter_map(Result::ok);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let dead = name.strip_prefix(FRAMEBUFFERS).is_some_and(|id| !Path::new("/proc").join(id).exists());
        if dead {
            // What cannot be removed now is tried again the next time.
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

/// A command that does not outlive us.
pub(crate) fn tied(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", program]);
    command
}

/// Whether a person is looking.
pub(crate) fn is_present() -> bool {
    let set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
