//! `cargo xtask demo`: the real application on a virtual display, pictured.
//!
//! First the main job, from an empty workspace to a finished batch, with a schedule that comes due within a minute: it is the
//! journey of the window tests, so what the pictures in `target/demo` show has been checked while they were taken. Then the
//! main pages on the sample workspace, in both themes and two sizes. Those of the README, in `docs/screenshots`, change only
//! when that is asked for.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use crate::Record;
use crate::display::{Bus, DESK, VirtualDisplay};
use crate::process::{Profile, build_app, cargo, read, root, run as exec, target_dir};
use crate::setup::{self, Need};
use crate::webdriver::{Window, at_home, fresh};
use crate::{interface, palette};

const THEMES: [&str; 2] = ["light", "dark"];
const SIZES: [(u32, u32); 2] = [(1280, 800), (1920, 1080)];
const GO: &str = include_str!("go.js");

pub(crate) fn run(record: Record) -> Result<()> {
    setup::ensure(&[Need::Build, Need::Display, Need::Test])?;
    interface::bundle()?;
    journey()?;
    pages(&match record {
        Record::Yes => root().join("docs/screenshots"),
        Record::No => target_dir().join("demo/pages"),
    })
}

fn journey() -> Result<()> {
    let out = fresh(target_dir().join("demo"))?;
    let display = VirtualDisplay::start(Bus::None)?;
    let mut journey = cargo();
    journey.args(["test", "--workspace", "--test", "window", "--", "main_job"]);
    journey.env("MAINTENANCE_FLOWS_PICTURES", &out);
    display.apply(&mut journey);
    exec(&mut journey)?;
    let mut left: Vec<_> = fs::read_dir(&out)?.filter_map(Result::ok).map(|entry| entry.path()).collect();
    left.sort();
    for path in left {
        println!("{}", path.display());
    }
    Ok(())
}

/// A picture: its name, the address, and what is clicked there.
type Picture = (&'static str, String, Option<&'static str>);

fn pages(out: &Path) -> Result<()> {
    let binary = build_app(Profile::Dev)?;
    let home = fresh(target_dir().join("demo-home"))?;
    let data = home.join("data");
    let display = VirtualDisplay::sized(Bus::Own, DESK)?;
    let sample = Sample::make(&binary, &data, &home, &display)?;
    fs::create_dir_all(out)?;
    let window = Window::open(&binary, &data, &home, &display)?;
    for (width, height) in SIZES {
        window.resize(width, height)?;
        for theme in THEMES {
            // As the person's choice, which is read when the interface starts.
            window.script(
                "localStorage.setItem('mf.theme', arguments[0]); location.reload()",
                json!([theme]),
            )?;
            window.ready()?;
            for (name, address, click) in sample.pictures() {
                match window.script_async(GO, json!([address, click]))? {
                    Value::Null => {}
                    trouble => bail!("{name}: {trouble}"),
                }
                let picture = palette::reduced(&window.picture()?)?;
                let path = out.join(format!("{name}-{theme}-{width}x{height}.png"));
                fs::write(&path, picture)?;
                println!("{}", path.display());
            }
        }
    }
    Ok(())
}

/// The addresses of the sample workspace.
struct Sample {
    maintenance: String,
    tree: String,
    batch: String,
    session: String,
}

impl Sample {
    fn make(binary: &Path, data: &Path, home: &Path, display: &VirtualDisplay) -> Result<Self> {
        let rpc = |command: &str, payload: Value| -> Result<Value> {
            let mut call = Command::new(binary);
            at_home(&mut call, home, display);
            call.arg("--data-dir").arg(data).args(["rpc", command, &payload.to_string()]);
            Ok(serde_json::from_str(&read(&mut call)?)?)
        };
        let first = |command: &str, payload: Value, id: &str| -> Result<String> {
            let listed = rpc(command, payload)?;
            Ok(listed[0][id].as_str().with_context(|| format!("{command} lists nothing"))?.to_owned())
        };
        rpc("create_sample", json!({}))?;
        let batch = first("list_batches", json!({"statuses": ["in_progress"]}), "batch_id")?;
        Ok(Self {
            maintenance: first("list_flows", json!({"flow_type": "maintenance"}), "id")?,
            tree: first("list_flows", json!({"flow_type": "troubleshooting"}), "id")?,
            session: first("list_sessions", json!({"batch_id": batch, "status": "in_progress"}), "id")?,
            batch,
        })
    }

    fn pictures(&self) -> Vec<Picture> {
        let at = |name, address: &str| (name, address.to_owned(), None);
        let maintenance = format!("/flows/{}/maintenance", self.maintenance);
        vec![
            at("today", "/"),
            at("library", "/flows"),
            at("maintenance", &maintenance),
            ("launch", maintenance.clone(), Some("[data-testid=batch-launch]")),
            ("schedule", maintenance, Some("[data-testid=edit-schedule]")),
            at("editor", &format!("/flows/{}/edit", self.maintenance)),
            at("tree", &format!("/trees/{}/edit", self.tree)),
            at("board", &format!("/batches/{}", self.batch)),
            at("runner", &format!("/sessions/{}", self.session)),
            at("sessions", "/sessions"),
            at("schedules", "/schedules"),
            at("calendar", "/calendar"),
            at("target-lists", "/account/target-lists"),
            at("settings", "/settings/backups"),
        ]
    }
}
