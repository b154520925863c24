//! Components and pages as text: rendered natively, so what they say, to eyes and to screen readers, is tested without a
//! browser.

#![cfg(not(target_arch = "wasm32"))]

use chrono::DateTime;
use mf_contract::flows::Flow;
use mf_contract::schedules::UnreadableSchedule;
use mf_contract::sessions::{EvidenceContent, SessionSummary};
use mf_domain::batch::Rollup;
use mf_domain::ids::{EvidenceId, FlowId, ScheduleId, SessionId};
use mf_domain::intake::{Answers, Completeness, IntakeField, IntakeKind};
use mf_domain::session::{Evidence, EvidenceFile, SessionStatus};
use mf_domain::targets::Target;
use mf_ui::components::button::Button;
use mf_ui::components::evidence::{EvidenceRowsProps, evidence_preview, evidence_rows};
use mf_ui::components::field::{Field, TextInput, radio_group};
use mf_ui::components::fold::Fold;
use mf_ui::components::intake::{IntakeFieldsProps, answer_paths, intake_fields, refused_answers};
use mf_ui::components::loaded::{EmptyProps, empty};
use mf_ui::components::markdown::{Filling, Markdown};
use mf_ui::components::progress::{RollupBarProps, ring, rollup_bar, steps_bar};
use mf_ui::components::status;
use mf_ui::components::targets_field::{TargetsFieldProps, read, targets_field};
use mf_ui::components::text_file::TextFileZone;
use mf_ui::components::trouble::trouble;
use mf_ui::pages::flow::{StepsCardProps, steps_card};
use mf_ui::pages::schedule::Unreadable;
use mf_ui::state::schedules::query::HEALTHS;
use serde_json::json;
use std::rc::Rc;
use uuid::Uuid;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
struct ShownProps {
    html: Html,
}

#[component]
fn Shown(props: &ShownProps) -> Html {
    props.html.clone()
}

async fn text_of(draw: impl FnOnce() -> Html + Send + 'static) -> String {
    // Nodes stay on the thread that draws them.
    yew::ServerRenderer::<Shown>::with_props(move || ShownProps { html: draw() })
        .hydratable(false)
        .render()
        .await
}

