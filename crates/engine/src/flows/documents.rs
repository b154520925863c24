//! Flows as documents: runbooks in Markdown, and the JSON this program writes.

use super::{Content, require};
use crate::engine::Engine;
use crate::error::EngineError;
use mf_contract::Handle;
use mf_contract::flows::*;
use mf_domain::Invalid;
use mf_domain::flow::{FlowType, Structure, markdown};
use mf_domain::intake::IntakeForm;
use serde::{Deserialize, Serialize};

impl Handle<ImportFlowMarkdown> for Engine {
    async fn handle(&self, request: ImportFlowMarkdown) -> Result<Flow, EngineError> {
        let imported = markdown::import(&request.markdown, request.flow_type)?;
        self.create_flow(Content {
            name: imported.name,
            description: imported.description,
            flow_type: request.flow_type,
            structure: imported.structure,
            intake_form: imported.intake_form,
        })
        .await
    }
}

impl Handle<PreviewFlowMarkdown> for Engine {
    async fn handle(&self, request: PreviewFlowMarkdown) -> Result<RunbookPreview, EngineError> {
        let imported = markdown::import(&request.markdown, request.flow_type)?;
        Ok(RunbookPreview { name: imported.name, step_count: count(&imported.structure) })
    }
}

fn count(structure: &Structure) -> u32 {
    u32::try_from(structure.step_count()).unwrap_or(u32::MAX)
}

/// A flow as a JSON document.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FlowDocument {
    format: String,
    name: String,
    #[serde(default)]
    description: String,
    flow_type: FlowType,
    structure: Structure,
    #[serde(default)]
    intake_form: IntakeForm,
}

const DOCUMENT_FORMAT: &str = "maintenance-flows.flow.1";

/// Reads a document as the flow it would make.
fn document(json: &str) -> Result<Content, Invalid> {
    let document: FlowDocument = serde_json::from_str(json)
        .map_err(|error| Invalid::new("json", format!("is not an exported flow: {error}")))?;
    if document.format != DOCUMENT_FORMAT {
        let message = format!("has the format {:?}; this release reads {DOCUMENT_FORMAT:?}", document.format);
        return Err(Invalid::new("json", message));
    }
    let FlowDocument { name, description, flow_type, structure, intake_form, .. } = document;
    Content { name, description, flow_type, structure, intake_form }.validated()
}

impl Handle<ImportFlowJson> for Engine {
    async fn handle(&self, request: ImportFlowJson) -> Result<Flow, EngineError> {
        self.create_flow(document(&request.json)?).await
    }
}

impl Handle<PreviewFlowJson> for Engine {
    async fn handle(&self, request: PreviewFlowJson) -> Result<FlowPreview, EngineError> {
        let Content { name, flow_type, structure, .. } = document(&request.json)?;
        Ok(FlowPreview { name, flow_type, step_count: count(&structure) })
    }
}

impl Handle<ExportFlow> for Engine {
    async fn handle(&self, request: ExportFlow) -> Result<ExportedFlow, EngineError> {
        let revision = require(&mut *self.read().await?, request.id, "id").await?.revision;
        let (extension, content) = match request.format {
            ExportFormat::Markdown => {
                let (structure, form) = (&revision.structure, &revision.intake_form);
                let text = markdown::export(
                    &revision.name,
                    &revision.description,
                    structure,
                    form,
                    revision.flow_type,
                );
                ("md", text)
            }
            ExportFormat::Json => {
                let document = FlowDocument {
                    format: DOCUMENT_FORMAT.to_owned(),
                    name: revision.name.clone(),
                    description: revision.description,
                    flow_type: revision.flow_type,
                    structure: revision.structure,
                    intake_form: revision.intake_form,
                };
                let text = serde_json::to_string_pretty(&document)
                    .map_err(|_| mf_store::StoreError::Unreadable { column: "structure" })?;
                ("json", text)
            }
        };
        Ok(ExportedFlow { file_name: format!("{}.{extension}", file_stem(&revision.name)), content })
    }
}

/// A file name that every system accepts, from a flow's name.
pub(crate) fn file_stem(name: &str) -> String {
    let words: Vec<String> = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect();
    let stem: String = words.join("-").chars().take(80).collect();
    if stem.is_empty() { "flow".to_owned() } else { stem }
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn a_file_name_is_accepted_everywhere() {
        assert_eq!(file_stem("Citrix VDA: patching / reboot?"), "citrix-vda-patching-reboot");
        assert_eq!(file_stem("../.."), "flow");
        assert_eq!(file_stem("Größe 2"), "größe-2");
    }
}
