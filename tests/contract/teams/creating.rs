//! A workspace on a server: looked at first, made, upgraded; and what an administrator gets wrong.

use super::*;
use std::os::unix::fs::PermissionsExt;

async fn has_schema(database: &Database) -> bool {
    let found = mf_sync::setup::survey(&mut database.place().connect().await.unwrap()).await.unwrap();
    found.has_schema
}

#[tokio::test]
async fn looking_says_what_will_be_done_and_does_none_of_it() {
    let (database, laptop) = (Database::new().await, Laptop::new().await);
    let plan = laptop.call("preview_workspace", database.request()).await;
    assert_eq!(plan["problems"], json!([]));
    assert_eq!((&plan["encrypted"], &plan["database"]), (&json!(true), &json!(database.name)));
    let steps = plan["steps"].to_string();
    for said in ["mf_owner", "schema mf", "Field team", "Ada", "local workspace stays"] {
        assert!(steps.contains(said), "{steps}");
    }
    assert!(!has_schema(&database).await, "looking touched the database");
    assert_eq!(laptop.call("list_workspaces", json!({})).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_made_workspace_is_open_beside_the_local_one() {
    let (database, laptop) = (Database::new().await, Laptop::new().await);
    let made = laptop.call("create_workspace", database.request()).await;
    let listed = laptop.call("list_workspaces", json!({})).await;
    assert_eq!(listed[0]["kind"], "local");
    assert_eq!(listed[0]["is_current"], true);
    let team = &listed[1];
    assert_eq!((&team["id"], &team["name"]), (&made["workspace_id"], &json!("Field team")));
    assert_eq!((&team["kind"], &team["role"]), (&json!("team"), &json!("owner")));
    let mode = std::fs::metadata(laptop.path(&made["workspace_id"])).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let switched = laptop.call("switch_workspace", json!({"id": made["workspace_id"]})).await;
    assert_eq!(switched["is_current"], true);

    let inside = laptop.enter(&made["workspace_id"]).await;
    assert_eq!(inside.call("about", json!({})).await["member_id"], made["member_id"]);
    assert_eq!(inside.status().await["state"], "waiting", "never reached is not synced");
    inside.sync().await;
    let status = inside.status().await;
    assert_eq!(status["state"], "synced");
    assert!(status["last_sync_at"].is_string() && status["latency_ms"].is_number());
    assert_eq!(laptop.status().await["state"], "local_only");
    // Another team in the same database, by the same administrator.
    let again = laptop.call("create_workspace", database.request()).await;
    assert_ne!(again["workspace_id"], made["workspace_id"]);
    assert_eq!(laptop.call("list_workspaces", json!({})).await.as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_wrong_with_a_connection_is_said_and_nothing_is_touched() {
    let (database, laptop) = (Database::new().await, Laptop::new().await);
    let with = |change: &dyn Fn(&mut Place)| {
        let mut place = database.place();
        change(&mut place);
        let mut request = database.request();
        request["connection"] = json!(url(&place));
        request
    };
    let refused = |request: Value, code: ErrorCode, field: Option<&'static str>| {
        let laptop = &laptop;
        async move {
            let mut said = Vec::new();
            for command in ["preview_workspace", "create_workspace"] {
                said.push(laptop.refuse(command, request.clone(), code, field).await.message);
            }
            said.remove(0)
        }
    };
    let wrong = with(&|place| place.password = "wrong-word".into());
    let said = refused(wrong, ErrorCode::Validation, Some("connection")).await;
    assert!(!said.contains("wrong-word"), "{said}");
    refused(with(&|place| place.port = 1), ErrorCode::Unavailable, None).await;
    let mut misnamed = database.request();
    misnamed["connection"] = json!(url(&database.place()).replace("127.0.0.1", "localhost"));
    let said = refused(misnamed, ErrorCode::Unavailable, None).await;
    assert!(said.contains("not safe"), "{said}");
    let mut public_only = database.request();
    public_only.as_object_mut().unwrap().remove("ca_pem");
    refused(public_only, ErrorCode::Unavailable, None).await;
    let mut plain = database.request();
    plain["connection"] = json!("postgres://a:b@db.example/t?sslmode=disable");
    refused(plain, ErrorCode::Validation, Some("connection")).await;
    for (field, value) in [
        ("connection", json!("db.example")),
        ("name", json!("")),
        ("member_name", json!("x".repeat(256))),
        ("ca_pem", json!("not a certificate")),
    ] {
        let mut request = database.request();
        request[field] = value;
        refused(request, ErrorCode::Validation, Some(field)).await;
    }
    assert!(!has_schema(&database).await);
    assert_eq!(laptop.call("list_workspaces", json!({})).await.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_administrator_who_may_not_is_told_beforehand() {
    let (database, laptop) = (Database::new().await, Laptop::new().await);
    let login = format!("weak_{}", database.name);
    database.as_admin(&format!("CREATE ROLE {login} LOGIN PASSWORD 'weak-word'")).await;
    let mut request = database.request();
    request["connection"] = json!(url(&database.place().with_login(&login, "weak-word")));
    let plan = laptop.call("preview_workspace", request.clone()).await;
    let problems = plan["problems"].to_string();
    assert!(problems.contains("CREATEROLE") && problems.contains("needs CREATE on it"), "{problems}");
    laptop.refuse("create_workspace", request, ErrorCode::Conflict, Some("connection")).await;
    assert!(!has_schema(&database).await);

    let other = Database::new().await;
    other.as_admin("CREATE SCHEMA mf").await;
    let plan = laptop.call("preview_workspace", other.request()).await;
    assert!(plan["problems"].to_string().contains("another program"), "{plan}");
    laptop.refuse("create_workspace", other.request(), ErrorCode::Conflict, Some("connection")).await;
}

#[tokio::test]
async fn upgrading_again_changes_nothing_and_needs_a_workspace() {
    let team = Team::new().await;
    let mut request = team.database.request();
    for field in ["name", "member_name"] {
        request.as_object_mut().unwrap().remove(field);
    }
    team.local.call("upgrade_workspace", request.clone()).await;
    team.owner.list_named("After").await;
    assert_eq!(team.owner.sync().await["pushed"], 1);
    let empty = Database::new().await;
    request["connection"] = empty.request()["connection"].clone();
    team.local.refuse("upgrade_workspace", request, ErrorCode::Conflict, Some("connection")).await;
}

#[tokio::test]
async fn switching_to_what_is_not_there_is_refused() {
    let laptop = Laptop::new().await;
    let nowhere = json!({"id": crate::support::NOBODY});
    laptop.refuse("switch_workspace", nowhere, ErrorCode::NotFound, Some("id")).await;
}

/// What the application does when it is killed: the future is dropped at one of its awaits, each time a little later.
#[tokio::test]
async fn an_attempt_that_was_cut_off_is_taken_up_by_the_next_one() {
    let (database, laptop) = (Database::new().await, Laptop::new().await);
    let request = database.request().to_string();
    let (mut attempts, mut polls) = (0, 1);
    let made = loop {
        attempts += 1;
        let creating = dispatch(&laptop.engine, "create_workspace", &request);
        match crate::killed::Killed::after(polls, creating).await {
            Some(done) => break done.unwrap(),
            // More and more of it; the server and the file take their turns in it.
            None => polls += 1 + polls / 6,
        }
    };
    assert!(attempts > 10, "{attempts}");
    let made: Value = serde_json::from_str(&made).unwrap();
    let teams: i64 = sqlx::query_scalar("SELECT count(*) FROM mf.teams")
        .fetch_one(&mut cluster().admin(&database.name).await)
        .await
        .unwrap();
    // One that was cut off only after all was done is a workspace of this computer.
    let entered = laptop.call("list_workspaces", json!({})).await.as_array().unwrap().len() - 1;
    assert_eq!(usize::try_from(teams), Ok(entered), "no team without anybody in it");
    assert!(entered <= 2, "{entered}");
    let owner = laptop.enter(&made["workspace_id"]).await;
    owner.list_named("Of the team").await;
    assert_eq!(owner.sync().await["pushed"], 1);
    // And the next one is another.
    let mut request = database.request();
    request["name"] = json!("Another team");
    let another = laptop.call("create_workspace", request).await;
    assert_ne!(another["workspace_id"], made["workspace_id"]);
}
