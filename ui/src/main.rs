//! The program the window loads: starts the interface and nothing else.

fn main() {
    mf_ui::start();
}
