//! A line that is cut, slow or half open, a server and a laptop that are killed, a server that is away for long: nothing is
//! lost, nothing is stuck, and all have the same bytes in the end. And whom nobody talks to.

use crate::cluster::{Cluster, another, certificates_until, cluster, start};
use crate::database::database;
use crate::headless::{Folder, text};
use crate::proxy::{Fault, Proxy};
use crate::teams::{call, ok, spawned};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Command;
use std::thread;
use std::time::Duration;

/// A small deterministic generator, so that a failure can be repeated.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }

    fn bytes(&mut self) -> usize {
        // A connection with its TLS, the roster, a push and a pull are some 10 KB.
        usize::try_from(self.below(12_000)).expect("small")
    }
}

/// A team whose laptops reach its server through a proxy alone.
struct Team {
    proxy: Proxy,
    id: String,
    ada: Folder,
}

impl Team {
    fn on(cluster: &Cluster) -> Self {
        let proxy = Proxy::before(cluster.port);
        let ada = Folder::new();
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let connection = runtime
            .block_on(database(cluster))
            .replace(&format!(":{}/", cluster.port), &format!(":{}/", proxy.port));
        let request = json!({
            "connection": connection, "name": "Field team", "member_name": "Ada", "ca_pem": cluster.authority,
        });
        let made = ok(&ada, "local", "create_workspace", &request);
        Self { proxy, id: text(&made["workspace_id"]), ada }
    }

    fn join(&self, name: &str, role: &str) -> Folder {
        let folder = Folder::new();
        let invite = self.ok(&self.ada, "invite_member", &json!({"name": name, "role": role}));
        ok(&folder, "local", "join_workspace", &json!({"invite": invite["invite"]}));
        folder
    }

    fn ok(&self, folder: &Folder, command: &str, payload: &Value) -> Value {
        ok(folder, &self.id, command, payload)
    }

    /// Whether a pass was made; that it could not be is no surprise here, and anything else is.
    fn sync(&self, folder: &Folder) -> bool {
        match call(folder, true, &self.id, "sync_now", &json!({})) {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error["code"], "unavailable", "{error}");
                false
            }
        }
    }

    fn list(&self, folder: &Folder, name: &str) {
        self.ok(folder, "create_target_list", &json!({"name": name, "targets": [{"label": "RDS-01"}]}));
    }

    /// Some thousand rows that wait.
    fn much_work(&self) {
        let steps = json!([{"id": "s1", "type": "procedure_step", "title": "Step"}, {"type": "procedure_end", "title": "Done"}]);
        let flow = json!({"name": "Patch", "flow_type": "maintenance", "structure": {"steps": steps}});
        let flow = self.ok(&self.ada, "create_flow", &flow);
        let targets: Vec<Value> = (0..3_000).map(|n| json!({"label": format!("SRV-{n:04}")})).collect();
        self.ok(&self.ada, "launch_batch", &json!({"flow_id": flow["id"], "targets": targets}));
    }

    /// Once nothing goes wrong any more: what everybody exports, and what the server gives to who comes new.
    fn exported(&self, others: &[&Folder]) -> Value {
        self.proxy.set(Fault::None);
        let fresh = self.join("Fresh", "readonly");
        let all: Vec<&Folder> = [&self.ada].into_iter().chain(others.iter().copied()).collect();
        for _ in 0..2 {
            for folder in &all {
                assert!(self.sync(folder), "the line is sound");
            }
        }
        assert!(self.sync(&fresh));
        let of_the_server = self.ok(&fresh, "export_all", &json!({}));
        for folder in all {
            let status = self.ok(folder, "sync_status", &json!({}));
            assert_eq!((&status["waiting"], &status["conflicts"]), (&json!(0), &json!(0)), "{status}");
            assert_eq!(self.ok(folder, "export_all", &json!({})), of_the_server);
        }
        of_the_server
    }
}

