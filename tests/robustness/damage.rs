//! Files that are damaged, lost, protected or from the future: told in words, and left as they are.

use crate::headless::{Folder, text};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

/// A way to damage a file, and its name.
type Damage<'a> = (&'a str, &'a dyn Fn(&mut Vec<u8>));

fn prepared() -> Folder {
    let folder = Folder::new();
    let flow = folder.flow(3);
    folder.ok("launch_batch", &json!({"flow_id": flow, "targets": [{"label": "RDS-01"}]}));
    folder
}

#[test]
fn a_corrupt_file_answers_corrupt_and_is_left_untouched() {
    let overwrite_start = |bytes: &mut Vec<u8>| bytes[..100].fill(b'x');
    let overwrite_middle = |bytes: &mut Vec<u8>| {
        let middle = bytes.len() / 2;
        bytes[middle..middle + 8_192].fill(0xff);
    };
    let cut = |bytes: &mut Vec<u8>| bytes.truncate(bytes.len() / 2);
    let damages: [Damage<'_>; 3] =
        [("start", &overwrite_start), ("middle", &overwrite_middle), ("cut", &cut)];
    for (name, damage) in damages {
        let folder = prepared();
        let mut bytes = fs::read(folder.database()).expect("the database");
        damage(&mut bytes);
        fs::write(folder.database(), &bytes).expect("it can be written");
        for (command, payload) in [
            ("flow_counts", json!({})),
            ("create_target_list", json!({"name": "x", "targets": [{"label": "y"}]})),
        ] {
            let error = folder.call(command, &payload).expect_err("the file is damaged");
            assert_eq!(error["code"], "corrupt", "{name}, {command}: {error}");
        }
        assert_eq!(folder.ok("workspace_health", &json!({}))["state"], "corrupt");
        assert!(
            fs::read(folder.database()).expect("the database") == bytes,
            "{name}: the damaged file was changed"
        );
    }
}

#[test]
fn a_headless_call_never_repairs() {
    let folder = prepared();
    let garbage: &[u8] = b"this is no database, but it is somebody's";
    fs::write(folder.database(), garbage).expect("it can be written");
    for action in ["start_empty", "restore_newest_backup"] {
        let error = folder
            .call("recover_workspace", &json!({"action": action}))
            .expect_err("only the window repairs");
        assert_eq!(error["code"], "corrupt");
    }
    assert_eq!(fs::read(folder.database()).expect("it can be read"), garbage);
}

#[test]
fn a_healthy_workspace_has_nothing_to_recover() {
    let folder = prepared();
    let error =
        folder.call("recover_workspace", &json!({"action": "start_empty"})).expect_err("it is healthy");
    assert_eq!(error["code"], "conflict");
    assert_eq!(folder.ok("flow_counts", &json!({}))["total"], 1);
}

#[test]
fn a_protected_file_can_be_read_and_says_why_it_cannot_be_written() {
    let folder = prepared();
    let database = folder.database();
    let workspaces = database.parent().expect("its folder").to_owned();
    // Root may write anywhere, whatever the mode says: ask as nobody, who may read everything here.
    for (path, mode) in [(folder.path().to_owned(), 0o777), (workspaces, 0o555), (database, 0o444)] {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
    }
    let call = |command: &str, payload: &str| {
        let out = Command::new("setpriv")
            .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
            .arg(crate::headless::BINARY)
            .arg("--data-dir")
            .arg(folder.path())
            .args(["rpc", command, payload])
            .output()
            .expect("setpriv runs");
        serde_json::from_slice::<serde_json::Value>(&out.stdout).expect("one JSON reply")
    };
    assert_eq!(call("flow_counts", "{}")["total"], 1);
    let health = call("workspace_health", "{}");
    assert_eq!(health["state"], "read_only", "{health}");
    let refused = call("create_target_list", r#"{"name":"x","targets":[{"label":"y"}]}"#);
    assert_eq!(refused["error"]["code"], "unavailable", "{refused}");
    assert!(text(&refused["error"]["message"]).contains("read-only"), "{refused}");
}
