//! One window per data folder.

use crate::app::Desk;
use crate::screen::Screen;
use crate::wait::until;

#[tokio::test]
async fn a_second_start_brings_the_first_window_up_and_ends() {
    let (desk, screen) = (Desk::new().await, Screen::connect());
    let app = desk.open().await;
    app.named("import-markdown").await;
    screen.close_window().await;
    let ended = desk.binary(&[]).status().expect("the binary runs");
    assert!(ended.success());
    until("the window", || async { screen.is_active().then_some(()) }).await;
    assert_eq!(screen.shown(), 1);
    // While the window has the folder, nobody else ticks.
    let tick = desk.binary(&["rpc", "scheduler_tick", r#"{"now":"2030-01-01T00:00:00Z"}"#]).output();
    let reply = String::from_utf8(tick.expect("the binary runs").stdout).expect("text");
    assert!(reply.contains(r#""code":"conflict""#), "{reply}");
}
