//! A throw-away server, of a folder, a port and an authority of its own, run as somebody who is not root. It ends with the
//! test process, however that ends: a shell waits for the end of a pipe that only this process holds.

use mf_domain::ids::{DeviceId, MemberId, TeamId};
use mf_domain::role::Role;
use mf_sync::server::{Place, Protection};
use mf_sync::{members, scram, setup};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use sqlx::{Connection as _, PgConnection};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

const ADMIN: &str = "admin";
const ADMIN_PASSWORD: &str = "of the administrator";
const TEMPLATE: &str = "mf_template";

#[derive(Debug)]
pub(crate) struct Cluster {
    /// Holds the pipe.
    _shell: Child,
    pub(crate) port: u16,
    pub(crate) authority: String,
    data: PathBuf,
}

/// The one of this process, with the schema installed in a template.
pub(crate) fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        // On a thread of its own: the tests run within runtimes, in which another one cannot wait.
        std::thread::spawn(|| {
            let cluster = start(&certificates());
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(prepare(&cluster));
            cluster
        })
        .join()
        .expect("the server starts")
    })
}

/// A number nobody else in this process has.
pub(crate) fn id() -> Uuid {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    Uuid::from_u128(0x7e57 << 64 | u128::from(NEXT.fetch_add(1, Ordering::Relaxed)))
}

fn programs() -> PathBuf {
    let mut found: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let version = path.file_name()?.to_str()?.parse().ok()?;
            Some((version, path.join("bin")))
        })
        .filter(|(version, bin)| *version >= 15 && bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop().expect("Postgres 15 or later is not installed: cargo xtask test --only setup").1
}

/// A command as somebody who may run a server: Postgres refuses root.
fn unprivileged(program: &Path, owner: Option<u32>) -> Command {
    match owner {
        None => Command::new(program),
        Some(_) => {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--"]).arg(program);
            command
        }
    }
}

fn number_of(arguments: &[&str]) -> u32 {
    let output = Command::new("id").args(arguments).output().expect("id runs");
    String::from_utf8_lossy(&output.stdout).trim().parse().expect("a number")
}

/// A server for one test: what is done to it would disturb the others.
pub(crate) async fn another() -> Cluster {
    let cluster = start(&certificates());
    prepare(&cluster).await;
    cluster
}

/// A server with these. Nothing is installed in it.
pub(crate) fn start((authority, certificate, key): &Certificates) -> Cluster {
    let owner = (number_of(&["-u"]) == 0).then(|| number_of(&["-u", "postgres"]));
    let folder = tempfile::Builder::new().prefix("mf-postgres-").tempdir().expect("a folder").keep();
    let data = folder.join("data");
    let write = |name: &str, content: &str| {
        let path = folder.join(name);
        std::fs::write(&path, content).expect("writes");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).expect("its mode");
        std::os::unix::fs::chown(&path, owner, None).expect("its owner");
        path
    };
    std::os::unix::fs::chown(&folder, owner, None).expect("its owner");
    let password = write("password", ADMIN_PASSWORD);
    let (certificate, key) = (write("server.crt", certificate), write("server.key", key));
    let made = unprivileged(&programs().join("initdb"), owner)
        .current_dir("/")
        .args([
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
            "--username",
            ADMIN,
        ])
        .arg(format!("--pwfile={}", password.display()))
        .arg("-D")
        .arg(&data)
        .output()
        .expect("initdb runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));

    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let mut server = unprivileged(&programs().join("postgres"), owner);
    server.arg("-D").arg(&data).args(["-p", &port.to_string()]);
    let settings = [
        "listen_addresses=127.0.0.1".to_owned(),
        "unix_socket_directories=".to_owned(),
        "fsync=off".to_owned(),
        "max_connections=200".to_owned(),
        "ssl=on".to_owned(),
        format!("ssl_cert_file={}", certificate.display()),
        format!("ssl_key_file={}", key.display()),
    ];
    for setting in settings {
        server.arg("-c").arg(setting);
    }
    // Started again whenever it dies, until this process is gone.
    let script = r#"folder=$1; shift
        (trap 'kill -QUIT $server; wait $server; exit' TERM
         while :; do "$@" >>"$folder/log" 2>&1 & server=$!; wait $server; sleep 0.05; done) & keeper=$!
        cat; kill -TERM $keeper; wait $keeper; rm -rf "$folder""#;
    let shell = Command::new("sh")
        .current_dir("/")
        .args(["-c", script, "sh"])
        .arg(&folder)
        .arg(server.get_program())
        .args(server.get_args())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("sh runs");
    Cluster { _shell: shell, port, authority: authority.clone(), data }
}

/// An authority, and a certificate and its key, as PEM.
pub(crate) type Certificates = (String, String, String);

