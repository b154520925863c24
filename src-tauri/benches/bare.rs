//! A window with a page that fills it, and nothing else: the least that an application of this kind takes to show itself.
//!
//! Measures nothing itself; `cargo xtask bench startup` starts it beside the application. The page is served as the pages of
//! the application are, and the window made like theirs.

use std::borrow::Cow;
use std::error::Error;

use tauri::utils::assets::{AssetKey, AssetsIter, CspHash};
use tauri::{App, Assets, WebviewWindowBuilder, Wry};

/// Many colours, by which a look at the screen knows it.
const PAGE: &[u8] = b"<!doctype html><link rel=stylesheet href=/bare.css><title>Bare</title>";
const SHEET: &[u8] = b"html { background: linear-gradient(90deg, navy, white) }";

/// That page.
struct OnePage;

impl Assets<Wry> for OnePage {
    fn setup(&self, _: &App<Wry>) {}

    fn get(&self, key: &AssetKey) -> Option<Cow<'_, [u8]>> {
        match key.as_ref() {
            "/index.html" => Some(PAGE.into()),
            "/bare.css" => Some(SHEET.into()),
            _ => None,
        }
    }

    fn iter(&self) -> Box<AssetsIter<'_>> {
        Box::new(std::iter::empty())
    }

    fn csp_hashes(&self, _: &AssetKey) -> Box<dyn Iterator<Item = CspHash<'_>> + '_> {
        Box::new(std::iter::empty())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut context = tauri::generate_context!();
    context.set_assets(Box::new(OnePage));
    tauri::Builder::default()
        .setup(|app| {
            let window = app.config().app.windows.first().ok_or("no window is configured")?;
            WebviewWindowBuilder::from_config(app.handle(), window)?.visible(true).build()?;
            Ok(())
        })
        .run(context)?;
    Ok(())
}