#[test]
fn a_line_that_fails_in_every_way_loses_nothing() {
    let team = Team::on(cluster());
    let grace = team.join("Grace", "operator");
    let (mut random, mut names, mut failed) = (Random(7), BTreeSet::new(), 0);
    // Away for long: everything goes on as if there were no server.
    team.proxy.set(Fault::Down);
    for n in 0..8 {
        let name = format!("Away {n}");
        team.list(&grace, &name);
        names.insert(name);
    }
    assert!(!team.sync(&grace));
    let status = team.ok(&grace, "sync_status", &json!({}));
    assert_eq!(status["waiting"], 8, "{status}");
    for round in 0..10 {
        for (who, folder) in [("Ada", &team.ada), ("Grace", &grace)] {
            let name = format!("{who} {round}");
            team.list(folder, &name);
            names.insert(name);
            team.proxy.set(match round {
                3 if who == "Ada" => Fault::HalfOpen(random.bytes() / 20),
                5 => Fault::Delay(Duration::from_millis(3)),
                _ => Fault::Cut(random.bytes()),
            });
            // Two processes at once on one file, now and then.
            let beside = (round % 3 == 0).then(|| spawned(folder, true, &team.id, "sync_now", &json!({})));
            failed += u32::from(!team.sync(folder));
            if let Some(child) = beside {
                child.wait_with_output().expect("it ends");
            }
        }
    }
    assert!(failed > 4, "{failed}: hardly anything went wrong");
    let exported = team.exported(&[&grace]).to_string();
    for name in &names {
        assert_eq!(exported.matches(&format!("\"{name}\"")).count(), 1, "{name}");
    }
}

#[test]
fn a_laptop_that_is_killed_while_it_sends_loses_nothing_and_sends_nothing_twice() {
    let team = Team::on(cluster());
    team.much_work();
    team.proxy.set(Fault::Delay(Duration::from_millis(1)));
    let (mut random, mut killed) = (Random(11), 0);
    for _ in 0..8 {
        let mut child = spawned(&team.ada, true, &team.id, "sync_now", &json!({}));
        thread::sleep(Duration::from_millis(100 + random.below(1_500)));
        if child.try_wait().expect("is asked").is_none() {
            Command::new("kill").args(["-KILL", &child.id().to_string()]).status().expect("kill runs");
            killed += 1;
        }
        child.wait().expect("it ended");
    }
    assert!(killed > 2, "{killed}: it was too fast to be killed");
    let exported = team.exported(&[]).to_string();
    assert_eq!(exported.matches("\"SRV-").count(), 3_000);
}

#[test]
fn a_server_that_is_killed_while_it_takes_rows_keeps_what_it_acknowledged() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let cluster: &'static Cluster = Box::leak(Box::new(runtime.block_on(another())));
    let team = Team::on(cluster);
    team.much_work();
    let (mut random, mut failed) = (Random(13), 0);
    for _ in 0..6 {
        team.list(&team.ada, "Another");
        let after = Duration::from_millis(100 + random.below(900));
        let killer = thread::spawn(move || {
            thread::sleep(after);
            cluster.kill();
        });
        failed += u32::from(!team.sync(&team.ada));
        killer.join().expect("kills");
    }
    assert!(failed > 0, "nothing was killed in time");
    // It comes back by itself.
    while !team.sync(&team.ada) {
        thread::sleep(Duration::from_millis(50));
    }
    let exported = team.exported(&[]).to_string();
    assert_eq!((exported.matches("\"SRV-").count(), exported.matches("\"Another\"").count()), (3_000, 6));
}

#[test]
fn who_is_not_the_teams_server_learns_nothing_and_a_person_is_told_why() {
    let folder = Folder::new();
    let refused = |connection: &str, authority: Option<&str>| {
        let mut request = json!({"connection": connection, "name": "T", "member_name": "Ada"});
        if let Some(authority) = authority {
            request["ca_pem"] = json!(authority);
        }
        let error = call(&folder, true, "local", "preview_workspace", &request).expect_err("refused");
        text(&error["message"])
    };
    let expired = start(&certificates_until(2020));
    let connection = format!("postgres://a:secret-word@127.0.0.1:{}/t", expired.port);
    let said = loop {
        let said = refused(&connection, Some(&expired.authority));
        // It is still starting.
        if !said.contains("cannot be reached") {
            break said;
        }
        thread::sleep(Duration::from_millis(50));
    };
    assert!(said.contains("not safe") && said.contains("expired"), "{said}");
    let misnamed = format!("postgres://a:secret-word@localhost:{}/t", cluster().port);
    let said = refused(&misnamed, Some(&cluster().authority));
    assert!(said.contains("not safe") && said.contains("of another name"), "{said}");
    let said = refused("postgres://a:secret-word@192.0.2.7/t?sslmode=disable", None);
    assert!(said.contains("127.0.0.1"), "{said}");

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let heard = thread::spawn(move || {
        let (mut client, _) = listener.accept().expect("a client");
        let mut asked = [0; 8];
        client.read_exact(&mut asked).expect("asks for TLS");
        client.write_all(b"N").expect("answers");
        let mut rest = Vec::new();
        client.read_to_end(&mut rest).map(|_| rest)
    });
    let said = refused(&format!("postgres://a:secret-word@127.0.0.1:{port}/t"), None);
    assert!(said.contains("not safe"), "{said}");
    assert_eq!(heard.join().expect("listens").expect("reads"), b"", "neither user nor password were said");
}
