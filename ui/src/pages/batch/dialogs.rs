//! The dialogs of a batch: its ticket, its sign-off, its waves, and calling it off.

use super::Open;
use super::targets::TargetsDialog;
use crate::api;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::dialog::{Confirm, Dialog, use_fresh};
use crate::components::field::{Field, TextArea, TextInput};
use crate::components::progress;
use crate::components::trouble::trouble_elsewhere;
use crate::components::waves_fields::{
    WavesFieldsProps, waves_controls, waves_field, waves_fields, waves_refused,
};
use crate::state::board::waves::WaveDraft;
use crate::state::call::{use_call, use_refused};
use crate::state::time::{count, date_clock, in_viewer_zone};
use crate::state::toasts::use_toasts;
use crate::state::whose::Whose;
use mf_contract::batches::{
    Batch, CancelBatch, SetBatchTicket, SetBatchWaves, SignOffBatch, WithdrawSignOff,
};
use mf_contract::board::Board;
use mf_domain::Invalid;
use mf_domain::batch::SignOff;
use mf_domain::batch::events::TICKET_MAX;
use mf_domain::flow::SignOffRule;
use mf_domain::ids::MemberId;
use std::rc::Rc;
use yew::prelude::*;

#[derive(Properties, PartialEq)]
pub(super) struct DialogsProps {
    pub board: Rc<Board>,
    pub me: Option<MemberId>,
    pub open: Open,
    pub onclose: Callback<()>,
}

/// All of them; at most one is open.
#[component]
pub(super) fn Dialogs(props: &DialogsProps) -> Html {
    let (board, onclose) = (&props.board, &props.onclose);
    let is = |what: Open| props.open == what;
    html! {
        <>
            <TicketDialog board={board.clone()} open={is(Open::Ticket)} onclose={onclose.clone()} />
            <SignOffDialog board={board.clone()} me={props.me} open={is(Open::SignOff)} onclose={onclose.clone()} />
            <WavesDialog board={board.clone()} open={is(Open::Waves)} onclose={onclose.clone()} />
            <TargetsDialog board={board.clone()} open={is(Open::Targets)} onclose={onclose.clone()} />
            <CancelDialog board={board.clone()} open={is(Open::Cancel)} onclose={onclose.clone()} />
        </>
    }
}

#[derive(Properties, PartialEq)]
struct OneProps {
    board: Rc<Board>,
    #[prop_or_default]
    me: Option<MemberId>,
    open: bool,
    onclose: Callback<()>,
}

/// The number that is meant; none when the field is empty.
fn ticket_of(text: &str) -> Result<Option<String>, Invalid> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let ticket = mf_domain::text::name("ticket", text)?;
    match ticket.chars().count() {
        long if long > TICKET_MAX => {
            Err(Invalid::new("ticket", format!("has {long} characters; at most {TICKET_MAX} are allowed")))
        }
        _ => Ok(Some(ticket)),
    }
}

#[component]
fn TicketDialog(props: &OneProps) -> Html {
    let summary = &props.board.batch.summary;
    let typed = use_state_eq(|| None::<String>);
    let text = (*typed).clone().or_else(|| summary.ticket.clone()).unwrap_or_default();
    let save = use_call::<SetBatchTicket>(props.onclose.reform(|_: Batch| ()));
    use_fresh(props.open, {
        let (typed, save) = (typed.setter(), save.clone());
        Callback::from(move |()| {
            typed.set(None);
            save.clear();
        })
    });
    let wrong = ticket_of(&text).err().map(|error| api::capitalised(&error.message));
    let onsubmit = {
        let (save, text, batch_id) = (save.clone(), text.clone(), summary.batch_id);
        Callback::from(move |()| match ticket_of(&text) {
            Ok(ticket) => save.run(SetBatchTicket { batch_id, ticket }),
            Err(_) => browser::focus("ticket"),
        })
    };
    let error = wrong.clone().or_else(|| save.error_on("ticket"));
    use_refused(save.error(), &[("ticket", "ticket")]);
    html! {
        <Dialog
            id="ticket-dialog"
            title="Change ticket"
            narrow=true
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            foot={foot(props, "Save", save.busy(), "ticket-save")}
        >
            <Field
                id="ticket"
                label="Ticket number"
                hint={(wrong.is_none()).then_some("Printed in the report. Leave it empty to take it off.")}
                error={error.clone().map(AttrValue::from)}
            >
                <TextInput
                    id="ticket"
                    value={text}
                    oninput={let (typed, save) = (typed.setter(), save.clone()); move |text| { save.clear(); typed.set(Some(text)) }}
                    placeholder="CHG-4711"
                    invalid={error.is_some()}
                    autofocus=true
                    testid="ticket"
                />
            </Field>
            { trouble_elsewhere(save.error_elsewhere(&["ticket"])) }
        </Dialog>
    }
}

