//! Command lines that ask for nothing the program does: whoever asked for a reply gets one, on standard output.

use crate::headless::Folder;
use serde_json::Value;

#[test]
fn a_call_that_is_wrong_is_answered_wherever_the_data_folder_stands() {
    let folder = Folder::new();
    for args in
        [&["rpc"][..], &["rpc", "a", "{}", "b"], &["rpc", "--hidden", "flow_counts"], &["rpc", "--verbose"]]
    {
        let behind = folder.command().args(args).output().expect("the binary runs");
        let mut before = std::process::Command::new(crate::headless::BINARY);
        let before =
            before.args(args).arg("--data-dir").arg(folder.path()).output().expect("the binary runs");
        for out in [behind, before] {
            assert_eq!(out.status.code(), Some(1), "{args:?}");
            let reply: Value = serde_json::from_slice(&out.stdout).expect("one JSON reply");
            assert_eq!(reply["error"]["code"], "validation", "{args:?}: {reply}");
            assert_eq!(reply["error"]["field"], "command", "{args:?}: {reply}");
        }
    }
}

#[test]
fn nobody_else_is_answered_in_json() {
    let folder = Folder::new();
    for args in [&["--verbose"][..], &["open"], &["--stdin"]] {
        let out = folder.command().args(args).output().expect("the binary runs");
        assert_eq!((out.status.code(), out.stdout), (Some(1), Vec::new()), "{args:?}");
        assert!(String::from_utf8_lossy(&out.stderr).contains("maintenance-flows rpc"), "{args:?}");
    }
}
