//! Team workspaces: the way into one from the local workspace, and two people in one on a real server over TLS. The second
//! person's computer is a script.

use crate::accessible::findings;
use crate::browser::{Browser, Folder};
use crate::cluster::cluster;
use crate::database::database;
use serde_json::{Value, json};
use thirtyfour::Key;

const TEAM: &str = "Field team";

/// Two computers of a team: Ada's, who owns it, and Grace's.
struct Pair {
    ada: Folder,
    grace: Folder,
}

impl Pair {
    async fn new(role: &str) -> Self {
        let (ada, grace) = (Folder::with_secrets(), Folder::with_secrets());
        let request = json!({
            "connection": database(cluster()).await, "name": TEAM, "member_name": "Ada", "ca_pem": cluster().authority,
        });
        ada.rpc("create_workspace", &request);
        let invite = ada.rpc_in(TEAM, "invite_member", &json!({"name": "Grace", "role": role}));
        grace.rpc("join_workspace", &json!({"invite": invite["invite"]}));
        Self { ada, grace }
    }

    /// Ada's window, in the team.
    async fn open(&self) -> Browser {
        let browser = self.ada.open().await;
        browser.goes_to_team().await;
        browser
    }

    fn sync(&self) {
        self.grace.rpc_in(TEAM, "sync_now", &json!({}));
    }

    /// Both change the same without knowing of each other; Ada's change is the later one. Grace's copy loses.
    async fn quarrel(&self, browser: &Browser, command: &str, by_grace: &Value, by_ada: &Value) {
        self.sync();
        self.grace.rpc_in(TEAM, command, by_grace);
        self.ada.rpc_in(TEAM, command, by_ada);
        self.ada.rpc_in(TEAM, "sync_now", &json!({}));
        self.sync();
        browser.reads("sync-chip", "1 conflict").await;
    }
}

impl Browser {
    /// Through the menu at the head of the sidebar.
    async fn goes_to_team(&self) {
        self.enter("workspace-menu").await;
        self.reads("switch-workspace", TEAM).await;
        self.press(Key::Enter).await;
        self.reads("workspace-menu", TEAM).await;
        self.settled().await;
    }

    /// Waits until the page itself reads `text`.
    async fn page_reads(&self, text: &str) {
        self.holds(&format!("return document.querySelector('main').textContent.includes({})", json!(text)))
            .await;
    }

    /// Waits until one row of that kind reads all of `texts`.
    async fn row_reads(&self, name: &str, texts: &[&str]) {
        let texts = json!(texts);
        self.holds(&format!(
            "return [...document.querySelectorAll(`[data-testid='{name}']`)]
                .some((row) => {texts}.every((text) => row.textContent.includes(text)))"
        ))
        .await;
    }

    /// Opens what can be done about a member, and chooses of it.
    async fn about_member(&self, name: &str, choice: &str) {
        self.row_reads("member-row", &[name]).await;
        self.script(&format!(
            "[...document.querySelectorAll(`[data-testid='member-row']`)]
                .find((row) => row.textContent.includes('{name}')).querySelector('button').click()"
        ))
        .await;
        self.click(choice).await;
    }
}

#[tokio::test]
async fn the_local_workspace_says_that_it_is_and_leads_to_a_team() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.reads("workspace-menu", "Local workspace").await;
    browser.reads("sync-chip", "Local only").await;
    // By keyboard alone: from the head of the sidebar, and by a chord.
    browser.enter("workspace-menu").await;
    browser.reads("to-sharing", "Workspaces and sharing").await;
    browser.press(Key::Enter).await;
    browser.page("/settings/workspace").await;
    browser.reads("local-workspace", "nothing leaves it").await;
    browser.script("document.activeElement.blur()").await;
    browser.keys("gm").await;
    browser.page("/settings/members").await;
    browser.page_reads("It is yours alone").await;
    browser.load("/settings/audit").await;
    browser.page_reads("Only a team's workspace has an audit").await;
    browser.load("/conflicts").await;
    browser.page_reads("Nothing lost").await;
    browser.click("sync-chip").await;
    browser.page("/settings/workspace").await;
    browser.close().await;
}

