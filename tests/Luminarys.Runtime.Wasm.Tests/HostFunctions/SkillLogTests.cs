using System.Collections.Immutable;
using Luminarys.Manifests;
using Luminarys.Permissions;
using Luminarys.Runtime.Wasm.HostFunctions;
using Microsoft.Extensions.Logging;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions;

public sealed class SkillLogTests
{
    private readonly LogLines _lines = new();

    [Theory]
    [InlineData("a\r\nERROR forged", "a\\r\\nERROR forged")]
    [InlineData("\u001b[2J", "\\e[2J")]
    [InlineData("\u202egpj", "\\u{202e}gpj")]
    public void Write_ControlCharacters_AreMadeVisible(string message, string expected)
    {
        Create().Write(LogLevel.Information, "c", message);

        Assert.EndsWith(expected, Assert.Single(_lines.Of(3010)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("key a-secret-value!", true)]
    [InlineData("key a-secret-value!", false)]
    [InlineData("key YS1zZWNyZXQtdmFsdWU=!", true)]
    [InlineData("key YS1zZWNyZXQtdmFsdWU=!", false)]
    [InlineData("key a%2Dsecret%2Dvalue a-secret-value!", true)]
    public void O1_Write_Secret_IsMaskedUnlessTheDefenceIsOff(string message, bool hides)
    {
        var log = Create(new() { HidesSecrets = hides });
        log.Write(LogLevel.Information, "c", message);
        log.WriteOutput(message);

        Assert.All([Assert.Single(_lines.Of(3010)), Assert.Single(_lines.Of(3011)), log.Mask(message)], line =>
        {
            Assert.Equal(hides, line.Contains("***", StringComparison.Ordinal));
            Assert.Equal(!hides, line.Contains(message[4..], StringComparison.Ordinal));
            Assert.False(hides && line.Contains("a-secret-value", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData(true, 100)]
    [InlineData(false, 250)]
    public void S9_Write_FloodOfLines_IsCutUnlessTheDefenceIsOff(bool bounds, int lines)
    {
        var log = Create(new() { BoundsLines = bounds });
        for (var i = 0; i < 250; i++)
        {
            log.Write(LogLevel.Information, "c", "x");
        }

        Assert.Equal(lines, _lines.Of(3010).Count);
    }

    [Fact]
    public void Write_LongLine_EndsAtEightKibibytes()
    {
        Create().Write(LogLevel.Information, "c", new string('x', 1 << 20));

        Assert.Equal(8192, Assert.Single(_lines.Of(3010)).Count(character => character == 'x'));
    }

    private SkillLog Create(LogDefences? defences = null) => new(
        new Manifest(RuntimeHarness.Id, "", "/a.wasm")
        {
            Permissions = new PermissionSet { Environment = ImmutableDictionary<string, string>.Empty.Add("NAME", "a-secret-value") },
            Secrets = ["NAME"],
        },
        _lines,
        new ManualClock(),
        skillLines: true,
        defences ?? LogDefences.All);
}
