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
    [InlineData("key a-secret-value!")]
    [InlineData("key YS1zZWNyZXQtdmFsdWU=!")]
    [InlineData("key a%2Dsecret%2Dvalue a-secret-value!")]
    public void O1_Write_Secret_IsMasked(string message)
    {
        Create().Write(LogLevel.Information, "c", message);

        var line = Assert.Single(_lines.Of(3010));
        Assert.Contains("***", line, StringComparison.Ordinal);
        Assert.DoesNotContain("a-secret-value", line, StringComparison.Ordinal);
        Assert.DoesNotContain("YS1z", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_LongLine_EndsAtEightKibibytes()
    {
        Create().Write(LogLevel.Information, "c", new string('x', 1 << 20));

        Assert.Equal(8192, Assert.Single(_lines.Of(3010)).Count(character => character == 'x'));
    }

    private SkillLog Create() => new(
        new Manifest(RuntimeHarness.Id, "", "/a.wasm")
        {
            Permissions = new PermissionSet { Environment = ImmutableDictionary<string, string>.Empty.Add("NAME", "a-secret-value") },
            Secrets = ["NAME"],
        },
        _lines,
        TimeProvider.System,
        skillLines: true);
}
