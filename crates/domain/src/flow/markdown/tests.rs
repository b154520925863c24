//! Runbooks as people write them, and the round trip through our own files.

use super::*;
use crate::flow::{Answer, Node, NodeKind, Outcome, Tree};
use crate::intake::{IntakeField, IntakeKind};
use proptest::prelude::*;

const WINDOWS: &str = include_str!("tests/windows-patching.md");
const LINUX: &str = include_str!("tests/linux-kernel.md");
const CERTIFICATE: &str = include_str!("tests/certificate-renewal.md");

fn read(markdown: &str) -> Imported {
    import(markdown, FlowType::Maintenance).unwrap()
}

fn steps(imported: &Imported) -> &[Step] {
    &imported.structure.as_procedure().unwrap().steps
}

fn titles(imported: &Imported) -> Vec<&str> {
    steps(imported).iter().map(|step| step.title.as_str()).collect()
}

fn refused(markdown: &str) -> Invalid {
    import(markdown, FlowType::Procedural).unwrap_err()
}

#[test]
fn windows_patching_has_the_items_of_all_sections_as_steps() {
    let flow = read(WINDOWS);
    assert_eq!(flow.name, "Monthly Windows Server patching");
    assert_eq!(
        titles(&flow),
        [
            "Verify that last night's backup succeeded",
            "Check free disk space on C:",
            "Put the host into drain mode and wait until every user of the farm has logged off. Remind those who do not.",
            "Install updates",
            "Reboot the host",
            "3. Verification",
            "Take the host out of drain mode, see the console",
            "Log on as a test user",
            "Done",
        ]
    );
    let steps = steps(&flow);
    assert_eq!((steps[0].estimate_minutes, steps[3].estimate_minutes), (Some(5), Some(45)));
    assert_eq!(steps[0].description, "## 1. Pre-checks\n\nDo these **before** the maintenance window opens.");
    assert_eq!(
        steps[1].description,
        "```powershell\nGet-PSDrive C | Select-Object Used, Free\n\n# at least 10 GB\n```"
    );
    assert_eq!(
        steps[2].description,
        "- Send a message first\n- Log off the rest after 15 minutes\n\n\
         > **Warning:** never drain more than half of the farm."
    );
    assert!(steps[3].description.starts_with("## 2. Patch\n\n```powershell"));
    assert!(steps[5].description.starts_with("```powershell\nGet-HotFix"));
    assert!(steps[6].description.ends_with("see [the console](https://citrix.example.com/#hosts)"));
    assert_eq!(
        steps[8].description,
        "## Rollback\n\nUninstall with `wusa /uninstall /kb:{{kb}}` and tell [CAB][cab].\n\n\
         [cab]: https://wiki.example.com/cab \"Change board\""
    );
    assert!(flow.description.starts_with("[![Docs](https://img.example.com/docs.svg)]"));
    assert!(flow.description.ends_with("\n\n[cab]: https://wiki.example.com/cab \"Change board\""));
    assert!(!flow.description.contains("Reviewed"));
}

#[test]
fn a_kernel_update_has_its_tasks_as_steps() {
    let flow = read(LINUX);
    assert_eq!(flow.name, "Kernel update on Debian and Ubuntu");
    assert_eq!(
        titles(&flow),
        [
            "Take the host out of the pool",
            "Take a snapshot",
            "Install the new kernel",
            "sudo systemctl reboot",
            "Check uname -r",
            "Done"
        ]
    );
    assert_eq!(
        flow.description,
        "```yaml\ntitle: \"Kernel update\"\ntags: [linux, kernel]\n```\n\n\
         For hosts behind the load balancer. One host at a time.\n\n### Table of contents\n\n\
         1. [Checklist](#checklist)\n2. [If it does not boot](#if-it-does-not-boot)"
    );
    assert_eq!(
        steps(&flow)[2].description.split_whitespace().take(4).collect::<Vec<_>>(),
        ["```sh", "sudo", "apt-get", "update"]
    );
    assert!(steps(&flow)[4].description.starts_with("- [ ] it shows {{kernel_version}}\n- [ ] no failed"));
    assert!(steps(&flow)[5].description.starts_with("### If it does not boot"));
}

