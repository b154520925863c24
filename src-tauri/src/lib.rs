//! The shell: the only code that knows Tauri.
//!
//! It opens the window, keeps the tray, carries commands to the engine and events back, and offers the same commands
//! without a window. What the commands mean is decided elsewhere; nothing here reads or writes a flow.

mod args;
#[cfg(debug_assertions)]
mod bridge;
mod downloads;
mod error;
mod events;
#[cfg(target_os = "linux")]
mod instance;
mod lock;
mod logging;
mod notifications;
mod paths;
mod rpc;
mod secrets;
mod tray;
mod window;
mod workspace;
mod workspaces;

use std::path::PathBuf;

use tauri::{Manager, RunEvent};

pub use args::{Invocation, RpcInput, Start, USAGE, UsageError, parse};
#[cfg(debug_assertions)]
pub use bridge::serve;
pub use error::ShellError;
pub use rpc::{headless as rpc, usage_error};

#[cfg(target_os = "linux")]
use instance::Instance;
use lock::DataLock;
use paths::DataDir;
use workspaces::Workspaces;

/// Runs the application with its window until someone quits it.
pub fn window(data_dir: Option<PathBuf>, start: Start) -> Result<(), ShellError> {
    if !window::has_display() {
        return Err(ShellError::NoDisplay);
    }
    let data = DataDir::open(data_dir)?;
    logging::to_file(&data.logs())?;

    // First of all: a second copy must end before it touches anything.
    let context = tauri::generate_context!();
    let instance = data.instance(&context.config().identifier);
    #[cfg(target_os = "linux")]
    let (doorbell, builder) = match Instance::claim(&instance)? {
        Instance::Second => return Ok(()),
        Instance::First(doorbell) => (doorbell, tauri::Builder::default()),
    };
    #[cfg(not(target_os = "linux"))]
    let (context, builder) = single_instance(context, instance);

    let app = builder
        .plugin(window::state_plugin(&data))
        .plugin(tauri_plugin_opener::init())
        .plugin(tauri_plugin_notification::init())
        .invoke_handler(tauri::generate_handler![rpc::rpc, downloads::save_download, window::interface_ready])
        .on_window_event(window::on_event)
        .setup({
            let data = data.clone();
            move |app| {
                let handle = app.handle();
                notifications::listen(handle);
                // Before the window asks for anything, and after clicks on notifications can be heard.
                app.manage(Workspaces::for_window(&data, handle));
                if let Err(error) = window::build(handle, &data, start, tray::build) {
                    // Returned, it would be a panic that says "Failed to setup app".
                    tracing::error!(%error, "the window could not be opened");
                    tauri::async_runtime::block_on(app.state::<Workspaces>().close());
                    std::process::exit(1);
                }
                // Here and no sooner: setup runs after the lock is held, and makes what this asks for.
                let handle = handle.clone();
                tauri::async_runtime::spawn(async move { handle.state::<Workspaces>().open_rest().await });
                tracing::info!(version = env!("CARGO_PKG_VERSION"), "started");
                Ok(())
            }
        })
        .build(context)?;
    // Only now: a second copy has ended above, after telling the first one.
    app.manage(DataLock::acquire(&data)?);
    #[cfg(target_os = "linux")]
    doorbell.answer(app.handle());

    app.run(|app, event| match event {
        #[cfg(target_os = "macos")]
        RunEvent::Reopen { .. } => window::bring_up(app),
        RunEvent::Exit => {
            tauri::async_runtime::block_on(app.state::<Workspaces>().close());
            tracing::info!("stopped");
        }
        _ => {}
    });
    Ok(())
}

/// The plugin has no name of its own to give here: it tells copies apart by the identifier.
#[cfg(not(target_os = "linux"))]
fn single_instance(
    mut context: tauri::Context,
    instance: String,
) -> (tauri::Context, tauri::Builder<tauri::Wry>) {
    context.config_mut().identifier = instance;
    let plugin = tauri_plugin_single_instance::init(|app, args, _| window::second_start(app, &args));
    (context, tauri::Builder::default().plugin(plugin))
}
