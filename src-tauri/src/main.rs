//! The binary: a window by default, or one headless command.
//!
//! Standard output belongs to the replies of `rpc`; everything else the program has to say goes to standard error.

#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the place where the program meets its terminal"
)]

use std::process::ExitCode;

use maintenance_flows::{Invocation, ShellError, USAGE, UsageError, parse, rpc, usage_error, window};

fn main() -> ExitCode {
    match parse(std::env::args_os()) {
        Ok(Invocation::Window { data_dir, start }) => ended(window(data_dir, start)),
        #[cfg(debug_assertions)]
        Ok(Invocation::Serve { data_dir, port }) => ended(maintenance_flows::serve(data_dir, port)),
        Ok(Invocation::Rpc { data_dir, workspace, input }) => rpc(data_dir, workspace.as_deref(), input),
        Ok(Invocation::Version) => {
            println!("maintenance-flows {}", env!("CARGO_PKG_VERSION"));
            ExitCode::SUCCESS
        }
        Ok(Invocation::Help) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("maintenance-flows: {error}\n\n{USAGE}");
            // Whoever asked for a reply gets one.
            if let UsageError::Rpc(error) = &error {
                println!("{}", usage_error(error));
            }
            ExitCode::FAILURE
        }
    }
}

fn ended(how: Result<(), ShellError>) -> ExitCode {
    match how {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("maintenance-flows: {error}");
            ExitCode::FAILURE
        }
    }
}
