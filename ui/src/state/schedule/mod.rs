//! The schedule dialog's form: what was typed, whether it can be saved, and as what.

use crate::api::capitalised;
use mf_contract::Patch;
use mf_contract::schedules::{CreateSchedule, Schedule, UpdateSchedule};
use mf_domain::ids::{FlowId, ScheduleId, TargetListId};
use mf_domain::intake::Answers;
use mf_domain::recurrence::{CronExpr, Recurrence};

/// A preset that fills the expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    pub label: &'static str,
    pub expression: &'static str,
}

/// The presets, most frequent first.
pub const PRESETS: [Preset; 4] = [
    Preset { label: "Daily", expression: "0 22 * * *" },
    Preset { label: "Weekdays", expression: "0 22 * * 1-5" },
    Preset { label: "Weekly", expression: "0 22 * * 6" },
    Preset { label: "Monthly", expression: "0 22 15 * *" },
];

/// Longest grace, in minutes: a week.
const GRACE_MAX: u32 = 10_080;

/// What stands in the dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScheduleForm {
    pub cron: String,
    pub zone: String,
    pub list: Option<TargetListId>,
    /// Minutes, as typed.
    pub grace: String,
    pub intake: Answers,
}

impl ScheduleForm {
    /// A new schedule, in the viewer's zone.
    #[must_use]
    pub fn new(viewer_zone: String) -> Self {
        Self {
            cron: String::new(),
            zone: viewer_zone,
            list: None,
            grace: "60".to_owned(),
            intake: Answers::new(),
        }
    }

    /// The schedule as it is.
    #[must_use]
    pub fn of(schedule: &Schedule) -> Self {
        let cron = match &schedule.recurrence {
            Recurrence::Cron { expression } => expression.clone(),
            _ => String::new(),
        };
        Self {
            cron,
            zone: schedule.timezone.clone(),
            list: schedule.target_list_id,
            grace: (schedule.grace_seconds / 60).to_string(),
            intake: schedule.intake.clone(),
        }
    }

    /// What is wrong with the expression.
    #[must_use]
    pub fn cron_error(&self) -> Option<String> {
        if self.cron.trim().is_empty() {
            return Some("Say when it runs: choose one above or write a cron expression.".to_owned());
        }
        CronExpr::parse(&self.cron).err().map(|invalid| sentence(&invalid.message))
    }

    /// What is wrong with the zone, given all names there are (none are known while they load).
    #[must_use]
    pub fn zone_error(&self, zones: &[String]) -> Option<String> {
        if self.zone.trim().is_empty() {
            return Some("Choose a time zone.".to_owned());
        }
        let known = zones.is_empty() || zones.iter().any(|zone| zone == self.zone.trim());
        (!known).then(|| format!("There is no time zone named {}.", self.zone.trim()))
    }

    /// What is wrong with the grace.
    #[must_use]
    pub fn grace_error(&self) -> Option<String> {
        let minutes = self.grace.trim().parse::<u32>();
        (!minutes.is_ok_and(|minutes| minutes <= GRACE_MAX))
            .then(|| "Write whole minutes, 0 to 10080.".to_owned())
    }

    fn grace_seconds(&self) -> Option<u32> {
        self.grace.trim().parse::<u32>().ok()?.checked_mul(60)
    }

    /// The rule, once it can be read.
    #[must_use]
    pub fn recurrence(&self) -> Option<Recurrence> {
        let expression = self.cron.trim().to_owned();
        CronExpr::parse(&expression).is_ok().then_some(Recurrence::Cron { expression })
    }

    /// The request that makes it.
    #[must_use]
    pub fn create(&self, flow_id: FlowId, intake: Answers) -> Option<CreateSchedule> {
        Some(CreateSchedule {
            flow_id,
            recurrence: self.recurrence()?,
            timezone: Some(self.zone.trim().to_owned()),
            target_list_id: self.list,
            misfire: None,
            overlap: None,
            grace_seconds: self.grace_seconds(),
            intake,
        })
    }

    /// The request that changes it.
    #[must_use]
    pub fn update(&self, id: ScheduleId, intake: Answers) -> Option<UpdateSchedule> {
        Some(UpdateSchedule {
            recurrence: Some(self.recurrence()?),
            timezone: Some(self.zone.trim().to_owned()),
            target_list_id: self.list.map_or(Patch::Clear, Patch::Set),
            grace_seconds: self.grace_seconds(),
            intake: Some(intake),
            ..unchanged(id)
        })
    }
}

/// An update that changes nothing yet.
#[must_use]
pub fn unchanged(id: ScheduleId) -> UpdateSchedule {
    UpdateSchedule {
        id,
        recurrence: None,
        timezone: None,
        target_list_id: Patch::Keep,
        misfire: None,
        overlap: None,
        grace_seconds: None,
        intake: None,
        is_active: None,
    }
}

/// A rule's message as a sentence.
#[must_use]
pub fn sentence(message: &str) -> String {
    let end = if message.ends_with('.') { "" } else { "." };
    capitalised(message) + end
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn form(cron: &str) -> ScheduleForm {
        ScheduleForm { cron: cron.to_owned(), ..ScheduleForm::new("Europe/Berlin".to_owned()) }
    }

    #[test]
    fn every_preset_can_be_saved() {
        for preset in PRESETS {
            assert_eq!(form(preset.expression).cron_error(), None, "{}", preset.label);
        }
    }

    #[test]
    fn each_field_says_what_is_wrong_with_it() {
        assert!(form("").cron_error().is_some());
        assert!(form("0 0 * * * *").cron_error().is_some());
        assert!(form("0 0 31 2 *").cron_error().is_some());
        let zones = ["Europe/Berlin".to_owned()];
        assert_eq!(form("").zone_error(&zones), None);
        assert_eq!(ScheduleForm::new("Mars/Olympus".into()).zone_error(&[]), None);
        assert!(ScheduleForm::new("Mars/Olympus".into()).zone_error(&zones).is_some());
        let grace = |text: &str| ScheduleForm { grace: text.to_owned(), ..form("") }.grace_error();
        assert_eq!(grace(" 90 "), None);
        assert!(grace("-1").is_some() && grace("10081").is_some() && grace("an hour").is_some());
    }

    #[test]
    fn no_list_is_said_so_on_update() {
        let update = form("0 22 * * *").update(ScheduleId(Uuid::nil()), Answers::new()).unwrap();
        assert_eq!(update.target_list_id, Patch::Clear);
        assert_eq!(update.grace_seconds, Some(3600));
        assert!(form("nonsense").update(ScheduleId(Uuid::nil()), Answers::new()).is_none());
    }
}
