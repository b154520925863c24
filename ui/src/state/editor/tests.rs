use super::*;
use mf_domain::flow::SignOffRule;
use mf_domain::intake::IntakeKind;

fn editor(titles: &[&str]) -> Rc<Editor> {
    let mut editor = Rc::new(Editor::new(FlowType::Maintenance));
    editor = editor.reduce(Edit::Type(Place::Name, "Patch".into())).reduce(Edit::DeleteStep(0));
    for (at, title) in titles.iter().enumerate() {
        editor = editor.reduce(Edit::AddStep(at)).reduce(Edit::Type(Place::Title(at), (*title).into()));
    }
    editor
}

fn titles(editor: &Editor) -> String {
    editor.draft.steps.iter().map(|step| step.step.title.as_str()).collect()
}

fn fields(draft: &Draft) -> Vec<String> {
    draft.problems().into_iter().map(|problem| problem.field).collect()
}

#[test]
fn steps_are_moved_copied_and_deleted_and_all_of_it_can_be_taken_back() {
    let start = editor(&["a", "b", "c"]);
    assert_eq!(titles(&start), "abc");
    let moved = start.clone().reduce(Edit::MoveStep { from: 2, to: 0 });
    assert_eq!((titles(&moved).as_str(), moved.open), ("cab", Some(0)));
    let copied = moved.reduce(Edit::DuplicateStep(0));
    assert_eq!((titles(&copied).as_str(), copied.open), ("ccab", Some(1)));
    let deleted = copied.reduce(Edit::DeleteStep(3));
    assert_eq!(titles(&deleted), "cca");
    let back = deleted.reduce(Edit::Undo).reduce(Edit::Undo).reduce(Edit::Undo);
    assert_eq!(titles(&back), "abc");
    assert_eq!(back.draft, start.draft);
    assert_eq!(titles(&back.reduce(Edit::Redo).reduce(Edit::Redo)), "ccab");
}

#[test]
fn ids_stay_with_their_steps_and_copies_get_their_own() {
    let editor = editor(&["a", "b"]).reduce(Edit::MoveStep { from: 1, to: 0 }).reduce(Edit::DuplicateStep(0));
    let mut ids: Vec<&str> = editor.draft.steps.iter().map(|step| step.step.id.0.as_str()).collect();
    assert_eq!(ids.len(), 3);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 3);
    assert!(editor.draft.problems().is_empty(), "{:?}", editor.draft.problems());
}

#[test]
fn letters_of_one_text_are_taken_back_together() {
    let editor = editor(&["a"])
        .reduce(Edit::Type(Place::Body(0), "R".into()))
        .reduce(Edit::Type(Place::Body(0), "Re".into()))
        .reduce(Edit::Type(Place::Title(0), "b".into()));
    let editor = editor.reduce(Edit::Undo);
    assert_eq!(editor.draft.steps[0].step.description, "Re");
    let editor = editor.reduce(Edit::Undo);
    assert_eq!((editor.draft.steps[0].step.description.as_str(), titles(&editor).as_str()), ("", "a"));
}

#[test]
fn everything_wrong_is_named_at_its_place() {
    let editor = editor(&["a", "", "c"])
        .reduce(Edit::Type(Place::Name, " ".into()))
        .reduce(Edit::Type(Place::Estimate(2), "ten".into()))
        .reduce(Edit::Type(Place::EndTitle, String::new()))
        .reduce(Edit::AddField("Ticket".into()))
        .reduce(Edit::AddField("ring".into()))
        .reduce(Edit::AddField("ring".into()))
        .reduce(Edit::Pick(Pick::Kind(1, IntakeKind::Select)));
    assert_eq!(
        fields(&editor.draft),
        [
            "name",
            "steps[1].title",
            "steps[2].estimate_minutes",
            "end.title",
            "intake_form[0].key",
            "intake_form[1].options",
            "intake_form[2].key",
        ]
    );
    // What was typed is still there.
    assert_eq!(editor.draft.steps[2].estimate, "ten");
}

#[test]
fn a_flow_without_steps_says_so() {
    let editor = editor(&[]);
    assert_eq!(fields(&editor.draft), ["steps"]);
}

#[test]
fn unknown_variables_are_named_until_a_question_fills_them() {
    let editor = editor(&["On {{target.label}}, {{target.client}}, {{target.ip}}"])
        .reduce(Edit::Type(Place::Body(0), "{{patch}} and {{ patch }}".into()))
        .reduce(Edit::Type(Place::Rollback(0), "Leave {{ring}}".into()));
    assert_eq!(editor.draft.steps[0].unknown(&editor.draft.fields), ["patch", "ring"]);
    let editor = editor.reduce(Edit::AddField("patch".into()));
    assert_eq!(editor.draft.steps[0].unknown(&editor.draft.fields), ["ring"]);
    assert_eq!(editor.draft.fields[0].field.label, "Patch");
}

#[test]
fn a_draft_is_kept_as_it_was_typed() {
    let editor = editor(&["a", ""])
        .reduce(Edit::Type(Place::Estimate(1), "1x".into()))
        .reduce(Edit::AddField("ring".into()))
        .reduce(Edit::Pick(Pick::Kind(0, IntakeKind::Select)))
        .reduce(Edit::Type(Place::Options(0), "one\n\n two ".into()));
    let (draft, revision) = recalled(&kept(&editor.draft, 7)).expect("it reads back");
    assert_eq!(revision, 7);
    assert_eq!(draft.steps[1].estimate, "1x");
    assert_eq!(draft.fields[0].options, "one\n\n two ");
    assert_eq!(draft.name, editor.draft.name);
    assert_eq!(recalled(&Kept::new()), None);
}

#[test]
fn saving_sends_what_is_typed_and_nothing_is_dirty_then() {
    let editor = editor(&["a"]).reduce(Edit::Type(Place::Estimate(0), " 5 ".into()));
    assert!(editor.is_dirty());
    let request = editor.draft.create();
    assert_eq!(request.structure.as_procedure().unwrap().steps[0].estimate_minutes, Some(5));
    let sent = editor.draft.clone();
    assert!(editor.is_as_sent(&sent));
    let typed_on =
        editor.reduce(Edit::Type(Place::Name, "Patch it".into())).reduce(Edit::Saved(sent.clone()));
    assert!(typed_on.is_dirty() && !typed_on.is_as_sent(&sent));
    assert!(!typed_on.reduce(Edit::Undo).is_dirty());
}

#[test]
fn a_flow_asks_for_a_sign_off_until_that_is_taken_back() {
    let asked = editor(&["a"]).reduce(Edit::Pick(Pick::SignOff(SignOffRule::SomeoneElse)));
    let sent = asked.draft.create().structure;
    assert_eq!(sent.as_procedure().map(|procedure| procedure.sign_off), Some(SignOffRule::SomeoneElse));
    let (draft, _) = recalled(&kept(&asked.draft, 1)).expect("it reads back");
    assert_eq!(draft.sign_off, SignOffRule::SomeoneElse);
    let back = asked.reduce(Edit::Undo);
    assert_eq!(back.draft.sign_off, SignOffRule::None);
    assert_eq!(back.reduce(Edit::Redo).draft.sign_off, SignOffRule::SomeoneElse);
}
