//! A target list as it is edited: its lines, and beside them what lines do not show of a target.

use crate::api::as_sentence;
use mf_contract::target_lists::{TargetList, TargetListSummary};
use mf_domain::Invalid;
use mf_domain::ids::TargetListId;
use mf_domain::occurrence::folded;
use mf_domain::targets::{LineError, Target, place_name, to_lines, variables, with_details_of};
use mf_domain::text;
use std::collections::BTreeMap;
use std::rc::Rc;
use yew::AttrValue;

/// What is typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListForm {
    pub name: String,
    pub description: String,
    pub client: String,
    pub site: String,
    pub lines: AttrValue,
    /// The targets the lines were made of.
    before: Rc<[Target]>,
    /// Details that were changed, by the folded label.
    details: BTreeMap<String, Detail>,
}

/// Client, site and variables of one target, as they are typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Detail {
    pub client: String,
    pub site: String,
    /// One `key = value` per line.
    pub variables: String,
}

/// What is wrong with the details of a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongDetail {
    pub label: String,
    /// `client`, `site` or `variables`.
    pub field: &'static str,
}

impl Detail {
    fn of(target: &Target) -> Self {
        Self {
            client: target.client.clone().unwrap_or_default(),
            site: target.site.clone().unwrap_or_default(),
            variables: variables::to_text(&target.variables),
        }
    }

    /// What is wrong with the name of its client or site.
    #[must_use]
    pub fn place_error(&self, field: &str) -> Option<String> {
        let name = if field == "client" { &self.client } else { &self.site };
        place_error(field, name)
    }

    /// The lines of its variables that are wrong.
    #[must_use]
    pub fn variable_errors(&self) -> Vec<LineError> {
        variables::parse(&self.variables).err().unwrap_or_default()
    }

    fn wrong_field(&self) -> Option<&'static str> {
        let places = ["client", "site"].into_iter().find(|field| self.place_error(field).is_some());
        places.or((!self.variable_errors().is_empty()).then_some("variables"))
    }
}

/// What is wrong with the name of a client or site.
#[must_use]
pub fn place_error(field: &str, name: &str) -> Option<String> {
    place_name(field, Some(name))
        .err()
        .map(|invalid| as_sentence(&format!("the {field} {}", invalid.message)))
}

impl ListForm {
    /// The form for a list.
    #[must_use]
    pub fn of(list: &TargetList) -> Self {
        Self {
            name: list.name.clone(),
            description: list.description.clone(),
            client: list.client.clone().unwrap_or_default(),
            site: list.site.clone().unwrap_or_default(),
            lines: to_lines(&list.targets).into(),
            before: list.targets.as_slice().into(),
            details: BTreeMap::new(),
        }
    }

    /// What is wrong with the name.
    #[must_use]
    pub fn name_error(&self) -> Option<String> {
        let checked = text::name("name", &self.name);
        checked.err().map(|invalid: Invalid| as_sentence(&format!("the name {}", invalid.message)))
    }

    /// The details of a target.
    #[must_use]
    pub fn detail(&self, label: &str) -> Detail {
        let identity = folded(label);
        let changed = self.details.get(&identity).cloned();
        changed.unwrap_or_else(|| {
            let before = self.before.iter().find(|target| folded(&target.label) == identity);
            before.map(Detail::of).unwrap_or_default()
        })
    }

    /// Changes the details of a target.
    pub fn set_detail(&mut self, label: &str, detail: Detail) {
        self.details.insert(folded(label), detail);
    }

    /// The targets of the lines with their details; those that are wrong stay as they were.
    #[must_use]
    pub fn targets(&self, typed: &[Target]) -> Vec<Target> {
        let mut targets = with_details_of(typed.to_vec(), &self.before);
        if !self.details.is_empty() {
            for target in &mut targets {
                if let Some(detail) =
                    self.details.get(&folded(&target.label)).filter(|d| d.wrong_field().is_none())
                {
                    let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                    target.client = some(&detail.client);
                    target.site = some(&detail.site);
                    target.variables = variables::parse(&detail.variables).unwrap_or_default();
                }
            }
        }
        targets
    }

    /// The first target in the lines with something wrong in its details.
    #[must_use]
    pub fn wrong_detail(&self, typed: &[Target]) -> Option<WrongDetail> {
        if self.details.is_empty() {
            return None;
        }
        typed.iter().find_map(|target| {
            let field = self.details.get(&folded(&target.label))?.wrong_field()?;
            Some(WrongDetail { label: target.label.clone(), field })
        })
    }
}

/// Changes to lists that are not saved yet: closing a list loses none of them, nor does an answer of the engine.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Unsaved(BTreeMap<TargetListId, ListForm>);

impl Unsaved {
    /// What is typed for a list, where that is not what is stored.
    #[must_use]
    pub fn of(&self, id: TargetListId) -> Option<&ListForm> {
        self.0.get(&id)
    }

    /// With what is typed for a list now; it is no change if that is stored already.
    #[must_use]
    pub fn with(mut self, id: TargetListId, typed: ListForm, stored: Option<&ListForm>) -> Self {
        if stored == Some(&typed) {
            return self.without(id);
        }
        self.0.insert(id, typed);
        self
    }

    /// After the changes to a list were saved or given up.
    #[must_use]
    pub fn without(mut self, id: TargetListId) -> Self {
        self.0.remove(&id);
        self
    }
}

/// What a target carries, in a few words: "Contoso · Rome · 2 variables".
#[must_use]
pub fn carried(target: &Target) -> String {
    let variables = match target.variables.len() {
        0 => None,
        number => Some(super::time::count(number, "variable")),
    };
    let parts: Vec<String> =
        [target.client.clone(), target.site.clone(), variables].into_iter().flatten().collect();
    parts.join(" · ")
}