/// The button that leaves everything as it is, and the one that does what the dialog is for.
fn foot(props: &OneProps, action: &'static str, busy: bool, testid: &'static str) -> Html {
    html! {
        <>
            <Button tone={Tone::Ghost} onclick={props.onclose.clone()}>{ "Cancel" }</Button>
            <Button tone={Tone::Primary} submit=true {busy} writes=true {testid}>{ action }</Button>
        </>
    }
}

#[component]
fn SignOffDialog(props: &OneProps) -> Html {
    let batch = &props.board.batch;
    let batch_id = batch.summary.batch_id;
    let text = use_state_eq(String::new);
    let done = props.onclose.reform(|_: Batch| ());
    let sign = use_call::<SignOffBatch>(done.clone());
    let withdraw = use_call::<WithdrawSignOff>(done);
    use_fresh(props.open, {
        let (text, sign, withdraw) = (text.setter(), sign.clone(), withdraw.clone());
        Callback::from(move |()| {
            text.set(String::new());
            sign.clear();
            withdraw.clear();
        })
    });
    let signed = batch.summary.sign_off.as_ref();
    let onsubmit = {
        let (sign, withdraw, signed) = (sign.clone(), withdraw.clone(), signed.is_some());
        let note = Some(text.trim().to_owned()).filter(|note| !note.is_empty());
        Callback::from(move |()| match signed {
            true => withdraw.run(WithdrawSignOff { batch_id, note: note.clone() }),
            false => sign.run(SignOffBatch { batch_id, note: note.clone() }),
        })
    };
    let finished = batch.summary.rollup.pending + batch.summary.rollup.in_progress == 0;
    let may = signed.is_some() || (finished && !batch.sign_off_barred);
    let (title, action, label) = match signed {
        Some(_) => ("Withdraw the sign-off?", "Withdraw sign-off", "Why"),
        None => ("Sign off this batch", "Sign off", "Note"),
    };
    let busy = sign.busy() || withdraw.busy();
    let wrong = sign.error_on("note").or_else(|| withdraw.error_on("note")).map(AttrValue::from);
    use_refused(sign.error().or(withdraw.error()), &[("note", "sign-off-note")]);
    let oninput = {
        let (text, sign, withdraw) = (text.setter(), sign.clone(), withdraw.clone());
        Callback::from(move |typed| {
            sign.clear();
            withdraw.clear();
            text.set(typed);
        })
    };
    html! {
        <Dialog
            id="sign-off-dialog"
            {title}
            narrow=true
            open={props.open}
            onclose={props.onclose.clone()}
            onsubmit={if may { onsubmit } else { props.onclose.clone() }}
            foot={if may { foot(props, action, busy, "sign-off-confirm") } else { understood(props) }}
        >
            <p class="muted" data-testid="sign-off-words">{ what_it_means(batch, signed, finished, props.me) }</p>
            if may {
                <Field id="sign-off-note" {label} optional=true error={wrong.clone()}>
                    <TextArea
                        id="sign-off-note"
                        value={(*text).clone()}
                        {oninput}
                        invalid={wrong.is_some()}
                        placeholder="Shown in the report"
                        testid="sign-off-note"
                    />
                </Field>
            }
            { trouble_elsewhere(sign.error_elsewhere(&["note"])) }
            { trouble_elsewhere(withdraw.error_elsewhere(&["note"])) }
        </Dialog>
    }
}

fn understood(props: &OneProps) -> Html {
    html! { <Button tone={Tone::Primary} submit=true onclick={props.onclose.clone()} autofocus=true>{ "Close" }</Button> }
}

