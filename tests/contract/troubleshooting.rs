//! Sessions of troubleshooting flows: questions, answers, steps back, outcomes.

use crate::support::*;
use mf_contract::ErrorCode::{Conflict, Validation};
use serde_json::{Value, json};

async fn printer_tree(world: &World) -> Value {
    let flow = json!({
        "name": "Printer does not print",
        "flow_type": "troubleshooting",
        "structure": {"start": "power", "nodes": [
            {"id": "power", "type": "question", "title": "Is it on?", "answers": [
                {"label": "Yes", "to": "queue"},
                {"label": "No", "to": "switch"},
            ]},
            {"id": "switch", "type": "action", "title": "Switch it on", "next": "queue"},
            {"id": "queue", "type": "question", "title": "Is the queue empty?", "answers": [
                {"label": "Yes", "to": "fixed"},
                {"label": "No", "to": "vendor"},
                {"label": "Ask again", "to": "power", "go_back": true},
            ]},
            {"id": "fixed", "type": "outcome", "title": "It prints", "outcome": "resolved"},
            {"id": "vendor", "type": "outcome", "title": "Call the vendor", "outcome": "escalate"},
        ]},
    });
    let flow = world.call("create_flow", flow).await;
    world.call("create_session", json!({"flow_id": flow["id"]})).await
}

async fn answer(world: &World, session: &Value, node: &str, answer: &str) -> Value {
    let request = json!({"session_id": session["id"], "node_id": node, "answer": answer});
    world.call("answer_question", request).await
}

#[tokio::test]
async fn answers_lead_from_node_to_node_to_an_outcome() {
    let world = World::new().await;
    let session = printer_tree(&world).await;
    assert_eq!((&session["current_node_id"], &session["status"]), (&json!("power"), &json!("pending")));
    assert_eq!((&session["steps"], &session["steps_total"]), (&json!([]), &json!(5)));
    let switch = answer(&world, &session, "power", "No").await;
    assert_eq!((&switch["current_node_id"], &switch["status"]), (&json!("switch"), &json!("in_progress")));
    // An action is left without an answer.
    let leave = json!({"session_id": session["id"], "node_id": "switch"});
    assert_eq!(world.call("answer_question", leave).await["current_node_id"], "queue");
    assert_eq!(answer(&world, &session, "queue", "Ask again").await["current_node_id"], "power");
    answer(&world, &session, "power", "Yes").await;
    let end = answer(&world, &session, "queue", "No").await;
    assert_eq!((&end["status"], &end["outcome"]), (&json!("completed"), &json!("escalate")));
    assert_eq!(end["current_node_id"], "vendor");
    assert_eq!(each(&end["path"], "node_id"), ["power", "switch", "queue", "power", "queue"]);
    assert_eq!(world.call("get_session", json!({"id": session["id"]})).await, end);
}

#[tokio::test]
async fn a_step_back_takes_the_last_answer_back() {
    let world = World::new().await;
    let session = printer_tree(&world).await;
    let back = json!({"session_id": session["id"]});
    world.refuse("step_back", back.clone(), Conflict, "session_id").await;
    answer(&world, &session, "power", "No").await;
    let again = world.call("step_back", back.clone()).await;
    assert_eq!((&again["current_node_id"], &again["path"]), (&json!("power"), &json!([])));
    answer(&world, &session, "power", "Yes").await;
    answer(&world, &session, "queue", "Yes").await;
    // From the outcome, too, once the session was taken up again.
    world.refuse("step_back", back.clone(), Conflict, "session_id").await;
    let open = world.call("reopen_session", back.clone()).await;
    assert_eq!((&open["outcome"], &open["current_node_id"]), (&Value::Null, &json!("fixed")));
    assert_eq!(world.call("step_back", back).await["current_node_id"], "queue");
    assert_eq!(answer(&world, &session, "queue", "No").await["outcome"], "escalate");
}

#[tokio::test]
async fn a_reopened_session_that_stands_at_its_outcome_can_be_completed() {
    let world = World::new().await;
    let session = printer_tree(&world).await;
    answer(&world, &session, "power", "Yes").await;
    let complete = json!({"session_id": session["id"]});
    world.refuse("complete_session", complete.clone(), Validation, "steps").await;
    answer(&world, &session, "queue", "Yes").await;
    world.call("reopen_session", complete.clone()).await;
    let ended = world.call("complete_session", complete).await;
    assert_eq!((&ended["status"], &ended["outcome"]), (&json!("completed"), &json!("resolved")));
}

#[tokio::test]
async fn only_the_node_the_session_stands_at_takes_one_of_its_answers() {
    let world = World::new().await;
    let session = printer_tree(&world).await;
    let request =
        |node: &str, answer: &str| json!({"session_id": session["id"], "node_id": node, "answer": answer});
    world.refuse("answer_question", request("nowhere", "Yes"), Validation, "node_id").await;
    world.refuse("answer_question", request("queue", "Yes"), Conflict, "node_id").await;
    world.refuse("answer_question", request("power", "Perhaps"), Validation, "answer").await;
    answer(&world, &session, "power", "No").await;
    world.refuse("answer_question", request("switch", "Yes"), Validation, "answer").await;
    let step = json!({"session_id": session["id"], "step_id": "power", "outcome": "done"});
    world.refuse("record_step", step, Validation, "step_id").await;
}
