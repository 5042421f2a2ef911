using System.Text;
using Luminarys.Skills;
using Luminarys.Skills.Descriptors;
using Wasmtime;

namespace Luminarys.Lmsk.Tests;

/// <summary>Modules that say of themselves what a test wants.</summary>
internal static class Modules
{
    public static SkillDescriptor Echo { get; } = new(
        new PackageId("com.example.echo"),
        "Echo",
        "1.2.3",
        "Repeats what it hears.",
        [
            new(
                "echo",
                "Repeats a text.",
                [
                    new("text", ParameterType.String, "What to repeat", true, [], null, null, "\"hello\""),
                    new("times", ParameterType.Integer, "How often", false, [], null, "1"),
                    new("case", ParameterType.String, "Letters", false, ["upper", "lower"]),
                    new("tags", ParameterType.Array, "Labels", false, [], new("", ParameterType.String, "", false, [])),
                ]),
            new("on_event", "Hears.", [], IsHidden: true, IsCallback: true),
            new("secret", "Whispers.", [], IsHidden: true),
        ],
        [],
        (1 << 16) | (2 << 8) | 3);

    /// <summary>A module that describes itself so. It can do nothing else.</summary>
    public static byte[] Of(SkillDescriptor descriptor) => Of(CanonicalDescriptor.Write(descriptor));

    /// <summary>A module that answers these bytes when it is asked what it is.</summary>
    public static byte[] Of(byte[] bytes)
    {
        var data = new StringBuilder();
        foreach (var value in bytes)
        {
            data.Append(System.Globalization.CultureInfo.InvariantCulture, $"\\{value:x2}");
        }

        return Module.ConvertText($"""
            (module
              (memory (export "memory") 2)
              (data (i32.const 0x100) "{data}")
              (func (export "skill_alloc") (param i32) (result i32) (i32.const 0x10000))
              (func (export "skill_free") (param i32))
              (func (export "skill_handle") (param i32 i32) (result i64) (i64.const 0))
              (func (export "skill_describe") (result i64) (i64.const 0x00000100{bytes.Length:x8})))
            """);
    }

    /// <summary>A module of the shared guests, made from its text.</summary>
    public static byte[] Asset(string name) => Module.ConvertText(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "assets", $"{name}.wat")));

    /// <summary>A skill compiled from real sources.</summary>
    public static string Guest(string language) => Path.Combine(AppContext.BaseDirectory, "assets", "guests", $"conformance-{language}.wasm");
}
