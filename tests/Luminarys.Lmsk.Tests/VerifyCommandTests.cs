using Luminarys.Skills;
using Luminarys.Skills.Descriptors;

namespace Luminarys.Lmsk.Tests;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task Verify_AnyChangedByte_IsRefused()
    {
        using var bench = new Workbench();
        var package = Packages.Of(Modules.Echo, [0, 1, 2, 3]);

        // One in seven: the reader's own tests change each.
        for (var i = 0; i < package.Length; i += 7)
        {
            package[i] ^= 1;
            await bench.RefuseAsync("verify", bench.Write("echo.skill", package));
            package[i] ^= 1;
        }

        await bench.DoAsync("verify", bench.Write("echo.skill", package));
    }

    [Fact]
    public async Task Verify_HeaderThatNamesAnotherPackage_IsRefused()
    {
        using var bench = new Workbench();
        var package = Packages.Of(new(new PackageId("com.example.other"), "1.2.3", CanonicalDescriptor.Write(Modules.Echo), new byte[] { 1 }));

        Assert.Contains("name different packages", await bench.RefuseAsync("verify", bench.Write("echo.skill", package)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_DescriptorThatIsNone_IsRefused()
    {
        using var bench = new Workbench();
        var package = Packages.Of(new(new PackageId("com.example.echo"), "1.2.3", new byte[] { 0xc1 }, new byte[] { 1 }));

        Assert.Contains("its descriptor is malformed", await bench.RefuseAsync("verify", bench.Write("echo.skill", package)), StringComparison.Ordinal);
    }
}
