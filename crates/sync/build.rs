//! A changed migration changes the compiled-in set of them.

fn main() {
    println!("cargo:rerun-if-changed=../../migrations/postgres");
}
