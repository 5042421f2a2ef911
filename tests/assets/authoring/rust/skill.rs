//! Every kind of parameter and result.
//!
//! @skill:id      com.example.all
//! @skill:name    "All kinds"
//! @skill:version 1.2.3
//! @skill:desc    "One method of each form."
//! @skill:require env API_KEY
//! @skill:require llm

use luminarys_sdk::prelude::*;

/// Answers.
///
/// @skill:method ping "Answer."
pub fn ping() -> String {
    "pong".to_string()
}

/// @skill:method find "Find something."
/// @skill:param  ref   required "Where"
/// @skill:param  limit optional "How many" default:10
/// @skill:param  depth optional "How deep"
/// @skill:param  name  optional "What" default:"a"
pub fn find<'a>(
    ctx: &mut Context,
    r#ref: String,
    limit: u32,
    depth: Option<i32>,
    name: String,
) -> Result<String, SkillError> {
    let _ = ctx;
    Ok(format!("{ref} {limit} {depth:?} {name}", r#ref = r#ref))
}

/// @skill:method mix "Take one of each."
/// @skill:param  ratio "A share" default:0.5
/// @skill:param  flag  "Yes or no"
/// @skill:param  bytes "Some bytes"
/// @skill:param  names "Names"
/// @skill:param  ids   "Numbers"
#[inline]
pub fn mix(_ctx: &luminarys_sdk::Context, ratio: f32, flag: bool, bytes: Vec<u8>, names: Vec<String>, ids: Vec<i64>) -> Result<Vec<u8>, SkillError> {
    let _ = (ratio, flag, names, ids);
    Ok(bytes)
}

/// @skill:method forget "Return nothing."
/// @skill:internal
pub fn forget() -> Result<(), SkillError> {
    Ok(())
}

/// @skill:method on_data "Data of a connection."
/// @skill:callback
pub fn on_data(_ctx: &mut Context, payload: Vec<u8>) -> Result<(), SkillError> {
    let _ = payload;
    Ok(())
}
