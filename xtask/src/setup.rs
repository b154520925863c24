//! What a fresh machine lacks, installed or named.
//!
//! Debian and its descendants: through apt, as root or with sudo, which may ask for a password where somebody
//! is there to type it; otherwise one line to run.
//! Elsewhere the system brings its web view along (macOS, Windows) or its packages have other names.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, on_path, read, run, succeeds};

const WASM: &str = "wasm32-unknown-unknown";

/// What the work at hand asks of the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Compiling the shell and the interface.
    Build,
    /// A display where there is none.
    Display,
    /// The checks and the tests in the real window.
    Test,
}

impl Need {
    fn packages(self) -> &'static [&'static str] {
        match self {
            // binaryen: wasm-opt.
            Self::Build => &[
                "binaryen",
                "build-essential",
                "pkg-config",
                "libwebkit2gtk-4.1-dev",
                "librsvg2-dev",
                "libayatana-appindicator3-dev",
            ],
            // openbox: without a window manager no window is ever brought up.
            Self::Display => &["xvfb", "openbox", "dbus"],
            // postgresql: the server a team shares; the tests run one of their own.
            Self::Test => &["chromium", "chromium-driver", "postgresql", "webkit2gtk-driver"],
        }
    }

    fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Build => &[],
            Self::Display => &["Xvfb", "openbox", "dbus-daemon", "setpriv"],
            Self::Test => &["chromium", "chromedriver", "WebKitWebDriver"],
        }
    }
}

/// Installs what is missing for all of `needs`, or fails saying what to do.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    if cfg!(target_os = "linux") {
        system_packages(needs)?;
    }
    wasm_target()?;
    if needs.contains(&Need::Test) {
        component("rustfmt", "fmt")?;
        component("clippy", "clippy")?;
    }
    Ok(())
}

fn system_packages(needs: &[Need]) -> Result<()> {
    let wanted: Vec<&str> = needs.iter().flat_map(|need| need.packages()).copied().collect();
    if !on_path("dpkg-query") {
        return elsewhere(needs, &wanted);
    }
    let missing = missing(&wanted, &installed(&wanted));
    if !missing.is_empty() {
        apt(&missing)?;
    }
    programs(needs)
}

/// Linux without dpkg: nothing is installed, but nothing is left to a linker error either.
fn elsewhere(needs: &[Need], wanted: &[&str]) -> Result<()> {
    let libraries = ["webkit2gtk-4.1", "librsvg-2.0"];
    if needs.contains(&Need::Build) && !succeeds(Command::new("pkg-config").arg("--exists").args(libraries)) {
        bail!("install your system's packages of these (named as Debian does): {}", wanted.join(" "));
    }
    programs(needs)
}

fn programs(needs: &[Need]) -> Result<()> {
    let absent: Vec<&str> =
        needs.iter().flat_map(|need| need.programs()).copied().filter(|program| !on_path(program)).collect();
    if !absent.is_empty() {
        bail!("still missing: {}", absent.join(", "));
    }
    Ok(())
}

/// One `name status` per line; unknown packages are not listed, and make dpkg-query fail.
fn installed(wanted: &[&str]) -> String {
    let format = "${Package} ${db:Status-Status}\\n";
    let query = Command::new("dpkg-query").arg("-W").arg(format!("-f={format}")).args(wanted).output();
    query.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default()
}

fn missing<'a>(wanted: &[&'a str], installed: &str) -> Vec<&'a str> {
    let has = |package: &str| installed.lines().any(|line| line == format!("{package} installed"));
    wanted.iter().copied().filter(|package| !has(package)).collect()
}

/// What apt-get is run with: first for its lists, then for packages.
const UPDATE: [&str; 2] = ["update", "-q"];
const INSTALL: [&str; 4] = ["install", "-y", "-q", "--no-install-recommends"];

fn apt(packages: &[&str]) -> Result<()> {
    let root = read(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
    let by_hand = by_hand(packages, root);
    let prefix: &[&str] = match root {
        true => &["env"],
        false if succeeds(Command::new("sudo").args(["-n", "true"])) => &["sudo", "-n", "env"],
        // Somebody is there to type a password.
        false if std::io::stdin().is_terminal() && on_path("sudo") => &["sudo", "env"],
        false => bail!("Debian packages are missing. Run this, then try again:\n\n    {by_hand}"),
    };
    println!("installing {}", packages.join(" "));
    let apt_get = |args: &[&str]| {
        let mut command = Command::new(prefix[0]);
        command.args(&prefix[1..]).args(["DEBIAN_FRONTEND=noninteractive", "apt-get"]).args(args);
        run(&mut command)
    };
    apt_get(&UPDATE).context("the package lists could not be refreshed")?;
    apt_get(&[&INSTALL[..], packages].concat()).with_context(|| format!("try it by hand: {by_hand}"))
}

/// The same, as a line to type.
fn by_hand(packages: &[&str], root: bool) -> String {
    let sudo = if root { "" } else { "sudo " };
    let install = INSTALL.join(" ");
    format!("{sudo}apt-get {} && {sudo}apt-get {install} {}", UPDATE.join(" "), packages.join(" "))
}

fn wasm_target() -> Result<()> {
    if has_wasm_target()? {
        return Ok(());
    }
    println!("installing the Rust target {WASM}");
    run(Command::new("rustup").args(["target", "add", WASM]))
        .with_context(|| format!("install Rust's standard library for {WASM}"))?;
    if !has_wasm_target()? {
        // rustup goes by its own list, and says nothing when the files themselves are gone.
        bail!("{WASM} is listed as installed but is not there: rustup target remove {WASM}, then try again");
    }
    Ok(())
}

fn has_wasm_target() -> Result<bool> {
    let libraries = read(Command::new("rustc").args(["--print", "target-libdir", "--target", WASM]))?;
    Ok(std::path::Path::new(libraries.trim()).is_dir())
}

fn component(name: &str, subcommand: &str) -> Result<()> {
    if succeeds(cargo().args([subcommand, "--version"])) {
        return Ok(());
    }
    println!("installing the Rust component {name}");
    run(Command::new("rustup").args(["component", "add", name])).with_context(|| format!("install {name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_installed_is_missing() {
        let said = "xvfb installed\nopenbox config-files\n";
        assert_eq!(missing(&["xvfb", "openbox", "dbus"], said), ["openbox", "dbus"]);
    }

    #[test]
    fn the_line_to_type_installs_what_would_have_been_installed() {
        let line = "sudo apt-get update -q && sudo apt-get install -y -q --no-install-recommends xvfb dbus";
        assert_eq!(by_hand(&["xvfb", "dbus"], false), line);
        assert!(!by_hand(&["xvfb"], true).contains("sudo"));
    }

    #[test]
    fn a_longer_name_does_not_stand_for_a_shorter_one() {
        assert_eq!(missing(&["dbus"], "dbus-daemon installed\n"), ["dbus"]);
    }
}
