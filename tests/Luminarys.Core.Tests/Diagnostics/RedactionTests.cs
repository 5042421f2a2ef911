using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Luminarys.Diagnostics;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Diagnostics;

public sealed class RedactionTests
{
    private const string Secret = "s3cr3t/+ \"ä\" value";
    private static readonly Redaction s_redaction = new([Secret, "another-one"]);

    [Fact]
    public void O1_Apply_HidesTheSecretInEveryForm()
    {
        var bytes = Encoding.UTF8.GetBytes(Secret);
        string[] forms =
        [
            Secret,
            Convert.ToBase64String(bytes),
            Convert.ToBase64String(bytes).TrimEnd('='),
            Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_'),
            Uri.EscapeDataString(Secret),
            Uri.EscapeDataString(Secret).Replace("%20", "+", StringComparison.Ordinal),
            Uri.EscapeDataString(Secret).Replace("%2F", "%2f", StringComparison.Ordinal).Replace("%2B", "%2b", StringComparison.Ordinal).Replace("%C3%A4", "%c3%a4", StringComparison.Ordinal),
            JsonSerializer.Serialize(Secret)[1..^1],
        ];

        Assert.All(forms, form => Assert.Matches(@"^a \*\*\*=* b$", s_redaction.Apply($"a {form} b")));
    }

    [Theory]
    [InlineData("user:")]
    [InlineData("me:")]
    [InlineData("root:x:")]
    public void O1_Apply_HidesTheSecretInsideOfABase64Text(string prefix)
    {
        var text = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{prefix}another-one!"));

        var masked = s_redaction.Apply(text);

        Assert.Contains("***", masked, StringComparison.Ordinal);
        Assert.DoesNotContain(Convert.ToBase64String("other-"u8)[..6], masked, StringComparison.Ordinal);
    }

    [Fact]
    public void O1_Apply_AnyTextAroundTheSecret_NeverShowsIt() => Gen.Select(Gen.String[Gen.Char["another-oe *"], 0, 30], Gen.String[Gen.Char["another-oe *"], 0, 30]).Sample(
        (before, after) => Assert.DoesNotContain("another-one", s_redaction.Apply($"{before}another-one{after}"), StringComparison.Ordinal),
        iter: 5_000);

    [Fact]
    public void Apply_OverlappingSecrets_LeavesNoHalf() =>
        Assert.Equal("[***]", new Redaction(["abcdXYZ", "XYZefgh"]).Apply("[abcdXYZefgh]"));

    [Fact]
    public void Apply_SecretWithinASecret_HidesTheLonger() => Assert.Equal("[***]", new Redaction(["abc", "abcdef"]).Apply("[abcdef]"));

    [Fact]
    public void Apply_NoSecret_IsTheSameObject()
    {
        var text = "nothing here";

        Assert.Same(text, s_redaction.Apply(text));
        Assert.Same(text, Redaction.None.Apply(text));
    }

    [Fact]
    public void O1_Apply_SecretAcrossTheCut_ShowsNoHalfOfIt()
    {
        for (var length = 90; length <= 101; length++)
        {
            var shown = new Redaction(["another-one"]).Apply($"{new string('.', length)}another-one{new string('.', 50)}", 100);

            Assert.DoesNotContain('a', shown);
            Assert.InRange(shown.Length, 1, 100);
        }
    }

    [Fact]
    public void Apply_HostileText_TakesLinearTime()
    {
        var redaction = new Redaction([new string('a', 64), new string('a', 63) + "b"]);
        var start = Stopwatch.GetTimestamp();

        redaction.Apply(new string('a', 1 << 16));
        redaction.Apply(string.Concat(Enumerable.Repeat(new string('a', 62) + "c", 1 << 10)));

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("API_KEY", "12345678", true)]
    [InlineData("api_token", "12345678", true)]
    [InlineData("DbPassword", "12345678", true)]
    [InlineData("AWS_CREDENTIALS", "12345678", true)]
    [InlineData("API_KEY", "1234567", false)]
    [InlineData("REGION", "eu-central-1", false)]
    public void Of_Manifest_GuessesByTheName(string name, string value, bool isHidden) => Assert.Equal(isHidden, Hides(name, value));

    [Fact]
    public void Of_Manifest_TakesWhatItMarks()
    {
        Assert.True(Hides("REGION", "eu", "REGION"));
        Assert.False(Hides("REGION", "", "REGION"));
    }

    private static bool Hides(string name, string value, params string[] marked)
    {
        var manifest = new Manifest(new SkillId("a"), "", "/a.wasm")
        {
            Permissions = new PermissionSet { Environment = ImmutableDictionary<string, string>.Empty.Add(name, value) },
            Secrets = [.. marked],
        };
        return Redaction.Of(manifest).Apply($"<{value}>") == "<***>";
    }
}