#[test]
fn a_certificate_renewal_has_its_sections_as_steps() {
    let flow = read(CERTIFICATE);
    assert_eq!(
        titles(&flow),
        [
            "Before you start",
            "Create the request",
            "Submit it to the CA",
            "Install and verify",
            "References",
            "Done"
        ]
    );
    let steps = steps(&flow);
    assert_eq!(flow.description, "Certificates expire after 90 days. Start two weeks earlier.");
    assert_eq!(steps[1].estimate_minutes, Some(10));
    assert!(steps[1].description.starts_with("## Renewal\n\n```bash\nopenssl req"));
    assert!(
        steps[1].description.ends_with("#### Wildcards\n\nName every host as a subject alternative name.")
    );
    assert!(steps[3].description.ends_with("\n\n    openssl s_client -connect example.com:443"));
}

/// Every word of a fixture is somewhere in the flow, in some text.
#[test]
fn nothing_is_lost() {
    for source in [WINDOWS, LINUX, CERTIFICATE] {
        let flow = read(source);
        let mut all = format!("{} {}", flow.name, flow.description);
        for step in steps(&flow) {
            let minutes = step.estimate_minutes.map(|m| format!("{m} min")).unwrap_or_default();
            all.push_str(&format!(" {} {} {minutes}", step.title, step.description));
        }
        let comment =
            source.find("<!--").and_then(|from| source[from..].find("-->").map(|to| from..from + to));
        let mut kept = source.to_owned();
        if let Some(span) = comment {
            kept.replace_range(span, "");
        }
        for word in
            kept.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().any(char::is_alphabetic))
        {
            assert!(all.contains(word) || word == "Checklist", "{word} is lost");
        }
    }
}

#[test]
fn small_documents() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("# T\n1. a\n2. b\n", &["a", "b", "Done"], ""),
        ("\u{feff}# T\r\n\r\n## Steps\r\n\r\n1) a\r\n2) b\r\n", &["a", "b", "Done"], ""),
        ("# T\nintro\n\n- [ ] a\n- b\n", &["a", "b", "Done"], "intro"),
        ("# T\n## Install\nRead *this*.\n1. a", &["a", "Done"], "## Install\n\nRead *this*."),
        ("# T\n## a\n## b\n", &["a", "b", "Done"], ""),
        ("# A\ntext\n# B\nb\n# C\nc\n", &["B", "C", "Done"], "text"),
        ("## T\n1. a\n", &["a", "Done"], ""),
        ("---\ntitle: 'T'\n---\n1. a\n", &["a", "Done"], ""),
        ("T\n===\n10.\ta\n\n    more\n11.\tb\n", &["a", "b", "Done"], ""),
        ("# T\n1.\n2. a\n", &["a", "Done"], ""),
        (
            "# T\n1. ```sh\n   run me\n   ```\n2. ![](x.png)\n3. ### Head ###\n",
            &["run me", "Step 2", "Head", "Done"],
            "",
        ),
        ("# T\n1. <!-- note --> a\n\n<!-- -->\n\n2. b <!-- check -->\n", &["a", "b", "Done"], ""),
        ("# T\n- [ ] a\n- all done <!-- end -->\n", &["a", "all done"], ""),
        ("# [T](https://x)\n1. a", &["a", "Done"], "[T](https://x)"),
        ("# T\n1. a\\\n   b", &["a", "Done"], ""),
    ];
    for (markdown, expected, description) in cases {
        let flow = read(markdown);
        assert_eq!(titles(&flow), *expected, "{markdown}");
        assert_eq!(flow.description, *description, "{markdown}");
        assert!(!flow.name.is_empty());
    }
    assert_eq!(steps(&read("# T\n1. <!-- c --> a\n2. b <!-- check -->"))[1].content_type, ContentType::Check);
    assert_eq!(steps(&read("# T\n1. ![](x.png)"))[0].description, "![](x.png)");
    assert_eq!(steps(&read("# T\n1. a\n\n```sh\nx\n```\n2. b"))[0].description, "```sh\nx\n```");
    assert_eq!(steps(&read("# T\n1. a\n\nbetween\n\n## S\n2. b"))[0].description, "between");
    assert_eq!(steps(&read("# T\n1. a\n   b\n\n     c"))[0].description, "b\n\n  c");
    let long = "word ".repeat(80);
    let flow = read(&format!("# {long}\n1. {long}\n"));
    assert!(flow.name.ends_with('\u{2026}') && flow.description == long.trim());
    assert!(titles(&flow)[0].ends_with('\u{2026}') && steps(&flow)[0].description == long.trim());
}

