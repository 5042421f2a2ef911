namespace Luminarys.Skills.Authoring;

/// <summary>Languages that skills are written in.</summary>
public enum SkillLanguage
{
    /// <summary>AssemblyScript: <c>assembly/skill.ts</c> becomes <c>assembly/lib.ts</c>.</summary>
    AssemblyScript,

    /// <summary>Go: the files of the package become <c>main.go</c>.</summary>
    Go,

    /// <summary>Rust: <c>src/skill.rs</c> becomes <c>src/lib.rs</c>.</summary>
    Rust,
}
