//! The interface of Maintenance Flows: Yew pages over the command contract.
//!
//! Pages compose, components are pure, and everything that decides something is plain Rust under [`state`], tested
//! natively. The engine is reached through [`api`] alone and what it changed comes back through [`events`]; the browser
//! through [`browser`] alone. Deliberately absent: copies of server state kept by hand, time-zone rules and cron
//! stepping (the engine previews), inline styles (the window's policy refuses them).

pub mod api;
pub mod app;
pub mod browser;
pub mod components;
pub mod events;
pub mod pages;
pub mod route;
pub mod state;

/// Draws the interface into the page.
pub fn start() {
    yew::set_custom_panic_hook(Box::new(|panic| browser::show_broken(&panic.to_string())));
    state::theme::Theme::stored().apply();
    let Some(root) = browser::element("app") else { return };
    yew::Renderer::<app::App>::with_root(root).render();
}