fn markdown(text: &'static str) -> impl FnOnce() -> Html + Send + 'static {
    move || {
        let answers = Answers::from([("patch_version".to_owned(), "KB5069112 *bold* <b>".to_owned())]);
        let target = Some(Target { label: "RDS-01".to_owned(), ..Target::default() });
        html! { <Markdown {text} filling={Filling::Values { target, answers: Rc::new(answers) }} /> }
    }
}

#[tokio::test]
async fn markdown_drops_tags_and_the_text_meant_for_the_machine() {
    let html = text_of(markdown(
        "Before <SCRIPT type=x>alert('evil')</SCRIPT> after <b>bold</b> <style>p{}</style>end\n\nNext <script>open\n\nlast\n",
    ))
    .await;
    assert!(html.contains("Before  after bold end"), "{html}");
    assert!(!html.contains("evil") && !html.contains("p{}") && !html.contains("open"), "{html}");
    assert!(html.contains("<p>last</p>"), "{html}");
}

#[tokio::test]
async fn markdown_keeps_structure_and_drops_raw_html() {
    let html = text_of(markdown(
        "# Title\n\n- one\n- [x] two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n<script>x</script>\n",
    ))
    .await;
    assert!(html.contains("<h3>Title</h3>"), "{html}");
    assert!(html.contains("<th scope=\"col\">a</th>") && html.contains("<td>2</td>"), "{html}");
    assert!(html.contains("class=\"task\"") && html.contains("done: "), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[tokio::test]
async fn variables_are_filled_as_text_and_unknown_ones_are_marked() {
    let html = text_of(markdown(
        "Install {{patch_version}} on **{{target.label}}**, {{nobody_knows}}\n\n    {{target.label}}",
    ))
    .await;
    assert!(html.contains("KB5069112 *bold* &lt;b&gt;"), "{html}");
    assert!(html.contains("class=\"var\">RDS-01</span></strong>"), "{html}");
    assert!(html.contains("var unknown") && html.contains("{{nobody_knows}}"), "{html}");
    assert!(html.contains("<code><span "), "{html}");
}

#[tokio::test]
async fn only_harmless_links_are_links() {
    let html = text_of(markdown(
        "[a](https://example.org) [b](javascript:alert) [c](file:///etc) [d](MAILTO:x@example.org)",
    ))
    .await;
    assert_eq!(html.matches("<a ").count(), 2, "{html}");
    assert!(!html.contains("javascript:") && !html.contains("file:"), "{html}");
}

#[tokio::test]
async fn a_place_for_a_file_says_what_it_takes_and_what_is_wrong() {
    let html = text_of(|| {
        html! {
            <TextFileZone
                id="calendar"
                accept=".ics"
                prompt="Drop an .ics file here"
                hint="Every event becomes a blackout."
                refused={Callback::from(|_| None)}
                onfile={Callback::noop()}
                error="Choose a file."
                testid="calendar"
            />
        }
    })
    .await;
    assert!(
        html.contains("for=\"calendar\"") && html.contains("aria-describedby=\"calendar-about\""),
        "{html}"
    );
    assert!(html.contains("id=\"calendar-about\"") && html.contains("Choose a file."), "{html}");
    assert!(html.contains("Drop an .ics file here"), "{html}");
}

#[tokio::test]
async fn a_busy_button_says_so_and_keeps_its_name() {
    let html = text_of(|| html! { <Button busy=true testid="save">{ "Save" }</Button> }).await;
    assert!(html.contains("aria-busy=\"true\"") && html.contains("aria-disabled=\"true\""), "{html}");
    assert!(html.contains("Save") && html.contains("data-testid=\"save\""), "{html}");
}

#[tokio::test]
async fn a_field_ties_label_error_and_control_together() {
    let html = text_of(|| {
        html! {
            <Field id="zone" label="Time zone" error="There is no such zone.">
                <TextInput id="zone" value="Mars" oninput={Callback::noop()} invalid=true />
            </Field>
        }
    })
    .await;
    assert!(html.contains("for=\"zone\"") && html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("aria-describedby=\"zone-about\"") && html.contains("id=\"zone-about\""), "{html}");
    assert!(html.contains("role=\"alert\"") && html.contains("There is no such zone."), "{html}");
}

#[tokio::test]
async fn status_is_never_colour_alone() {
    for session in SessionStatus::ALL {
        let html = text_of(move || status::of_session(session).pill()).await;
        assert!(html.contains("<svg") && html.contains(status::of_session(session).word), "{html}");
    }
    for health in HEALTHS {
        let html = text_of(move || status::of_health(health).pill()).await;
        assert!(html.contains("<svg") && html.contains(status::of_health(health).word), "{html}");
    }
}

#[tokio::test]
async fn a_schedule_that_cannot_be_read_says_why_and_what_to_do() {
    let told = |onanew: bool| {
        move || {
            let schedule = UnreadableSchedule {
                id: ScheduleId(Uuid::from_u128(4)),
                flow_id: FlowId(Uuid::from_u128(1)),
                flow_name: "Patch <Citrix>".to_owned(),
                is_active: true,
                problem: "Its recurrence cannot be read by this release.".to_owned(),
            };
            html! { <Unreadable {schedule} onanew={onanew.then(Callback::noop)} /> }
        }
    };
    let html = text_of(told(false)).await;
    assert!(html.contains("role=\"alert\"") && html.contains("Its recurrence cannot be read"), "{html}");
    let flow = format!("/flows/{}/maintenance", Uuid::from_u128(1));
    assert!(html.contains(&format!("href=\"{flow}\">Patch &lt;Citrix&gt;</a>")), "{html}");
    assert!(html.contains(&format!("href=\"{flow}?open=schedule\"")), "{html}");
    assert!(html.contains("Delete</button>"), "{html}");
    // On the page of its flow the editor is a button away.
    let html = text_of(told(true)).await;
    assert!(html.contains("Set it anew") && !html.contains("<a "), "{html}");
}

#[tokio::test]
async fn a_rollup_bar_reads_as_words() {
    let html = text_of(|| {
        let rollup = Rollup { total: 8, completed: 6, failed: 1, pending: 1, ..Rollup::default() };
        rollup_bar(&RollupBarProps { rollup, words: true, testid: Some("rollup".into()) })
    })
    .await;
    assert!(html.contains("aria-label=\"6/8 complete, 1 failed\""), "{html}");
    assert!(!html.contains("style="), "sizes go through the CSSOM: {html}");
}

#[tokio::test]
async fn progress_of_a_session_has_numbers() {
    let html = text_of(|| {
        let session = SessionSummary {
            id: SessionId(Uuid::nil()),
            batch_id: None,
            flow_id: FlowId(Uuid::nil()),
            flow_name: "Patch".to_owned(),
            target_label: "RDS-01".to_owned(),
            target_notes: None,
            target_client: None,
            target_site: None,
            status: SessionStatus::InProgress,
            steps_recorded: 3,
            steps_failed: 1,
            steps_total: 6,
            assignee: None,
            created_at: chrono::DateTime::UNIX_EPOCH,
            started_at: None,
            ended_at: None,
        };
        html! { <>{ steps_bar(&session) }{ ring(&session) }</> }
    })
    .await;
    assert!(html.contains("3/6") && html.contains("aria-hidden=\"true\""), "{html}");
}

#[tokio::test]
async fn wrong_lines_are_named_and_right_ones_counted() {
    let field = |text: &'static str| {
        move || {
            targets_field(&TargetsFieldProps {
                id: "targets".into(),
                text: text.into(),
                oninput: Callback::noop(),
                lines: Some(read(text)),
                error: None,
                testid: None,
                autofocus: false,
            })
        }
    };
    let html = text_of(field("RDS-01\nRDS-02 # 10.0.0.2")).await;
    assert!(html.contains("2 targets"), "{html}");
    let html = text_of(field("RDS-01\n\nrds-01")).await;
    assert!(html.contains("Line 3: rds-01 is already on line 1"), "{html}");
}

#[tokio::test]
async fn required_questions_are_called_wrong_only_after_trying() {
    let form = |strict: bool, refused: Option<&'static str>| {
        move || {
            let field = IntakeField {
                key: "patch_version".to_owned(),
                label: "Patch version".to_owned(),
                kind: IntakeKind::Text,
                required: true,
                options: Vec::new(),
                default: None,
                help: Some("As in the ticket".to_owned()),
            };
            intake_fields(&IntakeFieldsProps {
                id: "launch-intake".into(),
                fields: vec![field],
                answers: Answers::new(),
                onchange: Callback::noop(),
                completeness: Completeness::Required,
                strict,
                refused: refused
                    .map(|why| ("patch_version".to_owned(), why.to_owned()))
                    .into_iter()
                    .collect(),
            })
        }
    };
    let html = text_of(form(false, None)).await;
    assert!(html.contains("As in the ticket") && !html.contains("role=\"alert\""), "{html}");
    assert!(html.contains("id=\"launch-intake-patch_version\""), "{html}");
    let html = text_of(form(true, None)).await;
    assert!(html.contains("role=\"alert\"") && html.contains("must be answered"), "{html}");
    let html = text_of(form(false, Some("Is withdrawn."))).await;
    assert!(html.contains("role=\"alert\"") && html.contains("Is withdrawn."), "{html}");
}

#[tokio::test]
async fn a_box_to_tick_is_described_as_every_other_field_is() {
    let form = |required: bool, refused: Option<&'static str>| {
        move || {
            let field = IntakeField {
                key: "snapshot".to_owned(),
                label: "Take a snapshot".to_owned(),
                kind: IntakeKind::Checkbox,
                required,
                options: Vec::new(),
                default: None,
                help: Some("Before anything else".to_owned()),
            };
            let fields = vec![field];
            let paths = answer_paths("intake", &fields);
            assert_eq!(paths, [("intake.snapshot".to_owned(), "intake-snapshot".to_owned())]);
            let refused = refused_answers(&fields, |path| {
                refused.filter(|_| path == "intake.snapshot").map(str::to_owned)
            });
            intake_fields(&IntakeFieldsProps {
                id: "intake".into(),
                fields,
                answers: Answers::new(),
                onchange: Callback::noop(),
                completeness: Completeness::MayBeMissing,
                strict: false,
                refused,
            })
        }
    };
    let html = text_of(form(false, None)).await;
    assert!(html.contains("aria-describedby=\"intake-snapshot-about\""), "{html}");
    assert!(html.contains("<div id=\"intake-snapshot-about\"><p class=\"hint\">Before"), "{html}");
    assert!(html.contains("optional") && !html.contains("aria-invalid"), "{html}");
    let html = text_of(form(true, Some("Is withdrawn."))).await;
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("Is withdrawn."), "{html}");
    assert!(!html.contains("optional"), "{html}");
}

