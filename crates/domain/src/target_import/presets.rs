//! The column names of the exports people have.
//!
//! In each of these products a person chooses the columns of a list before exporting it, and the header holds the names
//! of the columns as the product shows them (or, from its interface for programs, as that calls them). So a preset is no
//! fixed header, but the names each thing may have, best first. Where they come from:
//!
//! - NinjaOne: device fields "Display Name", "System Name", "Organization", "Location" (ninjaone.com/docs, the devices
//!   grid; public API v2 `displayName`, `systemName`, `organizationName`, `locationName`).
//! - Datto RMM: device list "Hostname", "Description", "Site", "Int IP Address" (rmm.datto.com/help, Devices; API v2
//!   `hostname`, `siteName`, `intIpAddress`). A site of Datto RMM is a customer.
//! - ConnectWise Automate: dataviews "Computer Name", "Client Name", "Location Name" (its computers have `ComputerName`,
//!   `Client`, `Location`; docs.connectwise.com, Automate dataviews and API).
//! - ConnectWise PSA: configurations "Configuration Name", "Company", "Site", "Tag Number" (docs.connectwise.com,
//!   Configurations; the field lists of help.itboost.com/en/articles/2128561).
//! - Kaseya VSA: "Machine ID", "Machine.Group ID" (help.vsa9.kaseya.com: machine ID / group ID / organization ID).
//! - HaloPSA: "Asset Tag" or the API's names, which its spreadsheets take as header (halopsa.com/guides, "Importing
//!   Additional Fields via CSV": `inventory_number`, `key_field`, `client_name`, `site_name`).

use super::{Mapping, Preset};

/// The names the columns of one product may have, compared by [`plain`].
struct Names {
    label: &'static [&'static str],
    notes: &'static [&'static str],
    client: &'static [&'static str],
    site: &'static [&'static str],
    variables: &'static [(&'static str, &'static [&'static str])],
    /// At least so many of these must be there for the file to be told as this product's.
    telling: &'static [&'static str],
}

const IP: &[&str] = &["ip address", "ip addresses", "ipaddress", "ip"];
const SERIAL: &[&str] = &["serial number", "serialnumber", "serial", "bios serial number"];
const SYSTEM: &[&str] = &["os name", "operating system", "os", "osname", "os type"];

