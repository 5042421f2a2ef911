//! @skill:id      __ID__
//! @skill:name    "__TITLE__"
//! @skill:version 0.1.0
//! @skill:desc    "Greets people."

use luminarys_sdk::prelude::*;

/// Says hello.
///
/// @skill:method greet "Say hello to somebody, once or more often."
/// @skill:param  name  required "Who is greeted" example:Ada
/// @skill:param  times optional "How often" default:1
/// @skill:result "One greeting a line"
pub fn greet(_ctx: &mut Context, name: String, times: i64) -> Result<String, SkillError> {
    let lines: Vec<String> = (0..times).map(|_| format!("Hello, {name}!")).collect();
    Ok(lines.join("\n"))
}