#[test]
fn what_is_no_runbook_is_refused_by_field() {
    for (markdown, part) in [
        ("", "empty"),
        (" \n\t\n", "empty"),
        ("1. a", "no name"),
        ("text", "no name"),
        ("# T", "no steps"),
        ("# T\n- a\n- b\n", "no steps"),
        ("# T\n1. a\0", "U+0000"),
        ("# T\n1. [Contents](#contents)\n", "no steps"),
        ("# T\n1. a\n```json maintenance-flows\n{\"version\":2}\n```\n", "newer"),
        ("# T\n1. a\n```json maintenance-flows\n{\n```\n", "cannot be read"),
        (
            "# T\n1. a\n```json maintenance-flows\n{\"version\":1,\"intake_form\":[{\"key\":\"A\",\"label\":\"l\",\"type\":\"text\"}]}\n```\n",
            "intake_form[0].key",
        ),
    ] {
        let error = refused(markdown);
        assert_eq!(error.field, "markdown", "{markdown}");
        assert!(error.message.contains(part), "{markdown}: {error}");
    }
    assert_eq!(refused(&"x".repeat(DOCUMENT_MAX + 1)).field, "markdown");
    assert_eq!(refused(&format!("# T\n{}", "1. a\n".repeat(501))).field, "markdown");
    assert_eq!(refused(&format!("# T\n1. a\n\n   {}", "x".repeat(20_001))).field, "markdown");
    assert_eq!(import(WINDOWS, FlowType::Troubleshooting).unwrap_err().field, "flow_type");
    assert_eq!(read(&format!("# T\n{}", "1. a\n".repeat(499))).structure.step_count(), 499);
}

/// What makes a careless reader slow: each would take minutes if a text were searched once per line.
#[test]
fn large_documents_are_read_in_time() {
    for line in [
        "[a]: b\n",
        "<!-- ",
        "1. ",
        "> ",
        "[",
        "`",
        "*a ",
        "- [ ] ",
        "x\n\n",
        "## h\n",
        "[x][y]\n\n",
        "<!-- c -->\n",
    ] {
        drop(import(&format!("# T\n1. a\n{}", line.repeat(40_000 / line.len())), FlowType::Procedural));
    }
}

fn form() -> IntakeForm {
    IntakeForm(vec![IntakeField {
        key: "ring".into(),
        label: "Ring ```".into(),
        kind: IntakeKind::Select,
        required: true,
        options: vec!["pilot".into(), "broad".into()],
        default: Some("pilot".into()),
        help: None,
    }])
}

#[test]
fn a_tree_comes_back_whole() {
    let node = |id: &str, kind| Node {
        id: id.into(),
        title: "T *x*".into(),
        description: "a\n\n```\nb".into(),
        kind,
    };
    let answer = |to: &str, go_back| Answer { label: to.into(), to: to.into(), go_back };
    let tree = Structure::Tree(Tree {
        start: "q".into(),
        nodes: vec![
            node(
                "q",
                NodeKind::Question {
                    answers: vec![answer("a", false), answer("e", false), answer("q", true)],
                },
            ),
            node("a", NodeKind::Action { next: "e".into() }),
            node("e", NodeKind::Outcome { outcome: Outcome::Escalate }),
        ],
    });
    let written = export("Why?", "text", &tree, &form(), FlowType::Troubleshooting);
    let back = import(&written.replace('\n', "\r\n"), FlowType::Troubleshooting).unwrap();
    assert_eq!((back.name.as_str(), back.description.as_str()), ("Why?", "text"));
    assert_eq!((&back.structure, back.intake_form), (&tree, form()));
    assert_eq!(import(&written, FlowType::Maintenance).unwrap_err().field, "flow_type");
    let cut = &written[..written.rfind("```json").unwrap()];
    assert_eq!(import(cut, FlowType::Troubleshooting).unwrap_err().field, "markdown");
}

#[test]
fn an_edited_export_is_read_as_it_now_stands() {
    let written = export("N", "d", &read("# T\n1. a\n   x\n2. b").structure, &form(), FlowType::Maintenance);
    let added = written.replace("- Done", "- [ ] new **step** (3 min)\n\n- Done");
    assert_eq!(titles(&read(&added)), ["a", "b", "new step", "Done"]);
    // Something at the margin: no longer our layout, but a runbook with all that was in it.
    let odd = written.replace("- [ ] b", "Beware.\n\n- [ ] b [l](https://x)");
    let flow = read(&odd);
    assert_eq!(titles(&flow), ["a", "b l", "Done"]);
    assert_eq!(steps(&flow)[0].description, "x\n\nBeware.");
    assert_eq!(steps(&flow)[1].description, "b [l](https://x)");
    assert_eq!((flow.description.as_str(), flow.intake_form), ("d", form()));
}

