//! One window per data folder.

use crate::app::{Desk, processes};
use crate::screen::Screen;
use crate::wait::until;

#[tokio::test]
async fn a_second_start_brings_the_first_window_up_and_ends() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let app = desk.open().await;
    app.named("import-markdown").await;
    screen.close_window().await;
    let ended = desk.binary(&[]).status().expect("the binary runs");
    assert!(ended.success(), "{ended}");
    // Together: the window manager tells the one before the other.
    until("one window", || async { (screen.is_active() && screen.shown() == 1).then_some(()) }).await;
    // While the window has the folder, nobody else ticks.
    let tick = desk.binary(&["rpc", "scheduler_tick", r#"{"now":"2030-01-01T00:00:00Z"}"#]).output();
    let reply = String::from_utf8(tick.expect("the binary runs").stdout).expect("text");
    assert!(reply.contains(r#""code":"conflict""#), "{reply}");
}

#[tokio::test]
async fn two_copies_started_at_the_same_moment_end_as_one_window() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let mut copies =
        [desk.binary(&[]), desk.binary(&[])].map(|mut copy| copy.spawn().expect("the binary runs"));
    // One of them gives way, whichever it is, and without an error.
    let ended = until("one copy to end", || {
        let ended = copies.iter_mut().find_map(|copy| copy.try_wait().expect("it is ours"));
        std::future::ready(ended)
    })
    .await;
    until("the window", || async { (screen.shown() == 1).then_some(()) }).await;
    assert!(ended.success(), "{ended}");
    assert_eq!(processes(&desk.data()).len(), 1);
    for copy in &mut copies {
        // Fails for the one that has ended.
        let _ = copy.kill();
        copy.wait().expect("it is ours");
    }
}
