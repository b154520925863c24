//! A team over the headless door: scripts on two computers, with passwords in a file that somebody chose.

use crate::cluster::cluster;
use crate::database::database;
use crate::headless::{Folder, text};
use serde_json::{Value, json};
use std::io::Write;
use std::process::{Child, Stdio};

/// A process with one command of a workspace, its payload through standard input, as a secret wants it.
pub(crate) fn spawned(
    folder: &Folder,
    secrets: bool,
    workspace: &str,
    command: &str,
    payload: &Value,
) -> Child {
    let mut process = folder.command();
    process.args(["--workspace", workspace, "rpc", command, "-"]);
    // No session bus, and so no keychain: the computer of a test has none, or somebody's own.
    process.env_remove("DBUS_SESSION_BUS_ADDRESS").env("XDG_RUNTIME_DIR", folder.path());
    match secrets {
        true => process
            .env("MAINTENANCE_FLOWS_SECRETS", format!("file:{}", folder.path().join("secrets").display())),
        false => process.env_remove("MAINTENANCE_FLOWS_SECRETS"),
    };
    let mut child = process
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("the binary runs");
    write!(child.stdin.take().expect("its input"), "{payload}").expect("is read");
    child
}

pub(crate) fn call(
    folder: &Folder,
    secrets: bool,
    workspace: &str,
    command: &str,
    payload: &Value,
) -> Result<Value, Value> {
    let out =
        spawned(folder, secrets, workspace, command, payload).wait_with_output().expect("the binary runs");
    let reply: Value = serde_json::from_slice(&out.stdout).expect("one JSON reply");
    if out.status.success() { Ok(reply) } else { Err(reply["error"].clone()) }
}

pub(crate) fn ok(folder: &Folder, workspace: &str, command: &str, payload: &Value) -> Value {
    call(folder, true, workspace, command, payload).unwrap_or_else(|error| panic!("{command}: {error}"))
}

#[test]
fn two_computers_share_through_scripts_alone() {
    let (ada, grace) = (Folder::new(), Folder::new());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let request = json!({
        "connection": runtime.block_on(database(cluster())), "name": "Field team", "member_name": "Ada", "ca_pem": cluster().authority,
    });
    let refused =
        call(&ada, false, "local", "create_workspace", &request).expect_err("no keychain, no choice");
    assert_eq!((&refused["code"], &refused["field"]), (&json!("unavailable"), &json!("passphrase")));
    let made = ok(&ada, "local", "create_workspace", &request);
    let invite = ok(&ada, "Field team", "invite_member", &json!({"name": "Grace", "role": "operator"}));
    let joined = ok(&grace, "local", "join_workspace", &json!({"invite": invite["invite"]}));
    assert_eq!(joined["workspace_id"], made["workspace_id"]);

    let list = json!({"name": "Farm", "targets": [{"label": "RDS-01"}]});
    ok(&grace, "Field team", "create_target_list", &list);
    assert_eq!(ok(&grace, "Field team", "sync_now", &json!({}))["pushed"], 1);
    // By its id as well.
    let id = text(&made["workspace_id"]);
    assert_eq!(ok(&ada, &id, "sync_now", &json!({}))["pulled"], 1);
    assert_eq!(ok(&ada, &id, "export_all", &json!({})), ok(&grace, &id, "export_all", &json!({})));
    assert_eq!(ok(&ada, &id, "sync_status", &json!({}))["state"], "synced");
    assert_eq!(
        ok(&ada, "local", "list_target_lists", &json!({})),
        json!([]),
        "the local workspace is another one"
    );

    let nowhere = call(&ada, true, "Nowhere", "list_flows", &json!({})).expect_err("no such workspace");
    assert_eq!((&nowhere["code"], &nowhere["field"]), (&json!("not_found"), &json!("workspace")));
    let switched =
        call(&ada, true, "local", "switch_workspace", &json!({ "id": id })).expect_err("has no windows");
    assert_eq!(switched["code"], "conflict");
    let locked = call(&ada, false, &id, "sync_now", &json!({})).expect_err("its password is in the file");
    assert_eq!(locked["code"], "unavailable");
}