#[tokio::test]
async fn a_choice_says_what_is_wrong_with_it() {
    let group = |error: Option<&'static str>| {
        move || {
            let options = [("one", "One", None), ("two", "Two", None)];
            radio_group("way", "Way", &options, "two", Callback::noop(), error.map(AttrValue::from))
        }
    };
    let html = text_of(group(None)).await;
    assert!(html.contains("role=\"radiogroup\" aria-labelledby=\"way-label\""), "{html}");
    assert!(html.contains("aria-describedby=\"way-about\"") && !html.contains("aria-invalid"), "{html}");
    let html = text_of(group(Some("The flow has a schedule."))).await;
    assert!(html.contains("aria-invalid=\"true\"") && html.contains("The flow has a schedule."), "{html}");
}

#[tokio::test]
async fn the_steps_of_a_flow_say_what_they_ask_for() {
    let step = |title: &str| json!({"id": title, "type": "procedure_step", "title": title});
    let mut steps = [step("Drain"), step("Verify"), step("Read")];
    steps[0]["rollback"] = json!("Restore {{snapshot}}");
    steps[1]["content_type"] = json!("check");
    steps[1]["evidence"] = json!("required");
    steps[2]["content_type"] = json!("info");
    let end = json!({"id": "end", "type": "procedure_end", "title": "Done"});
    let steps: Vec<_> = steps.into_iter().chain([end]).collect();
    let flow: Flow = serde_json::from_value(json!({
        "id": Uuid::nil(), "name": "Patch", "description": "", "flow_type": "maintenance",
        "structure": {"steps": steps}, "intake_form": [], "revision": 3, "revision_id": Uuid::nil(),
        "step_count": 3, "estimate_minutes": 0, "created_by": null,
        "created_at": "2026-11-05T07:00:00Z", "updated_at": "2026-11-05T07:00:00Z",
    }))
    .unwrap();
    let html = text_of(move || steps_card(&StepsCardProps { flow: Rc::new(flow) })).await;
    for words in ["Evidence required", "Check", "Info", "Rollback"] {
        assert!(html.contains(&format!("</svg>{words}</span>")), "{words}: {html}");
    }
    assert!(html.contains("Rollback, if it fails") && html.contains("class=\"chip\">snapshot"), "{html}");
    // Where there is nothing to unfold, the place of the chevron stays.
    assert_eq!(html.matches("<span class=\"chev\"></span>").count(), 2, "{html}");
}

