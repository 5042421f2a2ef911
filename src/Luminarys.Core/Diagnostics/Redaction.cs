using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Luminarys.Manifests;

namespace Luminarys.Diagnostics;

/// <summary>
/// Takes secret values out of texts, also where they are encoded as base64, in a URL or in JSON. Linear in the text; immutable and thread-safe.
/// </summary>
public sealed class Redaction
{
    private const string Mask = "***";
    private const int MinGuessed = 8;
    private static readonly string[] s_secretWords = ["KEY", "TOKEN", "SECRET", "PASS", "PWD", "CREDENTIAL", "AUTH"];

    // The longest first: where several begin at one place, it wins.
    private readonly ImmutableArray<string> _forms;
    private readonly SearchValues<string> _search;

    /// <summary>Prepares for these values; empty ones are left out.</summary>
    public Redaction(IEnumerable<string> secrets)
    {
        ArgumentNullException.ThrowIfNull(secrets);
        _forms = [.. secrets.Where(secret => secret.Length > 0).SelectMany(SecretForms.Of).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];
        _search = SearchValues.Create([.. _forms], StringComparison.Ordinal);
    }

    /// <summary>Hides nothing.</summary>
    public static Redaction None { get; } = new([]);

    /// <summary>Values of a manifest that it marks as secret, and those of at least 8 characters under a name that says so, such as <c>API_KEY</c>.</summary>
    public static Redaction Of(Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        return new(manifest.Permissions.Environment
            .Where(variable => manifest.Secrets.Contains(variable.Key) || (variable.Value.Length >= MinGuessed && LooksSecret(variable.Key)))
            .Select(variable => variable.Value));
    }

    /// <summary>Whether the name of a variable says that its value is secret.</summary>
    public static bool LooksSecret(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Exists(s_secretWords, word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The text with <c>***</c> for every secret; the same object when there is none.</summary>
    public string Apply(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var next = Find(text, 0);
        if (next < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length);
        var taken = 0;
        while (next >= 0)
        {
            clean.Append(text, taken, next - taken).Append(Mask);
            taken = next + LengthAt(text, next);

            // Secrets may overlap: the second is hidden as well, not left in half.
            for (next = Find(text, next + 1); next >= 0 && next < taken; next = Find(text, next + 1))
            {
                taken = Math.Max(taken, next + LengthAt(text, next));
            }
        }

        return clean.Append(text, taken, text.Length - taken).ToString();
    }

    private int Find(string text, int start) => text.AsSpan(start).IndexOfAny(_search) is var at and >= 0 ? start + at : -1;

    private int LengthAt(string text, int start)
    {
        foreach (var form in _forms)
        {
            if (text.AsSpan(start).StartsWith(form, StringComparison.Ordinal))
            {
                return form.Length;
            }
        }

        return 1;
    }
}
