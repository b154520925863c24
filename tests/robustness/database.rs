//! A database of a test's own on a throw-away server.

use crate::cluster::{Cluster, id, run};

/// What an administrator connects to it with.
pub(crate) async fn database(cluster: &Cluster) -> String {
    let name = format!("t{}", id().simple());
    run(&mut cluster.admin("postgres").await, &format!("CREATE DATABASE {name}")).await;
    let place = cluster.admin_place(&name);
    format!("postgres://{}:{}@{}/{name}", place.login, place.password.replace(' ', "%20"), place.address())
}