#[tokio::test]
async fn a_part_that_is_folded_away_says_what_is_set_in_it() {
    let fold = |open: bool| {
        move || {
            let summary = AttrValue::from("RDS-01");
            html! {
                <Fold id="part" words="One target" {summary} {open} ontoggle={Callback::noop()} testid="part">
                    { "the fields" }
                </Fold>
            }
        }
    };
    let html = text_of(fold(false)).await;
    assert!(html.contains("aria-expanded=\"false\" aria-controls=\"part\""), "{html}");
    assert!(html.contains("RDS-01") && !html.contains("the fields"), "{html}");
    let html = text_of(fold(true)).await;
    assert!(html.contains("aria-expanded=\"true\"") && html.contains("the fields"), "{html}");
}

#[tokio::test]
async fn trouble_offers_a_way_on_and_empty_states_an_action() {
    let html = text_of(|| trouble("The disk is full.", Some(Callback::noop()))).await;
    assert!(html.contains("role=\"alert\"") && html.contains("Retry"), "{html}");
    let html = text_of(|| {
        empty(&EmptyProps {
            icon: mf_ui::components::icon::Icon::Server,
            title: "No target lists yet".into(),
            text: "".into(),
            compact: true,
            children: html! { <Button>{ "New target list" }</Button> },
        })
    })
    .await;
    assert!(html.contains("No target lists yet") && html.contains("New target list"), "{html}");
}

fn evidence(name: &str, media_type: &str) -> Evidence {
    let file = EvidenceFile {
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size: 312_000,
        sha256: "9f86d081".repeat(8),
    };
    Evidence { id: EvidenceId(Uuid::nil()), step_id: None, file, at: DateTime::UNIX_EPOCH, author: None }
}

#[tokio::test]
async fn a_row_of_evidence_says_what_it_is_and_removes_only_where_that_is_allowed() {
    let rows = |onremove: bool| {
        move || {
            evidence_rows(&EvidenceRowsProps {
                evidence: &[evidence("setup <1>.log", "text/plain")],
                onopen: Callback::noop(),
                onsave: Callback::noop(),
                oncopy: Callback::noop(),
                onremove: onremove.then(Callback::noop),
            })
        }
    };
    let html = text_of(rows(true)).await;
    assert!(html.contains("setup &lt;1&gt;.log") && html.contains("312 KB"), "{html}");
    assert!(html.contains(">9f86d081</button>") && html.contains(&"9f86d081".repeat(8)), "{html}");
    assert!(html.contains("aria-label=\"Remove setup &lt;1&gt;.log\""), "{html}");
    assert!(!text_of(rows(false)).await.contains("Remove "), "nothing may be taken away");
}

#[tokio::test]
async fn a_picture_is_drawn_a_text_is_read_and_anything_else_says_so() {
    let seen = |media_type: &'static str, text: Option<&'static str>| {
        text_of(move || {
            evidence_preview(&EvidenceContent {
                evidence: evidence("a", media_type),
                text: text.map(str::to_owned),
                content_base64: text.is_none().then(|| "iVBORw==".to_owned()),
            })
        })
    };
    assert!(seen("image/png", None).await.contains("src=\"data:image/png;base64,iVBORw==\""));
    assert!(seen("text/plain", Some("exit <0>")).await.contains("exit &lt;0&gt;</pre>"));
    // A drawing may hold more than a picture: it is saved, not shown.
    let html = seen("image/svg+xml", None).await;
    assert!(html.contains("No preview") && !html.contains("<img"), "{html}");
}