#[tokio::test]
async fn what_is_wrong_with_a_team_to_be_is_told_at_its_field_and_no_secret_is_kept() {
    let folder = Folder::new();
    let browser = folder.open().await;
    browser.load("/settings/workspace?open=create").await;
    browser.find("#create-team[open]").await;
    browser.click("check-server").await;
    browser.is_refused("team-connection", "Say how to connect", "").await;
    // Nobody listens there.
    let nowhere = "postgres://admin:hunter2@127.0.0.1:9/mf?sslmode=disable";
    browser.fill("team-connection", nowhere).await;
    browser.click("check-server").await;
    browser.is_refused("team-name", "must not be empty", "").await;
    browser.fill("team-name", TEAM).await;
    browser.click("check-server").await;
    browser.is_refused("team-member", "must not be empty", "").await;
    browser.fill("team-member", "Ada").await;
    // There is no keychain.
    browser.fill("team-passphrase", "correct horse battery").await;
    browser.fill("team-again", "correct horse").await;
    browser.click("check-server").await;
    browser.is_refused("team-again", "not the same", "correct horse").await;
    browser.fill("team-again", "correct horse battery").await;
    browser.click("check-server").await;
    browser.holds("return document.querySelector('#create-team .trouble')?.textContent.includes('cannot be reached')").await;
    assert_eq!(browser.script("return document.getElementById('team-connection').type").await, "password");
    browser.press(Key::Escape).await;
    browser.find("#create-team:not([open])").await;
    browser.click("create-team").await;
    browser.holds("return document.getElementById('team-connection')?.value === ''").await;
    let kept = browser
        .script("return JSON.stringify(localStorage) + location.href + document.documentElement.outerHTML")
        .await;
    assert!(!kept.as_str().expect("a text").contains("hunter2"));
    browser.press(Key::Escape).await;

    browser.click("join-team").await;
    browser.fill("join-invite", "an invite of long ago").await;
    browser.fill("join-passphrase", "correct horse battery").await;
    browser.fill("join-again", "correct horse battery").await;
    browser.click("join-submit").await;
    browser.find("#join-invite[aria-invalid=true]:focus").await;
    browser.find("#join-invite-about .error-text").await;
    browser.close().await;
}

#[tokio::test]
async fn a_team_is_made_filled_and_joined_and_a_colleagues_change_shows_up() {
    let (ada, grace) = (Folder::with_secrets(), Folder::with_secrets());
    ada.rpc("create_target_list", &json!({"name": "RDS farm", "targets": [{"label": "RDS-01"}]}));
    let connection = database(cluster()).await;
    let browser = ada.open().await;
    browser.load("/settings/workspace").await;
    browser.click("create-team").await;
    browser.fill("team-connection", &connection).await;
    browser.fill("team-name", TEAM).await;
    browser.fill("team-member", "Ada").await;
    // The authority is not a public one: without it the server is not who it should be.
    browser.click("check-server").await;
    browser
        .holds("return document.querySelector('#create-team .trouble')?.textContent.includes('certificate')")
        .await;
    browser.click("team-authority").await;
    browser.fill("team-ca", &cluster().authority).await;
    browser.click("check-server").await;
    browser.reads("plan", "Make the team “Field team”").await;
    browser.reads("plan", "Encrypted, certificate verified").await;
    browser.click("create-team-submit").await;
    browser.reads("team-ready", "“Field team” is on this computer now").await;
    browser.click("move-here").await;
    browser.find("#move[open]").await;
    browser.holds("return document.querySelector('#move').textContent.includes('1 target list')").await;
    browser.click("move-confirm").await;
    browser.reads("toast", "1 record copied into “Field team”").await;
    browser.click("go-to-team").await;
    browser.reads("workspace-menu", TEAM).await;
    browser.reads("toast", "You are in “Field team” now").await;
    browser.reads("sync-chip", "Synced").await;
    browser.reads("team-workspace", "Owner").await;
    browser.row_reads("device-row", &["This one", "Ada (you)"]).await;
    browser.keys("gt").await;
    browser.reads("target-list-row", "RDS farm").await;

    browser.keys("gm").await;
    browser.click("invite-member").await;
    browser.click("invite-submit").await;
    browser.is_refused("invite-name", "must not be empty", "").await;
    browser.fill("invite-name", "Grace").await;
    browser.click("invite-role-operator").await;
    browser.click("invite-submit").await;
    browser.find("[data-testid='invite-text']").await;
    browser.reads("invited", "It is shown this once").await;
    let invite =
        browser.script("return document.querySelector(`[data-testid='invite-text']`).textContent").await;
    browser.click("invited-close").await;
    browser.gone("invite-text").await;
    browser.row_reads("member-row", &["Grace", "Operator", "Invited"]).await;

    grace.rpc("join_workspace", &json!({ "invite": invite }));
    grace.rpc_in(TEAM, "sync_now", &json!({}));
    let lists = grace.rpc_in(TEAM, "list_target_lists", &json!({}));
    browser.keys("gt").await;
    browser.reads("target-list-row", "RDS farm").await;
    grace.rpc_in(TEAM, "update_target_list", &json!({"id": lists[0]["id"], "name": "RDS farm of Grace"}));
    grace.rpc_in(TEAM, "sync_now", &json!({}));
    // Nobody asked for it here.
    browser.reads("target-list-row", "RDS farm of Grace").await;
    browser.keys("gm").await;
    browser.row_reads("member-row", &["Grace", "since"]).await;

    // Back in the local workspace everything is as it was, and who one is follows.
    browser.enter("workspace-menu").await;
    browser.reads("switch-workspace", "Local workspace").await;
    browser.press(Key::Enter).await;
    browser.reads("sync-chip", "Local only").await;
    browser.keys("gt").await;
    browser.reads("target-list-row", "RDS farm").await;
    browser.holds("return !document.querySelector('main').textContent.includes('of Grace')").await;
    browser.close().await;
}