impl Preset {
    fn names(self) -> Names {
        match self {
            Self::NinjaOne => Names {
                label: &[
                    "display name",
                    "displayname",
                    "device name",
                    "system name",
                    "systemname",
                    "dns name",
                ],
                notes: &["notes", "description", "ip address", "ip addresses"],
                client: &["organization", "organization name", "organizationname"],
                site: &["location", "location name", "locationname"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                telling: &[
                    "display name",
                    "displayname",
                    "system name",
                    "systemname",
                    "organization",
                    "organizationname",
                    "device role",
                    "node class",
                    "nodeclass",
                    "last loggedin user",
                ],
            },
            Self::DattoRmm => Names {
                label: &["hostname", "device hostname", "device name"],
                notes: &["description", "device description", "int ip address", "int ip addr"],
                client: &["site", "site name", "sitename"],
                site: &[],
                variables: &[
                    ("ip", &["int ip address", "int ip addr", "intipaddress", "internal ip"]),
                    ("os", SYSTEM),
                    ("serial", SERIAL),
                ],
                telling: &[
                    "hostname",
                    "device hostname",
                    "site",
                    "site name",
                    "sitename",
                    "int ip address",
                    "int ip addr",
                    "intipaddress",
                    "ext ip address",
                    "ext ip addr",
                    "extipaddress",
                ],
            },
            Self::ConnectWiseAutomate => Names {
                label: &["computer name", "computername", "agent name", "computer"],
                notes: &["comment", "comments", "ip address", "local address", "localipaddress"],
                client: &["client name", "clientname", "client"],
                site: &["location name", "locationname", "location"],
                variables: &[
                    ("ip", &["ip address", "local address", "localipaddress", "local ip address"]),
                    ("os", SYSTEM),
                    ("serial", SERIAL),
                ],
                telling: &[
                    "computer name",
                    "computername",
                    "agent name",
                    "client name",
                    "clientname",
                    "location name",
                    "locationname",
                    "computer id",
                    "computerid",
                ],
            },
            Self::ConnectWisePsa => Names {
                label: &["configuration name", "config name", "device identifier", "name"],
                notes: &["notes", "ip address", "tag number"],
                client: &["company", "company name"],
                site: &["site", "site name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL), ("tag", &["tag number"])],
                telling: &[
                    "configuration name",
                    "config name",
                    "configuration type",
                    "configuration status",
                    "company",
                    "company name",
                    "tag number",
                    "device identifier",
                ],
            },
            Self::KaseyaVsa => Names {
                label: &["machine id", "machine name", "machine.group id", "agent name", "computer name"],
                notes: &["ip address", "admin notes"],
                client: &[
                    "organization",
                    "organization name",
                    "org name",
                    "org id",
                    "group id",
                    "machine group",
                ],
                site: &["site", "site name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                telling: &[
                    "machine id",
                    "machine.group id",
                    "machine name",
                    "group id",
                    "machine group",
                    "org id",
                    "org name",
                    "agent guid",
                    "agentguid",
                ],
            },
            Self::HaloPsa => Names {
                label: &[
                    "asset tag",
                    "inventory_number",
                    "inventory number",
                    "key field",
                    "key_field",
                    "asset name",
                ],
                notes: &["notes", "asset notes", "description"],
                client: &["client", "client name", "client_name", "customer"],
                site: &["site", "site name", "site_name"],
                variables: &[("ip", IP), ("os", SYSTEM), ("serial", SERIAL)],
                telling: &[
                    "asset tag",
                    "asset type",
                    "assettype_name",
                    "asset group",
                    "inventory_number",
                    "inventory number",
                    "key field",
                    "key_field",
                    "client_name",
                ],
            },
        }
    }

    /// The mapping for a file with these columns; `None` when no column can be the name.
    pub(super) fn mapping(self, columns: &[String]) -> Option<Mapping> {
        let names = self.names();
        let label = find(columns, names.label)?;
        let free = |wanted| find(columns, wanted).filter(|column| *column != label);
        let variables = names
            .variables
            .iter()
            .filter_map(|(key, wanted)| Some(((*key).to_owned(), free(wanted)?)))
            .collect();
        let (notes, client, site) = (free(names.notes), free(names.client), free(names.site));
        Some(Mapping { notes, client, site, variables, label })
    }

    /// The product these columns are most likely of; `None` when two are as likely, or none has enough of its own.
    pub(super) fn of(columns: &[String]) -> Option<Self> {
        let held: Vec<String> = columns.iter().map(|column| plain(column)).collect();
        let score = |preset: &Self| {
            let telling = preset.names().telling.iter();
            telling.filter(|name| held.iter().any(|column| column == *name)).count()
        };
        let mut likely: Vec<(usize, Self)> =
            Self::ALL.into_iter().filter(|p| p.mapping(columns).is_some()).map(|p| (score(&p), p)).collect();
        likely.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
        match likely.as_slice() {
            [(first, preset), rest @ ..]
                if *first >= 2 && rest.first().is_none_or(|(next, _)| next < first) =>
            {
                Some(*preset)
            }
            _ => None,
        }
    }
}

/// The mapping for a file of no known product. The first column holds the names when none says that it does.
pub(super) fn general(columns: &[String]) -> (Mapping, Found) {
    const LABEL: &[&str] = &[
        "label",
        "target",
        "name",
        "hostname",
        "host name",
        "host",
        "computer name",
        "computername",
        "computer",
        "device name",
        "device",
        "machine",
        "machine name",
        "server",
        "servername",
        "server name",
        "system",
    ];
    let named = find(columns, LABEL);
    let found = if named.is_some() { Found::ByName } else { Found::First };
    let label = named.or_else(|| columns.first().cloned()).unwrap_or_default();
    let free = |wanted: &[&str]| find(columns, wanted).filter(|column| *column != label);
    let mapping = Mapping {
        notes: free(&["notes", "note", "remark", "remarks", "comment", "comments", "description", "address"]),
        client: free(&["client", "client name", "customer", "customer name", "company", "organization"]),
        site: free(&["site", "site name", "location", "office", "branch"]),
        variables: [("ip", IP)]
            .into_iter()
            .filter_map(|(key, wanted)| Some((key.to_owned(), free(wanted)?)))
            .collect(),
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

fn find(columns: &[String], wanted: &[&str]) -> Option<String> {
    wanted.iter().find_map(|name| columns.iter().find(|column| plain(column) == *name)).cloned()
}

/// A column's name as names are compared.
fn plain(column: &str) -> String {
    column.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}