/// For this machine.
pub(crate) fn certificates() -> Certificates {
    certificates_until(2100)
}

/// Which end with a year.
pub(crate) fn certificates_until(year: i32) -> Certificates {
    let mut params = CertificateParams::new(Vec::new()).expect("no names");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let issuer =
        CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an authority");
    let key = KeyPair::generate().expect("a key");
    let names = vec!["127.0.0.1".to_owned()];
    let mut leaf = CertificateParams::new(names).expect("names");
    (leaf.not_before, leaf.not_after) = (date_time_ymd(2000, 1, 1), date_time_ymd(year, 1, 1));
    let leaf = leaf.signed_by(&key, &issuer).expect("a certificate");
    (issuer.pem(), leaf.pem(), key.serialize_pem())
}

impl Cluster {
    pub(crate) fn place(&self, database: &str, login: &str, password: &str) -> Place {
        Place {
            host: "127.0.0.1".into(),
            port: self.port,
            database: database.into(),
            login: login.into(),
            password: password.into(),
            protection: Protection::Tls { authority: Some(self.authority.clone()) },
        }
    }

    /// Kills it as a power cut would: it comes back by itself, once its last process is gone.
    pub(crate) fn kill(&self) {
        let file = std::fs::read_to_string(self.data.join("postmaster.pid"));
        // Between a death and the next start there is none.
        if let Some(pid) = file.ok().as_deref().and_then(|text| text.lines().next()) {
            Command::new("kill").args(["-KILL", pid]).stderr(Stdio::null()).status().expect("kill runs");
        }
    }

    /// What an administrator connects with.
    pub(crate) fn admin_place(&self, database: &str) -> Place {
        self.place(database, ADMIN, ADMIN_PASSWORD)
    }

    pub(crate) async fn admin(&self, database: &str) -> PgConnection {
        self.admin_place(database).connect().await.expect("an administrator")
    }
}

async fn prepare(cluster: &Cluster) {
    let place = cluster.place("postgres", ADMIN, ADMIN_PASSWORD);
    let mut admin = loop {
        match place.connect().await {
            Ok(conn) => break conn,
            Err(mf_sync::SyncError::Unreachable(_)) => tokio::time::sleep(Duration::from_millis(20)).await,
            Err(error) => panic!("{error:?}"),
        }
    };
    run(&mut admin, "CREATE DATABASE mf_template").await;
    let mut inside = cluster.admin(TEMPLATE).await;
    setup::install(&mut inside).await.expect("installs");
    setup::install(&mut inside).await.expect("installs again");
    inside.close().await.expect("closes");
}

pub(crate) async fn run(conn: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
        .execute(conn)
        .await
        .unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// A database of a test's own, with a team in it.
#[derive(Debug)]
pub(crate) struct Team {
    pub(crate) database: String,
    pub(crate) team: TeamId,
    pub(crate) owner: Person,
}

/// Somebody with a device that has joined.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) member: MemberId,
    pub(crate) device: DeviceId,
    pub(crate) place: Place,
}

impl Person {
    pub(crate) async fn connect(&self) -> PgConnection {
        self.place.connect().await.expect("logs in")
    }
}

pub(crate) fn verifier(password: &str) -> String {
    scram::verifier(password, *b"sixteen of salt.")
}

impl Team {
    pub(crate) async fn new() -> Self {
        let database = format!("t{}", id().simple());
        let mut admin = cluster().admin("postgres").await;
        run(&mut admin, &format!("CREATE DATABASE {database} TEMPLATE {TEMPLATE}")).await;
        Self::found(database).await
    }

    /// Another team in the same database.
    pub(crate) async fn beside(&self) -> Self {
        Self::found(self.database.clone()).await
    }

    async fn found(database: String) -> Self {
        let mut admin = cluster().admin(&database).await;
        let (team, member, device) = (TeamId(id()), MemberId(id()), DeviceId(id()));
        let login =
            members::found(&mut admin, (team, "A team"), (member, "An owner"), device, &verifier("first"))
                .await
                .expect("founds");
        let owner = joined(&database, member, device, &login, "first").await;
        Self { database, team, owner }
    }

    pub(crate) async fn join(&self, role: Role) -> Person {
        let (member, device) = (MemberId(id()), DeviceId(id()));
        let mut owner = self.owner.connect().await;
        let login = members::invite(&mut owner, (member, "A member"), role, device, &verifier("invited"))
            .await
            .expect("invites");
        joined(&self.database, member, device, &login, "invited").await
    }
}

async fn joined(database: &str, member: MemberId, device: DeviceId, login: &str, password: &str) -> Person {
    let mut first = cluster().place(database, login, password).connect().await.expect("the invited password");
    members::rotate(&mut first, &verifier("own")).await.expect("rotates");
    Person { member, device, place: cluster().place(database, login, "own") }
}
