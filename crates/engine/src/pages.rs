//! Limits of paged lists.

use mf_domain::Invalid;

/// The size of a page: `asked`, else `default`.
pub(crate) fn size(asked: Option<u32>, default: u32, max: u32) -> Result<u32, Invalid> {
    match asked {
        None => Ok(default),
        Some(limit) if (1..=max).contains(&limit) => Ok(limit),
        Some(limit) => Err(Invalid::new("limit", format!("is {limit}; it must be 1 to {max}"))),
    }
}