/// Texts that look like what stands around them.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "- [ ] x",
        "- Done <!-- end -->",
        "## Steps <!-- maintenance-flows: steps -->",
        "```",
        "```json maintenance-flows",
        "# H",
        "1. one",
        "  - nested",
        "    code",
        "\tcode",
        "<!--",
        "-->",
        "",
        " ",
        "---",
        "===",
        "> q",
        "[a]: b",
        "[a]",
        "{{x}}",
        "text",
        "{\"version\":9}",
        "~~~",
        "| a | b |",
        "\\",
        "é",
    ]);
    prop::collection::vec(prop_oneof![3 => piece.prop_map(str::to_owned), 1 => "\\PC{0,12}"], 0..7)
        .prop_map(|lines| tidied(&lines.join("\n")))
}

fn name() -> impl Strategy<Value = String> {
    "[`*_\\[\\]<>&#!(){}~ a1\\\\.-]{0,16}( \\(10 min\\)| <!-- end -->| #)?|\\PC{1,20}"
        .prop_map(|text| text.trim().to_owned())
        .prop_filter("blank", |text| !text.is_empty())
}

fn any_step() -> impl Strategy<Value = Step> {
    let content = prop::sample::select(vec![ContentType::Action, ContentType::Check, ContentType::Info]);
    let evidence =
        prop::sample::select(vec![EvidenceRule::None, EvidenceRule::Optional, EvidenceRule::Required]);
    let minutes = prop::option::of(1_u32..=10_080);
    (name(), hostile(), content, evidence, minutes, hostile()).prop_map(
        |(title, description, content_type, evidence, estimate_minutes, rollback)| Step {
            id: StepId(String::new()),
            kind: StepKind::ProcedureStep,
            title,
            description,
            content_type,
            estimate_minutes,
            evidence,
            rollback,
        },
    )
}

proptest! {
    #[test]
    fn a_procedure_comes_back_whole(name in name(), description in hostile(), mut steps in prop::collection::vec(any_step(), 2..6)) {
        let last = steps.len() - 1;
        for (index, step) in steps.iter_mut().enumerate() {
            step.id.0 = if index == last { "end".to_owned() } else { format!("step-{}", index + 1) };
        }
        steps[last].kind = StepKind::ProcedureEnd;
        let structure = Structure::Procedure(Procedure { steps, sign_off: SignOffRule::SomeoneElse });
        let written = export(&name, &description, &structure, &form(), FlowType::Maintenance);
        let back = import(&written, FlowType::Maintenance).unwrap();
        prop_assert_eq!(back, Imported { name, description, structure, intake_form: form() });
    }

    #[test]
    fn no_word_of_a_document_is_lost(lines in prop::collection::vec(0_usize..22, 1..14)) {
        const FORMS: [&str; 22] = [
            "# @", "## @", "### @", "#### @", "1. @", "1. **@** ![@](http://@)", "- [ ] @", "- @", "@", "   @", "    @", "\t@",
            "> @", "```", "***", "[text](http://@ '@')", "| @ |", "1.", "===", "", "- - 1. @", "2) > @\n@",
        ];
        let mut document = "# T\n1. a\n".to_owned();
        let mut words = Vec::new();
        for (number, form) in lines.iter().enumerate() {
            words.extend(FORMS[*form].contains('@').then(|| format!("w{number}w")));
            document.push_str(&format!("{}\n", FORMS[*form].replace('@', &format!("w{number}w"))));
        }
        if let Ok(flow) = import(&document, FlowType::Procedural) {
            let mut all = format!("{} {}", flow.name, flow.description);
            for step in steps(&flow) {
                all.push_str(&format!(" {} {}", step.title, step.description));
            }
            for word in words {
                prop_assert!(all.contains(&word), "{} of {:?}", word, document);
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        drop(import(&text, FlowType::Maintenance));
    }

    #[test]
    fn any_markdown_is_read_or_refused_and_what_is_read_can_be_exported(text in hostile(), rest in hostile()) {
        let text = format!("# T\n{text}\n1. a\n{rest}");
        if let Ok(flow) = import(&text, FlowType::Procedural) {
            let written = export(&flow.name, &flow.description, &flow.structure, &flow.intake_form, FlowType::Procedural);
            prop_assert_eq!(import(&written, FlowType::Procedural).unwrap(), flow);
        }
    }
}
