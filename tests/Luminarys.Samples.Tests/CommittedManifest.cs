namespace Luminarys.Samples;

/// <summary>The manifest that a sample is deployed with, for another data directory.</summary>
internal static class CommittedManifest
{
    /// <summary>What the manifest grants, with <c>/data</c> replaced.</summary>
    /// <param name="sample">Name of the sample.</param>
    /// <param name="change">Changes the text, to test what the sample's manifest shows as a comment only.</param>
    public static Func<string, string> Of(string sample, Func<string, string>? change = null) => data =>
    {
        var lines = File.ReadAllLines(new Sample(sample).File("manifest.yaml"))
            .Where(line => !line.StartsWith("id:", StringComparison.Ordinal) && !line.StartsWith("path:", StringComparison.Ordinal));
        var text = string.Join('\n', lines).Replace("/data", data, StringComparison.Ordinal);
        return change?.Invoke(text) ?? text;
    };
}
