using System.Text;
using CsCheck;

namespace Luminarys.Manifests.Tests;

public sealed class HostileInputTests : IDisposable
{
    private const int Cases = 10_000;

    private static readonly byte[][] Seeds =
    [
        .. Directory.EnumerateFiles(Fixtures.Directory, "*.yaml", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static readonly byte[][] Splices = [.. new[]
    {
        "&a ", "*a", "[", "]", "{", "}", "- ", ": ", "? ", "\n", "\r\n", "\t", "|", ">", "!!str ", "!", "%YAML 1.1\n", "---\n", "...\n", "<<: *a\n",
        "${AUTH_TOKEN}", "${UNSET:-", "${UNSET:?x}", "\"", "'", "\\", "\\U00110000", "\0", "\u0085", "\u2028", "\uFEFF", "~", "null", "#",
        "%TAG ! tag:x,2000:\n", "!<x>", "\ud83d\ude00",
    }.Select(Encoding.UTF8.GetBytes), [0xFF], [0xC3], [0xED, 0xA0, 0x80]];

    private readonly TemporaryDirectory _directory = new();

    [Fact]
    public void Read_RandomBytes_NeverThrows() => Gen.Byte.Array[0, 200].Sample(ReadBoth, iter: Cases, threads: 1);

    [Fact]
    public void Read_RandomYamlText_NeverThrows() =>
        Gen.OneOf(Gen.OneOf(Splices), Gen.String[Gen.Char["abc: -[]{}&*!|>'\"%@`,?#\n $"], 0, 8].Select(Encoding.UTF8.GetBytes))
            .Array[0, 30]
            .Select(parts => parts.SelectMany(part => part).ToArray())
            .Sample(ReadBoth, iter: Cases, threads: 1);

    [Fact]
    public void Read_MutatedFixtures_NeverThrows() =>
        Gen.Select(Gen.OneOf(Seeds), Gen.Select(Gen.Int[0, 1 << 20], Gen.Int[0, 20], Gen.OneOf(Splices)).Array[1, 6], Mutate)
            .Sample(ReadBoth, iter: Cases, threads: 1);

    public void Dispose() => _directory.Dispose();

    private static byte[] Mutate(byte[] seed, (int Position, int Length, byte[] Splice)[] changes)
    {
        var bytes = seed.ToList();
        foreach (var (position, length, splice) in changes)
        {
            var at = bytes.Count == 0 ? 0 : position % bytes.Count;
            bytes.RemoveRange(at, Math.Min(length, bytes.Count - at));
            bytes.InsertRange(at, splice);
        }

        return [.. bytes];
    }

    private void ReadBoth(byte[] bytes)
    {
        var file = Path.Combine(_directory.FullPath, "file.yaml");
        File.WriteAllBytes(file, bytes);
        var host = new HostConfigurationReader(Fixtures.Directory, Fixtures.Variables).Read(file);
        var skill = new ManifestReader(Fixtures.Directory, Fixtures.Variables).Read(file);
        Assert.Equal(host.Problems.Any(p => p.Severity == ConfigurationSeverity.Error), host.Configuration is null);
        Assert.Equal(skill.Problems.Any(p => p.Severity == ConfigurationSeverity.Error), skill.Manifest is null);
        Assert.All(host.Problems.Concat(skill.Problems), problem =>
            Assert.DoesNotContain(Fixtures.Token, problem.ToString(), StringComparison.Ordinal));
    }
}
