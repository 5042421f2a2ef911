using CsCheck;
using Luminarys.Registry;

namespace Luminarys.Core.Tests.Registry;

public sealed class RegistryVersionTests
{
    // Few values, so that equal epochs and equal revisions are common, and the ends of the range appear.
    private static readonly Gen<ulong> s_number = Gen.OneOf<ulong>(0UL, 1UL, 2UL, long.MaxValue, ulong.MaxValue - 1, ulong.MaxValue);
    private static readonly Gen<RegistryVersion> s_version = Gen.Select(s_number, s_number).Select((epoch, revision) => new RegistryVersion(epoch, revision));

    [Fact]
    public void CompareTo_AnyTwo_ComparesEpochThenRevision() => Gen.Select(s_version, s_version).Sample((left, right) =>
        Math.Sign(left.CompareTo(right)) == Math.Sign((left.Epoch, left.Revision).CompareTo((right.Epoch, right.Revision))));

    [Fact]
    public void Operators_AnyTwo_AgreeWithCompareTo() => Gen.Select(s_version, s_version).Sample((left, right) =>
    {
        var order = left.CompareTo(right);
        return left < right == order < 0
            && left > right == order > 0
            && left <= right == order <= 0
            && left >= right == order >= 0
            && left == right == (order == 0);
    });

    [Fact]
    public void CompareTo_AnyTwo_IsAntisymmetric() => Gen.Select(s_version, s_version).Sample((left, right) =>
        Math.Sign(left.CompareTo(right)) == -Math.Sign(right.CompareTo(left)));

    [Fact]
    public void CompareTo_AnyThree_IsTransitive() => Gen.Select(s_version, s_version, s_version).Sample((a, b, c) =>
        !(a <= b && b <= c) || a <= c);

    [Fact]
    public void CompareTo_NewEpochWithSmallRevision_IsNewer() =>
        Assert.True(new RegistryVersion(2, 0) > new RegistryVersion(1, ulong.MaxValue));

    [Fact]
    public void ToString_AnyVersion_IsEpochDotRevision() => Assert.Equal("3.14", new RegistryVersion(3, 14).ToString());
}
