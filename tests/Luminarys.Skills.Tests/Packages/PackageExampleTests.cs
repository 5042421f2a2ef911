using Luminarys.Skills.Descriptors;
using Luminarys.Skills.Packages;

namespace Luminarys.Skills.Tests.Packages;

/// <summary>The example of <c>docs/reference/package.md</c>, which was not made by our writer.</summary>
public sealed class PackageExampleTests
{
    [Fact]
    public void Read_ExampleOfTheDocumentation_IsWhatThePageSays()
    {
        var result = SkillPackageReader.Read(ReadExample());

        Assert.Null(result.Fault);
        var package = result.Package!;
        Assert.Equal(("com.example.echo", "1.2.3"), (package.Content.Id.Value, package.Content.Version));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), package.SignedAt);
        Assert.Equal("26d1adc14d92ccbce5ca30454834ef1082829e407da0b25e1c039aa6e088e631", package.Key.Hex);
        Assert.True(DescriptorCodec.TryRead(package.Content.Descriptor, [], out var descriptor, out _));
        Assert.Equal("echo", Assert.Single(descriptor.Methods).Name);
        Assert.Equal(CanonicalDescriptor.Write(descriptor), package.Content.Descriptor.ToArray());
    }

    private static byte[] ReadExample()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "assets", "package.md"));
        var rows = lines.SkipWhile(line => line != "```text").Skip(1).TakeWhile(line => line != "```");
        return Convert.FromHexString(string.Concat(rows.Select(row => row[6..].Replace(" ", "", StringComparison.Ordinal))));
    }
}
