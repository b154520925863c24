//! A backup put in the place of the workspace by a script: never under a window, and never at the cost of what is there.

use crate::headless::{Folder, text};
use serde_json::{Value, json};
use std::fs::File;
use std::path::PathBuf;

fn lists(folder: &Folder) -> Vec<String> {
    let listed = folder.ok("list_target_lists", &json!({}));
    listed.as_array().expect("a list").iter().map(|list| text(&list["name"])).collect()
}

fn add(folder: &Folder, name: &str) {
    folder.ok("create_target_list", &json!({"name": name, "targets": [{"label": "RDS-01"}]}));
}

/// Names of set-aside and unfinished files beside the database.
fn odd_files(folder: &Folder) -> Vec<String> {
    let beside = folder.database().parent().expect("its folder").read_dir().expect("it can be read");
    beside
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("replaced") || name.starts_with('.'))
        .collect()
}

#[test]
fn what_was_there_comes_back_and_the_present_file_is_kept() {
    let folder = Folder::new();
    add(&folder, "Before");
    let backup = folder.ok("make_backup", &json!({}));
    add(&folder, "Later");
    let restored = folder.ok("restore_backup", &json!({"file_name": backup["file_name"]}));
    // The next process finds it, too.
    assert_eq!(lists(&folder), ["Before"]);

    let kept = PathBuf::from(text(&restored["kept_as"]));
    assert!(kept.is_file(), "{}", kept.display());
    let back = folder.ok("restore_backup", &json!({ "path": kept }));
    assert_eq!(lists(&folder), ["Before", "Later"]);
    assert!(PathBuf::from(text(&back["kept_as"])).is_file());
}

#[test]
fn an_exported_backup_moves_to_another_folder() {
    let (from, to) = (Folder::new(), Folder::new());
    add(&from, "Moved");
    let path = from.path().join("exported");
    from.ok("export_backup", &json!({ "path": path }));
    add(&to, "Of the other");
    to.ok("restore_backup", &json!({ "path": path }));
    assert_eq!(lists(&to), ["Moved"]);
}

#[test]
fn nothing_is_restored_while_a_window_has_the_folder() {
    let folder = Folder::new();
    add(&folder, "Before");
    let backup = folder.ok("make_backup", &json!({}));
    add(&folder, "Later");
    let request: Value = json!({"file_name": backup["file_name"]});
    // What a window holds for as long as it is open.
    let window = File::options().create(true).append(true).open(folder.path().join("app.lock"));
    let window = window.expect("the lock's file");
    window.try_lock().expect("nobody has it");
    let error = folder.call("restore_backup", &request).expect_err("a window has the folder");
    assert_eq!(error["code"], "conflict", "{error}");
    assert_eq!(lists(&folder), ["Before", "Later"]);
    assert_eq!(odd_files(&folder), Vec::<String>::new());
    drop(window);
    folder.ok("restore_backup", &request);
    assert_eq!(lists(&folder), ["Before"]);
}
