using System.Text;
using Luminarys.Skills;

namespace Luminarys.Core.Tests.Skills;

public sealed class PackageDigestTests
{
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    public void Of_PublishedVectors_IsSha256InLowerCase(string module, string digest)
    {
        Assert.Equal(digest, PackageDigest.Of(Encoding.ASCII.GetBytes(module)).Hex);
        Assert.Equal(digest, PackageDigest.Of(Encoding.ASCII.GetBytes(module)).ToString());
    }

    [Fact]
    public void Of_OneBitChanged_IsAnotherDigest() => Assert.NotEqual(PackageDigest.Of([1, 2, 3]), PackageDigest.Of([1, 2, 2]));

    [Fact]
    public void Default_AsText_IsEmpty()
    {
        Assert.Equal("", default(PackageDigest).ToString());
        Assert.Equal("", default(PackageId).ToString());
    }
}