/// The lists of one client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// `None` for lists without one.
    pub client: Option<String>,
    /// Their places.
    pub lists: Vec<usize>,
}

/// The lists that fit what is searched, by client; those without a client come last.
#[must_use]
pub fn groups(lists: &[TargetListSummary], search: &str) -> Vec<Group> {
    let search = search.trim().to_lowercase();
    let fits = |list: &TargetListSummary| {
        let places = list.client.iter().chain(&list.site);
        let texts = [&list.name, &list.description].into_iter().chain(&list.first_labels).chain(places);
        search.is_empty() || texts.into_iter().any(|text| text.to_lowercase().contains(&search))
    };
    let mut named: BTreeMap<String, Group> = BTreeMap::new();
    let mut unnamed = Vec::new();
    for (place, list) in lists.iter().enumerate().filter(|(_, list)| fits(list)) {
        match &list.client {
            Some(client) => {
                let new = || Group { client: Some(client.clone()), lists: Vec::new() };
                named.entry(folded(client)).or_insert_with(new).lists.push(place);
            }
            None => unnamed.push(place),
        }
    }
    let last = (!unnamed.is_empty()).then_some(Group { client: None, lists: unnamed });
    named.into_values().chain(last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use mf_domain::ids::TargetListId;
    use uuid::Uuid;

    fn target(label: &str, client: Option<&str>) -> Target {
        Target { label: label.to_owned(), client: client.map(str::to_owned), ..Target::default() }
    }

    fn form() -> ListForm {
        ListForm {
            before: vec![target("RDS-01", Some("Contoso")), target("RDS-02", None)].into(),
            ..ListForm::default()
        }
    }

    #[test]
    fn details_are_kept_beside_the_lines() {
        let mut form = form();
        let typed = [target("rds-01", None), target("RDS-03", None)];
        assert_eq!(form.targets(&typed)[0].client.as_deref(), Some("Contoso"));
        assert_eq!(form.detail("RDS-01").client, "Contoso");

        let detail =
            Detail { site: " Rome ".to_owned(), variables: "ip = 10.0.0.3".to_owned(), ..Detail::default() };
        form.set_detail("rds-03", detail);
        form.set_detail("RDS-01", Detail::default());
        let targets = form.targets(&typed);
        assert_eq!((targets[0].client.as_deref(), targets[1].site.as_deref()), (None, Some("Rome")));
        assert_eq!(carried(&targets[1]), "Rome · 1 variable");
        assert_eq!(form.wrong_detail(&typed), None);
    }

    #[test]
    fn what_is_wrong_is_found_and_nothing_typed_is_lost() {
        let mut form = form();
        let typed = [target("RDS-01", None), target("RDS-02", None)];
        let wrong = Detail { variables: "ip 10.0.0.1".to_owned(), ..form.detail("RDS-02") };
        form.set_detail("RDS-02", wrong.clone());
        let found = WrongDetail { label: "RDS-02".to_owned(), field: "variables" };
        assert_eq!(form.wrong_detail(&typed), Some(found));
        assert_eq!(form.detail("rds-02"), wrong);
        assert_eq!(wrong.variable_errors()[0].line, 1);
        // A target that is no longer in the lines keeps nobody from saving.
        assert_eq!(form.wrong_detail(&typed[..1]), None);
        let long = Detail { client: "x".repeat(256), ..Detail::default() };
        assert!(long.place_error("client").unwrap().starts_with("The client has 256 characters"));
    }

    #[test]
    fn what_is_typed_for_a_list_stays_until_it_is_stored_or_given_up() {
        let (id, other) = (TargetListId(Uuid::from_u128(1)), TargetListId(Uuid::from_u128(2)));
        let stored = form();
        let typed = ListForm { name: "Farm".to_owned(), ..stored.clone() };
        let unsaved = Unsaved::default().with(id, typed.clone(), Some(&stored));
        // Another list is edited meanwhile.
        let unsaved = unsaved.with(other, ListForm::default(), None);
        assert_eq!(unsaved.of(id), Some(&typed));
        assert_eq!(unsaved.clone().with(id, stored.clone(), Some(&stored)).of(id), None);
        let unsaved = unsaved.without(id);
        assert_eq!((unsaved.of(id), unsaved.of(other)), (None, Some(&ListForm::default())));
    }

    fn list(name: &str, client: Option<&str>) -> TargetListSummary {
        TargetListSummary {
            id: TargetListId(Uuid::nil()),
            name: name.to_owned(),
            description: String::new(),
            client: client.map(str::to_owned),
            site: None,
            target_count: 1,
            first_labels: vec![format!("{name}-01")],
            last_used_at: None,
            updated_at: DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn lists_are_grouped_by_client_however_it_is_cased() {
        let lists = [
            list("a", None),
            list("b", Some("fabrikam")),
            list("c", Some("Contoso")),
            list("d", Some("CONTOSO")),
        ];
        let found = groups(&lists, "");
        let names: Vec<_> =
            found.iter().map(|group| (group.client.as_deref(), group.lists.as_slice())).collect();
        assert_eq!(names, [(Some("Contoso"), &[2, 3][..]), (Some("fabrikam"), &[1][..]), (None, &[0][..])]);
        assert_eq!(groups(&lists, " FABRI")[0].lists, [1]);
        assert_eq!(groups(&lists, "d-01")[0].lists, [3]);
        assert!(groups(&lists, "nobody").is_empty());
    }
}
