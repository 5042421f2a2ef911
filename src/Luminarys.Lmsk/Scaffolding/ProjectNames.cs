using System.Globalization;
using System.Text.RegularExpressions;

namespace Luminarys.Lmsk.Scaffolding;

/// <summary>The names of a new project.</summary>
/// <param name="Name">Name of the skill, of its folder and of its module: lower-case letters, digits and hyphens.</param>
/// <param name="PackageId">Reverse-domain name of the package.</param>
internal sealed partial record ProjectNames(string Name, string PackageId)
{
    private const int MaxName = 64;
    private const int MaxId = 128;

    /// <summary>What is wrong with the names; null when nothing is.</summary>
    public string? FindFault() =>
        Name.Length > MaxName || !NameForm().IsMatch(Name) ? $"'{Name}' is not a name: use a lower-case letter, then lower-case letters, digits or single hyphens, at most {MaxName}"
        : PackageId.Length > MaxId || !IdForm().IsMatch(PackageId) ? $"'{PackageId}' is not a package id: use three or more parts of lower-case letters, digits and hyphens, such as com.example.{Name}"
        : null;

    /// <summary>A template with the names put in.</summary>
    public string Fill(string template) => template
        .Replace("__NAME__", Name, StringComparison.Ordinal)
        .Replace("__ID__", PackageId, StringComparison.Ordinal)
        .Replace("__TITLE__", Title, StringComparison.Ordinal)
        .Replace("__CRATE__", Name.Replace('-', '_'), StringComparison.Ordinal)
        .Replace("__MODULE__", Module, StringComparison.Ordinal);

    private string Title => CultureInfo.InvariantCulture.TextInfo.ToTitleCase(Name.Replace('-', ' '));

    // com.example.tools.words is example.com/tools/words, as Go names modules.
    private string Module
    {
        get
        {
            var parts = PackageId.Split('.');
            return string.Join('/', [$"{parts[1]}.{parts[0]}", .. parts[2..]]);
        }
    }

    [GeneratedRegex(@"\A[a-z][a-z0-9]*(-[a-z0-9]+)*\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*){2,}\z")]
    private static partial Regex IdForm();
}
