//! The column names a file of targets may have.
//!
//! In each of these products a person chooses the columns of a list before exporting it. A preset is therefore no fixed
//! header, but the names each thing may have, best first; names are compared by their letters and digits alone
//! ([`plain`]), and behind a product's own names come those any table may have. A file that no preset tells is mapped by
//! what its names say, or by hand.
//!
//! None of these products documents the header of its exported lists in public, and no file of theirs is among the tests.
//! What the names rest on:
//!
//! - ConnectWise PSA: two field mappings of other products list the fields of its configurations, among them "Name",
//!   "Tag Number", "Configuration Type", "Configuration Status", "Site", "OS Type", "IP Address" and "Serial Number"
//!   (help.itboost.com/en/articles/2128561, kb.itglue.com/hc/en-us/articles/211068988, which has "Configuration Name",
//!   too). That an export's columns are called so is assumed.
//! - Kaseya VSA: its glossary names a computer by machine ID / group ID / organization ID (help.kaseya.com,
//!   WebHelp/EN/KDIS/9000000/90.htm). That columns are called after these terms is assumed.
//! - HaloPSA: its interface for programs has `inventory_number`, `key_field`, `client_name`, `site_name`,
//!   `assettype_name` and `notes` for an asset (the template of an asset in the PowerShell module HaloAPI). That exported
//!   lists use them is assumed. So is everything with "Asset" in it.
//! - NinjaOne, Datto RMM, ConnectWise Automate: assumed altogether, from what the products call these things. Assumed,
//!   too, is that a site of Datto RMM is a customer.

use super::{Mapping, Preset};

/// The names that the columns of one product may have, beside those any table may have.
struct Names {
    label: &'static [&'static str],
    notes: &'static [&'static str],
    client: &'static [&'static str],
    site: &'static [&'static str],
    variables: &'static [(&'static str, &'static [&'static str])],
    /// Names only this product uses. A file must have one of these to be told as its export, …
    own: &'static [&'static str],
    /// … and two of these and those together.
    usual: &'static [&'static str],
}

const LABEL: &[&str] = &[
    "label",
    "target",
    "target name",
    "name",
    "hostname",
    "host",
    "computer name",
    "computer",
    "device name",
    "device",
    "device hostname",
    "machine name",
    "machine",
    "server name",
    "server",
    "system name",
    "system",
    "display name",
    "asset name",
    "endpoint name",
    "endpoint",
    "agent name",
    "dns name",
    "fqdn",
];
const NOTES: &[&str] =
    &["notes", "note", "remark", "remarks", "comment", "comments", "description", "device description"];
const CLIENT: &[&str] = &[
    "client",
    "client name",
    "customer",
    "customer name",
    "company",
    "company name",
    "organization",
    "organization name",
    "organisation",
    "organisation name",
    "org name",
    "org",
    "account name",
    "account",
    "tenant name",
    "tenant",
];
const SITE: &[&str] = &["site", "site name", "location", "location name", "office", "branch"];
const IP: &[&str] = &[
    "ip address",
    "ip addresses",
    "ip",
    "ipv4 address",
    "ipv4",
    "local ip address",
    "internal ip address",
    "private ip address",
    "primary ip address",
];
const SERIAL: &[&str] = &["serial number", "serial", "serial no", "bios serial number"];
const SYSTEM: &[&str] = &["os name", "operating system", "os", "os type", "os version"];