#[tokio::test]
async fn what_two_changed_at_once_is_shown_and_restored_and_the_audit_has_all_of_it() {
    let pair = Pair::new("manager").await;
    let list = pair.ada.rpc_in(
        TEAM,
        "create_target_list",
        &json!({"name": "Farm", "targets": [{"label": "RDS-01"}]}),
    );
    let flow = json!({"markdown": crate::sample::RUNBOOK, "flow_type": "maintenance"});
    let flow = pair.ada.rpc_in(TEAM, "import_flow_markdown", &flow)["id"].clone();
    pair.ada.rpc_in(TEAM, "sync_now", &json!({}));
    let browser = pair.open().await;

    let id = &list["id"];
    let (by_grace, by_ada) = (json!({"id": id, "name": "By Grace"}), json!({"id": id, "name": "By Ada"}));
    pair.quarrel(&browser, "update_target_list", &by_grace, &by_ada).await;
    browser.click("sync-chip").await;
    browser.page("/conflicts").await;
    browser
        .row_reads("conflict", &["Changed by two", "The copy of Grace", "By Grace", "By Ada", "differs"])
        .await;
    for theme in ["light", "dark"] {
        browser.script(&format!("localStorage.setItem('mf.theme', '{theme}')")).await;
        for path in ["/conflicts", "/settings/workspace", "/settings/members", "/settings/audit"] {
            browser.load(path).await;
            assert_eq!(findings(&browser).await, Vec::<String>::new(), "{path} in the {theme} theme");
        }
    }
    browser.load("/conflicts").await;
    browser.enter("restore-conflict").await;
    browser.reads("toast", "is what it was in the copy that lost").await;
    browser.gone("conflict").await;
    browser.reads("sync-chip", "Synced").await;
    pair.sync();
    let name = |folder: &Folder| folder.rpc_in(TEAM, "list_target_lists", &json!({}))[0]["name"].clone();
    assert_eq!((name(&pair.ada), name(&pair.grace)), (json!("By Grace"), json!("By Grace")));

    let (by_grace, by_ada) =
        (json!({"id": flow, "name": "Patching of Grace"}), json!({"id": flow, "name": "Patching of Ada"}));
    pair.quarrel(&browser, "update_flow", &by_grace, &by_ada).await;
    let address = format!("/flows/{}/maintenance", flow.as_str().expect("an id"));
    browser.load(&address).await;
    browser.reads("edited-by-two", "Edited by two people").await;
    browser.reads("edited-by-two", "of Grace").await;
    browser.click("compare-revisions").await;
    browser.page(&format!("/flows/{}/revisions", flow.as_str().expect("an id"))).await;
    browser.reads("difference", "Patching of Grace").await;
    browser.click("dismiss-conflict").await;
    browser.reads("toast", "stays as it stands").await;
    browser.gone("edited-by-two").await;
    browser.reads("sync-chip", "Synced").await;

    browser.load("/settings/audit").await;
    browser.row_reads("audit-row", &["Grace", "Changed", "Target list", "By Grace"]).await;
    browser.row_reads("audit-row", &["Ada", "Invited", "Grace"]).await;
    browser.select("audit-action", "invite").await;
    browser.holds("return [...document.querySelectorAll(`[data-testid='audit-row']`)].map((row) => row.textContent.includes('Invited')).join() === 'true'").await;
    browser.holds("return location.search === '?action=invite'").await;
    let file = pair.ada.beside("audit.csv");
    browser.click("export-audit").await;
    browser.fill("export-audit-path", &file).await;
    browser.click("export-audit-submit").await;
    browser.reads("toast", "1 entry written").await;
    assert!(std::fs::read_to_string(&file).expect("a file").contains(",invite,"));
    browser.click("clear-filters").await;
    browser.click("audit-link").await;
    browser.holds("return !location.pathname.startsWith('/settings')").await;
    browser.close().await;
}

