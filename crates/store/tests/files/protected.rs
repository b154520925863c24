//! A file or folder that may not be written: it opens read-only, says so, and stays as it is.
//!
//! To root no file is protected, so as root these tests run once more in a process of an ordinary user.

use super::*;
use mf_store::Access;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

/// Whether the rest of the test is to run here. As root it has run already, as somebody else.
fn runs_here(test: &str) -> bool {
    let folder = tempfile::tempdir().unwrap();
    if std::fs::metadata(folder.path()).unwrap().uid() != 0 {
        return true;
    }
    // A copy, because the folder of the build may be closed to others.
    std::fs::set_permissions(folder.path(), PermissionsExt::from_mode(0o755)).unwrap();
    let program = folder.path().join("tests");
    std::fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let output = Command::new("setpriv")
        .args(["--reuid=65534", "--regid=65534", "--clear-groups"])
        .arg(&program)
        .args([&format!("protected::{test}"), "--exact", "--nocapture"])
        .current_dir("/")
        .env_remove("TMPDIR")
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    false
}

fn set_mode(path: &Path, mode: u32) {
    std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

async fn opens_read_only(path: &Path) {
    let bytes = std::fs::read(path).unwrap();
    let store = open(path).await;
    let Access::ReadOnly { reason } = store.access() else { panic!("{:?}", store.access()) };
    assert!(reason.contains("write-protected"), "{reason}");
    assert_eq!(names(&store).await, ["a", "b", "c"]);
    assert!(matches!(put(&store, "d", START).await, Err(StoreError::ReadOnly { .. })));
    assert_eq!(store.backup_if_due(at(START)).await.unwrap(), None);
    store.close().await;
    assert!(std::fs::read(path).unwrap() == bytes, "a protected file was changed");
}

#[tokio::test]
async fn a_protected_file_opens_read_only() {
    if !runs_here("a_protected_file_opens_read_only") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    set_mode(&path, 0o400);
    opens_read_only(&path).await;
}

#[tokio::test]
async fn a_protected_folder_opens_read_only() {
    if !runs_here("a_protected_folder_opens_read_only") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    set_mode(path.parent().unwrap(), 0o500);
    opens_read_only(&path).await;
    // So that the folder can be removed again.
    set_mode(path.parent().unwrap(), 0o700);
}

#[tokio::test]
async fn a_protected_file_in_a_protected_folder_opens_read_only() {
    if !runs_here("a_protected_file_in_a_protected_folder_opens_read_only") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let path = workspace(&folder);
    closed_workspace(&path).await;
    set_mode(&path, 0o400);
    set_mode(path.parent().unwrap(), 0o500);
    opens_read_only(&path).await;
    set_mode(path.parent().unwrap(), 0o700);
}

#[tokio::test]
async fn a_folder_that_takes_no_file_is_an_error_and_no_workspace() {
    if !runs_here("a_folder_that_takes_no_file_is_an_error_and_no_workspace") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    set_mode(folder.path(), 0o500);
    let opened = try_open(&workspace(&folder)).await;
    assert!(matches!(opened, Err(OpenError::Store(StoreError::File(_)))), "{opened:?}");
    set_mode(folder.path(), 0o700);
}