impl Preset {
    fn names(self) -> Names {
        match self {
            Self::NinjaOne => Names {
                label: &["display name", "device name", "system name", "dns name"],
                notes: &[],
                client: &["organization", "organization name"],
                site: &["location", "location name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                own: &[
                    "display name",
                    "system name",
                    "device role",
                    "node class",
                    "last loggedin user",
                    "last logged in user",
                ],
                usual: &["organization", "organization name", "location", "location name"],
            },
            Self::DattoRmm => Names {
                label: &["hostname", "device hostname", "device name"],
                notes: &["description", "device description"],
                // A column that says it is the client's is believed first.
                client: &[
                    "client",
                    "client name",
                    "customer",
                    "customer name",
                    "company",
                    "site",
                    "site name",
                ],
                site: &[],
                variables: &[
                    ("ip", &["int ip address", "int ip addr", "int ip", "internal ip", "lan ip"]),
                    ("os", SYSTEM),
                    ("serial", SERIAL),
                ],
                own: &["int ip address", "int ip addr", "ext ip address", "ext ip addr"],
                usual: &["hostname", "device hostname", "site", "site name"],
            },
            Self::ConnectWiseAutomate => Names {
                label: &["computer name", "agent name", "computer"],
                notes: &["comment", "comments"],
                client: &["client name", "client"],
                site: &["location name", "location"],
                variables: &[
                    ("ip", &["ip address", "local address", "local ip address"]),
                    ("os", SYSTEM),
                    ("serial", SERIAL),
                ],
                own: &["local address", "computer id", "agent name"],
                usual: &["computer name", "client name", "location name"],
            },
            Self::ConnectWisePsa => Names {
                label: &["configuration name", "config name", "device identifier", "name"],
                notes: &[],
                client: &["company", "company name"],
                site: &["site", "site name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL), ("tag", &["tag number"])],
                own: &[
                    "configuration name",
                    "config name",
                    "configuration type",
                    "configuration status",
                    "device identifier",
                ],
                usual: &["company", "company name", "tag number"],
            },
            Self::KaseyaVsa => Names {
                label: &["machine id", "machine name", "machine.group id", "agent name", "computer name"],
                notes: &["admin notes"],
                client: &[
                    "organization",
                    "organization name",
                    "org name",
                    "org id",
                    "organization id",
                    "group id",
                    "machine group",
                ],
                site: &[],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                own: &["machine id", "machine.group id", "machine group", "group id", "agent guid"],
                usual: &["machine name", "org id", "organization id", "org name"],
            },
            Self::HaloPsa => Names {
                label: &["asset tag", "inventory number", "key field", "asset name"],
                notes: &["asset notes"],
                client: &["client", "client name", "customer"],
                site: &["site", "site name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                own: &["inventory number", "key field", "assettype name", "asset group"],
                usual: &["asset tag", "asset type", "client name", "site name"],
            },
        }
    }

    /// The mapping for a file with these columns; `None` when no column can be the name.
    pub(super) fn mapping(self, columns: &[String]) -> Option<Mapping> {
        let names = self.names();
        let label = find(columns, &[names.label, LABEL], &[])?;
        let client = find(columns, &[names.client, CLIENT], &[&label]);
        let taken: Vec<&str> = std::iter::once(label.as_str()).chain(client.as_deref()).collect();
        let site = find(columns, &[names.site, SITE], &taken);
        let variable = |common: &[&'static str], wanted| find(columns, &[wanted, common], &[&label]);
        let variables = names
            .variables
            .iter()
            .filter_map(|(key, wanted)| {
                let common = if *key == "ip" { IP } else { &[] };
                Some(((*key).to_owned(), variable(common, wanted)?))
            })
            .collect::<std::collections::BTreeMap<_, _>>();
        let notes = find(columns, &[names.notes, NOTES], &taken).or_else(|| variables.get("ip").cloned());
        Some(Mapping { notes, client, site, variables, label })
    }

    /// The product these columns are most likely of; `None` when two are as likely, or none has enough of its own.
    pub(super) fn of(columns: &[String]) -> Option<Self> {
        let held: Vec<String> = columns.iter().map(|column| plain(column)).collect();
        let count = |names: &[&str]| {
            held.iter().filter(|column| names.iter().any(|name| plain(name) == **column)).count()
        };
        let mut likely: Vec<(usize, Self)> = Self::ALL
            .into_iter()
            .filter_map(|preset| {
                let names = preset.names();
                let (own, usual) = (count(names.own), count(names.usual));
                (own > 0 && own + usual >= 2 && preset.mapping(columns).is_some())
                    .then_some((own + usual, preset))
            })
            .collect();
        likely.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        match likely.as_slice() {
            [(first, preset), rest @ ..] if rest.first().is_none_or(|(next, _)| next < first) => {
                Some(*preset)
            }
            _ => None,
        }
    }
}

/// The mapping for a file of no known product. The first column holds the names when none says that it does.
pub(super) fn general(columns: &[String]) -> (Mapping, Found) {
    // Names of the known products that no other table would use, last.
    const BEYOND: &[&str] =
        &["configuration name", "config name", "machine id", "asset tag", "inventory number"];
    let named = find(columns, &[LABEL, BEYOND], &[]);
    let found = if named.is_some() { Found::ByName } else { Found::First };
    let label = named.or_else(|| columns.first().cloned()).unwrap_or_default();
    let free = |wanted: &[&str]| find(columns, &[wanted], &[&label]);
    let mapping = Mapping {
        notes: free(NOTES).or_else(|| free(&["address"])),
        client: free(CLIENT),
        site: free(SITE),
        variables: free(IP).map(|column| ("ip".to_owned(), column)).into_iter().collect(),
        label,
    };
    (mapping, found)
}

/// How the column of the names was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    ByName,
    /// For want of a better one.
    First,
}

/// The first of the wanted names that is there, but for the columns that are taken.
fn find(columns: &[String], wanted: &[&[&str]], taken: &[&str]) -> Option<String> {
    let free = || columns.iter().filter(|column| !taken.contains(&column.as_str()));
    wanted
        .iter()
        .copied()
        .flatten()
        .find_map(|name| free().find(|column| plain(column) == plain(name)))
        .cloned()
}

/// A column's name as names are compared: its letters and digits, however they are cased, spaced or joined.
fn plain(column: &str) -> String {
    column.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}
