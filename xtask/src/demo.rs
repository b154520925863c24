//! `cargo xtask demo`: the real application on a virtual display, pictured.
//!
//! First the main job, from an empty workspace to a finished batch, with a schedule that comes due within a minute: it is the
//! journey of the window tests, so what the pictures in `target/demo` show has been checked while they were taken. Then the
//! pages on the sample workspace in both themes, the main ones in two sizes. Those of the README, in `docs/screenshots`,
//! change only when that is asked for.

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

/// A picture: its name, the address, what is done there before it is taken, and in which sizes.
struct Picture {
    name: &'static str,
    address: String,
    /// Each with what it is done to; `go.js` has them.
    steps: Value,
    sizes: &'static [(u32, u32)],
}

impl Picture {
    fn of(name: &'static str, address: impl Into<String>) -> Self {
        Self { name, address: address.into(), steps: json!([]), sizes: &SIZES[..1] }
    }

    fn after(self, steps: Value) -> Self {
        Self { steps, ..self }
    }

    /// On a large screen as well.
    fn large(self) -> Self {
        Self { sizes: &SIZES, ..self }
    }
}

fn pages(out: &Path) -> Result<()> {
    let binary = build_app(Profile::Dev)?;
    let home = fresh(target_dir().join("demo-home"))?;
    let display = VirtualDisplay::sized(Bus::Own, DESK)?;
    fs::create_dir_all(out)?;
    // Before anything is in it.
    let empty = Window::open(&binary, &home.join("empty"), &home, &display)?;
    take(&empty, &[Picture::of("welcome", "/")], out)?;
    drop(empty);
    let data = home.join("data");
    let sample = Sample::make(&binary, &data, &home, &display)?;
    let window = Window::open(&binary, &data, &home, &display)?;
    take(&window, &sample.pictures(), out)
}

fn take(window: &Window, pictures: &[Picture], out: &Path) -> Result<()> {
    for (width, height) in SIZES {
        let pictures: Vec<&Picture> =
            pictures.iter().filter(|picture| picture.sizes.contains(&(width, height))).collect();
        if pictures.is_empty() {
            continue;
        }
        window.resize(width, height)?;
        for theme in THEMES {
            // As the person's choice, which is read when the interface starts.
            window.script(
                "localStorage.setItem('mf.theme', arguments[0]); location.reload()",
                json!([theme]),
            )?;
            window.ready()?;
            for Picture { name, address, steps, .. } in &pictures {
                match window.script_async(GO, json!([address, steps]))? {
                    Value::Null => {}
                    trouble => bail!("{name}: {trouble}"),
                }
                let picture = palette::kept(&window.picture()?)?;
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
        let maintenance = first("list_flows", json!({"flow_type": "maintenance"}), "id")?;
        // An edit, for the list of revisions.
        let mut structure = rpc("get_flow", json!({ "id": maintenance }))?["structure"].clone();
        structure["steps"][3]["title"] = json!("Take a snapshot and note its name");
        structure["steps"][3]["evidence"] = json!("required");
        rpc("update_flow", json!({"id": maintenance, "structure": structure}))?;
        let freeze =
            json!([{"kind": "days", "from": "2026-12-24", "to": "2027-01-02", "label": "Christmas"}]);
        rpc("create_blackout_calendar", json!({"name": "Year end", "entries": freeze}))?;
        Self::come_due(&rpc)?;
        Ok(Self {
            tree: first("list_flows", json!({"flow_type": "troubleshooting"}), "id")?,
            session: first("list_sessions", json!({"batch_id": batch, "status": "in_progress"}), "id")?,
            maintenance,
            batch,
        })
    }

    /// A run that is ready, for the list of notifications: another flow, due in the next minute, which a tick is told has come.
    fn come_due(rpc: &dyn Fn(&str, Value) -> Result<Value>) -> Result<()> {
        let markdown = "# Restart the print servers\n\n1. Tell the office (1 min)\n2. Restart (10 min)\n3. Print a page (2 min)\n";
        let flow = rpc("import_flow_markdown", json!({"markdown": markdown, "flow_type": "maintenance"}))?;
        let list = rpc("list_target_lists", json!({}))?[1]["id"].clone();
        let now = rpc("get_today", json!({}))?["now"].as_str().context("no time")?.to_owned();
        let number = |at: std::ops::Range<usize>| {
            now.get(at).and_then(|text| text.parse::<u32>().ok()).context("a time")
        };
        let (hour, minute) = (number(11..13)?, number(14..16)?);
        // Of the same hour: the tick must not come before the schedule was made.
        let due = (minute + 1).min(59);
        rpc(
            "create_schedule",
            json!({
                "flow_id": flow["id"], "timezone": "UTC", "target_list_id": list,
                "recurrence": {"kind": "cron", "expression": format!("{due} {hour} * * *")},
            }),
        )?;
        rpc("scheduler_tick", json!({ "now": format!("{}{due:02}:30Z", &now[..14]) }))?;
        Ok(())
    }

    fn pictures(&self) -> Vec<Picture> {
        let maintenance = format!("/flows/{}/maintenance", self.maintenance);
        let tree = format!("/trees/{}/edit", self.tree);
        let file = "Device,Site,IP Address\nCON-CTX-01,Rome,10.20.1.11\nCON-CTX-02,Rome,10.20.1.12\nCON-CTX-07,Milan,10.20.2.17\n";
        vec![
            Picture::of("today", "/").large(),
            Picture::of("library", "/flows").large(),
            Picture::of("maintenance", &maintenance).large(),
            Picture::of("launch", &maintenance)
                .after(json!([
                    ["click", "[data-testid=batch-launch]"],
                    ["type", "#launch-list", "Contoso"],
                    ["press", "Enter"],
                    ["type", "[data-testid=intake-patch_version]", "2026-12"],
                ]))
                .large(),
            Picture::of("launch-file", &maintenance).after(json!([
                ["click", "[data-testid=batch-launch]"],
                ["click", "[data-testid=launch-file]"],
                ["file", "#launch-csv-file", "ninja-devices.csv", file],
            ])),
            Picture::of("schedule", &maintenance)
                .after(json!([["click", "[data-testid=edit-schedule]"]]))
                .large(),
            Picture::of("editor", format!("/flows/{}/edit", self.maintenance)).large(),
            Picture::of("revisions", format!("/flows/{}/revisions", self.maintenance)),
            Picture::of("tree", &tree).large(),
            Picture::of("tree-drawing", &tree).after(json!([["click", "[data-testid=tree-drawing]"]])),
            // Two targets are selected, and their step is about to be recorded.
            Picture::of("board", format!("/batches/{}", self.batch))
                .after(json!([
                    ["press", "x"],
                    ["press", "ArrowDown"],
                    ["press", "ArrowDown"],
                    ["press", "x"]
                ]))
                .large(),
            Picture::of("runner", format!("/sessions/{}", self.session)).large(),
            Picture::of("sessions", "/sessions").large(),
            Picture::of("schedules", "/schedules").large(),
            Picture::of("calendar", "/calendar").large(),
            Picture::of("notifications", "/notifications"),
            Picture::of("target-lists", "/account/target-lists").large(),
            Picture::of("blackouts", "/settings/blackouts"),
            Picture::of("appearance", "/settings/appearance"),
            Picture::of("settings", "/settings/backups"),
            Picture::of("about", "/settings/about"),
            Picture::of("palette", "/").after(json!([
                ["click", "[data-testid=open-palette]"],
                ["type", "[data-testid=palette-input]", "ctx"],
            ])),
        ]
    }
}
