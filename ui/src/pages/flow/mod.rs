//! A project or a troubleshooting flow: its outline, the start of a session, and those that are open or have ended. Also
//! what every flow's page shares: its head, its steps, export and deletion.

mod delete;
mod export;
mod for_target;
mod head;
mod outline;
mod runs;
mod start;
mod two_people;

pub use delete::DeleteFlowDialog;
pub use export::ExportDialog;
pub(crate) use head::{about, actions, title};
pub use outline::{StepsCardProps, steps_card};
pub use two_people::EditedByTwo;

use super::frame::{Crumb, Frame};
use super::not_here::flow_not_here;
use crate::browser;
use crate::components::button::{Button, Tone};
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::menu::MenuItem;
use crate::components::trouble::trouble;
use crate::route::{Here, Route, go, use_asked, use_here};
use crate::state::call::use_call;
use crate::state::load::use_view;
use mf_contract::flows::{Flow, GetFlow};
use mf_contract::sessions::{CreateSession, ListSessions, Session, SessionSummary};
use mf_contract::{ErrorCode, Event};
use mf_domain::ids::FlowId;
use mf_domain::intake::Answers;
use mf_domain::role::Role;
use mf_domain::session::SessionStatus;
use outline::outline_card;
use runs::{history, open_sessions};
use start::StartDialog;
use std::rc::Rc;
use yew::prelude::*;

/// How many sessions of a kind are shown; the page of all sessions has the others.
const SHOWN: u32 = 10;

/// Properties of [`FlowPage`].
#[derive(Debug, Properties, PartialEq)]
pub struct FlowPageProps {
    pub id: FlowId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Open {
    Nothing,
    Start,
    Export,
    Delete,
}

fn sessions_of(flow: FlowId, ended: bool) -> ListSessions {
    ListSessions {
        flow_id: Some(flow),
        statuses: SessionStatus::ALL.into_iter().filter(|status| status.is_terminal() == ended).collect(),
        limit: Some(SHOWN),
        ..ListSessions::default()
    }
}

fn concerns(request: &ListSessions, event: &Event) -> bool {
    matches!(event, Event::SessionChanged { flow_id, .. } if Some(*flow_id) == request.flow_id)
}

/// Goes on to the page for the flow's type: the address may be an older one, or of before its type was changed.
#[hook]
pub(crate) fn use_page_of_type(id: FlowId, flow: Option<Rc<Flow>>) {
    let here = use_here().route;
    // For a moment after another address the flow of the earlier one is still there.
    let own = flow.filter(|flow| flow.id == id).map(|flow| Route::of_flow(id, flow.flow_type));
    use_effect_with(own.filter(|route| *route != here), |elsewhere| {
        if let Some(route) = elsewhere {
            browser::go_to(&route.path(), true);
        }
    });
}

/// The page.
#[component]
pub fn FlowPage(props: &FlowPageProps) -> Html {
    let id = props.id;
    let flow = use_view(
        Some(GetFlow { id }),
        |request, event| matches!(event, Event::FlowChanged { flow_id } if *flow_id == request.id),
    );
    let under_way = use_view(Some(sessions_of(id, false)), concerns);
    let ended = use_view(Some(sessions_of(id, true)), concerns);
    let open = use_state(|| Open::Nothing);
    let show = |what: Open| {
        let open = open.setter();
        Callback::from(move |()| open.set(what))
    };
    let close = use_asked(Here::starting, show(Open::Start), show(Open::Nothing));
    let start = use_call::<CreateSession>({
        let close = close.clone();
        Callback::from(move |session: Session| {
            close.emit(());
            go(Route::Session { id: session.summary.id });
        })
    });
    use_page_of_type(id, flow.data());

    if flow.data().is_none() && flow.error().is_some_and(|error| error.code == ErrorCode::NotFound) {
        return flow_not_here();
    }

    let onstart = {
        let (start, ask) = (start.clone(), show(Open::Start));
        let asks = flow
            .data()
            .is_some_and(|flow| !flow.intake_form.0.is_empty() || flow.structure.speaks_of_target());
        Callback::from(move |()| {
            if asks {
                ask.emit(());
            } else {
                start.run(CreateSession { flow_id: id, intake: Answers::new(), target: None });
            }
        })
    };
    let resumable = under_way.data().and_then(|open| open.first().map(|session| session.id));
    let body = {
        let (busy, onexport, ondelete) = (start.busy(), show(Open::Export), show(Open::Delete));
        let on_target = MenuItem {
            icon: Icon::Server,
            words: "Start on a target…".into(),
            onclick: show(Open::Start),
            testid: "start-on-target",
            writes: Some(Role::Operator),
            danger: false,
        };
        let (under_way, ended) = (under_way.clone(), ended.clone());
        move |flow: Rc<Flow>| {
            let tone = if resumable.is_some() { Tone::Plain } else { Tone::Primary };
            let onresume = Callback::from(move |()| {
                if let Some(id) = resumable {
                    go(Route::Session { id });
                }
            });
            let flow_type = flow.flow_type;
            let open = move |sessions: Rc<Vec<SessionSummary>>| open_sessions(&sessions, flow_type);
            let past = move |sessions: Rc<Vec<SessionSummary>>| history(&sessions, id, SHOWN);
            html! {
                <>
                    <div class="page-head">
                        { title(&flow) }
                        <div class="row">
                            { actions(&flow, Some(on_target), &onexport, &ondelete) }
                            <Button {tone} icon={Icon::Plus} {busy} onclick={onstart} writes=true testid="new-session">
                                { "Start session" }
                            </Button>
                            if resumable.is_some() {
                                <Button tone={Tone::Primary} icon={Icon::Play} onclick={onresume} testid="resume-session">
                                    { "Resume" }
                                </Button>
                            }
                        </div>
                    </div>
                    { about(&flow) }
                    <div class="grid2">
                        if let Some(tree) = flow.structure.as_tree() {
                            { outline_card(tree, flow.revision) }
                        } else {
                            { steps_card(&StepsCardProps { flow: flow.clone() }) }
                        }
                        <div class="col-l">
                            { loaded(&under_way, 2, open) }
                            { loaded(&ended, 4, past) }
                        </div>
                    </div>
                </>
            }
        }
    };
    let name = flow.data().map_or_else(|| "Flow".to_owned(), |flow| flow.name.clone());
    let mut crumbs = vec![Crumb::to("Flows", Route::Flows)];
    if let Some(flow) = flow.data() {
        crumbs.push(Crumb::of_type(flow.flow_type));
    }
    crumbs.push(Crumb::here(name));
    html! {
        <Frame {crumbs}>
            if let Some(text) = start.error_elsewhere(&[]).filter(|_| *open != Open::Start) {
                { trouble(text, None) }
            }
            <EditedByTwo {id} />
            { loaded(&flow, 6, body) }
            if let Some(flow) = flow.data() {
                <StartDialog
                    flow={flow.clone()}
                    open={*open == Open::Start}
                    onclose={close.clone()}
                    start={start.clone()}
                />
                <ExportDialog id={flow.id} open={*open == Open::Export} onclose={close.clone()} />
                <DeleteFlowDialog {flow} open={*open == Open::Delete} onclose={close} />
            }
        </Frame>
    }
}
