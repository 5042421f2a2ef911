using Luminarys.Diagnostics;
using Luminarys.Skills;

namespace Luminarys.Lmsk;

/// <summary>Shows a skill to a person. Texts of the skill are foreign: none of them reaches the terminal as it is.</summary>
internal static class InfoText
{
    private const int MaxText = 2000;

    public static void Write(Inspected inspected, TextWriter output)
    {
        var descriptor = inspected.Descriptor;
        output.WriteLine($"package  {Show(descriptor.Package.ToString())} {Show(descriptor.Version)}");
        WriteField(output, "name", descriptor.Name);
        WriteField(output, "about", descriptor.Description);
        WriteField(output, "sdk", inspected.SdkVersion);
        if (inspected.Package is { } package)
        {
            output.WriteLine($"key id   {package.Key}");
            output.WriteLine($"signed   {package.SignedAt:yyyy-MM-ddTHH:mm:ssZ}");
            output.WriteLine($"file     {inspected.Size} bytes, sha256 {package.FileDigest}");
        }

        output.WriteLine($"module   {inspected.ModuleSize} bytes, sha256 {inspected.ModuleDigest}");
        output.WriteLine();
        output.WriteLine("methods");
        foreach (var method in descriptor.Methods)
        {
            WriteMethod(method, output);
        }

        output.WriteLine();
        output.WriteLine(descriptor.Requirements.Length == 0 ? "needs no permission" : "needs");
        foreach (var requirement in descriptor.Requirements)
        {
            output.WriteLine($"  {Show(string.Join(' ', new[] { requirement.Kind, requirement.Pattern, requirement.Mode }.Where(part => part.Length > 0)))}");
        }

        output.WriteLine();
        output.WriteLine("# for its manifest; grant less where less is enough");
        foreach (var line in PermissionSketch.Write(descriptor.Requirements))
        {
            output.WriteLine(line);
        }
    }

    /// <summary>A foreign text, safe for a terminal.</summary>
    public static string Show(string text) => LogText.Visible(text, MaxText);

    private static void WriteMethod(SkillMethod method, TextWriter output)
    {
        var parameters = method.Parameters.Select(parameter => $"{Show(parameter.Name)}{(parameter.IsRequired ? "" : "?")}: {Inspected.NameOf(parameter)}");
        var mark = method.IsCallback ? " [callback]" : method.IsHidden ? " [internal]" : "";
        output.WriteLine($"  {Show(method.Name)}({string.Join(", ", parameters)}){mark}");
        if (method.Description.Length > 0)
        {
            output.WriteLine($"      {Show(method.Description)}");
        }

        foreach (var parameter in method.Parameters)
        {
            var allowed = parameter.AllowedValues.Length > 0 ? $", one of {string.Join(" | ", parameter.AllowedValues.Select(Show))}" : "";
            var standard = parameter.DefaultJson is { } value ? $", default {Show(value)}" : "";
            var example = parameter.ExampleJson is { } sample ? $", for example {Show(sample)}" : "";
            output.WriteLine($"      {Show(parameter.Name)}: {Show(parameter.Description)}{allowed}{standard}{example}");
        }
    }

    private static void WriteField(TextWriter output, string name, string value)
    {
        if (value.Length > 0)
        {
            output.WriteLine($"{name,-8} {Show(value)}");
        }
    }
}