#[tokio::test]
async fn a_workspace_without_a_keychain_asks_for_its_passphrase_at_each_start() {
    let folder = Folder::new();
    let passphrase = "correct horse battery";
    let request = json!({
        "connection": database(cluster()).await, "name": TEAM, "member_name": "Ada", "ca_pem": cluster().authority,
        "passphrase": passphrase,
    });
    folder.rpc("create_workspace", &request);
    let browser = folder.open().await;
    browser.goes_to_team().await;
    browser.reads("sync-chip", "Locked").await;
    browser.click("sync-chip").await;
    browser.page("/settings/workspace").await;
    browser.reads("sync-problem", "give its passphrase").await;
    browser.click("unlock-workspace").await;
    browser.fill("unlock-passphrase", "correct horse lattice").await;
    browser.click("unlock-submit").await;
    browser.is_refused("unlock-passphrase", "not the one", "correct horse lattice").await;
    browser.fill("unlock-passphrase", passphrase).await;
    browser.click("unlock-submit").await;
    browser.reads("toast", "Unlocked").await;
    browser.reads("sync-chip", "Synced").await;
    browser.close().await;
}

#[tokio::test]
async fn a_role_is_offered_what_it_may_do_and_its_end_leaves_a_copy_to_read_in() {
    let pair = Pair::new("operator").await;
    pair.ada.rpc_in(TEAM, "create_target_list", &json!({"name": "Farm", "targets": [{"label": "RDS-01"}]}));
    pair.ada.rpc_in(TEAM, "sync_now", &json!({}));
    let graces = pair.grace.open().await;
    graces.goes_to_team().await;
    graces.load("/account/target-lists").await;
    graces.reads("target-list-row", "Farm").await;
    graces.find("[data-testid='new-target-list']").await;
    graces.load("/flows").await;
    graces.gone("new-flow").await;
    graces.load("/settings/members").await;
    graces.row_reads("member-row", &["Grace", "You", "Operator"]).await;
    graces.gone("invite-member").await;

    let adas = pair.open().await;
    adas.load("/settings/members").await;
    // The team keeps an owner.
    adas.about_member("Ada", "change-role").await;
    adas.click("member-role-readonly").await;
    adas.click("role-submit").await;
    adas.holds("return document.querySelector('#role .trouble')?.textContent.includes('owner')").await;
    adas.press(Key::Escape).await;
    adas.find("#role:not([open])").await;
    adas.about_member("Grace", "change-role").await;
    adas.click("member-role-readonly").await;
    adas.click("role-submit").await;
    adas.row_reads("member-row", &["Grace", "Read only"]).await;

    // The other window follows without being loaded again.
    graces.row_reads("member-row", &["Grace", "Read only"]).await;
    graces.keys("gt").await;
    graces.reads("target-list-row", "Farm").await;
    graces.gone("new-target-list").await;

    adas.about_member("Grace", "remove-member").await;
    adas.find("#remove-member[open]").await;
    adas.holds(
        "return document.querySelector('#remove-member').textContent.includes('stays on that laptop')",
    )
    .await;
    adas.click("remove-member-confirm").await;
    adas.reads("toast", "Grace does not belong to the team any more").await;
    adas.holds("return document.querySelectorAll(`[data-testid='member-row']`).length === 1").await;
    adas.click("show-removed").await;
    adas.row_reads("member-row", &["Grace", "Ended"]).await;
    adas.close().await;

    // The server has ended the connection; the next one is refused.
    graces.load("/settings/workspace").await;
    graces.reads("left-workspace", "You do not belong to this team any more").await;
    graces.reads("read-only", "the copy of this computer").await;
    graces.close().await;
}