fn what_it_means(batch: &Batch, signed: Option<&SignOff>, finished: bool, me: Option<MemberId>) -> String {
    if let Some(sign_off) = signed {
        let at = date_clock(in_viewer_zone(sign_off.at));
        let note = sign_off.note.as_ref().map(|note| format!(" “{note}”")).unwrap_or_default();
        let by = Whose::of(sign_off.by, me).by();
        return format!(
            "Signed off {by} on {at}.{note} Without it, sessions can be reopened and evidence taken back."
        );
    }
    if !finished {
        let open = batch.summary.rollup.pending + batch.summary.rollup.in_progress;
        let by = match batch.summary.sign_off_rule {
            SignOffRule::SomeoneElse => " Its flow asks for somebody who recorded none of its steps.",
            SignOffRule::Anyone | SignOffRule::None => "",
        };
        let open = count(open as usize, "session");
        return format!("A batch is signed off when it has ended. Still open: {open}.{by}");
    }
    if batch.sign_off_barred {
        return "You recorded steps of this batch. Its flow asks that somebody else signs it off: whoever did the \
                work does not also answer for it."
            .to_owned();
    }
    format!(
        "You answer for {}: {}. Until the sign-off is withdrawn, no session is reopened and no evidence is added or taken back.",
        count(batch.summary.rollup.total as usize, "target"),
        progress::words(&batch.summary.rollup),
    )
}

#[component]
fn WavesDialog(props: &OneProps) -> Html {
    let batch = &props.board.batch;
    let typed = use_state_eq(|| None::<WaveDraft>);
    let strict = use_state_eq(|| false);
    let draft =
        (*typed).clone().unwrap_or_else(|| WaveDraft::of(batch.waves.as_ref().map(|waves| &waves.rule)));
    let save = use_call::<SetBatchWaves>(props.onclose.reform(|_: Batch| ()));
    use_fresh(props.open, {
        let (typed, strict, save) = (typed.setter(), strict.setter(), save.clone());
        Callback::from(move |()| {
            typed.set(None);
            strict.set(false);
            save.clear();
        })
    });
    let onsubmit = {
        let (save, draft, strict, batch_id) =
            (save.clone(), draft.clone(), strict.setter(), batch.summary.batch_id);
        Callback::from(move |()| match draft.rule() {
            Ok(waves) => save.run(SetBatchWaves { batch_id, waves }),
            Err(error) => {
                strict.set(true);
                browser::focus(&waves_field("waves", &error.field));
            }
        })
    };
    let error = draft.rule().err().filter(|_| *strict).or_else(|| waves_refused(save.error()));
    let controls = waves_controls("waves");
    let controls: Vec<(&str, &str)> = controls.iter().map(|(field, id)| (&**field, &**id)).collect();
    use_refused(save.error(), &controls);
    let onchange = {
        let (typed, save) = (typed.setter(), save.clone());
        Callback::from(move |draft| {
            save.clear();
            typed.set(Some(draft));
        })
    };
    html! {
        <Dialog
            id="waves-dialog"
            title="Waves"
            subtitle="How the targets are offered, in their order. What has begun goes on."
            narrow=true
            open={props.open}
            onclose={props.onclose.clone()}
            {onsubmit}
            foot={foot(props, "Save", save.busy(), "waves-save")}
        >
            { waves_fields(&WavesFieldsProps {
                id: "waves",
                draft: &draft,
                autofocus: true,
                onchange,
                error: error.as_ref(),
            }) }
            <p class="hint">{ "With all three empty, every target may be started at once." }</p>
            { trouble_elsewhere(save.error_elsewhere(&["waves"])) }
        </Dialog>
    }
}

#[component]
fn CancelDialog(props: &OneProps) -> Html {
    let toasts = use_toasts();
    let summary = &props.board.batch.summary;
    let cancel = use_call::<CancelBatch>({
        let onclose = props.onclose.clone();
        Callback::from(move |_| {
            onclose.emit(());
            if let Some(toasts) = &toasts {
                toasts.success("The batch is cancelled.");
            }
        })
    });
    let onconfirm = {
        let (cancel, batch_id) = (cancel.clone(), summary.batch_id);
        Callback::from(move |()| cancel.run(CancelBatch { batch_id }))
    };
    let open = summary.rollup.pending + summary.rollup.in_progress;
    html! {
        <Confirm
            id="cancel-dialog"
            title="Cancel this batch?"
            action="Cancel batch"
            keep="Keep it"
            open={props.open}
            onclose={props.onclose.clone()}
            {onconfirm}
            busy={cancel.busy()}
            error={cancel.error_elsewhere(&[]).map(AttrValue::from)}
            testid="cancel-batch-confirm"
        >
            <p>
                { format!(
                    "{} of “{}” from {} will be called off. What is recorded stays.",
                    count(open as usize, "open session"),
                    summary.flow_name,
                    date_clock(in_viewer_zone(summary.launched_at)),
                ) }
            </p>
        </Confirm>
    }
}
